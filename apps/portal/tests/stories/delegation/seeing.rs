//! What pages and lists say: to counsel of their delegates, to delegates for whom they act (DEL-1, DEL-3, DEL-4, DEL-6).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{invitation, read};
use crate::portal::{Demonstration, json};

/// An instant's day as pages in English write it.
fn day(at: &Value) -> String {
    let at = OffsetDateTime::parse(at.as_str().unwrap(), &Rfc3339).unwrap();
    let at = at.to_offset(time::UtcOffset::from_hms(-5, 0, 0).unwrap());
    let form = time::macros::format_description!("[month repr:long] [day padding:none], [year]");
    at.format(form).unwrap()
}

/// DEL-3: the home page tells counsel the day on which access ends, and once it has ended until when they can still renew.
#[tokio::test]
async fn the_home_page_tells_when_access_ends() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let (ends, renewable) = (day(&running["ends_at"]), day(&running["renewable_until"]));
    let of_delegate = async || {
        let cookie = demonstration.sign_in("counsel-b").await;
        let home = read(&demonstration, &cookie, "/en/").await;
        let line = home.split("<li>").find(|line| line.contains("Marc-Andr"));
        line.unwrap_or_default().to_owned()
    };
    demonstration.advance("50d").await;
    let due = of_delegate().await;
    assert!(due.contains(&ends) && !due.contains(&renewable), "{due}");
    demonstration.advance("10d").await;
    let expired = of_delegate().await;
    assert!(
        expired.contains(&format!("access ended on {ends}")),
        "{expired}"
    );
    assert!(
        expired.contains(&format!("renew until {renewable}")),
        "{expired}"
    );
}

/// SEC-1, DEL-3: counsel sees that a delegate cannot get in at present, as they are blocked, and neither the lock code nor why; the delegation
/// stays what it is. Once the delegate is unblocked it says nothing more.
#[tokio::test]
async fn counsel_sees_that_a_delegate_is_blocked() {
    let demonstration = Demonstration::start();
    let [counsel, delegate] =
        ["counsel-a", "delegate-a"].map(|key| demonstration.of(key, "account_id"));
    let of_delegate = async || {
        let mut delegations = demonstration.delegations("counsel-a").await.into_iter();
        let theirs = |one: &Value| one["delegate"]["account_id"] == *delegate;
        delegations.find(theirs).unwrap()
    };
    let at_the_desk = async |act: &str| {
        let path = format!("/help-desk/accounts/{delegate}/{act}");
        let answer = demonstration.call(Method::POST, &path, "help-desk", None);
        let answer = answer.await;
        assert!(answer.status().is_success(), "{act}: {}", answer.status());
    };
    let cookie = demonstration.sign_in("counsel-a").await;
    let pages = [
        format!("/en/counsels/{counsel}/delegates"),
        "/en/account".to_owned(),
    ];
    let before = of_delegate().await;
    assert_eq!(before["blocked"], false);
    for page in &pages {
        let page = read(&demonstration, &cookie, page).await;
        assert!(!page.contains("Cannot get in at present"), "{page}");
    }

    at_the_desk("lock").await;
    let refused = demonstration.get("/me/profile", "delegate-a").await;
    assert_eq!(refused.status(), StatusCode::LOCKED);
    let code = json(refused).await["lock_code"]
        .as_str()
        .unwrap()
        .to_owned();
    let blocked = of_delegate().await;
    assert_eq!(blocked["blocked"], true);
    for same in ["state", "ends_at", "renewable_until"] {
        assert_eq!(blocked[same], before[same], "{same}");
    }
    assert!(!blocked.to_string().contains(&code));
    for page in &pages {
        let page = read(&demonstration, &cookie, page).await;
        assert!(page.contains("Cannot get in at present"), "{page}");
        assert!(page.contains("Active") && !page.contains(&code));
    }

    at_the_desk("unlock").await;
    assert_eq!(of_delegate().await, before);
}

/// DEL-3, DEL-4: My Profile shows counsel their delegates, until when each has access, and renews.
#[tokio::test]
async fn my_profile_shows_and_renews_delegations() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let cookie = demonstration.sign_in("counsel-b").await;
    let profile = read(&demonstration, &cookie, "/en/account").await;
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    assert!(profile.contains(&day(&running["ends_at"])), "{profile}");
    assert!(
        profile.contains("Renew the delegation of Marc-André"),
        "{profile}"
    );
    assert!(
        profile.contains("Delete the delegation of Marc-André"),
        "{profile}"
    );
    let delegate = demonstration.sign_in("delegate-a").await;
    let profile = read(&demonstration, &delegate, "/en/account").await;
    assert!(!profile.contains("id=\"delegates\""), "{profile}");
}

/// DEL-1: My Profile says how many places are left, and once all are taken, why nobody can be invited.
#[tokio::test]
async fn my_profile_says_how_many_places_are_left() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-b").await;
    let counsel = demonstration.of("counsel-b", "account_id");
    let invites = format!("href=\"/en/counsels/{counsel}/delegates/new\"");
    let profile = read(&demonstration, &cookie, "/en/account").await;
    assert!(profile.contains("2 of 4 places are left."), "{profile}");
    assert!(profile.contains(&invites), "{profile}");
    for number in [1, 2] {
        let (status, told) = demonstration.invite("counsel-b", invitation(number)).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
    }
    let profile = read(&demonstration, &cookie, "/en/account").await;
    assert!(profile.contains("All 4 places are taken."), "{profile}");
    assert!(!profile.contains(&invites), "{profile}");
}

