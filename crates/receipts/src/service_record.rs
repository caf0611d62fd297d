//! What a record of service says: that the tribunal made a document available to counsel, when, and who first read it when. The order
//! of the fields is the order in the signed text.

use serde::{Deserialize, Serialize};

use crate::receipt::LocalTime;

/// The record of service of one document, as things stood at one instant. It names the counsel and the readers, and no party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServiceRecord {
    /// By which the portal knows the document in the inbox.
    pub item: String,
    /// On which file.
    pub file_number: String,
    /// The code of the type of document.
    pub document_type: String,
    /// What counsel sees it called.
    pub title: String,
    /// The document itself.
    pub document: ServedDocument,
    /// To whom it was made available.
    pub counsel: Person,
    /// Since when it could be read, UTC (RFC 3339).
    pub made_available_at: String,
    /// The same instant in the tribunal's zone.
    pub made_available_tribunal: LocalTime,
    /// The same instant in the zone of the office that holds the file.
    pub made_available_office: LocalTime,
    /// Each person's first reading, in order of time; none if nobody had read it.
    pub readings: Vec<FirstReading>,
    /// Since when the counsel's general inbox does not list it any more; the case's inbox does.
    pub deleted_from_general_inbox_at: Option<String>,
    /// When the tribunal said all this: later readings are not in it.
    pub as_of: String,
}

/// The document that was made available.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServedDocument {
    /// Its file's name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

/// Somebody with an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The account.
    pub account: String,
    /// The name.
    pub name: String,
}

/// That a person opened the document for the first time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FirstReading {
    /// The account.
    pub account: String,
    /// The name at that time.
    pub name: String,
    /// As whom.
    pub capacity: Capacity,
    /// When, UTC (RFC 3339).
    pub first_read_at: String,
}

/// In which capacity somebody read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// The counsel to whom it was made available.
    Counsel,
    /// One of the counsel's delegates.
    Delegate,
}

impl ServiceRecord {
    /// The text that is signed: JSON without white space.
    ///
    /// # Errors
    /// None that a record can cause.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// What a signed text says.
    ///
    /// # Errors
    /// The text is no record of service.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
