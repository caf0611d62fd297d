//! What a list leaves out because it makes no sense: it is told as an error, by its identifier, and the others are gone on with.

use crate::ports::records::{Legible, Unreadable};

/// Tells of a record that is passed over: somebody must look at it.
pub(crate) fn tell(unreadable: &Unreadable) {
    let Unreadable { id, why } = unreadable;
    tracing::error!(
        %id, error = why as &dyn std::error::Error,
        "a record makes no sense and is passed over"
    );
}

/// Those that make sense, and how many do not; those are told.
pub(crate) fn legible<T>(found: Vec<Legible<T>>) -> (Vec<T>, u64) {
    let mut unreadable = 0;
    let found = found.into_iter().filter_map(|one| {
        one.inspect_err(|passed_over| {
            tell(passed_over);
            unreadable += 1;
        })
        .ok()
    });
    (found.collect(), unreadable)
}
