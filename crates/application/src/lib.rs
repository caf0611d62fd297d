//! What people do: one use case per module, and the ports they need. Knows the domain; knows neither databases nor the web.
//!
//! A use case loads facts through ports, asks `policy`, lets the domain decide, and writes records, notices and audit entry in one
//! transaction.

pub mod access_code;
pub mod acknowledge_submission;
pub mod at_a_glance;
pub mod audit_trail;
pub mod by;
pub mod create_token;
pub mod delegations;
pub mod deliver_notices;
pub mod draft;
pub mod end_access;
pub mod export_cases;
pub mod feed_cases;
pub mod form_draft;
pub mod halt;
pub mod help_desk;
pub mod import_cases;
pub mod import_rolls;
pub mod inbox;
pub mod invitations;
pub mod kept_documents;
pub mod legal_hold;
pub mod list_cases;
pub mod list_counsels;
pub mod list_submissions;
pub mod new_log;
pub mod once;
pub mod own_sessions;
pub mod ports;
pub mod profile;
pub mod public_log;
pub mod publish_log;
pub mod purge;
pub mod receipt;
pub mod receive_document;
pub mod recognise;
pub mod record_cell;
pub mod record_refusal;
pub mod register;
pub mod registration;
pub mod registry_cases;
pub mod registry_submissions;
pub mod see_account;
pub mod see_activity;
pub mod see_case;
pub mod see_submission;
pub mod send_document;
pub mod send_form;
pub mod service_record;
pub mod sign_in;
pub mod sign_in_services;
pub mod sort_keys;
pub mod staff;
pub mod submit_documents;
pub mod throttle;
pub mod tidy;
pub mod tokens;
pub mod undelivered;
pub mod uploads;
pub mod verify_log;
pub mod watch_terms;

mod clocks;
mod facts;
mod joined;
mod passed_over;
mod refusal;
mod secret;

use std::sync::Arc;

use domain::id::Id;
use domain::notice::{About, Notice, Recipient};
use domain::numbering::NumberingPlans;
use domain::policy::{Action, Actor, Job, Permit, Refused, authorize};
use domain::terms::Terms;
use domain::tribunal::Tribunal;
use domain::tribunal_time::{Moment, Zones};
use halt::Halt;
use ports::answers::AnswerHashes;
use ports::audit_seals::AuditSeals;
use ports::clock::{Clock, Random, RecordsClock};
use ports::documents::Documents;
use ports::form_writer::FormWriter;
use ports::given_up::GivenUp;
use ports::inspector::Inspector;
use ports::job_runs::JobRuns;
use ports::keys::KeyedHash;
use ports::mailer::Mailer;
use ports::outbox::Outbox;
use ports::receipt_log::ReceiptLog;
use ports::roll_files::RollFiles;
use ports::sessions::{Departures, Sessions};
use ports::sign_in_services::SignInServices;
use ports::signer::Signer;
use ports::storage::{Contended, Storage};
use ports::tally::Tally;
use ports::text_messages::TextMessages;
use ports::throttle::Throttle;
use ports::token_uses::TokenUses;
use ports::uploads::Uploads;
use ports::virus_scanner::VirusScanner;
use time::OffsetDateTime;
use uploads::Verdicts;

pub use refusal::UseCaseError;
pub use secret::Secret;

/// What every use case works with. Built once by an app; cheap to clone.
#[derive(Clone)]
pub struct Application {
    /// Records.
    pub storage: Arc<dyn Storage>,
    /// Browsers' sessions.
    pub sessions: Arc<dyn Sessions>,
    /// What nothing names any more.
    pub given_up: Arc<dyn GivenUp>,
    /// Uploads that are coming in.
    pub uploads: Arc<dyn Uploads>,
    /// Uses of API tokens.
    pub token_uses: Arc<dyn TokenUses>,
    /// When jobs last ran.
    pub job_runs: Arc<dyn JobRuns>,
    /// Browsers that are away at a sign-in service.
    pub departures: Arc<dyn Departures>,
    /// The sign-in services.
    pub sign_in_services: Arc<dyn SignInServices>,
    /// Notices on their way.
    pub outbox: Arc<dyn Outbox>,
    /// Documents' bytes.
    pub documents: Arc<dyn Documents>,
    /// A look inside files.
    pub inspector: Arc<dyn Inspector>,
    /// Looks for viruses, where the tribunal has a scanner.
    pub virus_scanner: Option<Arc<dyn VirusScanner>>,
    /// Writes forms as documents.
    pub form_writer: Arc<dyn FormWriter>,
    /// Which telephone numbers can exist.
    pub numbering_plans: Arc<dyn NumberingPlans>,
    /// Sends notices.
    pub mailer: Arc<dyn Mailer>,
    /// Sends text messages.
    pub text_messages: Arc<dyn TextMessages>,
    /// Hashes under the tribunal's secret key.
    pub keys: Arc<dyn KeyedHash>,
    /// Hashes of answers to secret questions.
    pub answers: Arc<dyn AnswerHashes>,
    /// Counts of tries.
    pub throttle: Arc<dyn Throttle>,
    /// Seals on the audit trail.
    pub audit_seals: Arc<dyn AuditSeals>,
    /// The tribunal's signature.
    pub signer: Arc<dyn Signer>,
    /// The public log.
    pub log: Arc<dyn ReceiptLog>,
    /// The orders' rolls, as files.
    pub roll_files: Arc<dyn RollFiles>,
    /// Whether jobs are to come to a halt.
    pub halt: Halt,
    /// Uploads that are being looked into.
    pub verdicts: Verdicts,
    /// Counts for the operators.
    pub tally: Arc<dyn Tally>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// Time where the records are; none where [`clock`](Self::clock) is meant to differ from it.
    pub records_clock: Option<Arc<dyn RecordsClock>>,
    /// Chance.
    pub random: Arc<dyn Random>,
    /// Time zones.
    pub zones: Arc<dyn Zones>,
    /// Time limits and counts.
    pub terms: Arc<Terms>,
    /// What the tribunal calls things and accepts.
    pub tribunal: Arc<Tribunal>,
}

/// After so many tries somebody else is always first: the system is overloaded, and the caller is told to come back.
const TRIES: u32 = 8;

impl Application {
    /// The present, read once by each use case.
    pub fn moment(&self) -> Moment {
        Moment::new(self.clock.now(), &self.tribunal.zone, &*self.zones)
    }

    /// That this job may run at that moment.
    fn may_run(&self, job: Job, moment: &Moment) -> Result<Permit, Refused> {
        authorize(&Actor::job(job), &Action::RunJob(job), moment, &self.terms)
    }

    /// A notice that is written then, to be told however often it is written.
    pub fn notice(&self, to: Recipient, about: About, written_at: OffsetDateTime) -> Notice {
        Notice {
            id: Id::new(self.random.uuid(written_at)),
            to,
            about,
            written_at,
            once: None,
        }
    }

    /// Runs `attempt` from the start again while another change gets there first.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where a use case waits: others must get out of the way"
    )]
    async fn retrying<T, E: Contended, F: Future<Output = Result<T, E>>>(
        &self,
        attempt: impl Fn() -> F,
    ) -> Result<T, E> {
        let mut tries = 1;
        loop {
            match attempt().await {
                Err(error) if error.is_contention() && tries < TRIES => {
                    let [spread, ..] = self.random.bytes();
                    let pause = (1 << tries) + u64::from(spread) % 8;
                    tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
                    tries += 1;
                }
                done => return done,
            }
        }
    }
}
