//! Whoever is counsel and a delegate: which account their sign-in opens, and what comes first (REG-3, REG-4, REG-6).

use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json as object};

use super::{code, enter, kind, me};
use crate::portal::{Demonstration, json};

impl Demonstration {
    /// Resets the sign-in of that account, and gives the code that the registry then sends.
    async fn code_after_reset(&self, account: &str) -> String {
        for (path, who) in [
            (
                format!("/help-desk/accounts/{account}/sign-in-reset"),
                "help-desk",
            ),
            (
                format!("/registry/registrations/{account}/access-code"),
                "registry",
            ),
        ] {
            let done = self.call(Method::POST, &path, who, None).await;
            assert!(done.status().is_success(), "{path}");
        }
        code(self).await
    }

    /// A counsel invites another, who is somebody of the demonstration's too: the invitation.
    async fn invites(&self, inviting: &str, (given, family): (&str, &str), other: &str) -> String {
        let path = format!("/counsels/{}/delegations", self.of(inviting, "account_id"));
        let wish = object!({
            "given_name": given,
            "family_name": family,
            "email": format!("{other}@demonstration.example"),
            "language": "en",
            "questions": [{ "question": "City?", "answer": "Paris" }],
            "accept_terms": true,
        });
        let invited = self.call(Method::POST, &path, inviting, Some(wish)).await;
        assert_eq!(invited.status(), StatusCode::CREATED);
        json(invited).await["id"].as_str().unwrap().to_owned()
    }

    /// The right answer to it.
    async fn answers(&self, cookie: &str, invitation: &str) -> Response {
        let path = format!("/invitations/{invitation}/acceptance");
        let answers = object!({ "answers": ["paris"] });
        self.by_cookie(Method::POST, &path, cookie, Some(answers))
            .await
    }

    /// The delegations on a counsel's list whose delegate has that account.
    async fn delegations_to(&self, counsel: &str, account: &str) -> Vec<Value> {
        let path = format!("/counsels/{}/delegations", self.of(counsel, "account_id"));
        let listed = json(self.get(&path, counsel).await).await;
        let mut theirs = listed["items"].as_array().unwrap().clone();
        theirs.retain(|one| one["delegate"]["account_id"] == account);
        theirs
    }
}

