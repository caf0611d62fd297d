//! How access is renewed and how it ends, by counsel or by the day, and who is told (DEL-3, DEL-4, MAIL-2).

use reqwest::{Method, StatusCode};
use serde_json::{Value, json as object};
use time::format_description::well_known::Rfc3339;
use time::{Duration, OffsetDateTime};

use super::{invitation, kind};
use crate::portal::{Demonstration, json};

/// DEL-2, DEL-3, DEL-4, REG-4: an invited person signs in, answers, and has access until the instant of day 60; renewal at day 65 brings it
/// back without registration; at day 70 it is too late. No job decides any of it.
#[tokio::test]
async fn a_delegation_lives_and_ends() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.new_delegate_accepts().await;
    assert!(demonstration.sees_cases(&cookie, "counsel-b").await);
    assert!(!demonstration.sees_cases(&cookie, "counsel-a").await);
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    assert_eq!(running["state"], "active");

    demonstration.advance("50d").await;
    assert_eq!(
        demonstration.delegation_of_new_delegate().await.unwrap()["state"],
        "renewal-due"
    );
    demonstration.advance("239h").await;
    let cookie = demonstration.sign_in("new-delegate").await;
    assert!(
        demonstration.sees_cases(&cookie, "counsel-b").await,
        "day 59, 23 h"
    );
    demonstration.advance("1h").await;
    let cookie = demonstration.sign_in("new-delegate").await;
    assert!(
        !demonstration.sees_cases(&cookie, "counsel-b").await,
        "day 60"
    );
    demonstration.advance("5d").await;
    let expired = demonstration.delegation_of_new_delegate().await.unwrap();
    assert_eq!(expired["state"], "expired");
    let counsel = demonstration.of("counsel-b", "account_id");
    let renewal = format!(
        "/counsels/{counsel}/delegations/{}/renewal",
        expired["id"].as_str().unwrap()
    );
    let renewed = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(renewed.status(), StatusCode::OK);
    let cookie = demonstration.sign_in("new-delegate").await;
    assert!(
        demonstration.sees_cases(&cookie, "counsel-b").await,
        "renewed at day 65"
    );

    demonstration.advance("70d").await;
    let late = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(late.status(), StatusCode::CONFLICT);
    assert_eq!(kind(&json(late).await), "delegation-lapsed");
    assert!(
        demonstration.delegation_of_new_delegate().await.is_none(),
        "off the list"
    );
}

/// DEL-3, MAIL-2: counsel ends a delegation; access is gone at the next request, and both are told.
#[tokio::test]
async fn ending_cuts_off_at_the_next_request() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.new_delegate_accepts().await;
    assert!(demonstration.sees_cases(&cookie, "counsel-b").await);
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let counsel = demonstration.of("counsel-b", "account_id");
    let path = format!(
        "/counsels/{counsel}/delegations/{}",
        running["id"].as_str().unwrap()
    );
    let by_delegate = demonstration
        .by_cookie(Method::DELETE, &path, &cookie, None)
        .await;
    assert_eq!(by_delegate.status(), StatusCode::FORBIDDEN, "DEL-5");
    let ended = demonstration
        .call(Method::DELETE, &path, "counsel-b", None)
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    assert!(!demonstration.sees_cases(&cookie, "counsel-b").await);
    let again = demonstration
        .call(Method::DELETE, &path, "counsel-b", None)
        .await;
    assert_eq!(again.status(), StatusCode::CONFLICT);
    demonstration.advance("1s").await;
    let mails = demonstration.mailbox().await;
    for to in ["counsel-b", "new-delegate"] {
        let to = format!("{to}@demonstration.example");
        let told = mails.iter().filter(|mail| mail["to"] == to.as_str());
        assert!(told.into_iter().any(|mail| {
            mail["subject"]
                .as_str()
                .unwrap()
                .contains("Delegation ended")
        }));
    }
}

/// DEL-3, MAIL-2: counsel is reminded at day 50, once per term, however often the job runs; a renewal begins a new term with a new reminder.
#[tokio::test]
async fn counsel_is_reminded_once_per_term() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    let reminders = async || {
        demonstration.advance("1s").await;
        let mails = demonstration.mailbox().await;
        let to_renew = |mail: &&Value| {
            mail["to"] == "counsel-b@demonstration.example"
                && mail["subject"]
                    .as_str()
                    .unwrap()
                    .contains("Delegation to renew")
        };
        mails.iter().filter(to_renew).count()
    };
    // The delegation that the demonstration began five days earlier is reminded of on the way.
    demonstration.advance("49d").await;
    assert_eq!(reminders().await, 1);
    demonstration.advance("1d").await;
    assert_eq!(reminders().await, 2);
    demonstration.advance("3d").await;
    assert_eq!(reminders().await, 2);
    let counsel = demonstration.of("counsel-b", "account_id");
    let renewal = format!(
        "/counsels/{counsel}/delegations/{}/renewal",
        running["id"].as_str().unwrap()
    );
    let renewed = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(renewed.status(), StatusCode::OK);
    assert_eq!(reminders().await, 2);
    demonstration.advance("50d").await;
    assert_eq!(reminders().await, 3);
}

