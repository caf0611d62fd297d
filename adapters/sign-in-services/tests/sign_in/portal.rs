//! The portal under test: its address, its settings for a service, and a departure with everything that an attacker would like to
//! have of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use application::ports::clock::Random;
use application::ports::sign_in_services::{
    Answer, Arrival, SignInServiceError, SignInServices as _,
};
use domain::person::Language;
use openidconnect::url::Url;
use ring::rand::{SecureRandom as _, SystemRandom};
use secrecy::SecretString;
use serde_json::json;
use sign_in_services::{RelyingParty, ServiceSettings, TransportSettings};
use time::OffsetDateTime;

/// Where people find the portal.
pub const PORTAL: &str = "https://portal.example";
/// What the portal is called by its services.
pub const CLIENT: &str = "portal";
/// What it shares with them. It is looked for in everything that could be logged.
pub const SECRET: &str = "a-secret-that-nobody-may-ever-read";
/// Seconds after which a service counts as silent for a portal in a hurry.
pub const HURRY: u64 = 1;

struct Chance;

impl Random for Chance {
    fn bytes(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).unwrap();
        bytes
    }
}

/// Settings of a service that is known by that key, as an operator would write them.
pub fn service(key: &str, issuer: &str) -> ServiceSettings {
    serde_json::from_value(json!({
        "key": key,
        "name": { "french": "CléGC", "english": "GCKey" },
        "issuer": issuer,
        "client_id": CLIENT,
        "authentication": { "client_secret": SECRET },
    }))
    .unwrap()
}

/// The portal with those services.
pub fn portal(services: Vec<ServiceSettings>) -> RelyingParty {
    portal_with_patience(services, 30)
}

/// The portal with a service that it does not wait for long.
pub fn hurried_portal(service: ServiceSettings) -> RelyingParty {
    portal_with_patience(vec![service], HURRY)
}

fn portal_with_patience(services: Vec<ServiceSettings>, seconds: u64) -> RelyingParty {
    let transport = TransportSettings {
        timeout_seconds: seconds,
    };
    RelyingParty::new(services, PORTAL, transport, Arc::new(Chance)).unwrap()
}

/// A browser that has left for a service.
pub struct Away {
    pub address: Url,
    pub kept: SecretString,
    pub at: OffsetDateTime,
    service: String,
}

impl Away {
    pub async fn for_service(portal: &RelyingParty, service: &str, now: OffsetDateTime) -> Self {
        Self::leave(portal, service, false, now).await.unwrap()
    }

    pub async fn again(portal: &RelyingParty, service: &str, now: OffsetDateTime) -> Self {
        Self::leave(portal, service, true, now).await.unwrap()
    }

    pub async fn leave(
        portal: &RelyingParty,
        service: &str,
        again: bool,
        now: OffsetDateTime,
    ) -> Result<Self, SignInServiceError> {
        let departure = portal.depart(service, Language::French, again, now).await?;
        Ok(Self {
            address: departure.address.parse().unwrap(),
            kept: departure.kept,
            at: now,
            service: service.to_owned(),
        })
    }

    /// A parameter of the address that the browser was sent to.
    pub fn asked(&self, name: &str) -> Option<String> {
        parameters(&self.address).remove(name)
    }

    /// An answer to this very departure, with a code.
    pub fn answer(&self) -> Answer {
        Answer {
            code: Some("code".into()),
            state: self.asked("state"),
            issuer: None,
            error: None,
        }
    }

    /// Comes back at once, with a code, to where this browser is expected.
    pub async fn back(&self, portal: &RelyingParty) -> Result<Arrival, SignInServiceError> {
        self.back_with(portal, &self.answer()).await
    }

    pub async fn back_with(
        &self,
        portal: &RelyingParty,
        answer: &Answer,
    ) -> Result<Arrival, SignInServiceError> {
        self.back_at(portal, answer, self.at).await
    }

    pub async fn back_at(
        &self,
        portal: &RelyingParty,
        answer: &Answer,
        now: OffsetDateTime,
    ) -> Result<Arrival, SignInServiceError> {
        portal.arrive(&self.service, &self.kept, answer, now).await
    }
}

/// The answer that a service put into the address it sent a browser back to.
pub fn answer(callback: &Url) -> Answer {
    let mut parameters = parameters(callback);
    Answer {
        code: parameters.remove("code").map(Into::into),
        state: parameters.remove("state"),
        issuer: parameters.remove("iss"),
        error: parameters.remove("error"),
    }
}

pub fn parameters(address: &Url) -> BTreeMap<String, String> {
    address.query_pairs().into_owned().collect()
}

/// Why it was not believed.
#[track_caller]
pub fn disbelieved<T: std::fmt::Debug>(outcome: Result<T, SignInServiceError>) -> &'static str {
    let error = outcome.expect_err("it should not have been believed");
    let SignInServiceError::NotBelieved(reason) = error else {
        panic!("{error:?}");
    };
    reason
}

/// Everything that a log could show of an error, its causes included.
#[track_caller]
pub fn unavailable<T: std::fmt::Debug>(outcome: Result<T, SignInServiceError>) -> String {
    use std::error::Error as _;
    let error = outcome.unwrap_err();
    assert!(
        matches!(error, SignInServiceError::Unavailable(_)),
        "{error:?}"
    );
    let mut told = format!("{error:?} {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    assert!(!told.contains(SECRET), "{told}");
    told
}
