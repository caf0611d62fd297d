//! Sends notices: the words in both languages, SMTP, and the demonstration's mailbox. Decides nothing.

mod conversation;
mod mailbox;
mod message;
mod smtp;
mod texts;

pub use mailbox::Mailbox;
pub use message::{Letterhead, can_send_from};
pub use smtp::{Encryption, SmtpMailer, SmtpSettings};
