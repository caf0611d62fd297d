//! Each kind of mistake is told with its key, where the value comes from, what is wrong and what to do.

use application::deliver_notices::{AT_A_TIME, LEASE};
use time::Duration;

use super::{LEAST, Site, quoted};

#[track_caller]
fn told(site: &Site, wanted: &[&str]) {
    let faults = site.faults();
    assert_eq!(faults, wanted);
}

#[test]
fn an_unknown_key_or_section_is_told_with_those_that_there_are() {
    told(
        &Site::with("tls = true\n"),
        &[
            "email.smtp.tls (in site.toml): there is no such key; [email.smtp] has host, port, encryption, authority, user, password, password_file, timeout",
        ],
    );
    told(
        &Site::with("[term]\ndelegation = \"60d\"\n"),
        &[
            "term (in site.toml): there is no such section; there are server, metrics, traces, database, documents, scanning, email, text_messages, rolls, secrets, receipts, sign_in, tribunal, terms, submissions, retention",
        ],
    );
    told(
        &Site::with("").variable(
            "MONDOSSIER__DATABASE__URI",
            "postgres://portal:hunter2@db/x",
        ),
        &[
            "database.uri (from MONDOSSIER__DATABASE__URI): there is no such key; [database] has url, url_file, connections, wait, answer",
        ],
    );
}

#[test]
fn a_missing_key_is_told_with_the_ways_to_set_it() {
    told(
        &Site::of(
            &LEAST
                .replace("listen", "# listen")
                .replace("host", "# host"),
        ),
        &[
            "server.listen: is missing; set it in [server] or as MONDOSSIER__SERVER__LISTEN, to an address and a port, such as 127.0.0.1:8080",
            "email.smtp.host: is missing; set it in [email.smtp] or as MONDOSSIER__EMAIL__SMTP__HOST, to a line of text of 1 to 200 characters",
        ],
    );
    assert_eq!(Site::of("").faults().len(), 10);
}

#[test]
fn a_value_that_does_not_fit_is_told_with_what_would() {
    told(
        &Site::with("[terms]\ndelegation = 60\nreminder = \"10 days\"\nwrong_tries_at_most = 0\n"),
        &[
            "terms.delegation (in site.toml): must be a duration from 1s to 3660d (a whole number and s, m, h or d), not 60",
            "terms.reminder (in site.toml): must be a duration from 1s to 3660d (a whole number and s, m, h or d), not \"10 days\"",
            "terms.wrong_tries_at_most (in site.toml): must be a whole number from 1 to 100, not 0",
        ],
    );
    // SUB-1: of more files a request could not hold all, with their titles.
    told(
        &Site::with("[submissions]\nfiles_at_most = 201\n"),
        &[
            "submissions.files_at_most (in site.toml): must be a whole number from 1 to 200, not 201",
        ],
    );
    told(
        &Site::with("")
            .variable("MONDOSSIER__SUBMISSIONS__FILES_AT_MOST", "many")
            .variable("MONDOSSIER__TRIBUNAL__ACCEPTED_FILE_TYPES", "[pdf, exe]")
            .variable("MONDOSSIER__SERVER__HTTPS", "yes"),
        &[
            "server.https (from MONDOSSIER__SERVER__HTTPS): must be true or false, not \"yes\"",
            "submissions.files_at_most (from MONDOSSIER__SUBMISSIONS__FILES_AT_MOST): must be a whole number from 1 to 200, not \"many\"",
            "tribunal.accepted_file_types (from MONDOSSIER__TRIBUNAL__ACCEPTED_FILE_TYPES): must be a list of pdf, docx, jpeg, png, tiff, not [\"pdf\", \"exe\"]",
        ],
    );
}

/// MAIL-3: a worker that waits for a silent mail server as long as the configuration lets it, for each notice that it claimed, is done before its
/// lease is over: otherwise another would send the last of them too.
#[test]
fn a_mail_server_is_not_waited_for_longer_than_a_lease() {
    let with = |timeout: &str| Site::with(&format!("timeout = \"{timeout}\"\n"));
    let longest = with("1m").read().unwrap().email.smtp.timeout_seconds.get();
    let all = Duration::seconds(i64::try_from(longest).unwrap()) * AT_A_TIME;
    assert!(all < LEASE, "{all}");
    told(
        &with("61s"),
        &[
            "email.smtp.timeout (in site.toml): must be a duration from 1s to 1m (a whole number and s, m, h or d), not \"61s\"",
        ],
    );
}

