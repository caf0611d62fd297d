//! What is too large, too many or not taken, and the headers that every answer has.

use reqwest::{Method, StatusCode};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout};

use crate::served::{LONG, Served, Site, wait};

async fn asked(served: &Served, text: &[u8]) -> String {
    let mut stream = TcpStream::connect(served.socket()).await.unwrap();
    stream.write_all(text).await.unwrap();
    let mut bytes = Vec::new();
    let read = timeout(LONG, stream.read_to_end(&mut bytes));
    let _ = read.await.expect("the connection stays open");
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_refused_with_a_word() {
    let site = Site::with("", "");
    let (counsel, token) = site.counsel().await;
    let served = site.serve().await;
    let delegations = served.at(&format!("/api/v1/counsels/{counsel}/delegations"));
    let large = format!("{{\"given_name\":\"{}\"}}", "x".repeat(300_000));
    let said = served
        .client
        .post(&delegations)
        .bearer_auth(&token)
        .header("content-type", "application/json")
        .body(large.clone());
    let counted = served
        .client
        .post(&delegations)
        .bearer_auth(&token)
        .header("content-type", "application/json")
        .body(reqwest::Body::wrap_stream(futures_util::stream::iter(
            large
                .into_bytes()
                .chunks(10_000)
                .map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec()))
                .collect::<Vec<_>>(),
        )));
    for call in [said, counted] {
        let answer = call.send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::PAYLOAD_TOO_LARGE);
        let problem: Value = answer.json().await.unwrap();
        assert_eq!(problem["type"], "urn:mondossier:problem:payload-too-large");
        assert_eq!(problem["limit_bytes"], 256 * 1024);
    }
    let address = format!("/fr/{}", "x".repeat(9_000));
    assert_eq!(served.status(&address).await, Some(414));
    let form = served
        .client
        .post(served.at("/fr/register"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body("x=".to_owned() + &"y".repeat(1_100_000));
    assert_eq!(
        form.send().await.unwrap().status(),
        StatusCode::PAYLOAD_TOO_LARGE
    );
    let many = "x: 1\r\n".repeat(200);
    let head = format!("GET / HTTP/1.1\r\nhost: here\r\n{many}\r\n");
    let answer = asked(&served, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 431"), "{answer}");
}

/// An address says what it takes, on the pages and in the API.
#[tokio::test(flavor = "multi_thread")]
async fn a_method_that_is_not_taken_is_told_with_those_that_are() {
    let site = Site::with("", "");
    let served = site.serve().await;
    let me = served.at("/api/v1/me");
    for (method, address, status, allow) in [
        (Method::DELETE, me.clone(), 405, "GET, HEAD, OPTIONS"),
        (Method::OPTIONS, me, 204, "GET, HEAD, OPTIONS"),
        (
            Method::PATCH,
            served.at("/api/v1/counsels/x/cases"),
            405,
            "GET, HEAD, OPTIONS",
        ),
        (Method::PUT, served.at("/fr/"), 405, "GET, HEAD, OPTIONS"),
        (
            Method::OPTIONS,
            served.at("/fr/register"),
            204,
            "GET, POST, HEAD, OPTIONS",
        ),
        (
            Method::PUT,
            served.at("/log/keys"),
            405,
            "GET, HEAD, OPTIONS",
        ),
    ] {
        let call = served.client.request(method.clone(), &address);
        let answer = call
            .header("authorization", "Basic eDp5")
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status().as_u16(), status, "{method} {address}");
        assert_eq!(answer.headers()["allow"], allow, "{method} {address}");
    }
    let page = served.client.get(served.at("/fr/")).send().await.unwrap();
    let page = page.text().await.unwrap();
    let style = page.split("rel=\"stylesheet\" href=\"").nth(1).unwrap();
    let style = style.split('"').next().unwrap();
    for path in ["/fr/", style, "/health/live"] {
        let head = served.client.head(served.at(path)).send().await.unwrap();
        assert_eq!(head.status(), StatusCode::OK, "{path}");
    }
}

/// No page has a script or a style that is not the portal's own, and nobody keeps what may be personal.
#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_headers_that_protect_whoever_reads_it() {
    let site = Site::with("", "");
    let served = site.serve().await;
    for path in [
        "/fr/",
        "/en/help",
        "/api/v1/me",
        "/nowhere",
        "/api/v1/docs",
        "/health/live",
    ] {
        let answer = served.client.get(served.at(path)).send().await.unwrap();
        let header = |name: &str| {
            let value = answer.headers().get(name);
            value
                .unwrap_or_else(|| panic!("{path} has no {name}"))
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(header("cache-control"), "no-store", "{path}");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin");
        assert!(header("permissions-policy").contains("camera=()"));
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(answer.headers().get("strict-transport-security").is_none());
        assert!(answer.headers().get("server").is_none());
    }
    let docs = served
        .client
        .get(served.at("/api/v1/docs"))
        .send()
        .await
        .unwrap();
    let policy = docs.headers()["content-security-policy"].to_str().unwrap();
    assert!(policy.matches("'sha256-").count() >= 3, "{policy}");
}

/// Where browsers come by https, they are told to come no other way, and one that did is sent there.
#[tokio::test(flavor = "multi_thread")]
async fn by_https_alone() {
    let site = Site::with("trusted_proxies = [\"127.0.0.1\"]", "");
    let text = std::fs::read_to_string(&site.config).unwrap();
    let text = text.replace("https = false", "https = true");
    let text = text.replace("public_url = \"http://", "public_url = \"https://");
    std::fs::write(&site.config, text).unwrap();
    let served = site.serve().await;
    let by = |scheme: &'static str| {
        let call = served.client.get(served.at("/fr/help?topic=notices"));
        call.header("x-forwarded-proto", scheme).send()
    };
    let good = by("https").await.unwrap();
    assert_eq!(good.status(), StatusCode::OK);
    let always = good.headers()["strict-transport-security"]
        .to_str()
        .unwrap();
    assert!(always.starts_with("max-age="), "{always}");
    let plain = by("http").await.unwrap();
    assert_eq!(plain.status(), StatusCode::PERMANENT_REDIRECT);
    let place = plain.headers()["location"].to_str().unwrap();
    assert!(place.starts_with("https://127.0.0.1:") && place.ends_with("/fr/help?topic=notices"));
    // A token, or a document, is not sent on in silence.
    for call in [
        served.client.get(served.at("/api/v1/me")),
        served.client.post(served.at("/fr/sign-out")),
    ] {
        let refused = call.header("x-forwarded-proto", "http").send().await;
        let refused = refused.unwrap();
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        let said = refused.text().await.unwrap();
        assert!(said.contains("https"), "{said}");
    }
}

