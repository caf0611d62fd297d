//! One sees one's sessions and ends them: one, all others, or all (OWASP ASVS 5.0, 7.5.2; REG-8, SEC-1, DEL-8).

use reqwest::header::LOCATION;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};

const SESSIONS: &str = "/me/sessions";

impl Demonstration {
    async fn sessions(&self, cookie: &str) -> Vec<Value> {
        let listed = self.by_cookie(Method::GET, SESSIONS, cookie, None).await;
        assert_eq!(listed.status(), StatusCode::OK);
        json(listed).await["items"].as_array().unwrap().clone()
    }

    async fn end_session(&self, cookie: &str, session: &Value) -> Response {
        let path = format!("{SESSIONS}/{}", session["id"].as_str().unwrap());
        self.by_cookie(Method::DELETE, &path, cookie, None).await
    }

    async fn is_signed_in(&self, cookie: &str) -> bool {
        let asked = self.by_cookie(Method::GET, "/me", cookie, None).await;
        asked.status() != StatusCode::UNAUTHORIZED
    }

    /// Opens a page of somebody's.
    async fn see_page(&self, path: &str, cookie: &str) -> (StatusCode, String) {
        let call = self.client.get(self.page(path)).header("cookie", cookie);
        let opened = call.send().await.unwrap();
        (opened.status(), opened.text().await.unwrap())
    }

    /// Sends the form that the list of sessions is, as a page of `site` would.
    async fn end_by_form(&self, cookie: &str, end: &str, site: &str) -> Response {
        let call = self
            .client
            .post(self.page("/en/account/sessions"))
            .header("cookie", cookie)
            .header("sec-fetch-site", site)
            .form(&[("end", end)]);
        call.send().await.unwrap()
    }

    /// Blocks counsel-b by wrong answers to an invitation.
    async fn block_counsel_b(&self, cookie: &str) {
        let me = json(self.get("/me/profile", "counsel-b").await).await;
        let invite = object!({
            "given_name": "Jordan", "family_name": "MacLeod", "email": me["email"], "language": "en",
            "questions": [{ "question": "Where?", "answer": "Here" }], "accept_terms": true,
        });
        let id = self.of("counsel-a", "account_id");
        let path = format!("/counsels/{id}/delegations");
        let invited = self.call(Method::POST, &path, "counsel-a", Some(invite));
        let invitation = json(invited.await).await["id"].as_str().unwrap().to_owned();
        let path = format!("/invitations/{invitation}/acceptance");
        for _ in 0..5 {
            let wrong = Some(object!({ "answers": ["There"] }));
            self.by_cookie(Method::POST, &path, cookie, wrong).await;
        }
        let blocked = self.by_cookie(Method::GET, "/me", cookie, None).await;
        assert_eq!(blocked.status(), StatusCode::LOCKED);
    }
}

/// ASVS 7.5.2: counsel, delegates and staff see since when they are signed in where, which of it is this one, and nothing that names the
/// browser; what they end is refused at the next request, and the trail says so.
#[tokio::test]
async fn everybody_sees_and_ends_their_own_sessions() {
    let demonstration = Demonstration::start();
    for who in ["counsel-b", "delegate-a", "registry"] {
        let first = demonstration.sign_in(who).await;
        demonstration.advance("2m").await;
        let second = demonstration.sign_in(who).await;
        demonstration.advance("2m").await;
        let third = demonstration.sign_in(who).await;
        let seen = demonstration.sessions(&first).await;
        assert_eq!(seen.len(), 3, "{who}");
        let current: Vec<_> = seen.iter().map(|one| &one["current"]).collect();
        assert_eq!(current, [true, false, false]);
        let begun: Vec<_> = seen.iter().map(|one| one["begun_at"].as_str()).collect();
        assert!(begun[0] < begun[2] && begun[2] < begun[1], "{begun:?}");
        assert!(seen[0]["last_used_at"].as_str() >= seen[1]["last_used_at"].as_str());
        assert_eq!(seen[0]["service"]["en"], "Demonstration");
        let fields: Vec<_> = seen[0].as_object().unwrap().keys().collect();
        let kept = ["begun_at", "current", "id", "last_used_at", "service"];
        assert_eq!(fields, kept, "no word of the browser");

        let ended = demonstration.end_session(&first, &seen[2]).await;
        assert_eq!(ended.status(), StatusCode::NO_CONTENT);
        assert!(!demonstration.is_signed_in(&second).await);
        assert!(demonstration.is_signed_in(&third).await);
        let again = demonstration.end_session(&first, &seen[2]).await;
        assert_eq!(again.status(), StatusCode::NOT_FOUND);
        let problem = json(again).await;
        assert_eq!(problem["type"], "urn:mondossier:problem:no-such-session");

        let fourth = demonstration.sign_in(who).await;
        let others = demonstration.by_cookie(Method::DELETE, SESSIONS, &first, None);
        assert_eq!(others.await.status(), StatusCode::NO_CONTENT);
        for gone in [&third, &fourth] {
            assert!(!demonstration.is_signed_in(gone).await);
        }
        let left = demonstration.sessions(&first).await;
        assert_eq!(left.len(), 1);
        assert_eq!(left[0]["id"], seen[0]["id"]);
        let account = demonstration.of(who, "account_id");
        let audit = format!("/help-desk/accounts/{account}/audit?limit=100");
        let audit = json(demonstration.get(&audit, "help-desk").await).await;
        let acts = audit["items"].as_array().unwrap().iter();
        let ended = acts.filter(|act| act["action"] == "end-session");
        assert_eq!(ended.count(), 3, "{who}: one for each");

        let own = demonstration.end_session(&first, &left[0]).await;
        assert_eq!(own.status(), StatusCode::NO_CONTENT);
        assert!(!demonstration.is_signed_in(&first).await, "signed out");
    }
}

