//! Text messages (REG-2). A message is handed over while somebody waits: the code in it is never stored, so there is nothing to retry from.

use async_trait::async_trait;
use domain::access_code::AccessCode;
use domain::person::{Language, Telephone};

/// What is said in a text message. None names a party, a file or anything of a proceeding (MAIL-1).
#[derive(Debug, Clone)]
pub enum TextMessage {
    /// An access code and how long it is good for.
    AccessCode {
        /// The code in clear.
        code: AccessCode,
        /// Hours until it expires.
        hours: i64,
    },
}

/// Why a message was not handed over.
#[derive(Debug, thiserror::Error)]
pub enum TextMessageError {
    /// The gateway refuses the number or the message for good.
    #[error("the text message gateway refused the message")]
    Refused(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The gateway does not answer, or asks to come back.
    #[error("the text message gateway does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Hands text messages to a gateway.
#[async_trait]
pub trait TextMessages: Send + Sync {
    /// Hands one over. MUST return within a bounded time.
    async fn send(
        &self,
        to: &Telephone,
        language: Language,
        message: &TextMessage,
    ) -> Result<(), TextMessageError>;
}
