//! Who came back: judges the ID token (OpenID Connect Core 3.1.3.7). Everything is judged; the first fault refuses it.

use application::ports::sign_in_services::{Arrival, SignInServiceError};
use chrono::{DateTime, Utc};
use domain::person::EmailAddress;
use domain::sign_in::SignInIdentity;
use openidconnect::core::{
    CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm,
};
use openidconnect::{
    AccessToken, AccessTokenHash, AdditionalClaims, ClaimsVerificationError, IdTokenClaims,
    IdTokenVerifier, JsonWebKeySet, LanguageTag, OAuth2TokenResponse, SignatureVerificationError,
    TokenResponse,
};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::code::Tokens;
use crate::departure::Kept;
use crate::locale;
use crate::service::Service;
use crate::skew::{self, JUST_NOW, SKEW};

/// Claims that the library leaves to us.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct BeyondCore {
    /// Back-Channel Logout 1.0.
    sid: Option<String>,
    /// RFC 7519.
    nbf: Option<f64>,
}

impl AdditionalClaims for BeyondCore {}

type Token = openidconnect::IdToken<
    BeyondCore,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
type Keys = JsonWebKeySet<CoreJsonWebKey>;
type Claims = IdTokenClaims<BeyondCore, CoreGenderClaim>;
type Verifier<'a> = IdTokenVerifier<'a, CoreJsonWebKey>;

/// Why a token is not believed.
pub(crate) enum Unfit {
    /// Its key is not among those that are known; there may be newer ones.
    UnknownKey,
    /// For good.
    Refused(SignInServiceError),
}

/// The longest subject there may be (OpenID Connect Core 8).
const SUBJECT_AT_MOST: usize = 255;

/// Whom the tokens name, if they are the service's, the portal's, this departure's, of now, and strong enough.
pub(crate) fn judge(
    tokens: &Tokens,
    service: &Service,
    keys: &Keys,
    kept: &Kept,
    now: OffsetDateTime,
) -> Result<Arrival, Unfit> {
    let token = tokens
        .id_token()
        .ok_or(refused("the service gave no ID token"))?;
    let verifier = verifier(service, keys, kept.again, now);
    let claims = token
        .claims(&verifier, &kept.nonce)
        .map_err(|error| unfit(&error))?;
    is_of_now(claims, kept, now)?;
    is_for_the_portal_alone(claims, service)?;
    belongs_to(tokens.access_token(), token, claims, &verifier)?;
    let subject = claims.subject().to_string();
    if subject.is_empty() || subject.len() > SUBJECT_AT_MOST {
        return Err(refused("the token names nobody"));
    }
    let authenticated_at = claims.auth_time().and_then(instant);
    Ok(Arrival {
        identity: SignInIdentity {
            issuer: service.issuer.to_string(),
            subject,
        },
        // An address that nobody verified could be anybody's.
        email: claims
            .email()
            .filter(|_| claims.email_verified() == Some(true))
            .and_then(|email| EmailAddress::parse(email).ok()),
        // A clock that is ahead of ours must not make a sign-in stay recent for longer.
        authenticated_at: authenticated_at.map(|at| at.min(now)),
        service_session: claims.additional_claims().sid.clone(),
        language: claims
            .locale()
            .and_then(|locale: &LanguageTag| locale::heard(locale)),
    })
}

/// Signature by a known key and an allowed algorithm, issuer, audience, end, nonce, strength, and the time of authentication.
fn verifier<'a>(
    service: &'a Service,
    keys: &Keys,
    again: bool,
    now: OffsetDateTime,
) -> Verifier<'a> {
    let accepted = &service.acr_values;
    // As a public client even where there is a secret: a signature by a shared secret is nobody's in particular.
    IdTokenVerifier::new_public_client(
        service.client_id.clone(),
        service.issuer.clone(),
        keys.clone(),
    )
    .set_allowed_algs(service.allowed())
    .set_time_fn(move || {
        DateTime::from_timestamp((now - SKEW).unix_timestamp(), 0)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    })
    .set_auth_context_verifier_fn(move |acr| {
        let strong = acr.is_some_and(|acr| accepted.contains(acr));
        only_if(accepted.is_empty() || strong)
    })
    .set_auth_time_verifier_fn(move |at| {
        let at = at
            .map(|at| instant(at).ok_or_else(String::new))
            .transpose()?;
        let fits = match at {
            Some(at) if again => (-SKEW..=JUST_NOW).contains(&(now - at)),
            Some(at) => !skew::is_to_come(at, now),
            None => !again,
        };
        only_if(fits)
    })
}

