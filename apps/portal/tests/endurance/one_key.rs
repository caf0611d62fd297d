//! one request, one effect, however often and however much at once it is repeated: counsel's submission, and the registry's sending.

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

/// In every run of the tests; a long one has a thousand.
const FEW_POSTS: usize = 200;

/// What is posted again and again.
#[derive(Clone, Copy)]
enum What {
    Submission,
    DocumentFromTribunal,
}

/// What a post was answered.
type Answer = (StatusCode, Value);

/// A request that is repeated, and where its effect shows.
struct Repeated {
    what: What,
    installation: Installation,
    path: String,
    token: String,
}

impl Repeated {
    async fn post(&self, file: &File) -> Answer {
        let part = Part::bytes(file.bytes.clone()).file_name(file.name.clone());
        let form = match self.what {
            What::Submission => Form::new().text("document_type", "disclosure"),
            What::DocumentFromTribunal => Form::new()
                .text("document_type", "letter")
                .text("title", "Letter"),
        };
        let call = self
            .installation
            .call(Method::POST, &self.path, &self.token)
            .header("Idempotency-Key", "the same for all")
            .multipart(form.part("file", part));
        let answer = call.send().await.unwrap();
        (answer.status(), answer.json().await.unwrap())
    }

    /// What is on record.
    async fn there(&self) -> usize {
        self.installation.list(&self.path, &self.token).await.len()
    }
}

async fn many_at_once(kind: Kind, what: What) {
    let begun = Instant::now();
    let posts = if figures::is_long() { 1_000 } else { FEW_POSTS };
    let installation = Installation::on(kind, "one_key").await;
    let (counsel, counsels) = installation.counsel().await;
    let (cms, registry) = (installation.staff("cms"), installation.staff("registry"));
    let _portal = installation.portal().await;
    let case = installation.case(1, counsel, &cms).await;
    let (path, token, name) = match what {
        What::Submission => (
            format!("/counsels/{counsel}/cases/{case}/submissions"),
            counsels,
            "submission",
        ),
        What::DocumentFromTribunal => (
            "/registry/cases/TB9-00001/documents".to_owned(),
            registry,
            "document from the tribunal",
        ),
    };
    let repeated = Repeated {
        what,
        installation,
        path,
        token,
    };
    let mut chance = Chance::new(figures::seed(), 0);
    let (file, another) = (
        File::picture(&mut chance, 500),
        File::picture(&mut chance, 500),
    );
    let all = (0..posts).map(|_| repeated.post(&file));
    let answers: Vec<Answer> = stream::iter(all).buffer_unordered(posts).collect().await;

    let mut faults = Vec::new();
    let (made, others): (Vec<&Answer>, Vec<&Answer>) = answers
        .iter()
        .partition(|(status, _)| *status == StatusCode::CREATED);
    let ids: BTreeSet<String> = made
        .iter()
        .map(|(_, answer)| answer["id"].to_string())
        .collect();
    if ids.len() != 1 {
        faults.push(format!("{} different answers were given", ids.len()));
    }
    // Too much at once: such a client asks again.
    let told_to_come_back = |(status, _): &&&Answer| *status == StatusCode::SERVICE_UNAVAILABLE;
    if let Some(other) = others.iter().find(|other| !told_to_come_back(other)) {
        faults.push(format!("{other:?}"));
    }
    let there = repeated.there().await;
    if there != 1 {
        faults.push(format!("{there} are there"));
    }
    let (status, problem) = repeated.post(&another).await;
    if status != StatusCode::UNPROCESSABLE_ENTITY && status != StatusCode::CONFLICT {
        faults.push(format!("another file under the key: {status} {problem}"));
    }
    if repeated.there().await != 1 {
        faults.push("another file under the key was taken".to_owned());
    }
    // Where it is not known whether a record names a file, the job that tidies finds out.
    let later = OffsetDateTime::now_utc() + Duration::days(2);
    repeated.installation.job("tidy-documents", later);
    let files = ["kept", "quarantine"].map(|folder| repeated.installation.files_in(folder).len());
    if files != [1, 0] {
        faults.push(format!("{files:?} files are left"));
    }
    let line = json!({
        "name": format!("Q-2 {}, {name}", kind.name()), "posts": posts, "different_answers": ids.len(), "on_record": there,
        "told_to_come_back": others.len(), "faults": faults.len(), "seconds": begun.elapsed().as_secs(),
    });
    figures::tell(&line, &faults);
}

/// Q-2, SUB-2 on SQLite.
#[tokio::test(flavor = "multi_thread")]
async fn many_posts_with_one_key_are_one_submission_on_sqlite() {
    many_at_once(Kind::Sqlite, What::Submission).await;
}

/// Q-2, SUB-2 on PostgreSQL.
#[tokio::test(flavor = "multi_thread")]
async fn many_posts_with_one_key_are_one_submission_on_postgresql() {
    many_at_once(Kind::Postgres, What::Submission).await;
}

/// Q-2, BOX-1 on PostgreSQL, where such posts are really simultaneous.
#[tokio::test(flavor = "multi_thread")]
async fn many_posts_with_one_key_send_one_document_on_postgresql() {
    many_at_once(Kind::Postgres, What::DocumentFromTribunal).await;
}
