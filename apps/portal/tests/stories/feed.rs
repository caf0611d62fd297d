//! The case management system feeds cases, by the API and by file (CASE-1, CASE-2, SEC-2).

use std::path::Path;
use std::process::{Command, Output};

use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait, Database, DbBackend, Statement};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};

fn kind(problem: &Value) -> &str {
    let kind = problem["type"].as_str().unwrap();
    kind.trim_start_matches("urn:mondossier:problem:")
}

/// A case as the case management system writes it.
pub fn case(number: &str, counsel: Option<&str>) -> Value {
    object!({
        "id": "ignored", "file_number": number, "division": "RAD", "region": "western", "status": "active",
        "principal_file_number": number, "client_ids": ["1110-0255", "1110020001"],
        "parties": [{ "name": "Éléonore Mbeki", "role": "appellant" }], "retainer_limits": "Appeal only",
        "events": [{ "kind": "hearing", "starts_at": "2031-02-03T09:30:00-08:00", "place": "Vancouver" }],
        "decisions": [], "final_decision_on": null, "counsel_of_record": counsel,
    })
}

impl Demonstration {
    pub async fn feed(&self, number: &str, case: &Value) -> (StatusCode, Value) {
        let path = format!("/registry/cases/{number}");
        let answer = self
            .call(Method::PUT, &path, "cms", Some(case.clone()))
            .await;
        (answer.status(), json(answer).await)
    }

    /// Whether `who` sees the case of that id, as work for the counsel.
    async fn opens(&self, counsel: &str, id: &Value, who: &str) -> StatusCode {
        let counsel = self.of(counsel, "account_id");
        let path = format!("/counsels/{counsel}/cases/{}", id.as_str().unwrap());
        self.get(&path, who).await.status()
    }

    /// The trail's entries of an action on a case, as text.
    async fn entries(&self, action: &str) -> Vec<(String, String)> {
        let file = self.folder.path().join("records.sqlite");
        let url = format!("sqlite://{}?mode=ro", file.display());
        let database = Database::connect(url).await.unwrap();
        let question = Statement::from_sql_and_values(
            DbBackend::Sqlite,
            "SELECT hex(case_file) AS id, subjects FROM audit WHERE action = ? AND refused IS NULL ORDER BY position",
            [action.into()],
        );
        let rows = database.query_all_raw(question).await.unwrap();
        let text = |row: &sea_orm::QueryResult, column| row.try_get("", column).unwrap_or_default();
        rows.iter()
            .map(|row| (text(row, "id"), text(row, "subjects")))
            .collect()
    }

    pub fn import(&self, bytes: &[u8]) -> Output {
        let file = self.folder.path().join("cases.jsonl");
        std::fs::write(&file, bytes).unwrap();
        self.jobs(&["run", "import-cases", file.to_str().unwrap()])
    }

    fn jobs(&self, arguments: &[&str]) -> Output {
        let jobs = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
        Command::new(jobs)
            .args(arguments)
            .arg("--demonstration")
            .arg(self.folder.path())
            .output()
            .expect("the jobs' program is built beside the portal's: cargo build -p jobs")
    }
}

pub fn done(output: &Output) -> Value {
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(told["job"], "import-cases");
    told["done"].clone()
}

/// CASE-1, SEC-2: a case comes in, is there for its counsel and the delegates at once, changes, and says nothing new a second time; the trail
/// has a line for each change, with the case and whose it became.
#[tokio::test]
async fn a_case_is_fed_and_seen() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let (status, created) = demonstration
        .feed("vb9-77001", &case("VB9-77001", Some(&counsel)))
        .await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(created["file_number"], "VB9-77001");
    assert_eq!(created["client_ids"], object!(["11100255", "1110020001"]));
    assert_eq!(created["events"][0]["starts_at"], "2031-02-03T17:30:00Z");
    assert_eq!(created["counsel_of_record"], counsel.as_str());
    assert_ne!(created["id"], "ignored");
    for who in ["counsel-b", "delegate-ab"] {
        let opened = demonstration.opens("counsel-b", &created["id"], who).await;
        assert_eq!(opened, StatusCode::OK);
    }

    let (status, again) = demonstration.feed("VB9-77001", &created).await;
    assert_eq!((status, &again), (StatusCode::OK, &created));
    let mut closed = case("VB9-77001", Some(&counsel));
    closed["status"] = "closed".into();
    closed["parties"] = object!([]);
    let (status, changed) = demonstration.feed("VB9-77001", &closed).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(changed["status"], "closed");
    assert_eq!(changed["parties"], object!([]));
    assert_eq!(changed["id"], created["id"]);
    let id = created["id"].as_str().unwrap().replace('-', "");
    let expected = [format!("counsel-of-record:{counsel}"), String::new()];
    assert_eq!(
        demonstration.entries("feed-case").await,
        expected.map(|subjects| (id.to_uppercase(), subjects))
    );
}

