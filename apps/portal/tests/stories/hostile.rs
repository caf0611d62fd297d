//! Bytes that nobody sends in good faith, over HTTP: each is refused in words, nothing fails on our side, and what is kept is harmless.

use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json, pdf};

fn kind(problem: &Value) -> &str {
    let kind = problem["type"].as_str().unwrap_or_default();
    kind.trim_start_matches("urn:mondossier:problem:")
}

/// A shape of the document, with every reference followed.
fn followed<'a>(document: &'a Value, shape: &'a Value) -> &'a Value {
    let reference = shape["$ref"]
        .as_str()
        .or(shape["allOf"][0]["$ref"].as_str());
    match reference {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => shape,
    }
}

/// A body of that shape in which `holder` says what each text is; every text in turn is the one with a NUL.
fn bodies_with_a_nul(document: &Value, shape: &Value) -> Vec<Value> {
    let shape = followed(document, shape);
    match shape["type"].as_str() {
        Some("string") => vec!["a\0b".into()],
        Some("array") => {
            let items = bodies_with_a_nul(document, &shape["items"]);
            items.into_iter().map(|item| object!([item])).collect()
        }
        Some("object") => {
            let fields = shape["properties"].as_object().into_iter().flatten();
            let each = fields.flat_map(|(name, field)| {
                let bodies = bodies_with_a_nul(document, field).into_iter();
                bodies.map(move |value| object!({ name: value }))
            });
            each.collect()
        }
        _ => Vec::new(),
    }
}

/// Who comes as far as the body of every call.
fn who_may(address: &str) -> &'static str {
    if address.starts_with("/registry/cases/") {
        "cms"
    } else {
        "counsel-a"
    }
}

