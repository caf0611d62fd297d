//! The words of `verify-receipt`, made from `texts/` when the crate is built.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
