//! What nobody can plan for: the portal and its workers are killed (`SIGKILL`) at moments that chance chooses, again and again, as
//! production runs them, on SQLite and on PostgreSQL. Nothing that somebody was told may be lost, and nothing may happen twice.
//! A few rounds each; `cargo xtask endure` goes on for 200.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "these are tests of processes outside, which take real time"
)]

mod chance;
mod figures;
mod files;
mod installation;
mod killed_portal;
mod killed_worker;
mod mail_away;
mod mail_server;
mod many_machines;
mod one_key;
mod told;
