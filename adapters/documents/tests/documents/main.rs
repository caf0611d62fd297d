//! The stores of documents against real file systems and a real S3-speaking server.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod bucket;
mod contract;
mod folder;
mod sealed;
mod support;
