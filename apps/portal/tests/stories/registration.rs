//! Registration, access codes, blocks, the help desk, tokens, rolls and the audit trail (REG-1 … REG-7, SEC-1, SEC-2, DEL-8, X-2).

use std::path::{Path, PathBuf};
use std::process::Command;

use reqwest::{Method, StatusCode};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};

/// The access code in the newest text message.
pub async fn code(demonstration: &Demonstration) -> String {
    let newest = &demonstration.caught("text-messages").await[0];
    let body = newest["body"].as_str().unwrap();
    let words = body.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let looks_like_a_code = |word: &&str| word.len() == 9 && word.as_bytes()[4] == b'-';
    words
        .into_iter()
        .find(looks_like_a_code)
        .unwrap()
        .to_owned()
}

async fn enter(
    demonstration: &Demonstration,
    cookie: &str,
    code: &str,
) -> (StatusCode, Value, Option<String>) {
    let entry = object!({ "access_code": code });
    let answer = demonstration
        .by_cookie(Method::POST, "/registration", cookie, Some(entry))
        .await;
    let renewed = answer.headers().get("set-cookie").map(|cookie| {
        cookie
            .to_str()
            .unwrap()
            .split(';')
            .next()
            .unwrap()
            .to_owned()
    });
    (answer.status(), json(answer).await, renewed)
}

fn kind(problem: &Value) -> &str {
    problem["type"]
        .as_str()
        .unwrap()
        .trim_start_matches("urn:mondossier:problem:")
}

async fn me(demonstration: &Demonstration, cookie: &str) -> StatusCode {
    demonstration
        .by_cookie(Method::GET, "/me", cookie, None)
        .await
        .status()
}

async fn new_code(demonstration: &Demonstration) -> Value {
    let id = demonstration.of("new-counsel", "account_id");
    let path = format!("/registry/registrations/{id}/access-code");
    let issued = demonstration
        .call(Method::POST, &path, "registry", None)
        .await;
    assert_eq!(issued.status(), StatusCode::CREATED);
    json(issued).await
}

/// REG-2, REG-3: the code from the text message binds the sign-in once; the session goes on under a new value and the old one is worth
/// nothing; the code never works again.
#[tokio::test]
async fn a_code_registers_once() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("new-counsel").await;
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::UNAUTHORIZED);
    let code = code(&demonstration).await;
    let typed = code.replace('-', " ").to_lowercase();
    let (status, account, renewed) = enter(&demonstration, &cookie, &typed).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(
        account["account_id"],
        demonstration.told["people"]["new-counsel"]["account_id"]
    );
    assert_eq!(
        me(&demonstration, &cookie).await,
        StatusCode::UNAUTHORIZED,
        "the value of before"
    );
    assert_eq!(me(&demonstration, &renewed.unwrap()).await, StatusCode::OK);
    assert_eq!(
        me(&demonstration, &demonstration.sign_in("new-counsel").await).await,
        StatusCode::OK
    );

    let stranger = demonstration.sign_in("stranger").await;
    let (status, problem, _) = enter(&demonstration, &stranger, &code).await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::UNPROCESSABLE_ENTITY, "access-code-wrong")
    );
    assert_eq!(
        me(&demonstration, &stranger).await,
        StatusCode::UNAUTHORIZED
    );

    let told = demonstration.mailbox_of("new-counsel").await;
    assert!(told.iter().any(|mail| {
        mail["subject"]
            .as_str()
            .unwrap()
            .contains("Registration complete")
    }));
}

/// REG-3, REG-6, DEL-2: a session that was open before the sign-in came to open an account, in another browser, does not open it. Whether a
/// code or an invitation's answers bind, the browser that asked goes on alone.
#[tokio::test]
async fn a_session_of_before_the_binding_opens_nothing() {
    let demonstration = Demonstration::start();
    let left_open = demonstration.sign_in("new-counsel").await;
    let asking = demonstration.sign_in("new-counsel").await;
    let code = code(&demonstration).await;
    let (status, _, renewed) = enter(&demonstration, &asking, &code).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(me(&demonstration, &renewed.unwrap()).await, StatusCode::OK);
    for cookie in [&left_open, &asking] {
        let status = me(&demonstration, cookie).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "by a code");
    }

    let left_open = demonstration.sign_in("new-delegate").await;
    let asking = demonstration.sign_in("new-delegate").await;
    let renewed = demonstration.new_delegate_accepts_in(&asking).await;
    assert_eq!(me(&demonstration, &renewed).await, StatusCode::OK);
    for cookie in [&left_open, &asking] {
        let status = me(&demonstration, cookie).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "by answers");
    }
    let sessions = demonstration
        .by_cookie(Method::GET, "/me/sessions", &renewed, None)
        .await;
    let sessions = json(sessions).await;
    assert_eq!(sessions["items"].as_array().unwrap().len(), 1);
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
    let inviting = demonstration.of("counsel-a", "account_id");
    let wish = object!({
        "given_name": "Jordan",
        "family_name": "MacLeod",
        "email": "counsel-b@demonstration.example",
        "language": "en",
        "questions": [{ "question": "City?", "answer": "Paris" }],
        "accept_terms": true,
    });
    let path = format!("/counsels/{inviting}/delegations");
    let invited = demonstration
        .call(Method::POST, &path, "counsel-a", Some(wish))
        .await;
    assert_eq!(invited.status(), StatusCode::CREATED);
    let invitation = json(invited).await["id"].as_str().unwrap().to_owned();
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
    let accept = async |cookie: &str| {
        let path = format!("/invitations/{invitation}/acceptance");
        let answers = object!({ "answers": ["paris"] });
        demonstration
            .by_cookie(Method::POST, &path, cookie, Some(answers))
            .await
    };
    let refused = accept(&cookie).await;
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
    assert_eq!(accept(&renewed.unwrap()).await.status(), StatusCode::OK);
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

