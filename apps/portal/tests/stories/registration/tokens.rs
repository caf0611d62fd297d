//! Tokens, as people and the operator make them, and as somebody would who guesses (X-2, REG-8, SEC-1).

use std::fs;
use std::path::Path;
use std::process::Command;

use reqwest::{Method, StatusCode};
use serde_json::json as object;

use super::kind;
use crate::portal::{Demonstration, json};

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

/// a command that finds nothing says what it looked for, and a folder without a demonstration stays as it is.
#[test]
fn a_command_names_what_is_not_there() {
    let demonstration = Demonstration::start();
    let somewhere = tempfile::tempdir().unwrap();
    let run = |folder: &Path, words: &[&str]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_portal"));
        let ran = program.args(words).arg("--demonstration").arg(folder);
        let ran = ran.output().unwrap();
        (ran.status.code(), String::from_utf8(ran.stderr).unwrap())
    };
    let nobody = "3e6a1b2c-0000-7000-8000-000000000000";
    let folder = demonstration.folder.path();
    for (words, told) in [
        (&["token", "list", "--account", nobody][..], "account"),
        (
            &["token", "create", "--account", nobody, "--scope", "read"],
            "account",
        ),
        (&["token", "revoke", nobody], "token"),
    ] {
        let (status, said) = run(folder, words);
        assert_eq!(status, Some(1), "{words:?}");
        assert!(
            said.contains(&format!("there is no {told} {nobody}")),
            "{said}"
        );
        let mistyped = somewhere.path().join("mistyped");
        let (status, said) = run(&mistyped, words);
        assert_eq!(status, Some(1), "{words:?}");
        let records = mistyped.join("records.sqlite").display().to_string();
        assert!(said.contains(&records), "{said}");
        assert!(!mistyped.exists());
    }
    let in_the_way = somewhere.path().join("records.sqlite");
    fs::write(&in_the_way, "").unwrap();
    fs::write(somewhere.path().join("mailbox"), "").unwrap();
    let (status, said) = run(somewhere.path(), &["receipt-key"]);
    assert_eq!(status, Some(1));
    assert!(said.contains("mailbox cannot be used"), "{said}");
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
