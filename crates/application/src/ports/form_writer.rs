//! Writes a form as a document that people read. It becomes the one file of the submissions that the form is sent as (FORM-1).

use domain::account::Account;
use domain::form::{Fields, FormKind};

/// A form to be written.
#[derive(Debug, Clone, Copy)]
pub struct FormToWrite<'a> {
    /// Which form.
    pub kind: FormKind,
    /// What is in it.
    pub fields: &'a Fields,
    /// For which counsel it is sent.
    pub counsel: &'a Account,
}

/// The form cannot be written: a mistake of ours.
#[derive(Debug, thiserror::Error)]
#[error("the form cannot be written")]
pub struct FormNotWritten(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Writes forms.
pub trait FormWriter: Send + Sync {
    /// The whole document, a page in both official languages that needs nothing else to be read. It MUST be the same for the same form,
    /// so that a form that is sent twice is recognised.
    ///
    /// # Errors
    /// [`FormNotWritten`].
    fn write(&self, form: &FormToWrite<'_>) -> Result<Vec<u8>, FormNotWritten>;
}
