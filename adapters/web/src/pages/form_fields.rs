//! The fields of a form as a page shows them: with what was typed, what helps, and what is wrong with each (FORM-1, WCAG 1.3.5, 3.3.1).

use domain::address::Province;
use domain::case::{Case, FileNumber};
use domain::form::{Fault, Field, Fields, FormKind};
use domain::tribunal::Tribunal;

use super::frame::Frame;
use super::submit::Choice;
use crate::form_words::FormWords;

/// A field.
pub(super) struct Input {
    pub(super) id: &'static str,
    pub(super) label: String,
    pub(super) hint: Option<&'static str>,
    pub(super) value: String,
    /// `choice`, `language`, `lines`, or the type of an input.
    pub(super) kind: &'static str,
    pub(super) choices: Vec<Choice>,
    pub(super) autocomplete: &'static str,
    pub(super) required: bool,
    /// Whether it may be left empty wherever one lives and whatever one's order is.
    pub(super) optional: bool,
    pub(super) longest: usize,
    pub(super) fault: Option<String>,
}

impl Input {
    /// What describes it, for those who do not see the page.
    pub(super) fn described_by(&self) -> String {
        let hint = self.hint.as_ref().map(|_| format!("{}-hint", self.id));
        let fault = self.fault.as_ref().map(|_| format!("{}-fault", self.id));
        let both: Vec<String> = hint.into_iter().chain(fault).collect();
        both.join(" ")
    }
}

/// Fields that belong together.
pub(super) struct Group {
    pub(super) heading: &'static str,
    pub(super) inputs: Vec<Input>,
}

/// A case for which the form can be.
pub(super) struct CaseChoice {
    pub(super) number: FileNumber,
    pub(super) parties: String,
    pub(super) chosen: bool,
}

/// What must be put right, with the way to the field.
pub(super) struct Problem {
    pub(super) id: &'static str,
    pub(super) text: String,
}

/// Everything in a form.
pub(super) struct FormFields {
    pub(super) groups: Vec<Group>,
    pub(super) cases: Vec<CaseChoice>,
    /// Other file numbers, as they were typed.
    pub(super) other_numbers: String,
    pub(super) cases_fault: Option<String>,
    pub(super) problems: Vec<Problem>,
}

/// In which group a field stands; the file numbers have one of their own.
fn group_of(field: Field) -> &'static str {
    match field {
        Field::GivenName
        | Field::FamilyName
        | Field::ClientId
        | Field::Order
        | Field::MembershipNumber
        | Field::Firm => "person",
        Field::Street
        | Field::Unit
        | Field::City
        | Field::Province
        | Field::PostalCode
        | Field::Country => "address",
        Field::Telephone | Field::Fax | Field::Email | Field::Language => "reach",
        Field::RetainerLimits => "retainer",
        Field::FileNumbers => "cases",
    }
}

impl FormFields {
    pub(super) fn new(
        frame: &Frame,
        tribunal: &Tribunal,
        kind: FormKind,
        (fields, faults): (&Fields, &[Fault]),
        cases: &[Case],
    ) -> Self {
        let words = FormWords::new(frame.language, tribunal);
        let shown = Shown {
            words,
            tribunal,
            frame,
            kind,
            fields,
            faults,
        };
        let group = |name: &str| Group {
            heading: shown.heading(name),
            inputs: shown.inputs(name),
        };
        let groups = ["person", "address", "reach", "retainer"].map(group);
        let cases: Vec<CaseChoice> = cases
            .iter()
            .map(|case| {
                let number = case.file_number.clone();
                let names = case.parties.iter().map(|party| party.name.as_str());
                CaseChoice {
                    parties: names.collect::<Vec<_>>().join(", "),
                    chosen: fields.numbers().any(|text| number.is_meant_by(text)),
                    number,
                }
            })
            .collect();
        let other = |text: &&str| !cases.iter().any(|case| case.number.is_meant_by(text));
        let other_numbers: Vec<&str> = fields.numbers().filter(other).collect();
        Self {
            groups: groups
                .into_iter()
                .filter(|group| !group.inputs.is_empty())
                .collect(),
            other_numbers: other_numbers.join(" "),
            cases_fault: shown.fault(Field::FileNumbers),
            problems: shown.problems(),
            cases,
        }
    }
}

