//! The way out: where a browser is sent, and what must be known again when it comes back.

use application::ports::clock::Random;
use application::ports::sign_in_services::{Departure, SignInServiceError};
use application::sign_in_services::LONGEST_AWAY;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use domain::person::Language;
use openidconnect::core::{CoreAuthPrompt, CoreResponseType};
use openidconnect::{
    AuthenticationContextClass, AuthenticationFlow, CsrfToken, Nonce, PkceCodeChallenge,
    PkceCodeVerifier,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;
use time::{Duration, OffsetDateTime};

use crate::code;
use crate::locale;
use crate::provider::Provider;
use crate::service::Service;
use crate::skew::{JUST_NOW, SKEW};

/// Whoever last proved who they are longer ago has to do so again at the service. A service that is told so much also says when it was.
const KNOWN_FOR: Duration = Duration::days(1);

/// What a departure leaves behind. It has no `Debug`: most of it is secret.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    /// The service's key.
    service: String,
    state: String,
    pub nonce: Nonce,
    /// The proof key (PKCE).
    verifier: String,
    /// Whether the person was asked to prove anew who they are (REG-8).
    pub again: bool,
    /// Seconds since 1970.
    began_at: i64,
}

impl Kept {
    /// What was kept, if `state` belongs to it, for a browser that came back to that service's address.
    pub fn reclaim(
        kept: &SecretString,
        service: &Service,
        state: Option<&str>,
        now: OffsetDateTime,
    ) -> Result<Self, SignInServiceError> {
        let refuse = |reason| Err(SignInServiceError::NotBelieved(reason));
        let Ok(kept) = serde_json::from_str::<Self>(kept.expose_secret()) else {
            return refuse("what was kept of the departure cannot be read");
        };
        if kept.service != service.on_offer.key {
            return refuse("the browser left for another service");
        }
        let same = state.map(|state| state.as_bytes().ct_eq(kept.state.as_bytes()));
        if !same.is_some_and(bool::from) {
            return refuse("the answer belongs to another departure");
        }
        match kept.began_at() {
            // Nothing is wrong with whoever took longer, to register with the service for one: they begin anew.
            Some(began_at) if now - began_at >= LONGEST_AWAY => {
                Err(SignInServiceError::NotCompleted)
            }
            Some(began_at) if began_at - now <= SKEW => Ok(kept),
            _ => refuse("the departure has not been yet"),
        }
    }

    /// The proof key of this departure (PKCE).
    pub fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.verifier.clone())
    }

    /// When the browser left.
    pub fn began_at(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.began_at).ok()
    }
}

/// Sends a browser to the service.
pub(crate) fn depart(
    service: &Service,
    provider: &Provider,
    language: Language,
    again: bool,
    random: &dyn Random,
    now: OffsetDateTime,
) -> Result<Departure, serde_json::Error> {
    let secret = || BASE64_URL_SAFE_NO_PAD.encode(random.bytes());
    let kept = Kept {
        service: service.on_offer.key.clone(),
        state: secret(),
        nonce: Nonce::new(secret()),
        verifier: secret(),
        again,
        began_at: now.unix_timestamp(),
    };
    let (state, nonce) = (CsrfToken::new(kept.state.clone()), kept.nonce.clone());
    let client = code::client(service, provider);
    let mut request = client
        .authorize_url(
            AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
            || state,
            || nonce,
        )
        .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(
            &kept.verifier(),
        ))
        .add_scopes(service.scopes.iter().cloned());
    for acr in &service.acr_values {
        request = request.add_auth_context_value(AuthenticationContextClass::new(acr.clone()));
    }
    for tag in locale::asked(language) {
        request = request.add_ui_locale(tag);
    }
    request = if again {
        request
            .add_prompt(CoreAuthPrompt::Login)
            .set_max_age(JUST_NOW.unsigned_abs())
    } else {
        request.set_max_age(KNOWN_FOR.unsigned_abs())
    };
    let (address, ..) = request.url();
    Ok(Departure {
        address: address.into(),
        kept: serde_json::to_string(&kept)?.into(),
    })
}
