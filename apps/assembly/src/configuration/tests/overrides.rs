//! Each key can be set in the file, and in the environment above the file.

use proptest::prelude::*;
use secrecy::ExposeSecret;
use time::Duration;
use toml::{Table, Value};

use super::{LEAST, Site};
use crate::configuration::key::{Key, Kind};
use crate::configuration::problem::At;
use crate::configuration::{Configuration, Rules, keys, limits_from_variables};

/// For every key a value that is not the default, as TOML writes it. A new key needs a line here.
const OTHERWISE: &[(&str, &str)] = &[
    ("server.listen", "\"[::1]:9090\""),
    ("server.https", "false"),
    ("server.public_url", "\"https://mine.example\""),
    ("server.trusted_proxies", "[\"10.0.0.0/8\", \"::1\"]"),
    ("server.notice", "\"1s\""),
    ("server.drain", "\"10s\""),
    ("server.limits.connections", "1000"),
    ("server.limits.connections_per_address", "10"),
    ("server.limits.head", "\"5s\""),
    ("server.limits.idle", "\"5m\""),
    ("server.limits.pause", "\"5s\""),
    ("server.limits.slowest", "1000"),
    ("server.limits.requests_per_minute", "600"),
    ("metrics.listen", "\"127.0.0.1:9190\""),
    ("metrics.listen_jobs", "\"127.0.0.1:9191\""),
    ("traces.endpoint", "\"http://127.0.0.1:4318\""),
    ("sign_in.timeout", "\"20s\""),
    (
        "sign_in.services",
        "[{key = \"one\", french = \"Un\", english = \"One\", issuer = \"https://one.example\", client_id = \"portal\", client_secret = \"s\"}]",
    ),
    ("database.url", "\"postgres://portal:0042@db/mondossier\""),
    ("database.connections", "3"),
    ("database.wait", "\"2m\""),
    ("database.answer", "\"20s\""),
    ("documents.folder", "\"/srv/documents\""),
    (
        "documents.key",
        "\"1123456789012345678901234567890123456789012345678901234567890123\"",
    ),
    ("scanning.clamd", "\"tcp:scanner.example:3310\""),
    ("scanning.when_down", "\"wait\""),
    ("scanning.wait", "\"5s\""),
    ("scanning.timeout", "\"5s\""),
    ("email.from", "\"no-reply@tribunal.example\""),
    ("email.smtp.host", "\"10\""),
    ("email.smtp.port", "25"),
    ("email.smtp.encryption", "\"none\""),
    ("email.smtp.authority", "\"/srv/ca.pem\""),
    ("email.smtp.timeout", "\"5s\""),
    ("text_messages.url", "\"http://localhost:8025\""),
    ("text_messages.api_key", "\"1\""),
    ("text_messages.access_code_template_fr", "\"2\""),
    ("text_messages.access_code_template_en", "\"3\""),
    ("text_messages.timeout", "\"1m\""),
    ("rolls.folder", "\"/srv/rolls\""),
    (
        "secrets.key",
        "\"1123456789012345678901234567890123456789012345678901234567890123\"",
    ),
    ("receipts.origin", "\"other.example/log\""),
    (
        "receipts.key",
        "\"1123456789012345678901234567890123456789012345678901234567890123\"",
    ),
    (
        "receipts.former_keys",
        "[\"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\"]",
    ),
    ("tribunal.help_desk", "\"15145550123\""),
    ("tribunal.zone", "\"Europe/Paris\""),
    ("tribunal.delegation_terms_version", "\"7\""),
    ("tribunal.privacy_statement_version", "\"8\""),
    ("tribunal.accepted_file_types", "[\"pdf\", \"tiff\"]"),
    ("tribunal.name.french", "\"Tribunal\""),
    ("tribunal.name.english", "\"Tribunal\""),
    ("tribunal.short_name.french", "\"T\""),
    ("tribunal.short_name.english", "\"T\""),
    (
        "tribunal.divisions",
        "[{code = \"1\", french = \"Une\", english = \"One, and only\"}]",
    ),
    ("tribunal.regions", "[]"),
    (
        "tribunal.document_types",
        "[{code = \"form\", french = \"Formulaire\", english = \"Form\", asks_for_service = true}]",
    ),
    (
        "tribunal.tribunal_document_types",
        "[{code = \"order\", french = \"Ordonnance\", english = \"Order\"}]",
    ),
    (
        "tribunal.orders",
        "[{code = \"bar\", french = \"Barreau\", english = \"Bar\", issues_numbers = false}]",
    ),
    ("terms.delegates_at_most", "6"),
    ("terms.delegation", "\"90d\""),
    ("terms.reminder", "\"5d\""),
    ("terms.renewal_grace", "\"20d\""),
    ("terms.invitation", "\"72h\""),
    ("terms.access_code", "\"90m\""),
    ("terms.wrong_tries_at_most", "3"),
    ("terms.wrong_answers_at_most", "7"),
    ("terms.invitations_per_day", "5"),
    ("terms.tries_per_address", "1"),
    ("terms.tries_per_sign_in", "1000000"),
    ("terms.tries_window", "\"1s\""),
    ("terms.case_days_after_decision", "0"),
    ("terms.profile_change", "\"24h\""),
    ("terms.recent_sign_in", "\"300s\""),
    ("terms.session_idle", "\"10m\""),
    ("terms.session_longest", "\"8h\""),
    ("terms.session_warning", "\"2m\""),
    ("terms.token_longest", "\"3660d\""),
    ("submissions.files_at_most", "5"),
    ("submissions.file_bytes_at_most", "10_000_000_000"),
    ("submissions.note_characters_at_most", "0"),
    ("submissions.draft", "\"7d\""),
    ("submissions.drafts_at_most", "7"),
    ("submissions.upload", "\"48h\""),
    ("submissions.uploads_at_most", "3"),
    ("retention.cases", "\"3660d\""),
    ("retention.delegations", "\"60d\""),
    ("retention.accounts", "\"36600d\""),
    ("retention.notices", "\"30d\""),
];

