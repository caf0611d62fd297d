//! every call of the API and every page, with the identifiers of what is another counsel's, by everybody whose it is not. Each answer is a
//! refusal, and the same, letter for letter, as for what never was: nobody learns that something exists. The calls come from the `OpenAPI`
//! document and the pages from the list of their addresses, so that a new one is tried the day it is born.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json as object};

use crate::doors::{DOORS, EVERYBODY, body_of};
use crate::portal::{Demonstration, json, pdf};
use crate::theirs::{Theirs, Thing, filled, parts};

/// Where the pages are: the portal's own list.
const ADDRESSES: &str = include_str!("../../../../adapters/web/src/pages/address.rs");

/// The addresses of pages that name something.
fn pages_that_name_something() -> Vec<&'static str> {
    let list = ADDRESSES.split("pub(super) mod route {").nth(1).unwrap();
    let list = list.split("\n}").next().unwrap();
    let addresses = list.split('"').skip(1).step_by(2);
    let addresses: Vec<_> = addresses.filter(|address| address.contains(':')).collect();
    assert!(addresses.len() > 20, "{addresses:?}");
    addresses
}

/// A call of the API: its method, its address, and what it takes.
struct Operation {
    method: Method,
    address: String,
    described: Value,
}

/// How somebody is known.
enum By {
    Token(String),
    Session(String),
}

async fn operations(demonstration: &Demonstration) -> Vec<Operation> {
    let document = demonstration.client.get(demonstration.api("/openapi.json"));
    let document = json(document.send().await.unwrap()).await;
    let mut all = Vec::new();
    for (address, methods) in document["paths"].as_object().unwrap() {
        // What OPTIONS tells is the protocol's, the same for everybody.
        let methods = methods.as_object().unwrap().iter();
        for (method, described) in methods.filter(|(method, _)| *method != "options") {
            all.push(Operation {
                method: method.to_uppercase().parse().unwrap(),
                address: address.trim_start_matches("/api/v1").to_owned(),
                described: described.clone(),
            });
        }
    }
    all
}

impl Operation {
    fn name(&self) -> String {
        format!("{} {}", self.method, self.address)
    }

    /// With a body that would be taken.
    fn call(&self, demonstration: &Demonstration, address: &str, by: &By) -> RequestBuilder {
        let call = demonstration
            .client
            .request(self.method.clone(), demonstration.api(address))
            .headers(self.of_uploads());
        let call = match by {
            By::Token(token) => call.bearer_auth(token),
            By::Session(cookie) => call
                .header("cookie", cookie)
                .header("sec-fetch-site", "same-origin"),
        };
        if self.described["requestBody"]["content"]["multipart/form-data"].is_object() {
            let file = reqwest::multipart::Part::bytes(pdf(10)).file_name("a.pdf");
            let form = reqwest::multipart::Form::new()
                .text("document_type", "other")
                .text("title", "A letter")
                .part("file", file);
            return call.multipart(form);
        }
        match body_of(&self.described) {
            Some(body) => call.json(&body),
            None => call,
        }
    }

    /// What the upload protocol asks for, so that it is the door that refuses.
    fn of_uploads(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        if self.address.contains("/uploads") {
            headers.insert("tus-resumable", HeaderValue::from_static("1.0.0"));
            headers.insert("upload-length", HeaderValue::from_static("100"));
            headers.insert("upload-offset", HeaderValue::from_static("0"));
            let name = HeaderValue::from_static("filename UGnDqGNlIDEucGRm");
            headers.insert("upload-metadata", name);
            let bytes = HeaderValue::from_static("application/offset+octet-stream");
            headers.insert("content-type", bytes);
        }
        headers
    }

    /// Whether somebody may do this with what is counsel-b's, or it takes only what is one's own.
    fn is_open_to(&self, who: &str) -> bool {
        let name = self.name();
        let mut doors = DOORS.iter();
        doors
            .find(|(start, _)| self.address.starts_with(start) || name.starts_with(start))
            .is_some_and(|(_, allowed)| allowed.contains(&who))
    }
}