/// REG-2: a code is good for 24 hours and not a second longer, and a new one voids the one before.
#[tokio::test]
async fn a_code_lasts_a_day() {
    let demonstration = Demonstration::start();
    let first = code(&demonstration).await;
    new_code(&demonstration).await;
    let second = code(&demonstration).await;
    let cookie = demonstration.sign_in("new-counsel").await;
    let (_, problem, _) = enter(&demonstration, &cookie, &first).await;
    assert_eq!(kind(&problem), "access-code-wrong", "voided by the second");

    demonstration.advance("86401s").await;
    let cookie = demonstration.sign_in("new-counsel").await;
    let (status, problem, _) = enter(&demonstration, &cookie, &second).await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::UNPROCESSABLE_ENTITY, "access-code-expired")
    );

    new_code(&demonstration).await;
    let third = code(&demonstration).await;
    demonstration.advance("86340s").await;
    let cookie = demonstration.sign_in("new-counsel").await;
    let (status, _, _) = enter(&demonstration, &cookie, &third).await;
    assert_eq!(status, StatusCode::OK, "23 h 59 min");
}

/// REG-2: of two who enter one code at the same time, exactly one is registered.
#[tokio::test]
async fn two_cannot_use_one_code() {
    let demonstration = Demonstration::start();
    let code = code(&demonstration).await;
    let (one, two) = (
        demonstration.sign_in("new-counsel").await,
        demonstration.sign_in("stranger").await,
    );
    let (one, two) = tokio::join!(
        enter(&demonstration, &one, &code),
        enter(&demonstration, &two, &code)
    );
    let registered = [one.0, two.0]
        .iter()
        .filter(|status| **status == StatusCode::OK)
        .count();
    assert_eq!(registered, 1);
}

/// REG-2, SEC-1: five wrong codes block; the blocked person is given a lock code, by which the help desk finds and unblocks them; every
/// refusal is in the audit trail.
#[tokio::test]
async fn five_wrong_codes_block_and_the_help_desk_unblocks() {
    let demonstration = Demonstration::start();
    let good = code(&demonstration).await;
    let cookie = demonstration.sign_in("new-counsel").await;
    for left in (1..5).rev() {
        let (_, problem, _) = enter(&demonstration, &cookie, "AAAA-AAAA").await;
        assert_eq!(problem["tries_left"], left);
    }
    let (status, problem, _) = enter(&demonstration, &cookie, "AAAA-AAAA").await;
    assert_eq!(status, StatusCode::LOCKED);
    let lock_code = problem["lock_code"].as_str().unwrap();
    let (status, _, _) = enter(&demonstration, &cookie, &good).await;
    assert_eq!(
        status,
        StatusCode::LOCKED,
        "the right code does not help then"
    );

    let found = format!("/help-desk/accounts?lock_code={}", lock_code.to_lowercase());
    let refused = demonstration
        .call(Method::GET, &found, "registry", None)
        .await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let found = json(
        demonstration
            .call(Method::GET, &found, "help-desk", None)
            .await,
    )
    .await;
    let id = found["items"][0]["id"].as_str().unwrap();
    assert_eq!(found["items"][0]["block_cause"], "wrong-access-codes");
    // PRIV-1: what is looked for can be in the body, an e-mail address nowhere else.
    let email = demonstration
        .call(
            Method::GET,
            "/help-desk/accounts?email=new-counsel@demonstration.example",
            "help-desk",
            None,
        )
        .await;
    assert_eq!(email.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let search = async |what: Value| {
        let path = "/help-desk/accounts/search";
        let found = demonstration.call(Method::POST, path, "help-desk", Some(what));
        json(found.await).await["items"][0].clone()
    };
    let address = "new-counsel@demonstration.example";
    assert_eq!(
        search(object!({ "email": address })).await["email"],
        address
    );
    let by_code = search(object!({ "lock_code": lock_code })).await;
    assert_eq!(by_code["id"], id);
    let by_both = object!({ "lock_code": lock_code, "email": address });
    assert_eq!(search(by_both).await, Value::Null);
    let path = format!("/help-desk/accounts/{id}/unlock");
    let unlocked = json(
        demonstration
            .call(Method::POST, &path, "help-desk", None)
            .await,
    )
    .await;
    assert_eq!(unlocked["blocked"], false);
    let (status, _, _) = enter(&demonstration, &cookie, &good).await;
    assert_eq!(status, StatusCode::OK);

    let refusals = async |action: &str| {
        let query = format!(
            "SELECT refused FROM audit WHERE action = '{action}' AND refused IS NOT NULL ORDER BY position"
        );
        let found = demonstration.rows(&query).await;
        found.into_iter().flatten().collect::<Vec<String>>()
    };
    let wrong = "access-code-wrong";
    assert_eq!(
        refusals("redeem-access-code").await,
        [wrong, wrong, wrong, wrong, "blocked", "blocked"]
    );
    assert_eq!(refusals("find-account").await, ["role-missing"]);
}

/// REG-2: a field that was left empty, or a page that was pasted into it, is no try: nobody is blocked by it.
#[tokio::test]
async fn what_cannot_be_a_code_is_no_try() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("new-counsel").await;
    let long = "ABCD ".repeat(40);
    for nothing in ["", "   ", "-", "\u{a0}\n", &long, ""] {
        let (status, problem, _) = enter(&demonstration, &cookie, nothing).await;
        assert_eq!(
            (status, kind(&problem)),
            (StatusCode::UNPROCESSABLE_ENTITY, "access-code-unusable"),
            "{nothing:?}"
        );
    }
    let (_, problem, _) = enter(&demonstration, &cookie, "AAAA-AAAA").await;
    assert_eq!(problem["tries_left"], 4);
}