/// In the library's form: what it would say is not passed on anyway.
fn only_if(it_is_so: bool) -> Result<(), String> {
    it_is_so.then_some(()).ok_or_else(String::new)
}

fn is_of_now(claims: &Claims, kept: &Kept, now: OffsetDateTime) -> Result<(), Unfit> {
    let issued_at = instant(claims.issue_time());
    let issued_at = issued_at.ok_or(refused("the token does not say when it was issued"))?;
    if skew::is_to_come(issued_at, now) {
        return Err(refused("the token is issued in the future"));
    }
    if kept
        .began_at()
        .is_none_or(|began_at| issued_at < began_at - SKEW)
    {
        return Err(refused("the token is older than the departure"));
    }
    let Some(seconds) = claims.additional_claims().nbf else {
        return Ok(());
    };
    match skew::instant(seconds) {
        Some(beginning) if !skew::is_to_come(beginning, now) => Ok(()),
        _ => Err(refused("the token is not yet good")),
    }
}

/// The library has seen that the portal is the only audience; `azp` says the same in another way, if it is there.
fn is_for_the_portal_alone(claims: &Claims, service: &Service) -> Result<(), Unfit> {
    match claims.authorized_party() {
        Some(party) if *party != service.client_id => {
            Err(refused("the token was issued for another party"))
        }
        _ => Ok(()),
    }
}

/// `at_hash`, where the service sends one, ties the two tokens of one answer together.
fn belongs_to(
    access: &AccessToken,
    token: &Token,
    claims: &Claims,
    verifier: &Verifier<'_>,
) -> Result<(), Unfit> {
    let Some(named) = claims.access_token_hash() else {
        return Ok(());
    };
    let of_this = token.signing_alg().ok().and_then(|algorithm| {
        let key = token.signing_key(verifier).ok()?;
        AccessTokenHash::from_token(access, algorithm, key).ok()
    });
    if of_this.as_ref() == Some(named) {
        Ok(())
    } else {
        Err(refused("the token came with another access token"))
    }
}

fn refused(reason: &'static str) -> Unfit {
    Unfit::Refused(SignInServiceError::NotBelieved(reason))
}

/// The library's words tell of claims, so ours take their place.
fn unfit(error: &ClaimsVerificationError) -> Unfit {
    use ClaimsVerificationError as Claim;
    use SignatureVerificationError as Signature;
    refused(match error {
        Claim::SignatureVerification(Signature::NoMatchingKey) => return Unfit::UnknownKey,
        Claim::InvalidAuthContext(_) => return Unfit::Refused(SignInServiceError::TooWeak),
        Claim::SignatureVerification(
            Signature::DisallowedAlg(_) | Signature::NoSignature | Signature::UnsupportedAlg(_),
        ) => "the token is not signed by an algorithm that is allowed",
        Claim::SignatureVerification(_) => "the token's signature is not the service's",
        Claim::Expired(_) => "the token is not good any more",
        Claim::InvalidAudience(_) => "the token is not for the portal",
        Claim::InvalidIssuer(_) => "the token is another issuer's",
        Claim::InvalidNonce(_) => "the token belongs to another departure",
        Claim::InvalidAuthTime(_) => "the person was not asked anew who they are",
        _ => "the token is not in the form of such tokens",
    })
}

fn instant(at: DateTime<Utc>) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(at.timestamp()).ok()
}
