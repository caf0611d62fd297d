//! The jobs' command: one pass of a job, or all of them again and again. Any number of workers may run at once.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::process::ExitCode;

use application::Application;
use application::by::By;
use assembly::configuration::{self, Configuration};
use assembly::jobs::End;
use assembly::logging::{Log, causes};
use assembly::schedule::schedule;
use assembly::server::told_to_stop;
use assembly::traces::Traces;
use assembly::{
    Assembled, at_instant, believing_itself, demonstration_in, jobs, print, serve_with,
};
use clap::{Args, Parser, Subcommand};
use domain::policy::Job;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The batch jobs of Mon dossier / My Case.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// One pass of a job, or of all; prints what it did as JSON
    Run {
        /// A job's name, or `all`
        name: String,
        /// What `import-cases` reads: JSON Lines, one case object per line
        file: Option<PathBuf>,
        #[command(flatten)]
        of: Of,
        /// As if it were that instant (RFC 3339); for catching up and for trying out
        #[arg(long, value_name = "RFC3339")]
        at: Option<String>,
        /// Remove for good what is over only by an `--at` that is still to come; for tests on an installation of their own
        #[arg(long, hide = true, requires = "at")]
        really: bool,
        /// Only say what `purge` would remove
        #[arg(long)]
        dry_run: bool,
    },
    /// Keeps running them
    Schedule {
        #[command(flatten)]
        of: Of,
    },
    /// Names, what each does, and when it last ran
    List {
        #[command(flatten)]
        of: Of,
    },
}

/// Whose jobs.
#[derive(Args)]
#[group(multiple = false)]
struct Of {
    /// The configuration's file; otherwise `MONDOSSIER_CONFIG` names it, or the environment has every key
    #[arg(long)]
    config: Option<PathBuf>,
    /// The folder of a demonstration
    #[arg(long, value_name = "DIR")]
    demonstration: Option<PathBuf>,
}

impl Of {
    /// Whether somebody says whose, in an argument or in the environment.
    fn is_named(&self) -> bool {
        let in_argument = self.config.is_some() || self.demonstration.is_some();
        in_argument || configuration::is_in_environment()
    }

    /// The application; with its configuration where that is not the demonstration's own.
    async fn assembled(&self) -> Result<(Assembled, Option<Configuration>), Box<dyn Error>> {
        if let Some(folder) = &self.demonstration {
            return Ok((demonstration_in(folder).await?, None));
        }
        let configuration = Configuration::read(self.config.as_deref())?;
        Ok((serve_with(&configuration).await?, Some(configuration)))
    }

    async fn application(&self) -> Result<Application, Box<dyn Error>> {
        Ok(self.assembled().await?.0.app)
    }

    /// Whether these are people's records, which nobody can put back.
    const fn is_real(&self) -> bool {
        self.demonstration.is_none()
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match arguments.command {
        Command::Schedule { .. } => Log::ForMachines.begin(),
        _ => Log::ForPeople.begin(),
    }
    let done = tokio::runtime::Runtime::new()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run(arguments.command)));
    match done {
        Ok(code) => code,
        Err(error) => {
            tell_failure(&error, &*error);
            ExitCode::FAILURE
        }
    }
}

