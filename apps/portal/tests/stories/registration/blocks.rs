//! Accounts that are blocked, by wrong codes or by the help desk, and unblocked (SEC-1).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use super::{code, enter, kind, me};
use crate::portal::{Demonstration, json};

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
        let found = json(found.await).await;
        match found["status"].as_u64() {
            None => found["items"][0].clone(),
            Some(status) => object!([status, kind(&found), found["field"]]),
        }
    };
    let address = "new-counsel@demonstration.example";
    assert_eq!(
        search(object!({ "email": address })).await["email"],
        address
    );
    let by_code = search(object!({ "lock_code": lock_code })).await;
    assert_eq!(by_code["id"], id);
    let by_both = object!({ "lock_code": lock_code, "email": address });
    for unusable in [by_both, object!({})] {
        let told = object!([422, "request-unusable", "lock_code"]);
        assert_eq!(search(unusable).await, told);
    }
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
    let looked = "SELECT action || ' ' || subjects FROM audit WHERE action LIKE 'find-account-%'";
    let looked = demonstration.rows(looked).await.into_iter().flatten();
    let found: Vec<String> = looked.collect();
    let account = demonstration.of("new-counsel", "account_id");
    assert!(
        found.contains(&format!("find-account-by-lock-code sign-in:{id}")),
        "{found:?}"
    );
    assert!(
        found.contains(&format!("find-account-by-email account:{account}")),
        "{found:?}"
    );
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

/// SEC-1: whoever is blocked is told so wherever they ask, with the lock code, and not that there is nothing or that something else is wrong.
#[tokio::test]
async fn whoever_is_blocked_is_told_so_at_every_door() {
    let demonstration = Demonstration::start();
    let stranger = demonstration.sign_in("stranger").await;
    for _ in 0..5 {
        enter(&demonstration, &stranger, "AAAA-AAAA").await;
    }
    let counsel = demonstration.sign_in("counsel-a").await;
    let id = demonstration.of("counsel-a", "account_id");
    let lock = format!("/help-desk/accounts/{id}/lock");
    demonstration
        .call(Method::POST, &lock, "help-desk", None)
        .await;
    let nothing = "/invitations/00000000-0000-0000-0000-000000000001/acceptance";
    for cookie in [&stranger, &counsel] {
        for (method, path, body) in [
            (Method::GET, "/invitations", None),
            (Method::GET, "/invitations?number=AAAA-AAAA", None),
            (
                Method::POST,
                nothing,
                Some(object!({ "answers": ["Paris"] })),
            ),
            (
                Method::POST,
                "/registration",
                Some(object!({ "access_code": "AAAA-AAAA" })),
            ),
        ] {
            let answer = demonstration.by_cookie(method, path, cookie, body).await;
            assert_eq!(answer.status(), StatusCode::LOCKED, "{path}");
            assert!(json(answer).await["lock_code"].is_string(), "{path}");
        }
    }
}
