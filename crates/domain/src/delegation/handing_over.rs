//! What becomes of a person's delegations when they have another account from then on (REG-4).

use std::collections::BTreeSet;

use super::{Delegation, Running};
use crate::account::AccountId;
use crate::policy::Permit;
use crate::terms::Terms;

/// What changes by it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandedOver {
    /// The delegations that are otherwise than before.
    pub changed: Vec<Delegation>,
    /// The counsel who lend their cases to another account from then on.
    pub counsel: BTreeSet<AccountId>,
}

/// Hands over what was `theirs`, a former account's, to the account `to`, which had those `beside` before. One counsel lends one person their
/// cases once, and ends it once (DEL-1, DEL-3): of two delegations of a counsel that hold a place, the one that ends later goes on, and the
/// other ends. Nobody is their own delegate.
pub fn handed_over(
    permit: &Permit,
    theirs: &[Delegation],
    beside: &[Delegation],
    to: AccountId,
    terms: &Terms,
) -> HandedOver {
    let holds = |one: &Delegation| one.state(permit.at(), terms).holds_a_place();
    let all = || theirs.iter().chain(beside);
    // Of two that end together, the one that the account has already.
    let goes_on = |one: &Delegation| {
        let of_counsel = all().filter(|other| other.counsel == one.counsel && holds(other));
        let longest = of_counsel.max_by_key(|other| other.ends_at(terms));
        longest.is_some_and(|longest| longest.id == one.id)
    };
    let after = |one: &Delegation| {
        let is_own = one.counsel == to;
        let ends = holds(one) && (is_own || !goes_on(one));
        let handed = one.running.map(|running| Running {
            delegate: to,
            ..running
        });
        Delegation {
            running: if is_own { one.running } else { handed },
            ended_at: ends.then(|| permit.at()).or(one.ended_at),
            ..one.clone()
        }
    };
    let told = theirs.iter().filter(|one| holds(one) && one.counsel != to);
    HandedOver {
        changed: all()
            .filter_map(|one| Some(after(one)).filter(|after| after != one))
            .collect(),
        counsel: told.map(|one| one.counsel).collect(),
    }
}
