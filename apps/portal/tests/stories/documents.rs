//! Cases seen, documents submitted, received once and handed to the registry (CASE-1 … CASE-4, SUB-1 … SUB-6).

use std::process::Command;

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use crate::portal::{Demonstration, blank_pdf, json, pdf};

/// CASE-1, CASE-2: counsel sees their own active cases, the one decided 44 days ago and not the one decided 46 days ago, and nobody
/// else's.
#[tokio::test]
async fn counsel_sees_their_own_cases() {
    let demonstration = Demonstration::start();
    let mine = demonstration.cases("counsel-a", "counsel-a").await;
    assert_eq!(mine.len(), 13);
    assert_eq!(
        mine.iter()
            .filter(|case| !case["final_decision_on"].is_null())
            .count(),
        1
    );
    let theirs = demonstration.cases("counsel-b", "counsel-b").await;
    assert_eq!(theirs.len(), 5);
    let me = demonstration.of("counsel-a", "account_id");
    let path = format!("/counsels/{me}/cases/{}", theirs[0]["id"].as_str().unwrap());
    assert_eq!(
        demonstration.get(&path, "counsel-a").await.status(),
        StatusCode::NOT_FOUND
    );
    let other = demonstration.of("counsel-b", "account_id");
    assert_eq!(
        demonstration
            .get(&format!("/counsels/{other}/cases"), "counsel-a")
            .await
            .status(),
        StatusCode::FORBIDDEN
    );
    demonstration.advance("1d").await;
    assert_eq!(
        demonstration.cases("counsel-a", "counsel-a").await.len(),
        12,
        "the 45th day"
    );
}