/// DEL-1, DEL-4: counsel's list is in order of name, in which an accent is none; an invitation that nobody took up is not offered to be renewed.
#[tokio::test]
async fn delegates_are_listed_by_name() {
    let demonstration = Demonstration::start();
    for (number, family) in ["Zhou", "Étienne"].into_iter().enumerate() {
        let mut wish = invitation(number);
        wish["family_name"] = family.into();
        let (status, told) = demonstration.invite("counsel-b", wish).await;
        assert_eq!(status, StatusCode::CREATED, "{told}");
    }
    let listed = demonstration.delegations("counsel-b").await;
    let at = |family: &str| {
        let mut names = listed.iter().map(|one| &one["delegate"]["family_name"]);
        names.position(|name| name == family).unwrap()
    };
    assert!(at("Étienne") < at("Zhou"), "{listed:?}");
    let cookie = demonstration.sign_in("counsel-b").await;
    let profile = read(&demonstration, &cookie, "/en/account").await;
    assert!(profile.contains("Person Zhou"), "{profile}");
    assert!(!profile.contains("Renew the delegation of Person Zhou"));
}

/// DEL-6: the home page says at its head for whom a delegate acts, and once nobody's cases are open to them, why that may be.
#[tokio::test]
async fn a_delegates_home_page_says_for_whom_they_act() {
    let demonstration = Demonstration::start();
    let home = async |who: &str| {
        let cookie = demonstration.sign_in(who).await;
        let page = demonstration.client.get(demonstration.page("/en/"));
        let page = page.header("cookie", cookie).send().await.unwrap();
        page.text().await.unwrap()
    };
    let ribbon = "class=\"ribbon\"";
    let of_one = home("delegate-a").await;
    assert!(of_one.contains(ribbon), "{of_one}");
    assert!(!of_one.contains("Choose another counsel"), "{of_one}");
    let of_two = home("delegate-ab").await;
    assert!(of_two.contains(ribbon) && of_two.contains("Choose another counsel"));
    let counsels = home("counsel-a").await;
    assert!(!counsels.contains(ribbon), "{counsels}");
    let none = "No counsel’s cases are open to you now";
    assert!(!of_one.contains(none) && !counsels.contains(none));
    demonstration.advance("90d").await;
    let over = home("delegate-a").await;
    assert!(over.contains(none) && !over.contains(ribbon), "{over}");
}

/// DEL-6: the pages about oneself say at their head for whom a delegate acts, too, and lead to the one counsel's cases; whoever is counsel
/// sees nothing of the kind.
#[tokio::test]
async fn a_delegates_own_pages_say_for_whom_they_act() {
    let demonstration = Demonstration::start();
    let pages = ["/en/account", "/en/counsels", "/en/invitations"];
    let counsel = demonstration.of("counsel-a", "account_id");
    let cases = format!("<li><a href=\"/en/counsels/{counsel}/cases\">My Cases</a></li>");
    for (who, counsels) in [
        ("delegate-a", "Élise Tremblay"),
        ("delegate-ab", "Jordan MacLeod and Élise Tremblay"),
    ] {
        let cookie = demonstration.sign_in(who).await;
        let several = who == "delegate-ab";
        for path in pages {
            let page = read(&demonstration, &cookie, path).await;
            let ribbon = format!("You act for {counsels}.");
            assert!(page.contains(&ribbon), "{who}: {path}");
            let choose = page.contains("Choose another counsel");
            assert_eq!(choose, several, "{who}: {path}");
            assert_eq!(page.contains(&cases), !several, "{who}: {path}");
        }
    }
    let cookie = demonstration.sign_in("counsel-a").await;
    for path in pages {
        let page = read(&demonstration, &cookie, path).await;
        assert!(!page.contains("class=\"ribbon\""), "{path}");
    }
}

/// lists that are never long come in parts too, for whoever asks for parts, and each says whether it goes on.
#[tokio::test]
async fn short_lists_come_in_parts_too() {
    let portal = Demonstration::start();
    let me = portal.of("counsel-a", "account_id");
    let (delegates, case) = (
        format!("/counsels/{me}/delegations"),
        portal.submissions().await.replace("/submissions", ""),
    );
    for (list, who, id) in [
        (delegates.as_str(), "counsel-a", "id"),
        ("/counsels", "delegate-ab", "account_id"),
    ] {
        let all = json(portal.get(list, who).await).await;
        assert_eq!(all["items"].as_array().unwrap().len(), 2, "{list}");
        assert!(all["next_cursor"].is_null());
        let first = json(portal.get(&format!("{list}?limit=1"), who).await).await;
        assert_eq!(first["items"], object!([all["items"][0]]));
        let cursor = first["next_cursor"].as_str().unwrap();
        assert_eq!(cursor, all["items"][0][id]);
        let rest = format!("{list}?limit=1&cursor={cursor}");
        let rest = json(portal.get(&rest, who).await).await;
        let last = object!({ "items": [all["items"][1]], "next_cursor": null });
        assert_eq!(rest, last);
        let gone = portal.get(&format!("{list}?cursor=x"), who).await;
        assert_eq!(gone.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let uploads = format!("{case}/uploads");
    let none = json(portal.get(&uploads, "counsel-a").await).await;
    assert_eq!(none, object!({ "items": [], "next_cursor": null }));
    for list in [&uploads, &delegates, "/counsels", "/me/tokens"] {
        let none = portal.get(&format!("{list}?limit=0"), "counsel-a").await;
        assert_eq!(none.status(), StatusCode::UNPROCESSABLE_ENTITY, "{list}");
    }
}