/// a text with a NUL, which one of the databases cannot hold, is refused in every field of every call, and in every parameter.
#[tokio::test]
async fn every_text_field_refuses_a_nul() {
    let demonstration = Demonstration::start();
    let document = demonstration.client.get(demonstration.api("/openapi.json"));
    let document = json(document.send().await.unwrap()).await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let never = "01a00000-0000-7000-8000-00000000dead";
    let mut tried = 0;
    for (address, methods) in document["paths"].as_object().unwrap() {
        let address = address.trim_start_matches("/api/v1");
        let place = address.split('/').map(|segment| match segment {
            "{counsel}" => counsel.as_str(),
            "{file_number}" => "TC9-98765",
            part if part.starts_with('{') => never,
            part => part,
        });
        let place = place.collect::<Vec<_>>().join("/");
        for (method, described) in methods.as_object().unwrap() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let call = |place: &str| {
                let call = demonstration
                    .client
                    .request(method.clone(), demonstration.api(place));
                call.bearer_auth(demonstration.of(who_may(address), "token"))
            };
            let content = described["requestBody"]["content"].as_object();
            let json_body = content
                .into_iter()
                .flatten()
                .find(|(name, _)| name.contains("json"));
            for body in json_body.map_or_else(Vec::new, |(_, body)| {
                bodies_with_a_nul(&document, &body["schema"])
            }) {
                refused(
                    call(&place).json(&body),
                    &format!("{method} {address}: {body}"),
                )
                .await;
                tried += 1;
            }
            for parameter in described["parameters"].as_array().into_iter().flatten() {
                if parameter["in"] == "query" {
                    let name = parameter["name"].as_str().unwrap();
                    let asked = format!("{place}?{name}=a%00b");
                    refused(call(&asked), &format!("{method} {asked}")).await;
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
    let path = demonstration.submissions().await;
    for name in [
        "document_type",
        "note",
        "service_how",
        "service_on",
        "title",
        "also_on",
    ] {
        let form = reqwest::multipart::Form::new().text(name, "a\0b");
        let call = demonstration.client.post(demonstration.api(&path));
        let call = call.bearer_auth(demonstration.of("counsel-a", "token"));
        refused(call.multipart(form), name).await;
    }
    let cookie = demonstration.sign_in("counsel-a").await;
    let page = demonstration.page(&format!("/fr/counsels/{counsel}/forms/client-contact"));
    let call = demonstration.client.post(page).header("cookie", cookie);
    let call = call
        .header("sec-fetch-site", "same-origin")
        .form(&[("act", "keep"), ("city", "a\0b")]);
    assert_eq!(
        call.send().await.unwrap().status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

async fn refused(call: RequestBuilder, what: &str) {
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{what}");
    assert_eq!(kind(&json(answer).await), "text-unusable", "{what}");
}

/// bodies that break readers are refused in words.
#[tokio::test]
async fn odd_json_is_refused_in_words() {
    let demonstration = Demonstration::start();
    let deep = b"[".repeat(10_000);
    let objects = b"{\"a\":".repeat(10_000);
    let bodies: [&[u8]; 10] = [
        &deep,
        &objects,
        b"{\"changes\":{\"family_name\":\"\\ud800\"}}",
        b"{\"changes\":{\"family_name\":\"\xff\"}}",
        b"{\"changes\":1e999999}",
        b"[-9223372036854775809]",
        b"\"text\"",
        b"null",
        b"",
        b"{",
    ];
    for (path, who) in [
        ("/me/profile/changes", "counsel-a"),
        ("/registry/cases/TC9-98765", "cms"),
        ("/registration", "counsel-a"),
    ] {
        let method = if path.contains("/cases/") {
            Method::PUT
        } else {
            Method::POST
        };
        for body in bodies {
            let call = demonstration
                .client
                .request(method.clone(), demonstration.api(path));
            let call = call.bearer_auth(demonstration.of(who, "token"));
            let call = call
                .header("content-type", "application/json")
                .body(body.to_vec());
            let answer = call.send().await.unwrap();
            let shown = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
            assert!(
                answer.status().is_client_error(),
                "{path}: {} for {shown}",
                answer.status()
            );
            assert_eq!(
                answer.headers()["content-type"],
                "application/problem+json",
                "{path} {shown}"
            );
        }
    }
}

/// CASE-1, X-2: days and numbers at the end of what can be counted are refused or taken, and never fail on our side.
#[tokio::test]
async fn the_ends_of_what_can_be_counted_do_not_fail() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    for query in [
        "/cases?limit=4294967296",
        "/cases?limit=-1",
        "/cases?hearing_from=9999-12-31&hearing_to=9999-12-31",
        "/cases?hearing_from=0000-01-01",
        "/cases?hearing_from=-9999-01-01",
        "/cases?cursor=%F0%9F%92%A9",
        "/cases?cursor=9223372036854775807",
        "/activity?since=9999-12-31T23:59:59Z",
        "/activity?until=0000-01-01T00:00:00Z",
        "/activity?since=-9999-01-01T00:00:00Z",
        "/inbox?cursor=AAAA",
    ] {
        let answer = demonstration
            .get(&format!("/counsels/{counsel}{query}"), "counsel-a")
            .await;
        assert!(
            !answer.status().is_server_error(),
            "{query}: {}",
            answer.status()
        );
    }
    for day in [
        "9999-12-31",
        "0001-01-01",
        "0000-01-01",
        "99999-01-01",
        "2026-02-30",
    ] {
        let case = object!({
            "division": "RPD", "region": "central", "status": "decided", "counsel_of_record": counsel,
            "final_decision_on": day, "decisions": [{ "kind": "final", "made_on": day }],
            "events": [{ "kind": "hearing", "starts_at": format!("{day}T23:59:59-12:00") }],
        });
        let answer = demonstration
            .call(Method::PUT, "/registry/cases/TC9-98765", "cms", Some(case))
            .await;
        assert!(
            !answer.status().is_server_error(),
            "{day}: {}",
            answer.status()
        );
    }
    let listed = demonstration
        .get(&format!("/counsels/{counsel}/cases"), "counsel-a")
        .await;
    assert_eq!(listed.status(), StatusCode::OK);
}

/// SUB-4, BOX-4: whatever a sender calls a file, what is shown and given back is a plain name, and no path, header or order of letters.
#[tokio::test]
async fn what_a_sender_calls_a_file_is_no_path() {
    let demonstration = Demonstration::start();
    let path = demonstration.submissions().await;
    for name in [
        "../../../etc/passwd.pdf",
        "..\\..\\windows\\a.pdf",
        "a\u{202e}fdp.exe.pdf",
        "a%0d%0aX-Evil: 1.pdf",
        "a\\\"; filename=\\\"b.pdf",
        "CON",
        "nul.pdf",
        ".htaccess",
        "a\u{0}b.pdf",
        " ",
    ] {
        let mut body = b"--b\r\nContent-Disposition: form-data; name=\"document_type\"\r\n\r\nother\r\n--b\r\n".to_vec();
        body.extend(
            format!("Content-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
                .as_bytes(),
        );
        body.extend(pdf(10));
        body.extend(b"\r\n--b--\r\n");
        let call = demonstration.client.post(demonstration.api(&path));
        let call = call.bearer_auth(demonstration.of("counsel-a", "token"));
        let call = call
            .header("content-type", "multipart/form-data; boundary=b")
            .body(body);
        let answer = call.send().await.unwrap();
        assert!(
            !answer.status().is_server_error(),
            "{name:?}: {}",
            answer.status()
        );
        if answer.status() != StatusCode::CREATED {
            continue;
        }
        let sent = json(answer).await;
        let kept = sent["files"][0]["name"].as_str().unwrap();
        assert!(!kept.starts_with('.') && !kept.is_empty(), "{kept:?}");
        assert!(
            !kept.contains(['/', '\\', '"', '\r', '\n', '\0', '\u{202e}', ':']),
            "{name:?} became {kept:?}"
        );
        let id = sent["id"].as_str().unwrap();
        let file = demonstration
            .get(&format!("/registry/submissions/{id}/files/1"), "registry")
            .await;
        let disposition = file.headers()["content-disposition"].to_str().unwrap();
        assert!(
            disposition.starts_with("attachment; filename=\""),
            "{disposition}"
        );
        assert!(file.headers().get("x-evil").is_none());
    }
}