/// SEC-1, DEL-8, SEC-2: the help desk blocks an account that may be in wrong hands. From the next request on its sessions, its tokens and its
/// delegates do nothing; the person is told and reads out the lock code. A block that is there stays, and no agent blocks themselves.
#[tokio::test]
async fn the_help_desk_blocks_and_unblocks() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    let id = demonstration.of("counsel-a", "account_id");
    let cases = format!("/counsels/{id}/cases");
    let at_the_desk = async |who: &str, id: &str, act: &str| {
        let path = format!("/help-desk/accounts/{id}/{act}");
        let done = demonstration.call(Method::POST, &path, who, None).await;
        (done.status(), json(done).await)
    };
    for who in ["counsel-a", "registry", "cms"] {
        let (status, _) = at_the_desk(who, &id, "lock").await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{who}");
    }
    let own = demonstration.of("help-desk", "account_id");
    let (status, problem) = at_the_desk("help-desk", &own, "lock").await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::FORBIDDEN, "not-for-this-actor")
    );
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::OK);

    let (status, blocked) = at_the_desk("help-desk", &id, "lock").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(blocked["block_cause"], "staff");
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::LOCKED);
    let by_token = demonstration.get(&cases, "counsel-a").await;
    assert_eq!(by_token.status(), StatusCode::LOCKED);
    assert_eq!(json(by_token).await["lock_code"], blocked["lock_code"]);
    let by_delegate = demonstration.get(&cases, "delegate-a").await;
    assert_eq!(by_delegate.status(), StatusCode::FORBIDDEN);
    let (_, again) = at_the_desk("help-desk", &id, "lock").await;
    assert_eq!(again["lock_code"], blocked["lock_code"]);
    let told = demonstration.mailbox_of("counsel-a").await;
    let subjects = told.iter().map(|mail| mail["subject"].as_str().unwrap());
    let about_it = subjects.filter(|subject| subject.contains("Account blocked"));
    assert_eq!(about_it.count(), 1);

    let code = blocked["lock_code"].as_str().unwrap();
    let found = format!("/help-desk/accounts?lock_code={code}");
    let found = json(demonstration.get(&found, "help-desk").await).await;
    assert_eq!(found["items"][0]["id"], id.as_str());
    at_the_desk("help-desk", &id, "unlock").await;
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::OK);
    let by_delegate = demonstration.get(&cases, "delegate-a").await;
    assert_eq!(by_delegate.status(), StatusCode::OK);
    let audit = format!("/help-desk/accounts/{id}/audit?limit=100");
    let audit = json(demonstration.get(&audit, "help-desk").await).await;
    let acts = audit["items"].as_array().unwrap().iter();
    let blocks = acts.filter(|entry| entry["action"] == "block" && entry["refused"].is_null());
    assert_eq!(blocks.count(), 2);
}

/// SEC-1: on the page a block is confirmed before it counts.
#[tokio::test]
async fn a_block_is_confirmed_on_the_page() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    let agent = demonstration.sign_in("help-desk").await;
    let id = demonstration.of("counsel-a", "account_id");
    let send = async |act: &str| {
        let page = format!("/en/help-desk/accounts/{id}");
        let call = demonstration
            .client
            .post(demonstration.page(&page))
            .header("cookie", &agent)
            .header("sec-fetch-site", "same-origin")
            .form(&[("act", act)]);
        call.send().await.unwrap()
    };
    let asked = send("block").await;
    assert_eq!(asked.status(), StatusCode::OK);
    let page = asked.text().await.unwrap();
    assert!(page.contains("value=\"blocked\""), "{page}");
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::OK);
    assert_eq!(send("blocked").await.status(), StatusCode::SEE_OTHER);
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::LOCKED);
}

/// REG-6: a reset ends every session at once; a new access code binds the next sign-in.
#[tokio::test]
async fn a_reset_ends_every_session() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::OK);
    let id = demonstration.of("counsel-a", "account_id");
    let path = format!("/help-desk/accounts/{id}/sign-in-reset");
    let reset = json(
        demonstration
            .call(Method::POST, &path, "help-desk", None)
            .await,
    )
    .await;
    assert_eq!(reset["sign_ins"], 1);
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::UNAUTHORIZED);
    let cookie = demonstration.sign_in("counsel-a").await;
    assert_eq!(
        me(&demonstration, &cookie).await,
        StatusCode::UNAUTHORIZED,
        "it opens nothing any more"
    );
    let audit = format!("/help-desk/accounts/{id}/audit");
    let audit = json(
        demonstration
            .call(Method::GET, &audit, "help-desk", None)
            .await,
    )
    .await;
    assert_eq!(audit["items"][0]["action"], "reset-sign-in");
    let told = demonstration.mailbox_of("counsel-a").await;
    assert!(
        told[0]["subject"]
            .as_str()
            .unwrap()
            .contains("Sign-in reset")
    );
}

