//! Every port's promises, as tests that any adapter runs: plain async functions named as sentences, and one macro per port that turns the
//! list into tests. A promise that is added here is kept by every adapter or fails in each.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "these are tests, though not marked as such"
)]

pub mod cases;
pub mod documents;
pub mod forms;
pub mod given_up;
pub mod inbox;
pub mod log;
pub mod mailers;
pub mod outbox;
pub mod put_off;
pub mod registration;
pub mod retention;
pub mod samples;
pub mod sessions;
pub mod side;
pub mod storage;
pub mod uploads;