/// What was answered, without what differs from call to call or repeats what was asked for.
async fn answered(call: RequestBuilder, asked_for: &[String]) -> (StatusCode, String) {
    let answer = call.send().await.unwrap();
    let status = answer.status();
    let number = answer.headers().get("x-request-id").cloned();
    let mut body = answer.text().await.unwrap();
    if let Some(number) = number {
        body = body.replace(number.to_str().unwrap(), "…");
    }
    if let Ok(Value::Object(mut problem)) = serde_json::from_str(&body) {
        problem.remove("request_id");
        body = Value::Object(problem).to_string();
    }
    // A page counts the seconds for which its session still is.
    for counted in ["data-idle=\"", "data-longest=\""] {
        let mut pieces = body.split(counted);
        let first = pieces.next().unwrap_or_default().to_owned();
        body = pieces.fold(first, |text, piece| {
            text + counted + piece.trim_start_matches(|c: char| c.is_ascii_digit())
        });
    }
    for one in asked_for {
        body = body.replace(one.as_str(), "…");
    }
    (status, body)
}

/// Every way to put `theirs` into an address: everything, and each thing alone among one's `own`; each with the same in which nothing ever was.
fn ways(address: &str, own: &Theirs, theirs: &Theirs) -> Vec<(Vec<String>, Vec<String>)> {
    let never = Theirs::nobodys();
    let things = parts(address);
    let all = |of: &Theirs| {
        things
            .iter()
            .map(|thing| of.one(*thing))
            .collect::<Vec<_>>()
    };
    let mut ways = vec![(all(theirs), all(&never))];
    for (at, thing) in things.iter().enumerate() {
        if thing.is_somebodys() && things.len() > 1 {
            let among_own = |of: &Theirs| {
                let mut filling = all(own);
                filling[at] = of.one(*thing);
                filling
            };
            ways.push((among_own(theirs), among_own(&never)));
        }
    }
    // What never was in both tells nothing.
    ways.retain(|(theirs, never)| theirs != never);
    ways
}

