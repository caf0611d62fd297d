//! An upload that is begun on one portal, goes on on another and ends on the first: what one said to be there is there for the other.

use rehearsal::postgres;
use reqwest::multipart::Form;
use reqwest::{Method, RequestBuilder, Response, StatusCode};
use serde_json::Value;

use crate::load::{Confirmed, all_are_there, large_pdf};
use crate::site::{People, Portal, Site};

/// The upload of one file, over whichever portal.
struct Upload<'a> {
    site: &'a Site,
    people: &'a People,
}

impl Upload<'_> {
    fn call(&self, portal: &Portal, method: Method, rest: &str) -> RequestBuilder {
        let place = self.people.submissions.replace("/submissions", "/uploads");
        let address = format!("{}{place}{rest}", portal.api());
        let call = self.site.client.request(method, address);
        let call = call.bearer_auth(&self.people.counsel);
        call.header("Tus-Resumable", "1.0.0")
    }

    async fn begin(&self, portal: &Portal, length: usize) -> String {
        let call = self.call(portal, Method::POST, "");
        let call = call.header("Upload-Length", length);
        let call = call.header("Upload-Metadata", "filename ZXZpZGVuY2UucGRm");
        let begun = call.send().await.unwrap();
        assert_eq!(begun.status(), StatusCode::CREATED);
        let place = begun.headers()["location"].to_str().unwrap();
        place.rsplit('/').next().unwrap().to_owned()
    }

    async fn add(&self, portal: &Portal, id: &str, offset: usize, bytes: &[u8]) -> Response {
        let call = self.call(portal, Method::PATCH, &format!("/{id}"));
        let call = call.header("Content-Type", "application/offset+octet-stream");
        let call = call.header("Upload-Offset", offset);
        call.body(bytes.to_vec()).send().await.unwrap()
    }

    async fn offset(&self, portal: &Portal, id: &str) -> usize {
        let call = self.call(portal, Method::HEAD, &format!("/{id}"));
        let stands = call.send().await.unwrap();
        let offset = stands.headers()["upload-offset"].to_str().unwrap();
        offset.parse().unwrap()
    }

    async fn submit(&self, portal: &Portal, id: &str) -> Value {
        let form = Form::new()
            .text("document_type", "disclosure")
            .text("upload", id.to_owned());
        let address = format!("{}{}", portal.api(), self.people.submissions);
        let call = self.site.client.post(address);
        let call = call.bearer_auth(&self.people.counsel);
        let call = call.header("Idempotency-Key", "the same on both");
        let answer = call.multipart(form).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::CREATED);
        answer.json().await.unwrap()
    }
}

async fn from_one_portal_to_the_other(site: Site) {
    let people = site.people().await;
    let upload = Upload {
        site: &site,
        people: &people,
    };
    let (one, other) = (site.portal(None).await, site.portal(None).await);
    let bytes = large_pdf(1, 6_000_000);
    let id = upload.begin(&one, bytes.len()).await;
    let thirds = [0, 2_000_000, 4_000_000, bytes.len()];
    for (step, portal) in [(0, &one), (1, &other), (2, &one)] {
        let (from, to) = (thirds[step], thirds[step + 1]);
        let added = upload.add(portal, &id, from, &bytes[from..to]).await;
        assert_eq!(added.status(), StatusCode::NO_CONTENT);
        for portal in [&one, &other] {
            assert_eq!(upload.offset(portal, &id).await, to);
        }
        // Who did not hear of it and sends the same to the other portal changes nothing.
        if step < 2 {
            let again = upload.add(&other, &id, from, &bytes[from..to]).await;
            assert_eq!(again.status(), StatusCode::CONFLICT);
        }
    }
    let told = upload.submit(&other, &id).await;
    let again = upload.submit(&one, &id).await;
    assert_eq!(told["confirmation_number"], again["confirmation_number"]);
    let number = told["confirmation_number"].as_str().unwrap().to_owned();
    let confirmed: Confirmed = [(number, bytes)].into();
    for portal in [&one, &other] {
        all_are_there(&site, portal, &people, &confirmed).await;
    }
}

/// X-3 over a folder that two portals share.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_from_one_portal_to_the_other_over_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    from_one_portal_to_the_other(Site::new(postgres("machines_uploads_folder").await, folder))
        .await;
}

/// X-3 over a bucket, where nothing but records and bucket is shared.
#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_from_one_portal_to_the_other_over_a_bucket() {
    let folder = tempfile::tempdir().unwrap();
    let site = Site::new(postgres("machines_uploads_bucket").await, folder).with_bucket();
    from_one_portal_to_the_other(site).await;
}
