//! How documents are read: under which name, in parts, what counts as a reading, and until when (BOX-2, BOX-4, DEL-3).

use reqwest::{Method, Response, StatusCode};
use serde_json::Value;

use crate::portal::{Demonstration, json, pdf};

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
    assert_eq!(item["name"], "avis.pdf", "as it is downloaded");
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
