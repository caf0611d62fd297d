//! Dates, times, sizes and codes as a person reads them in a language. Templates and texts get them ready made.

use std::sync::Arc;

use application::Application;
use domain::code::Code;
use domain::document::MediaType;
use domain::form::FormKind;
use domain::person::Language;
use domain::retention::Retention;
use domain::submission::DocumentType;
use domain::tribunal::{Bilingual, Named, Tribunal};
use domain::tribunal_time::{LocalTime, ZoneName, Zones};
use time::{Date, Duration, OffsetDateTime};

use crate::texts::{Texts, in_language};

/// How things are shown in one language.
#[derive(Clone)]
pub(crate) struct Shown {
    language: Language,
    words: &'static Texts,
    tribunal: Arc<Tribunal>,
    zones: Arc<dyn Zones>,
}

impl Shown {
    pub(crate) fn new(language: Language, app: &Application) -> Self {
        Self {
            language,
            words: in_language(language),
            tribunal: app.tribunal.clone(),
            zones: app.zones.clone(),
        }
    }

    /// For how long what is kept, as the privacy statement says it (PRIV-1).
    pub(crate) fn kept_for(&self, retention: &Retention) -> String {
        // The longest that so many years can be, and no more: 366, 731, 1096, 1461 days.
        let period = |kept: Duration| {
            let days = kept.whole_days();
            let years = days / 365;
            if years > 0 && (days - years * 365) * 4 <= years + 3 {
                self.words.period_years(years)
            } else {
                self.words.period_days(days)
            }
        };
        self.words.privacy_how_long(
            period(retention.accounts),
            period(retention.cases),
            period(retention.delegations),
            period(retention.notices),
        )
    }

    /// A name that the tribunal has in both languages.
    pub(crate) fn name(&self, name: &Bilingual) -> String {
        name.text(self.language).to_owned()
    }

    /// November 23, 2026.
    pub(crate) fn date(&self, date: Date) -> String {
        let month = self.word("month", &u8::from(date.month()).to_string());
        let day = match date.day() {
            1 => self.words.first_of_month().to_owned(),
            day => day.to_string(),
        };
        self.words.date(day, month, date.year().to_string())
    }

    /// An instant where the tribunal is.
    pub(crate) fn instant(&self, at: OffsetDateTime) -> String {
        self.instant_in(at, &self.tribunal.zone)
    }

    /// An instant in a zone, which is named.
    pub(crate) fn instant_in(&self, at: OffsetDateTime, zone: &ZoneName) -> String {
        let local = self.zones.local(zone, at);
        // Both languages count 24 hours; in English, a leading zero shows it, as in the notices.
        let hour = match self.language {
            Language::French => local.at.hour().to_string(),
            Language::English => format!("{:02}", local.at.hour()),
        };
        let time = self.words.time(hour, format!("{:02}", local.at.minute()));
        let zone = self.zone(zone, &local);
        self.words.instant(self.date(local.at.date()), time, zone)
    }

    /// An instant in a zone for a table: day, time and zone, each by itself.
    pub(crate) fn clock_in(&self, at: OffsetDateTime, zone: &ZoneName) -> [String; 3] {
        let local = self.zones.local(zone, at);
        let time = format!("{:02}:{:02}", local.at.hour(), local.at.minute());
        let zone = self.zone(zone, &local);
        [local.at.date().to_string(), time, zone]
    }

    /// Whose clock it is, by its abbreviation, or by its place where people there do not know it by that one: since Vancouver keeps one hour
    /// all year, the tz database has the mountains' name for it.
    fn zone(&self, zone: &ZoneName, local: &LocalTime) -> String {
        let there = format!("{}-{}", zone.code(), local.abbreviation.to_lowercase());
        let place = self.words.by_id(&format!("zone-{there}"));
        place.map_or_else(|| self.word("zone", &local.abbreviation), str::to_owned)
    }

    /// As a machine reads it, for `datetime`.
    pub(crate) fn machine(at: OffsetDateTime) -> String {
        at.format(&time::format_description::well_known::Rfc3339)
            .unwrap_or_default()
    }

    /// Bytes, in the largest unit that leaves a digit before the mark.
    pub(crate) fn size(&self, bytes: u64) -> String {
        let in_units_of = |unit: u64| {
            let tenths = (bytes.saturating_mul(10) + unit / 2) / unit;
            let (whole, tenth) = (tenths / 10, tenths % 10);
            if tenth == 0 || whole >= 10 {
                whole.to_string()
            } else {
                format!("{whole}{}{tenth}", self.words.decimal_mark())
            }
        };
        match bytes {
            0..1_000 => self.words.size_bytes(bytes),
            1_000..1_000_000 => self.words.size_kilobytes(in_units_of(1_000)),
            _ => self.words.size_megabytes(in_units_of(1_000_000)),
        }
    }

    /// A code that the case management system sent: in words if the portal knows it, else as it came.
    pub(crate) fn word(&self, family: &str, code: &str) -> String {
        let id = format!("{family}-{}", code.to_lowercase());
        self.words.by_id(&id).unwrap_or(code).to_owned()
    }

    /// What the tribunal calls a code of one of its lists; as it came if the list has it no more.
    pub(crate) fn listed<'a, Of: 'a>(
        &self,
        list: impl IntoIterator<Item = &'a Named<Of>>,
        code: &Code<Of>,
    ) -> String {
        let mut list = list.into_iter();
        list.find(|named| named.code.as_str() == code.as_str())
            .map_or_else(|| code.to_string(), |named| self.name(&named.name))
    }

    /// A type of document that people submit, or the form that they sent.
    pub(crate) fn document_type(&self, code: &Code<DocumentType>) -> String {
        if FormKind::from_code(code.as_str()).is_some() {
            return self.word("form-called", code.as_str());
        }
        self.listed(
            self.tribunal.document_types.iter().map(|kind| &kind.named),
            code,
        )
    }

    /// A type of document that the tribunal sends.
    pub(crate) fn tribunal_document_type(&self, code: &Code<DocumentType>) -> String {
        self.listed(&self.tribunal.tribunal_document_types, code)
    }

    /// The types of file that are accepted: PDF, DOCX …
    pub(crate) fn accepted(&self) -> String {
        let endings: Vec<String> = self
            .tribunal
            .accepted
            .iter()
            .map(|kind| kind.ending().to_uppercase())
            .collect();
        endings.join(", ")
    }

    /// The same for a browser's file dialogue.
    pub(crate) fn accept_attribute(&self) -> String {
        let accepted = self.tribunal.accepted.iter();
        let kinds: Vec<String> = accepted
            .flat_map(|kind| {
                let other = match kind {
                    MediaType::Jpeg => Some(".jpg"),
                    MediaType::Tiff => Some(".tif"),
                    _ => None,
                };
                [
                    Some(kind.mime().to_owned()),
                    Some(format!(".{}", kind.ending())),
                    other.map(str::to_owned),
                ]
            })
            .flatten()
            .collect();
        kinds.join(",")
    }
}
