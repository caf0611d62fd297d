//! The notices as their readers get them: what is said, what is on the wire to a real mail server, and what that server may do.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "these are tests, though not all are marked as such"
)]

mod contract;
mod handing_over;
mod hostile;
mod letterhead;
mod mailbox;
mod protection;
mod server;
mod settings;
mod wire;
mod words;
