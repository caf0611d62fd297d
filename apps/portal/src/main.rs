//! The portal's command: serve, demonstrate, migrate, print the `OpenAPI` document. Reads arguments and hands over to `assembly`.

mod texts;
mod verify_receipt;

use std::error::Error;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use application::Application;
use application::UseCaseError;
use application::access_code::{IssueError, Sent, issue_access_code};
use application::create_token::{CreateTokenError, create_token};
use application::end_access::end_access;
use application::new_log::begin_new_log;
use application::publish_log::publish_log;
use application::receipt::verifier_keys;
use application::staff::open_staff_account;
use application::tidy::hold_sessions;
use application::tokens::{list_tokens, revoke_token};
use assembly::backup::{back_up, back_up_documents};
use assembly::configuration::{self, Configuration, ConfigurationError};
use assembly::logging::{Log, causes};
use assembly::schedule::schedule;
use assembly::server::Door;
use assembly::traces::Traces;
use assembly::{Assembled, demonstrate, demonstration_in, inspection, print, serve_with, server};
use clap::{Args, Parser, Subcommand, value_parser};
use domain::account::Role;
use domain::id::Id;
use domain::person::{EmailAddress, Language, PersonName, Telephone};
use domain::policy::Actor;
use domain::registration::StaffForm;
use domain::token::{Scope, TokenWish, usable_label};
use receipts::VerifierKey;
use time::Duration;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

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
    Serve(Site),
    /// Brings the database's schema up to date
    Migrate(Site),
    /// Copies the records of SQLite and the folder of documents, while the portal runs; PostgreSQL has `pg_dump` for the records
    Backup {
        #[command(flatten)]
        site: Site,
        /// A new folder, or that of a backup that broke off
        #[arg(long, value_name = "DIR")]
        to: PathBuf,
        /// Only the documents that are not there yet, before and after `pg_dump`
        #[arg(long)]
        documents_only: bool,
    },
    /// Says whether the configuration can be used, and what it names can be reached
    CheckConfig(Site),
    /// Makes, lists and revokes API tokens
    Token {
        #[command(subcommand)]
        command: TokenCommand,
        #[command(flatten)]
        of: Of,
    },
    /// Opens accounts for the tribunal's own staff
    Account {
        #[command(subcommand)]
        command: AccountCommand,
        #[command(flatten)]
        of: Of,
    },
    /// Says whether files are those of a receipt or a record of service, whether the tribunal signed it and whether it is in the log; needs no
    /// network
    VerifyReceipt(verify_receipt::Wanted),
    /// Prints the keys by which receipts are verified, the present one first
    ReceiptKey {
        #[command(flatten)]
        of: Of,
    },
    /// Begins another log of receipts under the configured name, where a backup that was put back cut the former one short
    NewLog(Site),
    /// Ends every session and revokes every token, before a portal starts again on records from a backup
    EndAccess(Site),
    /// Prints the page about configuration: every key, and a whole file
    Configuration,
    /// Prints the `OpenAPI` document
    Openapi,
}

/// An operator's installation.
#[derive(Args)]
struct Site {
    /// The configuration's file; otherwise `MONDOSSIER_CONFIG` names it, or the environment has every key
    #[arg(long, global = true)]
    config: Option<PathBuf>,
}

impl Site {
    fn configuration(&self) -> Result<Configuration, ConfigurationError> {
        Configuration::read(self.config.as_deref())
    }

    async fn application(&self) -> Result<Application, Box<dyn Error>> {
        Ok(serve_with(&self.configuration()?).await?.app)
    }
}

/// Whose records.
#[derive(Args)]
struct Of {
    #[command(flatten)]
    site: Site,
    /// The folder of a demonstration, in the place of a configuration
    #[arg(long, global = true, value_name = "DIR", conflicts_with = "config")]
    demonstration: Option<PathBuf>,
}

impl Of {
    async fn application(&self) -> Result<Application, Box<dyn Error>> {
        match &self.demonstration {
            Some(folder) => Ok(demonstration_in(folder).await?.app),
            None => self.site.application().await,
        }
    }

    /// The keys of that configuration, without asking its database; or of that demonstration.
    async fn receipt_keys(&self) -> Result<Vec<VerifierKey>, Box<dyn Error>> {
        match &self.demonstration {
            Some(_) => Ok(verifier_keys(&self.application().await?)),
            None => Ok(self.site.configuration()?.receipts.verifier_keys()?),
        }
    }
}

#[derive(Subcommand)]
enum AccountCommand {
    /// Opens an account and prints its id; nobody can sign in to it before an access code was entered
    Open {
        /// What it is for: registry, help-desk or cms
        #[arg(long, value_parser = role)]
        role: Role,
        #[arg(long, value_parser = PersonName::part)]
        given_name: String,
        #[arg(long, value_parser = PersonName::part)]
        family_name: String,
        /// Where notices go
        #[arg(long, value_parser = EmailAddress::parse)]
        email: EmailAddress,
        /// Where the access code goes; a machine needs none
        #[arg(long, value_parser = Telephone::parse)]
        cell: Option<Telephone>,
        /// fr or en
        #[arg(long, value_parser = language)]
        language: Language,
    },
    /// Sends an access code to the account's cell number
    AccessCode {
        /// The account
        #[arg(long)]
        account: Uuid,
    },
}

