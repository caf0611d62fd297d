//! What is asked for again under the same idempotency key.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use super::{invitation, kind};
use crate::portal::{Demonstration, json};

impl Demonstration {
    /// Asks under an idempotency key, as counsel-b's software.
    async fn keyed(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let call = self.client.request(method, self.api(path));
        let call = call.bearer_auth(self.of("counsel-b", "token"));
        let mut call = call.header("idempotency-key", key);
        if let Some(body) = body {
            call = call.json(body);
        }
        let answer = call.send().await.unwrap();
        (answer.status(), json(answer).await)
    }
}

/// what is asked for again under the same idempotency key is answered as before and done once; under that key nothing else is.
#[tokio::test]
async fn what_is_repeated_under_a_key_is_done_once() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let list = format!(
        "/counsels/{}/delegations",
        demonstration.of("counsel-b", "account_id")
    );
    let twice = async |method: Method, path: &str, key: &str, body: Option<&Value>| {
        let first = demonstration.keyed(method.clone(), path, key, body).await;
        let second = demonstration.keyed(method, path, key, body).await;
        assert!(first.0.is_success(), "{first:?}");
        assert_eq!(
            (first.0, &first.1["id"]),
            (second.0, &second.1["id"]),
            "{second:?}"
        );
        first.1["id"].as_str().unwrap().to_owned()
    };
    let wish = invitation(1);
    let id = twice(Method::POST, &list, "invite", Some(&wish)).await;
    let mut other = wish.clone();
    other["questions"][0]["answer"] = "Another".into();
    let reused = demonstration
        .keyed(Method::POST, &list, "invite", Some(&other))
        .await;
    assert_eq!(kind(&reused.1), "idempotency-key-reused");
    let too_long = "k".repeat(129);
    let unusable = demonstration
        .keyed(Method::POST, &list, &too_long, Some(&wish))
        .await;
    assert_eq!(kind(&unusable.1), "idempotency-key-unusable");

    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let one = format!("{list}/{}", running["id"].as_str().unwrap());
    twice(Method::POST, &format!("{one}/renewal"), "renew", None).await;
    twice(Method::DELETE, &format!("{list}/{id}"), "withdraw", None).await;
    twice(Method::DELETE, &one, "end", None).await;
    let again = demonstration
        .keyed(Method::DELETE, &one, "end again", None)
        .await;
    assert_eq!(kind(&again.1), "delegation-over");
    let change = object!({ "language": "fr" });
    twice(
        Method::POST,
        "/me/profile/changes",
        "profile",
        Some(&change),
    )
    .await;
    let another = object!({ "given_name": "Another" });
    let reused = demonstration
        .keyed(
            Method::POST,
            "/me/profile/changes",
            "profile",
            Some(&another),
        )
        .await;
    assert_eq!(kind(&reused.1), "idempotency-key-reused");

    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    for (subject, times) in [
        ("Delegation renewed", 1),
        ("Invitation withdrawn", 2),
        ("Delegation ended", 2),
        ("Change requested", 1),
    ] {
        let of = |mail: &&Value| mail["subject"].as_str().unwrap().contains(subject);
        assert_eq!(mails.iter().filter(of).count(), times, "{subject}");
    }
}

