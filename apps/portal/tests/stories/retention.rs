//! What nobody needs any more goes, and what is under a legal hold stays (PRIV-1).

use std::path::{Path, PathBuf};

use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};
use time::OffsetDateTime;

use crate::feed::{case, done};
use crate::portal::{Demonstration, json, pdf};

/// A case of counsel-a without a hearing to come, decided today or not.
#[expect(
    clippy::disallowed_methods,
    reason = "the demonstration's clock begins at the system's"
)]
fn a_case(number: &str, counsel: &str, decided: bool) -> Value {
    let mut case = case(number, Some(counsel));
    case["events"] = object!([]);
    if decided {
        let today = OffsetDateTime::from(std::time::SystemTime::now()).date();
        case["final_decision_on"] = today.to_string().into();
        case["status"] = "decided".into();
    }
    case
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

impl Demonstration {
    /// The documents that lie in the store.
    fn kept_documents(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        files(&self.folder.path().join("documents/kept"), &mut found);
        found
    }

    /// How many lie there that did not before.
    fn new_documents(&self, before: &[PathBuf]) -> usize {
        let mut found = self.kept_documents();
        found.retain(|file| !before.contains(file));
        found.len()
    }

    /// One document on `case`, and the same on `also`.
    async fn joined(&self, case: &Value, also: &str, bytes: Vec<u8>) -> Value {
        let counsel = self.of("counsel-a", "account_id");
        let id = case["id"].as_str().unwrap();
        let form = Form::new()
            .text("document_type", "disclosure")
            .text("also_on", also.to_owned())
            .part("file", Part::bytes(bytes).file_name("evidence.pdf"));
        let call = self
            .client
            .post(self.api(&format!("/counsels/{counsel}/cases/{id}/submissions")))
            .bearer_auth(self.of("counsel-a", "token"))
            .multipart(form);
        let sent = call.send().await.unwrap();
        assert_eq!(sent.status(), StatusCode::CREATED);
        json(sent).await
    }

    /// Puts a case under a hold: the answer, and the hold's id or the kind of refusal.
    async fn hold(&self, number: &str, who: &str) -> (StatusCode, String) {
        let path = format!("/registry/cases/{number}/legal-hold");
        let body = Some(object!({ "reason": "IMM-1-27" }));
        let answer = self.call(Method::POST, &path, who, body).await;
        let status = answer.status();
        let told = json(answer).await;
        let said = told["id"].as_str().or(told["type"].as_str());
        (status, said.unwrap().to_owned())
    }

    /// Lifts a hold: the answer, and the kind of refusal if it is one.
    async fn lift(&self, number: &str, hold: &str) -> (StatusCode, String) {
        let path = format!("/registry/cases/{number}/legal-hold/{hold}");
        let answer = self.call(Method::DELETE, &path, "registry", None).await;
        let status = answer.status();
        let told: Value = answer.json().await.unwrap_or_default();
        let said = told["type"].as_str().unwrap_or_default();
        (
            status,
            said.rsplit(':').next().unwrap_or_default().to_owned(),
        )
    }

    /// The registry's numbers of submissions that are there.
    async fn numbers_at_registry(&self) -> Vec<String> {
        let path = "/registry/submissions?limit=100";
        let listed = json(self.get(path, "registry").await).await;
        let items = listed["items"].as_array().unwrap().iter();
        items
            .map(|item| item["file_number"].as_str().unwrap().to_owned())
            .collect()
    }

    /// What a purge would remove now.
    fn would_purge(&self) -> Value {
        let jobs = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
        let done = std::process::Command::new(jobs)
            .args(["run", "purge", "--dry-run", "--demonstration"])
            .arg(self.folder.path())
            .output()
            .expect("cargo build -p jobs");
        serde_json::from_slice::<Value>(&done.stdout).unwrap()["done"].take()
    }

    /// Receipts, log, trail and documents, each looked through: nothing is amiss.
    fn all_is_well(&self) {
        for job in ["verify-log", "verify-audit", "verify-documents"] {
            let told = self.did(job);
            assert_eq!(told["findings"], object!([]), "{job}: {told}");
        }
    }
}

/// PRIV-1, X-1, X-4: two years after the last use a case goes with its submissions, receipts, inbox and bytes; what is under a hold stays, and
/// with it the document that both share. Log, trail and documents still verify, and each deletion is on record. What went is not brought back
/// by an import. Once the hold is lifted the period counts from then.
#[tokio::test]
async fn a_case_goes_after_two_years_and_not_while_held() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    for number in ["VB9-88001", "VB9-88002", "VB9-88003"] {
        let fed = demonstration
            .feed(number, &a_case(number, &counsel, false))
            .await;
        assert_eq!(fed.0, StatusCode::CREATED);
    }
    let (_, first) = demonstration
        .feed("VB9-88001", &a_case("VB9-88001", &counsel, false))
        .await;
    let before = demonstration.kept_documents();
    let submitted = demonstration.joined(&first, "VB9-88002", pdf(10)).await;
    demonstration.joined(&first, "VB9-88003", pdf(20)).await;
    let sent = demonstration.sent("VB9-88001").await;
    let read = demonstration.read("counsel-a", &sent, "delegate-a").await;
    assert_eq!(read.status(), StatusCode::OK);
    assert_eq!(demonstration.new_documents(&before), 3);
    for number in ["VB9-88001", "VB9-88002"] {
        demonstration
            .feed(number, &a_case(number, &counsel, true))
            .await;
    }
    let (status, held) = demonstration.hold("VB9-88002", "registry").await;
    assert_eq!(status, StatusCode::CREATED, "{held}");

    demonstration.advance("730d").await;
    let said = demonstration
        .sql("CREATE TABLE seen AS SELECT * FROM receipt")
        .await;
    assert_eq!(said, "");
    assert_eq!(demonstration.numbers_at_registry().await.len(), 4);
    demonstration.advance("3d").await;
    let left = demonstration.numbers_at_registry().await;
    assert_eq!(left.len(), 2, "{left:?}");
    assert!(!left.contains(&"VB9-88001".to_owned()));
    // The case's own letter goes; the two files that others share stay.
    let gone = demonstration.get("/registry/cases/VB9-88001/documents", "registry");
    assert_eq!(gone.await.status(), StatusCode::NOT_FOUND);
    let id = submitted["id"].as_str().unwrap();
    let file = format!("/registry/submissions/{id}/files/1");
    let answer = demonstration.get(&file, "registry").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    assert_eq!(demonstration.new_documents(&before), 2);
    demonstration.all_is_well();
    let names = demonstration
        .rows("SELECT group_concat(statement) FROM receipt")
        .await;
    assert!(!names[0].clone().unwrap_or_default().contains("VB9-88001"));
    let deletions = demonstration
        .rows("SELECT kind || kept_for_seconds FROM deletion WHERE case_file IS NOT NULL ORDER BY kind")
        .await;
    let kept_for = 731 * 24 * 60 * 60;
    for kind in ["case", "inbox-item", "submission"] {
        assert!(
            deletions.contains(&Some(format!("{kind}{kept_for}"))),
            "{deletions:?}"
        );
    }
    let trail = demonstration
        .rows("SELECT subjects FROM audit WHERE action = 'purge' AND subjects LIKE '%case:%'")
        .await;
    assert!(
        trail
            .iter()
            .flatten()
            .any(|line| line.contains(&format!("submission:{id}")))
    );

    // An import of everything brings nothing back that went, and fails for none of it.
    let old = a_case("VB9-88001", &counsel, true);
    let told = done(&demonstration.import(old.to_string().as_bytes()));
    assert_eq!(
        (&told["over"], &told["inserted"]),
        (&object!(1), &object!(0))
    );
    assert_eq!(told["refused"], object!(0), "{told}");
    let (status, told) = demonstration.feed("VB9-88001", &old).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(told["errors"][0]["fault"], "period-over", "{told}");

    // Whoever looked at the receipts before, and at the submissions after, finds nothing amiss either.
    let said = demonstration
        .sql("INSERT INTO receipt SELECT * FROM seen WHERE submission NOT IN (SELECT submission FROM receipt)")
        .await;
    assert_eq!(said, "");
    demonstration.all_is_well();

    let lifted = demonstration.lift("VB9-88002", &held).await;
    assert_eq!(lifted.0, StatusCode::NO_CONTENT);
    assert_eq!(demonstration.would_purge()["gone"]["case"], Value::Null);
    demonstration.advance("732d").await;
    assert_eq!(demonstration.numbers_at_registry().await, ["VB9-88003"]);
    assert_eq!(demonstration.new_documents(&before), 1);
    demonstration.all_is_well();
}

