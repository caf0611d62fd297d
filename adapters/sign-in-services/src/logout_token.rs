//! A service's word that a session is over: judges the logout token (OpenID Connect Back-Channel Logout 1.0, 2.6). Anybody can send
//! one, so nothing is asked of the service before the token could be its own.

use application::ports::sign_in_services::{ServiceLogout, SignInServiceError};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::core::CoreJsonWebKey;
use openidconnect::{
    JsonWebKey, JsonWebKeyAlgorithm, JsonWebKeyId, JsonWebKeySet, JsonWebKeyUse,
    JwsSigningAlgorithm,
};
use serde::Deserialize;
use serde_json::{Map, Value};
use time::OffsetDateTime;

use crate::algorithm::Algorithm;
use crate::service::Service;
use crate::skew::{self, SKEW};
use crate::trouble::shared;

/// The one event that this is about.
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// The media types that such a token may have: its own, or none in particular.
const TYPES: [&str; 4] = [
    "logout+jwt",
    "application/logout+jwt",
    "jwt",
    "application/jwt",
];
/// No such token is longer.
const BYTES_AT_MOST: usize = 16_384;

#[derive(Deserialize)]
struct Header {
    alg: Value,
    typ: Option<String>,
    kid: Option<JsonWebKeyId>,
    crit: Option<Value>,
}

#[derive(Deserialize)]
pub(crate) struct Claims {
    iss: String,
    aud: Audience,
    iat: f64,
    exp: f64,
    nbf: Option<f64>,
    jti: String,
    events: Map<String, Value>,
    sub: Option<String>,
    sid: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Several(Vec<String>),
}

/// What is over, if the token is that service's, for the portal, and of now.
pub(crate) async fn judge(
    service: &Service,
    token: &str,
    now: OffsetDateTime,
) -> Result<ServiceLogout, SignInServiceError> {
    let (token, claims) = Token::read(token)?;
    let logout = told(claims, service, now)?;
    if !service.algorithms.contains(&token.algorithm) {
        return Err(NOT_ALLOWED);
    }
    let provider = service.known.provider().await.map_err(shared)?;
    let key = if let Some(key) = token.key(provider.keys())? {
        key
    } else {
        let newer = service.known.since(&provider).await.map_err(shared)?;
        let key = newer.map(|newer| token.key(newer.keys())).transpose()?;
        key.flatten().ok_or(refused(
            "the logout token's key is not one of the service's",
        ))?
    };
    token.is_signed_by(&key)?;
    Ok(logout)
}

/// A token that has been taken apart and not yet believed.
pub(crate) struct Token<'a> {
    algorithm: Algorithm,
    kid: Option<JsonWebKeyId>,
    said: &'a str,
    signature: Vec<u8>,
}

const MALFORMED: SignInServiceError =
    SignInServiceError::NotBelieved("the logout token is not in the form of such tokens");
const NOT_ALLOWED: SignInServiceError = SignInServiceError::NotBelieved(
    "the logout token is not signed by an algorithm that is allowed",
);

