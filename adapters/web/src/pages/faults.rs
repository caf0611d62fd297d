//! What is wrong with a form: each fault at its field, and all of them above the form, each with the way to its field (WCAG 3.3.1).

use super::frame::Frame;
use crate::problem::{Kind, Problem};

/// A field by its `id`, and the kinds of problem that are told there. Of a group of radio buttons or boxes it is the first one's: a link goes
/// to what takes the focus.
pub(super) type Place = (&'static str, &'static [Kind]);

/// Everything that can be wrong with a file, or with there being none.
pub(super) const OF_FILES: &[Kind] = &[
    Kind::NoFile,
    Kind::TooManyFiles,
    Kind::FileEmpty,
    Kind::FileTooLarge,
    Kind::FileNotAccepted,
    Kind::FileNotAPdf,
    Kind::FileTruncated,
    Kind::FileEncrypted,
    Kind::FileDamaged,
    Kind::FileBlank,
    Kind::FileInfected,
    Kind::FileNotScannable,
    Kind::PartUnknown,
    Kind::UploadIdUnusable,
    Kind::UploadNotWhole,
    Kind::UploadOver,
];

/// Fields that several forms ask for.
pub(super) const OF_EMAIL: Place = ("email", &[Kind::EmailUnusable]);
pub(super) const OF_CELL: Place = ("cell", &[Kind::TelephoneUnusable]);
pub(super) const OF_LANGUAGE: Place = ("language-fr", &[Kind::LanguageUnusable]);

/// A problem in words, with what it is about: a file, a number, the tries that are left.
pub(super) fn said(problem: &Problem, frame: &Frame) -> String {
    let left = problem.detail("tries_left");
    let left = left.and_then(|left| left.parse::<u32>().ok());
    match (problem.kind(), left) {
        (Kind::AccessCodeWrong, Some(left)) => return frame.t.register_wrong(left),
        (Kind::AnswerWrong, Some(left)) => return frame.t.invitations_wrong(left),
        _ => {}
    }
    if let Some(number) = problem.detail("confirmation_number") {
        return frame.t.submit_sent_already(number);
    }
    let about = problem.detail("file");
    let (limit, surplus) = (problem.detail("limit"), problem.detail("surplus"));
    let words = match (problem.kind(), limit, surplus) {
        // One that was not taken is not there to be removed.
        (Kind::TooManyFiles, Some(limit), _) if about.is_some() => {
            &*frame.t.submit_file_beyond(limit)
        }
        (Kind::TooManyFiles, Some(limit), Some(surplus)) => {
            &*frame.t.submit_too_many_files(limit, surplus)
        }
        _ => problem.words(frame.t),
    };
    match about.or_else(|| problem.detail("file_number")) {
        Some(file) => frame.t.submit_file_problem(file, words),
        None => words.to_owned(),
    }
}

/// What must be put right.
struct Fault {
    /// Where; `None` where no one field is wrong.
    field: Option<String>,
    text: String,
}

/// All that must be put right in a form.
#[derive(Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    /// The problems in words, in the order in which the form has its `places`; what is about no field comes first.
    pub(super) fn new<'a>(
        problems: impl IntoIterator<Item = &'a Problem>,
        places: &[Place],
        frame: &Frame,
    ) -> Self {
        let mut faults: Vec<(usize, Fault)> = Vec::new();
        for problem in problems {
            let named = problem.detail("field");
            let place = places.iter().position(|(field, kinds)| match &named {
                Some(named) => named == field,
                None => kinds.contains(&problem.kind()),
            });
            let of_place = place.and_then(|at| places.get(at));
            let field = named.or_else(|| of_place.map(|(field, _)| (*field).to_owned()));
            let text = said(problem, frame);
            let order = place.map_or(0, |at| at + 1);
            faults.push((order, Fault { field, text }));
        }
        faults.sort_by_key(|(order, _)| *order);
        Self(faults.into_iter().map(|(_, fault)| fault).collect())
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Each for the summary: the field, if it is about one, and what it is.
    pub(super) fn all(&self) -> impl Iterator<Item = (Option<&str>, &str)> {
        let faults = self.0.iter();
        faults.map(|fault| (fault.field.as_deref(), fault.text.as_str()))
    }

    /// What is wrong with a field.
    pub(super) fn at(&self, field: &str) -> Option<String> {
        let of_field = self.0.iter();
        let of_field = of_field.filter(|fault| fault.field.as_deref() == Some(field));
        let said: Vec<&str> = of_field.map(|fault| fault.text.as_str()).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    /// What describes a field for those who do not see the page: what helps to fill it in, and what is wrong with it.
    pub(super) fn describing(&self, field: &str, hint: &str) -> String {
        let fault = self.at(field).map(|_| format!("{field}-fault"));
        let hint = (!hint.is_empty()).then(|| hint.to_owned());
        let both: Vec<String> = hint.into_iter().chain(fault).collect();
        both.join(" ")
    }
}
