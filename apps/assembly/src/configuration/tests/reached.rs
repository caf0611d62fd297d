//! What the configuration names is looked for, and left as it is.

use super::{LEAST, Site, reach};

/// A site whose file names this database and this folder, both in the site's own folder where they begin with `HERE`.
fn site(url: &str, folder: &str) -> Site {
    let site = Site::of("");
    let here = site.folder.path().display().to_string();
    let file = LEAST
        .replace("sqlite:///var/lib/mondossier/records.sqlite?mode=rwc", url)
        .replace("/var/lib/mondossier/documents", folder)
        .replace("/var/lib/mondossier/rolls", "HERE")
        .replace("HERE", &here);
    site.file("site.toml", &file);
    site
}

#[tokio::test]
async fn what_is_there_or_can_be_made_is_no_problem_and_nothing_is_made() {
    let site = site(
        "sqlite://HERE/records.sqlite?mode=rwc",
        "HERE/data/documents",
    );
    assert_eq!(site.unreached().await, [""; 0]);
    let left: Vec<_> = std::fs::read_dir(site.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(left, ["site.toml"]);
}

/// SUB-2: what cannot be written cannot keep what was confirmed.
#[tokio::test]
async fn a_folder_that_cannot_be_used_is_told() {
    let site = site(
        "sqlite://HERE/nowhere/records.sqlite?mode=rwc",
        "HERE/site.toml/documents",
    );
    let [database, documents] = site.unreached().await.try_into().unwrap();
    assert!(
        database.starts_with("database.url (in site.toml): the folder ")
            && database.contains("nowhere cannot be used: "),
        "{database}"
    );
    assert!(
        documents
            .starts_with("documents.folder (in site.toml): the folder site.toml cannot be used: "),
        "{documents}"
    );
}

/// SUB-1: a scanner that does not answer would have every file refused.
#[tokio::test]
async fn a_virus_scanner_that_does_not_answer_is_told() {
    let site = site("sqlite://HERE/records.sqlite?mode=rwc", "HERE")
        .variable("MONDOSSIER__SCANNING__CLAMD", "unix:/nowhere/clamd.ctl");
    assert_eq!(
        site.unreached().await,
        [
            "scanning.clamd (from MONDOSSIER__SCANNING__CLAMD): the virus scanner cannot be used: clamd at unix:/nowhere/clamd.ctl: cannot be reached: No such file or directory (os error 2)"
        ]
    );
}

/// Without a scanner the portal works, and without a sign-in service it serves nobody: an operator is told once what that means.
#[tokio::test]
async fn a_configuration_without_a_virus_scanner_is_warned_of() {
    let site = Site::with("");
    // Nor is there a database yet.
    assert_eq!(
        but_for_the_schema(&site).await,
        [
            "server.trusted_proxies: names no proxy, though browsers come by https through one: all of them count as one address when tries are counted",
            NO_SERVICE,
            "scanning.clamd: names no virus scanner: files that people send are not looked through for viruses"
        ]
    );
    let site = Site::with("[scanning]\nclamd = \"tcp:scanner:3310\"\n")
        .variable("MONDOSSIER__SERVER__TRUSTED_PROXIES", "[\"10.0.0.0/8\"]");
    assert_eq!(but_for_the_schema(&site).await, [NO_SERVICE]);
}

const NO_SERVICE: &str = "sign_in.services: names no sign-in service: nobody can sign in";

/// What is warned of, beside that nothing is migrated.
async fn but_for_the_schema(site: &Site) -> Vec<String> {
    let warned = reach::warnings(&site.layers().unwrap()).await;
    let mut warned: Vec<String> = warned.iter().map(|warning| site.line(warning)).collect();
    let all = warned.len();
    warned.retain(|line| !line.starts_with("database.url"));
    assert_eq!(warned.len() + 1, all);
    warned
}

/// A collector that this program cannot tell is named, and so is what is the address of none.
#[tokio::test]
async fn a_collector_that_is_not_told_is_warned_of() {
    let traces = |endpoint: &str| Site::with(&format!("[traces]\nendpoint = \"{endpoint}\"\n"));
    let site = traces("http://127.0.0.1:4318");
    let warned = reach::warnings(&site.layers().unwrap()).await;
    let mut warned = warned.iter().map(|warning| site.line(warning));
    assert_eq!(
        warned.any(|line| line.starts_with("traces.endpoint")),
        !crate::traces::BUILT_IN
    );
    for none in [
        "127.0.0.1:4318",
        "ftp://collector.example",
        "https://name:word@collector.example",
        "https://collector.example/?key=a",
        "",
    ] {
        let faults = traces(none).faults();
        assert_eq!(faults.len(), 1, "{none}");
        assert!(!faults.concat().contains(":word@"), "{faults:?}");
    }
}

/// REG-1: without the rolls nobody's membership can be checked.
#[tokio::test]
async fn a_folder_of_rolls_that_is_not_there_is_told() {
    let site = site("sqlite://HERE/records.sqlite?mode=rwc", "HERE")
        .variable("MONDOSSIER__ROLLS__FOLDER", "/nowhere/rolls");
    assert_eq!(
        site.unreached().await,
        [
            "rolls.folder (from MONDOSSIER__ROLLS__FOLDER): the folder /nowhere/rolls cannot be used: No such file or directory (os error 2)"
        ]
    );
}

#[tokio::test]
async fn a_file_that_is_no_database_is_told() {
    let site = site("sqlite://HERE/records.sqlite", "HERE");
    assert_eq!(
        site.unreached().await,
        [
            "database.url (in site.toml): there is no file records.sqlite; with ?mode=rwc `portal migrate` makes it"
        ]
    );
    site.file("records.sqlite", "a letter, and not a database");
    assert_eq!(
        site.unreached().await,
        ["database.url (in site.toml): records.sqlite is no SQLite database"]
    );
    site.file("records.sqlite", "");
    assert_eq!(site.unreached().await, [""; 0]);
}

#[tokio::test]
async fn a_server_that_does_not_answer_is_told_without_its_password() {
    let site = site("postgres://portal:hunter2@127.0.0.1:1/mondossier", "HERE")
        .variable("MONDOSSIER__DATABASE__WAIT", "1s");
    let [told] = site.unreached().await.try_into().unwrap();
    assert_eq!(
        told,
        "database.url (in site.toml): the database at 127.0.0.1:1 cannot be reached: Connection refused (os error 111)"
    );
}

/// One round tells all: what does not go together, and what cannot be reached.
#[tokio::test]
async fn what_is_wrong_and_what_cannot_be_reached_are_told_together() {
    let site = site("sqlite://HERE/records.sqlite", "HERE/site.toml")
        .variable("MONDOSSIER__TERMS__DELEGATION", "1d")
        .variable("MONDOSSIER__EMAIL__SMTP__USER", "portal");
    let told = site.unreached().await;
    let keys: Vec<_> = told
        .iter()
        .filter_map(|line| line.split([' ', ':']).next())
        .collect();
    assert_eq!(
        keys,
        [
            "email.smtp.password",
            "terms.reminder",
            "database.url",
            "documents.folder"
        ]
    );
}

/// MAIL-3: an authority's certificate that is not there, or is none, is told before a notice waits for it.
#[tokio::test]
async fn an_authority_that_vouches_for_nobody_is_told() {
    let site = Site::with("");
    let file = site.file("ca.pem", "no certificate\n");
    for authority in [file.as_path(), std::path::Path::new("/nowhere/ca.pem")] {
        let authority = authority.display().to_string();
        let site = Site::with("")
            .variable("MONDOSSIER__EMAIL__SMTP__ENCRYPTION", "starttls")
            .variable("MONDOSSIER__EMAIL__SMTP__AUTHORITY", &authority);
        let problems = reach::problems(&site.layers().unwrap()).await;
        let mut lines = problems.iter().map(|problem| site.line(problem));
        assert!(
            lines.any(|line| line.starts_with("email.smtp")),
            "{authority}"
        );
    }
}