/// The limits of the configuration are those of the listener.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_slow_loses_the_connection_and_nobody_else_notices() {
    let limits = "[server.limits]\nhead = \"1s\"\npause = \"1s\"\nconnections_per_address = 20\n";
    let site = Site::with("", limits);
    let (counsel, token) = site.counsel().await;
    let served = site.serve().await;
    let start = Instant::now();
    assert_eq!(asked(&served, b"GET / HTTP/1.1\r\nho").await, "");
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());

    let head = format!(
        "POST /api/v1/counsels/{counsel}/delegations HTTP/1.1\r\nhost: here\r\nauthorization: Bearer {token}\r\n\
         content-type: application/json\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n{{"
    );
    let answer = asked(&served, head.as_bytes()).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    assert!(answer.contains("request-too-slow"), "{answer}");

    let mut idle = Vec::new();
    for _ in 0..200 {
        idle.push(TcpStream::connect(served.socket()).await.unwrap());
    }
    wait(200).await;
    drop(idle);
    assert_eq!(served.status("/health/live").await, Some(200));
    let metrics = served.client.get(&served.metrics).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let refused = metrics
        .lines()
        .find_map(|line| line.strip_prefix("mondossier_connections_refused_total "));
    assert!(
        refused.unwrap().parse::<u32>().unwrap() >= 100,
        "{refused:?}"
    );
}

/// Whoever sends more than anybody needs waits, by whatever they are known; nobody else does, and health is told to everybody.
#[tokio::test(flavor = "multi_thread")]
async fn whoever_sends_too_many_requests_waits() {
    let site = Site::with("", "[server.limits]\nrequests_per_minute = 20\n");
    let (_, token) = site.counsel().await;
    let served = site.serve().await;
    let asked = |token: String| {
        let call = served
            .client
            .get(served.at("/api/v1/me"))
            .bearer_auth(token);
        async move { call.send().await.unwrap() }
    };
    for number in 0..20 {
        let answer = asked(token.clone()).await;
        assert_eq!(answer.status(), StatusCode::OK, "{number}");
    }
    let refused = asked(token).await;
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let wait: u64 = refused.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=3).contains(&wait), "{wait}");
    let problem: Value = refused.json().await.unwrap();
    assert_eq!(problem["type"], "urn:mondossier:problem:too-many-requests");

    // Who guesses counts with everybody who is not signed in at that address.
    for number in 0..20 {
        let answer = asked(format!("a guess, {number}")).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{number}");
    }
    let page = served
        .client
        .get(served.at("/fr/help"))
        .send()
        .await
        .unwrap();
    assert_eq!(page.status(), StatusCode::TOO_MANY_REQUESTS);
    let text = page.text().await.unwrap();
    for told in ["Trop de demandes à la fois", "beaucoup de demandes"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert_eq!(served.status("/health/live").await, Some(200));
}