/// What all fields of a form have in common while they are shown.
struct Shown<'a> {
    words: FormWords<'a>,
    tribunal: &'a Tribunal,
    frame: &'a Frame,
    kind: FormKind,
    fields: &'a Fields,
    faults: &'a [Fault],
}

impl Shown<'_> {
    fn heading(&self, group: &str) -> &'static str {
        let id = match group {
            "person" => format!("form-group-person-{}", self.kind.code()),
            group => format!("form-group-{group}"),
        };
        self.frame.t.by_id(&id).unwrap_or_default()
    }

    fn inputs(&self, group: &str) -> Vec<Input> {
        let fields = self.kind.fields().iter().copied();
        fields
            .filter(|field| group_of(*field) == group)
            .map(|field| self.input(field))
            .collect()
    }

    fn input(&self, field: Field) -> Input {
        Input {
            id: field.code(),
            label: self.words.field(field),
            hint: self.words.hint(field),
            value: self.fields.get(field).to_owned(),
            kind: match field {
                Field::Order | Field::Province => "choice",
                Field::Language => "language",
                Field::RetainerLimits => "lines",
                Field::Email => "email",
                Field::Telephone | Field::Fax => "tel",
                _ => "text",
            },
            choices: self.choices(field),
            autocomplete: match self.kind {
                FormKind::CounselContact => own(field),
                // Somebody else's particulars: the browser knows nothing of them.
                FormKind::ClientContact => "off",
            },
            required: self.kind.needs(field),
            optional: !self.kind.needs(field) && !depends_on_another(field),
            longest: field.longest(),
            fault: self.fault(field),
        }
    }

    fn choices(&self, field: Field) -> Vec<Choice> {
        let written = self.fields.get(field);
        match field {
            Field::Order => self
                .tribunal
                .orders
                .iter()
                .map(|order| Choice {
                    code: order.named.code.to_string(),
                    name: self.frame.show.name(&order.named.name),
                    chosen: order.named.code.as_str() == written,
                })
                .collect(),
            Field::Province => {
                let mut provinces: Vec<Choice> = Province::ALL
                    .into_iter()
                    .map(|province| Choice {
                        code: province.code().to_owned(),
                        name: self.words.province(province),
                        chosen: Province::from_code(written) == Some(province),
                    })
                    .collect();
                provinces.sort_by_key(|province| domain::sorting::sort_key(&province.name));
                provinces
            }
            _ => Vec::new(),
        }
    }

    /// Everything that is wrong with a field.
    fn fault(&self, field: Field) -> Option<String> {
        let of_field = self.faults.iter().filter(|fault| fault.field == field);
        let said: Vec<String> = of_field.map(|fault| self.words.fault(fault)).collect();
        (!said.is_empty()).then(|| said.join(" "))
    }

    fn problems(&self) -> Vec<Problem> {
        let mut faulty: Vec<Field> = self.faults.iter().map(|fault| fault.field).collect();
        faulty.sort_by_key(|field| self.kind.fields().iter().position(|one| one == field));
        faulty.dedup();
        let problem = |field: Field| Problem {
            id: focused(field),
            text: self.frame.t.form_problem(
                self.words.field(field),
                self.fault(field).unwrap_or_default(),
            ),
        };
        faulty.into_iter().map(problem).collect()
    }
}

/// The `id` of what takes the focus when somebody goes to a field: of a group of radio buttons the first.
const fn focused(field: Field) -> &'static str {
    match field {
        Field::Language => "language-fr",
        field => field.code(),
    }
}

/// Whether another field decides if it must be filled in.
const fn depends_on_another(field: Field) -> bool {
    matches!(
        field,
        Field::MembershipNumber | Field::Province | Field::PostalCode | Field::Country
    )
}

/// What a browser may fill in of one's own particulars (WCAG 1.3.5).
const fn own(field: Field) -> &'static str {
    match field {
        Field::GivenName => "given-name",
        Field::FamilyName => "family-name",
        Field::Firm => "organization",
        Field::Street => "address-line1",
        Field::Unit => "address-line2",
        Field::City => "address-level2",
        Field::Province => "address-level1",
        Field::PostalCode => "postal-code",
        Field::Country => "country-name",
        Field::Telephone => "tel",
        Field::Email => "email",
        Field::Language => "language",
        Field::ClientId
        | Field::Order
        | Field::MembershipNumber
        | Field::Fax
        | Field::RetainerLimits
        | Field::FileNumbers => "off",
    }
}
