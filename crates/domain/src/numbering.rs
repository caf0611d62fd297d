//! Whether a telephone number can exist. What each country's numbering plan allows comes in through [`NumberingPlans`], which an adapter
//! fills (FORM-1).

use crate::person::Telephone;

/// What the numbering plans of the world allow. Pure: the same question has the same answer.
pub trait NumberingPlans: Send + Sync {
    /// Whether the plan of the number's country has room for it. Not whether anybody answers.
    fn allow(&self, number: &Telephone) -> bool;
}
