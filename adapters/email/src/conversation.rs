//! One conversation with a mail server, to hand over one message. It goes step by step, because what a refusal means depends on the
//! step: only some are about the message, and most are about the portal (MAIL-3).

use std::fmt;
use std::time::Duration;

use lettre::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Category, Code, Response, Severity};

/// A mail server, and how to be let in.
pub(crate) struct MailServer {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) protection: Protection,
    pub(crate) credentials: Option<Credentials>,
    /// For a whole conversation.
    pub(crate) timeout: Duration,
}

/// How the connection is protected, with what that needs.
pub(crate) enum Protection {
    None,
    Tls(TlsParameters),
    StartTls(TlsParameters),
}

/// How far a conversation had come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Greeting,
    Encryption,
    SigningIn,
    Sender,
    Recipient,
    Announcement,
    Text,
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Greeting => "the greeting",
            Self::Encryption => "STARTTLS",
            Self::SigningIn => "AUTH",
            Self::Sender => "MAIL FROM",
            Self::Recipient => "RCPT TO",
            Self::Announcement => "DATA",
            Self::Text => "the message",
        })
    }
}

/// Why a message was not handed over. Nothing that the server said is in it but its code: servers repeat addresses, and this is logged.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NotTaken {
    /// The server's own no.
    #[error("the mail server answered {step} with {code}")]
    Refused { step: Step, code: Code },
    /// The server says what is not SMTP, or hangs up without an answer.
    #[error("the mail server gave {step} no answer that could be understood")]
    NotUnderstood { step: Step },
    /// The connection was not made or did not last, or server and portal cannot agree on how to talk.
    #[error("the conversation with the mail server broke off at {step}")]
    BrokenOff {
        step: Step,
        #[source]
        source: Error,
    },
    /// The recipient's address is beyond ASCII before the `@`, and the server takes no such addresses.
    #[error("the mail server takes no address beyond ASCII")]
    BeyondAscii,
    /// The time is up.
    #[error("the mail server did not answer in time")]
    TooLong,
}

impl NotTaken {
    /// Whether another try would be refused too. True only where the server objects to the recipient or to the text; never where it
    /// does not let the portal in, which the operators mend.
    pub(crate) fn is_for_good(&self) -> bool {
        match self {
            Self::BeyondAscii => true,
            Self::Refused {
                step: Step::Recipient | Step::Text,
                code,
            } => {
                let not_let_in = code.category == Category::Unspecified3;
                let bad_sequence = u16::from(*code) == 503;
                code.severity == Severity::PermanentNegativeCompletion
                    && !not_let_in
                    && !bad_sequence
            }
            _ => false,
        }
    }
}

/// Sorts what the library says of a failed step.
fn at(step: Step) -> impl Fn(Error) -> NotTaken {
    move |error| match error.status() {
        Some(code) => NotTaken::Refused { step, code },
        None if error.is_response() => NotTaken::NotUnderstood { step },
        None => NotTaken::BrokenOff {
            step,
            source: error,
        },
    }
}

/// Only that kind of yes will do at that step.
fn expect(step: Step, yes: Severity, response: &Response) -> Result<(), NotTaken> {
    let code = response.code();
    if code.severity == yes {
        Ok(())
    } else {
        Err(NotTaken::Refused { step, code })
    }
}

impl MailServer {
    /// Hands over one message, in the time that the settings give. What the server has taken is handed over, even if it then fails to
    /// take its leave.
    pub(crate) async fn take(&self, message: &Message) -> Result<(), NotTaken> {
        let mut outcome = Err(NotTaken::TooLong);
        let conversation = async {
            match self.enter().await {
                Ok(mut connection) => {
                    outcome = hand_over(&mut connection, message).await;
                    connection.abort().await; // says QUIT
                }
                Err(error) => outcome = Err(error),
            }
        };
        // The library's own limit is for connecting alone; a server that stalls later must not hold the worker either.
        let _ = tokio::time::timeout(self.timeout, conversation).await;
        outcome
    }

    /// Connects, and is let in.
    async fn enter(&self) -> Result<AsyncSmtpConnection, NotTaken> {
        let hello = ClientId::default();
        let at_once = match &self.protection {
            Protection::Tls(parameters) => Some(parameters.clone()),
            Protection::None | Protection::StartTls(_) => None,
        };
        let address = (self.host.as_str(), self.port);
        // A name may have several addresses: one that leads nowhere leaves time for the next.
        let each = self.timeout / 3;
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(address, Some(each), &hello, at_once, None)
                .await
                .map_err(at(Step::Greeting))?;
        if let Protection::StartTls(parameters) = &self.protection {
            connection
                .starttls(parameters.clone(), &hello)
                .await
                .map_err(at(Step::Encryption))?;
        }
        if let Some(credentials) = &self.credentials {
            connection
                .auth(DEFAULT_MECHANISMS, credentials)
                .await
                .map_err(at(Step::SigningIn))?;
        }
        Ok(connection)
    }
}

async fn hand_over(
    connection: &mut AsyncSmtpConnection,
    message: &Message,
) -> Result<(), NotTaken> {
    let (envelope, text) = (message.envelope(), message.formatted());
    let mut parameters = Vec::new();
    // Everything is written in seven bits but an address that is beyond them.
    if !text.is_ascii() {
        let server = connection.server_info();
        if !server.supports_feature(Extension::SmtpUtfEight)
            || !server.supports_feature(Extension::EightBitMime)
        {
            return Err(NotTaken::BeyondAscii);
        }
        parameters.push(MailParameter::SmtpUtfEight);
        parameters.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    let done = Severity::PositiveCompletion;
    let sender = Mail::new(envelope.from().cloned(), parameters);
    let answer = connection.command(sender).await;
    expect(Step::Sender, done, &answer.map_err(at(Step::Sender))?)?;
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        let answer = connection.command(recipient).await;
        expect(Step::Recipient, done, &answer.map_err(at(Step::Recipient))?)?;
    }
    let answer = connection.command(Data).await;
    let go_on = Severity::PositiveIntermediate;
    expect(
        Step::Announcement,
        go_on,
        &answer.map_err(at(Step::Announcement))?,
    )?;
    let answer = connection.message(&text).await;
    expect(Step::Text, done, &answer.map_err(at(Step::Text))?)
}