/// Says what went wrong, with its causes.
fn tell_failure(what: &dyn fmt::Display, error: &(dyn Error + 'static)) {
    eprintln!("jobs: {what}");
    for because in causes(error) {
        eprintln!("  because: {because}");
    }
}

/// What is to be run.
enum Work {
    Passes(Vec<Job>, By),
    WouldPurge,
    Import(PathBuf),
}

/// Told already.
struct WrongUsage;

impl Work {
    fn of(name: &str, file: Option<PathBuf>, dry_run: bool) -> Result<Self, WrongUsage> {
        if dry_run {
            if name == Job::Purge.name() && file.is_none() {
                return Ok(Self::WouldPurge);
            }
            eprintln!("jobs: --dry-run goes with {} alone", Job::Purge.name());
            return Err(WrongUsage);
        }
        let import = jobs::IMPORT_CASES.0.name();
        if name == import {
            return file.map(Self::Import).ok_or_else(|| {
                eprintln!("jobs: {import} takes a file: jobs run {import} FILE");
                WrongUsage
            });
        }
        if file.is_some() {
            eprintln!("jobs: only {import} takes a file");
            return Err(WrongUsage);
        }
        let periodic = jobs::JOBS.iter().map(|(job, _, _)| *job);
        if name == "all" {
            return Ok(Self::Passes(periodic.collect(), By::Schedule));
        }
        let called = jobs::CALLED.iter().map(|(job, _)| *job);
        let wanted = periodic.chain(called).find(|job| job.name() == name);
        let by_hand = |job| Self::Passes(vec![job], By::Hand);
        wanted.map(by_hand).ok_or_else(|| {
            eprintln!("jobs: there is no job called {name}; `jobs list` names them");
            WrongUsage
        })
    }

    /// The same without the jobs that remove for good what is over, and those.
    fn without_removals(self) -> (Self, Vec<Job>) {
        let removes =
            |job: &Job| matches!(job, Job::Purge | Job::TidyDocuments | Job::TidySessions);
        match self {
            Self::Passes(jobs, by) => {
                let (removals, others) = jobs.into_iter().partition(removes);
                (Self::Passes(others, by), removals)
            }
            other => (other, Vec::new()),
        }
    }

    /// Whether there is nothing to do.
    fn is_nothing(&self) -> bool {
        matches!(self, Self::Passes(jobs, _) if jobs.is_empty())
    }

    /// Does it as of an instant that is still to come, on people's records: what is not over yet stays. Other jobs that were asked for run.
    async fn done_ahead(
        self,
        app: Application,
        at: OffsetDateTime,
    ) -> Result<ExitCode, Box<dyn Error>> {
        let (work, left_out) = self.without_removals();
        let instant = at.format(&Rfc3339)?;
        let why = format!("removes for good what is over, and at {instant} more is over than now");
        if work.is_nothing() {
            for job in left_out {
                eprintln!(
                    "jobs: {} {why}; --at must not be later than now",
                    job.name()
                );
            }
            return Ok(ExitCode::from(2));
        }
        for job in left_out {
            let told = json!({ "job": job.name(), "skipped": why });
            print::line(format_args!("{told}"))?;
        }
        work.done(&at_instant(app, at)).await
    }

    /// Does it and tells what was done. A pass that failed keeps none of the others. Findings are a failure, as are lines of a file that
    /// were refused, though the others went in.
    async fn done(self, app: &Application) -> Result<ExitCode, Box<dyn Error>> {
        let tell = |job: Job, done: &Value| {
            let told = json!({ "job": job.name(), "done": done });
            print::line(format_args!("{told}"))
        };
        match self {
            Self::Passes(wanted, by) => {
                let mut all_well = true;
                for job in wanted {
                    match jobs::run_by(app, job, by).await {
                        Ok(Some(pass)) => {
                            tell(job, &pass.told)?;
                            all_well &= pass.end == End::Well;
                        }
                        Ok(None) => {}
                        Err(error) => {
                            tell_failure(&format!("{} failed: {error}", job.name()), &error);
                            all_well = false;
                        }
                    }
                }
                if !all_well {
                    return Ok(ExitCode::FAILURE);
                }
            }
            Self::WouldPurge => tell(Job::Purge, &jobs::would_purge(app).await?)?,
            Self::Import(file) => {
                let imported = match jobs::import_file(app, &file).await {
                    Ok(imported) => imported,
                    Err(error) => {
                        let what = format!(
                            "{}: {error}; lines before that are in, and the file can be imported again",
                            file.display()
                        );
                        tell_failure(&what, &error);
                        return Ok(ExitCode::FAILURE);
                    }
                };
                tell(jobs::IMPORT_CASES.0, &jobs::told(&imported))?;
                if imported.refused > 0 {
                    eprintln!("jobs: {} lines were refused", imported.refused);
                    return Ok(ExitCode::FAILURE);
                }
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

async fn run(command: Command) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::List { of } => {
            let runs = if of.is_named() {
                of.application().await?.job_runs.last().await?
            } else {
                BTreeMap::new()
            };
            let periodic = jobs::JOBS.iter().map(|(job, what, _)| (*job, *what));
            let called = jobs::CALLED.into_iter().chain([jobs::IMPORT_CASES]);
            let all: Vec<(Job, &str)> = periodic.chain(called).collect();
            let longest = all.iter().map(|(job, _)| job.name().len()).max();
            let width = longest.unwrap_or_default();
            for (job, what) in all {
                let last = match runs.get(job.name()) {
                    Some(at) => at.format(&Rfc3339)?,
                    None => "-".to_owned(),
                };
                let name = job.name();
                print::line(format_args!("{name:<width$} {last:<30} {what}"))?;
            }
        }
        Command::Run {
            name,
            file,
            of,
            at,
            really,
            dry_run,
        } => {
            let Ok(work) = Work::of(&name, file, dry_run) else {
                return Ok(ExitCode::from(2));
            };
            let at = match at.map(|at| OffsetDateTime::parse(&at, &Rfc3339)) {
                Some(Ok(at)) => Some(at),
                Some(Err(_)) => {
                    eprintln!("jobs: --at takes an instant such as 2026-11-23T12:00:00Z");
                    return Ok(ExitCode::from(2));
                }
                None => None,
            };
            let is_real = of.is_real();
            let app = of.application().await?;
            let Some(at) = at else {
                return work.done(&app).await;
            };
            if is_real && !really && at > app.clock.now() {
                return work.done_ahead(app, at).await;
            }
            let app = if really { believing_itself(app) } else { app };
            return work.done(&at_instant(app, at)).await;
        }
        Command::Schedule { of } => {
            let (Assembled { app, metrics }, configuration) = of.assembled().await?;
            let configuration = configuration.as_ref();
            let listen = configuration.and_then(|one| one.metrics.listen_jobs);
            let collector = configuration.and_then(|one| one.traces.endpoint.as_ref());
            let _traces = Traces::begin("jobs", collector)?;
            let beside = metrics.clone().beside(app.clone(), listen);
            // Whoever says it twice means at once.
            let twice = async {
                told_to_stop().await;
                told_to_stop().await;
            };
            tokio::select! {
                () = schedule(app, metrics, told_to_stop()) => {}
                failed = beside => failed?,
                () = twice => {}
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
