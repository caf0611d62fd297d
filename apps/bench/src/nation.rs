//! A national tribunal's records, the same each time: 10,000 counsel, 40,000 delegations, 500,000 cases, 2.5 million documents in inboxes and as
//! many submissions. Pages and jobs are measured on them. `MONDOSSIER_BENCH_SCALE` makes it smaller (0.01 for a hundredth).

use std::time::Instant;

use assembly::jobs;
use contract::samples;
use domain::account::{Account, Role};
use domain::confirmation_number::ConfirmationNumber;
use domain::delegation::{Delegation, Running};
use domain::id::Id;
use domain::inbox::{InboxItem, Sent};
use domain::policy::Job;
use domain::submission::{Named, Submission, SubmittedFile};
use domain::token::Scope;
use time::Duration;
use uuid::Uuid;

use crate::figure::{Failed, Figure, Goal, Report, percentile};
use crate::ground::{Database, Ground, ask, case, counsel, now};

const COUNSEL: u128 = 10_000;
const DELEGATIONS: u128 = 40_000;
const CASES: u128 = 500_000;
/// Of each kind: documents from the tribunal, submissions to it.
const DOCUMENTS: u128 = 2_500_000;
/// The jobs that pass over records.
const JOBS: [Job; 5] = [
    Job::DelegationReminders,
    Job::DelegationCleanup,
    Job::TidySessions,
    Job::SealAudit,
    Job::Purge,
];
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
pub async fn measure(report: &mut Report, database: &Database) -> Result<(), Failed> {
    if !report.wants(&["nation"]) {
        return Ok(());
    }
    let start = Instant::now();
    let ground = Ground::on(database).await?;
    fill(&ground).await?;
    ground.settle().await?;
    let records = scaled(COUNSEL) + scaled(DELEGATIONS) + scaled(CASES) + 2 * scaled(DOCUMENTS);
    let mut told = |what: &str, value: f64, unit| {
        let name = ("nation", what, database.name());
        report.tell(Figure::of(name, value, unit, Goal::Told));
    };
    told("records", records as f64, "records");
    told("time to make them", start.elapsed().as_secs_f64(), "s");
    for (what, path, who) in PAGES {
        told(what, page(&ground, path, who).await?, "ms");
    }
    for job in JOBS {
        let start = Instant::now();
        jobs::run(&ground.app, job).await?;
        told(
            &format!("job {}", job.name()),
            start.elapsed().as_secs_f64(),
            "s",
        );
    }
    Ok(())
}

/// Counsel who are delegates too.
fn acting(number: u128) -> Result<Account, Failed> {
    Ok(Account {
        roles: [Role::Counsel, Role::Delegate].into(),
        ..counsel(number)?
    })
}

fn officer(number: u128) -> Result<Account, Failed> {
    Ok(Account {
        roles: [Role::RegistryOfficer].into(),
        ..counsel(number)?
    })
}

async fn fill(ground: &Ground) -> Result<(), Failed> {
    let all = scaled(COUNSEL);
    let mut people = (1..=all).map(acting).collect::<Result<Vec<_>, _>>()?;
    people.push(officer(all + 1)?);
    ground.fill(&people, &[]).await?;
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

/// Who took up that delegation: another counsel, each four of them.
const fn delegate(number: u128, counsels: u128) -> u128 {
    (number * 7 + 3) % counsels + 1
}

/// Of a hundred days ago, today, or anything in between.
fn delegation(number: u128, counsels: u128) -> Delegation {
    let began = now() - Duration::days((number % 100) as i64);
    Delegation {
        id: Id::new(Uuid::from_u128(number + 1)),
        counsel: Id::new(Uuid::from_u128(number % counsels + 1)),
        running: Some(Running {
            delegate: Id::new(Uuid::from_u128(delegate(number, counsels))),
            accepted_at: began,
            term_began_at: began,
        }),
        wrong_answers: 0,
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
        office_zone: None,
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

/// Who asks for a page.
#[derive(Clone, Copy)]
enum Asker {
    /// Counsel of the first number.
    Counsel,
    /// Whoever took up the first delegation, of that counsel and of three others.
    Delegate,
    /// An officer of the registry.
    Registry,
}

/// What is asked for: `{counsel}` and `{case}` stand for a counsel and one of their cases.
const PAGES: [(&str, &str, Asker); 16] = [
    ("home", "/en/", Asker::Counsel),
    ("home of a delegate", "/en/", Asker::Delegate),
    ("My Cases", "/en/counsels/{counsel}/cases", Asker::Counsel),
    (
        "My Cases of a delegate",
        "/en/counsels/{counsel}/cases",
        Asker::Delegate,
    ),
    (
        "My Cases by hearing",
        "/en/counsels/{counsel}/cases?sort=hearing_date",
        Asker::Counsel,
    ),
    (
        "My Cases by name",
        "/en/counsels/{counsel}/cases?sort=name",
        Asker::Counsel,
    ),
    (
        "My Cases, searched",
        "/en/counsels/{counsel}/cases?q=tc0-0001",
        Asker::Counsel,
    ),
    (
        "a case",
        "/en/counsels/{counsel}/cases/{case}",
        Asker::Counsel,
    ),
    (
        "submission history",
        "/en/counsels/{counsel}/cases/{case}/submissions",
        Asker::Counsel,
    ),
    ("inbox", "/en/counsels/{counsel}/inbox", Asker::Counsel),
    (
        "inbox by title",
        "/en/counsels/{counsel}/inbox?sort=title",
        Asker::Counsel,
    ),
    (
        "inbox of a case",
        "/en/counsels/{counsel}/cases/{case}/inbox",
        Asker::Counsel,
    ),
    (
        "delegates",
        "/en/counsels/{counsel}/delegates",
        Asker::Counsel,
    ),
    ("the registry's home", "/en/", Asker::Registry),
    (
        "the registry's submissions",
        "/en/registry/submissions",
        Asker::Registry,
    ),
    (
        "a case, for the registry",
        "/en/registry/cases/TC0-000123",
        Asker::Registry,
    ),
];

/// How long a page takes: the middle of fifty, in milliseconds.
async fn page(ground: &Ground, path: &str, who: Asker) -> Result<f64, Failed> {
    let (who, scope) = match who {
        Asker::Counsel => (1, Scope::Read),
        Asker::Delegate => (delegate(0, scaled(COUNSEL)), Scope::Read),
        Asker::Registry => (scaled(COUNSEL) + 1, Scope::Registry),
    };
    let token = ground
        .token(Id::new(Uuid::from_u128(who)), &[scope])
        .await?;
    let path = path
        .replace("{counsel}", &Uuid::from_u128(1).to_string())
        .replace("{case}", &Uuid::from_u128(0).to_string());
    let routes = ground.routes();
    let mut times = Vec::new();
    for _ in 0..50 {
        let start = Instant::now();
        ask(&routes, &path, &token).await?;
        times.push(start.elapsed());
    }
    Ok(percentile(&mut times, 0.5) * 1_000.0)
}