/// REG-3, REG-4, DEL-6, PRO-1: a delegate who becomes counsel enters the code with the sign-in that they have; the delegations go over, and the
/// account of before opens nothing, does nothing, and has no change that waits for the registry.
#[tokio::test]
async fn a_delegate_becomes_counsel() {
    let demonstration = Demonstration::start();
    let code = code(&demonstration).await;
    let first = demonstration.sign_in("new-delegate").await;
    let cookie = demonstration.new_delegate_accepts_in(&first).await;
    let elsewhere = demonstration.sign_in("new-delegate").await;
    let wish = object!({ "label": "software", "scopes": ["read"], "days": 30 });
    let made = demonstration
        .by_cookie(Method::POST, "/me/tokens", &cookie, Some(wish))
        .await;
    let token = json(made).await["secret"].as_str().unwrap().to_owned();
    let by_token = async || {
        let call = demonstration
            .client
            .get(demonstration.api("/me"))
            .bearer_auth(&token);
        call.send().await.unwrap().status()
    };
    assert_eq!(by_token().await, StatusCode::OK);
    let wish = object!({ "language": "en" });
    let asked = demonstration
        .by_cookie(Method::POST, "/me/profile/changes", &cookie, Some(wish))
        .await;
    assert_eq!(asked.status(), StatusCode::CREATED);
    let page = demonstration
        .client
        .get(demonstration.page("/en/register"))
        .header("cookie", &cookie);
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    assert!(page.text().await.unwrap().contains("You are a delegate"));

    let (_, problem, _) = enter(&demonstration, &cookie, "AAAA-AAAA").await;
    assert_eq!(kind(&problem), "access-code-wrong");
    assert_eq!(problem["tries_left"], 4);
    let (status, bound, renewed) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(status, StatusCode::OK, "{bound}");
    let counsel = demonstration.of("new-counsel", "account_id");
    assert_eq!(bound["account_id"], counsel.as_str());
    for old in [&first, &cookie, &elsewhere] {
        assert_eq!(me(&demonstration, old).await, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(by_token().await, StatusCode::UNAUTHORIZED);
    let queue = async |query: &str| {
        let path = format!("/registry/profile-changes{query}");
        let listed = json(demonstration.get(&path, "registry").await).await;
        listed["items"].as_array().unwrap().clone()
    };
    assert!(queue("").await.is_empty());
    let reason = queue("?decided=true").await[0]["reason"].to_string();
    assert!(reason.contains("You have another account now"), "{reason}");
    let told = demonstration.mailbox_of("new-delegate").await;
    let mut subjects = told.iter().map(|mail| mail["subject"].as_str().unwrap());
    assert!(subjects.any(|subject| subject.contains("Change refused")));
    let renewed = renewed.unwrap();
    let other = demonstration.of("counsel-b", "account_id");
    for of in [&counsel, &other] {
        let cases = format!("/counsels/{of}/cases");
        let seen = demonstration
            .by_cookie(Method::GET, &cases, &renewed, None)
            .await;
        assert_eq!(seen.status(), StatusCode::OK);
    }
    let delegations = format!("/counsels/{other}/delegations");
    let listed = json(demonstration.get(&delegations, "counsel-b").await).await;
    let delegates: Vec<_> = listed["items"].as_array().unwrap().iter().collect();
    let theirs = |one: &&&Value| one["delegate"]["account_id"] == counsel.as_str();
    assert_eq!(delegates.iter().filter(theirs).count(), 1);
    let again = demonstration.sign_in("new-delegate").await;
    assert_eq!(me(&demonstration, &again).await, StatusCode::OK);
}

/// REG-4, REG-6: a counsel whose sign-in was reset is led to the access code although an invitation is open; accepting with the new sign-in makes
/// no second account, and the code comes first. Then the invitation is theirs to accept.
#[tokio::test]
async fn a_reset_counsel_enters_the_code_before_an_invitation() {
    let demonstration = Demonstration::start();
    let jordan = ("Jordan", "MacLeod");
    let invitation = demonstration
        .invites("counsel-a", jordan, "counsel-b")
        .await;
    let id = demonstration.of("counsel-b", "account_id");
    let reset = format!("/help-desk/accounts/{id}/sign-in-reset");
    demonstration
        .call(Method::POST, &reset, "help-desk", None)
        .await;

    let cookie = demonstration.sign_in("counsel-b").await;
    let call = demonstration.client.get(demonstration.page("/"));
    let led = call.header("cookie", &cookie).send().await.unwrap();
    let led = led.headers()["location"].to_str().unwrap();
    assert!(led.ends_with("/register"), "{led}");
    let refused = demonstration.answers(&cookie, &invitation).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert_eq!(kind(&json(refused).await), "has-account");

    let path = format!("/registry/registrations/{id}/access-code");
    demonstration
        .call(Method::POST, &path, "registry", None)
        .await;
    let code = code(&demonstration).await;
    let (status, bound, renewed) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(
        (status, &bound["account_id"]),
        (StatusCode::OK, &object!(id))
    );
    let accepted = demonstration.answers(&renewed.unwrap(), &invitation).await;
    assert_eq!(accepted.status(), StatusCode::OK);
}

/// REG-4, REG-6: whoever is a delegate by another sign-in, and lost the one of their counsel's account, enters the code with the one that they
/// have. As long as a sign-in opens the account it is not theirs to take.
#[tokio::test]
async fn a_delegate_comes_back_to_a_reset_account() {
    let demonstration = Demonstration::start();
    let first = demonstration.sign_in("new-delegate").await;
    let cookie = demonstration.new_delegate_accepts_in(&first).await;
    let id = demonstration.of("counsel-a", "account_id");
    let issue = async || {
        let path = format!("/registry/registrations/{id}/access-code");
        demonstration
            .call(Method::POST, &path, "registry", None)
            .await;
        code(&demonstration).await
    };
    let (status, problem, _) = enter(&demonstration, &cookie, &issue().await).await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::CONFLICT, "registered-already")
    );
    let reset = format!("/help-desk/accounts/{id}/sign-in-reset");
    demonstration
        .call(Method::POST, &reset, "help-desk", None)
        .await;
    let (status, bound, renewed) = enter(&demonstration, &cookie, &issue().await).await;
    assert_eq!(
        (status, &bound["account_id"]),
        (StatusCode::OK, &object!(id))
    );
    let other = demonstration.of("counsel-b", "account_id");
    for of in [&id, &other] {
        let cases = format!("/counsels/{of}/cases");
        let seen = demonstration
            .by_cookie(Method::GET, &cases, renewed.as_ref().unwrap(), None)
            .await;
        assert_eq!(seen.status(), StatusCode::OK);
    }
}

