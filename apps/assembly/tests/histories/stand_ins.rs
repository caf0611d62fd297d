//! What stands in for the world outside: a clock that is moved, chance that counts, a telephone that keeps its codes, the orders' rolls. No
//! sign-in service, no mail server and no document is ever needed.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use application::ports::answers::{AnswerHashes, AnswersError};
use application::ports::clock::{Clock, Random};
use application::ports::inspector::{InspectError, Inspector};
use application::ports::mailer::{MailError, Mailer};
use application::ports::roll_files::{RollError, RollFiles};
use application::ports::sign_in_services::{
    Answer, Arrival, Departure, ServiceLogout, ServiceOnOffer, SignInServiceError, SignInServices,
};
use application::ports::text_messages::{TextMessage, TextMessageError, TextMessages};
use async_trait::async_trait;
use domain::code::Code;
use domain::document::{FileName, FileProblem, Inspected, MediaType};
use domain::membership::{MembershipNumber, Order, RollEntry};
use domain::notice::Notice;
use domain::person::{Language, Telephone};
use domain::tribunal::Bilingual;
use secrecy::{ExposeSecret, SecretString};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};

/// When every history begins.
pub const START: OffsetDateTime = datetime!(2026-01-05 09:00 UTC);

/// Stands still until it is moved.
#[derive(Default)]
pub struct MovedClock(AtomicI64);

impl MovedClock {
    pub fn advance(&self, microseconds: i64) {
        self.0.fetch_add(microseconds, Ordering::SeqCst);
    }
}

impl Clock for MovedClock {
    fn now(&self) -> OffsetDateTime {
        START + Duration::microseconds(self.0.load(Ordering::SeqCst))
    }
}

/// Counts, and mixes what it counted (as `splitmix64` does), so that every part of the bytes is different each time.
#[derive(Default)]
pub struct CountingRandom(AtomicU64);

impl Random for CountingRandom {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        for eight in bytes.chunks_exact_mut(8) {
            let count = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Ordering::SeqCst);
            let mixed = (count ^ count >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
            eight.copy_from_slice(&(mixed ^ mixed >> 31).to_be_bytes());
        }
        bytes
    }
}

/// Everybody's telephone.
#[derive(Default)]
pub struct Phone(Mutex<Vec<String>>);

impl Phone {
    /// The code that came in as that one.
    pub fn code(&self, number: usize) -> String {
        self.0.lock().unwrap()[number].clone()
    }
}

#[async_trait]
impl TextMessages for Phone {
    async fn send(
        &self,
        _: &Telephone,
        _: Language,
        message: &TextMessage,
    ) -> Result<(), TextMessageError> {
        let TextMessage::AccessCode { code, .. } = message;
        self.0.lock().unwrap().push(code.reveal().to_owned());
        Ok(())
    }
}

/// The roll of the one order that has one.
#[derive(Default)]
pub struct Roll(Mutex<Vec<RollEntry>>);

impl Roll {
    /// From the next import on it says that of a member.
    pub fn says(&self, number: usize, name: &str, in_good_standing: bool) {
        let mut roll = self.0.lock().unwrap();
        let number = MembershipNumber::parse(&number.to_string()).ok();
        roll.retain(|entry| entry.number != number);
        roll.push(RollEntry {
            number,
            given_name: "Given".to_owned(),
            family_name: name.to_owned(),
            in_good_standing,
        });
    }
}

/// The order whose members the counsel are.
pub const ORDER: &str = "cicc";

#[async_trait]
impl RollFiles for Roll {
    async fn read(&self, order: &Code<Order>) -> Result<Option<Vec<RollEntry>>, RollError> {
        Ok((order.as_str() == ORDER).then(|| self.0.lock().unwrap().clone()))
    }
}

/// Hashes that hide nothing: what is slow on purpose is tried elsewhere.
pub struct PlainAnswers;

#[async_trait]
impl AnswerHashes for PlainAnswers {
    async fn hash(&self, answer: SecretString) -> Result<SecretString, AnswersError> {
        Ok(answer)
    }

    async fn matches(
        &self,
        answer: SecretString,
        hash: SecretString,
    ) -> Result<bool, AnswersError> {
        Ok(answer.expose_secret() == hash.expose_secret())
    }
}

/// Nobody asks it anything.
pub struct Nobody;

#[async_trait]
impl Mailer for Nobody {
    async fn send(&self, _: &Notice, _: OffsetDateTime) -> Result<(), MailError> {
        unreachable!("no job delivers notices")
    }
}

#[async_trait]
impl Inspector for Nobody {
    async fn inspect(
        &self,
        _: &Path,
        _: &FileName,
        _: &std::collections::BTreeSet<MediaType>,
    ) -> Result<Inspected, InspectError> {
        Err(FileProblem::NotAccepted.into())
    }
}

#[async_trait]
impl SignInServices for Nobody {
    fn on_offer(&self) -> Vec<ServiceOnOffer> {
        Vec::new()
    }

    fn name_of(&self, _: &str) -> Option<Bilingual> {
        None
    }

    async fn depart(
        &self,
        _: &str,
        _: Language,
        _: bool,
        _: OffsetDateTime,
    ) -> Result<Departure, SignInServiceError> {
        Err(SignInServiceError::Unknown)
    }

    async fn arrive(
        &self,
        _: &str,
        _: &SecretString,
        _: &Answer,
        _: OffsetDateTime,
    ) -> Result<Arrival, SignInServiceError> {
        Err(SignInServiceError::Unknown)
    }

    async fn farewell(&self, _: &str, _: Language) -> Option<String> {
        None
    }

    async fn told_to_end(
        &self,
        _: &str,
        _: &str,
        _: OffsetDateTime,
    ) -> Result<ServiceLogout, SignInServiceError> {
        Err(SignInServiceError::Unknown)
    }
}
