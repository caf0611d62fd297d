//! Whether what the configuration names is there: the database, the folders of documents and rolls, the virus scanner. Looks, and changes
//! nothing.

use std::error::Error;
use std::fs::OpenOptions;
use std::io::{self, Read};
use std::path::Path;

use application::ports::virus_scanner::VirusScanner;
use scanning::Clamd;
use secrecy::ExposeSecret;
use storage::Address;

use super::findings::Findings;
use super::layers::Layers;
use super::problem::{At, Problem};
use super::{Configuration, Database, Scanning, connections, written};
use crate::traces;

/// How an SQLite file begins.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Everything that is wrong with the values, and everything that they name and that cannot be reached.
pub(super) async fn problems(layers: &Layers) -> Vec<Problem> {
    let written = match written(layers) {
        Ok(written) => written,
        Err(error) => return error.problems,
    };
    let mut findings = Findings::new(layers);
    // What is told here is told again below.
    let database = connections::database(&written.database, &mut Findings::new(layers));
    Configuration::from_written(&written, &mut findings);
    if let Some(database) = database {
        let reached = reach(&database).await;
        findings.take(&connections::url_key(&written.database), reached);
    }
    if let Some(email) = connections::email(&written.email, &mut Findings::new(layers)) {
        let usable = email.smtp.can_be_used();
        let usable = usable.map_err(|error| ReachError::MailServer(first_cause(&error)));
        findings.take(&At::key("email.smtp"), usable);
    }
    let folder = written.documents.folder.path();
    findings.take(&At::key("documents.folder"), folder_to_be(folder));
    for place in documents::PLACES {
        let place = folder.join(place);
        if place.exists() {
            findings.take(&At::key("documents.folder"), writable(&place));
        }
    }
    let rolls = written.rolls.folder.path();
    findings.take(&At::key("rolls.folder"), readable(rolls));
    let largest = written.submissions.file_bytes_at_most.get();
    if let Some(settings) = Scanning::from_written(&written.scanning).clamd_settings(largest) {
        let ready = Clamd::new(settings).ready().await;
        let ready = ready.map_err(|error| ReachError::Scanner(first_cause(&error)));
        findings.take(&At::key("scanning.clamd"), ready);
    }
    findings.all()
}

/// What can be used, and had better not be left so.
pub(super) async fn warnings(layers: &Layers) -> Vec<Problem> {
    let mut findings = Findings::new(layers);
    let Ok(written) = written(layers) else {
        return Vec::new();
    };
    let database = connections::database(&written.database, &mut Findings::new(layers));
    if let Some(database) = database {
        let missing = migrations::missing(database.url.expose_secret()).await;
        let missing = missing.map_or(0, |missing| missing.len());
        if missing > 0 {
            let what = format!(
                "names a database that lacks {missing} migrations of this version: run `portal migrate` before it serves"
            );
            findings.tell(&connections::url_key(&written.database), what);
        }
    }
    let by_proxy = written.server.https && written.server.tls.certificate_file.is_none();
    if by_proxy && written.server.trusted_proxies.is_empty() {
        findings.tell_missing(
            &At::key("server.trusted_proxies"),
            "names no proxy, though browsers come by https through one: all of them count as one address when tries are counted",
        );
    }
    if written.traces.endpoint.is_some() && !traces::BUILT_IN {
        let what = "names a collector, and this program was built without traces";
        findings.tell(&At::key("traces.endpoint"), what);
    }
    if written.sign_in.services.is_empty() {
        let at = At::key("sign_in.services");
        findings.tell_missing(&at, "names no sign-in service: nobody can sign in");
    }
    if written.scanning.clamd.is_none() {
        let at = At::key("scanning.clamd");
        findings.tell_missing(
            &at,
            "names no virus scanner: files that people send are not looked through for viruses",
        );
    }
    findings.all()
}

/// Why something cannot be reached.
#[derive(Debug, thiserror::Error)]
enum ReachError {
    #[error("the database cannot be reached: {0}")]
    Database(String),
    #[error("{0}: {1}")]
    Server(String, String),
    #[error("{0} is no SQLite database")]
    NotSqlite(String),
    #[error("there is no file {0}; with ?mode=rwc `portal migrate` makes it")]
    NoFile(String),
    #[error("the file {0} cannot be used: {1}")]
    File(String, io::Error),
    #[error("the folder {0} cannot be used: {1}")]
    Folder(String, io::Error),
    #[error("the mail server cannot be used: {0}")]
    MailServer(String),
    #[error("the virus scanner cannot be used: {0}")]
    Scanner(String),
}

async fn reach(database: &Database) -> Result<(), ReachError> {
    let url = database.url.expose_secret();
    match Address::of(url).map_err(|error| ReachError::Database(error.to_string()))? {
        Address::Server => {
            let reached = storage::reach(url, database.settings.wait).await;
            reached.map_err(|error| ReachError::Server(error.to_string(), first_cause(&error)))
        }
        // Connecting would leave files behind that belong to whoever checks, and not to the portal.
        Address::File {
            path,
            made_if_missing,
        } => sqlite(&path, made_if_missing),
        Address::Memory => Ok(()),
    }
}

fn sqlite(path: &Path, made_if_missing: bool) -> Result<(), ReachError> {
    let name = || path.display().to_string();
    let mut beginning = Vec::new();
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(file) => {
            file.take(SQLITE.len() as u64)
                .read_to_end(&mut beginning)
                .map_err(|error| ReachError::File(name(), error))?;
            if !beginning.is_empty() && beginning != SQLITE {
                return Err(ReachError::NotSqlite(name()));
            }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !made_if_missing {
                return Err(ReachError::NoFile(name()));
            }
        }
        Err(error) => return Err(ReachError::File(name(), error)),
    }
    // SQLite writes files beside its own, and makes no folders.
    let beside = path.parent().filter(|parent| *parent != Path::new(""));
    writable(beside.unwrap_or(Path::new(".")))
}

/// A folder that can be written, or that can be made.
fn folder_to_be(folder: &Path) -> Result<(), ReachError> {
    let absolute = std::path::absolute(folder)
        .map_err(|error| ReachError::Folder(folder.display().to_string(), error))?;
    let there = absolute.ancestors().find(|above| above.exists());
    writable(there.unwrap_or(Path::new("/")))
}

/// A folder that is there and can be read.
fn readable(folder: &Path) -> Result<(), ReachError> {
    std::fs::read_dir(folder)
        .map(drop)
        .map_err(|error| ReachError::Folder(folder.display().to_string(), error))
}

/// A folder in which a file can be made; it is gone at once.
fn writable(folder: &Path) -> Result<(), ReachError> {
    tempfile::tempfile_in(folder)
        .map(drop)
        .map_err(|error| ReachError::Folder(folder.display().to_string(), error))
}

/// What an error goes back to; what stands between is the program's own.
fn first_cause(error: &dyn Error) -> String {
    error
        .source()
        .map_or_else(|| error.to_string(), first_cause)
}