#[test]
fn a_virus_scanner_that_cannot_be_understood_is_told_and_not_left_out() {
    told(
        &Site::with("[scanning]\nclamd = \"/run/clamd.ctl\"\nwhen_down = \"pass\"\n"),
        &[
            "scanning.clamd (in site.toml): must be unix:/path or tcp:host:port, not \"/run/clamd.ctl\"",
            "scanning.when_down (in site.toml): must be refuse or wait, not \"pass\"",
        ],
    );
}

#[test]
fn a_certificate_goes_with_its_key_and_is_looked_at() {
    told(
        &Site::with("").variable("MONDOSSIER__SERVER__TLS__KEY_FILE", "/nowhere/key.pem"),
        &["server.tls.certificate_file: is missing, though there is a key"],
    );
    let both = |site: Site| {
        site.variable("MONDOSSIER__SERVER__TLS__KEY_FILE", "/nowhere/key.pem")
            .variable(
                "MONDOSSIER__SERVER__TLS__CERTIFICATE_FILE",
                "/nowhere/c.pem",
            )
    };
    let faults = both(Site::with("")).faults();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert!(faults[0].starts_with("server.tls.certificate_file (from MONDOSSIER__SERVER__TLS__CERTIFICATE_FILE): the certificate cannot be read: "), "{faults:?}");
}

#[test]
fn a_proxy_is_an_address_or_a_network() {
    told(
        &Site::with("").variable("MONDOSSIER__SERVER__TRUSTED_PROXIES", "[\"proxy.example\"]"),
        &[
            "server.trusted_proxies (from MONDOSSIER__SERVER__TRUSTED_PROXIES): must be a list of an address or a network, such as 10.0.0.0/8, not [\"proxy.example\"]",
        ],
    );
}

#[test]
fn a_value_in_place_of_a_table_or_a_list_is_told() {
    told(
        &Site::of(&format!(
            "terms = 60\n{LEAST}[tribunal]\norders = \"all\"\ndivisions = [1]\nname = \"T\"\n"
        )),
        &[
            "terms (in site.toml): must be a table, [terms]",
            "tribunal.divisions, entry 1 (in site.toml): must be a table",
            "tribunal.name (in site.toml): must be a table, [tribunal.name]",
            "tribunal.orders (in site.toml): must be a list of tables, each [[tribunal.orders]]",
        ],
    );
}

/// SUB-6: a region whose zone nobody knows would be judged by another's days.
#[test]
fn an_entry_is_told_by_its_number() {
    told(
        &Site::with(
            "[[tribunal.regions]]\ncode = \"north\"\nfrench = \"Nord\"\nenglish = \"North\"\nzone = \"America/Iqaluit\"\n\
             [[tribunal.regions]]\ncode = \"far north\"\nfrench = \"\"\nzone = \"America/Iqualuit\"\nname = 1\n",
        ),
        &[
            "tribunal.regions.code, entry 2 (in site.toml): must be a code of 1 to 64 letters, digits, hyphens, underscores or full stops, not \"far north\"",
            "tribunal.regions.french, entry 2 (in site.toml): must be a line of text of 1 to 200 characters, not \"\"",
            "tribunal.regions.name, entry 2 (in site.toml): there is no such key; [tribunal.regions] has code, french, english, zone",
            "tribunal.regions.zone, entry 2 (in site.toml): must be a time zone of the tz database, such as America/Toronto, not \"America/Iqualuit\"",
            "tribunal.regions.english, entry 2 (in site.toml): is missing; it must be a line of text of 1 to 200 characters",
        ],
    );
}

#[test]
fn a_code_that_stands_twice_is_told() {
    told(
        &Site::with("").variable(
            "MONDOSSIER__TRIBUNAL__DIVISIONS",
            "[{code=\"A\",french=\"a\",english=\"a\"},{code=\"B\",french=\"b\",english=\"b\"},{code=\"A\",french=\"c\",english=\"c\"}]",
        ),
        &["tribunal.divisions.code, entry 3 (from MONDOSSIER__TRIBUNAL__DIVISIONS): A is the code of entry 1 already"],
    );
}

