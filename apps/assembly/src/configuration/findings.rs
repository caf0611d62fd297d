//! What is found wrong with values that have the right shape, while they become what the program works with.

use std::fmt;

use super::layers::Layers;
use super::problem::{At, Problem};

/// Problems so far, and the sources to tell with the next.
pub(super) struct Findings<'a> {
    layers: &'a Layers,
    problems: Vec<Problem>,
}

impl<'a> Findings<'a> {
    /// Nothing found yet.
    pub(super) const fn new(layers: &'a Layers) -> Self {
        Self {
            layers,
            problems: Vec::new(),
        }
    }

    /// Something is wrong with the value there.
    pub(super) fn tell(&mut self, at: &At, what: impl fmt::Display) {
        let source = self.layers.source_at(at);
        self.problems
            .push(Problem::new(at, source.as_deref(), what.to_string()));
    }

    /// Something is wrong because there is no value there.
    pub(super) fn tell_missing(&mut self, at: &At, what: impl fmt::Display) {
        self.problems.push(Problem::new(at, None, what.to_string()));
    }

    /// The value, or nothing after telling why it cannot be used.
    pub(super) fn take<T, E: fmt::Display>(&mut self, at: &At, value: Result<T, E>) -> Option<T> {
        value.map_err(|why| self.tell(at, why)).ok()
    }

    /// Where another value comes from, in brackets to follow it.
    pub(super) fn source_of(&self, at: &At) -> String {
        let source = self.layers.source_at(at);
        source.map_or_else(String::new, |source| format!(" ({source})"))
    }

    /// Everything that was found.
    pub(super) fn all(self) -> Vec<Problem> {
        self.problems
    }
}
