//! The key in a page's forms: what is sent twice from one page, by a second click or again after a broken connection, is done once.

use application::once::OF_A_PAGE;

use crate::problem::{Kind, Problem};

/// The idempotency key of one act of a page: a page may have several, of which each is another request. `None` for a form without a key.
pub(super) fn of_act(key: &str, act: &str) -> Option<String> {
    (!key.is_empty()).then(|| format!("{OF_A_PAGE}{key} {act}"))
}

/// As whoever sent a form is told it: they know of no key. Where something else was sent from the page before, which a browser had kept, the
/// page comes back with a new key, and lets it go.
pub(super) fn on_page(problem: Problem) -> Problem {
    if problem.kind() == Kind::IdempotencyKeyReused {
        Kind::FormSentBefore.into()
    } else {
        problem
    }
}