/// SUB-1, SUB-7, REG-1: without types of document, types of file or orders nobody could do anything.
#[test]
fn a_list_that_must_not_be_empty_is_told() {
    told(
        &Site::with(
            "[tribunal]\ndivisions = []\ndocument_types = []\ntribunal_document_types = []\norders = []\naccepted_file_types = []\n",
        ),
        &[
            "tribunal.accepted_file_types (in site.toml): must name at least one type of file",
            "tribunal.divisions (in site.toml): must have at least one entry",
            "tribunal.document_types (in site.toml): must have at least one entry",
            "tribunal.tribunal_document_types (in site.toml): must have at least one entry",
            "tribunal.orders (in site.toml): must have at least one entry",
        ],
    );
    told(
        &Site::with("[tribunal]\naccepted_file_types = [\"pdf\", \"pdf\"]\n"),
        &["tribunal.accepted_file_types (in site.toml): names pdf more than once"],
    );
}

/// DEL-3: a reminder before the delegation begins; and a session that ends before it may be idle. Both are told at once.
#[test]
fn terms_that_do_not_go_together_are_told_with_both_values() {
    told(
        &Site::with("[terms]\ndelegation = \"7d\"\n")
            .variable("MONDOSSIER__TERMS__SESSION_IDLE", "90m")
            .variable("MONDOSSIER__TERMS__SESSION_LONGEST", "1h"),
        &[
            "terms.reminder (the default): 10d is too long: it must be shorter than terms.delegation, 7d (in site.toml)",
            "terms.session_idle (from MONDOSSIER__TERMS__SESSION_IDLE): 90m is too long: it must not be longer than terms.session_longest, 1h (from MONDOSSIER__TERMS__SESSION_LONGEST)",
        ],
    );
}

/// MAIL-1: a sender that no mail can come from would make every notice fail for good.
#[test]
fn a_sender_that_is_no_address_is_told() {
    told(
        &Site::of(&LEAST.replace(" <ne-pas-repondre@tribunal.example>", "")),
        &[
            "email.from (in site.toml): must be an e-mail address, or a name and an address in angle brackets, not \"Mon dossier\"",
        ],
    );
}

#[test]
fn a_missing_secret_is_told_with_the_ways_to_give_it() {
    told(
        &Site::of(&LEAST.replace("url = \"sqlite", "# url = \"")),
        &[
            "database.url: is missing; set url or url_file in [database], or MONDOSSIER__DATABASE__URL or MONDOSSIER__DATABASE__URL_FILE in the environment",
        ],
    );
    told(
        &Site::with("user = \"portal\"\n"),
        &[
            "email.smtp.password: is missing; set password or password_file in [email.smtp], or MONDOSSIER__EMAIL__SMTP__PASSWORD or MONDOSSIER__EMAIL__SMTP__PASSWORD_FILE in the environment",
        ],
    );
    told(
        &Site::with("password = \"hunter2\"\n"),
        &["email.smtp.user: is missing, though there is a password"],
    );
}

#[test]
fn a_secret_that_is_given_twice_is_told() {
    told(
        &Site::with("").variable("MONDOSSIER__DATABASE__URL_FILE", "/run/secrets/url"),
        &[
            "database.url_file (from MONDOSSIER__DATABASE__URL_FILE): only one can be, url_file or url (in site.toml)",
        ],
    );
}

#[test]
fn a_secret_file_of_no_use_is_told() {
    let site = Site::with("user = \"portal\"\n");
    let file =
        |path: &str| Site::with(&format!("user = \"portal\"\npassword_file = {path}\n")).faults();
    let [missing] = file("\"/nowhere/password\"").try_into().unwrap();
    assert_eq!(
        missing,
        "email.smtp.password_file (in site.toml): the file /nowhere/password cannot be read: No such file or directory (os error 2)"
    );
    let empty = site.file("empty", "\n");
    assert!(file(&quoted(&empty))[0].ends_with("/empty is empty"));
    let long = site.file("long", &"x".repeat(70_000));
    assert!(file(&quoted(&long))[0].ends_with("/long is longer than any secret"));
    assert!(file("\"\"")[0].contains("must be a path"));
}