/// CASE-1: losing the record takes the access away at the next request, for the delegates too; the new counsel has it at once.
#[tokio::test]
async fn losing_the_record_takes_the_access_away() {
    let demonstration = Demonstration::start();
    let [a, b] = ["counsel-a", "counsel-b"].map(|key| demonstration.of(key, "account_id"));
    let (_, fed) = demonstration
        .feed("VB9-77002", &case("VB9-77002", Some(&a)))
        .await;
    let id = &fed["id"];
    let cookie = demonstration.sign_in("delegate-a").await;
    let page = demonstration.page(&format!("/en/counsels/{a}/cases/{}", id.as_str().unwrap()));
    let see_page = async || {
        let call = demonstration.client.get(&page).header("cookie", &cookie);
        call.send().await.unwrap().status()
    };
    assert_eq!(see_page().await, StatusCode::OK);
    let before = demonstration.cases("counsel-a", "delegate-a").await.len();

    for (next, former) in [(Some(&b), &a), (None, &b)] {
        let next = next.map(String::as_str);
        let (status, _) = demonstration
            .feed("VB9-77002", &case("VB9-77002", next))
            .await;
        assert_eq!(status, StatusCode::OK);
        let lost = if *former == a {
            "counsel-a"
        } else {
            "counsel-b"
        };
        for who in [lost, "delegate-ab"] {
            let opened = demonstration.opens(lost, id, who).await;
            assert_eq!(opened, StatusCode::NOT_FOUND, "{who} for {lost}");
        }
        let opened = demonstration.opens("counsel-b", id, "counsel-b").await;
        assert_eq!(opened == StatusCode::OK, next.is_some());
    }
    assert_eq!(see_page().await, StatusCode::NOT_FOUND);
    let after = demonstration.cases("counsel-a", "delegate-a").await.len();
    assert_eq!(after, before - 1);
    let subjects: Vec<String> = demonstration
        .entries("feed-case")
        .await
        .into_iter()
        .map(|entry| entry.1)
        .collect();
    assert_eq!(
        subjects,
        [
            format!("counsel-of-record:{a}"),
            format!("former-counsel:{a} counsel-of-record:{b}"),
            format!("former-counsel:{b}"),
        ]
    );
}

