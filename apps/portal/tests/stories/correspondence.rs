//! Documents from the tribunal, from sending to supervision, and documents submitted on several cases (BOX-1 … BOX-4, DEL-7, X-4).

use reqwest::multipart::{Form, Part};
use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use crate::feed::case;
use crate::portal::{Demonstration, json, pdf};

const TITLE: &str = "Avis de convocation à l’audience";
const NAME: &str = "Avis final – séance.pdf";

impl Demonstration {
    /// The registry's try to send a document.
    async fn try_to_send(&self, on: &str, also_on: &str, key: Option<&str>) -> Response {
        self.try_to_send_named(NAME, on, also_on, key).await
    }

    async fn try_to_send_named(
        &self,
        name: &str,
        on: &str,
        also_on: &str,
        key: Option<&str>,
    ) -> Response {
        let form = Form::new()
            .text("document_type", "notice-to-appear")
            .text("title", TITLE)
            .text("also_on", also_on.to_owned())
            .part("file", Part::bytes(pdf(5_000)).file_name(name.to_owned()));
        let call = self
            .client
            .post(self.api(&format!("/registry/cases/{on}/documents")))
            .bearer_auth(self.of("registry", "token"))
            .multipart(form);
        let call = match key {
            Some(key) => call.header("Idempotency-Key", key),
            None => call,
        };
        call.send().await.unwrap()
    }

    /// A document on a case; what the registry was answered.
    pub async fn sent(&self, on: &str) -> Value {
        let sent = self.try_to_send(on, "", None).await;
        assert_eq!(sent.status(), StatusCode::CREATED);
        json(sent).await
    }

    /// An inbox of a counsel as somebody sees it, without what the demonstration came with.
    async fn inbox(&self, counsel: &str, who: &str, of_case: &str) -> Vec<Value> {
        let counsel = self.of(counsel, "account_id");
        let path = format!("/counsels/{counsel}{of_case}/inbox?limit=100");
        let answer = self.get(&path, who).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path} by {who}");
        let listed = json(answer).await;
        let items = listed["items"].as_array().unwrap().iter();
        items
            .filter(|item| item["title"] == TITLE)
            .cloned()
            .collect()
    }

    pub async fn read(&self, counsel: &str, item: &Value, who: &str) -> Response {
        let counsel = self.of(counsel, "account_id");
        let id = item["id"].as_str().unwrap();
        self.get(&format!("/counsels/{counsel}/inbox/{id}/document"), who)
            .await
    }

    /// Which delegates the page of counsel-a's inbox names as readers to somebody.
    async fn readers_on_page(&self, who: &str) -> Vec<&'static str> {
        let cookie = self.sign_in(who).await;
        let address = format!("/en/counsels/{}/inbox", self.of("counsel-a", "account_id"));
        let call = self.client.get(self.page(&address));
        let page = call.header("cookie", cookie).send().await.unwrap();
        let page = page.text().await.unwrap();
        let mut delegates = vec!["delegate-a", "delegate-ab"];
        delegates.retain(|who| page.contains(&format!("<li>{},", self.of(who, "name"))));
        delegates
    }

    async fn activity(&self, query: &str) -> Vec<Value> {
        let counsel = self.of("counsel-a", "account_id");
        let path = format!("/counsels/{counsel}/activity?limit=100&{query}");
        let listed = json(self.get(&path, "counsel-a").await).await;
        listed["items"].as_array().unwrap().clone()
    }

    /// The numbers of a counsel's first cases that stay. One that is decided leaves at some midnight, which may be in an hour.
    pub async fn numbers(&self, counsel: &str) -> Vec<String> {
        let cases = self.cases(counsel, counsel).await;
        let staying = cases.iter().filter(|case| case["leaves_on"].is_null());
        let numbers = staying.map(|case| case["file_number"].as_str());
        numbers.map(|number| number.unwrap().to_owned()).collect()
    }
}