/// CASE-4: search, filter and order are the API's. A code is typed in capitals or not, and the page shows which was chosen.
#[tokio::test]
async fn cases_are_searched_filtered_and_ordered() {
    let demonstration = Demonstration::start();
    let me = demonstration.of("counsel-a", "account_id");
    let found = async |query: &str| {
        let listed = json(
            demonstration
                .get(&format!("/counsels/{me}/cases?{query}"), "counsel-a")
                .await,
        )
        .await;
        listed["items"].as_array().map(Vec::len)
    };
    assert_eq!(found("q=nguyen").await, Some(1));
    assert_eq!(found("division=RAD").await, Some(2));
    assert_eq!(found("division=rad").await, Some(2));
    assert_eq!(
        found("status=ACTIVE&division=Rad").await,
        found("status=active&division=RAD").await
    );
    assert_eq!(found("division=none").await, Some(0));
    assert_eq!(found("division=R%20D").await, None, "it is no code");
    let page = demonstration.page(&format!("/en/counsels/{me}/cases?division=rad"));
    let cookie = demonstration.sign_in("counsel-a").await;
    let page = demonstration.client.get(page).header("cookie", cookie);
    let page = page.send().await.unwrap().text().await.unwrap();
    assert!(page.contains(r#"<option value="RAD" selected>"#), "{page}");
    assert_eq!(found("sort=hearing_date&limit=5").await, Some(5));
    assert_eq!(
        demonstration
            .get(&format!("/counsels/{me}/cases?limit=1000"), "counsel-a")
            .await
            .status(),
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

/// SUB-1 … SUB-6, MAIL-1: a PDF is submitted, confirmed, told to its sender alone, listed and handed to the registry byte for byte; the
/// same key again gives the same number and nothing else.
#[tokio::test]
async fn a_document_is_submitted_once_and_reaches_the_registry() {
    let demonstration = Demonstration::start();
    let before = demonstration.mailbox().await.len();
    let bytes = pdf(1_000);
    let first = demonstration
        .submit("counsel-a", &[("Pièce 1.pdf", bytes.clone())], Some("key"))
        .await;
    assert_eq!(first.status(), StatusCode::CREATED);
    let first = json(first).await;
    let again = demonstration
        .submit("counsel-a", &[("Pièce 1.pdf", bytes.clone())], Some("key"))
        .await;
    assert_eq!(
        json(again).await["confirmation_number"],
        first["confirmation_number"]
    );
    let other = demonstration
        .submit("counsel-a", &[("other.pdf", pdf(1))], Some("key"))
        .await;
    assert_eq!(other.status(), StatusCode::CONFLICT);
    let history = demonstration.history().await;
    assert_eq!(history.len(), 1);
    assert_eq!(
        history[0]["files"][0]["sha256"],
        first["files"][0]["sha256"]
    );
    assert_eq!(history[0]["files"][0]["pages"], 1);
    demonstration.advance("1s").await;
    let mail = demonstration.mailbox().await;
    assert_eq!(mail.len(), before + 1);
    let body = mail[0]["body"].as_str().unwrap();
    assert!(
        body.contains(first["confirmation_number"].as_str().unwrap())
            && body.contains("Bonjour")
            && body.contains("Hello")
    );
    assert!(!body.contains("http") && !body.contains("Haddad"));
    let waiting = json(
        demonstration
            .get("/registry/submissions?acknowledged=false", "registry")
            .await,
    )
    .await;
    let id = waiting["items"][0]["id"].as_str().unwrap().to_owned();
    let download = demonstration
        .get(&format!("/registry/submissions/{id}/files/1"), "registry")
        .await;
    assert_eq!(download.headers()["content-type"], "application/pdf");
    assert!(
        download.headers()["content-disposition"]
            .to_str()
            .unwrap()
            .contains("filename*=UTF-8''Pi%C3%A8ce%201.pdf")
    );
    assert_eq!(download.bytes().await.unwrap(), bytes);
    let refused = demonstration
        .get(&format!("/registry/submissions/{id}/files/1"), "counsel-a")
        .await;
    assert_eq!(
        refused.status(),
        StatusCode::FORBIDDEN,
        "SUB-4: history never serves the document back"
    );
    let acknowledge = demonstration.api(&format!("/registry/submissions/{id}/acknowledgement"));
    let acknowledged = demonstration
        .client
        .post(acknowledge)
        .bearer_auth(demonstration.of("cms", "token"))
        .send()
        .await
        .unwrap();
    assert!(!json(acknowledged).await["acknowledged_at"].is_null());
}

/// SUB-5: the registry finds a submission by the number that a person reads out, taken over or not, however it is typed; what is no number, and
/// a number of no submission, are told as that. Nobody else learns which numbers there are.
#[tokio::test]
async fn the_registry_finds_a_submission_by_its_number() {
    let portal = Demonstration::start();
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let sent = json(
            portal
                .submit("counsel-a", &[("a.pdf", pdf(100))], None)
                .await,
        )
        .await;
        numbers.push(sent["confirmation_number"].as_str().unwrap().to_owned());
    }
    let number = numbers[0].as_str();
    let find = async |who: &str, typed: &str, rest: &str| {
        let typed = typed.replace(' ', "%20");
        let path = format!("/registry/submissions?confirmation_number={typed}{rest}");
        let answer = portal.get(&path, who).await;
        (answer.status(), json(answer).await)
    };
    let last = number.chars().last().unwrap();
    let wrong = format!(
        "{}{}",
        &number[..number.len() - 1],
        if last == '2' { '3' } else { '2' }
    );
    for who in ["registry", "cms"] {
        for typed in [
            number.to_owned(),
            number.to_lowercase(),
            number.replace('-', ""),
            format!(" {} ", number.replace('-', " ")),
        ] {
            let (status, found) = find(who, &typed, "").await;
            assert_eq!(status, StatusCode::OK, "{typed}: {found}");
            let items = found["items"].as_array().unwrap();
            assert_eq!(items.len(), 1, "{typed}");
            assert_eq!(items[0]["confirmation_number"], number);
        }
        let (status, refused) = find(who, &wrong, "").await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        let kind = refused["type"].as_str().unwrap();
        assert!(kind.ends_with("confirmation-number-unusable"), "{kind}");
    }
    for typed in [number, wrong.as_str()] {
        let (status, _) = find("counsel-a", typed, "").await;
        assert_eq!(status, StatusCode::FORBIDDEN);
    }
    let (_, none) = find("registry", "2222-2222-2222", "").await;
    assert!(none["items"].as_array().unwrap().is_empty(), "{none}");
    for (rest, how_many) in [("&acknowledged=false", 1), ("&acknowledged=true", 0)] {
        let (_, found) = find("registry", number, rest).await;
        assert_eq!(found["items"].as_array().unwrap().len(), how_many, "{rest}");
    }

    let cookie = portal.sign_in("registry").await;
    let see = async |typed: &str| {
        let page = portal.client.post(portal.page("/en/registry/submissions"));
        let page = page.header("cookie", &cookie).form(&[("number", typed)]);
        let page = page.header("sec-fetch-site", "same-origin").send().await;
        let page = page.unwrap();
        (page.status(), page.text().await.unwrap())
    };
    let (status, page) = see(&number.to_lowercase()).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains(&format!("class=\"number\">{number}</a>")),
        "{page}"
    );
    assert!(!page.contains(&numbers[1]), "{page}");
    let (status, page) = see(&wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("This is no confirmation number"), "{page}");
    assert!(page.contains(&format!("value=\"{wrong}\"")), "{page}");
    let (status, page) = see("2222-2222-2222").await;
    assert_eq!(status, StatusCode::OK);
    assert!(page.contains("No submission with the number"), "{page}");
}

/// SUB-2, SUB-7, X-4: whatever makes a submission another one is refused under the key of the first: its type, note, statement of service, list of
/// documents, cases. A case that is named twice, or beside itself, has one number.
#[tokio::test]
async fn another_submission_is_not_answered_with_the_first_ones_number() {
    let portal = Demonstration::start();
    let numbers = portal.numbers("counsel-a").await;
    let also = format!("{0} {1} {1}", numbers[0], numbers[1]);
    let first = [
        ("document_type", "disclosure"),
        ("note", "As agreed."),
        ("service_how", "By post"),
        ("service_on", "2026-01-15"),
        ("also_on", also.as_str()),
        ("title", "Passport"),
    ];
    let submissions = portal.submissions().await;
    let submit = async |key: &str, path: &str, changed: (&'static str, &str)| {
        let fields = first.into_iter().map(|(name, value)| {
            let value = if name == changed.0 { changed.1 } else { value };
            (name, value.to_owned())
        });
        let form = fields.fold(Form::new(), |form, (name, value)| form.text(name, value));
        let form = form.part("file", Part::bytes(pdf(10)).file_name("a.pdf"));
        let call = portal.client.post(portal.api(path)).multipart(form);
        let call = call.bearer_auth(portal.of("counsel-a", "token"));
        call.header("idempotency-key", key).send().await.unwrap()
    };
    let sent = submit("one", &submissions, ("", "")).await;
    assert_eq!(sent.status(), StatusCode::CREATED);
    let sent = json(sent).await;
    assert_eq!(sent["also"].as_array().map(Vec::len), Some(1), "{sent}");
    for changed in [
        ("document_type", "application"),
        ("note", "As ordered."),
        ("service_how", "By courier"),
        ("service_on", "2026-01-16"),
        ("also_on", numbers[2].as_str()),
        ("title", "Visa"),
    ] {
        let refused = submit("one", &submissions, changed).await;
        assert_eq!(refused.status(), StatusCode::CONFLICT, "{changed:?}");
    }
    let cases = portal.cases("counsel-a", "counsel-a").await;
    let other = cases.iter().find(|case| case["file_number"] == *numbers[1]);
    let other = other.unwrap()["id"].as_str().unwrap();
    let counsel = portal.of("counsel-a", "account_id");
    let of_other = format!("/counsels/{counsel}/cases/{other}/submissions");
    let refused = submit("one", &of_other, ("", "")).await;
    assert_eq!(refused.status(), StatusCode::CONFLICT, "another case");
    let again = json(submit("one", &submissions, ("", "")).await).await;
    assert_eq!(again["confirmation_number"], sent["confirmation_number"]);
    assert_eq!(portal.history().await.len(), 1);

    let fifty: Vec<String> = (0..50).map(|number| format!("TB7-{number:05}")).collect();
    let on = async |also: &[String]| {
        let refused = submit("two", &submissions, ("also_on", &also.join(" "))).await;
        json(refused).await
    };
    let too_many = on(&fifty).await;
    assert_eq!(too_many["type"], "urn:mondossier:problem:too-many-cases");
    let unknown = on(&fifty[1..]).await;
    assert_eq!(unknown["file_number"], *fifty[1], "{unknown}");
}

/// DEL-5, SUB-3: a delegate submits for the counsel; the confirmation goes to the delegate alone and the entry names both.
#[tokio::test]
async fn a_delegate_submits_for_the_counsel() {
    let demonstration = Demonstration::start();
    let before = demonstration.mailbox().await.len();
    assert_eq!(
        demonstration
            .submit("delegate-a", &[("a.pdf", pdf(1))], None)
            .await
            .status(),
        StatusCode::CREATED
    );
    let history = demonstration.history().await;
    assert_eq!(
        history[0]["submitted_by"]["account_id"],
        demonstration.of("delegate-a", "account_id")
    );
    assert_eq!(
        history[0]["on_behalf_of"]["account_id"],
        demonstration.of("counsel-a", "account_id")
    );
    demonstration.advance("1s").await;
    let mail = demonstration.mailbox().await;
    assert_eq!(
        (mail.len(), &mail[0]["to"]),
        (before + 1, &Value::from("delegate-a@demonstration.example"))
    );
    demonstration.advance("60d").await;
    let cases = format!(
        "/counsels/{}/cases",
        demonstration.of("counsel-a", "account_id")
    );
    assert_eq!(
        demonstration.get(&cases, "delegate-a").await.status(),
        StatusCode::FORBIDDEN,
        "DEL-3: after day 60"
    );
}

/// SUB-1: each thing that can be wrong with a file has its own answer, and nothing is stored.
#[tokio::test]
async fn what_is_wrong_with_a_file_is_told() {
    let demonstration = Demonstration::start();
    let good = pdf(5_000);
    let truncated = good[..4_000].to_vec();
    let key = "ab".repeat(32);
    let locked = format!(
        "/Root 1 0 R/ID[<{key}><{key}>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{key}>/U<{key}>>>"
    );
    let encrypted = String::from_utf8(good.clone())
        .unwrap()
        .replace("/Root 1 0 R", &locked)
        .into_bytes();
    let many: Vec<_> = (0..21).map(|_| ("a.pdf", pdf(1))).collect();
    for (files, status, kind) in [
        (
            vec![("a.pdf", b"plain words".to_vec())],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "file-not-a-pdf",
        ),
        (
            vec![("a.exe", b"MZ\x90\0".repeat(9))],
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "file-not-accepted",
        ),
        (
            vec![("a.pdf", Vec::new())],
            StatusCode::UNPROCESSABLE_ENTITY,
            "file-empty",
        ),
        (
            vec![("a.pdf", truncated)],
            StatusCode::UNPROCESSABLE_ENTITY,
            "file-truncated",
        ),
        (
            vec![("a.pdf", encrypted)],
            StatusCode::UNPROCESSABLE_ENTITY,
            "file-encrypted",
        ),
        (
            vec![("good.pdf", good.clone()), ("a.pdf", Vec::new())],
            StatusCode::UNPROCESSABLE_ENTITY,
            "file-empty",
        ),
        (
            vec![("a.pdf", vec![b'%'; 250_000_001])],
            StatusCode::PAYLOAD_TOO_LARGE,
            "file-too-large",
        ),
        (many, StatusCode::UNPROCESSABLE_ENTITY, "too-many-files"),
        (Vec::new(), StatusCode::UNPROCESSABLE_ENTITY, "no-file"),
    ] {
        let refused = demonstration.submit("counsel-a", &files, None).await;
        assert_eq!(refused.status(), status, "{kind}");
        assert_eq!(
            refused.headers()["content-type"],
            "application/problem+json"
        );
        assert_eq!(
            json(refused).await["type"],
            format!("urn:mondossier:problem:{kind}")
        );
    }
    assert!(demonstration.history().await.is_empty());
    let left = std::fs::read_dir(demonstration.folder.path().join("documents/quarantine"))
        .unwrap()
        .count();
    assert_eq!(left, 0, "nothing stays in quarantine");
}

/// X-10: a PDF that shows nothing is told as blank, with what to do, in the language of whoever sends it: to programs, on pages and to the
/// registry. Nothing of it stays.
#[tokio::test]
async fn a_blank_file_is_told_whichever_way_it_comes() {
    let demonstration = Demonstration::start();
    let address = demonstration.api(&demonstration.submissions().await);
    for (language, words) in [
        ("en", "nothing but blank pages"),
        ("fr", "ne contient que des pages blanches"),
    ] {
        let form = Form::new()
            .text("document_type", "disclosure")
            .part("file", Part::bytes(blank_pdf()).file_name("a.pdf"));
        let call = demonstration
            .client
            .post(&address)
            .bearer_auth(demonstration.of("counsel-a", "token"))
            .header("accept-language", language)
            .multipart(form);
        let refused = call.send().await.unwrap();
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let refused = json(refused).await;
        assert_eq!(refused["type"], "urn:mondossier:problem:file-blank");
        assert_eq!(refused["file"], "a.pdf");
        let told = refused["title"].as_str().unwrap();
        assert!(told.contains(words), "{told}");
    }

    let cookie = demonstration.sign_in("delegate-a").await;
    let page = demonstration.submit_on_page(&cookie, blank_pdf()).await;
    assert_eq!(page.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let page = page.text().await.unwrap();
    assert!(page.contains("ne contient que des pages blanches"));

    let refused = demonstration.send_to_counsel(blank_pdf()).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let refused = json(refused).await;
    assert_eq!(refused["type"], "urn:mondossier:problem:file-blank");

    assert!(demonstration.history().await.is_empty());
    assert_eq!(demonstration.documents("quarantine"), 0);
}

/// A form whose parts have the heads that are given, as programs write them.
pub fn by_hand(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (disposition, content) in parts {
        body.extend(b"--b\r\nContent-Disposition: form-data; ");
        body.extend(disposition.as_bytes());
        body.extend(b"\r\n\r\n");
        body.extend(*content);
        body.extend(b"\r\n");
    }
    body.extend(b"--b--\r\n");
    body
}

/// SUB-1, SUB-2: a text that would be lost, because nothing reads it or another took its place, is told, and nothing is stored.
#[tokio::test]
async fn no_text_is_left_out_in_silence() {
    let portal = Demonstration::start();
    let (submissions, pdf) = (portal.submissions().await, pdf(10));
    let send = async |path: &str, who: &str, text: (&str, &str), again: usize| {
        let part = format!("name={}", text.0);
        let mut parts = vec![(part.as_str(), text.1.as_bytes()); again];
        parts.extend([
            ("name=document_type", &b"disclosure"[..]),
            ("name=file; filename=good.pdf", &pdf[..]),
        ]);
        let call = portal.client.post(portal.api(path));
        let call = call
            .bearer_auth(portal.of(who, "token"))
            .header("content-type", "multipart/form-data; boundary=b")
            .body(by_hand(&parts));
        let told = json(call.send().await.unwrap()).await;
        let kind = told["type"].as_str().unwrap_or_default();
        let kind = kind.trim_start_matches("urn:mondossier:problem:");
        (kind.to_owned(), told["part"].clone())
    };
    for (name, again, kind) in [
        ("service-on", 1, "part-unknown"),
        (
            "title-3e6a1b2c-0000-7000-8000-000000000000",
            1,
            "part-unknown",
        ),
        ("key", 1, "part-unknown"),
        ("document_type", 1, "part-repeated"),
        ("note", 2, "part-repeated"),
        ("service_how", 2, "part-repeated"),
        ("service_on", 2, "part-repeated"),
        ("title", 2, "part-repeated"),
    ] {
        let told = send(&submissions, "counsel-a", (name, "2026-01-15"), again).await;
        assert_eq!(told, (kind.to_owned(), name.into()));
    }
    assert!(portal.history().await.is_empty());
    let also = send(&submissions, "counsel-a", ("also_on", " "), 2).await;
    assert_eq!(also, (String::new(), Value::Null), "these may be several");
    let number = portal.numbers("counsel-a").await.remove(0);
    let documents = format!("/registry/cases/{number}/documents");
    let told = send(&documents, "registry", ("note", "Hello"), 1).await;
    assert_eq!(told, ("part-unknown".to_owned(), "note".into()));
}

/// SUB-1, SUB-2: nobody gets a confirmation number for a submission without a file that they sent, however its part is headed.
#[tokio::test]
async fn no_file_is_left_out_in_silence() {
    let portal = Demonstration::start();
    let (submissions, pdf) = (portal.submissions().await, pdf(10));
    let send = async |path: &str, who: &str, parts: &[(&str, &[u8])]| {
        let call = portal.client.post(portal.api(path));
        let call = call
            .bearer_auth(portal.of(who, "token"))
            .header("content-type", "multipart/form-data; boundary=b")
            .body(by_hand(parts));
        let answer = call.send().await.unwrap();
        (answer.status().as_u16(), json(answer).await)
    };
    let kind = ("name=document_type", &b"disclosure"[..]);
    let good = ("name=file; filename=\"good.pdf\"", &pdf[..]);
    for (disposition, name) in [
        ("name=file", "document"),
        ("name=file; filename=\"\"", "document"),
        (
            "name=file; filename*=utf-8''R%C3%A9sum%C3%A9.pdf",
            "Résumé.pdf",
        ),
    ] {
        let parts = [kind, good, (disposition, &pdf[..])];
        let (status, told) = send(&submissions, "counsel-a", &parts).await;
        assert_eq!(status, 201, "{disposition}: {told}");
        assert_eq!(told["files"].as_array().map(Vec::len), Some(2), "{told}");
        assert_eq!(told["files"][1]["name"], name);
    }
    let received = portal.history().await.len();
    // A browser whose person chose nothing.
    let parts = [kind, good, ("name=file; filename=\"\"", &[])];
    let (status, told) = send(&submissions, "counsel-a", &parts).await;
    assert_eq!(
        (status, told["files"].as_array().map(Vec::len)),
        (201, Some(1))
    );
    let untyped = "name=scan\r\nContent-Type: application/pdf";
    for (disposition, part) in [
        ("name=files; filename=\"a.pdf\"", "files"),
        ("name=\"file[]\"; filename=\"a.pdf\"", "file[]"),
        ("filename=\"a.pdf\"", ""),
        (untyped, "scan"),
    ] {
        let parts = [kind, good, (disposition, &pdf[..])];
        let (status, told) = send(&submissions, "counsel-a", &parts).await;
        assert_eq!(status, 422, "{disposition}: {told}");
        assert_eq!(told["type"], "urn:mondossier:problem:part-unknown");
        assert_eq!(told["part"], part);
    }
    assert_eq!(portal.history().await.len(), received + 1);

    let cases = portal.cases("counsel-a", "counsel-a").await;
    let number = cases[0]["file_number"].as_str().unwrap();
    let documents = format!("/registry/cases/{number}/documents");
    let kind = ("name=document_type", &b"notice-to-appear"[..]);
    let title = ("name=title", &b"Notice"[..]);
    let upload = ("name=upload", &b"3e6a1b2c-0000-7000-8000-000000000000"[..]);
    for (another, part) in [
        (("name=files; filename=b.pdf", &pdf[..]), "files"),
        (upload, "upload"),
    ] {
        let (status, told) = send(&documents, "registry", &[kind, title, good, another]).await;
        assert_eq!((status, &told["part"]), (422, &Value::from(part)), "{told}");
    }

    let cookie = portal.sign_in("counsel-a").await;
    let page = submissions.replace("/submissions", "/submit");
    let call = portal.client.post(portal.page(&format!("/en{page}")));
    let parts = [
        ("name=document_type", &b"disclosure"[..]),
        good,
        ("name=files; filename=b.pdf", &pdf[..]),
    ];
    let answer = call
        .header("cookie", &cookie)
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(by_hand(&parts));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let text = answer.text().await.unwrap();
    assert!(
        text.contains("good.pdf") && text.contains("a name that is not read"),
        "{text}"
    );
}

/// SUB-1: a file of 200 MB goes through without passing through the portal's memory.
#[tokio::test]
async fn a_large_file_is_never_whole_in_memory() {
    let demonstration = Demonstration::start();
    assert_eq!(
        demonstration
            .submit("counsel-a", &[("small.pdf", pdf(1))], None)
            .await
            .status(),
        StatusCode::CREATED
    );
    let peak = || {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", demonstration.process.id()))
                .unwrap();
        let line = status
            .lines()
            .find(|line| line.starts_with("VmHWM"))
            .unwrap()
            .to_owned();
        line.split_whitespace()
            .nth(1)
            .unwrap()
            .parse::<u64>()
            .unwrap()
            * 1024
    };
    let before = peak();
    let received = demonstration
        .submit("counsel-a", &[("large.pdf", pdf(200_000_000))], None)
        .await;
    assert_eq!(received.status(), StatusCode::CREATED);
    let grown = peak() - before;
    assert!(
        grown < 32_000_000,
        "the portal's peak memory grew by {grown} bytes"
    );
}

/// REG-5: somebody signs in with one form and is known by the cookie; calls from elsewhere are refused; a stranger's sign-in opens nothing.
#[tokio::test]
async fn a_browser_signs_in() {
    let demonstration = Demonstration::start();
    let me = async |cookie: &str| {
        demonstration
            .client
            .get(demonstration.api("/me"))
            .header("cookie", cookie)
            .send()
            .await
            .unwrap()
    };
    let cookie = demonstration.sign_in("counsel-a").await;
    assert_eq!(json(me(&cookie).await).await["role"], "counsel");
    let stranger = demonstration.sign_in("stranger").await;
    let refused = me(&stranger).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(
        json(refused).await["type"],
        "urn:mondossier:problem:no-account"
    );
    let again = demonstration
        .client
        .post(demonstration.page("/demo/sign-in"))
        .header("cookie", &cookie)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("person=counsel-b");
    assert_eq!(again.send().await.unwrap().status(), StatusCode::SEE_OTHER);
    let cookie = demonstration.sign_in("counsel-a").await;
    let nowhere = demonstration
        .client
        .post(demonstration.api(&demonstration.submissions().await))
        .header("cookie", &cookie);
    let refused = json(nowhere.send().await.unwrap()).await;
    assert_eq!(refused["type"], "urn:mondossier:problem:cross-site");
    let from_elsewhere = demonstration
        .client
        .post(demonstration.api(&demonstration.submissions().await))
        .header("cookie", &cookie);
    let refused = from_elsewhere
        .header("sec-fetch-site", "cross-site")
        .send()
        .await
        .unwrap();
    assert_eq!(
        json(refused).await["type"],
        "urn:mondossier:problem:cross-site"
    );
}

/// SUB-2: what was confirmed is there after the process was killed and started again.
#[tokio::test]
async fn a_confirmed_submission_survives_the_process() {
    let mut demonstration = Demonstration::start();
    let received = json(
        demonstration
            .submit("counsel-a", &[("a.pdf", pdf(1_000))], None)
            .await,
    )
    .await;
    demonstration.process.kill().unwrap();
    demonstration.process.wait().unwrap();
    let folder = std::mem::replace(&mut demonstration.folder, tempfile::tempdir().unwrap());
    let demonstration = Demonstration::start_in(folder);
    let history = demonstration.history().await;
    assert_eq!(
        history[0]["confirmation_number"],
        received["confirmation_number"]
    );
    let waiting = json(demonstration.get("/registry/submissions", "registry").await).await;
    let id = waiting["items"][0]["id"].as_str().unwrap();
    assert_eq!(
        demonstration
            .get(&format!("/registry/submissions/{id}/files/1"), "registry")
            .await
            .bytes()
            .await
            .unwrap(),
        pdf(1_000)
    );
}

/// The demonstration is for one's own machine: it does not listen where others could reach it.
#[test]
fn the_demonstration_refuses_to_be_reached_from_outside() {
    let folder = tempfile::tempdir().unwrap();
    let refused = Command::new(env!("CARGO_BIN_EXE_portal"))
        .args(["demo", "--listen", "0.0.0.0:0", "--data-dir"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert_eq!(refused.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("loopback"));
}

/// SUB-2: a folder in which nothing can be written, as a restore by another user leaves it, is told before somebody's file is refused; people
/// still read.
#[tokio::test]
async fn a_store_that_takes_nothing_is_told() {
    let demonstration = Demonstration::start();
    let ready = async || {
        let address = demonstration.page("/health/ready");
        let answer = demonstration.client.get(address).send().await.unwrap();
        (answer.status(), answer.text().await.unwrap())
    };
    assert_eq!(ready().await, (StatusCode::OK, "ready\n".to_owned()));
    let documents = demonstration.folder.path().join("documents");
    for place in ["quarantine", "arriving"] {
        let (place, aside) = (documents.join(place), documents.join("aside"));
        std::fs::rename(&place, &aside).unwrap();
        let (status, told) = ready().await;
        assert_eq!(status, StatusCode::OK);
        assert!(told.contains("no file is taken"), "{told}");
        std::fs::rename(&aside, &place).unwrap();
        assert_eq!(ready().await.1, "ready\n");
    }
}