impl<'a> Token<'a> {
    pub(crate) fn read(token: &'a str) -> Result<(Self, Claims), SignInServiceError> {
        if token.len() > BYTES_AT_MOST {
            return Err(MALFORMED);
        }
        let (said, signature) = token.rsplit_once('.').ok_or(MALFORMED)?;
        let (header, claims) = said.split_once('.').ok_or(MALFORMED)?;
        let decode = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).map_err(|_| MALFORMED);
        let header: Map<String, Value> =
            serde_json::from_slice(&decode(header)?).map_err(|_| MALFORMED)?;
        let header: Header = serde_json::from_value(header.into()).map_err(|_| MALFORMED)?;
        let algorithm = serde_json::from_value(header.alg).map_err(|_| NOT_ALLOWED)?;
        let kind = header.typ.as_ref().map(|typ| typ.to_ascii_lowercase());
        if header.crit.is_some() || kind.is_some_and(|kind| !TYPES.contains(&kind.as_str())) {
            return Err(MALFORMED);
        }
        let claims: Map<String, Value> =
            serde_json::from_slice(&decode(claims)?).map_err(|_| MALFORMED)?;
        if claims.contains_key("nonce") {
            return Err(refused("an ID token is no logout token"));
        }
        let claims = serde_json::from_value(claims.into()).map_err(|_| MALFORMED)?;
        let signature = decode(signature)?;
        let token = Self {
            algorithm,
            kid: header.kid,
            said,
            signature,
        };
        Ok((token, claims))
    }

    /// The service's key that it names, or the only one that it can mean; `None` if there is none.
    pub(crate) fn key(
        &self,
        keys: &JsonWebKeySet<CoreJsonWebKey>,
    ) -> Result<Option<CoreJsonWebKey>, SignInServiceError> {
        let algorithm = self.algorithm.known_as();
        let fits = |key: &&CoreJsonWebKey| {
            let named = self.kid.is_none() || self.kid.as_ref() == key.key_id();
            let signs = key.key_use().is_none_or(JsonWebKeyUse::allows_signature);
            let kind = algorithm.key_type().as_ref() == Some(key.key_type());
            let so = match key.signing_alg() {
                JsonWebKeyAlgorithm::Unspecified => true,
                JsonWebKeyAlgorithm::Algorithm(only) => *only == algorithm,
                JsonWebKeyAlgorithm::Unsupported => false,
            };
            named && signs && kind && so
        };
        let mut keys = keys.keys().iter().filter(fits);
        match (keys.next(), keys.next()) {
            (_, Some(_)) => Err(refused(
                "the logout token does not say which key is its own",
            )),
            (key, None) => Ok(key.cloned()),
        }
    }

    pub(crate) fn is_signed_by(&self, key: &CoreJsonWebKey) -> Result<(), SignInServiceError> {
        let algorithm = self.algorithm.known_as();
        key.verify_signature(&algorithm, self.said.as_bytes(), &self.signature)
            .map_err(|_| refused("the logout token's signature is not the service's"))
    }
}

/// What the claims say, if a logout token may say it to the portal now.
pub(crate) fn told(
    claims: Claims,
    service: &Service,
    now: OffsetDateTime,
) -> Result<ServiceLogout, SignInServiceError> {
    if claims.iss != service.issuer.as_str() {
        return Err(refused("the logout token is another issuer's"));
    }
    let to_the_portal = match &claims.aud {
        Audience::One(reader) => reader == service.client_id.as_str(),
        Audience::Several(readers) => {
            matches!(readers.as_slice(), [reader] if reader == service.client_id.as_str())
        }
    };
    if !to_the_portal {
        return Err(refused("the logout token is not for the portal"));
    }
    let beginnings = [Some(claims.iat), claims.nbf];
    for seconds in beginnings.into_iter().flatten() {
        let beginning = skew::instant(seconds).ok_or(MALFORMED)?;
        if skew::is_to_come(beginning, now) {
            return Err(refused("the logout token is not yet good"));
        }
    }
    let end = skew::instant(claims.exp).ok_or(MALFORMED)?;
    if skew::is_over(end, now) {
        return Err(refused("the logout token is not good any more"));
    }
    if !claims.events.get(EVENT).is_some_and(Value::is_object) {
        return Err(refused("the logout token is about something else"));
    }
    if claims.sub.is_none() && claims.sid.is_none() {
        return Err(refused("the logout token names neither person nor session"));
    }
    Ok(ServiceLogout {
        issuer: claims.iss,
        subject: claims.sub,
        service_session: claims.sid,
        token_id: claims.jti,
        void_from: end + SKEW,
    })
}

const fn refused(reason: &'static str) -> SignInServiceError {
    SignInServiceError::NotBelieved(reason)
}