/// BOX-1, MAIL-1, MAIL-2: a document is in the general inbox and in its case's; counsel and every delegate with access are told, once, and
/// the e-mail says neither title nor number. Nobody else's inbox has it.
#[tokio::test]
async fn a_document_reaches_both_inboxes_and_everybody_is_told() {
    let demonstration = Demonstration::start();
    let before = demonstration.mailbox().await.len();
    let number = &demonstration.numbers("counsel-a").await[0];
    let item = demonstration.sent(number).await;
    assert_eq!(item["file_number"], **number);
    assert_eq!(item["read"], false);
    let of_case = format!("/cases/{}", item["case_id"].as_str().unwrap());
    for who in ["counsel-a", "delegate-a", "delegate-ab"] {
        for inbox in ["", &of_case] {
            let items = demonstration.inbox("counsel-a", who, inbox).await;
            assert_eq!(items.len(), 1, "{inbox} of {who}");
            assert_eq!(items[0]["read"], false);
        }
    }
    for who in ["counsel-b", "delegate-ab"] {
        assert!(demonstration.inbox("counsel-b", who, "").await.is_empty());
    }
    demonstration.advance("1m").await;
    let mailbox = demonstration.mailbox().await;
    let told = &mailbox[..mailbox.len() - before];
    let mut to: Vec<&str> = told
        .iter()
        .map(|mail| mail["to"].as_str().unwrap())
        .collect();
    to.sort_unstable();
    assert_eq!(to.len(), 3, "{to:?}");
    for mail in told {
        let text = mail.to_string();
        assert!(!text.contains(TITLE) && !text.contains(number.as_str()) && !text.contains("http"));
    }
    for key in ["counsel-a", "delegate-a", "delegate-ab"] {
        assert!(to.iter().any(|to| to.contains(key)), "{key} in {to:?}");
    }
}

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

/// BOX-2: what is not read yet is counted and listed for each person by what they read themselves, and so is the number in the menu; a first
/// reading that begins in the middle is one.
#[tokio::test]
async fn what_is_unread_is_each_persons_own() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let item = demonstration.sent(&numbers[0]).await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let unread = async |who: &str| {
        let path = format!("/counsels/{counsel}/inbox?unread=true&limit=100");
        let listed = json(demonstration.get(&path, who).await).await;
        let items = listed["items"].as_array().unwrap();
        assert_eq!(items.len() as u64, listed["unread"].as_u64().unwrap());
        let listed = items.iter().any(|one| one["id"] == item["id"]);
        let cookie = demonstration.sign_in(who).await;
        let page = demonstration.page(&format!("/en/counsels/{counsel}/cases"));
        let page = demonstration.client.get(page).header("cookie", cookie);
        let page = page.send().await.unwrap().text().await.unwrap();
        let in_menu = match items.len() {
            0 => !page.contains("Inbox ("),
            many => page.contains(&format!("Inbox ({many} new)")),
        };
        (items.len(), listed, in_menu)
    };
    let before = unread("counsel-a").await;
    assert!(before.1 && before.2, "{before:?}");
    let id = item["id"].as_str().unwrap();
    let document = format!("/counsels/{counsel}/inbox/{id}/document");
    let call = demonstration.client.get(demonstration.api(&document));
    let call = call.bearer_auth(demonstration.of("delegate-a", "token"));
    let rest = call.header("range", "bytes=1000-").send().await.unwrap();
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    assert_eq!(unread("counsel-a").await, before);
    let others = unread("delegate-a").await;
    assert!(!others.1 && others.2, "{others:?}");
    assert_eq!(others.0 + 1, unread("delegate-ab").await.0);
    let read = demonstration.read("counsel-a", &item, "counsel-a").await;
    assert_eq!(read.status(), StatusCode::OK);
    assert_eq!(unread("counsel-a").await, (before.0 - 1, false, true));
}

/// BOX-3: only counsel deletes; it goes from everybody's general inbox, and stays in the case's.
#[tokio::test]
async fn counsel_deletes_from_the_general_inbox_alone() {
    let demonstration = Demonstration::start();
    let number = &demonstration.numbers("counsel-a").await[0];
    let item = demonstration.sent(number).await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let path = format!("/counsels/{counsel}/inbox/{}", item["id"].as_str().unwrap());
    for who in ["delegate-a", "delegate-ab", "counsel-b"] {
        let refused = demonstration.call(Method::DELETE, &path, who, None).await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN, "{who}");
    }
    for _ in 0..2 {
        let deleted = demonstration
            .call(Method::DELETE, &path, "counsel-a", None)
            .await;
        assert_eq!(deleted.status(), StatusCode::NO_CONTENT);
    }
    let of_case = format!("/cases/{}", item["case_id"].as_str().unwrap());
    for who in ["counsel-a", "delegate-a"] {
        assert!(demonstration.inbox("counsel-a", who, "").await.is_empty());
        let kept = demonstration.inbox("counsel-a", who, &of_case).await;
        assert_eq!(kept.len(), 1);
        let read = demonstration.read("counsel-a", &kept[0], who).await;
        assert_eq!(read.status(), StatusCode::OK, "{who} reads it still");
    }
    assert_eq!(demonstration.activity("action=deleted").await.len(), 1);
}

