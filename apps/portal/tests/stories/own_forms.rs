//! Two people at one browser: what one of them filled in changes nothing of whoever signed in after them (PRO-1, X-2, REG-3, DEL-2).

use reqwest::{Method, StatusCode};
use serde_json::json as object;

use crate::portal::{Demonstration, json};
use crate::registration::code;

impl Demonstration {
    /// Under which sign-in a page's forms are, as they say it.
    async fn sign_in_on(&self, page: &str, cookie: &str) -> String {
        let call = self.client.get(self.page(page)).header("cookie", cookie);
        let page = call.send().await.unwrap().text().await.unwrap();
        let (_, rest) = page.split_once("name=\"sign_in\" value=\"").unwrap();
        let (sign_in, _) = rest.split_once('"').unwrap();
        assert_eq!(sign_in.len(), 36, "{page}");
        sign_in.to_owned()
    }

    async fn fills_in(
        &self,
        page: &str,
        cookie: &str,
        fields: &[(&str, &str)],
    ) -> (StatusCode, String) {
        let call = self
            .client
            .post(self.page(page))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .form(fields);
        let answer = call.send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    }
}

/// PRO-1: a form of My Profile that one person filled in changes nothing once another has signed in, who is not shown what it says. Whoever
/// signed in again as themselves goes on with it (REG-8).
#[tokio::test]
async fn what_one_person_filled_in_changes_nobody_elses_profile() {
    let demonstration = Demonstration::start();
    let hers = demonstration.sign_in("counsel-a").await;
    let whose = demonstration.sign_in_on("/en/account/change", &hers).await;
    let mut fields = vec![
        ("given_name", "Élise"),
        ("family_name", "Tremblay"),
        ("email", "elise@new-firm.example"),
        ("cell", ""),
        ("language", "en"),
        ("sign_in", whose.as_str()),
    ];
    let his = demonstration.sign_in("counsel-b").await;
    let page = "/en/account/change";
    let (status, shown) = demonstration.fills_in(page, &his, &fields).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(shown.contains("Somebody else is signed in now"), "{shown}");
    assert!(!shown.contains("Élise") && !shown.contains("new-firm"));
    for who in ["counsel-a", "counsel-b"] {
        let profile = json(demonstration.get("/me/profile", who).await).await;
        assert_eq!(profile["changes"], object!([]), "{who}");
    }

    demonstration.advance("16m").await;
    let (status, _) = demonstration.fills_in(page, &hers, &fields).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "REG-8");
    let anew = demonstration.sign_in("counsel-a").await;
    let (status, _) = demonstration.fills_in(page, &anew, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);

    // A page that was made before forms said whose they are.
    fields.pop();
    let his = demonstration.sign_in("counsel-b").await;
    let (status, _) = demonstration.fills_in(page, &his, &fields).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

/// X-2, SEC-1: the same of tokens, and of sessions, of which the wrong ones would end and the right ones go on.
#[tokio::test]
async fn nobody_makes_a_token_or_ends_a_session_for_somebody_else() {
    let demonstration = Demonstration::start();
    let hers = demonstration.sign_in("counsel-a").await;
    let whose = demonstration.sign_in_on("/en/account", &hers).await;
    let whose = ("sign_in", whose.as_str());
    let others = demonstration.sign_in("counsel-b").await;
    let his = demonstration.sign_in("counsel-b").await;
    let token = [("label", "office"), ("scope", "read"), ("days", "3"), whose];
    let forms: [(&str, &[(&str, &str)]); 3] = [
        ("/en/account/tokens", &token),
        ("/en/account/sessions", &[("end", "others"), whose]),
        ("/en/sign-out-everywhere", &[whose]),
    ];
    for (page, fields) in forms {
        let (status, page) = demonstration.fills_in(page, &his, fields).await;
        assert_eq!(status, StatusCode::CONFLICT, "{page}");
        assert!(!page.contains("office"));
    }
    for cookie in [&hers, &others, &his] {
        let me = demonstration.by_cookie(Method::GET, "/me", cookie, None);
        assert_eq!(me.await.status(), StatusCode::OK);
    }
    let (status, page) = demonstration
        .fills_in("/en/account/tokens", &hers, &token)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("office"));
}

/// REG-3, DEL-2: an access code and answers that one person typed bind nobody else's sign-in.
#[tokio::test]
async fn what_one_person_typed_registers_nobody_else() {
    let demonstration = Demonstration::start();
    let theirs = demonstration.sign_in("new-counsel").await;
    let whose = demonstration.sign_in_on("/en/register", &theirs).await;
    let whose = ("sign_in", whose.as_str());
    let code = code(&demonstration).await;
    let entry = [
        ("access_code", code.as_str()),
        ("privacy_statement", "accepted"),
        whose,
    ];
    let stranger = demonstration.sign_in("stranger").await;
    let (status, page) = demonstration
        .fills_in("/en/register", &stranger, &entry)
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(!page.contains(&code));
    let me = demonstration.by_cookie(Method::GET, "/me", &stranger, None);
    assert_eq!(me.await.status(), StatusCode::UNAUTHORIZED);
    let (status, _) = demonstration
        .fills_in("/en/register", &theirs, &entry)
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);

    let invited = demonstration.sign_in("new-delegate").await;
    let whose = demonstration.sign_in_on("/en/invitations", &invited).await;
    let listed = demonstration.by_cookie(Method::GET, "/invitations", &invited, None);
    let listed = json(listed.await).await;
    let invitation = listed["items"][0]["id"].as_str().unwrap();
    let answer = demonstration.told["secrets"]["new-delegate"][0]["answer"]
        .as_str()
        .unwrap();
    let answers = [
        ("invitation", invitation),
        ("answer", answer),
        ("privacy_statement", "accepted"),
        ("sign_in", &whose),
    ];
    let (status, _) = demonstration
        .fills_in("/en/invitations", &stranger, &answers)
        .await;
    assert_eq!(status, StatusCode::CONFLICT);
    let (status, _) = demonstration
        .fills_in("/en/invitations", &invited, &answers)
        .await;
    assert_eq!(status, StatusCode::SEE_OTHER);
}

/// DEL-2, DEL-5: whoever signed in after counsel is shown nothing of the invitation that counsel filled in, whatever is wrong with it: neither
/// whom they invite nor the answers.
#[tokio::test]
async fn nobody_is_shown_an_invitation_that_somebody_else_filled_in() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    let page = format!("/en/counsels/{counsel}/delegates/new");
    for email in ["no address", "paul@firm.example"] {
        let fields = [
            ("given_name", "Paul"),
            ("family_name", "Roy"),
            ("email", email),
            ("language", "fr"),
            ("question-1", "Our first file?"),
            ("answer-1", "Blue folder"),
            ("act", "review"),
        ];
        for who in ["counsel-b", "delegate-a", "registry", "stranger"] {
            let cookie = demonstration.sign_in(who).await;
            let (status, shown) = demonstration.fills_in(&page, &cookie, &fields).await;
            assert!(status.is_client_error(), "{who}: {status}");
            assert!(!shown.contains("Blue folder"), "{who}: {shown}");
        }
        let (status, shown) = demonstration.fills_in(&page, "", &fields).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED);
        assert!(!shown.contains("Blue folder"), "nobody: {shown}");
    }
}