/// What is over is no session any more: the other browser is signed out, and its session is not listed.
#[tokio::test]
async fn a_session_that_is_over_is_not_listed() {
    let demonstration = Demonstration::start();
    let left_alone = demonstration.sign_in("counsel-b").await;
    demonstration.advance("20m").await;
    let used = demonstration.sign_in("counsel-b").await;
    assert_eq!(demonstration.sessions(&used).await.len(), 2);
    demonstration.advance("11m").await;
    assert_eq!(demonstration.sessions(&used).await.len(), 1);
    assert!(!demonstration.is_signed_in(&left_alone).await);
}

/// Nobody sees or ends somebody else's, whatever they are, and a token neither.
#[tokio::test]
async fn nobody_ends_somebody_elses_session() {
    let demonstration = Demonstration::start();
    let theirs = demonstration.sign_in("counsel-b").await;
    let session = &demonstration.sessions(&theirs).await[0];
    for who in ["counsel-a", "delegate-ab", "help-desk", "stranger"] {
        let cookie = demonstration.sign_in(who).await;
        let seen = demonstration.sessions(&cookie).await;
        assert!(!seen.iter().any(|one| one["id"] == session["id"]), "{who}");
        let refused = demonstration.end_session(&cookie, session).await;
        assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{who}");
        let others = demonstration.by_cookie(Method::DELETE, SESSIONS, &cookie, None);
        assert_eq!(others.await.status(), StatusCode::NO_CONTENT);
    }
    let one = format!("{SESSIONS}/{}", session["id"].as_str().unwrap());
    for (method, path) in [
        (Method::GET, SESSIONS),
        (Method::DELETE, SESSIONS),
        (Method::DELETE, &one),
    ] {
        let by_token = demonstration.call(method, path, "counsel-b", None).await;
        assert_eq!(by_token.status(), StatusCode::FORBIDDEN, "{path}");
    }
    assert!(demonstration.is_signed_in(&theirs).await);
}

/// ASVS 7.5.2, REG-8: ending others takes a recent sign-in; seeing them, and leaving everywhere with one's own session, does not.
#[tokio::test]
async fn ending_others_takes_a_recent_sign_in() {
    let demonstration = Demonstration::start();
    let other = demonstration.sign_in("counsel-b").await;
    let cookie = demonstration.sign_in("counsel-b").await;
    demonstration.advance("16m").await;
    let seen = demonstration.sessions(&cookie).await;
    assert_eq!(seen.len(), 2);
    let one = demonstration.end_session(&cookie, &seen[1]).await;
    let all = demonstration.by_cookie(Method::DELETE, SESSIONS, &cookie, None);
    let by_form = demonstration.end_by_form(&cookie, "others", "same-origin");
    for refused in [one, all.await, by_form.await] {
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
    assert!(demonstration.is_signed_in(&other).await);
    let everywhere = demonstration
        .client
        .post(demonstration.page("/en/sign-out-everywhere"))
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin");
    assert_eq!(
        everywhere.send().await.unwrap().status(),
        StatusCode::SEE_OTHER
    );
    for gone in [&other, &cookie] {
        assert!(!demonstration.is_signed_in(gone).await);
    }
}

/// SEC-1: a block stands in the way of everything but this. Who is blocked has no profile to open, and is shown the way to the list.
#[tokio::test]
async fn who_is_blocked_still_ends_their_sessions() {
    let demonstration = Demonstration::start();
    let other = demonstration.sign_in("counsel-b").await;
    let cookie = demonstration.sign_in("counsel-b").await;
    demonstration.block_counsel_b(&cookie).await;
    let (status, profile) = demonstration.see_page("/en/account", &cookie).await;
    assert_eq!(status, StatusCode::LOCKED);
    assert!(profile.contains("href=\"/en/account/sessions\""));
    let (status, page) = demonstration
        .see_page("/en/account/sessions", &cookie)
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("This session"));
    let ended = demonstration.end_by_form(&cookie, "others", "same-origin");
    let ended = ended.await;
    assert_eq!(ended.status(), StatusCode::SEE_OTHER);
    let place = ended.headers()[LOCATION].to_str().unwrap();
    assert_eq!(place, "/en/account/sessions?done=others-ended");
    let (_, page) = demonstration.see_page(place, &cookie).await;
    assert!(page.contains("All other sessions have ended."));
    assert!(!demonstration.is_signed_in(&other).await);
    assert_eq!(demonstration.sessions(&cookie).await.len(), 1);
}