#[test]
fn a_database_that_cannot_be_ours_is_told() {
    let with = |url: &str| Site::with("").variable("MONDOSSIER__DATABASE__URL", url);
    let source = "database.url (from MONDOSSIER__DATABASE__URL)";
    for (url, what) in [
        (
            "mysql://portal:hunter2@localhost/x",
            "a database's URL begins with postgres:// or with sqlite:",
        ),
        (
            "postgres://portal:hunter2@localhost:x/x",
            "the database's URL cannot be read: invalid port number",
        ),
        (
            "sqlite::memory:",
            "a database in memory keeps nothing; name a file",
        ),
        ("", "must be text, kept secret"),
    ] {
        told(&with(url), &[&format!("{source}: {what}")]);
    }
}

/// REG-2: a code must not travel in clear, and its hash must not hang on a key that somebody can guess.
#[test]
fn a_gateway_in_clear_and_a_key_that_is_none_are_told() {
    told(
        &Site::with("").variable("MONDOSSIER__TEXT_MESSAGES__URL", "http://gateway.example"),
        &["text_messages.url (from MONDOSSIER__TEXT_MESSAGES__URL): must be an https address"],
    );
    let key =
        "must be 64 hexadecimal digits that nobody can guess; `openssl rand -hex 32` makes them";
    for guessed in ["hunter2", &"0".repeat(64)] {
        told(
            &Site::with("").variable("MONDOSSIER__SECRETS__KEY", guessed),
            &[&format!(
                "secrets.key (from MONDOSSIER__SECRETS__KEY): {key}"
            )],
        );
    }
    let site = Site::of(&LEAST.replace("key = \"0123", "# key = \""));
    let file = site.file("key", "hunter2\n");
    let site = site.variable("MONDOSSIER__SECRETS__KEY_FILE", file.to_str().unwrap());
    told(
        &site,
        &[&format!(
            "secrets.key_file (from MONDOSSIER__SECRETS__KEY_FILE): {key}"
        )],
    );
}

/// X-6, SEC-2: two keys that are one are told, in whichever letters they are written.
#[test]
fn keys_that_are_the_same_are_told() {
    let same = "23456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF01";
    for key in ["secrets.key", "receipts.key"] {
        let variable = format!("MONDOSSIER__{}", key.to_uppercase().replace('.', "__"));
        told(
            &Site::with("").variable(&variable, same),
            &[&format!(
                "{key} (from {variable}): must be another key than documents.key"
            )],
        );
    }
}

/// a master key that anybody could guess, a former one that is none, and a bucket of which only the name is there, are told.
#[test]
fn documents_that_could_not_be_sealed_or_kept_are_told() {
    let key =
        "must be 64 hexadecimal digits that nobody can guess; `openssl rand -hex 32` makes them";
    told(
        &Site::with("").variable("MONDOSSIER__DOCUMENTS__KEY", &"0".repeat(64)),
        &[&format!(
            "documents.key (from MONDOSSIER__DOCUMENTS__KEY): {key}"
        )],
    );
    let site = Site::with("");
    let former = site.file("former", "hunter2\n");
    let files = format!("[\"{}\"]", former.display());
    told(
        &site.variable("MONDOSSIER__DOCUMENTS__FORMER_KEY_FILES", &files),
        &[&format!(
            "documents.former_key_files (from MONDOSSIER__DOCUMENTS__FORMER_KEY_FILES): {key}"
        )],
    );
    let faults = Site::with("[documents.bucket]\nname = \"files\"\n").faults();
    let missing = ["secret_access_key", "endpoint", "access_key_id"];
    assert_eq!(faults.len(), missing.len(), "{faults:?}");
    for (fault, key) in faults.iter().zip(missing) {
        let begins = format!("documents.bucket.{key}: is missing");
        assert!(fault.starts_with(&begins), "{fault}");
    }
}

/// a key, a name or a former key that could not sign or verify anything is told before anything is signed.
#[test]
fn a_receipt_key_that_is_none_is_told() {
    let guessed = "0".repeat(64);
    let key =
        "must be 64 hexadecimal digits that nobody can guess; `openssl rand -hex 32` makes them";
    for (name, text, what) in [
        ("key", guessed.as_str(), key),
        (
            "origin",
            "Our log",
            "a key's name is one word without a plus sign",
        ),
        (
            "former_keys",
            "[\"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\"]",
            "name, id and key do not belong together; something was copied wrong",
        ),
    ] {
        let variable = format!("MONDOSSIER__RECEIPTS__{}", name.to_uppercase());
        told(
            &Site::with("").variable(&variable, text),
            &[&format!("receipts.{name} (from {variable}): {what}")],
        );
    }
}

