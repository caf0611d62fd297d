//! The schema's history: each migration is written down once and never changed. Knows nothing of ours, so that an old migration means the
//! same for ever.

mod m20261123_000001_accounts;
mod m20261123_000002_delegations;
mod m20261123_000003_cases;
mod m20261123_000004_submissions;
mod m20261123_000005_drafts;
mod m20261123_000006_notices;
mod m20261123_000007_audit;
mod m20261123_000008_registration;
mod m20261123_000009_audit_seals;
mod m20261123_000010_invitations;
mod m20261124_000011_inbox;
mod m20261124_000013_receipts;
mod m20261124_000015_profile_changes;
mod m20261124_000016_forms;
mod m20261124_000017_invitation_numbers;
mod m20261124_000018_undelivered;
mod m20261124_000026_retention;
mod m20261129_000020_logs;
mod m20261129_000022_uploads;
mod m20261129_000025_plans;
mod m20261129_000028_sort_keys;
mod m20261129_000029_removal;
mod m20261129_000031_terms;
mod m20261129_000033_given_up;
mod m20261129_000034_names;
mod m20261129_000036_job_places;
mod m20261129_000037_promised;
mod m20261129_000038_sessions;
mod m20261130_000039_code_deadlines;
mod m20261130_000040_session_limits;
mod m20261130_000041_cases_counted;
mod m20261130_000042_waiting;
mod m20261130_000043_open_drafts;
mod m20261130_000044_bare_numbers;
mod m20261130_000045_open_forms;
mod m20261130_000046_folded_numbers;
mod m20261130_000047_wrong_answers;
mod m20261201_000048_office_of_items;
mod table;
mod whole;

use std::fs::File;
use std::path::Path;

use async_trait::async_trait;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::sqlx::sqlite::SqliteJournalMode;
use sea_orm_migration::sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, Statement,
};

/// All migrations, in order.
pub struct Migrator;

#[async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        whole::each_whole(vec![
            Box::new(m20261123_000001_accounts::Migration),
            Box::new(m20261123_000002_delegations::Migration),
            Box::new(m20261123_000003_cases::Migration),
            Box::new(m20261123_000004_submissions::Migration),
            Box::new(m20261123_000005_drafts::Migration),
            Box::new(m20261123_000006_notices::Migration),
            Box::new(m20261123_000007_audit::Migration),
            Box::new(m20261123_000008_registration::Migration),
            Box::new(m20261123_000009_audit_seals::Migration),
            Box::new(m20261123_000010_invitations::Migration),
            Box::new(m20261124_000011_inbox::Migration),
            Box::new(m20261124_000013_receipts::Migration),
            Box::new(m20261124_000015_profile_changes::Migration),
            Box::new(m20261124_000016_forms::Migration),
            Box::new(m20261124_000017_invitation_numbers::Migration),
            Box::new(m20261124_000018_undelivered::Migration),
            Box::new(m20261129_000020_logs::Migration),
            Box::new(m20261129_000022_uploads::Migration),
            Box::new(m20261129_000025_plans::Migration),
            Box::new(m20261124_000026_retention::Migration),
            Box::new(m20261129_000028_sort_keys::Migration),
            Box::new(m20261129_000029_removal::Migration),
            Box::new(m20261129_000031_terms::Migration),
            Box::new(m20261129_000033_given_up::Migration),
            Box::new(m20261129_000034_names::Migration),
            Box::new(m20261129_000036_job_places::Migration),
            Box::new(m20261129_000037_promised::Migration),
            Box::new(m20261129_000038_sessions::Migration),
            Box::new(m20261130_000039_code_deadlines::Migration),
            Box::new(m20261130_000040_session_limits::Migration),
            Box::new(m20261130_000041_cases_counted::Migration),
            Box::new(m20261130_000042_waiting::Migration),
            Box::new(m20261130_000043_open_drafts::Migration),
            Box::new(m20261130_000044_bare_numbers::Migration),
            Box::new(m20261130_000045_open_forms::Migration),
            Box::new(m20261130_000046_folded_numbers::Migration),
            Box::new(m20261130_000047_wrong_answers::Migration),
            Box::new(m20261201_000048_office_of_items::Migration),
        ])
    }
}

/// Any number that is ours alone: who holds the lock of that number migrates.
const LOCK: i64 = 0x6d6f_6e64_6f73;