/// Keys that the tests of secrets set.
const ELSEWHERE: &[&str] = &[
    "database.url_file",
    "documents.key_file",
    "documents.former_key_files",
    "documents.bucket.name",
    "documents.bucket.endpoint",
    "documents.bucket.region",
    "documents.bucket.timeout",
    "documents.bucket.access_key_id",
    "documents.bucket.secret_access_key",
    "documents.bucket.secret_access_key_file",
    "email.smtp.user",
    "email.smtp.password",
    "email.smtp.password_file",
    "text_messages.api_key_file",
    "server.tls.certificate_file",
    "server.tls.key_file",
    "secrets.key_file",
    "secrets.former_key_files",
    "receipts.key_file",
];

/// Every key that takes a value or a list, by its dotted name.
fn every_key(keys: &[Key], at: &At) -> Vec<String> {
    let inner = |key: &Key| {
        let here = at.then([key.name]);
        match &key.kind {
            Kind::Section(section) => every_key(&section.keys, &here),
            Kind::Entries(_) | Kind::Value(_) => vec![here.dotted()],
        }
    };
    keys.iter().flat_map(inner).collect()
}

/// The least file with one key set otherwise.
fn file_with(key: &str, value: &str) -> String {
    let mut file: Table = LEAST.parse().unwrap();
    let value = format!("value = {value}").parse::<Table>().unwrap()["value"].clone();
    let (sections, name) = key.rsplit_once('.').unwrap();
    let table = sections.split('.').fold(&mut file, |table, section| {
        let inner = table.entry(section).or_insert(Value::Table(Table::new()));
        inner.as_table_mut().unwrap()
    });
    table.insert(name.to_owned(), value);
    file.to_string()
}

/// Everything that was read, so that two can be compared.
fn seen(configuration: &Configuration) -> String {
    let hidden = [
        configuration.database.url.expose_secret(),
        configuration.text_messages.api_key.expose_secret(),
        configuration.secrets.key.expose_secret(),
        configuration.documents.key.expose_secret(),
        configuration.receipts.key.expose_secret(),
        configuration.rules.tribunal.help_desk.as_str(),
    ];
    format!("{hidden:?} {configuration:?}")
}

#[test]
fn every_key_is_tried() {
    let mut tried: Vec<&str> = OTHERWISE.iter().map(|(key, _)| *key).collect();
    tried.extend(ELSEWHERE);
    tried.sort_unstable();
    let mut all = every_key(&keys(), &At::default());
    all.sort_unstable();
    assert_eq!(all, tried);
}

