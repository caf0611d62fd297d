//! Counsel who submit without pause, and remember every number that they were given.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use futures_util::stream;
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Client, StatusCode};
use serde_json::Value;
use tokio::task::JoinHandle;

use crate::site::{People, Portal, Site, pause};

/// Confirmation numbers, each with the bytes that were sent.
pub type Confirmed = BTreeMap<String, Vec<u8>>;

/// Counsel at work, until they are stopped.
pub struct Load {
    stopping: Arc<AtomicBool>,
    confirmed: Arc<Mutex<Confirmed>>,
    at_work: Vec<JoinHandle<()>>,
}

impl Load {
    /// Four counsel at a time; the last one's bytes come slowly. Nothing of what they send may fail.
    pub fn begin(client: &Client, api: &str, people: &People) -> Self {
        let stopping = Arc::new(AtomicBool::new(false));
        let confirmed = Arc::new(Mutex::new(Confirmed::new()));
        let count = Arc::new(AtomicUsize::new(0));
        let at_work = (0..4).map(|worker| {
            let (stopping, confirmed, count) = (stopping.clone(), confirmed.clone(), count.clone());
            let client = client.clone();
            let address = format!("{api}{}", people.submissions);
            let token = people.counsel.clone();
            tokio::spawn(async move {
                while !stopping.load(Ordering::Relaxed) {
                    let bytes = pdf(count.fetch_add(1, Ordering::Relaxed));
                    let file = part(bytes.clone(), worker == 3);
                    let form = Form::new()
                        .text("document_type", "disclosure")
                        .part("file", file);
                    let call = client.post(&address).bearer_auth(&token).multipart(form);
                    let answer = call.send().await.expect("no connection fails");
                    let status = answer.status();
                    let told: Value = answer.json().await.expect("no answer breaks off");
                    assert_eq!(status, StatusCode::CREATED, "{told}");
                    let number = told["confirmation_number"].as_str().unwrap().to_owned();
                    let twice = confirmed.lock().unwrap().insert(number, bytes);
                    assert!(twice.is_none(), "a number was given twice");
                }
            })
        });
        Self {
            at_work: at_work.collect(),
            stopping,
            confirmed,
        }
    }

    /// What was confirmed so far.
    pub fn so_far(&self) -> Confirmed {
        self.confirmed.lock().unwrap().clone()
    }

    /// Waits until so many were confirmed.
    pub async fn until(&self, wanted: usize) {
        while self.so_far().len() < wanted {
            assert!(
                self.at_work.iter().all(|one| !one.is_finished()),
                "somebody's work failed"
            );
            pause(20).await;
        }
    }

    /// Lets everybody finish what they are at.
    pub async fn end(self) -> Confirmed {
        self.stopping.store(true, Ordering::Relaxed);
        for one in self.at_work {
            one.await.unwrap();
        }
        self.confirmed.lock().unwrap().clone()
    }
}

/// A file, whole at once or in pieces with pauses.
fn part(bytes: Vec<u8>, slowly: bool) -> Part {
    if !slowly {
        return Part::bytes(bytes).file_name("evidence.pdf");
    }
    let pieces: Vec<Vec<u8>> = bytes
        .chunks(bytes.len() / 4 + 1)
        .map(<[u8]>::to_vec)
        .collect();
    let slow = stream::unfold(pieces.into_iter(), |mut pieces| async {
        pause(300).await;
        let piece = pieces.next()?;
        Some((Ok::<_, std::io::Error>(piece), pieces))
    });
    Part::stream(Body::wrap_stream(slow)).file_name("evidence.pdf")
}

/// The registry finds each of those numbers, with the very bytes that were sent.
pub async fn all_are_there(site: &Site, portal: &Portal, people: &People, confirmed: &Confirmed) {
    let mut left = confirmed.clone();
    let mut cursor = String::new();
    loop {
        let address = format!("{}/registry/submissions?limit=100{cursor}", portal.api());
        let call = site.client.get(address).bearer_auth(&people.registry);
        let listed: Value = call.send().await.unwrap().json().await.unwrap();
        for item in listed["items"].as_array().unwrap() {
            let number = item["confirmation_number"].as_str().unwrap();
            let Some(sent) = left.remove(number) else {
                continue;
            };
            let id = item["id"].as_str().unwrap();
            let file = format!("{}/registry/submissions/{id}/files/1", portal.api());
            let call = site.client.get(file).bearer_auth(&people.registry);
            let answer = call.send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{number}");
            assert_eq!(answer.bytes().await.unwrap(), sent, "{number}");
        }
        match listed["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert!(
        left.is_empty(),
        "confirmed and not there: {:?}",
        left.keys()
    );
}

/// A PDF of one page with a line on it, which differs by its number.
fn pdf(number: usize) -> Vec<u8> {
    large_pdf(number, 0)
}

/// The same, with so many bytes that say nothing.
pub fn large_pdf(number: usize, more: usize) -> Vec<u8> {
    let nothing = "x".repeat(more);
    let mut bytes = format!("%PDF-1.4\n%{number}{nothing}\n").into_bytes();
    let mut offsets = Vec::new();
    for object in [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>endobj\n",
        "4 0 obj<</Length 15>>stream\n9 9 m 99 99 l S\nendstream endobj\n",
    ] {
        offsets.push(bytes.len());
        bytes.extend(object.as_bytes());
    }
    let table = bytes.len();
    bytes.extend(b"xref\n0 5\n0000000000 65535 f \n");
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend(format!("trailer<</Size 5/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    bytes
}
