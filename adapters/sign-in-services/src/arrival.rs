//! The way back: what a browser brought is judged from the outside in, and whoever came is named.

use application::ports::clock::Random;
use application::ports::sign_in_services::{Answer, Arrival, SignInServiceError};
use secrecy::SecretString;
use time::OffsetDateTime;

use crate::code;
use crate::departure::Kept;
use crate::http::Http;
use crate::id_token::{self, Unfit};
use crate::service::Service;
use crate::trouble::{Trouble, shared};

/// Judges an answer to the departure of which `kept` was kept.
pub(crate) async fn arrive(
    http: &Http,
    service: &Service,
    kept: &SecretString,
    answer: &Answer,
    random: &dyn Random,
    now: OffsetDateTime,
) -> Result<Arrival, SignInServiceError> {
    let kept = Kept::reclaim(kept, service, answer.state.as_deref(), now)?;
    let provider = service.known.provider().await.map_err(shared)?;
    provider.vouches_for(answer.issuer.as_deref())?;
    if let Some(error) = &answer.error {
        return Err(refusal(error));
    }
    let code = answer.code.as_ref();
    let code = code.ok_or(SignInServiceError::NotBelieved("the answer has no code"))?;
    let tokens =
        code::exchange(http, service, &provider, code, kept.verifier(), random, now).await?;
    match id_token::judge(&tokens, service, provider.keys(), &kept, now) {
        Ok(arrival) => Ok(arrival),
        Err(Unfit::Refused(refusal)) => Err(refusal),
        Err(Unfit::UnknownKey) => {
            let newer = service.known.since(&provider).await.map_err(shared)?;
            let newer =
                newer.map(|newer| id_token::judge(&tokens, service, newer.keys(), &kept, now));
            match newer {
                Some(Ok(arrival)) => Ok(arrival),
                Some(Err(Unfit::Refused(refusal))) => Err(refusal),
                Some(Err(Unfit::UnknownKey)) | None => Err(SignInServiceError::NotBelieved(
                    "the token's key is not one of the service's",
                )),
            }
        }
    }
}

/// What a service says instead of sending a code (OpenID Connect Core 3.1.2.6 and its extensions).
fn refusal(error: &str) -> SignInServiceError {
    match error {
        "unmet_authentication_requirements" => SignInServiceError::TooWeak,
        "server_error" | "temporarily_unavailable" => Trouble::OutOfOrder.into(),
        "unauthorized_client"
        | "invalid_request"
        | "invalid_scope"
        | "unsupported_response_type" => Trouble::PortalRefused.into(),
        _ => SignInServiceError::NotCompleted,
    }
}
