//! A national tribunal's records, the same each time: 10,000 counsel, 40,000 delegations, 500,000 cases, 2.5 million documents in inboxes and as
//! many submissions. Pages and jobs are measured on them. `MONDOSSIER_BENCH_SCALE` makes it smaller (0.01 for a hundredth).

use std::sync::Arc;
use std::time::Instant;

use assembly::jobs;
use contract::samples;
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::{Delegation, Running};
use domain::id::Id;
use domain::inbox::{InboxItem, Sent};
use domain::policy::Job;
use domain::submission::{Named, Submission, SubmittedFile};
use domain::token::Scope;
use time::Duration;
use uuid::Uuid;

use crate::figure::{Failed, percentile, print};
use crate::ground::{Database, Ground, ask, case, counsel, now};

const COUNSEL: u128 = 10_000;
const DELEGATIONS: u128 = 40_000;
const CASES: u128 = 500_000;
/// Of each kind: documents from the tribunal, submissions to it.
const DOCUMENTS: u128 = 2_500_000;
/// Records of one kind in one transaction.
const AT_A_TIME: u128 = 20_000;

fn scale() -> f64 {
    std::env::var("MONDOSSIER_BENCH_SCALE")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(1.0)
}

fn scaled(count: u128) -> u128 {
    (count as f64 * scale()) as u128
}

/// Makes it, and measures pages and jobs on it.
pub async fn measure(database: &Database) -> Result<(), Failed> {
    let name = database.name();
    let start = Instant::now();
    let ground = Ground::on(database).await?;
    fill(&ground).await?;
    ground.settle().await?;
    let records = scaled(COUNSEL) + scaled(DELEGATIONS) + scaled(CASES) + 2 * scaled(DOCUMENTS);
    print(
        &format!("nation: records made, {name}"),
        records as f64,
        "records",
        None,
        None,
    );
    print(
        &format!("nation: time to make them, {name}"),
        start.elapsed().as_secs_f64(),
        "s",
        None,
        None,
    );
    pages(&ground, name).await?;
    for job in [
        Job::DelegationReminders,
        Job::DelegationCleanup,
        Job::TidySessions,
    ] {
        let start = Instant::now();
        jobs::run(&ground.app, job).await?;
        print(
            &format!("nation: job {}, {name}", job.name()),
            start.elapsed().as_secs_f64(),
            "s",
            None,
            None,
        );
    }
    Ok(())
}

async fn fill(ground: &Ground) -> Result<(), Failed> {
    let counsels = (1..=scaled(COUNSEL))
        .map(counsel)
        .collect::<Result<Vec<_>, _>>()?;
    let all = counsels.len() as u128;
    ground.fill(&counsels, &[]).await?;
    for first in (0..scaled(CASES)).step_by(AT_A_TIME as usize) {
        let last = (first + AT_A_TIME).min(scaled(CASES));
        let cases = (first..last)
            .map(|number| case(number, all))
            .collect::<Result<Vec<_>, _>>()?;
        ground.fill(&[], &cases).await?;
    }
    for first in (0..scaled(DELEGATIONS)).step_by(AT_A_TIME as usize) {
        let mut tx = ground.app.storage.begin().await?;
        for number in first..(first + AT_A_TIME).min(scaled(DELEGATIONS)) {
            tx.delegations_mut()
                .insert(&delegation(number, all))
                .await?;
        }
        tx.commit(samples::audit()).await?;
    }
    for first in (0..scaled(DOCUMENTS)).step_by(AT_A_TIME as usize) {
        let mut tx = ground.app.storage.begin().await?;
        for number in first..(first + AT_A_TIME).min(scaled(DOCUMENTS)) {
            tx.inbox_mut().insert(&item(number, all)).await?;
            tx.submissions_mut()
                .insert(&submission(number, all))
                .await?;
        }
        tx.commit(samples::audit()).await?;
    }
    Ok(())
}

/// Of a hundred days ago, today, or anything in between.
fn delegation(number: u128, counsels: u128) -> Delegation {
    let began = now() - Duration::days((number % 100) as i64);
    Delegation {
        id: Id::new(Uuid::from_u128(number + 1)),
        counsel: Id::new(Uuid::from_u128(number % counsels + 1)),
        running: Some(Running {
            delegate: Id::new(Uuid::from_u128((number * 7) % counsels + 1)),
            accepted_at: began,
            term_began_at: began,
        }),
        ended_at: None,
        ..samples::delegation(number)
    }
}

fn case_of(number: u128) -> u128 {
    number % scaled(CASES)
}

fn item(number: u128, counsels: u128) -> InboxItem {
    let sample = samples::inbox_item(number);
    InboxItem {
        id: Id::new(Uuid::from_u128(number + 1)),
        case: Id::new(Uuid::from_u128(case_of(number))),
        counsel: Id::new(Uuid::from_u128(case_of(number) % counsels + 1)),
        sent: Sent {
            document: Id::new(Uuid::from_u128(number + (1 << 70))),
            ..sample.sent
        },
        deleted_at: None,
        readings: Vec::new(),
        ..sample
    }
}

fn submission(number: u128, counsels: u128) -> Submission {
    let sample = samples::submission(number);
    let by = Named {
        account: Id::new(Uuid::from_u128(case_of(number) % counsels + 1)),
        name: "Élise Tremblay".to_owned(),
    };
    let mut random = [0; 32];
    for (byte, drawn) in random
        .iter_mut()
        .zip(number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes())
    {
        *byte = drawn;
    }
    Submission {
        id: Id::new(Uuid::from_u128(number + 1)),
        confirmation_number: ConfirmationNumber::from_random(random),
        case: Id::new(Uuid::from_u128(case_of(number))),
        submitted_by: by.clone(),
        on_behalf_of: by,
        files: vec![SubmittedFile {
            document: Id::new(Uuid::from_u128(number + (1 << 71))),
            ..samples::file(number)
        }],
        acknowledgement: sample
            .acknowledgement
            .filter(|_| !number.is_multiple_of(1_000)),
        ..sample
    }
}

async fn pages(ground: &Ground, name: &str) -> Result<(), Failed> {
    let counsel = Uuid::from_u128(1);
    let token = ground.token(Id::new(counsel), &[Scope::Read]).await?;
    let case = Uuid::from_u128(0);
    let routes = Arc::new(ground.routes());
    for (what, path) in [
        ("My Cases", format!("/en/counsels/{counsel}/cases")),
        (
            "My Cases by next hearing",
            format!("/en/counsels/{counsel}/cases?order=next-event"),
        ),
        (
            "My Cases, searched",
            format!("/api/v1/counsels/{counsel}/cases?q=tc0-0001"),
        ),
        ("a case", format!("/en/counsels/{counsel}/cases/{case}")),
        (
            "submission history",
            format!("/api/v1/counsels/{counsel}/cases/{case}/submissions"),
        ),
        ("inbox", format!("/api/v1/counsels/{counsel}/inbox")),
        (
            "inbox of a case",
            format!("/api/v1/counsels/{counsel}/cases/{case}/inbox"),
        ),
        (
            "delegations",
            format!("/api/v1/counsels/{counsel}/delegations"),
        ),
    ] {
        let mut times = Vec::new();
        for _ in 0..50 {
            let start = Instant::now();
            ask(&routes, &path, &token).await?;
            times.push(start.elapsed());
        }
        let middle = percentile(&mut times, 0.5) * 1_000.0;
        print(&format!("nation: {what}, {name}"), middle, "ms", None, None);
    }
    Ok(())
}