/// CASE-1: what cannot be used is refused whole, with every field that is wrong; nothing of it stays.
#[tokio::test]
async fn every_wrong_field_is_named() {
    let demonstration = Demonstration::start();
    let registry = demonstration.of("registry", "account_id");
    let mut wrong = case("VB9-77003", None);
    wrong["division"] = "XYZ".into();
    wrong["client_ids"] = object!([12_345_678, "1"]);
    wrong["events"][0]["starts_at"] = "2031-02-03T09:30:00".into();
    wrong["retainer_limits"] = "x".repeat(4_001).into();
    wrong["counsel_of_record"] = "nobody".into();
    let (status, problem) = demonstration.feed("VB9-77009", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(kind(&problem), "case-refused");
    let told: Vec<(&str, &str)> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            assert!(error["detail"].as_str().unwrap().len() > 10);
            (
                error["field"].as_str().unwrap(),
                error["fault"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("client_ids[0]", "not-text"),
            ("file_number", "another-file"),
            ("division", "unknown-division"),
            ("client_ids[1]", "client-id"),
            ("retainer_limits", "too-long"),
            ("events[0].starts_at", "instant"),
            ("counsel_of_record", "account-id"),
        ]
    );
    assert_eq!(problem["errors"][4]["limit"], 4_000);
    for (counsel, fault) in [
        ("01900000-0000-7000-8000-000000000000", "unknown-counsel"),
        (registry.as_str(), "not-counsel"),
    ] {
        let (status, problem) = demonstration
            .feed("VB9-77003", &case("VB9-77003", Some(counsel)))
            .await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(problem["errors"][0]["field"], "counsel_of_record");
        assert_eq!(problem["errors"][0]["fault"], fault);
    }
    let (status, problem) = demonstration
        .feed("lower%2Fslash", &case("VB9-77003", None))
        .await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["errors"][0]["fault"], "file-number");
    let put = || {
        let call = demonstration.api("/registry/cases/VB9-77003");
        let call = demonstration.client.put(call);
        call.bearer_auth(demonstration.of("cms", "token"))
    };
    for other in ["text/plain", "application/x-www-form-urlencoded"] {
        let sent = case("VB9-77003", None).to_string();
        let answer = put().header("content-type", other).body(sent);
        let status = answer.send().await.unwrap().status();
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{other}");
    }
    let send = async |body: Vec<u8>| {
        let answer = put().header("content-type", "application/json").body(body);
        let answer = answer.send().await.unwrap();
        (answer.status(), kind(&json(answer).await).to_owned())
    };
    let unreadable = (
        StatusCode::UNPROCESSABLE_ENTITY,
        "case-unreadable".to_owned(),
    );
    assert_eq!(send(b"{\"division\"".to_vec()).await, unreadable);
    assert_eq!(send(Vec::new()).await, unreadable);
    let large = (
        StatusCode::PAYLOAD_TOO_LARGE,
        "payload-too-large".to_owned(),
    );
    assert_eq!(send(vec![b' '; 1_000_001]).await, large);
    assert!(demonstration.entries("feed-case").await.is_empty());
}

/// CASE-1: the same new case sent many times at once is one case.
#[tokio::test]
async fn a_case_sent_many_times_at_once_is_one_case() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let case = case("VB9-77004", Some(&counsel));
    let calls = (0..20).map(|_| demonstration.feed("VB9-77004", &case));
    let mut ids = Vec::new();
    let mut created = 0;
    for (status, fed) in futures_util::future::join_all(calls).await {
        assert!(status.is_success(), "{status}");
        created += usize::from(status == StatusCode::CREATED);
        ids.push(fed["id"].to_string());
    }
    ids.dedup();
    assert_eq!((created, ids.len()), (1, 1));
    assert_eq!(demonstration.entries("feed-case").await.len(), 1);
}

/// CASE-2, BOX-1: the date of the final decision that was fed takes the case away on day 45, and with it what the general inbox has of it.
#[tokio::test]
async fn a_final_decision_that_is_fed_takes_the_case_away() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    // The demonstration has a case that was decided 44 days ago; this one bears the same date.
    let cases = demonstration.cases("counsel-a", "counsel-a").await;
    let decided = cases
        .iter()
        .find(|case| case["status"] == "decided")
        .unwrap();
    let mut case = case("VB9-77005", Some(&counsel));
    case["final_decision_on"] = decided["final_decision_on"].clone();
    let (status, fed) = demonstration.feed("VB9-77005", &case).await;
    assert_eq!(status, StatusCode::CREATED);
    let opened = async || {
        demonstration
            .opens("counsel-a", &fed["id"], "counsel-a")
            .await
    };
    let sent = demonstration.sent("VB9-77005").await;
    let in_inbox = async || {
        let path = format!("/counsels/{counsel}/inbox?limit=100");
        let listed = json(demonstration.get(&path, "counsel-a").await).await;
        let mut items = listed["items"].as_array().unwrap().iter();
        items.any(|item| item["id"] == sent["id"])
    };
    assert_eq!(opened().await, StatusCode::OK);
    assert!(in_inbox().await);
    demonstration.advance("1d").await;
    assert_eq!(opened().await, StatusCode::NOT_FOUND);
    assert!(!in_inbox().await, "nor is what came on it in the inbox");
}

