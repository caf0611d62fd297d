//! The two forms: everything that is wrong is told at once, what is right is kept in one way of writing (FORM-1).

mod scene;

use domain::address::{Country, PostalCode, Province};
use domain::form::{Fault, Field, Fields, Form, FormKind, Rules, Why};
use domain::numbering::NumberingPlans;
use domain::person::Telephone;
use domain::tribunal::Tribunal;
use proptest::prelude::*;
use scene::{counsel, tribunal};

/// A world in which a number is allowed unless it begins with `+1 999`.
struct Plans;

impl NumberingPlans for Plans {
    fn allow(&self, number: &Telephone) -> bool {
        !number.as_str().starts_with("+1999")
    }
}

fn filled(kind: FormKind) -> Fields {
    let mut fields = Fields::default();
    for field in kind.fields() {
        let text = match field {
            Field::GivenName => "Élise",
            Field::FamilyName => "Tremblay",
            Field::ClientId => "1234-5678",
            Field::Order => "barreau-du-quebec",
            Field::MembershipNumber => "123456-7",
            Field::Firm => "Tremblay et associées",
            Field::Street => "200, boulevard René-Lévesque Ouest",
            Field::Unit => "bureau 102",
            Field::City => "Montréal",
            Field::Province => "QC",
            Field::PostalCode => "H2Z 1X4",
            Field::Country => "Canada",
            Field::Telephone => "514 555-0123",
            Field::Fax => "514 555-0124",
            Field::Email => "elise@cabinet.example",
            Field::Language => "fr",
            Field::RetainerLimits => "Seulement l’audience.\nRien d’autre.",
            Field::FileNumbers => "TB9-00001, TB9-00002",
        };
        fields.set(*field, text);
    }
    fields
}

fn read_by(kind: FormKind, fields: &Fields, tribunal: &Tribunal) -> Result<Form, Vec<Fault>> {
    let plans = &Plans;
    Form::read(kind, fields, &Rules { tribunal, plans })
}

fn read(kind: FormKind, fields: &Fields) -> Result<Form, Vec<Fault>> {
    read_by(kind, fields, &tribunal())
}

fn with(kind: FormKind, field: Field, text: &str) -> Result<Form, Vec<Fault>> {
    let mut fields = filled(kind);
    fields.set(field, text);
    read(kind, &fields)
}

fn faults(field: Field, why: Why) -> Result<Form, Vec<Fault>> {
    Err(vec![Fault { field, why }])
}

/// FORM-1: a form that is filled in well is taken, and reading what was kept of it gives the same form again.
#[test]
fn what_is_kept_of_a_form_reads_as_the_same_form() {
    for kind in FormKind::ALL {
        let form = read(kind, &filled(kind)).unwrap();
        assert_eq!(form.kind(), kind);
        assert_eq!(form.file_numbers().len(), 2);
        assert_eq!(read(kind, &form.fields()), Ok(form));
    }
}

/// FORM-1: the same thing is kept in one way of writing, however it was typed.
#[test]
fn what_is_typed_in_many_ways_is_kept_in_one() {
    let mut fields = filled(FormKind::CounselContact);
    fields.set(Field::PostalCode, " h2z-1x4 ");
    fields.set(Field::Province, "qc");
    fields.set(Field::Country, "");
    fields.set(Field::Telephone, "(514) 555.0123");
    fields.set(
        Field::FileNumbers,
        "tb9-00001;TB9\u{2013}00001  tb9\u{2011}00002",
    );
    let form = read(FormKind::CounselContact, &fields).unwrap();
    let usual = read(FormKind::CounselContact, &filled(FormKind::CounselContact)).unwrap();
    assert_eq!(form, usual);
    assert_eq!(form.fields().get(Field::Telephone), "+15145550123");
}

/// FORM-1: an empty form is told every field that must be filled in, and only those.
#[test]
fn every_missing_field_is_told_at_once() {
    for kind in FormKind::ALL {
        let mut fields = Fields::default();
        fields.set(Field::Order, "barreau-du-quebec");
        let found = read(kind, &fields).unwrap_err();
        assert!(found.iter().all(|fault| fault.why == Why::Missing));
        let mut missing: Vec<Field> = found.into_iter().map(|fault| fault.field).collect();
        missing.sort_unstable();
        let mut needed: Vec<Field> = kind.fields().to_vec();
        needed.retain(|field| {
            let where_it_is = matches!(
                field,
                Field::Province | Field::PostalCode | Field::MembershipNumber
            );
            let filled_in = matches!(field, Field::Order);
            (kind.needs(*field) || where_it_is) && !filled_in
        });
        assert_eq!(missing, needed, "{kind:?}");
        assert!(read(kind, &Fields::default()).is_err());
    }
}