/// REG-6, REG-7: an invited delegate never gave a cell number. After a reset the registry finds the account by its e-mail address, checks who it
/// is, records the number and sends a code there, which binds the next sign-in; the delegations are still there.
#[tokio::test]
async fn an_invited_delegate_gets_back_in() {
    let demonstration = Demonstration::start();
    let first = demonstration.sign_in("new-delegate").await;
    let cookie = demonstration.new_delegate_accepts_in(&first).await;
    let about = json(
        demonstration
            .by_cookie(Method::GET, "/me", &cookie, None)
            .await,
    )
    .await;
    let id = about["account_id"].as_str().unwrap();
    let registration = format!("/registry/registrations/{id}");
    let record = async |who: &str, cell: &str, document: &str| {
        let path = format!("{registration}/cell");
        let wish = object!({ "cell": cell, "identity_document": document });
        let answer = demonstration
            .call(Method::PUT, &path, who, Some(wish))
            .await;
        (answer.status(), json(answer).await)
    };
    let issue = async || {
        let path = format!("{registration}/access-code");
        let answer = demonstration
            .call(Method::POST, &path, "registry", None)
            .await;
        (answer.status(), json(answer).await)
    };
    let (status, problem) = record("registry", "514 555-0166", "passport").await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::CONFLICT, "sign-in-opens-account"),
        "an officer alone does not get into an account that is in use"
    );
    let reset = format!("/help-desk/accounts/{id}/sign-in-reset");
    demonstration
        .call(Method::POST, &reset, "help-desk", None)
        .await;
    assert_eq!(me(&demonstration, &cookie).await, StatusCode::UNAUTHORIZED);
    let (status, problem) = issue().await;
    assert_eq!(
        (status, kind(&problem)),
        (StatusCode::CONFLICT, "no-cell-number")
    );

    let path = "/registry/registrations/search";
    let whose = object!({ "email": "NEW-delegate@demonstration.example" });
    let call = demonstration.call(Method::POST, path, "registry", Some(whose));
    let found = json(call.await).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(found["items"][0]["id"], id);
    assert_eq!(found["items"][0]["sign_ins"], 0);
    assert_eq!(found["items"][0]["cell"], Value::Null);
    for (who, cell, document, expected) in [
        ("counsel-b", "514 555-0166", "passport", "role-missing"),
        ("help-desk", "514 555-0166", "passport", "role-missing"),
        ("registry", "12", "passport", "telephone-unusable"),
        ("registry", "514 555-0166", " ", "identity-check-missing"),
    ] {
        let (_, problem) = record(who, cell, document).await;
        assert_eq!(kind(&problem), expected, "{who}");
    }
    let (status, recorded) = record("registry", "514 555-0166", "passport").await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(recorded["cell"], "+15145550166");
    assert_eq!(recorded["identity_document"], "passport");
    let told = demonstration.mailbox_of("new-delegate").await;
    let subject = told[0]["subject"].as_str().unwrap();
    assert!(subject.contains("Cell number recorded"), "{subject}");

    assert_eq!(issue().await.0, StatusCode::CREATED);
    let newest = &demonstration.caught("text-messages").await[0];
    assert_eq!(newest["to"], "+15145550166");
    let earlier = code(&demonstration).await;
    let (status, _) = record("registry", "514 555-0167", "passport").await;
    assert_eq!(status, StatusCode::OK, "another number");
    let next = demonstration.sign_in("new-delegate").await;
    let (_, problem, _) = enter(&demonstration, &next, &earlier).await;
    assert_eq!(
        kind(&problem),
        "access-code-wrong",
        "it went to the other number"
    );
    assert_eq!(issue().await.0, StatusCode::CREATED);
    let code = code(&demonstration).await;
    let (status, bound, renewed) = enter(&demonstration, &next, &code).await;
    assert_eq!(
        (status, &bound["account_id"]),
        (StatusCode::OK, &object!(id))
    );
    let cases = format!(
        "/counsels/{}/cases",
        demonstration.of("counsel-b", "account_id")
    );
    let cases = demonstration
        .by_cookie(Method::GET, &cases, &renewed.unwrap(), None)
        .await;
    assert_eq!(cases.status(), StatusCode::OK);
    let trail = format!(
        "SELECT action FROM audit WHERE subjects LIKE '%{id}%' AND action = 'record-cell' AND refused IS NULL"
    );
    assert_eq!(demonstration.rows(&trail).await.len(), 2);
}

