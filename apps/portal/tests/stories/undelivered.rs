//! Invitations that do not arrive: the registry sees which counsel can put the address right, and sends none that opens nothing (X-9, DEL-2).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};

fn invitation(address: &str) -> Value {
    object!({
        "given_name": "Paul", "family_name": "Roy", "email": address, "language": "fr",
        "questions": [{ "question": "Our first file?", "answer": "Blue" }], "accept_terms": true,
    })
}

impl Demonstration {
    /// The identifier of the newest notice that went to somebody: the name of the file that caught it.
    async fn notice_to(&self, address: &str) -> String {
        self.advance("1s").await;
        let files = std::fs::read_dir(self.folder.path().join("mailbox")).unwrap();
        let to_them = |file: std::io::Result<std::fs::DirEntry>| {
            let path = file.unwrap().path();
            let mail = std::fs::read_to_string(&path).unwrap();
            let id = path.file_stem().unwrap().to_str().unwrap().to_owned();
            mail.contains(address).then_some(id)
        };
        files.filter_map(to_them).max().unwrap()
    }

    /// An invitation from counsel-b that came back.
    async fn invited(&self, address: &str) -> String {
        let path = format!(
            "/counsels/{}/delegations",
            self.of("counsel-b", "account_id")
        );
        let invited = self.call(Method::POST, &path, "counsel-b", Some(invitation(address)));
        assert_eq!(invited.await.status(), StatusCode::CREATED);
        let notice = self.notice_to(address).await;
        self.comes_back(&notice).await;
        notice
    }

    async fn comes_back(&self, notice: &str) {
        let report = Some(object!({ "message_id": notice }));
        let reported = self.call(Method::POST, "/registry/bounces", "cms", report);
        assert_eq!(reported.await.status(), StatusCode::NO_CONTENT);
    }

    async fn send_again(&self, notice: &str) -> (StatusCode, Option<Value>) {
        let path = format!("/registry/undelivered/{notice}/sending");
        let answer = self.call(Method::POST, &path, "registry", None).await;
        let status = answer.status();
        let refused = !status.is_success();
        let problem = if refused {
            Some(json(answer).await)
        } else {
            None
        };
        (status, problem)
    }

    async fn undelivered(&self) -> Vec<Value> {
        let listed = json(self.get("/registry/undelivered", "registry").await).await;
        listed["items"].as_array().unwrap().clone()
    }

    async fn page_of_undelivered(&self, post: Option<[(&str, &str); 1]>) -> (StatusCode, String) {
        let cookie = self.sign_in("registry").await;
        let at = self.page("/en/registry/undelivered");
        let call = match post {
            None => self.client.get(at),
            Some(fields) => self.client.post(at).form(&fields),
        };
        let call = call
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin");
        let answer = call.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}

/// X-9, DEL-2: an invitation that came back names the counsel who invited, with what reaches them. It is sent again while it is open, and not
/// once it is withdrawn: nothing goes out, and why is said.
#[tokio::test]
async fn an_invitation_that_came_back_names_counsel_and_goes_out_only_while_it_is_open() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    let delegations = format!("/counsels/{counsel}/delegations");
    let wrong = invitation("paul@mistyped.example");
    let invited = demonstration
        .call(Method::POST, &delegations, "counsel-a", Some(wrong))
        .await;
    assert_eq!(invited.status(), StatusCode::CREATED);
    let delegation = json(invited).await["id"].as_str().unwrap().to_owned();
    let notice = demonstration.notice_to("paul@mistyped.example").await;
    demonstration.comes_back(&notice).await;

