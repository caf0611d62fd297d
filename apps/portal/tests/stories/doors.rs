//! Every call of the API and every page, tried by everybody whose it is not (CASE-1, DEL-5, SEC-1). The calls come from the OpenAPI document,
//! so that a new one is tried the day it is born; the pages are listed here.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json};
use crate::theirs::{Theirs, Thing};

/// Who may be behind which door, by the beginning of its address.
pub const DOORS: &[(&str, &[&str])] = &[
    ("/counsels/{counsel}/delegations", &["counsel-b"]),
    ("/counsels/{counsel}/activity", &["counsel-b"]),
    ("DELETE /counsels/{counsel}/inbox/{item}", &["counsel-b"]),
    (
        "/counsels/{counsel}/inbox/{item}/service-record",
        &["counsel-b"],
    ),
    ("/invitations/{invitation}", &["new-delegate"]),
    ("/counsels/", &["counsel-b", "delegate-ab"]),
    ("/registry/submissions", &["registry", "cms"]),
    ("/registry/cases", &["registry", "cms"]),
    ("/registry/registrations", &["registry"]),
    ("/registry/legal-holds", &["registry", "cms"]),
    ("/registry/profile-changes", &["registry"]),
    ("/registry/undelivered", &["registry"]),
    ("/registry/bounces", &["registry", "cms"]),
    ("/help-desk/", &["help-desk"]),
];

pub const EVERYBODY: &[&str] = &[
    "counsel-a",
    "counsel-b",
    "delegate-a",
    "delegate-ab",
    "registry",
    "help-desk",
    "cms",
];

/// Nobody gets through a door that is not theirs, and the answer is always one that says so.
#[tokio::test]
async fn no_call_lets_anybody_in_who_may_not() {
    let demonstration = Demonstration::start();
    let theirs = Theirs::of(&demonstration, "counsel-b").await;
    let document = json(
        demonstration
            .client
            .get(demonstration.api("/openapi.json"))
            .send()
            .await
            .unwrap(),
    )
    .await;
    let mut tried = 0;
    for (path, methods) in document["paths"].as_object().unwrap() {
        let path = path.trim_start_matches("/api/v1");
        // What OPTIONS tells is the protocol's, the same for everybody.
        let all = methods.as_object().unwrap().keys();
        for method in all.filter(|method| *method != "options") {
            let method: Method = method.to_uppercase().parse().unwrap();
            let address = theirs.fill(path);
            let nobody = demonstration
                .client
                .request(method.clone(), demonstration.api(&address));
            let answer = nobody.send().await.unwrap().status();
            assert_eq!(
                answer,
                StatusCode::UNAUTHORIZED,
                "{method} {path} by nobody"
            );
            let with_method = format!("{method} {path}");
            let mut doors = DOORS.iter();
            let door =
                doors.find(|(start, _)| path.starts_with(start) || with_method.starts_with(start));
            let Some((_, allowed)) = door else {
                let own = ["/me", "/counsels", "/registration", "/invitations"];
                assert!(
                    own.iter().any(|own| path.starts_with(own)),
                    "say who may {method} {path}"
                );
                continue;
            };
            for who in EVERYBODY.iter().filter(|who| !allowed.contains(who)) {
                let body = body_of(&methods[method.as_str().to_lowercase()]);
                let answer = demonstration
                    .call(method.clone(), &address, who, body)
                    .await
                    .status();
                let refused = [
                    StatusCode::FORBIDDEN,
                    StatusCode::NOT_FOUND,
                    StatusCode::UNSUPPORTED_MEDIA_TYPE,
                    StatusCode::BAD_REQUEST,
                    StatusCode::UNPROCESSABLE_ENTITY,
                    StatusCode::PRECONDITION_FAILED,
                ];
                assert!(
                    refused.contains(&answer),
                    "{method} {path} by {who}: {answer}"
                );
                tried += 1;
            }
        }
    }
    assert!(tried > 60, "{tried}");
}

/// A body that would be taken, so that it is the door that refuses.
pub fn body_of(operation: &Value) -> Option<Value> {
    match operation["operationId"].as_str()? {
        "openRegistration" => Some(object!({
            "order": "cicc", "membership_number": "R600001", "given_name": "Grace", "family_name": "Okonkwo",
            "email": "somebody@firm.example", "cell": "514 555-0199", "language": "en", "identity_document": "passport",
        })),
        "recordCell" => Some(object!({ "cell": "514 555-0199", "identity_document": "passport" })),
        "inviteDelegate" => Some(object!({
            "given_name": "A", "family_name": "B", "email": "a@firm.example", "language": "en",
            "questions": [{ "question": "?", "answer": "!" }], "accept_terms": true,
        })),
        "searchAccounts" => Some(object!({ "email": "somebody@firm.example" })),
        "reportBounce" => Some(object!({ "message_id": "a@b" })),
        "decideProfileChange" => Some(object!({ "decision": "apply" })),
        "feedCase" => Some(object!({
            "division": "RPD", "region": "central", "status": "active", "counsel_of_record": null,
        })),
        "sendCounselContact" | "sendClientContact" => Some(object!({ "city": "Ottawa" })),
        "holdCase" => Some(object!({ "reason": "a court asks for it" })),
        "acceptInvitation" => Some(object!({ "answers": ["Rimouski"] })),
        _ => None,
    }
}