/// REG-6: accounts of those who work for the tribunal are none of the registry's.
#[tokio::test]
async fn the_registry_sees_no_account_of_staff() {
    let demonstration = Demonstration::start();
    let staff = demonstration.of("help-desk", "account_id");
    for path in ["", "/cell"] {
        let path = format!("/registry/registrations/{staff}{path}");
        let method = if path.ends_with("cell") {
            Method::PUT
        } else {
            Method::GET
        };
        let wish = object!({ "cell": "514 555-0166", "identity_document": "passport" });
        let answer = demonstration
            .call(method, &path, "registry", Some(wish))
            .await;
        assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
    }
}

/// REG-6: the same on the pages: the officer finds the delegate, is told what is missing, and loses nothing that was typed.
#[tokio::test]
async fn a_number_is_recorded_on_the_registrys_page() {
    let demonstration = Demonstration::start();
    let first = demonstration.sign_in("new-delegate").await;
    let cookie = demonstration.new_delegate_accepts_in(&first).await;
    let about = demonstration
        .by_cookie(Method::GET, "/me", &cookie, None)
        .await;
    let id = json(about).await["account_id"].as_str().unwrap().to_owned();
    let officer = demonstration.sign_in("registry").await;
    let see = async |path: &str| {
        let call = demonstration
            .client
            .get(demonstration.page(path))
            .header("cookie", &officer);
        call.send().await.unwrap().text().await.unwrap()
    };
    let page = format!("/en/registry/registrations/{id}");
    let send = async |fields: &[(&str, &str)]| {
        let call = demonstration
            .client
            .post(demonstration.page(&page))
            .header("cookie", &officer)
            .header("sec-fetch-site", "same-origin")
            .form(fields);
        call.send().await.unwrap()
    };
    assert!(!see(&page).await.contains("Record the cell number"));
    let reset = format!("/help-desk/accounts/{id}/sign-in-reset");
    demonstration
        .call(Method::POST, &reset, "help-desk", None)
        .await;
    let find = async |email: &str| {
        let call = demonstration
            .client
            .post(demonstration.page("/en/registry/registrations"))
            .header("cookie", &officer)
            .header("sec-fetch-site", "same-origin");
        let found = call.form(&[("email", email)]).send().await.unwrap();
        found.text().await.unwrap()
    };
    let found = find("new-delegate@demonstration.example").await;
    assert!(found.contains(&page));
    let unusable = find("nobody").await;
    assert!(unusable.contains("id=\"errors\"") && !unusable.contains(&page));
    let shown = see(&page).await;
    assert!(shown.contains("Record a cell number first"), "{shown}");

    let refused = send(&[
        ("act", "cell"),
        ("cell", "514 555-01"),
        ("identity_document", "passport"),
    ])
    .await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let shown = refused.text().await.unwrap();
    assert!(shown.contains("value=\"514 555-01\"") && shown.contains("value=\"passport\""));
    let recorded = send(&[
        ("act", "cell"),
        ("cell", "514 555-0166"),
        ("identity_document", "passport"),
    ])
    .await;
    assert_eq!(recorded.status(), StatusCode::SEE_OTHER);
    let next = recorded.headers()["location"].to_str().unwrap().to_owned();
    let shown = see(&next).await;
    assert!(shown.contains("The number is recorded"), "{shown}");
    let issued = send(&[("act", "issue")]).await;
    assert!(
        issued.headers()["location"]
            .to_str()
            .unwrap()
            .ends_with("sent=yes")
    );
    let newest = &demonstration.caught("text-messages").await[0];
    assert_eq!(newest["to"], "+15145550166");
}

/// REG-1: the registry opens registrations of members whom the order's roll lists in good standing, and of nobody else; each refusal
/// says why.
#[tokio::test]
async fn only_members_in_good_standing_are_registered() {
    let demonstration = Demonstration::start();
    let form = |order: &str, number: &str, given: &str, family: &str| {
        object!({
            "order": order, "membership_number": number, "given_name": given, "family_name": family,
            "email": "somebody@firm.example", "cell": "514 555-0199", "language": "en", "identity_document": "passport",
        })
    };
    let open = async |form: Value| {
        let path = "/registry/registrations";
        let answer = demonstration
            .call(Method::POST, path, "registry", Some(form))
            .await;
        (answer.status(), json(answer).await)
    };
    for (form, expected) in [
        (form("cicc", "R999999", "Grace", "Okonkwo"), "not-on-roll"),
        (form("cicc", "R600001", "Grace", "Okonkw"), "not-on-roll"),
        (
            form("cicc", "R600002", "John", "Smith"),
            "not-in-good-standing",
        ),
        (
            form("cicc", "", "Grace", "Okonkwo"),
            "membership-number-missing",
        ),
        (form("guild-of-wizards", "1", "A", "B"), "unknown-order"),
        (
            form("barreau-du-quebec", "312345-6", "Élise", "Tremblay"),
            "registration-opened-before",
        ),
        (form("cicc", "R600001", "", "Okonkwo"), "name-unusable"),
    ] {
        let (status, problem) = open(form).await;
        assert!(status.is_client_error());
        assert_eq!(kind(&problem), expected);
    }
    let (status, opened) = open(form("cicc", "R600001", "Grace", "Okonkwo")).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(opened["registered_at"], Value::Null);
    let listed = demonstration
        .call(
            Method::GET,
            "/registry/registrations?registered=false",
            "registry",
            None,
        )
        .await;
    assert_eq!(json(listed).await["items"][0]["id"], opened["id"]);
    let by_counsel = demonstration
        .call(Method::GET, "/registry/registrations", "counsel-a", None)
        .await;
    assert_eq!(by_counsel.status(), StatusCode::FORBIDDEN);
}

