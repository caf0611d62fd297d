//! Files that come in piece by piece, as programs send them and as somebody would who means harm.

mod access;
mod bytes;
mod submitting;

use reqwest::multipart::Form;
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use crate::portal::{Demonstration, json};

const TYPE: &str = "application/offset+octet-stream";

/// Uploads of one person on one case.
struct Uploads<'a> {
    portal: &'a Demonstration,
    who: &'a str,
    /// The collection, of the API.
    place: String,
    /// What the demonstration came with.
    before: usize,
}

impl<'a> Uploads<'a> {
    async fn of(portal: &'a Demonstration, who: &'a str) -> Self {
        let submissions = portal.submissions().await;
        let place = submissions.replace("/submissions", "/uploads");
        let mut uploads = Self {
            portal,
            who,
            place,
            before: 0,
        };
        uploads.before = uploads.stored();
        uploads
    }

    async fn ask(
        &self,
        method: Method,
        address: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Response {
        let mut call = self
            .portal
            .client
            .request(method, address)
            .bearer_auth(self.portal.of(self.who, "token"));
        for (name, value) in headers {
            call = call.header(*name, *value);
        }
        call.body(body).send().await.unwrap()
    }

    async fn create(&self, length: &str) -> Response {
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("upload-length", length),
            ("upload-metadata", "filename UGnDqGNlIDEucGRm"),
        ];
        let address = self.portal.api(&self.place);
        self.ask(Method::POST, &address, &headers, Vec::new()).await
    }

    /// Begins one, and gives its address.
    async fn begun(&self, length: usize) -> String {
        let created = self.create(&length.to_string()).await;
        assert_eq!(created.status(), StatusCode::CREATED);
        let headers = created.headers();
        assert_eq!(headers["tus-resumable"], "1.0.0");
        assert!(headers["upload-expires"].to_str().unwrap().ends_with("GMT"));
        self.portal.page(headers["location"].to_str().unwrap())
    }

    async fn add(&self, address: &str, offset: usize, bytes: &[u8]) -> Response {
        let offset = offset.to_string();
        let headers = [
            ("tus-resumable", "1.0.0"),
            ("content-type", TYPE),
            ("upload-offset", &offset),
        ];
        self.ask(Method::PATCH, address, &headers, bytes.to_vec())
            .await
    }

    async fn stands(&self, address: &str) -> (StatusCode, Option<u64>) {
        let headers = [("tus-resumable", "1.0.0")];
        let stands = self.ask(Method::HEAD, address, &headers, Vec::new()).await;
        let offset = stands.headers().get("upload-offset");
        let offset = offset.map(|offset| offset.to_str().unwrap().parse().unwrap());
        (stands.status(), offset)
    }

    /// How many objects the store holds that were not there before.
    fn stored(&self) -> usize {
        let mut folders = vec![self.portal.folder.path().join("documents")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    folders.push(entry.path());
                } else {
                    files += 1;
                }
            }
        }
        files - self.before
    }

    /// A whole one, and its id.
    async fn ready(&self, bytes: &[u8]) -> String {
        let address = self.begun(bytes.len()).await;
        let added = self.add(&address, 0, bytes).await;
        assert_eq!(added.status(), StatusCode::NO_CONTENT);
        id_of(&address)
    }

    /// The ids of those that are listed.
    async fn listed(&self) -> Vec<String> {
        let address = self.portal.api(&self.place);
        let listed: Value = json(self.ask(Method::GET, &address, &[], Vec::new()).await).await;
        let items = listed["items"].as_array().unwrap();
        let ids = items
            .iter()
            .map(|item| item["id"].as_str().unwrap().to_owned());
        ids.collect()
    }

    /// The form of the page, as a browser sends it with that session.
    async fn begin_on_the_page(&self, cookie: &str, form: Form) -> Response {
        let place = self.place.replace("/uploads", "/submit");
        self.portal
            .client
            .post(self.portal.page(&format!("/en{place}")))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .multipart(form.text("document_type", "disclosure"))
            .send()
            .await
            .unwrap()
    }

    async fn submit(&self, upload: &str, key: &str) -> Response {
        self.send(Form::new().text("upload", id_of(upload)), key)
            .await
    }

    async fn send(&self, form: Form, key: &str) -> Response {
        let form = form.text("document_type", "disclosure");
        let address = self
            .portal
            .api(&self.place.replace("/uploads", "/submissions"));
        self.portal
            .client
            .post(address)
            .bearer_auth(self.portal.of(self.who, "token"))
            .header("idempotency-key", key)
            .multipart(form)
            .send()
            .await
            .unwrap()
    }
}

fn id_of(upload: &str) -> String {
    upload.rsplit('/').next().unwrap().to_owned()
}

async fn problem(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body: Value = json(response).await;
    let kind = body["type"].as_str().unwrap();
    let kind = kind.strip_prefix("urn:mondossier:problem:").unwrap();
    (status, kind.to_owned())
}