/// FORM-1: a client who lives in a shelter or is detained may have neither telephone nor e-mail, and no known UCI.
#[test]
fn a_client_without_telephone_can_be_notified() {
    let mut fields = filled(FormKind::ClientContact);
    let kept = [Field::Telephone, Field::Fax, Field::Email, Field::ClientId];
    for field in kept {
        fields.set(field, "");
    }
    let form = read(FormKind::ClientContact, &fields).unwrap();
    assert!(
        kept.iter()
            .all(|field| form.fields().get(*field).is_empty())
    );
}

/// FORM-1: each field has its own fault.
#[test]
fn each_field_says_what_is_wrong_with_it() {
    let counsel = FormKind::CounselContact;
    let number = |text: &str| Why::NotAFileNumber(text.to_owned());
    for (field, text, why) in [
        (Field::GivenName, "A\u{7}", Why::Unusable),
        (Field::City, "two\nlines", Why::Unusable),
        (Field::Order, "elsewhere", Why::UnknownOrder),
        (Field::Order, "no code", Why::UnknownOrder),
        (Field::GivenName, "\u{200b}", Why::Missing),
        (Field::FamilyName, "\u{3164} \u{200f}", Why::Missing),
        (Field::MembershipNumber, " ", Why::Missing),
        (Field::Province, "Québec", Why::NotAProvince),
        (Field::PostalCode, "H2Z 1X", Why::NotAPostalCode),
        (Field::Telephone, "12", Why::NotATelephoneNumber),
        (Field::Telephone, "999 555-0123", Why::NotATelephoneNumber),
        (Field::Fax, "fax", Why::NotATelephoneNumber),
        (Field::Email, "elise@", Why::NotAnEmailAddress),
        (Field::Language, "de", Why::NotALanguage),
        (Field::FileNumbers, "TB9-00001 TB9/2", number("TB9/2")),
        (Field::FileNumbers, ",;", Why::Missing),
    ] {
        assert_eq!(with(counsel, field, text), faults(field, why), "{text}");
    }
    let uci = with(FormKind::ClientContact, Field::ClientId, "123");
    assert_eq!(uci, faults(Field::ClientId, Why::NotAClientId));
    let many: Vec<String> = (0..51).map(|number| format!("T{number}")).collect();
    let many = with(counsel, Field::FileNumbers, &many.join(" "));
    assert_eq!(many, faults(Field::FileNumbers, Why::TooManyCases(50)));
}

/// FORM-1: a field takes as much as it says, counted in characters.
#[test]
fn a_field_takes_as_much_as_it_says() {
    let counsel = FormKind::CounselContact;
    for field in [Field::GivenName, Field::Firm, Field::RetainerLimits] {
        let longest = field.longest();
        assert!(with(counsel, field, &"é".repeat(longest)).is_ok());
        let longer = with(counsel, field, &"é".repeat(longest + 1));
        assert_eq!(longer, faults(field, Why::TooLong(longest)));
    }
}

/// FORM-1: where an order issues no numbers, none is asked for.
#[test]
fn a_number_is_asked_for_where_one_exists() {
    let mut fields = filled(FormKind::CounselContact);
    fields.set(Field::MembershipNumber, "");
    let mut tribunal = tribunal();
    for order in &mut tribunal.orders {
        order.issues_numbers = false;
    }
    assert!(read_by(FormKind::CounselContact, &fields, &tribunal).is_ok());
}

/// FORM-1: outside Canada any postal code is taken, or none; a province of Canada is not.
#[test]
fn elsewhere_addresses_are_written_as_they_are_there() {
    let mut fields = filled(FormKind::ClientContact);
    fields.set(Field::Country, "France");
    fields.set(Field::PostalCode, "75001");
    let found = read(FormKind::ClientContact, &fields);
    assert_eq!(found, faults(Field::Province, Why::OnlyInCanada));
    fields.set(Field::Province, "");
    let form = read(FormKind::ClientContact, &fields).unwrap();
    assert_eq!(form.fields().get(Field::PostalCode), "75001");
    fields.set(Field::PostalCode, "");
    let Ok(Form::ClientContact(form)) = read(FormKind::ClientContact, &fields) else {
        panic!("taken without a postal code");
    };
    assert!(matches!(
        form.address.country,
        Country::Other {
            postal_code: None,
            ..
        }
    ));
}