/// How somebody is answered who asks for the cases of `counsel-a`.
async fn cases_of_a(demonstration: &Demonstration, who: &str) -> StatusCode {
    let counsel = demonstration.of("counsel-a", "account_id");
    let path = format!("/counsels/{counsel}/cases");
    let answer = demonstration.call(Method::GET, &path, who, None).await;
    answer.status()
}

/// REG-1, DEL-8: counsel who are off the roll are told so, and what to do, on their pages, on the home page and by the API; their delegates are told
/// no more than that they cannot act.
#[tokio::test]
async fn who_is_struck_is_told_why() {
    let demonstration = Demonstration::start();
    let roll = demonstration.roll();
    let before = std::fs::read_to_string(&roll).unwrap();
    let struck = before.replace("Tremblay,Élise,good", "Tremblay,Élise,struck");
    std::fs::write(&roll, struck).unwrap();
    demonstration.advance("1m").await;
    let id = demonstration.of("counsel-a", "account_id");
    let path = format!("/counsels/{id}/cases");
    for (who, told) in [
        ("counsel-a", "lost-good-standing"),
        ("delegate-a", "counsel-not-standing"),
    ] {
        let refused = json(demonstration.get(&path, who).await).await;
        assert_eq!(kind(&refused), told, "{who}");
    }
    let page = async |path: &str, who: &str| {
        let cookie = demonstration.sign_in(who).await;
        let call = demonstration.client.get(demonstration.page(path));
        let page = call.header("cookie", &cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    let words = "no longer lists you as a member in good standing";
    for path in ["/en/", &format!("/en/counsels/{id}/cases")] {
        assert!(page(path, "counsel-a").await.contains(words), "{path}");
        assert!(!page(path, "delegate-a").await.contains(words), "{path}");
    }
    assert!(!page("/en/", "counsel-b").await.contains(words));
}

/// DEL-8, REG-1: a counsel whom the order struck from its roll is out with the delegates at the next request after the import, and back
/// when the order lists them again; a roll with a wrong line changes nothing.
#[tokio::test]
async fn who_is_struck_from_the_roll_is_out() {
    let demonstration = Demonstration::start();
    let roll = demonstration.roll();
    let before = std::fs::read_to_string(&roll).unwrap();
    let cases = async |who: &str| cases_of_a(&demonstration, who).await;
    std::fs::write(
        &roll,
        before.replace("Tremblay,Élise,good", "Tremblay,Élise,struck"),
    )
    .unwrap();
    demonstration.advance("1m").await;
    assert_eq!(cases("counsel-a").await, StatusCode::FORBIDDEN);
    assert_eq!(cases("delegate-a").await, StatusCode::FORBIDDEN);
    std::fs::write(&roll, &before).unwrap();
    demonstration.advance("1m").await;
    assert_eq!(cases("counsel-a").await, StatusCode::OK);
    assert_eq!(cases("delegate-a").await, StatusCode::OK);
    std::fs::write(
        &roll,
        "number,family_name,given_name,standing\n312345-6,,Élise,good\n",
    )
    .unwrap();
    demonstration.advance("1m").await;
    assert_eq!(
        cases("counsel-a").await,
        StatusCode::OK,
        "nothing is half-imported"
    );
}

/// DEL-8, REG-1: a member on record is known by the order and the number. Whose name changes, on the roll or here first, goes on, and so do
/// the delegates; who is struck under the new name is out all the same.
#[tokio::test]
async fn a_new_name_is_no_lost_standing() {
    let demonstration = Demonstration::start();
    let roll = demonstration.roll();
    let before = std::fs::read_to_string(&roll).unwrap();
    let import = async |line: &str| {
        let changed = before.replace("Tremblay,Élise,good", line);
        assert_ne!(changed, before);
        std::fs::write(&roll, changed).unwrap();
        demonstration.advance("1m").await;
    };
    let cases = async |who: &str| cases_of_a(&demonstration, who).await;
    import("Gagnon,Élise,good").await;
    for who in ["counsel-a", "delegate-a"] {
        assert_eq!(cases(who).await, StatusCode::OK, "the roll is first: {who}");
    }

    let wish = object!({ "changes": { "family_name": "Gagnon-Roy" } });
    let path = "/me/profile/changes";
    let asked = demonstration
        .call(Method::POST, path, "counsel-a", Some(wish))
        .await;
    let change = json(asked).await["id"].as_str().unwrap().to_owned();
    let path = format!("/registry/profile-changes/{change}/decision");
    let apply = object!({ "decision": "apply" });
    let applied = demonstration
        .call(Method::POST, &path, "registry", Some(apply))
        .await;
    assert_eq!(applied.status(), StatusCode::OK);
    import("Tremblay,Elise,good").await;
    for who in ["counsel-a", "delegate-a"] {
        assert_eq!(cases(who).await, StatusCode::OK, "the portal is: {who}");
    }

    import("Gagnon,Élise,struck").await;
    for who in ["counsel-a", "delegate-a"] {
        assert_eq!(cases(who).await, StatusCode::FORBIDDEN, "struck: {who}");
    }
}

/// X-2, REG-8: a token is made with a recent sign-in, shown once, does no more than its scopes, and dies when it is revoked.
#[tokio::test]
async fn tokens_are_made_and_revoked() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-a").await;
    let wish = object!({ "label": "software", "scopes": ["read"], "days": 30 });
    let made = demonstration
        .by_cookie(Method::POST, "/me/tokens", &cookie, Some(wish.clone()))
        .await;
    assert_eq!(made.status(), StatusCode::CREATED);
    let made = json(made).await;
    let secret = made["secret"].as_str().unwrap();
    let status = async |path: &str| {
        let call = demonstration
            .client
            .get(demonstration.api(path))
            .bearer_auth(secret);
        call.send().await.unwrap().status()
    };
    assert_eq!(status("/me").await, StatusCode::OK);
    assert_eq!(status("/registry/submissions").await, StatusCode::FORBIDDEN);
    let listed = demonstration
        .by_cookie(Method::GET, "/me/tokens", &cookie, None)
        .await
        .text()
        .await
        .unwrap();
    assert!(!listed.contains(secret) && listed.contains("last_used_at"));

    let foreign = object!({ "label": "more", "scopes": ["registry"], "days": 30 });
    let refused = demonstration
        .by_cookie(Method::POST, "/me/tokens", &cookie, Some(foreign))
        .await;
    assert_eq!(kind(&json(refused).await), "token-scope-not-yours");
    demonstration.advance("16m").await;
    let refused = demonstration
        .by_cookie(Method::POST, "/me/tokens", &cookie, Some(wish))
        .await;
    assert_eq!(kind(&json(refused).await), "sign-in-not-recent");

    let id = made["token"]["id"].as_str().unwrap();
    let others = demonstration.sign_in("counsel-b").await;
    let path = format!("/me/tokens/{id}");
    let refused = demonstration
        .by_cookie(Method::DELETE, &path, &others, None)
        .await;
    assert_eq!(refused.status(), StatusCode::NOT_FOUND);
    let revoked = demonstration
        .by_cookie(Method::DELETE, &path, &cookie, None)
        .await;
    assert_eq!(revoked.status(), StatusCode::OK);
    assert_eq!(status("/me").await, StatusCode::UNAUTHORIZED);
}

/// REG-2: the operator opens the first accounts of staff, who come in with an access code as counsel do; counsel never come in like this.
#[tokio::test]
async fn the_operator_opens_accounts_for_staff() {
    let demonstration = Demonstration::start();
    let portal = |arguments: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_portal"))
            .arg("account")
            .args(arguments)
            .arg("--demonstration")
            .arg(demonstration.folder.path())
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap())
    };
    let open = |role: &str| {
        let of = [
            "--given-name",
            "Ada",
            "--family-name",
            "Roy",
            "--email",
            "ada@tribunal.example",
        ];
        let rest = ["--cell", "514 555-0177", "--language", "fr"];
        portal(&[&["open", "--role", role], &of[..], &rest].concat())
    };
    assert_eq!(open("counsel").0, Some(2));
    assert_eq!(open("emperor").0, Some(2));
    let (status, id) = open("help-desk");
    assert_eq!(status, Some(0));
    assert_eq!(portal(&["access-code", "--account", id.trim()]).0, Some(0));
    let cookie = demonstration.sign_in("stranger").await;
    let code = code(&demonstration).await;
    let (status, account, _) = enter(&demonstration, &cookie, &code).await;
    assert_eq!(
        (status, &account["role"]),
        (StatusCode::OK, &object!("help-desk"))
    );
}

