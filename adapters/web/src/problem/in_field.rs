//! What is wrong with one of several fields: the same members whatever was sent, words in the asker's language.

use domain::case_feed::FieldProblem;
use domain::form::Fault;
use serde_json::{Value, json};

use crate::texts::Texts;

/// A field and what is wrong with it.
#[derive(Debug)]
pub(crate) struct InField {
    field: String,
    fault: &'static str,
    /// In which family of texts its words are.
    family: &'static str,
    /// The limit that was passed.
    limit: Option<usize>,
    /// Which of several values in the field.
    value: Option<String>,
}

impl From<FieldProblem> for InField {
    fn from(problem: FieldProblem) -> Self {
        Self {
            field: problem.field,
            fault: problem.fault.code(),
            family: "fault",
            limit: problem.fault.limit(),
            value: None,
        }
    }
}

impl From<Fault> for InField {
    fn from(fault: Fault) -> Self {
        Self {
            field: fault.field.code().to_owned(),
            fault: fault.why.code(),
            family: "form-fault",
            limit: fault.why.limit(),
            value: fault.why.number().map(str::to_owned),
        }
    }
}

impl InField {
    pub(crate) fn as_json(&self, texts: &'static Texts) -> Value {
        let words = texts.by_id(&format!("{}-{}", self.family, self.fault));
        let mut told = json!({ "field": self.field, "fault": self.fault, "detail": words });
        if let Some(members) = told.as_object_mut() {
            if let Some(limit) = self.limit {
                members.insert("limit".into(), limit.into());
            }
            if let Some(value) = &self.value {
                members.insert("value".into(), value.as_str().into());
            }
        }
        told
    }
}