/// DEL-1, DEL-3, REG-4: whoever comes back to an account that is a delegate of the same counsel has one delegation of that counsel, and when it
/// ends they see nothing of theirs any more.
#[tokio::test]
async fn whoever_comes_back_is_a_delegate_of_each_counsel_once() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-b", "account_id");
    let delegations = format!("/counsels/{counsel}/delegations");
    let elise = ("Élise", "Tremblay");
    let invitation = demonstration.invites("counsel-b", elise, "counsel-a").await;
    let cookie = demonstration.sign_in("counsel-a").await;
    let accepted = demonstration.answers(&cookie, &invitation).await;
    assert_eq!(accepted.status(), StatusCode::OK);

    demonstration.advance("1m").await;
    let first = demonstration.sign_in("new-delegate").await;
    let cookie = demonstration.new_delegate_accepts_in(&first).await;
    let id = demonstration.of("counsel-a", "account_id");
    let code = demonstration.code_after_reset(&id).await;
    let (status, bound, renewed) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(status, StatusCode::OK, "{bound}");
    let theirs = demonstration.delegations_to("counsel-b", &id).await;
    let [one] = &theirs[..] else {
        panic!("one of each counsel: {theirs:?}");
    };
    assert_ne!(one["id"], invitation.as_str(), "the other one ends later");
    let path = format!("{delegations}/{}", one["id"].as_str().unwrap());
    let ended = demonstration
        .call(Method::DELETE, &path, "counsel-b", None)
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    let cases = format!("/counsels/{counsel}/cases");
    let seen = demonstration
        .by_cookie(Method::GET, &cases, &renewed.unwrap(), None)
        .await;
    assert_eq!(seen.status(), StatusCode::FORBIDDEN);
}

/// DEL-1: who was a delegate of the counsel whose account is theirs from now on is not their own delegate, and holds no place.
#[tokio::test]
async fn nobody_becomes_their_own_delegate() {
    let demonstration = Demonstration::start();
    let first = demonstration.sign_in("new-delegate").await;
    let cookie = demonstration.new_delegate_accepts_in(&first).await;
    let me = demonstration.by_cookie(Method::GET, "/me", &cookie, None);
    let before = json(me.await).await["account_id"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        demonstration
            .delegations_to("counsel-b", &before)
            .await
            .len(),
        1
    );
    let id = demonstration.of("counsel-b", "account_id");
    let code = demonstration.code_after_reset(&id).await;
    let (status, bound, renewed) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(status, StatusCode::OK, "{bound}");
    let path = format!("/counsels/{id}/delegations");
    let listed = demonstration
        .by_cookie(Method::GET, &path, &renewed.unwrap(), None)
        .await;
    let listed = json(listed).await;
    let all = listed["items"].as_array().unwrap();
    let theirs = all
        .iter()
        .filter(|one| one["delegate"]["account_id"] == before.as_str());
    assert_eq!(theirs.count(), 0, "{listed}");
}

/// REG-8, REG-4, MAIL-2, SEC-2: what a session that was left open could take over takes a recent sign-in; the address of the former account and
/// each counsel are told, and each account's entries show it.
#[tokio::test]
async fn a_takeover_takes_a_recent_sign_in_and_is_told() {
    let demonstration = Demonstration::start();
    let code = code(&demonstration).await;
    let first = demonstration.sign_in("new-delegate").await;
    let cookie = demonstration.new_delegate_accepts_in(&first).await;
    let about = demonstration.by_cookie(Method::GET, "/me", &cookie, None);
    let before = json(about.await).await["account_id"].clone();
    demonstration.advance("16m").await;
    let (status, problem, _) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::FORBIDDEN, "sign-in-not-recent")
    );
    let cookie = demonstration.sign_in("new-delegate").await;
    let (status, bound, _) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(status, StatusCode::OK, "{bound}");

    for (whose, what) in [
        ("new-delegate", "E-mail address changed"),
        ("new-counsel", "Registration complete"),
        ("counsel-b", "Delegate’s account changed"),
    ] {
        let told = demonstration.mailbox_of(whose).await;
        let mut subjects = told.iter().map(|mail| mail["subject"].as_str().unwrap());
        assert!(subjects.any(|subject| subject.contains(what)), "{whose}");
    }
    for account in [&before, &bound["account_id"]] {
        let path = format!("/help-desk/accounts/{}/audit", account.as_str().unwrap());
        let trail = json(demonstration.get(&path, "help-desk").await).await;
        let entries = trail["items"].as_array().unwrap();
        let mut entered = entries
            .iter()
            .filter(|one| one["action"] == "redeem-access-code");
        assert!(entered.any(|one| one["refused"].is_null()), "{trail}");
    }
}

/// REG-1, REG-7: counsel who got a code for another order or number, with a sign-in that opens an account, are told the way out.
#[tokio::test]
async fn whoever_is_registered_is_told_what_to_do_with_a_code() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    let page = demonstration
        .client
        .get(demonstration.page("/en/register"))
        .header("cookie", &cookie);
    let page = page.send().await.unwrap();
    assert_eq!(page.status(), StatusCode::OK);
    let page = page.text().await.unwrap();
    assert!(
        page.contains("another order or membership number"),
        "{page}"
    );
    assert!(!page.contains("access_code"), "there is nothing to enter");
    let code = code(&demonstration).await;
    let (status, problem, _) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::CONFLICT, "registered-already")
    );
    let way_out = "the help desk resets your sign-in";
    assert!(
        problem["title"].as_str().unwrap().contains(way_out),
        "{problem}"
    );
}
