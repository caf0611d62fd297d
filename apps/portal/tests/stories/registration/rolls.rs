//! The orders' rolls: who is registered by them, and who is out (REG-1, DEL-8).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use super::kind;
use crate::portal::{Demonstration, json};

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

/// SEC-2, REG-1: of several whom one roll strikes, each finds it among the entries about their own account.
#[tokio::test]
async fn whoever_is_struck_has_an_entry_of_their_own() {
    let demonstration = Demonstration::start();
    let form = object!({
        "order": "cicc", "membership_number": "R600001", "given_name": "Grace", "family_name": "Okonkwo",
        "email": "somebody@firm.example", "cell": "514 555-0199", "language": "en", "identity_document": "passport",
    });
    let path = "/registry/registrations";
    let opened = demonstration
        .call(Method::POST, path, "registry", Some(form))
        .await;
    let opened = json(opened).await["id"].as_str().unwrap().to_owned();
    let roll = demonstration.roll().with_file_name("cicc.csv");
    let before = std::fs::read_to_string(&roll).unwrap();
    std::fs::write(&roll, before.replace(",good", ",struck")).unwrap();
    demonstration.advance("1m").await;
    for account in [demonstration.of("counsel-b", "account_id"), opened] {
        let path = format!("/help-desk/accounts/{account}/audit");
        let trail = json(demonstration.get(&path, "help-desk").await).await;
        let entries = trail["items"].as_array().unwrap().iter();
        let struck = entries.filter(|one| one["action"] == "import-rolls");
        assert_eq!(struck.count(), 1, "{trail}");
    }
}
