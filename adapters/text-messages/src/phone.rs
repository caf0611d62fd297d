//! The demonstration's phone: text messages are caught instead of sent.

use std::sync::Arc;

use application::ports::clock::{Clock, Random};
use application::ports::demonstration::{CaughtMessage, CaughtMessages};
use application::ports::text_messages::{TextMessage, TextMessageError, TextMessages};
use async_trait::async_trait;
use domain::person::{Language, Telephone};

use crate::texts;

/// Catches text messages.
pub struct Phone {
    /// Into which box.
    pub caught: Arc<dyn CaughtMessages>,
    /// By whose time.
    pub clock: Arc<dyn Clock>,
    /// Names the messages.
    pub random: Arc<dyn Random>,
}

/// What the phone shows: both languages, the recipient's first.
fn words(language: Language, message: &TextMessage) -> String {
    let TextMessage::AccessCode { code, hours } = message;
    let in_language = |language| {
        let words = match language {
            Language::French => texts::french(),
            Language::English => texts::english(),
        };
        words.access_code(code.reveal(), *hours)
    };
    format!(
        "{}\n{}",
        in_language(language),
        in_language(language.other())
    )
}

#[async_trait]
impl TextMessages for Phone {
    async fn send(
        &self,
        to: &Telephone,
        language: Language,
        message: &TextMessage,
    ) -> Result<(), TextMessageError> {
        let now = self.clock.now();
        let caught = CaughtMessage {
            to: to.as_str().to_owned(),
            subject: String::new(),
            body: words(language, message),
            sent_at: now,
        };
        self.caught
            .catch(self.random.uuid(now), &caught)
            .await
            .map_err(|error| TextMessageError::Unavailable(Box::new(error)))
    }
}
