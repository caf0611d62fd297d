//! Access codes: what a code binds, how long it lasts, and that it works once, for counsel and for staff (REG-2, REG-3).

use std::process::Command;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use super::{code, enter, kind, me};
use crate::portal::{Demonstration, json};

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

/// REG-2: access codes of staff are the operator's, as are their accounts: an officer neither issues nor voids one.
#[tokio::test]
async fn the_registry_issues_staff_no_code() {
    let demonstration = Demonstration::start();
    for who in ["help-desk", "registry", "cms"] {
        let id = demonstration.of(who, "account_id");
        let path = format!("/registry/registrations/{id}/access-code");
        for method in [Method::POST, Method::DELETE] {
            let refused = demonstration.call(method, &path, "registry", None).await;
            assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{who}");
        }
    }
}

/// REG-3, DEL-2: whoever registers, or accepts an invitation, is told on the page that follows that it is done.
#[tokio::test]
async fn the_page_says_that_one_is_registered() {
    let demonstration = Demonstration::start();
    let read = async |cookie: &str, path: &str| {
        let call = demonstration.client.get(demonstration.page(path));
        call.header("cookie", cookie).send().await.unwrap()
    };
    let cookie = demonstration.sign_in("new-counsel").await;
    let page = read(&cookie, "/en/register").await.text().await.unwrap();
    let (_, owner) = page.split_once("name=\"sign_in\" value=\"").unwrap();
    let code = code(&demonstration).await;
    let entry = [
        ("sign_in", &owner[..36]),
        ("access_code", &code),
        ("privacy_statement", "accepted"),
    ];
    let call = demonstration
        .client
        .post(demonstration.page("/en/register"));
    let call = call.header("cookie", &cookie).form(&entry);
    let call = call.header("sec-fetch-site", "same-origin");
    let registered = call.send().await.unwrap();
    let cookie = registered.headers()["set-cookie"].to_str().unwrap();
    let cookie = cookie.split(';').next().unwrap().to_owned();
    let leads_to = registered.headers()["location"].to_str().unwrap();
    let onward = read(&cookie, leads_to).await;
    let cases = onward.headers()["location"].to_str().unwrap();
    assert!(cases.ends_with("/cases?done=registered"), "{cases}");
    let page = read(&cookie, cases).await.text().await.unwrap();
    assert!(page.contains("class=\"success\""), "{page}");
    let page = read(&cookie, "/en/counsels?done=accepted").await;
    let page = page.text().await.unwrap();
    assert!(page.contains("You accepted the invitation"), "{page}");
}
