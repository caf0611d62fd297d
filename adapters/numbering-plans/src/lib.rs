//! The world's telephone numbering plans, from the metadata that is built into the program. Answers whether a number can exist; what
//! follows from it is for others to say (FORM-1).

use domain::numbering::NumberingPlans;
use domain::person::Telephone;

/// The plans of this build.
#[derive(Debug, Clone, Copy, Default)]
pub struct BuiltInPlans;

impl NumberingPlans for BuiltInPlans {
    fn allow(&self, number: &Telephone) -> bool {
        phonenumber::parse(None, number.as_str()).is_ok_and(|number| number.is_valid())
    }
}

#[cfg(test)]
mod tests {
    use super::BuiltInPlans;
    use domain::numbering::NumberingPlans;
    use domain::person::Telephone;

    fn allowed(text: &str) -> bool {
        BuiltInPlans.allow(&Telephone::parse(text).unwrap())
    }

    /// FORM-1: numbers of every Canadian kind, and of other countries, can exist.
    #[test]
    fn numbers_that_can_exist_are_allowed() {
        for text in [
            "514 555-0123",
            "613 555-0100",
            "867 555-0142",
            "1 833 777-2433",
            "+1 212 555 1234",
            "+33 1 44 55 66 77",
            "+44 20 7946 0000",
            "+52 55 5555 5555",
        ] {
            assert!(allowed(text), "{text}");
        }
    }

    /// FORM-1: an area code that nobody has, a digit too few and a country that is none are refused.
    #[test]
    fn numbers_that_cannot_exist_are_refused() {
        for text in [
            "999 555-0123",
            "514 123-4567",
            "+33 1 44 55 66 777",
            "+33 1 44 55 66 7",
            "+999 1234 5678",
        ] {
            assert!(!allowed(text), "{text}");
        }
    }
}
