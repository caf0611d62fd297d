//! Jobs over many records: reminders of 40,000 delegations (V-5), and 100,000 cases from a file (V-6).

use std::io::Write;
use std::sync::Arc;

use application::Application;
use application::ports::clock::Clock;
use application::watch_terms::remind_of_renewals;
use assembly::jobs::import_file;
use contract::samples;
use domain::delegation::{Delegation, Running};
use domain::id::Id;
use sea_orm::ConnectionTrait;
use serde_json::json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::figure::{Failed, Figure, Goal, Report, Turns, median, rate};
use crate::ground::{Database, Ground, counsel, now};
use crate::process::memory_of_import;

/// How often each is done, each time on fresh records.
const TIMES: usize = 3;

/// A clock that shows one instant.
struct At(OffsetDateTime);

impl Clock for At {
    fn now(&self) -> OffsetDateTime {
        self.0
    }
}

/// V-5 and V-6.
pub async fn measure(report: &mut Report, database: &Database) -> Result<(), Failed> {
    if report.wants(&["V-5"]) {
        reminders(report, database).await?;
    }
    if report.wants(&["V-6"]) {
        imports(report, database).await?;
    }
    Ok(())
}

async fn reminders(report: &mut Report, database: &Database) -> Result<(), Failed> {
    let (mut turns, mut growth) = (Turns::default(), Vec::new());
    for _ in 0..TIMES {
        let quarter = remind(database, 10_000).await?;
        let ours = remind(database, 40_000).await?;
        turns.took(ours, insert_alone(database, 40_000).await?);
        growth.push(4.0 * quarter / ours);
    }
    let name = (
        "V-5",
        "reminders over 40,000 delegations, against INSERT … SELECT",
        database.name(),
    );
    report.tell(turns.figure(name, "rows/s", Goal::Share(0.3)));
    let name = (
        "V-5",
        "time of 40,000 reminders over that of 10,000",
        database.name(),
    );
    report.tell(Figure::of(name, median(growth), "times", Goal::AtMost(4.4)));
    Ok(())
}

async fn delegations(database: &Database, count: u128) -> Result<Ground, Failed> {
    let ground = Ground::on(database).await?;
    let counsels = (1..=count / 4)
        .map(counsel)
        .collect::<Result<Vec<_>, _>>()?;
    ground.fill(&counsels, &[]).await?;
    let numbers: Vec<u128> = (0..count).collect();
    for part in numbers.chunks(5_000) {
        let mut tx = ground.app.storage.begin().await?;
        for number in part {
            tx.delegations_mut().insert(&running(*number)).await?;
        }
        tx.commit(samples::audit()).await?;
    }
    ground.settle().await?;
    Ok(ground)
}

/// A delegation whose term began today.
fn running(number: u128) -> Delegation {
    let began = now();
    Delegation {
        id: Id::new(Uuid::from_u128(number + 1)),
        counsel: Id::new(Uuid::from_u128(number / 4 + 1)),
        running: Some(Running {
            delegate: Id::new(Uuid::from_u128(1)),
            accepted_at: began,
            term_began_at: began,
        }),
        wrong_answers: 0,
        ended_at: None,
        ..samples::delegation(number)
    }
}

async fn remind(database: &Database, count: u128) -> Result<f64, Failed> {
    let ground = delegations(database, count).await?;
    let app = Application {
        clock: Arc::new(At(now() + Duration::days(51))),
        ..ground.app.clone()
    };
    rate(count as f64, async {
        let written = remind_of_renewals(&app).await?.notices;
        if u128::from(written) == count {
            Ok(())
        } else {
            Err(format!("{written} reminders of {count}").into())
        }
    })
    .await
}

/// As many rows in the same table by one statement, committed.
async fn insert_alone(database: &Database, count: u128) -> Result<f64, Failed> {
    let ground = delegations(database, count).await?;
    let connection = sea_orm::Database::connect(&ground.url).await?;
    let statement = "INSERT INTO notice (id, account, email, language, kind, facts, written_at, once_key, attempts, next_try_at) \
        SELECT d.id, a.id, a.email, a.language, 'renewal-due', '{}', 0, 'renewal-due ' || CAST(d.term_began_at AS text) || ' ' || d.email, 0, 0 \
        FROM delegation d JOIN account a ON a.id = d.counsel WHERE d.term_began_at > 0 AND d.ended_at IS NULL";
    rate(count as f64, async {
        let written = connection
            .execute_unprepared(statement)
            .await?
            .rows_affected();
        if u128::from(written) == count {
            Ok(())
        } else {
            Err(format!("{written} rows of {count}").into())
        }
    })
    .await
}

