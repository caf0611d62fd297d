//! The jobs' command: one pass of a job, or all of them again and again. Any number of workers may run at once.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks to the person who called it"
)]

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;

use assembly::configuration::Configuration;
use assembly::{jobs, serve_with};
use clap::{Parser, Subcommand};

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
        /// The configuration's file
        #[arg(long)]
        config: PathBuf,
    },
    /// Keeps running them
    Schedule {
        /// The configuration's file
        #[arg(long)]
        config: PathBuf,
    },
    /// Names, and what each does
    List,
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
        Command::List => {
            for (job, what, _) in jobs::JOBS {
                println!("{:<18} {what}", job.name());
            }
        }
        Command::Run { name, config } => {
            let wanted: Vec<_> = jobs::JOBS
                .iter()
                .filter(|(job, _, _)| name == "all" || job.name() == name)
                .collect();
            if wanted.is_empty() {
                eprintln!("jobs: there is no job called {name}; `jobs list` names them");
                return Ok(ExitCode::from(2));
            }
            let app = serve_with(&Configuration::read(&config)?).await?;
            for (job, _, _) in wanted {
                if let Some(done) = jobs::run(&app, *job).await? {
                    println!("{}", serde_json::json!({ "job": job.name(), "done": done }));
                }
            }
        }
        Command::Schedule { config } => {
            let app = serve_with(&Configuration::read(&config)?).await?;
            tokio::select! {
                () = jobs::schedule(app) => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
