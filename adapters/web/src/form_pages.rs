//! A form written as a page that people read, in both official languages, whole in one file: what the tribunal keeps of it beside the data
//! (FORM-1). Nothing in it depends on when it is written.

use std::sync::Arc;

use application::ports::form_writer::{FormNotWritten, FormToWrite, FormWriter};
use askama::Template;
use domain::person::Language;
use domain::tribunal::Tribunal;

use crate::form_words::FormWords;
use crate::texts::{Texts, english, french};

/// Writes forms for one tribunal.
pub struct FormPages {
    tribunal: Arc<Tribunal>,
}

impl FormPages {
    /// For that tribunal.
    pub const fn new(tribunal: Arc<Tribunal>) -> Self {
        Self { tribunal }
    }
}

/// A text in both languages; where they are alike it is written once.
struct Both {
    french: String,
    english: String,
}

impl Both {
    fn differ(&self) -> bool {
        self.french != self.english
    }
}

struct Line {
    name: Both,
    value: Both,
}

#[derive(Template)]
#[template(path = "form_record.html")]
struct Record {
    fr: &'static Texts,
    en: &'static Texts,
    tribunal: Both,
    title: Both,
    counsel: String,
    lines: Vec<Line>,
}

impl FormWriter for FormPages {
    fn write(&self, form: &FormToWrite<'_>) -> Result<Vec<u8>, FormNotWritten> {
        let tribunal = &*self.tribunal;
        let french_words = FormWords::new(Language::French, tribunal);
        let english_words = FormWords::new(Language::English, tribunal);
        let lines = form.fields.iter().map(|(field, text)| Line {
            name: Both {
                french: french_words.field(field),
                english: english_words.field(field),
            },
            value: Both {
                french: french_words.value(field, text),
                english: english_words.value(field, text),
            },
        });
        let record = Record {
            fr: french(),
            en: english(),
            tribunal: Both {
                french: tribunal.name.french.clone(),
                english: tribunal.name.english.clone(),
            },
            title: Both {
                french: french_words.form(form.kind),
                english: english_words.form(form.kind),
            },
            counsel: form.counsel.name.to_string(),
            lines: lines.collect(),
        };
        let page = record.render();
        page.map(String::into_bytes)
            .map_err(|error| FormNotWritten(Box::new(error)))
    }
}
