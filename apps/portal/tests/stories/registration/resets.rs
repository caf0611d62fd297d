//! Sign-ins that are reset, and the cell number that the registry records for a new code (REG-6, REG-7).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use super::{code, enter, kind, me};
use crate::portal::{Demonstration, json};

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

/// REG-6: the page asks before it resets a sign-in, which nothing undoes, and offers it no more where no sign-in opens the account.
#[tokio::test]
async fn the_page_asks_before_it_resets() {
    let demonstration = Demonstration::start();
    let own = demonstration.sign_in("counsel-a").await;
    let desk = demonstration.sign_in("help-desk").await;
    let found = demonstration.of("counsel-a", "account_id");
    let found = format!("/en/help-desk/accounts/{found}");
    let offered = "value=\"reset\"";
    let (status, _, asks) = demonstration
        .posted(&desk, &found, &[("act", "reset")])
        .await;
    assert_eq!(status, StatusCode::OK);
    assert!(asks.contains("This cannot be undone.") && asks.contains(offered));
    assert_eq!(me(&demonstration, &own).await, StatusCode::OK);
    let sure = [("act", "reset-sign-in")];
    let (status, done, _) = demonstration.posted(&desk, &found, &sure).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert_eq!(me(&demonstration, &own).await, StatusCode::UNAUTHORIZED);
    let told = demonstration.client.get(demonstration.page(&done));
    let told = told.header("cookie", &desk).send().await.unwrap();
    let told = told.text().await.unwrap();
    assert!(told.contains("The sign-in was reset") && !told.contains(offered));
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
