//! Who asks, where a proxy stands in between.

use reqwest::StatusCode;

use crate::served::{Served, Site};

const TRIES: &str = "[terms]\ntries_per_address = 3\n";

/// The status of a wrong token, as a proxy would pass it on.
async fn guessed(served: &Served, forwarded: &str) -> StatusCode {
    let call = served
        .client
        .get(served.at("/api/v1/me"))
        .bearer_auth("a guess")
        .header("x-forwarded-for", forwarded)
        .header("x-request-id", "of-the-proxy-1");
    let answer = call.send().await.unwrap();
    let trusted = answer.headers()["x-request-id"] == "of-the-proxy-1";
    assert_eq!(trusted, forwarded.starts_with("203.0.113."));
    answer.status()
}

/// SEC-1: an address that has tried too often cannot give itself another one.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_address_is_believed_only_of_a_trusted_proxy() {
    let site = Site::with("", TRIES);
    let served = site.serve().await;
    let mut statuses = Vec::new();
    for number in 0..6 {
        statuses.push(guessed(&served, &format!("198.51.100.{number}")).await);
    }
    assert!(
        statuses.contains(&StatusCode::TOO_MANY_REQUESTS),
        "{statuses:?}"
    );
}

/// Behind a trusted proxy each asker counts for themselves, whatever they forge in front.
#[tokio::test(flavor = "multi_thread")]
async fn behind_a_trusted_proxy_each_counts_for_themselves() {
    let site = Site::with("trusted_proxies = [\"127.0.0.0/8\"]", TRIES);
    let served = site.serve().await;
    for number in 0..6 {
        let status = guessed(&served, &format!("203.0.113.{number}")).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{number}");
    }
    let mut statuses = Vec::new();
    for number in 0..6 {
        statuses.push(guessed(&served, &format!("203.0.113.9{number}, 192.0.2.7")).await);
    }
    assert!(
        statuses.contains(&StatusCode::TOO_MANY_REQUESTS),
        "{statuses:?}"
    );
}
