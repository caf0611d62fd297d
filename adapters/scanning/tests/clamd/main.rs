//! Viruses are looked for by a real clamd, and nothing else than its exact word lets a file pass (SUB-1).
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "these are tests, though not all are marked as such"
)]

mod daemon;
mod faults;
mod real;
