//! What counsel is told of who did what (BOX-2, DEL-7).

use reqwest::StatusCode;
use reqwest::multipart::{Form, Part};
use serde_json::Value;

use super::TITLE;
use crate::feed::case;
use crate::portal::{Demonstration, json, pdf};

/// BOX-2, DEL-7: who read it and when is recorded per person, the first time; the counsel and the registry see it, a delegate sees their
/// own alone; supervision has each act of everybody, per person and per case.
#[tokio::test]
async fn counsel_sees_who_read_and_sent_what() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let item = demonstration.sent(&numbers[0]).await;
    let other = demonstration.sent(&numbers[2]).await;
    for (who, item) in [
        ("delegate-a", &item),
        ("delegate-a", &item),
        ("delegate-ab", &item),
        ("counsel-a", &other),
    ] {
        let read = demonstration.read("counsel-a", item, who).await;
        assert_eq!(read.status(), StatusCode::OK);
        assert_eq!(read.bytes().await.unwrap().to_vec(), pdf(5_000));
    }
    let find = |items: Vec<Value>, wanted: &Value| -> Value {
        let mut items = items.into_iter();
        items.find(|one| one["id"] == wanted["id"]).unwrap()
    };
    let seen = find(
        demonstration.inbox("counsel-a", "counsel-a", "").await,
        &item,
    );
    let readers = |item: &Value| -> Vec<String> {
        let readings = item["readings"].as_array().unwrap().iter();
        let ids = readings.map(|reading| reading["account_id"].as_str().unwrap());
        ids.map(str::to_owned).collect()
    };
    let id = |who: &str| demonstration.of(who, "account_id");
    assert_eq!(readers(&seen), [id("delegate-a"), id("delegate-ab")]);
    assert_eq!(seen["read"], false, "the counsel has not read it");
    let seen = find(
        demonstration.inbox("counsel-a", "delegate-a", "").await,
        &item,
    );
    assert_eq!(
        (seen["read"].as_bool(), readers(&seen)),
        (Some(true), vec![])
    );
    let readers_on_page = demonstration.readers_on_page("delegate-a").await;
    assert_eq!(readers_on_page, ["delegate-a"]);
    let path = format!("/registry/cases/{}/documents", numbers[0]);
    let registry = json(demonstration.get(&path, "registry").await).await;
    let sent = find(registry["items"].as_array().unwrap().clone(), &item);
    assert_eq!(readers(&sent), [id("delegate-a"), id("delegate-ab")]);

    let submitted = demonstration
        .submit("delegate-a", &[("a.pdf", pdf(10))], None)
        .await;
    assert_eq!(submitted.status(), StatusCode::CREATED);
    let number = json(submitted).await["confirmation_number"]
        .as_str()
        .unwrap()
        .to_owned();
    let all = demonstration.activity("").await;
    assert_eq!(all.len(), 5);
    assert_eq!(all[0]["action"], "sent");
    assert!(all[0]["subject"].as_str().unwrap().contains(&number));
    assert!(all[0]["subject"].as_str().unwrap().contains("a.pdf"));
    assert_eq!(all[1]["subject"], TITLE);
    let of_delegate = demonstration
        .activity(&format!("person={}", id("delegate-a")))
        .await;
    assert_eq!(of_delegate.len(), 3);
    let of_case = demonstration
        .activity(&format!("case={}", other["case_id"].as_str().unwrap()))
        .await;
    assert_eq!(of_case.len(), 1);
    assert_eq!(of_case[0]["person"]["account_id"], id("counsel-a"));
    assert_eq!(demonstration.activity("action=sent").await.len(), 1);
    assert_eq!(
        demonstration
            .activity("since=2000-01-01T00:00:00Z&until=2001-01-01T00:00:00Z")
            .await
            .len(),
        0
    );
    let table = format!("/counsels/{}/activity.csv?language=en", id("counsel-a"));
    let answer = demonstration.get(&table, "counsel-a").await;
    let text = answer.text().await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines.len(),
        6,
        "a line for each act, below the names of the columns"
    );
    assert!(
        lines[0].ends_with("Day,Time,Time zone,Person,What,File number,About"),
        "{}",
        lines[0]
    );
    assert!(
        lines[1].contains(&number) && lines[1].contains("Sent"),
        "{}",
        lines[1]
    );
    let path = format!("/counsels/{}/activity", id("counsel-a"));
    for who in ["delegate-a", "delegate-ab", "counsel-b"] {
        let refused = demonstration.get(&path, who).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{who}");
    }
}

