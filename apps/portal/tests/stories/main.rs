//! Whole stories over HTTP against the demonstration as people start it: the real program, a real database, real files.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "these are tests, though not all are marked as such"
)]

mod correspondence;
mod delegation;
mod demonstration;
mod documents;
mod doors;
mod drafts;
mod exports;
mod faults;
mod feed;
mod forms;
mod hostile;
mod new_log;
mod others;
mod own_forms;
mod own_sessions;
mod portal;
mod profile;
mod receipts;
mod registration;
mod repeats;
mod retention;
mod sealed;
mod service_records;
mod sessions;
mod single_sign_out;
mod slow;
mod theirs;
mod undelivered;
mod uploads;
mod viruses;
