//! Hearings for calendars: iCalendar (RFC 5545), each event under an identifier that stays when it is moved or cancelled, so that importing again
//! corrects what is there and adds nothing twice (CASE-4). Written by hand: it is a dozen properties, and the libraries at hand fold lines a
//! byte too late and read the system's clock.

use domain::case::{Case, CaseEvent};
use time::OffsetDateTime;
use time::macros::format_description;

/// A calendar in the making.
pub(crate) struct Hearings {
    file: String,
}

/// Bytes in a line of the file, its end aside.
const LINE: usize = 75;

impl Hearings {
    /// A calendar of that name.
    pub(crate) fn new(name: &str) -> Self {
        let file = String::new();
        let mut hearings = Self { file };
        hearings.line("BEGIN", "VCALENDAR");
        hearings.line("VERSION", "2.0");
        hearings.line("PRODID", "-//Mon dossier - My Case//Hearings//EN");
        hearings.line("CALSCALE", "GREGORIAN");
        hearings.line("X-WR-CALNAME", &text(name));
        hearings
    }

    /// The events of a case that are still to come at `now`, and those that were cancelled before their time; `title` says what each is called.
    pub(crate) fn add(
        &mut self,
        case: &Case,
        now: OffsetDateTime,
        title: impl Fn(&CaseEvent) -> String,
    ) {
        let standing = case.events.iter().map(|event| (event, "CONFIRMED"));
        let cancelled = case.cancelled_events.iter();
        let cancelled = cancelled.map(|event| (event, "CANCELLED"));
        for (event, status) in standing.chain(cancelled) {
            if event.starts_at < now {
                continue;
            }
            self.line("BEGIN", "VEVENT");
            self.line("UID", &event.id.to_string());
            self.line("SEQUENCE", &event.revision.to_string());
            self.line("DTSTAMP", &utc(case.updated_at));
            self.line("LAST-MODIFIED", &utc(case.updated_at));
            self.line("DTSTART", &utc(event.starts_at));
            self.line("SUMMARY", &text(&title(event)));
            if !event.place.is_empty() {
                self.line("LOCATION", &text(&event.place));
            }
            self.line("STATUS", status);
            self.line("CLASS", "PRIVATE");
            self.line("END", "VEVENT");
        }
    }

    /// The file's text.
    pub(crate) fn finish(mut self) -> String {
        self.line("END", "VCALENDAR");
        self.file
    }

    /// One property, folded so that no line is too long and no letter is cut.
    fn line(&mut self, name: &str, value: &str) {
        let mut length = 0;
        for c in name.chars().chain([':']).chain(value.chars()) {
            if length + c.len_utf8() > LINE {
                self.file.push_str("\r\n ");
                length = 1;
            }
            self.file.push(c);
            length += c.len_utf8();
        }
        self.file.push_str("\r\n");
    }
}

/// A text as a value. Control characters would end the line; nothing that is shown has any.
fn text(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' | ';' | ',' => value.extend(['\\', c]),
            c if c.is_control() => value.push(' '),
            c => value.push(c),
        }
    }
    value
}

