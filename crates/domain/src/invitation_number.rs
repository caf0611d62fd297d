//! The number by which an invited person finds their invitation, where no sign-in service says their e-mail address (DEL-2). It is in the
//! invitation's e-mail. A name, not a secret: what opens the door are the answers.

use std::fmt;

use crate::delegation::DelegationId;
use crate::readable_code::{self, NotReadable};

/// Nine symbols and a check character, shown as `XXXX-XXXX-XX`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct InvitationNumber(String);

/// Symbols, the check character included.
const LENGTH: usize = 10;

impl InvitationNumber {
    /// The number of an invitation. It is made of the random half of the identifier, so that nobody comes from one to the next.
    pub fn of(id: DelegationId) -> Self {
        let mut random = [0; 32];
        let bytes = id.uuid().into_bytes();
        for (to, from) in random.iter_mut().skip(8).zip(bytes.iter().skip(8)) {
            *to = *from;
        }
        Self(readable_code::grouped(&readable_code::from_random(
            random, LENGTH,
        )))
    }

    /// Reads what a person typed.
    ///
    /// # Errors
    /// [`NotReadable`] says whether length, symbol or check character is wrong.
    pub fn parse(text: &str) -> Result<Self, NotReadable> {
        readable_code::parse(text, LENGTH).map(|code| Self(readable_code::grouped(&code)))
    }

    /// As shown: `XXXX-XXXX-XX`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InvitationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::InvitationNumber;
    use crate::id::Id;

    /// DEL-2: a number is read as it is shown, with small letters and without hyphens too; two that follow each other have nothing in common.
    #[test]
    fn a_number_is_read_as_it_is_shown() {
        let number = |random: u128| InvitationNumber::of(Id::new(Uuid::from_u128(random)));
        let one = number(0x0190_0000_0000_7000_8123_4567_89ab_cdef);
        assert_eq!(one.as_str().len(), 12);
        let typed = one.as_str().to_lowercase().replace('-', " ");
        assert_eq!(InvitationNumber::parse(&typed), Ok(one.clone()));
        assert_ne!(one, number(0x0190_0000_0000_7000_9123_4567_89ab_cdef));
    }
}
