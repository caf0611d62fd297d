//! The relying party, against a certified provider and against one that lies.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail"
)]

mod certified;
mod discovery;
mod farewell;
mod logout;
mod made_provider;
mod mix_up;
mod npm_provider;
mod portal;
mod proof;
mod settings;
mod signing;
mod strength;
mod times;
mod tokens;
mod visitor;
