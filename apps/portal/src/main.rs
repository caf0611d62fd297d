//! The portal's command: serve, demonstrate, migrate, print the `OpenAPI` document. Reads arguments and hands over to `assembly`.
#![expect(
    clippy::print_stdout,
    reason = "a command speaks to the person who called it"
)]

use std::error::Error;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use assembly::configuration::{self, Configuration, ConfigurationError};
use assembly::{demonstrate, inspection, jobs, serve_with, server};
use clap::{Parser, Subcommand};

/// Mon dossier / My Case: the portal of a tribunal.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs portal and jobs on an embedded database, with invented people and cases. Nothing is sent.
    Demo {
        /// A loopback address
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Where the demonstration keeps its data
        #[arg(long, default_value = "data/demonstration")]
        data_dir: PathBuf,
        /// Print addresses and people as one JSON object on the first line
        #[arg(long)]
        print_json: bool,
    },
    /// Serves the portal
    Serve {
        /// The configuration's file
        #[arg(long)]
        config: PathBuf,
    },
    /// Brings the database's schema up to date
    Migrate {
        /// The configuration's file
        #[arg(long)]
        config: PathBuf,
    },
    /// Says whether the configuration can be used, and what it names can be reached
    CheckConfig {
        /// The configuration's file
        #[arg(long)]
        config: PathBuf,
    },
    /// Prints the page about configuration: every key, and a whole file
    Configuration,
    /// Prints the `OpenAPI` document
    Openapi,
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if let Some(answer) = inspection::answer(&arguments) {
        return answer;
    }
    let arguments = Arguments::parse_from(arguments);
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn".into()),
        )
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&error),
    };
    match runtime.block_on(run(arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failed(&*error),
    }
}

/// Says what went wrong, with its causes.
fn failed(error: &dyn Error) -> ExitCode {
    eprintln!("portal: {error}");
    let mut cause = error.source();
    while let Some(because) = cause {
        eprintln!("  because: {because}");
        cause = because.source();
    }
    ExitCode::FAILURE
}

async fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Demo {
            listen,
            data_dir,
            print_json,
        } => {
            let demonstrated = demonstrate(&data_dir, listen).await?;
            let worker = tokio::spawn(jobs::schedule(demonstrated.web.app.clone()));
            let web = demonstrated.web.clone();
            let served = server::serve(web, listen, |bound| {
                if print_json {
                    println!("{}", demonstrated.as_json(bound));
                } else {
                    println!("{}", demonstrated.as_text(bound));
                }
            });
            let served = served.await;
            worker.abort();
            Ok(served?)
        }
        Command::Serve { config } => {
            let configuration = Configuration::read(&config)?;
            let app = serve_with(&configuration).await?;
            let web = server::web(app, configuration.server.https);
            server::serve(
                web,
                configuration.server.listen,
                |bound| tracing::info!(%bound, "serving"),
            )
            .await?;
            Ok(())
        }
        Command::Migrate { config } => {
            server::migrate(&Configuration::read(&config)?).await?;
            println!("the database is up to date");
            Ok(())
        }
        Command::CheckConfig { config } => {
            let problems = Configuration::problems(&config).await;
            if !problems.is_empty() {
                return Err(ConfigurationError { problems }.into());
            }
            println!("the configuration can be used");
            Ok(())
        }
        Command::Configuration => {
            print!("{}", configuration::page());
            Ok(())
        }
        Command::Openapi => {
            print!("{}", server::openapi_document());
            Ok(())
        }
    }
}
