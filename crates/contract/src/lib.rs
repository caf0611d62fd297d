//! Placeholder head.
pub mod documents;
