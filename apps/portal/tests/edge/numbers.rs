//! The number of a request, the log, and the metrics.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::served::{Served, Site, until};

fn number(answer: &reqwest::Response) -> String {
    let number = &answer.headers()["x-request-id"];
    number.to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_has_the_number_that_the_log_has() {
    let site = Site::with("", "");
    let served = site.serve().await;
    let answer = served.client.get(served.at("/api/v1/me")).send().await;
    let answer = answer.unwrap();
    let in_api = number(&answer);
    let problem: Value = answer.json().await.unwrap();
    assert_eq!(problem["request_id"], in_api);

    let page = served.client.get(served.at("/fr/sign-out"));
    let page = page.header("x-request-id", "made-up-by-anybody");
    let answer = page.send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
    let on_page = number(&answer);
    assert_ne!(on_page, "made-up-by-anybody");
    let text = answer.text().await.unwrap();
    assert!(text.contains(&on_page), "{text}");

    let good = served.client.get(served.at("/fr/")).send().await.unwrap();
    assert_ne!(number(&good), on_page);
    let told = async || {
        let access = served.access();
        let has = |number: &str| {
            access
                .iter()
                .any(|line| line["span"]["request_id"] == number)
        };
        has(&in_api) && has(&on_page)
    };
    until("the log has not the numbers", told).await;
}

/// Whoever reads the log learns how the portal does, and nothing about anybody.
#[tokio::test(flavor = "multi_thread")]
async fn the_log_and_the_metrics_name_nobody() {
    let site = Site::with("", "");
    let (counsel, token) = site.counsel().await;
    let served = site.serve().await;
    let cases = format!("/api/v1/counsels/{counsel}/cases");
    let invitation = json!({
        "given_name": "Zénobie", "family_name": "Quidam-Untel", "email": "zenobie@cabinet.example",
        "language": "fr", "questions": [{ "question": "Notre premier dossier?", "answer": "Chemise bleue" }], "accept_terms": true,
    });
    let client = &served.client;
    let by_token = |path: &str| client.get(served.at(path)).bearer_auth(&token);
    let asked = [
        by_token(&cases),
        by_token(&format!("{cases}?file_number=TC9-98765&limit=5")),
        by_token(&format!("{cases}/TC9-98765")),
        by_token("/fr/TC9-98765/zenobie@cabinet.example"),
        client
            .post(served.at(&format!("/api/v1/counsels/{counsel}/delegations")))
            .bearer_auth(&token)
            .json(&invitation),
        client
            .get(served.at(&cases))
            .bearer_auth("a-token-that-is-wrong"),
        client
            .get(served.at("/fr/"))
            .header("cookie", "mondossier=a-cookie-that-is-wrong"),
        client.get(served.at("/sign-in/gckey/callback?code=a-code-of-the-service&state=a-state")),
        client.request("QUIDAM".parse().unwrap(), served.at("/fr/")),
    ];
    let count = asked.len();
    let mut statuses = Vec::new();
    for call in asked {
        statuses.push(call.send().await.unwrap().status().as_u16());
    }
    assert_eq!(statuses[..2], [200, 200], "{statuses:?}");
    assert_eq!(statuses[4], 201, "{statuses:?}");
    let told = async || served.access().len() > count;
    until("not every request is in the log", told).await;

    let pattern = "/api/v1/counsels/:counsel/cases";
    let access = served.access();
    let line = access.iter().find(|line| line["route"] == pattern);
    let line = line.unwrap_or_else(|| panic!("no such route: {access:?}"));
    assert_eq!(
        (&line["method"], &line["status"]),
        (&json!("GET"), &json!(200))
    );
    assert!(line["bytes"].as_u64().unwrap() > 0 && line["milliseconds"].is_u64());

    let metrics = served.client.get(&served.metrics).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let log = served.log();
    let names = [
        token.as_str(),
        "TC9-98765",
        "nobie",
        "Quidam",
        "QUIDAM",
        "cabinet.example",
        "Chemise",
        "a-token-that",
        "a-cookie-that",
        "a-code-of",
        "127.0.0.1:5",
    ];
    let counsel = counsel.to_string();
    for name in names.into_iter().chain([counsel.as_str()]) {
        assert!(!log.contains(name), "{name} is in the log: {log}");
        assert!(!metrics.contains(name), "{name} is in the metrics");
    }
}

/// The text is what `OpenMetrics` says: each family once, its lines together, named by its type, and an end.
fn well_formed(text: &str) -> Vec<(String, f64)> {
    assert!(text.ends_with("# EOF\n"), "no end");
    let mut families: Vec<(String, String)> = Vec::new();
    let mut samples = Vec::new();
    for line in text.lines() {
        if line == "# EOF" {
            continue;
        }
        if let Some(rest) = line.strip_prefix("# ") {
            let mut words = rest.splitn(3, ' ');
            let (what, name) = (words.next().unwrap(), words.next().unwrap());
            let last = words.next().unwrap();
            assert!(["HELP", "TYPE", "UNIT"].contains(&what), "{line}");
            if families.last().is_none_or(|(family, _)| family != name) {
                assert!(
                    families.iter().all(|(family, _)| family != name),
                    "{name} twice"
                );
                families.push((name.to_owned(), String::new()));
            }
            match what {
                "TYPE" => last.clone_into(&mut families.last_mut().unwrap().1),
                "UNIT" => assert!(name.ends_with(&format!("_{last}")), "{line}"),
                _ => {}
            }
            continue;
        }
        let (sample, value) = line.rsplit_once(' ').unwrap();
        let name = sample.split('{').next().unwrap();
        let (family, kind) = families.last().unwrap();
        let endings: &[&str] = match kind.as_str() {
            "counter" => &["_total"],
            "gauge" => &[""],
            "histogram" => &["_bucket", "_sum", "_count"],
            other => panic!("{other}"),
        };
        let is_of = |ending: &str| name.strip_suffix(ending) == Some(family);
        assert!(endings.iter().any(|ending| is_of(ending)), "{line}");
        let labels = sample.strip_prefix(name).unwrap();
        let closed = labels.is_empty() || (labels.starts_with('{') && labels.ends_with('}'));
        assert!(closed && labels.matches('"').count() % 2 == 0, "{line}");
        samples.push((sample.to_owned(), value.parse().unwrap()));
    }
    samples
}

async fn metrics(served: &Served) -> Vec<(String, f64)> {
    let answer = served.client.get(&served.metrics).send().await.unwrap();
    let kind = answer.headers()["content-type"].to_str().unwrap();
    assert!(
        kind.starts_with("application/openmetrics-text; version=1.0.0"),
        "{kind}"
    );
    well_formed(&answer.text().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_metrics_are_open_metrics_and_say_how_the_portal_does() {
    let site = Site::with("", "");
    let (counsel, token) = site.counsel().await;
    let served = site.serve().await;
    let cases = served.at(&format!("/api/v1/counsels/{counsel}/cases"));
    for _ in 0..3 {
        let call = served.client.get(&cases).bearer_auth(&token);
        assert_eq!(call.send().await.unwrap().status(), StatusCode::OK);
    }
    let samples = metrics(&served).await;
    let value = |name: &str| {
        let found = samples.iter().find(|(sample, _)| sample == name);
        found
            .unwrap_or_else(|| panic!("no {name} in {samples:?}"))
            .1
    };
    let counted = "mondossier_http_request_duration_seconds_count{route=\"/api/v1/counsels/:counsel/cases\",method=\"GET\",status=\"2xx\"}";
    assert!((value(counted) - 3.0).abs() < 0.1);
    assert!((value("mondossier_database_up") - 1.0).abs() < 0.1);
    assert!(value("mondossier_clock_ahead_of_database_seconds").abs() < 30.0);
    assert!(value("mondossier_connections") >= 1.0);
    assert!(value("mondossier_resident_memory_bytes") > 1e6);
    for name in [
        "mondossier_notices_waiting{name=\"keep_failing\"}",
        "mondossier_notices_waiting_oldest_seconds",
        "mondossier_database_connections{name=\"most\"}",
        "mondossier_submissions_total",
        "mondossier_file_size_bytes_total",
        "mondossier_connections_refused_total",
    ] {
        assert!(value(name) >= 0.0, "{name}");
    }
    // The counsel's own entry is not sealed, as no job runs.
    assert!(value("mondossier_audit_seal_lag_seconds") > 0.0);
    let elsewhere = served.status("/metrics").await;
    assert_eq!(
        elsewhere,
        Some(404),
        "metrics are on a listener of their own"
    );
}
