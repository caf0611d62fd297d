//! My Cases: as JSON against the SQL that it needs (V-1), as a page against the JSON (V-2), in a large database against a small one (V-7),
//! and how long the slowest wait (V-10).

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use application::Secret;
use domain::id::Id;
use domain::token::Scope;
use poem::endpoint::BoxEndpoint;
use sea_orm::sqlx::{self, Row};
use storage::{Settings, SqlStorage};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::figure::{Failed, Figure, Goal, Report, percentile, rate};
use crate::ground::{Database, Ground, ask, case, counsel};

/// Asked at the same time.
const TOGETHER: usize = 4;
/// Asked in a turn.
const REQUESTS: usize = 600;
/// Cases of the counsel who asks.
const CASES: u128 = 200;

type Work = Pin<Box<dyn Future<Output = Result<(), Failed>> + Send>>;
/// One request, again and again.
type Ask = Arc<dyn Fn() -> Work + Send + Sync>;

/// So many requests, some of them at a time; how many a second.
async fn many(one: Ask) -> Result<f64, Failed> {
    let left = Arc::new(AtomicUsize::new(REQUESTS));
    rate(REQUESTS as f64, async move {
        let mut tasks = JoinSet::new();
        for _ in 0..TOGETHER {
            let (one, left) = (one.clone(), left.clone());
            tasks.spawn(async move {
                while left
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                    .is_ok()
                {
                    one().await?;
                }
                Ok::<(), Failed>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    })
    .await
}

fn asking(routes: Arc<BoxEndpoint<'static>>, path: String, token: String) -> Ask {
    Arc::new(move || {
        let (routes, path, token) = (routes.clone(), path.clone(), token.clone());
        Box::pin(async move { ask(&routes, &path, &token).await.map(drop) })
    })
}

/// What one request asks of the database, by nothing but sqlx.
#[derive(Clone)]
enum Bare {
    Sqlite(sqlx::SqlitePool),
    Postgres(sqlx::PgPool),
}

const WHO: &str = "SELECT token.*, account.* FROM token JOIN account ON account.id = token.account WHERE token.hash = $1";
const WHAT: &str = "SELECT * FROM case_file WHERE counsel_of_record = $1 AND (final_decision_on IS NULL OR final_decision_on > $2) ORDER BY file_number, id LIMIT 21";

impl Bare {
    async fn on(url: &str) -> Result<Self, Failed> {
        Ok(if url.starts_with("sqlite:") {
            let options = sqlx::sqlite::SqlitePoolOptions::new().max_connections(8);
            Self::Sqlite(options.connect(url).await?)
        } else {
            let options = sqlx::postgres::PgPoolOptions::new().max_connections(8);
            Self::Postgres(options.connect(url).await?)
        })
    }

    /// Both statements, with every text of the cases taken out.
    async fn ask(&self, token: [u8; 32], counsel: Uuid) -> Result<(), Failed> {
        let bytes = match self {
            Self::Sqlite(pool) => {
                let who = sqlx::query(WHO).bind(token.to_vec());
                who.fetch_one(pool).await?;
                let what = sqlx::query(WHAT).bind(counsel).bind("2026-01-01");
                texts(&what.fetch_all(pool).await?)?
            }
            Self::Postgres(pool) => {
                let who = sqlx::query(WHO).bind(token.to_vec());
                who.fetch_one(pool).await?;
                let what = sqlx::query(WHAT).bind(counsel).bind("2026-01-01");
                texts(&what.fetch_all(pool).await?)?
            }
        };
        if bytes == 0 {
            return Err("no case was found".into());
        }
        Ok(())
    }
}

/// How many bytes of text these cases have.
fn texts<R: Row>(cases: &[R]) -> Result<usize, Failed>
where
    for<'a> &'a str: sqlx::Decode<'a, R::Database> + sqlx::Type<R::Database>,
    &'static str: sqlx::ColumnIndex<R>,
{
    const TEXTS: [&str; 8] = [
        "file_number",
        "division",
        "region",
        "status",
        "client_ids",
        "parties",
        "events",
        "decisions",
    ];
    let mut bytes = 0;
    for case in cases {
        for text in TEXTS {
            bytes += case.try_get::<&str, _>(text)?.len();
        }
    }
    Ok(bytes)
}

/// A portal where counsel 1 has so many cases among so many.
async fn with_cases(database: &Database, all: u128) -> Result<(Ground, String), Failed> {
    let ground = Ground::on(database).await?;
    let counsels = all / CASES;
    let accounts = (1..=counsels).map(counsel).collect::<Result<Vec<_>, _>>()?;
    let cases = (0..all)
        .map(|number| case(number, counsels))
        .collect::<Result<Vec<_>, _>>()?;
    ground.fill(&accounts, &cases).await?;
    ground.settle().await?;
    let token = ground
        .token(Id::new(Uuid::from_u128(1)), &[Scope::Read])
        .await?;
    Ok((ground, token))
}

fn path(face: &str) -> String {
    let counsel = Uuid::from_u128(1);
    match face {
        "page" => format!("/en/counsels/{counsel}/cases"),
        _ => format!("/api/v1/counsels/{counsel}/cases?limit=20"),
    }
}

/// V-1, V-2, V-7 and V-10.
pub async fn measure(report: &mut Report, database: &Database) -> Result<(), Failed> {
    if !report.wants(&["V-1", "V-2", "V-7", "V-10"]) {
        return Ok(());
    }
    let name = database.name();
    let (ground, token) = with_cases(database, 5_000).await?;
    let routes = Arc::new(ground.routes());
    let json = asking(routes.clone(), path("json"), token.clone());
    let page = asking(routes.clone(), path("page"), token.clone());
    let goal = |share| ("requests/s", Goal::Share(share));
    if report.wants(&["V-1"]) {
        let what = ("V-1", "statements of a request for My Cases", name);
        let asked = statements(&ground, &token, &path("json")).await? as f64;
        report.tell(Figure::of(what, asked, "statements", Goal::AtMost(2.0)));
        let bare = Bare::on(&ground.url).await?;
        let hash = Secret::presented(&token).hash().0;
        let alone: Ask = Arc::new(move || {
            let bare = bare.clone();
            Box::pin(async move { bare.ask(hash, Uuid::from_u128(1)).await })
        });
        let what = ("V-1", "My Cases as JSON, against its SQL alone", name);
        let (ours, alone) = (|| many(json.clone()), || many(alone.clone()));
        report.compare(what, goal(0.6), ours, alone).await?;
    }
    if report.wants(&["V-2"]) {
        let what = ("V-2", "My Cases as a page, against JSON", name);
        let (ours, alone) = (|| many(page.clone()), || many(json.clone()));
        report.compare(what, goal(0.7), ours, alone).await?;
    }
    if report.wants(&["V-10"]) {
        waiting(report, &routes, &token, name).await?;
    }
    if report.wants(&["V-7"]) {
        let (among_many, large_token) = with_cases(database, 500_000).await?;
        let large = asking(Arc::new(among_many.routes()), path("json"), large_token);
        let what = (
            "V-7",
            "My Cases of 5,000, over the same of 500,000 (requests/s)",
            name,
        );
        // Of rates: 5,000 over 500,000 is the time of the large one over that of the small one.
        let (small, large) = (|| many(json.clone()), || many(large.clone()));
        let goal = ("requests/s", Goal::Times(1.2));
        report.compare(what, goal, small, large).await?;
    }
    Ok(())
}

/// How many statements a request asks, `BEGIN` and the choice of a moment aside.
async fn statements(ground: &Ground, token: &str, path: &str) -> Result<usize, Failed> {
    let asked = Arc::new(Mutex::new(0));
    let counted = asked.clone();
    let storage = SqlStorage::connect(&ground.url, Settings::default())
        .await?
        .watched(move |_| {
            if let Ok(mut asked) = counted.lock() {
                *asked += 1;
            }
        });
    let mut app = ground.app.clone();
    app.storage = Arc::new(storage);
    let routes = ground.routes_of(app);
    ask(&routes, path, token).await?;
    let before = asked.lock().map(|asked| *asked).unwrap_or_default();
    ask(&routes, path, token).await?;
    let after = asked.lock().map(|asked| *asked).unwrap_or_default();
    Ok(after - before)
}

/// V-10: pages at half the highest load, each at its time whether or not those before it are answered.
async fn waiting(
    report: &mut Report,
    routes: &Arc<BoxEndpoint<'static>>,
    token: &str,
    name: &'static str,
) -> Result<(), Failed> {
    let highest = many(asking(routes.clone(), path("page"), token.to_owned())).await?;
    let between = Duration::from_secs_f64(2.0 / highest);
    let mut tasks = JoinSet::new();
    let mut tick = tokio::time::interval(between);
    for _ in 0..REQUESTS * 2 {
        let due = tick.tick().await.into_std();
        let (routes, token) = (routes.clone(), token.to_owned());
        tasks.spawn(async move {
            ask(&routes, &path("page"), &token).await?;
            Ok::<Duration, Failed>(due.elapsed())
        });
    }
    let mut times = Vec::with_capacity(REQUESTS * 2);
    while let Some(time) = tasks.join_next().await {
        times.push(time??);
    }
    let (middle, slow) = (percentile(&mut times, 0.5), percentile(&mut times, 0.99));
    let name = (
        "V-10",
        "99th percentile of a page's time at half load, over the median",
        name,
    );
    report.tell(
        Figure::of(name, slow * 1_000.0, "ms", Goal::Times(5.0))
            .against(middle * 1_000.0, slow / middle),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// V-1: who asks and what they see are a statement each.
    #[tokio::test]
    async fn my_cases_take_two_statements() -> Result<(), Failed> {
        for database in Database::at_hand() {
            let (ground, token) = with_cases(&database, CASES).await?;
            assert_eq!(statements(&ground, &token, &path("json")).await?, 2);
            // The page's menu tells how many documents are not read.
            assert_eq!(statements(&ground, &token, &path("page")).await?, 3);
        }
        Ok(())
    }
}