    let found = demonstration.undelivered().await;
    let told = &found[0]["invited_by"];
    assert_eq!(told["account_id"], *counsel);
    assert_eq!(told["name"], "Élise Tremblay");
    assert_eq!(told["email"], "counsel-a@demonstration.example");
    assert_eq!(told["cell"], "+15145550123");
    assert_eq!(found[0]["can_be_sent_again"], true);
    let (_, page) = demonstration.page_of_undelivered(None).await;
    for shown in [
        "Invited by Élise Tremblay",
        "counsel-a@demonstration.example",
        "paul@mistyped.example",
        "Send again",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let (status, _) = demonstration.send_again(&notice).await;
    assert_eq!(status, StatusCode::NO_CONTENT);

    let delegation = format!("{delegations}/{delegation}");
    let withdrawn = demonstration.call(Method::DELETE, &delegation, "counsel-a", None);
    assert_eq!(withdrawn.await.status(), StatusCode::OK);
    demonstration.comes_back(&notice).await;
    let (status, problem) = demonstration.send_again(&notice).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let kind = problem.unwrap()["type"].as_str().unwrap().to_owned();
    assert!(kind.ends_with("invitation-not-sent"), "{kind}");
    let found = demonstration.undelivered().await;
    assert_eq!(found[0]["can_be_sent_again"], false);
    assert_eq!(found[0]["invited_by"]["name"], "Élise Tremblay");

    let (_, page) = demonstration.page_of_undelivered(None).await;
    assert!(!page.contains("name=\"again\""), "{page}");
    assert!(page.contains("The invitation is no longer open"), "{page}");
    let again = Some([("again", notice.as_str())]);
    let (status, page) = demonstration.page_of_undelivered(again).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(page.contains("It is not sent again."), "{page}");
    let settled = format!("/registry/undelivered/{notice}/settlement");
    let settled = demonstration.call(Method::POST, &settled, "registry", None);
    assert_eq!(settled.await.status(), StatusCode::NO_CONTENT);
    assert!(demonstration.undelivered().await.is_empty());
}

/// a notice is sent again once for one key, however often that is asked for, by the API and by a page's button; another key sends it
/// once more.
#[tokio::test]
async fn a_notice_is_sent_again_once_for_one_key() {
    let demonstration = Demonstration::start();
    let notice = demonstration.invited("paul@mistyped.example").await;
    let other = demonstration.invited("rose@mistyped.example").await;
    let ask = async |notice: &str, key: &str| {
        let path = format!("/registry/undelivered/{notice}/sending");
        let call = demonstration.client.post(demonstration.api(&path));
        let call = call.bearer_auth(demonstration.of("registry", "token"));
        let answer = call.header("idempotency-key", key).send().await.unwrap();
        answer.status()
    };
    // Whatever is sent again leaves the list, until it comes back once more.
    let waits = async |notice: &str| {
        let listed = demonstration.undelivered().await;
        listed.iter().any(|one| one["id"] == notice)
    };
    assert!(waits(&notice).await);
    assert_eq!(ask(&notice, "one").await, StatusCode::NO_CONTENT);
    assert!(!waits(&notice).await);
    demonstration.advance("1s").await;
    demonstration.comes_back(&notice).await;
    assert_eq!(ask(&notice, "one").await, StatusCode::NO_CONTENT);
    assert!(waits(&notice).await, "a repeat sends nothing");
    assert_eq!(ask(&other, "one").await, StatusCode::CONFLICT);
    assert_eq!(ask(&notice, "two").await, StatusCode::NO_CONTENT);
    assert!(!waits(&notice).await);

    let (_, page) = demonstration.page_of_undelivered(None).await;
    let (_, key) = page.split_once("name=\"key\" value=\"").unwrap();
    let key = key.split('"').next().unwrap();
    let cookie = demonstration.sign_in("registry").await;
    let press = async || {
        let at = demonstration.page("/en/registry/undelivered");
        let call = demonstration.client.post(at).header("cookie", &cookie);
        let call = call.header("sec-fetch-site", "same-origin");
        let pressed = call.form(&[("again", other.as_str()), ("key", key)]);
        pressed.send().await.unwrap().status()
    };
    assert_eq!(press().await, StatusCode::SEE_OTHER);
    assert!(!waits(&other).await);
    demonstration.advance("1s").await;
    demonstration.comes_back(&other).await;
    assert_eq!(press().await, StatusCode::SEE_OTHER);
    assert!(waits(&other).await, "a second click sends nothing");
}

/// X-9, DEL-2: the same once it has lapsed, and once somebody accepted it.
#[tokio::test]
async fn an_invitation_that_lapsed_or_was_accepted_is_not_sent_again() {
    let demonstration = Demonstration::start();
    let address = "delegate-a@demonstration.example";
    let notice = demonstration.invited(address).await;
    let cookie = demonstration.sign_in("delegate-a").await;
    let listed = demonstration.by_cookie(Method::GET, "/invitations", &cookie, None);
    let listed = json(listed.await).await;
    let invitation = listed["items"][0]["id"].as_str().unwrap();
    let path = format!("/invitations/{invitation}/acceptance");
    let answers = Some(object!({ "answers": ["Blue"] }));
    let accepted = demonstration.by_cookie(Method::POST, &path, &cookie, answers);
    assert_eq!(accepted.await.status(), StatusCode::OK);
    let (status, _) = demonstration.send_again(&notice).await;
    assert_eq!(status, StatusCode::CONFLICT);

    let notice = demonstration.invited("paul@mistyped.example").await;
    demonstration.advance("10d").await;
    let (status, _) = demonstration.send_again(&notice).await;
    assert_eq!(status, StatusCode::CONFLICT);
    for found in demonstration.undelivered().await {
        assert_eq!(found["can_be_sent_again"], false, "{found}");
        assert_eq!(
            found["invited_by"]["name"],
            demonstration.of("counsel-b", "name")
        );
    }
}