/// An instant in UTC, to the second.
fn utc(at: OffsetDateTime) -> String {
    let form = format_description!("[year][month][day]T[hour][minute][second]Z");
    at.to_utc().format(form).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use calcard::icalendar::{
        ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarStatus,
        ICalendarValue,
    };
    use domain::case::{CaseEvent, FileNumber, Party};
    use domain::code::Code;
    use domain::id::Id;
    use time::Duration;
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    fn event(number: u128, days: i64, place: &str) -> CaseEvent {
        CaseEvent {
            id: Id::new(Uuid::from_u128(number)),
            revision: 3,
            kind: Code::parse("hearing").unwrap(),
            starts_at: NOW + Duration::days(days),
            place: place.to_owned(),
        }
    }

    fn case(name: &str) -> Case {
        Case {
            id: Id::new(Uuid::nil()),
            file_number: FileNumber::parse("TB9-00001").unwrap(),
            division: Code::parse("RPD").unwrap(),
            region: Code::parse("western").unwrap(),
            status: Code::parse("active").unwrap(),
            principal_file_number: None,
            client_ids: Vec::new(),
            parties: vec![Party {
                name: name.to_owned(),
                role: Code::parse("claimant").unwrap(),
            }],
            retainer_limits: None,
            events: vec![
                event(1, -1, "past"),
                event(2, 1, "300, rue Georgia; 2e\\3e"),
            ],
            cancelled_events: vec![event(3, 2, ""), event(4, -2, "past")],
            decisions: Vec::new(),
            final_decision_on: None,
            counsel_of_record: None,
            updated_at: datetime!(2026-11-20 08:00:00.5 UTC),
        }
    }

    /// The file, and its events as another program reads them.
    fn read(name: &str) -> (String, Vec<ICalendarComponent>) {
        let mut hearings = Hearings::new("Mon dossier, audiences");
        hearings.add(&case(name), NOW, |_| format!("Audience – {name}"));
        let text = hearings.finish();
        let calendar = ICalendar::parse(&text).unwrap();
        let events = calendar.components.into_iter();
        let events = events
            .filter(|component| component.component_type == ICalendarComponentType::VEvent)
            .collect();
        (text, events)
    }

    fn value(event: &ICalendarComponent, name: &ICalendarProperty) -> Option<ICalendarValue> {
        let mut entries = event.entries.iter().filter(|entry| entry.name == *name);
        let value = entries.next().map(|entry| entry.values[0].clone());
        assert!(entries.next().is_none(), "{name:?} stands once");
        value
    }

    fn said(event: &ICalendarComponent, name: &ICalendarProperty) -> Option<String> {
        value(event, name).map(|value| match value {
            ICalendarValue::Text(text) => text,
            other => panic!("{other:?}"),
        })
    }

    /// CASE-4: what is coming is there under its own identifier, and what was cancelled says so; what is over is not.
    #[test]
    fn coming_and_cancelled_events_are_there() {
        let (text_of_file, events) = read("Amara Diallo");
        assert_eq!(events.len(), 2);
        let uid = |event| said(event, &ICalendarProperty::Uid);
        assert_eq!(uid(&events[0]), Some(Uuid::from_u128(2).to_string()));
        assert_eq!(uid(&events[1]), Some(Uuid::from_u128(3).to_string()));
        let status = |event| value(event, &ICalendarProperty::Status);
        assert_eq!(
            status(&events[0]),
            Some(ICalendarValue::Status(ICalendarStatus::Confirmed))
        );
        assert_eq!(
            status(&events[1]),
            Some(ICalendarValue::Status(ICalendarStatus::Cancelled))
        );
        assert_eq!(
            said(&events[0], &ICalendarProperty::Location).as_deref(),
            Some("300, rue Georgia; 2e\\3e")
        );
        assert_eq!(value(&events[1], &ICalendarProperty::Location), None);
        assert_eq!(
            value(&events[0], &ICalendarProperty::Sequence),
            Some(ICalendarValue::Integer(3))
        );
        for line in [
            "DTSTART:20261124T120000Z\r\n",
            "DTSTAMP:20261120T080000Z\r\n",
            "CLASS:PRIVATE\r\n",
            "VERSION:2.0\r\n",
        ] {
            assert!(text_of_file.contains(line), "{line} in {text_of_file}");
        }
    }

    /// CASE-4: no name breaks out of its line, and no line is longer than 75 bytes or cut within a letter.
    #[test]
    fn hostile_names_stay_in_their_line() {
        let names = [
            "A\r\nEND:VEVENT\r\nATTACH:http://a.example".to_owned(),
            "a;b,c\\n:\"d\"\\".to_owned(),
            "Nguyễn Thị Lan ".repeat(20),
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}".repeat(30),
            " ".repeat(200) + "x",
            "é".repeat(300),
        ];
        for name in names {
            let (file, events) = read(&name);
            assert_eq!(events.len(), 2, "{file}");
            let expected = format!("Audience – {name}").replace(['\r', '\n'], " ");
            let summary = said(&events[0], &ICalendarProperty::Summary).unwrap();
            assert_eq!(summary.trim_end(), expected.trim_end(), "{file}");
            assert!(file.ends_with("END:VCALENDAR\r\n"));
            for line in file.split_terminator("\r\n") {
                assert!(line.len() <= 75, "{} bytes: {line}", line.len());
                assert!(!line.contains(['\r', '\n']));
            }
            assert!(!file.contains("\r\nATTACH"));
        }
    }
}