/// DEL-7, X-7, CASE-1: of a case that is lost supervision still tells who did what when, and the number of what was sent, and neither titles nor
/// names of files, on the page, over the API and in the table; it tells them again once the case is back, and after it has left the portal.
#[tokio::test]
async fn supervision_does_not_tell_what_is_in_a_lost_case() {
    let demonstration = Demonstration::start();
    let [a, b] = ["counsel-a", "counsel-b"].map(|key| demonstration.of(key, "account_id"));
    let number = "VB9-88041";
    let feed = async |counsel: &str, decided: Value| {
        let mut fed = case(number, Some(counsel));
        fed["final_decision_on"] = decided;
        let (status, said) = demonstration.feed(number, &fed).await;
        assert!(status.is_success(), "{said}");
        said["id"].as_str().unwrap().to_owned()
    };
    let id = feed(&a, Value::Null).await;
    let item = demonstration.sent(number).await;
    let read = demonstration.read("counsel-a", &item, "delegate-a").await;
    assert_eq!(read.status(), StatusCode::OK);
    let path = format!("/counsels/{a}/cases/{id}/submissions");
    let file = Part::bytes(pdf(10)).file_name("her-story.pdf");
    let form = Form::new()
        .text("document_type", "other")
        .part("file", file);
    let call = demonstration.client.post(demonstration.api(&path));
    let call = call.bearer_auth(demonstration.of("delegate-a", "token"));
    let sent = json(call.multipart(form).send().await.unwrap()).await;
    let proof = sent["confirmation_number"].as_str().unwrap();

    let cookie = demonstration.sign_in("counsel-a").await;
    let table = format!("/counsels/{a}/activity.csv?language=en");
    let shown = async || {
        let page = demonstration.page(&format!("/en/counsels/{a}/activity"));
        let call = demonstration.client.get(page).header("cookie", &cookie);
        let page = call.send().await.unwrap().text().await.unwrap();
        let table = demonstration.get(&table, "counsel-a").await;
        let listed = demonstration.activity(&format!("case={id}")).await;
        (page, table.text().await.unwrap(), listed)
    };
    let tells_all = |(page, table, listed): (String, String, Vec<Value>)| {
        for told in [page, table] {
            assert!(
                told.contains("her-story.pdf") && told.contains(TITLE),
                "{told}"
            );
        }
        assert_eq!(listed[1]["subject"], TITLE);
        assert!(listed.iter().all(|one| one["case_lost"] == false));
    };
    tells_all(shown().await);

    feed(&b, Value::Null).await;
    let (page, table, listed) = shown().await;
    for told in [&page, &table] {
        assert!(
            !told.contains("her-story") && !told.contains(TITLE),
            "{told}"
        );
        assert!(told.contains(number) && told.contains(proof), "{told}");
        assert!(told.contains("this is no longer your case"), "{told}");
    }
    assert!(!page.contains(&format!("/cases/{id}\"")), "no way there");
    assert_eq!(listed.len(), 2);
    for (one, (action, subject)) in listed.iter().zip([("sent", proof), ("read", "")]) {
        assert_eq!(one["action"], action);
        assert_eq!(one["subject"], subject);
        assert_eq!(one["file_number"], number);
        assert_eq!(
            one["person"]["account_id"],
            *demonstration.of("delegate-a", "account_id")
        );
        assert_eq!(one["case_lost"], true);
    }

    feed(&a, Value::Null).await;
    tells_all(shown().await);
    feed(&a, "2026-01-05".into()).await;
    assert!(
        !demonstration
            .inbox("counsel-a", "counsel-a", "")
            .await
            .iter()
            .any(|one| one["id"] == item["id"])
    );
    tells_all(shown().await);
}