/// A file of cases, one object per line.
fn lines(file: &std::path::Path, count: u32) -> Result<(), Failed> {
    let mut out = std::io::BufWriter::new(std::fs::File::create(file)?);
    for number in 0..count {
        let object = json!({
            "file_number": format!("TC4-{number:06}"),
            "division": "RPD",
            "region": "eastern",
            "status": "active",
            "client_ids": [format!("{:010}", 1_000_000_000_u64 + u64::from(number))],
            "parties": [{ "name": format!("Nadia Haddad {number}"), "role": "claimant" }],
            "events": [{ "kind": "hearing", "starts_at": "2027-03-03T14:00:00Z", "place": "Toronto" }],
            "counsel_of_record": Uuid::from_u128(u128::from(number) % 100 + 1),
        });
        writeln!(out, "{object}")?;
    }
    Ok(out.flush()?)
}

async fn imports(report: &mut Report, database: &Database) -> Result<(), Failed> {
    const CASES: u32 = 100_000;
    let mut turns = Turns::default();
    for _ in 0..TIMES {
        let ground = Ground::on(database).await?;
        let counsels = (1..=100).map(counsel).collect::<Result<Vec<_>, _>>()?;
        ground.fill(&counsels, &[]).await?;
        let file = ground.folder.path().join("cases.jsonl");
        lines(&file, CASES)?;
        let ours = rate(f64::from(CASES), async {
            let done = import_file(&ground.app, &file).await?;
            if done.inserted == u64::from(CASES) {
                Ok(())
            } else {
                Err(format!("{done:?}").into())
            }
        })
        .await?;
        turns.took(ours, bulk_alone(database, CASES).await?);
    }
    let name = (
        "V-6",
        "100,000 cases imported, against a bulk insert",
        database.name(),
    );
    report.tell(turns.figure(name, "cases/s", Goal::Share(0.4)));
    let name = (
        "V-6",
        "the most memory of an import of 200,000 cases, over that of 20,000",
        database.name(),
    );
    let few = most_memory(database, CASES / 5).await?;
    let many = most_memory(database, CASES * 2).await?;
    report.tell(Figure::of(name, many, "MB", Goal::Times(1.2)).against(few, many / few));
    Ok(())
}

async fn most_memory(database: &Database, cases: u32) -> Result<f64, Failed> {
    let ground = Ground::on(database).await?;
    let counsels = (1..=100).map(counsel).collect::<Result<Vec<_>, _>>()?;
    ground.fill(&counsels, &[]).await?;
    let file = ground.folder.path().join("cases.jsonl");
    lines(&file, cases)?;
    memory_of_import(&ground, &file).await
}

/// The same cases and their events as rows, a thousand a statement, in one transaction per ten statements.
async fn bulk_alone(database: &Database, count: u32) -> Result<f64, Failed> {
    let ground = Ground::on(database).await?;
    let connection = sea_orm::Database::connect(&ground.url).await?;
    let of_sqlite = matches!(database, Database::Sqlite);
    let id = |number: u32| {
        let id = Uuid::from_u128(u128::from(number) + 1);
        if of_sqlite {
            format!("x'{}'", id.simple())
        } else {
            format!("'{id}'")
        }
    };
    let statements: Vec<String> = (0..count / 1_000)
        .map(|part| {
            let rows = (part * 1_000..(part + 1) * 1_000).map(|number| {
                format!(
                    "({}, 'TC4-{number:06}', 'RPD', 'eastern', 'active', '[\"{:010}\"]', '[{{\"name\":\"Nadia Haddad {number}\",\"role\":\"claimant\"}}]', '[{{\"kind\":\"hearing\",\"starts_at\":0,\"place\":\"Toronto\"}}]', '[]', {}, 0, 'tc4-{number:06} nadia haddad {number}', 'nadia haddad {number}')",
                    id(number), 1_000_000_000_u64 + u64::from(number), id(number % 100),
                )
            });
            let events = (part * 1_000..(part + 1) * 1_000).map(|number| format!("({}, 0)", id(number)));
            format!(
                "BEGIN; INSERT INTO case_file (id, file_number, division, region, status, client_ids, parties, events, decisions, counsel_of_record, updated_at, search_text, name_key) VALUES {}; INSERT INTO case_event (case_file, starts_at) VALUES {}; COMMIT",
                rows.collect::<Vec<_>>().join(","),
                events.collect::<Vec<_>>().join(","),
            )
        })
        .collect();
    rate(f64::from(count), async {
        for statement in &statements {
            connection.execute_unprepared(statement).await?;
        }
        Ok(())
    })
    .await
}
