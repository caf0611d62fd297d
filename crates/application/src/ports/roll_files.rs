//! Where the orders' rolls come from: a file per order, as the order publishes it.

use async_trait::async_trait;
use domain::code::Code;
use domain::membership::{Order, RollEntry};

/// What is wrong with a line of a roll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// Which line, counted from 1.
    pub line: u64,
    /// What is wrong, and what is expected. Names no person.
    pub what: String,
}

/// Why a roll cannot be taken.
#[derive(Debug, thiserror::Error)]
pub enum RollError {
    /// Some lines are wrong; nothing of the file may be used.
    #[error("{} lines of the roll are wrong", .0.len())]
    Lines(Vec<LineProblem>),
    /// The file cannot be read.
    #[error("the roll cannot be read")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// The files.
#[async_trait]
pub trait RollFiles: Send + Sync {
    /// An order's roll, or `None` when there is no file for it.
    async fn read(&self, order: &Code<Order>) -> Result<Option<Vec<RollEntry>>, RollError>;
}
