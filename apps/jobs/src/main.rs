//! The jobs' command: one pass of a job, or all of them again and again. Any number of workers may run at once.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks to the person who called it"
)]

use std::collections::BTreeMap;
use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use application::Application;
use assembly::configuration::Configuration;
use assembly::{at_instant, demonstration_in, jobs, serve_with};
use clap::{Args, Parser, Subcommand};
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
        #[command(flatten)]
        of: Of,
        /// As if it were that instant (RFC 3339); for catching up and for trying out
        #[arg(long, value_name = "RFC3339")]
        at: Option<String>,
    },
    /// Keeps running them
    Schedule {
        #[command(flatten)]
        of: Of,
    },
    /// Names, what each does, and when it last ran
    List {
        #[command(flatten)]
        of: Option<Of>,
    },
}

/// Whose jobs.
#[derive(Args)]
#[group(required = true, multiple = false)]
struct Of {
    /// The configuration's file
    #[arg(long)]
    config: Option<PathBuf>,
    /// The folder of a demonstration
    #[arg(long, value_name = "DIR")]
    demonstration: Option<PathBuf>,
}

impl Of {
    async fn application(&self, at: Option<OffsetDateTime>) -> Result<Application, Box<dyn Error>> {
        let app = match (&self.config, &self.demonstration) {
            (Some(file), _) => serve_with(&Configuration::read(file)?).await?,
            (None, Some(folder)) => demonstration_in(folder).await?,
            (None, None) => return Err("name a configuration or a demonstration".into()),
        };
        Ok(match at {
            Some(at) => at_instant(app, at),
            None => app,
        })
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .init();
    let done = tokio::runtime::Runtime::new()
        .map_err(Into::into)
        .and_then(|runtime| runtime.block_on(run(arguments.command)));
    match done {
        Ok(code) => code,
        Err(error) => {
            eprintln!("jobs: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, Box<dyn Error>> {
    match command {
        Command::List { of } => {
            let runs = match of {
                Some(of) => of.application(None).await?.job_runs.last().await?,
                None => BTreeMap::new(),
            };
            for (job, what, _) in jobs::JOBS {
                let last = match runs.get(job.name()) {
                    Some(at) => at.format(&Rfc3339)?,
                    None => "-".to_owned(),
                };
                println!("{:<18} {last:<30} {what}", job.name());
            }
        }
        Command::Run { name, of, at } => {
            let wanted: Vec<_> = jobs::JOBS
                .iter()
                .filter(|(job, _, _)| name == "all" || job.name() == name)
                .collect();
            if wanted.is_empty() {
                eprintln!("jobs: there is no job called {name}; `jobs list` names them");
                return Ok(ExitCode::from(2));
            }
            let at = match at.map(|at| OffsetDateTime::parse(&at, &Rfc3339)) {
                Some(Ok(at)) => Some(at),
                Some(Err(_)) => {
                    eprintln!("jobs: --at takes an instant such as 2026-11-23T12:00:00Z");
                    return Ok(ExitCode::from(2));
                }
                None => None,
            };
            let app = of.application(at).await?;
            for (job, _, _) in wanted {
                if let Some(done) = jobs::run(&app, *job).await? {
                    println!("{}", serde_json::json!({ "job": job.name(), "done": done }));
                }
            }
        }
        Command::Schedule { of } => {
            let app = of.application(None).await?;
            tokio::select! {
                () = jobs::schedule(app) => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
