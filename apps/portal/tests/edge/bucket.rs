//! A bucket whose store fails as such stores do: errors, cut connections, silence, and answers that get lost.

use rehearsal::{Bucket, Mood};
use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::disk::portal::pdf;
use crate::served::{Served, Site, until};

/// Somebody who submits a file.
struct Sender {
    portal: Served,
    path: String,
    token: String,
}

impl Sender {
    async fn submit(&self, key: &str) -> Response {
        let file = Part::bytes(pdf(50_000)).file_name("evidence.pdf");
        let form = Form::new()
            .text("document_type", "disclosure")
            .part("file", file);
        let call = self.portal.client.post(self.portal.at(&self.path));
        let call = call.bearer_auth(&self.token).header("Idempotency-Key", key);
        call.multipart(form).send().await.unwrap()
    }

    async fn history(&self) -> usize {
        let call = self.portal.client.get(self.portal.at(&self.path));
        let answer = call.bearer_auth(&self.token).send().await.unwrap();
        let listed: Value = answer.json().await.unwrap();
        listed["items"].as_array().unwrap().len()
    }
}

fn files(folder: &std::path::Path) -> usize {
    std::fs::read_dir(folder).map_or(0, Iterator::count)
}

/// SUB-2: whatever the store does, the sender is told to come back, nothing is half received, and the same request works once the store does.
#[tokio::test(flavor = "multi_thread")]
async fn a_bucket_that_fails_is_told_and_keeps_no_half_of_anything() {
    let place = tempfile::tempdir().unwrap();
    let bucket = Bucket::open(place.path());
    let site = Site::with("", &format!("{}timeout = \"1s\"\n", bucket.lines()));
    let (counsel, token) = site.counsel().await;
    let case = site.case().await;
    let sender = Sender {
        portal: site.serve().await,
        path: format!("/api/v1/counsels/{counsel}/cases/{case}/submissions"),
        token,
    };
    let moods = [
        Mood::Answers(500),
        Mood::Answers(503),
        Mood::Cuts,
        Mood::Hangs,
        Mood::Forgets,
    ];
    for (number, mood) in moods.into_iter().enumerate() {
        let key = format!("{mood:?}");
        bucket.is(mood);
        let answer = sender.submit(&key).await;
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE, "{key}");
        assert!(answer.headers().contains_key("retry-after"), "{key}");
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["type"], "urn:mondossier:problem:try-again");
        assert_eq!(sender.history().await, number, "{key}");

        bucket.is(Mood::Good);
        let quarantine = site.folder.path().join("documents/quarantine");
        let empty = async || files(&quarantine) == 0;
        until("something stays in quarantine", empty).await;
        let answer = sender.submit(&key).await;
        assert_eq!(answer.status(), StatusCode::CREATED, "{key}");
        assert_eq!(sender.history().await, number + 1, "{key}");
    }
    // What was stored and not told to the portal is nobody's, and goes with the job that tidies.
    site.job(&[
        "run",
        "tidy-documents",
        "--at",
        "2100-01-01T00:00:00Z",
        "--really",
    ]);
    assert_eq!(files(&bucket.objects.join("documents")), moods.len());
}