/// the operator makes, lists and revokes tokens on the command line.
#[tokio::test]
async fn the_operator_makes_tokens_by_command() {
    let demonstration = Demonstration::start();
    let account = demonstration.of("cms", "account_id");
    let portal = |arguments: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_portal"))
            .arg("token")
            .args(arguments)
            .arg("--demonstration")
            .arg(demonstration.folder.path())
            .output()
            .unwrap();
        (run.status.code(), String::from_utf8(run.stdout).unwrap())
    };
    let (status, made) = portal(&[
        "create",
        "--account",
        &account,
        "--scope",
        "cms",
        "--days",
        "7",
    ]);
    assert_eq!(status, Some(0));
    let (id, secret) = made.trim().split_once(' ').unwrap();
    let status = async || {
        let call = demonstration
            .client
            .get(demonstration.api("/registry/submissions"));
        call.bearer_auth(secret).send().await.unwrap().status()
    };
    assert_eq!(status().await, StatusCode::OK);
    let (_, listed) = portal(&["list", "--account", &account]);
    assert!(listed.contains(id) && !listed.contains(secret));
    assert_eq!(portal(&["revoke", id]).0, Some(0));
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    assert_eq!(
        portal(&["create", "--account", &account, "--scope", "registry"]).0,
        Some(1)
    );
    assert_eq!(
        portal(&["create", "--account", &account, "--scope", "everything"]).0,
        Some(2)
    );
}