#[test]
fn every_key_can_be_set_in_the_file_and_above_it_in_the_environment() {
    let usual = seen(&Site::with("").read().unwrap());
    for (key, value) in OTHERWISE {
        let in_file = seen(&Site::of(&file_with(key, value)).read().unwrap());
        assert_ne!(in_file, usual, "{key}");
        // Text stands in a variable as it is, without TOML's quotes.
        let text = match format!("v = {value}").parse::<Table>().unwrap().remove("v") {
            Some(Value::String(text)) => text,
            Some(Value::Integer(number)) => number.to_string(),
            _ => (*value).to_owned(),
        };
        let site = Site::with("").variable(&At::key(key).variable(), &text);
        assert_eq!(seen(&site.read().unwrap()), in_file, "{key}");
    }
}

#[test]
fn the_environment_stands_above_the_file() {
    let site = Site::with("[terms]\ndelegation = \"30d\"\nreminder = \"5d\"\n")
        .variable("MONDOSSIER__TERMS__DELEGATION", "90d")
        .variable("SOMETHING_ELSE", "1")
        .variable("MONDOSSIER_TEST_POSTGRES", "postgres://127.0.0.1");
    let terms = site.read().unwrap().rules.terms;
    assert_eq!(terms.delegation, Duration::days(90));
    assert_eq!(terms.reminder, Duration::days(5));
}

/// SUB-7: a list is the tribunal's own; nothing of the default one stays.
#[test]
fn a_list_in_the_file_replaces_the_default_one() {
    let site = Site::with(
        "[[tribunal.divisions]]\ncode = \"A\"\nfrench = \"Une\"\nenglish = \"One\"\n\
         [[tribunal.divisions]]\ncode = \"B\"\nfrench = \"Deux\"\nenglish = \"Two\"\n",
    );
    let tribunal = site.read().unwrap().rules.tribunal;
    let names: Vec<_> = tribunal
        .divisions
        .iter()
        .map(|one| one.name.english.as_str())
        .collect();
    assert_eq!(names, ["One", "Two"]);
    assert_eq!(tribunal.document_types.len(), 10);
    assert_eq!(tribunal.name.french.chars().next(), Some('C'));
}

#[test]
fn a_text_that_looks_like_a_number_stays_as_it_is() {
    let site = Site::with("")
        .variable("MONDOSSIER__TRIBUNAL__DELEGATION_TERMS_VERSION", "007")
        .variable("MONDOSSIER__TRIBUNAL__NAME__ENGLISH", "true")
        .variable("MONDOSSIER__EMAIL__SMTP__USER", "[1]")
        .variable("MONDOSSIER__EMAIL__SMTP__PASSWORD", "0001e5");
    let site = site.read().unwrap();
    assert_eq!(site.rules.tribunal.delegation_terms_version, "007");
    assert_eq!(site.rules.tribunal.name.english, "true");
    assert_eq!(site.email.smtp.user.as_deref(), Some("[1]"));
    let password = site.email.smtp.password.unwrap();
    assert_eq!(password.expose_secret(), "0001e5");
}

#[test]
fn a_secret_comes_from_its_own_file_without_the_end_of_the_line() {
    let site = Site::of(&LEAST.replace("url = \"sqlite", "# url = \""));
    let url = site.file("url", "postgres://portal:hunter2@localhost/mondossier\n");
    let password = site.file("password", " correct horse \r\n");
    let site = site
        .variable("MONDOSSIER__DATABASE__URL_FILE", url.to_str().unwrap())
        .variable("MONDOSSIER__EMAIL__SMTP__USER", "portal")
        .variable(
            "MONDOSSIER__EMAIL__SMTP__PASSWORD_FILE",
            password.to_str().unwrap(),
        );
    let read = site.read().unwrap();
    let password = read.email.smtp.password.as_ref().unwrap();
    assert!(
        read.database
            .url
            .expose_secret()
            .ends_with("@localhost/mondossier")
    );
    assert_eq!(password.expose_secret(), " correct horse ");
    let shown = format!("{read:?}");
    assert!(
        !shown.contains("hunter2") && !shown.contains("horse"),
        "{shown}"
    );
}

