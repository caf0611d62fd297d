//! What is in the inboxes, and what counsel deletes from the general one (BOX-1, BOX-2, BOX-3).

use reqwest::{Method, StatusCode};

use super::TITLE;
use crate::portal::{Demonstration, json};

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
