//! Records of service, from the reading to another machine (X-8, BOX-2, SEC-2).

use receipts::service_record::{Capacity, ServiceRecord};
use reqwest::{Response, StatusCode};
use serde_json::{Value, json as object};

use crate::portal::{Demonstration, json, pdf};
use crate::receipts::Elsewhere;

/// Where a document's record is for its counsel, and for the registry.
fn addresses(demonstration: &Demonstration, item: &Value) -> [String; 2] {
    let counsel = demonstration.of("counsel-a", "account_id");
    let id = item["id"].as_str().unwrap();
    let number = item["file_number"].as_str().unwrap();
    [
        format!("/counsels/{counsel}/inbox/{id}/service-record"),
        format!("/registry/cases/{number}/documents/{id}/service-record"),
    ]
}

async fn says(answer: Response) -> ServiceRecord {
    assert_eq!(answer.status(), StatusCode::OK);
    let file = json(answer).await;
    ServiceRecord::from_text(file["statement"].as_str().unwrap()).unwrap()
}

/// the record says when the document was made available and when each person, delegates too, first read it, in the order in which they
/// did; it grows with the readings, and says so itself. Counsel, the registry and the case management system have the same.
#[tokio::test]
async fn the_record_tells_when_and_who() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let item = demonstration.sent(&numbers[0]).await;
    let [counsels, registrys] = addresses(&demonstration, &item);
    let unread = says(demonstration.get(&counsels, "counsel-a").await).await;
    assert_eq!(unread.readings, []);
    assert_eq!(unread.made_available_at, item["made_available_at"]);
    assert_eq!(unread.made_available_tribunal.zone, "America/Toronto");
    assert_eq!(unread.file_number, numbers[0]);
    assert_eq!(unread.document.sha256, item["sha256"]);
    assert_eq!(unread.counsel.name, demonstration.of("counsel-a", "name"));
    for who in ["delegate-ab", "counsel-a", "delegate-ab"] {
        demonstration.advance("1h").await;
        let read = demonstration.read("counsel-a", &item, who).await;
        assert_eq!(read.status(), StatusCode::OK);
    }
    for (path, who) in [
        (&counsels, "counsel-a"),
        (&registrys, "registry"),
        (&registrys, "cms"),
    ] {
        let record = says(demonstration.get(path, who).await).await;
        let readers: Vec<_> = record
            .readings
            .iter()
            .map(|reading| (reading.name.clone(), reading.capacity))
            .collect();
        let wanted = [
            (demonstration.of("delegate-ab", "name"), Capacity::Delegate),
            (demonstration.of("counsel-a", "name"), Capacity::Counsel),
        ];
        assert_eq!(readers, wanted, "{who}");
        let times: Vec<_> = record
            .readings
            .iter()
            .map(|one| &one.first_read_at)
            .collect();
        assert!(record.made_available_at < *times[0] && times[0] < times[1]);
        assert!(*times[1] <= record.as_of && unread.as_of < record.as_of);
        assert_eq!(record.deleted_from_general_inbox_at, None);
    }
    let id = item["id"].as_str().unwrap();
    let counsel = demonstration.of("counsel-a", "account_id");
    let path = format!("/counsels/{counsel}/inbox/{id}");
    let deleted = demonstration
        .call(reqwest::Method::DELETE, &path, "counsel-a", None)
        .await;
    assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    let record = says(demonstration.get(&counsels, "counsel-a").await).await;
    assert!(record.deleted_from_general_inbox_at.is_some());
}

/// X-8, SUB-6: the office's time is that of the office which held the file then, wherever the case is now, so that no two records of one document
/// say different times; what was sent before that was kept has the time of the case's office now.
#[tokio::test]
async fn the_record_says_the_time_of_the_office_of_then() {
    let demonstration = Demonstration::start();
    let counsel = demonstration.of("counsel-a", "account_id");
    let number = "VB9-88010";
    let feed = async |region: &str| {
        let mut case = crate::feed::case(number, Some(&counsel));
        case["region"] = region.into();
        demonstration.feed(number, &case).await;
    };
    feed("western").await;
    let item = demonstration.sent(number).await;
    let [counsels, _] = addresses(&demonstration, &item);
    let zone = async || {
        let record = says(demonstration.get(&counsels, "counsel-a").await).await;
        record.made_available_office.zone
    };
    assert_eq!(zone().await, "America/Vancouver");
    feed("eastern").await;
    assert_eq!(zone().await, "America/Vancouver");
    demonstration
        .sql("UPDATE inbox_item SET office_zone = NULL")
        .await;
    assert_eq!(zone().await, "America/Toronto");
}

