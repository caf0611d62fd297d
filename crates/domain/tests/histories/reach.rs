//! Which situations a history gets into, so that a test can see that random histories are not all about nothing.

use std::collections::BTreeSet;

use crate::model::Model;
use crate::records::{DAY, HOUR};
use crate::step::Fact;

/// What histories must get into, by name.
pub const SITUATIONS: &[&str] = &[
    "WrongCode { tries_left: 4 }",
    "WrongCode { tries_left: 3 }",
    "WrongCode { tries_left: 2 }",
    "WrongCode { tries_left: 1 }",
    "Shut(\"blocked\")",
    "Shut(\"no-account\")",
    "Shut(\"no-access\")",
    "Shut(\"not-for-delegates\")",
    "Shut(\"counsel-not-standing\")",
    "NotInGoodStanding",
    "CodeExpired",
    "AlreadyDelegate",
    "NoPlaceLeft",
    "NotOpen",
    "WrongAnswer",
    "Oneself",
    "ActsAlready",
    "HasAccount",
    "NotAccepted",
    "Lapsed",
    "Ended",
    "OverAlready",
    "a code is usable",
    "a code is expired",
    "a code is voided",
    "a code is used",
    "a delegation is invited",
    "a delegation is active",
    "a delegation is renewal-due",
    "a delegation is expired",
    "a delegation is lapsed",
    "a delegation is ended",
    "four places are held",
    "a delegate sees a case",
    "a counsel is a delegate",
    "a delegation runs and opens nothing",
    "the last second of a code",
    "the first second without a code",
    "the last second of an invitation",
    "the first second without an invitation",
    "the last second of 50 days",
    "the first second after 50 days",
    "the last second of 60 days",
    "the first second after 60 days",
    "the last second of 70 days",
    "the first second after 70 days",
];

/// What the history has got into with its last step.
pub fn situations(model: &Model) -> BTreeSet<String> {
    let refusals = model.answers.iter().filter_map(|answer| answer.err());
    let mut all: BTreeSet<String> = refusals.map(|why| format!("{why:?}")).collect();
    let seen = model.seen();
    for fact in &seen {
        match fact {
            Fact::Code { state, .. } => all.insert(format!("a code is {state}")),
            Fact::Delegation { state, .. } => all.insert(format!("a delegation is {state}")),
            Fact::Account { places: 4, .. } => all.insert("four places are held".into()),
            Fact::ActsFor { account, counsel } if account != counsel => {
                let is_counsel = model.accounts.get(*account).is_some_and(|one| one.counsel);
                is_counsel && all.insert("a counsel is a delegate".into())
            }
            Fact::Sees {
                person, counsel, ..
            } => {
                let opens = model.people.get(*person).and_then(|one| one.opens);
                opens != Some(*counsel) && all.insert("a delegate sees a case".into())
            }
            _ => false,
        };
    }
    for one in &model.delegations {
        let acts = |account| {
            let counsel = one.counsel;
            seen.contains(&Fact::ActsFor { account, counsel })
        };
        if one.state(model.now) == "active" && one.running.is_some_and(|(who, _)| !acts(who)) {
            all.insert("a delegation runs and opens nothing".into());
        }
    }
    all.extend(seconds_that_count(model));
    all
}

fn seconds_that_count(model: &Model) -> impl Iterator<Item = String> {
    let code = ["of a code", "without a code"];
    let invitation = ["of an invitation", "without an invitation"];
    let codes = model
        .codes
        .iter()
        .map(move |one| (code, one.issued + 24 * HOUR));
    let invitations = model
        .delegations
        .iter()
        .map(move |one| (invitation, one.invited + 10 * DAY));
    let around = codes
        .chain(invitations)
        .map(|([before, from], at)| (before.to_owned(), from.to_owned(), at));
    let terms = model.delegations.iter().filter_map(|one| one.running);
    let days = terms.flat_map(|(_, began)| {
        [50, 60, 70].map(|days| {
            let (before, from) = (format!("of {days} days"), format!("after {days} days"));
            (before, from, began + days * DAY)
        })
    });
    around
        .chain(days)
        .filter_map(|(before, from, at)| match model.now - at {
            -1 => Some(format!("the last second {before}")),
            0 => Some(format!("the first second {from}")),
            _ => None,
        })
}