/// CASE-1: a file goes in line by line: bad lines are told with their number and what to do, the others go in, and the same file again changes
/// nothing. What the API answers goes into a file as it is.
#[tokio::test]
async fn a_file_of_cases_is_imported() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let held = demonstration.cases("counsel-b", "counsel-b").await;
    let mut lines: Vec<String> = held.iter().map(ToString::to_string).collect();
    let new = |number: usize| case(&format!("VB9-78{number:03}"), Some(&counsel)).to_string();
    lines.extend((0..1_500).map(new));
    let good = lines.len();
    let mut file = format!("\u{feff}{}\r\n\r\n", lines.join("\r\n"));
    let first_bad = good + 2;
    let mut wrong = case("VB9-79000", Some(&counsel));
    wrong["division"] = "XYZ".into();
    wrong["status"] = Value::Null;
    let stranger = case("VB9-79001", Some("01900000-0000-7000-8000-000000000000"));
    let twice = case("vb9-78000", None);
    let too_long = format!("{{\"x\":\"{}\"}}", "x".repeat(1_000_000));
    let cut_off = &new(999)[..100];
    let bad = format!("{wrong}\nnonsense\n{stranger}\n{twice}\n{too_long}\n{cut_off}");
    file.push_str(&bad);

    let output = demonstration.import(file.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let told = done(&output);
    assert_eq!(
        (
            &told["inserted"],
            &told["changed"],
            &told["unchanged"],
            &told["refused"]
        ),
        (
            &object!(1_500),
            &object!(0),
            &object!(held.len()),
            &object!(6)
        )
    );
    let problems = told["problems"].as_array().unwrap();
    let numbers: Vec<usize> = problems
        .iter()
        .map(|problem| usize::try_from(problem["line"].as_u64().unwrap()).unwrap())
        .collect();
    assert_eq!(numbers, (first_bad..first_bad + 6).collect::<Vec<_>>());
    let words = |number: usize| problems[number]["problem"].as_str().unwrap();
    assert_eq!(
        problems[0]["fields"],
        object!([
            { "field": "division", "fault": "unknown-division" },
            { "field": "status", "fault": "missing" },
        ])
    );
    assert!(
        words(0).contains("division names no division") && words(0).contains("status is missing")
    );
    assert!(words(1).contains("one JSON object"));
    assert!(words(2).contains("names no account"));
    assert!(words(3).contains(&format!("line {}", held.len() + 1)));
    assert!(words(4).contains("longer than 1000000 bytes"));
    assert!(words(5).contains("breaks off"));
    assert_eq!(demonstration.entries("import-cases").await.len(), 1_500);

    let again = done(&demonstration.import(file.as_bytes()));
    assert_eq!(
        (&again["inserted"], &again["changed"], &again["unchanged"]),
        (&object!(0), &object!(0), &object!(good))
    );
    assert_eq!(demonstration.entries("import-cases").await.len(), 1_500);
    let path = format!("/counsels/{counsel}/cases?q=VB9-78&limit=100");
    let listed = json(demonstration.get(&path, "counsel-b").await).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 100);

    let moved = lines.join("\n").replace("09:30:00-08:00", "10:30:00-08:00");
    let output = demonstration.import(moved.as_bytes());
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(done(&output)["changed"], 1_500);
}

/// Wrong usage and a file that is not there are told, with the status that says so.
#[tokio::test]
async fn an_import_without_a_file_says_so() {
    let demonstration = Demonstration::start();
    let without = demonstration.jobs(&["run", "import-cases"]);
    assert_eq!(without.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&without.stderr).contains("takes a file"));
    let another = demonstration.jobs(&["run", "tidy-sessions", "cases.jsonl"]);
    assert_eq!(another.status.code(), Some(2));
    let nowhere = demonstration.jobs(&["run", "import-cases", "/nowhere/cases.jsonl"]);
    assert_eq!(nowhere.status.code(), Some(1));
    let told = String::from_utf8_lossy(&nowhere.stderr).into_owned();
    assert!(
        told.contains("/nowhere/cases.jsonl") && told.contains("No such file"),
        "{told}"
    );
    let empty = demonstration.import(b"");
    assert_eq!(empty.status.code(), Some(0));
    let listed = demonstration.jobs(&["list"]);
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let line = listed.lines().find(|line| line.starts_with("import-cases"));
    assert!(line.unwrap().contains("20"), "it has run: {line:?}");
}