/// X-8, BOX-2, DEL-5: delegates do not see others' readings, so not the record either, on no page and by no call; another counsel learns of
/// nothing, and the registry finds a document only on its own case.
#[tokio::test]
async fn the_record_is_for_the_counsel_and_the_registry() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let item = demonstration.sent(&numbers[0]).await;
    let [counsels, registrys] = addresses(&demonstration, &item);
    for (path, who, status) in [
        (&counsels, "delegate-a", StatusCode::FORBIDDEN),
        (&counsels, "delegate-ab", StatusCode::FORBIDDEN),
        (&counsels, "counsel-b", StatusCode::FORBIDDEN),
        (&counsels, "registry", StatusCode::FORBIDDEN),
        (&registrys, "counsel-a", StatusCode::FORBIDDEN),
        (&registrys, "help-desk", StatusCode::FORBIDDEN),
    ] {
        let answer = demonstration.get(path, who).await;
        assert_eq!(answer.status(), status, "{path} by {who}");
    }
    let misplaced = registrys.replace(&numbers[0], &numbers[1]);
    let answer = demonstration.get(&misplaced, "registry").await;
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    for (who, path, status) in [
        ("delegate-a", &counsels, StatusCode::FORBIDDEN),
        ("counsel-a", &counsels, StatusCode::OK),
        ("registry", &registrys, StatusCode::OK),
    ] {
        let cookie = demonstration.sign_in(who).await;
        for page in [format!("/fr{path}"), format!("/en{path}/file")] {
            let call = demonstration.client.get(demonstration.page(&page));
            let answer = call.header("cookie", &cookie).send().await.unwrap();
            assert_eq!(answer.status(), status, "{page} by {who}");
        }
    }
    let cookie = demonstration.sign_in("delegate-a").await;
    let inbox = counsels.split("/inbox").next().unwrap();
    let call = demonstration
        .client
        .get(demonstration.page(&format!("/en{inbox}/inbox")));
    let page = call.header("cookie", &cookie).send().await.unwrap();
    assert!(!page.text().await.unwrap().contains("service-record"));
}

/// X-8, SEC-2: each record that was signed is in the audit trail: who had it, and of which document.
#[tokio::test]
async fn each_signing_is_in_the_audit_trail() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let item = demonstration.sent(&numbers[0]).await;
    let [counsels, registrys] = addresses(&demonstration, &item);
    demonstration.get(&counsels, "counsel-a").await;
    demonstration.get(&counsels, "counsel-a").await;
    demonstration.get(&registrys, "cms").await;
    let query = "SELECT action || ' ' || who_id || ' ' || subjects FROM audit WHERE action LIKE '%see-service-record' AND refused IS NULL ORDER BY position";
    let id = item["id"].as_str().unwrap();
    let entry = |action: &str, who: &str| {
        let who = demonstration.of(who, "account_id");
        Some(format!("{action} {who} inbox-item:{id}"))
    };
    let wanted = [
        entry("see-service-record", "counsel-a"),
        entry("see-service-record", "counsel-a"),
        entry("registry-see-service-record", "cms"),
    ];
    assert_eq!(demonstration.rows(query).await, wanted);
}

/// the downloaded record and the document verify on a machine that has nothing but the program and the key; an altered record,
/// another document, or another key is refused.
#[tokio::test]
async fn a_record_verifies_on_another_machine() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let item = demonstration.sent(&numbers[0]).await;
    demonstration.read("counsel-a", &item, "delegate-a").await;
    let [counsels, _] = addresses(&demonstration, &item);
    let answer = demonstration.get(&counsels, "counsel-a").await;
    let name = answer.headers()["content-disposition"].to_str().unwrap();
    assert!(name.contains("record-of-service-"), "{name}");
    let record = answer.text().await.unwrap();
    let elsewhere = Elsewhere::new();
    let key = demonstration.keys().await[0].to_string();
    elsewhere.file("record.json", &record);
    elsewhere.file("document.pdf", pdf(5_000));
    let (code, said) = elsewhere.verify(&["document.pdf"], "record.json", &key);
    assert_eq!(code, Some(0), "{said}");
    let delegate = demonstration.of("delegate-a", "name");
    for wanted in [
        "Record of service: the tribunal made this document available to counsel.",
        "document.pdf: in the record of service, to the last byte, under the name ",
        &format!("First opened by {delegate}, delegate: "),
        "(America/Toronto), at the tribunal",
        "What came later is not in it.",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    assert!(!said.contains("no proof yet"), "{said}");

    let refused = |record: &str, document: &str, key: &str, words: &str| {
        let (code, said) = elsewhere.verify(&[document], record, key);
        assert_eq!(code, Some(1), "{words}: {said}");
        assert!(said.contains(words), "{words}: {said}");
    };
    elsewhere.file("other.pdf", pdf(5_001));
    refused(
        "record.json",
        "other.pdf",
        &key,
        "NOT in the record of service",
    );
    let mut parts: Value = serde_json::from_str(&record).unwrap();
    let unread = parts["statement"].as_str().unwrap();
    let from = unread.find("\"readings\":[").unwrap();
    let until = unread.find("],\"deleted_from").unwrap();
    let unread = format!("{}\"readings\":[{}", &unread[..from], &unread[until..]);
    parts["statement"] = unread.into();
    elsewhere.file("forged.json", parts.to_string());
    refused(
        "forged.json",
        "document.pdf",
        &key,
        "What is signed was changed.",
    );
    let mut parts: Value = serde_json::from_str(&record).unwrap();
    parts["type"] = object!("application/vnd.mon-dossier.receipt.v1+json");
    elsewhere.file("disguised.json", parts.to_string());
    refused(
        "disguised.json",
        "document.pdf",
        &key,
        "What is signed was changed.",
    );
    let strange = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    refused(
        "record.json",
        "document.pdf",
        strange,
        "none of the given keys",
    );
}
