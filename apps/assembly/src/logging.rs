//! The log, on standard error: lines for a person, or a JSON object each for a service that collects them. Every line of a request has its
//! number, and every line about an error what it goes back to.

use std::error::Error;
use std::fmt::Debug;
use std::io::IsTerminal;
use std::iter::successors;
use std::panic::PanicHookInfo;

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::filter::FilterExt;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields, MakeWriter};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
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
        let log = match self {
            Self::ForPeople => fmt::layer()
                .with_ansi(std::io::stderr().is_terminal())
                .with_writer(std::io::stderr)
                .boxed(),
            Self::ForMachines => for_machines(std::io::stderr).boxed(),
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

/// A JSON object per line.
fn for_machines<S, W>(to: W) -> impl Layer<S> + Send + Sync
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let json = fmt::layer().json().with_writer(to);
    let flat = json.flatten_event(true).with_span_list(false);
    flat.map_event_format(WithCauses)
}

/// What an error goes back to, the nearest first.
pub fn causes<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a dyn Error> {
    let causes = successors(error.source(), |cause| (*cause).source());
    causes.map(|cause| cause as &dyn Error)
}

/// Lines that say `because` what errors in them go back to: the format of JSON itself has the last words of an error and nothing before.
struct WithCauses<F>(F);

impl<S, N, F> FormatEvent<S, N> for WithCauses<F>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
    F: FormatEvent<S, N>,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> std::fmt::Result {
        let mut found = Causes::default();
        event.record(&mut found);
        if found.0.is_empty() {
            return self.0.format_event(context, writer, event);
        }
        let mut line = String::new();
        self.0
            .format_event(context, Writer::new(&mut line), event)?;
        let because = serde_json::to_string(&found.0).map_err(|_| std::fmt::Error)?;
        match line.trim_end().strip_suffix('}') {
            Some(object) => writeln!(writer, "{object},\"because\":{because}}}"),
            None => writer.write_str(&line),
        }
    }
}

/// The causes of the errors of a line.
#[derive(Default)]
struct Causes(Vec<String>);

impl Visit for Causes {
    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}

    fn record_error(&mut self, _: &Field, error: &(dyn Error + 'static)) {
        let told = causes(error).map(|cause| without_addresses(&cause.to_string()));
        self.0.extend(told);
    }
}

/// Errors of ours name nobody. One of another's code may repeat an address that it was given, and the log is no place for it.
fn without_addresses(text: &str) -> String {
    let words = text.split_inclusive(char::is_whitespace);
    words.fold(String::new(), |mut told, word| {
        if word.contains('@') {
            let after = word.trim_end().len();
            told.push('…');
            told.push_str(&word[after..]);
        } else {
            told.push_str(word);
        }
        told
    })
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use serde_json::{Value, json};
    use tracing::subscriber::with_default;

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[derive(Debug, thiserror::Error)]
    #[error("{0}")]
    struct Because(&'static str, #[source] Option<Box<Self>>);

    /// The lines that are told, as a service reads them.
    fn told(tell: impl FnOnce()) -> Vec<Value> {
        let lines = Lines::default();
        let to = lines.clone();
        let log = registry().with(for_machines(move || to.clone()));
        with_default(log, tell);
        let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
        let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
        lines.collect()
    }

    /// A line about an error says what it goes back to, to the end; one about none is as it was.
    #[test]
    fn a_line_names_the_causes_of_its_error() {
        let disk = Because("no space left on \"sda\"", None);
        let database = Because("the database is full", Some(Box::new(disk)));
        let error = Because("storage does not work", Some(Box::new(database)));
        let lines = told(|| {
            tracing::error!(job = "purge", error = &error as &dyn Error, "a job failed");
            tracing::info!(status = 200, "answered");
        });
        let [failed, answered] = &lines[..] else {
            unreachable!("two lines: {lines:?}")
        };
        assert_eq!(failed["error"], "storage does not work");
        assert_eq!(failed["job"], "purge");
        let because = json!(["the database is full", "no space left on \"sda\""]);
        assert_eq!(failed["because"], because);
        assert_eq!(answered["status"], 200);
        assert_eq!(answered.get("because"), None);
    }

    /// PRIV-1: whatever others say of a failure, no address is in the log.
    #[test]
    fn no_cause_names_an_address() {
        let server = Because("550 <ada@example.test>: unknown\nuser", None);
        let error = Because("it was refused", Some(Box::new(server)));
        let lines = told(|| tracing::warn!(error = &error as &dyn Error, "not sent"));
        assert_eq!(lines[0]["because"], json!(["550 … unknown\nuser"]));
    }
}