/// X-2, DEL-2: an acceptance that is sent again under its key is answered as before, though the invitation is no longer open and the person has
/// an account since; under that key nothing else is accepted, and under another one it is too late.
#[tokio::test]
async fn an_acceptance_that_is_sent_again_is_answered_as_before() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("new-delegate").await;
    let listed = demonstration
        .by_cookie(Method::GET, "/invitations", &cookie, None)
        .await;
    let listed = json(listed).await;
    let invitation = listed["items"][0]["id"].as_str().unwrap();
    let path = format!("/invitations/{invitation}/acceptance");
    let answer = demonstration.told["secrets"]["new-delegate"][0]["answer"].clone();
    let accept = async |cookie: &str, key: &str, answer: &Value| {
        let call = demonstration.client.post(demonstration.api(&path));
        let call = call.header("cookie", cookie).header("idempotency-key", key);
        let call = call.header("sec-fetch-site", "same-origin");
        let answers = object!({ "answers": [answer] });
        call.json(&answers).send().await.unwrap()
    };
    let without = object!({ "answers": [answer], "accept_privacy_statement": false });
    let without = demonstration.by_cookie(Method::POST, &path, &cookie, Some(without));
    let without = json(without.await).await;
    assert_eq!(kind(&without), "privacy-statement-not-accepted", "PRIV-1");
    let first = accept(&cookie, "once", &answer).await;
    assert_eq!(first.status(), StatusCode::OK);
    let cookie = first.headers()["set-cookie"].to_str().unwrap().to_owned();
    let cookie = cookie.split(';').next().unwrap();
    let first = json(first).await;

    let again = accept(cookie, "once", &answer).await;
    assert_eq!(again.status(), StatusCode::OK);
    assert!(!again.headers().contains_key("set-cookie"));
    assert_eq!(json(again).await, first);
    let reused = accept(cookie, "once", &"another".into()).await;
    assert_eq!(kind(&json(reused).await), "idempotency-key-reused");
    let late = accept(cookie, "another", &answer).await;
    assert_eq!(kind(&json(late).await), "invitation-over");
    assert!(demonstration.sees_cases(cookie, "counsel-b").await);
    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    let bound = mails.iter().filter(|mail| {
        let subject = mail["subject"].as_str().unwrap();
        mail["to"] == "new-delegate@demonstration.example"
            && subject.contains("Registration complete")
    });
    assert_eq!(bound.count(), 1, "MAIL-2");

    let delegate = first["delegate"]["account_id"].as_str().unwrap();
    let lock = format!("/help-desk/accounts/{delegate}/lock");
    let locked = demonstration.call(Method::POST, &lock, "help-desk", None);
    assert!(locked.await.status().is_success());
    let blocked = accept(cookie, "once", &answer).await;
    assert_eq!(blocked.status(), StatusCode::LOCKED, "SEC-1");
}

/// whatever makes a request another one is refused under the key of the first: which delegation is renewed or ended, and each thing
/// that is said of the person who is invited, or in a change of the profile.
#[tokio::test]
async fn another_request_is_not_answered_as_the_first() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let list = format!(
        "/counsels/{}/delegations",
        demonstration.of("counsel-b", "account_id")
    );
    let held = demonstration.delegations("counsel-b").await;
    let ids = held.iter().map(|one| one["id"].as_str().unwrap());
    let all: Vec<String> = ids.map(|id| format!("{list}/{id}")).collect();
    for (method, rest) in [(Method::POST, "/renewal"), (Method::DELETE, "")] {
        for (one, kind_of_answer) in all.iter().zip([None, Some("idempotency-key-reused")]) {
            let path = format!("{one}{rest}");
            let key = format!("{method} one");
            let answer = demonstration.keyed(method.clone(), &path, &key, None).await;
            let told = answer.1["type"].is_string().then(|| kind(&answer.1));
            assert_eq!(told, kind_of_answer, "{method} {path}");
        }
    }
    let change = object!({
        "given_name": "One", "family_name": "Same", "email": "one@firm.example", "cell": "514 555 0177", "language": "fr",
    });
    let changes = "/me/profile/changes".to_owned();
    for (path, wish, others) in [
        (
            &list,
            invitation(1),
            [
                ("given_name", "Other".into()),
                ("family_name", "Other".into()),
                ("email", "other@firm.example".into()),
                ("language", "en".into()),
                (
                    "questions",
                    object!([{ "question": "Our last file?", "answer": "Blue  Folder" }]),
                ),
            ],
        ),
        (
            &changes,
            change,
            [
                ("given_name", "Other".into()),
                ("family_name", "Other".into()),
                ("email", "other@firm.example".into()),
                ("cell", "514 555 0178".into()),
                ("language", "en".into()),
            ],
        ),
    ] {
        let ask = async |body: &Value| {
            demonstration
                .keyed(Method::POST, path, path, Some(body))
                .await
        };
        let (status, first) = ask(&wish).await;
        assert_eq!(status, StatusCode::CREATED, "{first}");
        for (field, value) in others {
            let mut other = wish.clone();
            other[field] = value;
            let refused = ask(&other).await.1;
            assert_eq!(kind(&refused), "idempotency-key-reused", "{path} {field}");
        }
    }
}
