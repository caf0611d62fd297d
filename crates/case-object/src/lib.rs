//! The case object that the case management system sends, in JSON: the one reader for the API and for files of cases, so that both take the
//! same (CASE-1). It reads the form; whether the content can be used, the domain says.

use domain::case_feed::{Fault, FieldProblem, SentCase, SentDecision, SentEvent, SentParty};
use serde_json::{Map, Value};

/// Bytes in one case. The largest that any tribunal has sent is far below.
pub const BYTES_AT_MOST: usize = 1_000_000;

/// Why bytes are no case object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnObject {
    /// They stop in the middle.
    #[error("the object breaks off")]
    BrokenOff,
    /// Not JSON in UTF-8, or JSON that is no object.
    #[error("this is not one JSON object in UTF-8")]
    Otherwise,
}

/// Reads one object. `id`, and whatever else a case does not have, is passed over. `null` is as good as not there. A field of the wrong form
/// is kept as unreadable, so that it is told together with everything else that is wrong.
///
/// # Errors
/// [`NotAnObject`].
pub fn read(bytes: &[u8]) -> Result<SentCase, NotAnObject> {
    let object = match serde_json::from_slice(bytes) {
        Ok(Value::Object(object)) => object,
        Err(error) if error.is_eof() => return Err(NotAnObject::BrokenOff),
        Ok(_) | Err(_) => return Err(NotAnObject::Otherwise),
    };
    let mut reading = Reading::default();
    let mut case = Fields {
        object,
        prefix: String::new(),
    };
    Ok(SentCase {
        file_number: reading.text(&mut case, "file_number"),
        division: reading.text(&mut case, "division"),
        region: reading.text(&mut case, "region"),
        status: reading.text(&mut case, "status"),
        principal_file_number: reading.text(&mut case, "principal_file_number"),
        client_ids: reading.list(&mut case, "client_ids", |reading, at, id| {
            reading.as_text(at, id)
        }),
        parties: reading.list(&mut case, "parties", |reading, at, party| {
            let mut party = reading.object(at, party);
            SentParty {
                name: reading.text(&mut party, "name"),
                role: reading.text(&mut party, "role"),
            }
        }),
        retainer_limits: reading.text(&mut case, "retainer_limits"),
        events: reading.list(&mut case, "events", |reading, at, event| {
            let mut event = reading.object(at, event);
            SentEvent {
                kind: reading.text(&mut event, "kind"),
                starts_at: reading.text(&mut event, "starts_at"),
                place: reading.text(&mut event, "place"),
            }
        }),
        decisions: reading.list(&mut case, "decisions", |reading, at, decision| {
            let mut decision = reading.object(at, decision);
            SentDecision {
                kind: reading.text(&mut decision, "kind"),
                made_on: reading.text(&mut decision, "made_on"),
            }
        }),
        final_decision_on: reading.text(&mut case, "final_decision_on"),
        counsel_of_record: reading.text(&mut case, "counsel_of_record"),
        unreadable: reading.unreadable,
    })
}

/// Fields of one object, and where it stands.
struct Fields {
    object: Map<String, Value>,
    prefix: String,
}

/// Reads fields, and notes those whose form is wrong.
#[derive(Default)]
struct Reading {
    unreadable: Vec<FieldProblem>,
}

impl Reading {
    fn tell(&mut self, field: String, fault: Fault) {
        self.unreadable.push(FieldProblem::new(field, fault));
    }

    fn text(&mut self, fields: &mut Fields, name: &str) -> Option<String> {
        let value = fields.object.remove(name)?;
        self.as_text(format!("{}{name}", fields.prefix), value)
    }