/// FORM-1: what the portal knows of the counsel is there already; of a client it fills in nothing.
#[test]
fn a_form_begins_with_what_the_portal_knows() {
    let begun = FormKind::CounselContact.begun_for(&counsel());
    let missing = read(FormKind::CounselContact, &begun).unwrap_err();
    let missing: Vec<Field> = missing.into_iter().map(|fault| fault.field).collect();
    let left = [
        Field::Street,
        Field::City,
        Field::Province,
        Field::PostalCode,
        Field::FileNumbers,
    ];
    assert_eq!(missing, left);
    let begun = FormKind::ClientContact.begun_for(&counsel());
    let filled: Vec<Field> = begun.iter().map(|(field, _)| field).collect();
    assert_eq!(filled, [Field::Country]);
}

/// PRIV-1: what is in a form does not reach a log.
#[test]
fn a_form_hides_what_it_holds_from_logs() {
    let fields = filled(FormKind::ClientContact);
    let form = read(FormKind::ClientContact, &fields).unwrap();
    let Form::ClientContact(client) = &form else {
        panic!("the client's form");
    };
    let shown = format!(
        "{fields:?} {:?} {:?} {:?}",
        client.address, client.email, client.telephone
    );
    for secret in ["Tremblay", "1X4", "René", "0123", "elise@", "1234"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// The letters that stand in postal codes.
fn postal() -> impl Strategy<Value = String> {
    let first = "[ABCEGHJ-NPRSTVXY]";
    let letter = "[ABCEGHJ-NPRSTV-Z]";
    let parts = (first, "[0-9]", letter, "[ -]?", "[0-9]", letter, "[0-9]");
    parts.prop_map(|(a, b, c, gap, d, e, f)| format!("{a}{b}{c}{gap}{d}{e}{f}"))
}

proptest! {
    /// FORM-1: every postal code that mail knows is read, in capitals or not, and reading it again changes nothing.
    #[test]
    fn every_postal_code_is_read(text in postal()) {
        let code = PostalCode::parse(&text).expect("a postal code");
        prop_assert_eq!(PostalCode::parse(&text.to_lowercase()), Some(code.clone()));
        prop_assert_eq!(PostalCode::parse(code.as_str()), Some(code.clone()));
        prop_assert_eq!(code.as_str().len(), 7);
    }

    /// FORM-1: a letter that no postal code has is refused wherever it stands.
    #[test]
    fn letters_that_machines_confuse_are_refused(
        text in postal(), at in prop::sample::select(vec![0_usize, 2, 4]), never in "[DFIOQU]",
    ) {
        let mut plain: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
        plain[at] = never.chars().next().expect("a letter");
        prop_assert_eq!(PostalCode::parse(&plain.iter().collect::<String>()), None);
        plain[0] = 'W';
        prop_assert_eq!(PostalCode::parse(&plain.iter().collect::<String>()), None);
    }

    /// FORM-1: whatever is typed, it is taken or each fault names a field of the form; what is taken is kept so that it reads the same.
    #[test]
    fn whatever_is_typed_is_taken_or_told(
        kind in prop::sample::select(FormKind::ALL.to_vec()),
        typed in prop::collection::vec((prop::sample::select(Field::ALL.to_vec()), ".{0,60}"), 0..6),
    ) {
        let mut fields = filled(kind);
        for (field, text) in typed {
            fields.set(field, text);
        }
        match read(kind, &fields) {
            Ok(form) => prop_assert_eq!(read(kind, &form.fields()), Ok(form)),
            Err(faults) => {
                prop_assert!(!faults.is_empty());
                prop_assert!(faults.iter().all(|fault| kind.fields().contains(&fault.field)));
            }
        }
    }
}

/// Codes of fields and provinces lead back to what they stand for.
#[test]
fn codes_lead_back() {
    for field in Field::ALL {
        assert_eq!(Field::from_code(field.code()), Some(field));
    }
    for province in Province::ALL {
        assert_eq!(
            Province::from_code(&province.code().to_lowercase()),
            Some(province)
        );
    }
    for kind in FormKind::ALL {
        assert_eq!(FormKind::from_code(kind.code()), Some(kind));
        assert_eq!(kind.document_type().as_str(), kind.code());
    }
}