/// PRIV-1: the registry alone holds and lifts, with a reason, one hold at a time, as a page and as an API; whoever may not learns nothing.
#[tokio::test]
async fn the_registry_sets_and_lifts_holds() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    demonstration
        .feed("VB9-88004", &a_case("VB9-88004", &counsel, false))
        .await;
    for (number, who, expected) in [
        ("VB9-88004", "counsel-a", StatusCode::FORBIDDEN),
        ("NONE-1", "counsel-a", StatusCode::FORBIDDEN),
        ("VB9-88004", "cms", StatusCode::FORBIDDEN),
        ("NONE-1", "registry", StatusCode::NOT_FOUND),
        ("VB9-88004", "registry", StatusCode::CREATED),
        ("VB9-88004", "registry", StatusCode::CONFLICT),
    ] {
        let (status, said) = demonstration.hold(number, who).await;
        assert_eq!(status, expected, "{number} by {who}: {said}");
    }
    let listed = json(demonstration.get("/registry/legal-holds", "registry").await).await;
    assert_eq!(listed["items"][0]["file_number"], "VB9-88004");
    assert_eq!(listed["items"][0]["reason"], "IMM-1-27");

    let cookie = demonstration.sign_in("registry").await;
    let page = demonstration.page("/fr/registry/cases/VB9-88004");
    let see = async || {
        let call = demonstration.client.get(&page).header("cookie", &cookie);
        call.send().await.unwrap().text().await.unwrap()
    };
    let act = async |body: String| {
        let call = demonstration
            .client
            .post(format!("{page}/hold"))
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(body);
        call.send().await.unwrap().status()
    };
    let shown = see().await;
    assert!(shown.contains("IMM-1-27"));
    let lift = format!("lift={}", held_in(&shown));
    assert_eq!(act(lift).await, StatusCode::SEE_OTHER);
    assert!(!see().await.contains("IMM-1-27"));
    assert_eq!(
        act("reason=+".to_owned()).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        act("reason=Cour+f%C3%A9d%C3%A9rale".to_owned()).await,
        StatusCode::SEE_OTHER
    );
    assert!(see().await.contains("Cour fédérale"));
    let statement = demonstration.page("/fr/privacy");
    let statement = demonstration.client.get(statement).send().await.unwrap();
    assert!(
        statement
            .text()
            .await
            .unwrap()
            .contains("2\u{a0}ans après sa dernière utilisation")
    );
}

