//! What a receipt says (X-1, SUB-2, SUB-6). The order of the fields is the order in the signed text.

use serde::{Deserialize, Serialize};

/// The receipt of one submission. It names who sent and for whom, and no party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// The number that the sender was given.
    pub confirmation_number: String,
    /// On which file.
    pub file_number: String,
    /// The code of the type of document.
    pub document_type: String,
    /// Who sent it, by name.
    pub submitted_by: String,
    /// For which counsel, by name.
    pub on_behalf_of: String,
    /// The tribunal's clock at durable storage, UTC (RFC 3339).
    pub received_at: String,
    /// The same instant in the tribunal's zone.
    pub received_tribunal: LocalTime,
    /// The same instant in the zone of the office that holds the file, by which timeliness is judged.
    pub received_office: LocalTime,
    /// The files, in the sender's order.
    pub files: Vec<ReceivedFile>,
    /// Thirty-two bytes drawn by lot, in hexadecimal: whoever knows the rest cannot find the receipt in the log.
    pub salt: String,
}

/// An instant as the clocks of a zone show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocalTime {
    /// The zone's name in the tz database.
    pub zone: String,
    /// The time with its offset (RFC 3339).
    pub time: String,
}

/// A file that was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedFile {
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Pages, where they can be counted.
    pub pages: Option<u32>,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
}

impl Receipt {
    /// The text that is signed: JSON without white space.
    ///
    /// # Errors
    /// None that a receipt can cause.
    pub fn to_text(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// What a signed text says.
    ///
    /// # Errors
    /// The text is no receipt.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }
}
