//! The log, on standard error: lines for a person, or a JSON object each for a service that collects them. Every line of a request has its
//! number.

use std::panic::PanicHookInfo;

use tracing_subscriber::filter::FilterExt;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::traces;

/// For whom the log is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// Somebody at a terminal: what goes wrong.
    ForPeople,
    /// A service: what goes wrong, and one line of `access` for each request.
    ForMachines,
}

impl Log {
    /// What is told unless `RUST_LOG` says otherwise.
    const fn filter(self) -> &'static str {
        match self {
            Self::ForPeople => "warn",
            Self::ForMachines => "warn,access=info,assembly=info,listener=info,portal=info",
        }
    }

    /// Begins it.
    pub fn begin(self) {
        let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| self.filter().into());
        let log = fmt::layer().with_writer(std::io::stderr);
        let log = match self {
            Self::ForPeople => log.boxed(),
            Self::ForMachines => log.json().flatten_event(true).with_span_list(false).boxed(),
        };
        registry()
            .with(log.with_filter(filter.and(traces::are_left_out())))
            .with(traces::layer())
            .init();
        std::panic::set_hook(Box::new(tell_of_panic));
    }
}

/// What a panic says may be about somebody: it is told where it was, and in its own words only if they are the program's.
fn tell_of_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string);
    let words = panic.payload().downcast_ref::<&'static str>();
    tracing::error!(place, words, "a panic");
}
