//! The portal as it stands before a tribunal's network: the real program by its configuration, asked by sockets and clients that may be slow,
//! forged or too large, on a database that may be away.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "these are tests, though not all are marked as such"
)]

mod bucket;
mod database;
mod disk;
mod limits;
mod numbers;
mod proxies;
mod served;
mod stopping;
#[cfg(feature = "traces")]
mod traces;