/// BOX-3: what stands on no matter which page of the general inbox, and in whatever order, counsel deletes after being asked, and comes back to
/// that page; what is gone already is not asked about, and a delegate is not asked at all.
#[tokio::test]
async fn counsel_deletes_from_every_page_of_the_inbox() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let also = numbers[1..].join(" ");
    for _ in 0..3 {
        let sent = demonstration.try_to_send(&numbers[0], &also, None).await;
        assert_eq!(sent.status(), StatusCode::CREATED);
    }
    let cookie = demonstration.sign_in("counsel-a").await;
    let inbox = format!(
        "/en/counsels/{}/inbox",
        demonstration.of("counsel-a", "account_id")
    );
    let see = async |address: &str| {
        let call = demonstration.client.get(demonstration.page(address));
        let page = call.header("cookie", &cookie).send().await.unwrap();
        page.text().await.unwrap().replace("&#38;", "&")
    };
    let post = async |address: &str, cookie: &str, body: String| {
        let call = demonstration
            .client
            .post(demonstration.page(address))
            .header("cookie", cookie)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        call.body(body).send().await.unwrap()
    };
    let between = |page: &str, before: &str, after: &str| -> String {
        let found = page
            .split(before)
            .nth(1)
            .and_then(|rest| rest.split(after).next());
        found
            .unwrap_or_else(|| panic!("no {before} in {page}"))
            .to_owned()
    };
    let first = see(&format!("{inbox}?sort=oldest")).await;
    let nav = between(&first, "<nav class=\"pager\"", "</nav>");
    let second = see(&between(&nav, "href=\"", "\"")).await;
    let action = between(
        &second,
        "<form method=\"post\" action=\"/en/counsels/",
        "\"",
    );
    let action = format!("/en/counsels/{action}");
    assert!(
        action.contains("sort=oldest") && action.contains("cursor="),
        "{action}"
    );
    let item = between(&second, "name=\"delete\" value=\"", "\"");
    assert!(!first.contains(&item));
    let delegate = demonstration.sign_in("delegate-a").await;
    let refused = post(&action, &delegate, format!("delete={item}")).await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    let asked = post(&action, &cookie, format!("delete={item}")).await;
    let asked = asked.text().await.unwrap().replace("&#38;", "&");
    assert!(asked.contains(&format!("name=\"confirmed\" value=\"{item}\"")));
    assert!(asked.contains(&format!("action=\"{action}\"")));
    let deleted = post(&action, &cookie, format!("confirmed={item}")).await;
    assert_eq!(deleted.status(), StatusCode::SEE_OTHER);
    let back = deleted.headers()["location"].to_str().unwrap().to_owned();
    assert_eq!(back, format!("{action}&deleted=true"));
    assert!(!see(&back).await.contains(&item));
    let gone = post(&action, &cookie, format!("delete={item}")).await;
    assert_eq!(gone.status(), StatusCode::SEE_OTHER);
    assert_eq!(gone.headers()["location"], *action);
}