    fn as_text(&mut self, at: String, value: Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            Value::Null => None,
            _ => {
                self.tell(at, Fault::NotText);
                None
            }
        }
    }

    /// An entry of a list; without fields if it is no object.
    fn object(&mut self, at: String, value: Value) -> Fields {
        let prefix = format!("{at}.");
        if let Value::Object(object) = value {
            return Fields { object, prefix };
        }
        self.tell(at, Fault::NotAnObject);
        Fields {
            object: Map::new(),
            prefix,
        }
    }

    fn list<T>(
        &mut self,
        fields: &mut Fields,
        name: &str,
        entry: impl Fn(&mut Self, String, Value) -> T,
    ) -> Vec<T> {
        match fields.object.remove(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(values)) => {
                let values = values.into_iter().enumerate();
                values
                    .map(|(place, value)| entry(self, format!("{name}[{place}]"), value))
                    .collect()
            }
            Some(_) => {
                self.tell(name.to_owned(), Fault::NotAList);
                Vec::new()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreadable(json: &str) -> Vec<(String, &'static str)> {
        let sent = read(json.as_bytes()).unwrap();
        let told = sent.unreadable.into_iter();
        told.map(|problem| (problem.field, problem.fault.code()))
            .collect()
    }

    /// CASE-1: every field of the object is read; its `id` and what it does not have are passed over.
    #[test]
    fn every_field_is_read() {
        let json = r#"{ "id": 7, "leaves_on": [], "file_number": "A", "division": "B", "region": "C", "status": "D",
            "principal_file_number": "E", "client_ids": ["F", null], "parties": [{ "name": "G", "role": "H" }],
            "retainer_limits": "I", "events": [{ "kind": "J", "starts_at": "K", "place": "L" }],
            "decisions": [{ "kind": "M", "made_on": "N" }], "final_decision_on": "O", "counsel_of_record": "P" }"#;
        let sent = read(json.as_bytes()).unwrap();
        let texts = [
            sent.file_number.as_deref(),
            sent.division.as_deref(),
            sent.region.as_deref(),
            sent.status.as_deref(),
            sent.principal_file_number.as_deref(),
            sent.client_ids[0].as_deref(),
            sent.parties[0].name.as_deref(),
            sent.parties[0].role.as_deref(),
            sent.retainer_limits.as_deref(),
            sent.events[0].kind.as_deref(),
            sent.events[0].starts_at.as_deref(),
            sent.events[0].place.as_deref(),
            sent.decisions[0].kind.as_deref(),
            sent.decisions[0].made_on.as_deref(),
            sent.final_decision_on.as_deref(),
            sent.counsel_of_record.as_deref(),
        ];
        let read: String = texts.into_iter().flatten().collect();
        assert_eq!(read, "ABCDEFGHIJKLMNOP");
        assert_eq!(sent.client_ids[1], None);
        assert!(sent.unreadable.is_empty());
    }

    /// Fields of the wrong form are each named with where they stand, and hide nothing else.
    #[test]
    fn fields_of_the_wrong_form_are_named() {
        let json = r#"{ "division": 5, "client_ids": [1], "parties": "x", "events": [{ "kind": [] }, "y", { "kind": null }], "decisions": null }"#;
        let expected = [
            ("division", "not-text"),
            ("client_ids[0]", "not-text"),
            ("parties", "not-a-list"),
            ("events[0].kind", "not-text"),
            ("events[1]", "not-an-object"),
        ];
        assert_eq!(
            unreadable(json),
            expected.map(|(field, fault)| (field.to_owned(), fault))
        );
    }

    #[test]
    fn what_is_no_object_is_refused() {
        let why = |bytes: &[u8]| read(bytes).err();
        assert_eq!(why(b"{\"a\": [1"), Some(NotAnObject::BrokenOff));
        assert_eq!(why(b""), Some(NotAnObject::BrokenOff));
        for text in ["[]", "null", "{} {}", "{'a': 1}", "\u{feff}{}"] {
            assert_eq!(why(text.as_bytes()), Some(NotAnObject::Otherwise), "{text}");
        }
        assert_eq!(why(b"{\"a\": \"\xff\"}"), Some(NotAnObject::Otherwise));
        let deep = "[".repeat(100_000);
        assert_eq!(why(deep.as_bytes()), Some(NotAnObject::Otherwise));
    }
}
