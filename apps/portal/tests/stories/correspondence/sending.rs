//! How a document is sent: once, to somebody whom it reaches, on one case or on several (BOX-1, X-4, X-8, Q-2).

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};

use super::{NAME, TITLE};
use crate::feed::case;
use crate::portal::{Demonstration, json, pdf};

/// X-8, CASE-2, DEL-8: what would reach nobody is not sent, on none of several cases, and nobody is told: the case has left the portal, or its
/// counsel is struck. The registry's page says so before a file is chosen.
#[tokio::test]
async fn what_would_reach_nobody_is_not_sent() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    let staying = &demonstration.numbers("counsel-a").await[0];
    let left = "VB9-88011";
    let mut decided = case(left, Some(&counsel));
    decided["final_decision_on"] = "2026-01-05".into();
    let (status, said) = demonstration.feed(left, &decided).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
    let before = demonstration.mailbox().await.len();
    let refused = async |on: &str, also_on: &str| {
        let answer = demonstration.try_to_send(on, also_on, None).await;
        assert_eq!(answer.status(), StatusCode::CONFLICT, "{on} {also_on}");
        let said = json(answer).await;
        said["type"].as_str().unwrap().to_owned()
    };
    let cookie = demonstration.sign_in("registry").await;
    let page = async |number: &str| {
        let address = demonstration.page(&format!("/en/registry/cases/{number}"));
        let call = demonstration.client.get(address).header("cookie", &cookie);
        call.send().await.unwrap().text().await.unwrap()
    };
    for (on, also_on) in [(left, ""), (staying.as_str(), left)] {
        assert!(refused(on, also_on).await.ends_with("case-left"));
    }
    let shown = page(left).await;
    assert!(shown.contains("This case has left the portal") && !shown.contains("name=\"file\""));
    assert!(page(staying).await.contains("name=\"file\""));

    let roll = std::fs::read_to_string(demonstration.roll()).unwrap();
    let struck = roll.replace("Tremblay,Élise,good", "Tremblay,Élise,struck");
    assert_ne!(roll, struck);
    std::fs::write(demonstration.roll(), struck).unwrap();
    demonstration.advance("1m").await;
    assert!(refused(staying, "").await.ends_with("counsel-cannot-reach"));
    let shown = page(staying).await;
    assert!(shown.contains("Serve the document otherwise") && !shown.contains("name=\"file\""));
    demonstration.advance("1m").await;
    let told = demonstration.mailbox().await;
    let told = told[..told.len() - before].iter();
    let told: Vec<_> = told
        .filter(|mail| mail.to_string().contains("document"))
        .collect();
    assert!(told.is_empty(), "{told:?}");
    std::fs::write(demonstration.roll(), roll).unwrap();
    demonstration.advance("1m").await;
    let inbox = demonstration.inbox("counsel-a", "counsel-a", "").await;
    assert!(inbox.is_empty(), "{inbox:?}");
}

/// the registry's second click on the same form sends nothing twice, and says what the first one did; something else from a page that a
/// browser had kept is not sent by mistake, and can be. CASE-4: the case is found by its number as one types or pastes it.
#[tokio::test]
async fn the_registrys_second_click_sends_nothing_twice() {
    let demonstration = Demonstration::start();
    let number = &demonstration.numbers("counsel-a").await[0];
    let cookie = demonstration.sign_in("registry").await;
    let page = format!("/en/registry/cases/{number}");
    let key_of = |page: &str| -> String {
        let key = page.split("name=\"key\" value=\"").nth(1).unwrap();
        key.split('"').next().unwrap().to_owned()
    };
    let see = demonstration.client.get(demonstration.page(&page));
    let shown = see.header("cookie", &cookie).send().await.unwrap();
    let key = key_of(&shown.text().await.unwrap());
    let send = async |key: &str, title: &'static str, also_on: &'static str| {
        let form = Form::new()
            .text("key", key.to_owned())
            .text("document_type", "letter")
            .text("title", title)
            .text("also_on", also_on)
            .part("file", Part::bytes(pdf(5_000)).file_name(NAME));
        let call = demonstration
            .client
            .post(demonstration.page(&page))
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin")
            .multipart(form);
        call.send().await.unwrap()
    };
    let refused = send(&key, TITLE, "XX9-00000").await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(key_of(&refused.text().await.unwrap()), key);
    let (one, two) = tokio::join!(send(&key, TITLE, ""), send(&key, TITLE, ""));
    for answer in [one, two] {
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    }
    let inbox = async || {
        demonstration
            .inbox("counsel-a", "counsel-a", "")
            .await
            .len()
    };
    assert_eq!(inbox().await, 1);
    let another = send(&key, "Something else", "").await;
    assert_eq!(another.status(), StatusCode::CONFLICT);
    let another = another.text().await.unwrap();
    assert!(another.contains("Something was sent from this page before"));
    let fresh = key_of(&another);
    assert_ne!(fresh, key);
    assert_eq!(
        send(&fresh, TITLE, "").await.status(),
        StatusCode::SEE_OTHER
    );
    assert_eq!(inbox().await, 2);

    for typed in [
        number.replace('-', ""),
        number.to_lowercase(),
        number.replace('-', "\u{2011}"),
        format!("\u{200f} {number}"),
    ] {
        let call = demonstration
            .client
            .post(demonstration.page("/en/registry/cases"))
            .header("cookie", &cookie)
            .header("sec-fetch-site", "same-origin")
            .form(&[("number", &typed)]);
        let found = call.send().await.unwrap();
        assert_eq!(found.status(), StatusCode::SEE_OTHER, "{typed}");
        assert_eq!(found.headers()["location"], *page);
    }
}