/// Brings the database at `url` up to date. Several processes may do so at once: one migrates, the others wait and find nothing to do, as they do
/// where a version to come has migrated it.
///
/// # Errors
/// The database's own.
pub async fn migrate(url: &str) -> Result<(), DbErr> {
    // Before anything is opened: turning a new file to write-ahead logging takes it whole, and nobody waits for that.
    let alone = if url.starts_with("sqlite:") {
        lock_beside(url).await?
    } else {
        None
    };
    let mut options = ConnectOptions::new(url.to_owned());
    // One connection: an advisory lock belongs to the connection that took it.
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(|sqlite| sqlite.journal_mode(SqliteJournalMode::Wal));
    let connection = Database::connect(options).await?;
    let backend = connection.get_database_backend();
    if backend == DbBackend::Postgres {
        connection
            .execute_unprepared(&format!("SELECT pg_advisory_lock({LOCK})"))
            .await?;
    }
    let done = match applied(&connection).await {
        // A version to come was here, and serves from another machine or did so before: it lacks nothing of ours (decision 0059), and the library
        // refuses what it does not know.
        Ok(applied) if lacking(&applied).is_empty() => Ok(()),
        Ok(_) => Migrator::up(&connection, None).await,
        Err(error) => Err(error),
    };
    // Closing gives PostgreSQL's lock back, also when migrating failed; dropping gives the file's.
    connection.close().await?;
    drop(alone);
    done
}

/// The migrations that the database at `url` has not had, in order. Changes nothing, and makes no file. One that has had later ones too, from a
/// version to come, has had them all.
///
/// # Errors
/// The database's own.
pub async fn missing(url: &str) -> Result<Vec<String>, DbErr> {
    let file = file_of(url);
    if file.as_ref().is_some_and(|file| !Path::new(file).exists()) {
        return Ok(lacking(&[]));
    }
    // Without that file nobody has the database open: it can be read as it lies, and reading leaves nothing beside it.
    let lies_still = file.is_some_and(|file| !Path::new(&format!("{file}-wal")).exists());
    let mut options = ConnectOptions::new(url.to_owned());
    options.max_connections(1).sqlx_logging(false);
    options.map_sqlx_sqlite_opts(move |sqlite| sqlite.read_only(true).immutable(lies_still));
    let connection = Database::connect(options).await?;
    let applied = applied(&connection).await;
    connection.close().await?;
    Ok(lacking(&applied?))
}

/// Those of ours that are not among them, in order.
fn lacking(applied: &[String]) -> Vec<String> {
    let all = Migrator::migrations();
    let names = all.iter().map(|one| one.name().to_owned());
    names.filter(|name| !applied.contains(name)).collect()
}

/// The migrations that a database has had; none where nothing was ever migrated.
async fn applied(connection: &DatabaseConnection) -> Result<Vec<String>, DbErr> {
    const KEPT_IN: &str = "seaql_migrations";
    if !SchemaManager::new(connection).has_table(KEPT_IN).await? {
        return Ok(Vec::new());
    }
    let question = format!("SELECT version FROM {KEPT_IN}");
    let question = Statement::from_string(connection.get_database_backend(), question);
    let rows = connection.query_all_raw(question).await?;
    rows.iter().map(|row| row.try_get_by_index(0)).collect()
}

/// The file of an SQLite database; `None` for one in memory, and for PostgreSQL.
fn file_of(url: &str) -> Option<String> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//");
    let path = path.split('?').next().unwrap_or_default().to_owned();
    (!path.is_empty() && !path.contains(":memory:")).then_some(path)
}

/// SQLite has no lock to wait at, so a file beside the database's serves; `None` for a database in memory, which nobody shares.
async fn lock_beside(url: &str) -> Result<Option<File>, DbErr> {
    let Some(path) = file_of(url) else {
        return Ok(None);
    };
    let beside = format!("{path}.migrating");
    let named = beside.clone();
    let locked = tokio::task::spawn_blocking(move || {
        let file = File::create(beside)?;
        file.lock()?;
        Ok::<File, std::io::Error>(file)
    });
    let file = locked
        .await
        .map_err(|error| DbErr::Custom(error.to_string()))?;
    file.map(Some)
        .map_err(|error| DbErr::Custom(format!("the lock beside the database, {named}: {error}")))
}