const PAGES: &[(&str, &[&str])] = &[
    ("/account", EVERYBODY),
    // One's own, whoever one is.
    (
        "/account/sessions",
        &[
            "counsel-a",
            "counsel-b",
            "delegate-a",
            "delegate-ab",
            "registry",
            "help-desk",
            "cms",
            "stranger",
        ],
    ),
    ("/counsels/{counsel}/cases", &["counsel-b", "delegate-ab"]),
    (
        "/counsels/{counsel}/cases.csv",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/hearings.ics",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/hearings.ics?details=true",
        &["counsel-b"],
    ),
    (
        "/counsels/{counsel}/cases/{case}/hearings.ics",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/cases/{case}/hearings.ics?details=true",
        &["counsel-b"],
    ),
    (
        "/counsels/{counsel}/cases/{case}",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/cases/{case}/submit",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/cases/{case}/submissions",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/cases/{case}/submissions/{submission}",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/cases/{case}/submissions/{submission}/receipt",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/cases/{case}/submissions/{submission}/receipt/file",
        &["counsel-b", "delegate-ab"],
    ),
    ("/counsels/{counsel}/delegates", &["counsel-b"]),
    ("/counsels/{counsel}/delegates/new", &["counsel-b"]),
    ("/counsels/{counsel}/forms", &["counsel-b", "delegate-ab"]),
    (
        "/counsels/{counsel}/forms/counsel-contact",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/forms/client-contact",
        &["counsel-b", "delegate-ab"],
    ),
    ("/counsels/{counsel}/inbox", &["counsel-b", "delegate-ab"]),
    (
        "/counsels/{counsel}/cases/{case}/inbox",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/inbox/{item}/document",
        &["counsel-b", "delegate-ab"],
    ),
    (
        "/counsels/{counsel}/inbox/{item}/service-record",
        &["counsel-b"],
    ),
    (
        "/counsels/{counsel}/inbox/{item}/service-record/file",
        &["counsel-b"],
    ),
    (
        "/registry/cases/{file_number}/documents/{item}/service-record",
        &["registry", "cms"],
    ),
    (
        "/registry/cases/{file_number}/documents/{item}/service-record/file",
        &["registry", "cms"],
    ),
    ("/counsels/{counsel}/activity", &["counsel-b"]),
    ("/counsels/{counsel}/activity.csv", &["counsel-b"]),
    ("/registry/cases", &["registry", "cms"]),
    ("/registry/cases/{file_number}", &["registry", "cms"]),
    ("/registry/submissions", &["registry", "cms"]),
    ("/registry/submissions/{submission}", &["registry", "cms"]),
    (
        "/registry/submissions/{submission}/files/1",
        &["registry", "cms"],
    ),
    ("/account/change", EVERYBODY),
    ("/registry/undelivered", &["registry"]),
    ("/registry/profile-changes", &["registry"]),
    ("/registry/profile-changes/{change}", &["registry"]),
    ("/registry/registrations", &["registry"]),
    ("/registry/registrations/new", &["registry"]),
    ("/help-desk", &["help-desk"]),
    ("/help-desk/accounts/{counsel}", &["help-desk"]),
];

/// Whoever has not signed in.
const NOBODY: &str = "nobody";

/// Every page opens for those whose it is, in both languages, and for nobody else.
#[tokio::test]
async fn no_page_opens_for_anybody_whose_it_is_not() {
    let demonstration = Demonstration::start();
    let theirs = Theirs::of(&demonstration, "counsel-b").await;
    for who in EVERYBODY.iter().chain(&["stranger", NOBODY]) {
        let cookie = if *who == NOBODY {
            String::new()
        } else {
            demonstration.sign_in(who).await
        };
        for (page, allowed) in PAGES {
            for language in ["fr", "en"] {
                let address = demonstration.page(&format!("/{language}{}", theirs.fill(page)));
                let call = demonstration.client.get(address).header("cookie", &cookie);
                let answer = call.send().await.unwrap();
                let opened = answer.status() == StatusCode::OK;
                assert_eq!(
                    opened,
                    allowed.contains(who),
                    "{page} by {who}: {}",
                    answer.status()
                );
                if !opened {
                    assert!(
                        answer.status().is_client_error(),
                        "{page} by {who}: {}",
                        answer.status()
                    );
                    let text = answer.text().await.unwrap();
                    assert!(text.contains(&format!("<html lang=\"{language}\">")));
                    for secret in [&theirs.one(Thing::Case), &"TC4-".to_owned()] {
                        assert!(!text.contains(&format!(">{secret}")), "{page} by {who}");
                    }
                }
            }
        }
    }
}

/// HELP-1, PRIV-1: the help and the privacy statement are open to everybody, signed in or not, blocked or without account.
#[tokio::test]
async fn help_and_privacy_are_open_to_everybody() {
    let demonstration = Demonstration::start();
    for page in ["/help", "/privacy", "/receipts"] {
        for language in ["fr", "en"] {
            let address = demonstration.page(&format!("/{language}{page}"));
            let answer = demonstration.client.get(&address).send().await.unwrap();
            assert_eq!(answer.status(), StatusCode::OK, "{page} by nobody");
            let text = answer.text().await.unwrap();
            assert!(text.contains(&format!("<html lang=\"{language}\">")));
            for who in EVERYBODY.iter().chain(&["stranger", "new-delegate"]) {
                let cookie = demonstration.sign_in(who).await;
                let call = demonstration.client.get(&address).header("cookie", &cookie);
                let answer = call.send().await.unwrap();
                assert_eq!(answer.status(), StatusCode::OK, "{page} by {who}");
            }
        }
    }
}