/// BOX-2, X-8, SUB-5: bytes that do not go out are not read: neither `HEAD` nor a range beyond the end is recorded, of the page or of the API,
/// for counsel or for the registry. One byte that goes out is a reading.
#[tokio::test]
async fn what_gives_no_bytes_is_no_reading() {
    let demonstration = Demonstration::start();
    let number = &demonstration.numbers("counsel-a").await[0];
    let item = demonstration.sent(number).await;
    let submitted = demonstration
        .submit("counsel-a", &[("a.pdf", pdf(10))], None)
        .await;
    assert_eq!(submitted.status(), StatusCode::CREATED);
    let filed = json(demonstration.get("/registry/submissions", "registry").await).await;
    let submission = filed["items"][0]["id"].as_str().unwrap();
    let counsel = demonstration.of("counsel-a", "account_id");
    let document = format!(
        "/counsels/{counsel}/inbox/{}/document",
        item["id"].as_str().unwrap()
    );
    let file = format!("/registry/submissions/{submission}/files/1");
    let recorded = async || {
        let query = "SELECT action FROM audit WHERE refused IS NULL AND (action LIKE '%read-inbox-item' OR action LIKE '%download-submission')";
        let trail = demonstration.rows(query).await.len();
        let items = demonstration.inbox("counsel-a", "counsel-a", "").await;
        (trail, items[0]["readings"].as_array().unwrap().len())
    };
    let asked = async |method: Method, path: &str, by: (&str, &str), range: &str| {
        let call = demonstration
            .client
            .request(method, path)
            .header(by.0, by.1);
        call.header("range", range).send().await.unwrap()
    };
    for (path, who, size) in [
        (&document, "counsel-a", pdf(5_000).len()),
        (&file, "registry", pdf(10).len()),
    ] {
        let (token, cookie) = (
            format!("Bearer {}", demonstration.of(who, "token")),
            demonstration.sign_in(who).await,
        );
        for (address, by) in [
            (demonstration.api(path), ("authorization", token.as_str())),
            (
                demonstration.page(&format!("/fr{path}")),
                ("cookie", cookie.as_str()),
            ),
        ] {
            let head = asked(Method::HEAD, &address, by, "bytes=0-").await;
            assert_eq!(head.status(), StatusCode::OK, "{address}");
            assert_eq!(head.headers()["content-length"], size.to_string());
            assert_eq!(head.headers()["content-type"], "application/pdf");
            assert!(head.headers().contains_key("content-disposition"));
            let beyond = asked(Method::GET, &address, by, "bytes=999999-").await;
            assert_eq!(
                beyond.status(),
                StatusCode::RANGE_NOT_SATISFIABLE,
                "{address}"
            );
        }
    }
    assert_eq!(recorded().await, (0, 0));
    let stranger = format!("Bearer {}", demonstration.of("counsel-b", "token"));
    let refused = asked(
        Method::HEAD,
        &demonstration.api(&document),
        ("authorization", &stranger),
        "bytes=0-",
    )
    .await;
    assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    for (path, who) in [(&document, "counsel-a"), (&file, "registry")] {
        let token = format!("Bearer {}", demonstration.of(who, "token"));
        let one = asked(
            Method::GET,
            &demonstration.api(path),
            ("authorization", &token),
            "bytes=0-0",
        )
        .await;
        assert_eq!(one.status(), StatusCode::PARTIAL_CONTENT);
        assert_eq!(one.bytes().await.unwrap().len(), 1);
    }
    assert_eq!(recorded().await, (2, 1));
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

/// BOX-4: a PDF arrives as one, whatever it was called, from the tribunal and to it, by the page and by the API; the record keeps what it was
/// called.
#[tokio::test]
async fn a_pdf_never_arrives_as_something_else() {
    let demonstration = Demonstration::start();
    let number = &demonstration.numbers("counsel-a").await[0];
    let sent = demonstration
        .try_to_send_named("avis.pdf.html", number, "", None)
        .await;
    let item = json(sent).await;
    assert_eq!(item["name"], "avis.pdf.html");
    let submitted = demonstration
        .submit("counsel-a", &[("preuve.docx", pdf(10))], None)
        .await;
    assert_eq!(submitted.status(), StatusCode::CREATED);
    let filed = json(demonstration.get("/registry/submissions", "registry").await).await;
    assert_eq!(filed["items"][0]["files"][0]["name"], "preuve.docx");
    let counsel = demonstration.of("counsel-a", "account_id");
    let id = |one: &Value| one["id"].as_str().unwrap().to_owned();
    for (path, who, name) in [
        (
            format!("/counsels/{counsel}/inbox/{}/document", id(&item)),
            "counsel-a",
            "avis.pdf",
        ),
        (
            format!("/registry/submissions/{}/files/1", id(&filed["items"][0])),
            "registry",
            "preuve.pdf",
        ),
    ] {
        let cookie = demonstration.sign_in(who).await;
        let call = demonstration
            .client
            .get(demonstration.page(&format!("/en{path}")));
        let by_page = call.header("cookie", cookie).send().await.unwrap();
        for answer in [by_page, demonstration.get(&path, who).await] {
            let disposition = answer.headers()["content-disposition"].to_str().unwrap();
            assert!(
                disposition.ends_with(&format!("filename*=UTF-8''{name}")),
                "{disposition}"
            );
        }
    }
}

/// BOX-4: a download has the right name and type, is never opened by the browser itself, and goes on where it broke off.
#[tokio::test]
async fn a_download_has_its_name_and_goes_on_where_it_broke_off() {
    let demonstration = Demonstration::start();
    let number = &demonstration.numbers("counsel-a").await[0];
    let item = demonstration.sent(number).await;
    let whole = demonstration.read("counsel-a", &item, "counsel-a").await;
    let header = |answer: &Response, name: &str| -> String {
        let value = answer.headers().get(name);
        value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(header(&whole, "content-type"), "application/pdf");
    assert_eq!(header(&whole, "x-content-type-options"), "nosniff");
    assert_eq!(header(&whole, "accept-ranges"), "bytes");
    assert!(header(&whole, "cache-control").contains("no-store"));
    let disposition = header(&whole, "content-disposition");
    assert!(disposition.starts_with("attachment; "), "{disposition}");
    assert!(
        disposition.ends_with("filename*=UTF-8''Avis%20final%20%E2%80%93%20s%C3%A9ance.pdf"),
        "{disposition}"
    );
    let version = header(&whole, "etag");
    let bytes = whole.bytes().await.unwrap();
    let counsel = demonstration.of("counsel-a", "account_id");
    let path = format!(
        "/counsels/{counsel}/inbox/{}/document",
        item["id"].as_str().unwrap()
    );
    let part = async |range: &str, version: &str| {
        let call = demonstration
            .client
            .get(demonstration.api(&path))
            .bearer_auth(demonstration.of("counsel-a", "token"))
            .header("range", range)
            .header("if-range", version);
        call.send().await.unwrap()
    };
    let rest = part("bytes=1000-", &version).await;
    assert_eq!(rest.status(), StatusCode::PARTIAL_CONTENT);
    let size = bytes.len();
    assert_eq!(
        header(&rest, "content-range"),
        format!("bytes 1000-{}/{size}", size - 1)
    );
    assert_eq!(rest.bytes().await.unwrap(), bytes[1000..]);
    let of_another_version = part("bytes=1000-", "\"another\"").await;
    assert_eq!(of_another_version.status(), StatusCode::OK);
    let beyond = part("bytes=999999-", &version).await;
    assert_eq!(beyond.status(), StatusCode::RANGE_NOT_SATISFIABLE);
    // Whatever part is given out is a reading; what is refused is none.
    let all_but_a_byte = part("bytes=1-", &version).await;
    assert_eq!(all_but_a_byte.bytes().await.unwrap(), bytes[1..]);
    assert_eq!(demonstration.activity("action=read").await.len(), 4);
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

/// DEL-3: ending a delegation cuts the delegate off at the next request, in the middle of a list of downloads.
#[tokio::test]
async fn an_end_cuts_off_in_the_middle_of_a_list_of_downloads() {
    let demonstration = Demonstration::start();
    let numbers = demonstration.numbers("counsel-a").await;
    let items = [
        demonstration.sent(&numbers[0]).await,
        demonstration.sent(&numbers[1]).await,
    ];
    let cookie = demonstration.sign_in("delegate-a").await;
    let counsel = demonstration.of("counsel-a", "account_id");
    let path = |item: &Value| {
        let id = item["id"].as_str().unwrap();
        format!("/counsels/{counsel}/inbox/{id}/document")
    };
    let first = demonstration
        .by_cookie(Method::GET, &path(&items[0]), &cookie, None)
        .await;
    assert_eq!(first.status(), StatusCode::OK);
    let delegations = format!("/counsels/{counsel}/delegations");
    let listed = json(
        demonstration
            .call(Method::GET, &delegations, "counsel-a", None)
            .await,
    )
    .await;
    let delegate = demonstration.of("delegate-a", "account_id");
    let mut all = listed["items"].as_array().unwrap().iter();
    let one = all
        .find(|one| one["delegate"]["account_id"] == *delegate)
        .unwrap();
    let end = format!("{delegations}/{}", one["id"].as_str().unwrap());
    let ended = demonstration
        .call(Method::DELETE, &end, "counsel-a", None)
        .await;
    assert!(ended.status().is_success());
    for item in &items {
        let refused = demonstration
            .by_cookie(Method::GET, &path(item), &cookie, None)
            .await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
    }
    // Supervision still has what was done.
    let read = demonstration.activity(&format!("person={delegate}")).await;
    assert_eq!(read.len(), 1);
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

/// CASE-3, SUB-4, BOX-1: a case page leads to its inbox and to its submission history by their names, where there is nothing in them yet too.
#[tokio::test]
async fn a_case_page_leads_to_its_inbox_and_its_history() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.sign_in("counsel-b").await;
    let counsel = demonstration.of("counsel-b", "account_id");
    let mut empty = 0;
    for case in demonstration.cases("counsel-b", "counsel-b").await {
        let address = format!(
            "/en/counsels/{counsel}/cases/{}",
            case["id"].as_str().unwrap()
        );
        let call = demonstration.client.get(demonstration.page(&address));
        let page = call.header("cookie", &cookie).send().await.unwrap();
        let page = page.text().await.unwrap();
        let leads = |part: &str, name: &str| {
            page.contains(&format!("<a href=\"{address}/{part}\">{name}</a></h2>"))
        };
        assert!(leads("inbox", "Inbox"), "{page}");
        assert!(leads("submissions", "Submission history"), "{page}");
        let nothing = ["has not sent anything", "Nothing has been submitted"];
        empty += usize::from(nothing.iter().all(|words| page.contains(words)));
    }
    assert!(empty > 0);
}
