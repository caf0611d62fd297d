//! What people do: one use case per module, and the ports they need. Knows the domain; knows neither databases nor the web.
//!
//! A use case loads facts through ports, asks `policy`, lets the domain decide, and writes records, notices and audit entry in one
//! transaction.

pub mod acknowledge_submission;
pub mod create_token;
pub mod deliver_notices;
pub mod draft;
pub mod list_cases;
pub mod list_counsels;
pub mod list_submissions;
pub mod ports;
pub mod receive_document;
pub mod recognise;
pub mod registry_submissions;
pub mod see_account;
pub mod see_case;
pub mod see_submission;
pub mod sign_in;
pub mod submit_documents;
pub mod tidy;

mod facts;
mod refusal;
mod secret;

use std::sync::Arc;

use domain::terms::Terms;
use domain::tribunal::Tribunal;
use domain::tribunal_time::{Moment, Zones};
use ports::clock::{Clock, Random};
use ports::documents::Documents;
use ports::inspector::Inspector;
use ports::mailer::Mailer;
use ports::outbox::Outbox;
use ports::sessions::Sessions;
use ports::storage::{Contended, Storage};

pub use refusal::UseCaseError;
pub use secret::Secret;

/// What every use case works with. Built once by an app; cheap to clone.
#[derive(Clone)]
pub struct Application {
    /// Records.
    pub storage: Arc<dyn Storage>,
    /// Browsers' sessions.
    pub sessions: Arc<dyn Sessions>,
    /// Notices on their way.
    pub outbox: Arc<dyn Outbox>,
    /// Documents' bytes.
    pub documents: Arc<dyn Documents>,
    /// A look inside files.
    pub inspector: Arc<dyn Inspector>,
    /// Sends notices.
    pub mailer: Arc<dyn Mailer>,
    /// Time.
    pub clock: Arc<dyn Clock>,
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
