//! A session is extended, and leaves nothing behind (HELP-2, REG-6).

use reqwest::StatusCode;

use crate::portal::Demonstration;

/// REG-6: whoever signs out leaves nothing behind that the pages' scripts noted in the browser.
#[tokio::test]
async fn what_a_browser_noted_goes_with_the_session() {
    let portal = Demonstration::start();
    for way_out in ["/en/sign-out", "/fr/sign-out-everywhere"] {
        let cookie = portal.sign_in("counsel-a").await;
        let call = portal
            .client
            .post(portal.page(way_out))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin");
        let left = call.send().await.unwrap();
        assert_eq!(
            left.headers()["clear-site-data"],
            "\"storage\"",
            "{way_out}"
        );
    }
}

/// HELP-2: a session is extended by a button, also without a script, and then lasts on.
#[tokio::test]
async fn a_session_is_extended() {
    let portal = Demonstration::start();
    let cookie = portal.sign_in("counsel-a").await;
    let stay = async |accept: &str, site: &str| {
        let call = portal
            .client
            .post(portal.page("/fr/session"))
            .header("cookie", &cookie)
            .header("sec-fetch-site", site)
            .header("referer", portal.page("/fr/account"))
            .header("accept", accept);
        call.send().await.unwrap()
    };
    portal.advance("20m").await;
    let back = stay("text/html", "same-origin").await;
    assert_eq!(back.status(), StatusCode::SEE_OTHER);
    assert_eq!(back.headers()["location"], "/fr/account");
    portal.advance("20m").await;
    let said = stay("application/json", "same-origin").await;
    assert_eq!(said.status(), StatusCode::NO_CONTENT);
    let elsewhere = stay("application/json", "cross-site").await;
    assert_eq!(elsewhere.status(), StatusCode::FORBIDDEN);
    portal.advance("31m").await;
    let over = stay("application/json", "same-origin").await;
    assert_eq!(over.status(), StatusCode::UNAUTHORIZED);
}

/// HELP-2: whoever sends a form after their session has ended loses nothing: they sign in beside it, and the same form, sent again, is taken.
#[tokio::test]
async fn a_form_that_comes_after_the_session_is_not_lost() {
    let portal = Demonstration::start();
    let counsel = portal.of("counsel-a", "account_id");
    let form = format!("/en/counsels/{counsel}/forms/counsel-contact");
    let send = async |cookie: &str| {
        let call = portal.client.post(portal.page(&form));
        let call = call.header("cookie", cookie);
        let call = call.header("sec-fetch-site", "same-origin");
        let fields = [("firm", "A firm"), ("act", "keep")];
        call.form(&fields).send().await.unwrap()
    };
    let cookie = portal.sign_in("counsel-a").await;
    portal.advance("31m").await;
    let over = send(&cookie).await;
    assert_eq!(over.status(), StatusCode::UNAUTHORIZED);
    let told = over.text().await.unwrap();
    assert!(told.contains("nothing was sent") && told.contains("reload it"));
    assert!(told.contains("target=\"_blank\""), "{told}");
    let opened = portal.client.get(portal.page(&form)).send().await.unwrap();
    let opened = opened.text().await.unwrap();
    assert!(!opened.contains("nothing was sent"), "{opened}");
    let cookie = portal.sign_in("counsel-a").await;
    assert_eq!(send(&cookie).await.status(), StatusCode::SEE_OTHER);
}