#[test]
fn a_part_in_the_environment_stands_above_the_table_that_it_is_part_of() {
    let part = ("MONDOSSIER__TRIBUNAL__NAME__FRENCH", "Tribunal");
    let table = (
        "MONDOSSIER__TRIBUNAL__NAME",
        "{french = \"Cour\", english = \"Court\"}",
    );
    for [first, second] in [[part, table], [table, part]] {
        let site = Site::with("").variable(first.0, first.1);
        let site = site.variable(second.0, second.1).read().unwrap();
        let name = site.rules.tribunal.name;
        assert_eq!([name.french, name.english], ["Tribunal", "Court"]);
    }
}

/// The demonstration has no file, and takes names and limits from the environment alone.
#[test]
fn the_demonstration_takes_its_rules_from_the_environment() {
    let variables = [
        ("MONDOSSIER__SUBMISSIONS__FILES_AT_MOST", "3"),
        ("MONDOSSIER__TERMS__DELEGATION", "61d"),
        ("MONDOSSIER__TRIBUNAL__SHORT_NAME__ENGLISH", "Board"),
        ("MONDOSSIER__DATABASE__CONNECTIONS", "2"),
    ];
    let variables = variables.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let rules = Rules::from_variables(variables).unwrap();
    assert_eq!(rules.terms.files_at_most, 3);
    assert_eq!(rules.terms.delegation, Duration::days(61));
    assert_eq!(rules.tribunal.short_name.english, "Board");
    let slip = [("MONDOSSIER__SUBMISSION__FILES_AT_MOST", "3")];
    let slip = slip.map(|(name, text)| (name.to_owned(), text.to_owned()));
    assert!(Rules::from_variables(slip).is_err());
}

/// So it does with what it takes from whom: a test need not wait as long as people may.
#[test]
fn the_demonstration_takes_its_limits_from_the_environment() {
    let variables = [
        ("MONDOSSIER__SERVER__LIMITS__PAUSE", "1s"),
        ("MONDOSSIER__SERVER__DRAIN", "2s"),
    ];
    let variables = variables.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let (limits, _) = limits_from_variables(variables).unwrap();
    assert_eq!((limits.pause.as_secs(), limits.drain.as_secs()), (1, 2));
    let (without, _) = limits_from_variables([]).unwrap();
    assert_eq!((without.pause.as_secs(), without.connections), (30, 5_000));
    let slip = ("MONDOSSIER__SERVER__LIMITS__PAUSE", "soon");
    let slip = [(slip.0.to_owned(), slip.1.to_owned())];
    assert!(limits_from_variables(slip).is_err());
}

const DURATIONS: [&str; 13] = [
    "TERMS__DELEGATION",
    "TERMS__REMINDER",
    "TERMS__RENEWAL_GRACE",
    "TERMS__INVITATION",
    "TERMS__ACCESS_CODE",
    "TERMS__PROFILE_CHANGE",
    "TERMS__RECENT_SIGN_IN",
    "TERMS__SESSION_IDLE",
    "TERMS__SESSION_LONGEST",
    "TERMS__TRIES_WINDOW",
    "TERMS__TOKEN_LONGEST",
    "SUBMISSIONS__DRAFT",
    "DATABASE__WAIT",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// DEL-3, CASE-2: whatever somebody writes for durations and counts, the terms that come out can be worked with, or the refusal
    /// says why; nothing panics.
    #[test]
    fn whatever_the_durations_nothing_panics(
        durations in prop::array::uniform13("[0-9]{1,5}[smhd]|[0-9]{0,22}[smhd]?|\\PC{0,8}"),
        count in "[0-9]{1,22}|\\PC{0,8}",
    ) {
        let mut variables: Vec<_> = DURATIONS.iter().map(|key| format!("MONDOSSIER__{key}")).zip(durations).collect();
        for key in ["TERMS__DELEGATES_AT_MOST", "TERMS__CASE_DAYS_AFTER_DECISION", "SUBMISSIONS__FILE_BYTES_AT_MOST"] {
            variables.push((format!("MONDOSSIER__{key}"), count.clone()));
        }
        match Rules::from_variables(variables) {
            Ok(rules) => prop_assert_eq!(rules.terms.clone().checked(), Ok(rules.terms)),
            Err(error) => prop_assert!(!error.problems.is_empty()),
        }
    }
}
