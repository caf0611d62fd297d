//! Jobs that meet what is not as it should be: a record that makes no sense, a store that does not answer, another job that stands still, of
//! which the rest of their work is done; a clock that is wrong, by which nothing is removed; a request that comes twice at once; and one that is cut off in the middle.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "these are tests, though not all are marked as such, and some wait for what goes on beside them"
)]

mod clocks;
mod codes;
mod deadlines;
mod examining;
mod faults;
mod overtaking;
mod purging;
mod receiving;
mod rotating;
mod scheduling;
mod sealing;
mod sending;
mod sessions;
mod site;
mod sorting;
mod submitting;
mod telling;
mod tidying;
