//! The demonstration's mailbox: notices are caught instead of sent.

use std::sync::Arc;

use application::ports::demonstration::{CaughtMessage, CaughtMessages};
use application::ports::mailer::{MailError, Mailer};
use async_trait::async_trait;
use domain::notice::Notice;
use time::OffsetDateTime;

use crate::message::{Letterhead, subject_of};

/// Catches notices.
pub struct Mailbox {
    caught: Arc<dyn CaughtMessages>,
    letterhead: Letterhead,
}

impl Mailbox {
    /// Catches into that box.
    pub fn new(caught: Arc<dyn CaughtMessages>, letterhead: Letterhead) -> Self {
        Self { caught, letterhead }
    }
}

#[async_trait]
impl Mailer for Mailbox {
    async fn send(&self, notice: &Notice, now: OffsetDateTime) -> Result<(), MailError> {
        let message = CaughtMessage {
            to: notice.to.email.as_str().to_owned(),
            subject: subject_of(notice),
            body: self.letterhead.text(notice),
            sent_at: now,
        };
        self.caught
            .catch(notice.id.uuid(), &message)
            .await
            .map_err(|error| MailError::TryLater(Box::new(error)))
    }
}
