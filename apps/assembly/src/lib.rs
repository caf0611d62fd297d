//! The shared wiring of the two apps: configuration becomes adapters, adapters become the application. The only crate that names every
//! adapter, and the only one that reads the system's clock and randomness.

mod allocator;
pub mod answers;
pub mod backup;
pub mod chance;
pub mod clock;
pub mod configuration;
pub mod demonstration;
pub mod inspection;
pub mod jobs;
pub mod keys;
pub mod logging;
pub mod metrics;
mod no_services;
pub mod print;
pub mod reference;
pub mod schedule;
pub mod server;
pub mod signer;
pub mod traces;
mod wiring;

pub use wiring::{
    Assembled, Demonstrated, WiringError, at_instant, believing_itself, demonstrate,
    demonstration_in, serve_with,
};