/// The hold that a case's page would lift.
fn held_in(page: &str) -> &str {
    let (_, rest) = page.split_once("name=\"lift\" value=\"").unwrap();
    rest.split('"').next().unwrap()
}

/// PRIV-1: two officers cross: one lifts the hold that they saw when the other had lifted it already and set another. The other one stays, and the
/// page shows it with the reason.
#[tokio::test]
async fn a_hold_that_was_set_meanwhile_stays() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    let number = "VB9-88005";
    demonstration
        .feed(number, &a_case(number, &counsel, false))
        .await;
    let (_, seen) = demonstration.hold(number, "registry").await;
    let lifted = (StatusCode::NO_CONTENT, String::new());
    assert_eq!(demonstration.lift(number, &seen).await, lifted);
    let refused = |kind: &str| (StatusCode::CONFLICT, kind.to_owned());
    let again = demonstration.lift(number, &seen).await;
    assert_eq!(again, refused("not-held"));
    let (_, anew) = demonstration.hold(number, "registry").await;
    let crossed = demonstration.lift(number, &seen).await;
    assert_eq!(crossed, refused("another-hold"));

    let cookie = demonstration.sign_in("registry").await;
    let page = demonstration.page(&format!("/en/registry/cases/{number}/hold"));
    let crossed = demonstration
        .client
        .post(page)
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin")
        .form(&[("lift", &seen)])
        .send()
        .await
        .unwrap();
    assert_eq!(crossed.status(), StatusCode::CONFLICT);
    let shown = crossed.text().await.unwrap();
    assert!(shown.contains("Another legal hold was set"), "{shown}");
    assert_eq!(held_in(&shown), anew);
    assert_eq!(demonstration.lift(number, &anew).await, lifted);
}

/// PRIV-1: bytes that a crash left behind, after the record of their going was kept, go with the job that tidies.
#[tokio::test]
async fn bytes_that_a_crash_left_behind_go() {
    let demonstration = Demonstration::start();
    let before = demonstration.kept_documents();
    let sent = demonstration
        .submit("counsel-a", &[("a.pdf", pdf(1))], None)
        .await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    assert_eq!(demonstration.new_documents(&before), 1);
    // What is there after the commit and before the bytes went.
    let left = "INSERT INTO document_leaving (document, since) SELECT document, 0 FROM submission_file ORDER BY document DESC LIMIT 1;
                DELETE FROM submission_file WHERE document IN (SELECT document FROM document_leaving)";
    assert_eq!(demonstration.sql(left).await, "");
    demonstration.did("tidy-documents");
    assert_eq!(demonstration.new_documents(&before), 0);
    let waiting = demonstration
        .rows("SELECT CAST(count(*) AS TEXT) FROM document_leaving")
        .await;
    assert_eq!(waiting, [Some("0".to_owned())]);
}
