//! Delegation, its whole life over the API (DEL-1 … DEL-8, REG-4, MAIL-2).

mod answering;
mod ending;
mod inviting;
mod repeating;
mod seeing;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};

fn kind(problem: &Value) -> &str {
    let kind = problem["type"].as_str().unwrap();
    kind.trim_start_matches("urn:mondossier:problem:")
}

pub fn invitation(number: usize) -> Value {
    object!({
        "given_name": "Person", "family_name": format!("Number{number}"), "email": format!("person-{number}@firm.example"),
        "language": "fr", "questions": [{ "question": "Our first file?", "answer": "Blue  Folder" }], "accept_terms": true,
    })
}

impl Demonstration {
    /// The invitation number that an e-mail to that address says.
    pub async fn number_sent_to(&self, address: &str) -> String {
        let mailbox = self.mailbox().await;
        let mail = mailbox.iter().find(|mail| mail["to"] == address).unwrap();
        let body = mail["body"].as_str().unwrap();
        body.split(char::is_whitespace)
            .map(|word| word.trim_end_matches('.'))
            .find(|word| word.len() == 12 && word.matches('-').count() == 2)
            .expect("the e-mail says the number")
            .to_owned()
    }

    pub async fn delegations(&self, counsel: &str) -> Vec<Value> {
        let path = format!("/counsels/{}/delegations", self.of(counsel, "account_id"));
        let listed = json(self.call(Method::GET, &path, counsel, None).await).await;
        listed["items"].as_array().unwrap().clone()
    }

    pub async fn invite(&self, counsel: &str, invitation: Value) -> (StatusCode, Value) {
        let path = format!("/counsels/{}/delegations", self.of(counsel, "account_id"));
        let answer = self
            .call(Method::POST, &path, counsel, Some(invitation))
            .await;
        (answer.status(), json(answer).await)
    }

    async fn sees_cases(&self, cookie: &str, counsel: &str) -> bool {
        let path = format!("/counsels/{}/cases", self.of(counsel, "account_id"));
        let answer = self.by_cookie(Method::GET, &path, cookie, None).await;
        answer.status() == StatusCode::OK
    }

    /// new-delegate signs in, answers, and gets the cookie that opens the new account.
    pub async fn new_delegate_accepts(&self) -> String {
        let cookie = self.sign_in("new-delegate").await;
        self.new_delegate_accepts_in(&cookie).await
    }

    /// new-delegate answers in the browser of that cookie, and gets the one that opens the new account.
    pub async fn new_delegate_accepts_in(&self, cookie: &str) -> String {
        let invitations = json(
            self.by_cookie(Method::GET, "/invitations", cookie, None)
                .await,
        )
        .await;
        let id = invitations["items"][0]["id"].as_str().unwrap();
        let answer = self.told["secrets"]["new-delegate"][0]["answer"]
            .as_str()
            .unwrap();
        let path = format!("/invitations/{id}/acceptance");
        let answers = object!({ "answers": [format!("  {}", answer.to_uppercase())] });
        let accepted = self
            .by_cookie(Method::POST, &path, cookie, Some(answers))
            .await;
        assert_eq!(accepted.status(), StatusCode::OK);
        let cookie = accepted.headers()["set-cookie"].to_str().unwrap();
        cookie.split(';').next().unwrap().to_owned()
    }

    pub async fn delegation_of_new_delegate(&self) -> Option<Value> {
        let delegations = self.delegations("counsel-b").await;
        delegations
            .into_iter()
            .find(|one| one["delegate"]["given_name"] == "Marc-André")
    }
}

/// What a page says.
async fn read(demonstration: &Demonstration, cookie: &str, path: &str) -> String {
    let page = demonstration.client.get(demonstration.page(path));
    let page = page.header("cookie", cookie).send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK, "{path}");
    page.text().await.unwrap().replace('\u{a0}', " ")
}