/// REG-1, DEL-8: who was struck from the roll, and who has no account at all, still ends theirs.
#[tokio::test]
async fn the_struck_and_strangers_still_end_their_sessions() {
    let demonstration = Demonstration::start();
    let roll = demonstration.roll();
    let before = std::fs::read_to_string(&roll).unwrap();
    let struck = before.replace("Tremblay,Élise,good", "Tremblay,Élise,struck");
    assert_ne!(before, struck);
    std::fs::write(&roll, struck).unwrap();
    demonstration.advance("1m").await;
    for who in ["counsel-a", "stranger"] {
        let other = demonstration.sign_in(who).await;
        let cookie = demonstration.sign_in(who).await;
        let seen = demonstration.sessions(&cookie).await;
        assert_eq!(seen.len(), 2, "{who}");
        let ended = demonstration.end_session(&cookie, &seen[1]).await;
        assert_eq!(ended.status(), StatusCode::NO_CONTENT, "{who}");
        let answer = demonstration.by_cookie(Method::GET, SESSIONS, &other, None);
        assert_eq!(answer.await.status(), StatusCode::UNAUTHORIZED, "{who}");
    }
}

/// The list on My Profile is a form that needs no script; it tells what was done, and what could not be; no other site can send it.
#[tokio::test]
async fn the_profile_lists_sessions_and_ends_them() {
    let demonstration = Demonstration::start();
    let other = demonstration.sign_in("counsel-b").await;
    let cookie = demonstration.sign_in("counsel-b").await;
    let seen = demonstration.sessions(&cookie).await;
    let id = seen[1]["id"].as_str().unwrap();
    for (language, heading) in [("en", "Your sessions"), ("fr", "Vos sessions")] {
        let place = format!("/{language}/account");
        let (_, profile) = demonstration.see_page(&place, &cookie).await;
        assert!(profile.contains(&format!("<h2 id=\"sessions\">{heading}</h2>")));
        assert!(profile.contains(&format!("name=\"end\" value=\"{id}\"")));
        let own = seen[0]["id"].as_str().unwrap();
        assert!(!profile.contains(own), "one signs out of this one");
    }
    let from_elsewhere = demonstration.end_by_form(&cookie, id, "cross-site").await;
    assert_eq!(from_elsewhere.status(), StatusCode::FORBIDDEN);
    assert!(demonstration.is_signed_in(&other).await);
    let ended = demonstration.end_by_form(&cookie, id, "same-origin").await;
    assert_eq!(ended.status(), StatusCode::SEE_OTHER);
    let place = ended.headers()[LOCATION].to_str().unwrap();
    assert_eq!(place, "/en/account?done=session-ended");
    let (_, profile) = demonstration.see_page(place, &cookie).await;
    assert!(profile.contains("The session has ended."));
    assert!(!profile.contains("value=\"others\""), "there is no other");
    assert!(!demonstration.is_signed_in(&other).await);
    for over in [id, "nonsense"] {
        let again = demonstration
            .end_by_form(&cookie, over, "same-origin")
            .await;
        assert_eq!(again.status(), StatusCode::NOT_FOUND);
        let again = again.text().await.unwrap();
        assert!(again.contains("id=\"errors\""));
        assert!(again.contains("This session has ended already."));
    }
    let own = seen[0]["id"].as_str().unwrap();
    let left = demonstration.end_by_form(&cookie, own, "same-origin").await;
    assert_eq!(left.headers()[LOCATION], "/en/");
    assert_eq!(left.headers()["clear-site-data"], "\"storage\"");
    assert!(!demonstration.is_signed_in(&cookie).await);
}