fn role(text: &str) -> Result<Role, String> {
    Role::from_code(text)
        .filter(|role| role.is_staff())
        .ok_or_else(|| "one of registry, help-desk, cms".to_owned())
}

fn language(text: &str) -> Result<Language, String> {
    Language::from_code(text).ok_or_else(|| "fr or en".to_owned())
}

#[derive(Subcommand)]
enum TokenCommand {
    /// Makes a token and prints its secret, this once
    Create {
        /// The account that it acts for
        #[arg(long)]
        account: Uuid,
        /// What it may be used for, one or several: read, submit, delegate, registry, help-desk or cms
        #[arg(long, required = true, num_args = 1.., value_delimiter = ',', value_parser = scope)]
        scope: Vec<Scope>,
        /// What to call it
        #[arg(long, default_value = "made by the operator", value_parser = usable_label)]
        label: String,
        /// Days that it works
        #[arg(long, default_value_t = 90, value_parser = value_parser!(u16).range(1..))]
        days: u16,
    },
    /// Lists an account's tokens
    List {
        /// The account
        #[arg(long)]
        account: Uuid,
    },
    /// Revokes a token
    Revoke {
        /// The token, as `list` names it
        id: Uuid,
    },
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::from_code(text)
        .ok_or_else(|| "one of read, submit, delegate, registry, help-desk, cms".to_owned())
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if let Some(answer) = inspection::answer(&arguments) {
        return answer;
    }
    let arguments = Arguments::parse_from(arguments);
    match arguments.command {
        Command::Serve(_) => Log::ForMachines.begin(),
        _ => Log::ForPeople.begin(),
    }
    if let Command::VerifyReceipt(wanted) = &arguments.command {
        return verify_receipt::verify(wanted);
    }
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
fn failed(error: &(dyn Error + 'static)) -> ExitCode {
    eprintln!("portal: {error}");
    for because in causes(error) {
        eprintln!("  because: {because}");
    }
    ExitCode::FAILURE
}

/// The demonstration, with its jobs, until the process is told to stop.
async fn show(data_dir: &Path, listen: SocketAddr, print_json: bool) -> Result<(), Box<dyn Error>> {
    let demonstrated = demonstrate(data_dir, listen).await?;
    let metrics = demonstrated.metrics.clone();
    let app = demonstrated.web.app.clone();
    let worker = tokio::spawn(schedule(app, metrics, std::future::pending()));
    let door = Door::of_demonstration(listen, demonstrated.limits);
    let web = demonstrated.web.clone();
    let served = server::serve(web, &demonstrated.metrics, door, |bound| {
        let told = if print_json {
            demonstrated.as_json(bound).to_string()
        } else {
            demonstrated.as_text(bound)
        };
        if let Err(error) = print::line(format_args!("{told}")) {
            tracing::error!(error = &error as &dyn Error, "the addresses are not told");
        }
    });
    let served = served.await;
    worker.abort();
    Ok(served?)
}

async fn run(command: Command) -> Result<(), Box<dyn Error>> {
    match command {
        Command::Demo {
            listen,
            data_dir,
            print_json,
        } => show(&data_dir, listen, print_json).await,
        Command::Serve(site) => {
            let configuration = site.configuration()?;
            let traces = Traces::begin("portal", configuration.traces.endpoint.as_ref())?;
            let Assembled { app, metrics } = serve_with(&configuration).await?;
            server::examine_scanner(&app).await?;
            hold_sessions(&app).await?;
            tokio::spawn(server::sweep_again_and_again(app.clone()));
            let told = app.clone();
            let web = server::web(app, &configuration.server, traces.around(metrics.clone()));
            let door = Door::of(&configuration.server);
            let serving = server::serve(
                web,
                &metrics,
                door,
                |bound| tracing::info!(%bound, "serving"),
            );
            let beside = metrics.clone().beside(told, configuration.metrics.listen);
            tokio::select! {
                served = serving => Ok(served?),
                failed = beside => Ok(failed?),
            }
        }
        Command::Migrate(site) => {
            server::migrate(&site.configuration()?).await?;
            Ok(print::line(format_args!("the database is up to date"))?)
        }
        Command::Backup {
            site,
            to,
            documents_only,
        } => backup(&site.configuration()?, &to, documents_only).await,
        Command::CheckConfig(Site { config }) => {
            let file = config.as_deref();
            let problems = Configuration::problems(file).await;
            if !problems.is_empty() {
                return Err(ConfigurationError { problems }.into());
            }
            for warning in Configuration::warnings(file).await {
                eprintln!("warning: {warning}");
            }
            Ok(print::line(format_args!("the configuration can be used"))?)
        }
        Command::Configuration => Ok(print::text(format_args!("{}", configuration::page()))?),
        Command::Token { command, of } => token(&of.application().await?, command).await,
        Command::Account { command, of } => account(&of.application().await?, command).await,
        Command::ReceiptKey { of } => {
            for key in of.receipt_keys().await? {
                print::line(format_args!("{key}"))?;
            }
            Ok(())
        }
        Command::NewLog(site) => {
            let app = site.application().await?;
            let begun = begin_new_log(&app, &Actor::operator()).await?;
            let entered = publish_log(&app).await?;
            Ok(print::line(format_args!(
                "the log {} ends at {} entries; {} has {entered}",
                begun.former.origin, begun.former.size, begun.origin
            ))?)
        }
        Command::EndAccess(site) => {
            let app = site.application().await?;
            let ended = end_access(&app, &Actor::operator()).await?;
            Ok(print::line(format_args!(
                "{} sessions are ended, {} tokens are revoked",
                ended.sessions, ended.tokens
            ))?)
        }
        // Needs no runtime, and was answered before there was one.
        Command::VerifyReceipt(_) => Ok(()),
        Command::Openapi => Ok(print::text(format_args!("{}", server::openapi_document()))?),
    }
}

/// Records and documents, or documents alone, into a folder.
async fn backup(
    configuration: &Configuration,
    to: &Path,
    documents_only: bool,
) -> Result<(), Box<dyn Error>> {
    let into = to.display();
    if documents_only {
        let files = back_up_documents(configuration, to).await?;
        return Ok(print::line(format_args!(
            "{files} files of documents were copied into {into}"
        ))?);
    }
    let done = back_up(configuration, to).await?;
    let beside = if done.went_on {
        ", beside those of a backup that had broken off"
    } else {
        ""
    };
    Ok(print::line(format_args!(
        "records and {} files of documents are in {into}{beside}",
        done.files
    ))?)
}

/// What stands in the way of a command; where there is no such thing, which one.
fn named(error: UseCaseError, what: &str, id: Uuid) -> Box<dyn Error> {
    match error {
        UseCaseError::NotFound => format!("there is no {what} {id}").into(),
        other => other.into(),
    }
}

/// The operator's own hand on tokens.
async fn token(app: &Application, command: TokenCommand) -> Result<(), Box<dyn Error>> {
    let operator = Actor::operator();
    match command {
        TokenCommand::Create {
            account,
            scope,
            label,
            days,
        } => {
            let wish = TokenWish {
                label,
                scopes: scope.into_iter().collect(),
                valid_for: Duration::days(i64::from(days)),
            };
            let made = create_token(app, &operator, Id::new(account), &wish, None).await;
            let (token, secret) = made.map_err(|error| match error {
                CreateTokenError::UseCase(error) => named(error, "account", account),
                other => other.into(),
            })?;
            print::line(format_args!("{} {}", token.id, secret.reveal()))?;
        }
        TokenCommand::List { account } => {
            let listed = list_tokens(app, &operator, Id::new(account)).await;
            let listed = listed.map_err(|error| named(error, "account", account))?;
            for token in listed {
                let scopes: Vec<_> = token.scopes.iter().map(|scope| scope.code()).collect();
                let state = if token.works(app.clock.now()) {
                    "works"
                } else {
                    "over"
                };
                print::line(format_args!(
                    "{} {state} until {} {} ({})",
                    token.id,
                    token.expires_at.format(&Rfc3339)?,
                    token.label,
                    scopes.join(", ")
                ))?;
            }
        }
        TokenCommand::Revoke { id } => {
            let revoked = revoke_token(app, &operator, Id::new(id)).await;
            let token = revoked.map_err(|error| named(error, "token", id))?;
            print::line(format_args!("{} is revoked", token.id))?;
        }
    }
    Ok(())
}

/// The first people of a portal.
async fn account(app: &Application, command: AccountCommand) -> Result<(), Box<dyn Error>> {
    let operator = Actor::operator();
    match command {
        AccountCommand::Open {
            role,
            given_name,
            family_name,
            email,
            cell,
            language,
        } => {
            let form = StaffForm {
                role,
                name: PersonName::new(&given_name, &family_name)?,
                email,
                cell,
                language,
            };
            let opened = open_staff_account(app, &operator, &form).await?;
            print::line(format_args!("{}", opened.id))?;
        }
        AccountCommand::AccessCode { account } => {
            let issued = issue_access_code(app, &operator, Id::new(account), None).await;
            let issued = issued.map_err(|error| match error {
                IssueError::UseCase(error) => named(error, "account", account),
                other => other.into(),
            })?;
            if let Sent::No(error) = issued.sent {
                return Err(error.into());
            }
            print::line(format_args!("the access code is on its way"))?;
        }
    }
    Ok(())
}