#[test]
fn a_file_that_is_not_there_or_no_toml_is_told() {
    let site = Site::with("");
    std::fs::remove_file(site.path()).unwrap();
    told(
        &site,
        &["site.toml: the file cannot be read: No such file or directory (os error 2)"],
    );
    let [fault] = Site::with("password = hunter2\n")
        .faults()
        .try_into()
        .unwrap();
    assert!(
        fault.starts_with("site.toml: line 34 is no TOML: "),
        "{fault}"
    );
}

/// A secret is never repeated, whatever is wrong with it or around it.
#[test]
fn no_mistake_shows_a_secret() {
    let files = [
        "password = hunter2\n".to_owned(),
        "password = \"hunter2\n".to_owned(),
        "password = [\"hunter2\"]\n".to_owned(),
        "password = { is = \"hunter2\" }\n".to_owned(),
        "passwort = \"hunter2\"\n".to_owned(),
        "password = \"hunter2\"\npassword = \"hunter2\"\n".to_owned(),
        "[database.url]\nhunter = \"hunter2\"\n".to_owned(),
        "[submissions]\ndatabase = \"hunter2\"\n".to_owned(),
        "user = \"portal\"\npassword = \"hunter2\"\npassword_file = \"/x\"\n".to_owned(),
    ];
    let mut sites: Vec<_> = files.iter().map(|file| Site::with(file)).collect();
    sites.extend(
        [
            "DATABASE__URL",
            "SECRETS__KEY",
            "SECRETS",
            "SECRET__KEY",
            "TEXT_MESSAGES__API_KEY__IS",
            "DATABASE",
            "DATABASE__URL__X",
            "PASSWORD",
            "EMAIL__SMTP__PASSWORD",
            "EMAIL__SMTP__PASSWORD__IS",
            "EMAIL__SMTP",
            "",
            "__",
        ]
        .map(|key| Site::with("").variable(&format!("MONDOSSIER__{key}"), "hunter2")),
    );
    for site in sites {
        let error = site.read().unwrap_err();
        assert!(!error.problems.is_empty());
        for shown in [error.to_string(), format!("{error:?}")] {
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}

/// PRIV-1: a slip of units in a period is told before it deletes anything.
#[test]
fn periods_that_delete_too_soon_are_told() {
    told(
        &Site::with("[retention]\ncases = \"31d\"\nnotices = \"2d\"\n"),
        &[
            "retention.notices (in site.toml): the period for notices is shorter than thirty days or longer than a hundred years",
            "retention.cases (in site.toml): cases are kept in the portal for longer than they are retained",
        ],
    );
}

/// A store that can be nowhere, and two listeners that one machine cannot have.
#[test]
fn an_address_is_one_and_only_one_listens_at_it() {
    let bucket = |endpoint: &str| {
        Site::with(&format!(
            "[documents.bucket]\nname = \"files\"\naccess_key_id = \"me\"\nsecret_access_key = \"shh\"\nendpoint = \"{endpoint}\"\n"
        ))
    };
    assert!(bucket("https://s3.example").read().is_ok());
    let faults = bucket("nonsense").faults();
    assert!(
        faults[0].starts_with("documents.bucket.endpoint"),
        "{faults:?}"
    );
    let listening = |metrics: &str, jobs: &str| {
        Site::with(&format!(
            "[metrics]\nlisten = \"{metrics}\"\nlisten_jobs = \"{jobs}\"\n"
        ))
        .variable("MONDOSSIER__SERVER__LISTEN", "127.0.0.1:8080")
    };
    assert!(listening("127.0.0.1:0", "127.0.0.1:0").read().is_ok());
    assert!(listening("127.0.0.1:9090", "127.0.0.1:9091").read().is_ok());
    let faults = listening("127.0.0.1:8080", "127.0.0.1:9090").faults();
    assert!(faults[0].starts_with("metrics.listen "), "{faults:?}");
    let faults = listening("127.0.0.1:9090", "127.0.0.1:9090").faults();
    assert!(faults[0].starts_with("metrics.listen_jobs "), "{faults:?}");
}
