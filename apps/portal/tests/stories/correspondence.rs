//! Documents from the tribunal, from sending to supervision, and documents submitted on several cases (BOX-1 … BOX-4, DEL-7, X-4).

mod downloads;
mod inbox;
mod sending;
mod supervision;

use reqwest::multipart::{Form, Part};
use reqwest::{Response, StatusCode};
use serde_json::Value;

use crate::portal::{Demonstration, json, pdf};

const TITLE: &str = "Avis de convocation à l’audience";
const NAME: &str = "Avis final – séance.pdf";

impl Demonstration {
    /// The registry's try to send a document.
    async fn try_to_send(&self, on: &str, also_on: &str, key: Option<&str>) -> Response {
        self.try_to_send_named(NAME, on, also_on, key).await
    }

    async fn try_to_send_named(
        &self,
        name: &str,
        on: &str,
        also_on: &str,
        key: Option<&str>,
    ) -> Response {
        let form = Form::new()
            .text("document_type", "notice-to-appear")
            .text("title", TITLE)
            .text("also_on", also_on.to_owned())
            .part("file", Part::bytes(pdf(5_000)).file_name(name.to_owned()));
        let call = self
            .client
            .post(self.api(&format!("/registry/cases/{on}/documents")))
            .bearer_auth(self.of("registry", "token"))
            .multipart(form);
        let call = match key {
            Some(key) => call.header("Idempotency-Key", key),
            None => call,
        };
        call.send().await.unwrap()
    }

    /// A document on a case; what the registry was answered.
    pub async fn sent(&self, on: &str) -> Value {
        let sent = self.try_to_send(on, "", None).await;
        assert_eq!(sent.status(), StatusCode::CREATED);
        json(sent).await
    }

    /// An inbox of a counsel as somebody sees it, without what the demonstration came with.
    async fn inbox(&self, counsel: &str, who: &str, of_case: &str) -> Vec<Value> {
        let counsel = self.of(counsel, "account_id");
        let path = format!("/counsels/{counsel}{of_case}/inbox?limit=100");
        let answer = self.get(&path, who).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path} by {who}");
        let listed = json(answer).await;
        let items = listed["items"].as_array().unwrap().iter();
        items
            .filter(|item| item["title"] == TITLE)
            .cloned()
            .collect()
    }

    pub async fn read(&self, counsel: &str, item: &Value, who: &str) -> Response {
        let counsel = self.of(counsel, "account_id");
        let id = item["id"].as_str().unwrap();
        self.get(&format!("/counsels/{counsel}/inbox/{id}/document"), who)
            .await
    }

    /// Which delegates the page of counsel-a's inbox names as readers to somebody.
    async fn readers_on_page(&self, who: &str) -> Vec<&'static str> {
        let cookie = self.sign_in(who).await;
        let address = format!("/en/counsels/{}/inbox", self.of("counsel-a", "account_id"));
        let call = self.client.get(self.page(&address));
        let page = call.header("cookie", cookie).send().await.unwrap();
        let page = page.text().await.unwrap();
        let mut delegates = vec!["delegate-a", "delegate-ab"];
        delegates.retain(|who| page.contains(&format!("<li>{},", self.of(who, "name"))));
        delegates
    }

    async fn activity(&self, query: &str) -> Vec<Value> {
        let counsel = self.of("counsel-a", "account_id");
        let path = format!("/counsels/{counsel}/activity?limit=100&{query}");
        let listed = json(self.get(&path, "counsel-a").await).await;
        listed["items"].as_array().unwrap().clone()
    }

    /// The numbers of a counsel's first cases that stay. One that is decided leaves at some midnight, which may be in an hour.
    pub async fn numbers(&self, counsel: &str) -> Vec<String> {
        let cases = self.cases(counsel, counsel).await;
        let staying = cases.iter().filter(|case| case["leaves_on"].is_null());
        let numbers = staying.map(|case| case["file_number"].as_str());
        numbers.map(|number| number.unwrap().to_owned()).collect()
    }
}
