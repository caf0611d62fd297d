//! Jobs that meet what is not as it should be: a record that makes no sense, a store that does not answer. The rest of their work is done.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod faults;
mod purging;
mod site;
