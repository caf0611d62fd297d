//! one request, one effect, however often and however much at once it is repeated.

use std::collections::BTreeSet;
use std::time::Instant;

use futures_util::{StreamExt, stream};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use crate::chance::Chance;
use crate::figures;
use crate::files::File;
use crate::installation::{Installation, Kind};

const POSTS: usize = 1_000;

/// What a post was answered: the number, or what it could not be.
type Answer = (StatusCode, Value);

async fn post(installation: &Installation, path: &str, token: &str, file: &File) -> Answer {
    let part = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
    let form = Form::new()
        .text("document_type", "disclosure")
        .part("file", part);
    let call = installation
        .call(Method::POST, path, token)
        .header("Idempotency-Key", "the same for all")
        .multipart(form);
    let answer = call.send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

async fn a_thousand_at_once(kind: Kind) {
    let begun = Instant::now();
    let installation = Installation::on(kind, "one_key").await;
    let (counsel, token) = installation.counsel().await;
    let cms = installation.staff("cms");
    let _portal = installation.portal().await;
    let case = installation.case(1, counsel, &cms).await;
    let path = format!("/counsels/{counsel}/cases/{case}/submissions");
    let mut chance = Chance::new(figures::seed(), 0);
    let (file, another) = (
        File::picture(&mut chance, 500),
        File::picture(&mut chance, 500),
    );
    let all = (0..POSTS).map(|_| post(&installation, &path, &token, &file));
    let answers: Vec<Answer> = stream::iter(all).buffer_unordered(POSTS).collect().await;

    let mut faults = Vec::new();
    let numbers: BTreeSet<String> = answers
        .iter()
        .filter(|(status, _)| *status == StatusCode::CREATED)
        .map(|(_, answer)| answer["confirmation_number"].to_string())
        .collect();
    if numbers.len() != 1 {
        faults.push(format!("{} numbers were given", numbers.len()));
    }
    let others: Vec<&Answer> = answers
        .iter()
        .filter(|(status, _)| *status != StatusCode::CREATED)
        .collect();
    let told_to_come_back = |(status, _): &&&Answer| *status == StatusCode::SERVICE_UNAVAILABLE;
    if let Some(other) = others.iter().find(|other| !told_to_come_back(other)) {
        faults.push(format!("{other:?}"));
    }
    let history = installation.list(&path, &token).await;
    if history.len() != 1 {
        faults.push(format!("{} submissions were received", history.len()));
    }
    // Where it is not known whether a record names a file, the job that tidies finds out.
    installation.job("tidy-documents", OffsetDateTime::now_utc() + Duration::days(2));
    let kept = installation.files_in("kept").len() + installation.files_in("quarantine").len();
    if kept != 1 {
        faults.push(format!("{kept} files were kept"));
    }
    let (status, problem) = post(&installation, &path, &token, &another).await;
    if status != StatusCode::UNPROCESSABLE_ENTITY && status != StatusCode::CONFLICT {
        faults.push(format!("another file under the key: {status} {problem}"));
    }
    if installation.list(&path, &token).await.len() != 1 {
        faults.push("another file under the key was received".to_owned());
    }
    let line = json!({
        "name": format!("Q-2 {}", kind.name()), "posts": POSTS, "numbers": numbers.len(), "submissions": history.len(),
        "told_to_come_back": others.len(), "faults": faults.len(), "seconds": begun.elapsed().as_secs(),
    });
    figures::tell(&line, &faults);
}

/// Q-2, SUB-2 on SQLite.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_posts_with_one_key_are_one_submission_on_sqlite() {
    a_thousand_at_once(Kind::Sqlite).await;
}

/// Q-2, SUB-2 on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_posts_with_one_key_are_one_submission_on_postgresql() {
    a_thousand_at_once(Kind::Postgres).await;
}
