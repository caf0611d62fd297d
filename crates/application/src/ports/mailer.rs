//! Sends notices (MAIL-1, MAIL-3). The adapter has the words.

use async_trait::async_trait;
use domain::notice::Notice;
use time::OffsetDateTime;

/// Why a notice was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The mail server refused it for good, such as an address that does not exist.
    #[error("the mail server refused the notice for good")]
    RefusedForGood(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It may go through later.
    #[error("the notice could not be handed over now")]
    TryLater(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Hands notices to a mail server.
#[async_trait]
pub trait Mailer: Send + Sync {
    /// Hands over one notice, written in both languages, the recipient's first. MUST give every try of one notice the same Message-ID, and
    /// MUST return within a bounded time. `now` is the mail's date.
    async fn send(&self, notice: &Notice, now: OffsetDateTime) -> Result<(), MailError>;
}