/// BOX-1: one document on many cases at once is sent on all of them or on none, and a repeated request sends nothing twice.
#[tokio::test]
async fn one_document_goes_on_many_cases_or_on_none() {
    let demonstration = Demonstration::start();
    let (of_a, of_b) = (
        demonstration.numbers("counsel-a").await,
        demonstration.numbers("counsel-b").await,
    );
    let also = format!("{}, {}\n{}", of_a[1], of_b[0], of_a[0]);
    for _ in 0..2 {
        let sent = demonstration
            .try_to_send(&of_a[0], &also, Some("one and the same"))
            .await;
        assert_eq!(sent.status(), StatusCode::CREATED);
        let sent = json(sent).await;
        assert_eq!(sent["file_number"], *of_a[0]);
        assert_eq!(sent["also"].as_array().unwrap().len(), 2);
    }
    for (counsel, items) in [("counsel-a", 2), ("counsel-b", 1)] {
        let inbox = demonstration.inbox(counsel, counsel, "").await;
        assert_eq!(inbox.len(), items, "{counsel}");
        for item in &inbox {
            let read = demonstration.read(counsel, item, counsel).await;
            assert_eq!(read.bytes().await.unwrap().to_vec(), pdf(5_000));
        }
    }
    let another = demonstration
        .try_to_send(&of_a[0], "", Some("one and the same"))
        .await;
    assert_eq!(another.status(), StatusCode::CONFLICT);
    let unknown = demonstration.try_to_send(&of_a[0], "TC4-99999", None).await;
    assert_eq!(unknown.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(json(unknown).await["file_number"], "TC4-99999");
    let many: Vec<String> = (0..50).map(|number| format!("TC4-{number:05}")).collect();
    let also = many.join(" ");
    let too_many = demonstration.try_to_send(&of_a[0], &also, None).await;
    let too_many = json(too_many).await;
    assert_eq!(too_many["type"], "urn:mondossier:problem:too-many-cases");
    let also = many[1..].join(" ");
    let fifty = demonstration.try_to_send(&of_a[0], &also, None).await;
    assert_eq!(json(fifty).await["file_number"], *many[1]);
    assert_eq!(
        demonstration
            .inbox("counsel-a", "counsel-a", "")
            .await
            .len(),
        2
    );
}

/// documents submitted on several cases at once: one confirmation number per case, one e-mail for each, the same documents in each
/// history; all of them or none.
#[tokio::test]
async fn documents_go_on_several_cases_with_a_number_each() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let foreign = demonstration.numbers("counsel-b").await;
    let submit = async |also: String| {
        let form = Form::new()
            .text("document_type", "disclosure")
            .text("also_on", also)
            .part("file", Part::bytes(pdf(7)).file_name("a.pdf"))
            .part("file", Part::bytes(pdf(8)).file_name("b.pdf"));
        let call = demonstration
            .client
            .post(demonstration.api(&demonstration.submissions().await))
            .bearer_auth(demonstration.of("delegate-a", "token"))
            .header("Idempotency-Key", format!("joined {}", numbers[0]))
            .multipart(form);
        call.send().await.unwrap()
    };
    let refused = submit(format!("{} {}", numbers[1], foreign[0])).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(demonstration.history().await.is_empty());
    let mut given = Vec::new();
    for _ in 0..2 {
        let done = submit(format!("{} {}", numbers[1], numbers[2])).await;
        assert_eq!(done.status(), StatusCode::CREATED);
        let done = json(done).await;
        let mut all = vec![done["confirmation_number"].clone()];
        let also = done["also"].as_array().unwrap().iter();
        all.extend(also.map(|one| one["confirmation_number"].clone()));
        assert_eq!(all.len(), 3);
        if !given.is_empty() {
            assert_eq!(given, all, "a repeat gets the same numbers");
        }
        given = all;
    }
    assert!(given[0] != given[1] && given[1] != given[2] && given[0] != given[2]);
    let listed = json(
        demonstration
            .get("/registry/submissions?limit=100", "registry")
            .await,
    )
    .await;
    let filed = listed["items"].as_array().unwrap();
    assert_eq!(filed.len(), 3);
    for number in &numbers[..3] {
        assert!(filed.iter().any(|one| one["file_number"] == **number));
    }
    for one in filed {
        assert_eq!(one["files"].as_array().unwrap().len(), 2);
        let path = format!(
            "/registry/submissions/{}/files/2",
            one["id"].as_str().unwrap()
        );
        let file = demonstration.get(&path, "registry").await;
        assert_eq!(file.bytes().await.unwrap().to_vec(), pdf(8));
    }
    let activity = demonstration.activity("action=sent").await;
    assert_eq!(activity.len(), 3, "supervision has each case");
}