/// CASE-1, DEL-5, Q-5: nobody gets at what is not theirs by any call, and no answer tells whether it exists.
#[tokio::test]
async fn no_call_tells_whether_something_of_others_exists() {
    let demonstration = Demonstration::start();
    let theirs = Theirs::of(&demonstration, "counsel-b").await;
    let own = Theirs::of(&demonstration, "counsel-a").await;
    let mut table: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut tried, mut told) = (0, Vec::new());
    let mut callers = Vec::new();
    for who in EVERYBODY {
        callers.push(((*who).to_owned(), By::Token(demonstration.of(who, "token"))));
    }
    // A token may less than its person.
    for who in ["counsel-a", "delegate-a"] {
        let session = By::Session(demonstration.sign_in(who).await);
        callers.push((format!("session of {who}"), session));
    }
    for operation in operations(&demonstration).await {
        let things = parts(&operation.address);
        if !things.iter().any(|thing| thing.is_somebodys()) {
            continue;
        }
        for (said, by) in &callers {
            let who = said.trim_start_matches("session of ");
            let (own, theirs) = if who == "counsel-b" {
                (&theirs, &own)
            } else {
                (&own, &theirs)
            };
            if !operation.address.starts_with("/counsels/") && operation.is_open_to(who) {
                continue;
            }
            let mut statuses = Vec::new();
            for (with, without) in ways(&operation.address, own, theirs) {
                // Who acts for both counsel knows both; what is the one's is nothing among the other's all the same.
                let both = [
                    theirs.one(Thing::Counsel),
                    Theirs::nobodys().one(Thing::Counsel),
                ];
                if who == "delegate-ab" && without.iter().any(|one| both.contains(one)) {
                    continue;
                }
                let call = |filling: &[String]| {
                    let address = filled(&operation.address, filling);
                    operation.call(&demonstration, &address, by)
                };
                let (status, of_theirs) = answered(call(&with), &with).await;
                let of_nothing = answered(call(&without), &without).await;
                let name = operation.name();
                if (status, &of_theirs) != (of_nothing.0, &of_nothing.1) {
                    told.push(format!("{name} by {who} with {with:?}: {status} {of_theirs}, and for nothing {} {}", of_nothing.0, of_nothing.1));
                }
                if ![StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&status) {
                    told.push(format!(
                        "{name} by {who} with {with:?}: {status} is no refusal"
                    ));
                }
                statuses.push(status.as_u16().to_string());
                tried += 2;
            }
            if !statuses.is_empty() {
                let said = format!("{said} {}", statuses.join("/"));
                table.entry(operation.name()).or_default().push(said);
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(tried > 300, "{tried}");
    // As many as have it; a notice or a draft that could not be made would be no test.
    for thing in [
        Thing::Item,
        Thing::Submission,
        Thing::Invitation,
        Thing::Notice,
        Thing::Token,
        Thing::Session,
    ] {
        assert!(theirs.have(thing), "{thing:?}");
    }
    insta::assert_snapshot!("calls_with_what_is_others", in_lines(&table));
}

fn in_lines(table: &BTreeMap<String, Vec<String>>) -> String {
    let mut lines = String::new();
    for (name, said) in table {
        writeln!(lines, "{name}\n    {}", said.join(", ")).unwrap();
    }
    lines
}

/// Who has no business with counsel-b.
const OUTSIDERS: &[&str] = &["counsel-a", "delegate-a", "registry", "stranger"];

/// the same for the pages, by GET and by POST.
#[tokio::test]
async fn no_page_tells_whether_something_of_others_exists() {
    let demonstration = Demonstration::start();
    let theirs = Theirs::of(&demonstration, "counsel-b").await;
    let own = Theirs::of(&demonstration, "counsel-a").await;
    let mut table: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let (mut tried, mut told) = (0, Vec::new());
    let never = Theirs::nobodys();
    for who in OUTSIDERS {
        let cookie = demonstration.sign_in(who).await;
        for page in pages_that_name_something() {
            let start = page.split('/').nth(1).unwrap_or_default();
            if *who == start {
                continue;
            }
            for method in [Method::GET, Method::POST] {
                let mut statuses = Vec::new();
                for (with, without) in ways(page, &own, &theirs) {
                    let call = |filling: &[String], of: &Theirs| {
                        let address = format!("/en{}", filled(page, filling));
                        let call = demonstration
                            .client
                            .request(method.clone(), demonstration.page(&address))
                            .header("cookie", &cookie)
                            .header("sec-fetch-site", "same-origin");
                        match method {
                            Method::POST => filled_in(call, page, of),
                            _ => call,
                        }
                    };
                    let (status, of_theirs) = answered(call(&with, &theirs), &with).await;
                    let of_nothing = answered(call(&without, &never), &without).await;
                    let name = format!("{method} {page} by {who}");
                    if (status, &of_theirs) != (of_nothing.0, &of_nothing.1) {
                        told.push(format!(
                            "{name} with {with:?}: {status}, and for nothing {}",
                            of_nothing.0
                        ));
                    }
                    let refused = [
                        StatusCode::FORBIDDEN,
                        StatusCode::NOT_FOUND,
                        StatusCode::UNAUTHORIZED,
                        StatusCode::METHOD_NOT_ALLOWED,
                    ];
                    if !refused.contains(&status) {
                        told.push(format!("{name} with {with:?}: {status} is no refusal"));
                    }
                    statuses.push(status.as_u16().to_string());
                    tried += 2;
                }
                let said = format!("{who} {}", statuses.join("/"));
                table
                    .entry(format!("{page} {method}"))
                    .or_default()
                    .push(said);
            }
        }
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
    assert!(tried > 300, "{tried}");
    insta::assert_snapshot!("pages_with_what_is_others", in_lines(&table));
}

/// A form that has what any page asks for, so that it is the door that refuses; what it names is as much theirs as what the address names.
fn filled_in(call: RequestBuilder, page: &str, of: &Theirs) -> RequestBuilder {
    if page.ends_with("/submit")
        || page.ends_with("/drafts/:draft")
        || page == "/registry/cases/:number"
    {
        let form = reqwest::multipart::Form::new();
        return call.multipart(form.text("document_type", "other").text("act", "send"));
    }
    let (act, named) = match page {
        "/help-desk/accounts/:account" => ("unblock", Thing::Account),
        "/counsels/:counsel/delegates" => ("send", Thing::Delegation),
        _ => ("send", Thing::Item),
    };
    call.form(&[
        ("act", act),
        ("confirmed", &of.one(named)),
        ("given_name", "A"),
        ("family_name", "B"),
        ("email", "a@firm.example"),
        ("language", "en"),
        ("decision", "apply"),
    ])
}

/// Everything that somebody may call, with what is counsel-a's: the statuses, and by how many calls.
async fn statuses(
    demonstration: &Demonstration,
    token: &str,
    of: &Theirs,
) -> BTreeMap<String, StatusCode> {
    let mut statuses = BTreeMap::new();
    for operation in operations(demonstration).await {
        let by = By::Token(token.to_owned());
        let call = operation.call(demonstration, &of.fill(&operation.address), &by);
        statuses.insert(operation.name(), call.send().await.unwrap().status());
    }
    statuses
}

/// Opens every page of counsel-a's, by a session from before the access ended.
async fn page_statuses(
    demonstration: &Demonstration,
    cookie: &str,
    of: &Theirs,
) -> BTreeMap<String, StatusCode> {
    let mut statuses = BTreeMap::new();
    for page in pages_that_name_something() {
        let opened = demonstration
            .client
            .get(demonstration.page(&format!("/en{}", of.fill(page))))
            .header("cookie", cookie);
        let name = format!("GET {page}");
        statuses.insert(name, opened.send().await.unwrap().status());
    }
    statuses
}

/// X-2, DEL-3, DEL-8, SEC-1, Q-5: whose access ended gets in nowhere: a token that was revoked, a delegate whose delegation ended, a counsel who
/// was struck and their delegates.
#[tokio::test]
async fn whose_access_ended_gets_in_nowhere() {
    let demonstration = Demonstration::start();
    let theirs = Theirs::of(&demonstration, "counsel-a").await;

    let cookie = demonstration.sign_in("counsel-a").await;
    let cookie_of_delegate = demonstration.sign_in("delegate-a").await;
    let wish =
        object!({ "label": "software", "scopes": ["read", "submit", "delegate"], "days": 30 });
    let made = demonstration.by_cookie(Method::POST, "/me/tokens", &cookie, Some(wish));
    let made = json(made.await).await;
    let (id, secret) = (
        made["id"]
            .as_str()
            .or(made["token"]["id"].as_str())
            .unwrap(),
        made["secret"].as_str().unwrap(),
    );
    let path = format!("/me/tokens/{id}");
    let revoke = demonstration.by_cookie(Method::DELETE, &path, &cookie, None);
    assert_eq!(revoke.await.status(), StatusCode::OK);
    for (operation, status) in statuses(&demonstration, secret, &theirs).await {
        assert_eq!(
            status,
            StatusCode::UNAUTHORIZED,
            "{operation} by a revoked token"
        );
    }

    let id = demonstration.of("counsel-a", "account_id");
    let listed = json(
        demonstration
            .get(&format!("/counsels/{id}/delegations"), "counsel-a")
            .await,
    )
    .await;
    for delegation in listed["items"].as_array().unwrap() {
        let path = format!(
            "/counsels/{id}/delegations/{}",
            delegation["id"].as_str().unwrap()
        );
        demonstration
            .call(Method::DELETE, &path, "counsel-a", None)
            .await;
    }
    let after = statuses(
        &demonstration,
        &demonstration.of("delegate-a", "token"),
        &theirs,
    )
    .await;
    refuses_what_is_counsels(&after, "a delegate whose delegation ended");
    let after = page_statuses(&demonstration, &cookie_of_delegate, &theirs).await;
    refuses_what_is_counsels(&after, "the session of a delegate whose delegation ended");

    let roll = demonstration.roll();
    let before = std::fs::read_to_string(&roll).unwrap();
    let struck = before.replace("Tremblay,Élise,good", "Tremblay,Élise,struck");
    std::fs::write(&roll, struck).unwrap();
    demonstration.advance("1m").await;
    let after = statuses(
        &demonstration,
        &demonstration.of("counsel-a", "token"),
        &theirs,
    )
    .await;
    refuses_what_is_counsels(&after, "a counsel who was struck");
    let after = page_statuses(&demonstration, &cookie, &theirs).await;
    refuses_what_is_counsels(&after, "the session of a counsel who was struck");
}

fn refuses_what_is_counsels(statuses: &BTreeMap<String, StatusCode>, who: &str) {
    let of_counsel = statuses
        .iter()
        .filter(|(operation, _)| operation.contains(" /counsels/"));
    let mut tried = 0;
    for (operation, status) in of_counsel {
        let refused = [
            StatusCode::FORBIDDEN,
            StatusCode::NOT_FOUND,
            StatusCode::UNAUTHORIZED,
            StatusCode::LOCKED,
        ];
        assert!(refused.contains(status), "{operation} by {who}: {status}");
        tried += 1;
    }
    assert!(tried > 15, "{tried}");
}

/// SEC-1: who is blocked gets in nowhere, by session or by token, and every answer but that of the helpers' own says so.
#[tokio::test]
async fn who_is_blocked_gets_in_nowhere() {
    let demonstration = Demonstration::start();
    let theirs = Theirs::of(&demonstration, "counsel-b").await;
    let cookie = demonstration.sign_in("counsel-b").await;
    let me = json(demonstration.get("/me/profile", "counsel-b").await).await;
    let email = me["email"].as_str().unwrap();
    let invite = object!({
        "given_name": "Jordan", "family_name": "MacLeod", "email": email, "language": "en",
        "questions": [{ "question": "Where?", "answer": "Here" }], "accept_terms": true,
    });
    let id = demonstration.of("counsel-a", "account_id");
    let path = format!("/counsels/{id}/delegations");
    let invited = demonstration
        .call(Method::POST, &path, "counsel-a", Some(invite))
        .await;
    assert_eq!(invited.status(), StatusCode::CREATED);
    let invitation = json(invited).await["id"].as_str().unwrap().to_owned();
    let path = format!("/invitations/{invitation}/acceptance");
    let wrong = object!({ "answers": ["There"] });
    for _ in 0..5 {
        demonstration
            .by_cookie(Method::POST, &path, &cookie, Some(wrong.clone()))
            .await;
    }
    for (operation, status) in statuses(
        &demonstration,
        &demonstration.of("counsel-b", "token"),
        &theirs,
    )
    .await
    {
        let refused = [
            StatusCode::LOCKED,
            StatusCode::FORBIDDEN,
            StatusCode::NOT_FOUND,
            // What is asked for is nothing, whoever asks.
            StatusCode::BAD_REQUEST,
            StatusCode::UNPROCESSABLE_ENTITY,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        ];
        assert!(
            refused.contains(&status),
            "{operation} by a blocked counsel: {status}"
        );
    }
    let after = page_statuses(&demonstration, &cookie, &theirs).await;
    refuses_what_is_counsels(&after, "the session of a blocked counsel");
}