/// several scopes are named as people are used to: one after the other, with commas, or each with its own `--scope`.
#[test]
fn several_scopes_are_named_in_three_ways() {
    let demonstration = Demonstration::start();
    let account = demonstration.of("counsel-a", "account_id");
    let token = |words: &[&str]| {
        let run = Command::new(env!("CARGO_BIN_EXE_portal"))
            .args(["token", "--demonstration"])
            .arg(demonstration.folder.path())
            .args(words)
            .output()
            .unwrap();
        assert!(run.status.success(), "{words:?}: {run:?}");
        String::from_utf8(run.stdout).unwrap()
    };
    for scopes in [
        &["--scope", "read", "submit"][..],
        &["--scope", "read,submit"],
        &["--scope", "read", "--scope", "submit"],
    ] {
        for words in [
            [&["create"][..], scopes, &["--account", &account]].concat(),
            [&["create", "--account", &account][..], scopes].concat(),
        ] {
            let made = token(&words);
            let (id, _) = made.split_once(' ').unwrap();
            let listed = token(&["list", "--account", &account]);
            let mut lines = listed.lines();
            let line = lines.find(|line| line.starts_with(id)).unwrap();
            assert!(line.ends_with("(read, submit)"), "{words:?}: {line}");
        }
    }
}

/// SEC-1: whoever tries tokens at random is slowed down; who has one is not.
#[tokio::test]
async fn guessing_tokens_is_throttled() {
    let demonstration = Demonstration::start();
    let mut statuses = Vec::new();
    for guess in 0..105 {
        let call = demonstration
            .client
            .get(demonstration.api("/me"))
            .bearer_auth(format!("mondossier_{guess}"));
        statuses.push(call.send().await.unwrap());
    }
    let last = statuses.pop().unwrap();
    assert_eq!(statuses[0].status(), StatusCode::UNAUTHORIZED);
    assert_eq!(last.status(), StatusCode::TOO_MANY_REQUESTS);
    assert!(last.headers().contains_key("retry-after"));
    let good = demonstration
        .call(Method::GET, "/me", "counsel-a", None)
        .await;
    assert_eq!(good.status(), StatusCode::OK);
}

/// SEC-2: the database refuses to change the trail; whoever takes its guards away and edits, removes or swaps entries is found out, and
/// the entry is named.
#[tokio::test]
async fn tampering_with_the_audit_trail_is_found() {
    let demonstration = Demonstration::start();
    demonstration.sign_in("counsel-a").await;
    demonstration.advance("1m").await;
    let refused = demonstration
        .sql("UPDATE audit SET action = 'nothing' WHERE position = 2")
        .await;
    assert!(refused.contains("append-only"), "{refused}");
    assert_eq!(demonstration.verified(), object!([]));
    let triggers = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER audit_seal_no_update; DROP TRIGGER audit_seal_no_delete;";
    demonstration.sql(triggers).await;
    demonstration
        .sql("UPDATE audit SET action = 'nothing' WHERE position = 2")
        .await;
    assert_eq!(demonstration.verified(), object!([{ "changed": 2 }]));
    demonstration
        .sql("DELETE FROM audit WHERE position = 3")
        .await;
    assert_eq!(
        demonstration.verified(),
        object!([{ "changed": 2 }, { "removed": 3 }])
    );
    let swap = "UPDATE audit_seal SET position = -position WHERE number IN (4, 5); \
         UPDATE audit_seal SET position = CASE number WHEN 4 THEN 5 ELSE 4 END WHERE number IN (4, 5)";
    demonstration.sql(swap).await;
    let found = demonstration.verified();
    assert_eq!(found.as_array().unwrap().len(), 4, "{found}");
    demonstration
        .sql("DELETE FROM audit_seal WHERE number = 1")
        .await;
    assert_eq!(demonstration.verified()[0], object!({ "seal_removed": 1 }));
}

impl Demonstration {
    /// Somebody's mails, once the jobs have run.
    async fn mailbox_of(&self, key: &str) -> Vec<Value> {
        self.advance("1s").await;
        let to = format!("{key}@demonstration.example");
        let mut mails = self.mailbox().await;
        mails.retain(|mail| mail["to"] == to.as_str());
        mails
    }

    /// What somebody with the database's file could do: the error's words if the database refuses.
    pub async fn sql(&self, statements: &str) -> String {
        let database = self.database().await;
        match database.execute_unprepared(statements).await {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    /// The first column of what a query finds.
    pub async fn rows(&self, query: &str) -> Vec<Option<String>> {
        column(&self.records(), query).await
    }

    fn records(&self) -> PathBuf {
        self.folder.path().join("records.sqlite")
    }

    async fn database(&self) -> DatabaseConnection {
        open(&self.records()).await
    }

    /// What the job that looks through the audit trail finds.
    fn verified(&self) -> Value {
        let jobs = Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
        let run = Command::new(&jobs)
            .args(["run", "verify-audit", "--demonstration"])
            .arg(self.folder.path())
            .output()
            .expect("the jobs' program is built beside the portal's: cargo build -p jobs");
        let printed: Value = serde_json::from_slice(&run.stdout).unwrap();
        printed["done"]["findings"].clone()
    }
}

async fn open(records: &Path) -> DatabaseConnection {
    Database::connect(format!("sqlite://{}", records.display()))
        .await
        .unwrap()
}

/// The first column of what a query finds in the records of that file.
pub async fn column(records: &Path, query: &str) -> Vec<Option<String>> {
    let statement = Statement::from_string(DbBackend::Sqlite, query);
    let rows = open(records).await.query_all_raw(statement).await.unwrap();
    rows.iter()
        .map(|row| row.try_get_by_index(0).unwrap())
        .collect()
}
