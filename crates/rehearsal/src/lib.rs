//! What tests of whole programs stand on: a configuration as production has it, a real mail server and a real object store, each of which
//! can be told to fail. Knows nothing of this workspace; no program depends on it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    reason = "these are parts of tests, though not marked as such"
)]

mod bucket;
mod configuration;
mod database;
mod mail_server;

pub use crate::bucket::{Bucket, Mood};
pub use crate::configuration::Written;
pub use crate::database::postgres;
pub use crate::mail_server::{Lines, MailServer};
