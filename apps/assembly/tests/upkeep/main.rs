//! Jobs that meet what is not as it should be: a record that makes no sense, a store that does not answer, of which the rest of their work
//! is done; and a clock that is wrong, by which nothing is removed.
#![expect(
    clippy::unwrap_used,
    reason = "these are tests, though not all are marked as such"
)]

mod clocks;
mod faults;
mod purging;
mod site;
mod telling;