/// DEL-3: a job that did not run for three days after day 50 reminds all the same, and of eight workers that then run it at once, as
/// processes of their own, only one writes the reminder.
#[tokio::test]
async fn eight_late_workers_remind_once() {
    let demonstration = Demonstration::start();
    let clock = demonstration.page("/demo/clock");
    let clock = demonstration.client.get(clock);
    let clock = clock.header("accept", "application/json");
    let now = json(clock.send().await.unwrap()).await["now"].clone();
    let now = OffsetDateTime::parse(now.as_str().unwrap(), &Rfc3339).unwrap();
    let at = (now + Duration::days(48)).format(&Rfc3339).unwrap();
    let jobs = std::path::Path::new(env!("CARGO_BIN_EXE_portal")).with_file_name("jobs");
    let workers: Vec<_> = (0..8)
        .map(|_| {
            std::process::Command::new(&jobs)
                .args([
                    "run",
                    "delegation-reminders",
                    "--at",
                    &at,
                    "--demonstration",
                ])
                .arg(demonstration.folder.path())
                .stdout(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    let mut reminders = 0;
    for worker in workers {
        let done = worker.wait_with_output().unwrap();
        assert!(done.status.success());
        let told: Value = serde_json::from_slice(&done.stdout).unwrap();
        reminders += told["done"]["reminders"].as_u64().unwrap();
    }
    // Of the three delegations that run, counsel-b's began five days ago; counsel-a's two are past day 60 by then.
    assert_eq!(reminders, 1);
}

/// MAIL-2: both are told when the access is gone at day 60, once.
#[tokio::test]
async fn both_are_told_when_access_is_gone() {
    let demonstration = Demonstration::start();
    demonstration.new_delegate_accepts().await;
    let told = async |to: &str| {
        demonstration.advance("1s").await;
        let mails = demonstration.mailbox().await;
        let to = format!("{to}@demonstration.example");
        let ended = |mail: &&Value| {
            let body = mail["body"].as_str().unwrap();
            mail["to"] == to.as_str() && body.contains("the counsel can still renew it")
        };
        mails.iter().filter(ended).count()
    };
    demonstration.advance("59d").await;
    assert_eq!(told("new-delegate").await, 0);
    demonstration.advance("1d").await;
    assert_eq!(told("new-delegate").await, 1);
    // Of two delegations of counsel-b both are over by then.
    assert_eq!(told("counsel-b").await, 2);
    demonstration.advance("5d").await;
    assert_eq!(told("new-delegate").await, 1);
}

/// DEL-1, DEL-4, PRO-1, MAIL-2: once a delegate has another address, what is told of the delegation goes there, counsel sees it, and knows
/// the person by it.
#[tokio::test]
async fn a_delegate_is_told_at_the_address_that_they_have_now() {
    let demonstration = Demonstration::start();
    let cookie = demonstration.new_delegate_accepts().await;
    let moved = object!({ "email": "moved@firm.example", "family_name": "Renamed" });
    let asked = demonstration
        .by_cookie(Method::POST, "/me/profile/changes", &cookie, Some(moved))
        .await;
    assert_eq!(asked.status(), StatusCode::CREATED);
    let change = json(asked).await;
    let path = format!(
        "/registry/profile-changes/{}/decision",
        change["id"].as_str().unwrap()
    );
    let apply = Some(object!({ "decision": "apply" }));
    let applied = demonstration
        .call(Method::POST, &path, "registry", apply)
        .await;
    assert_eq!(applied.status(), StatusCode::OK);

    let running = demonstration.delegation_of_new_delegate().await.unwrap();
    assert_eq!(running["delegate"]["email"], "moved@firm.example");
    assert_eq!(running["delegate"]["family_name"], "Renamed");
    let mut again = invitation(1);
    again["email"] = "Moved@firm.example".into();
    let (_, refused) = demonstration.invite("counsel-b", again).await;
    assert_eq!(kind(&refused), "already-delegate");
    let counsel = demonstration.of("counsel-b", "account_id");
    let one = format!(
        "/counsels/{counsel}/delegations/{}",
        running["id"].as_str().unwrap()
    );
    let told = async |subject: &str| {
        demonstration.advance("1s").await;
        let mails = demonstration.mailbox().await;
        let of_subject = |mail: &&Value| mail["subject"].as_str().unwrap().contains(subject);
        let to = mails
            .iter()
            .filter(of_subject)
            .map(|mail| mail["to"].to_string());
        to.filter(|to| to.contains("moved@") || to.contains("new-delegate@"))
            .collect::<Vec<_>>()
    };
    let renewal = format!("{one}/renewal");
    let renewed = demonstration
        .call(Method::POST, &renewal, "counsel-b", None)
        .await;
    assert_eq!(renewed.status(), StatusCode::OK);
    assert_eq!(told("Delegation renewed").await, ["\"moved@firm.example\""]);
    demonstration.advance("60d").await;
    assert_eq!(told("Delegation ended").await, ["\"moved@firm.example\""]);
    let ended = demonstration
        .call(Method::DELETE, &one, "counsel-b", None)
        .await;
    assert_eq!(ended.status(), StatusCode::OK);
    assert_eq!(told("Delegation ended").await.len(), 2);
}
