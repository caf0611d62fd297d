//! The code that a browser brought is exchanged for a token, straight with the service.

use std::sync::Arc;

use application::ports::clock::Random;
use application::ports::sign_in_services::SignInServiceError;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AuthType, AuthorizationCode, EmptyExtraTokenFields, EndpointNotSet, EndpointSet, IdTokenFields,
    JsonWebKeySet, PkceCodeVerifier, RequestTokenError, StandardErrorResponse,
    StandardTokenResponse,
};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;

use crate::authentication::{Authentication, STATEMENT_TYPE};
use crate::http::Http;
use crate::id_token::BeyondCore;
use crate::provider::Provider;
use crate::service::Service;
use crate::trouble::Trouble;

/// What a service gives for a code.
pub(crate) type Tokens = StandardTokenResponse<
    IdTokenFields<
        BeyondCore,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

type Refusal = StandardErrorResponse<CoreErrorResponseType>;

/// The library's idea of the portal, for one service.
pub(crate) type Client = openidconnect::Client<
    BeyondCore,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    Refusal,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
    EndpointNotSet,
>;

/// The portal at that service. It holds no keys and no secret: tokens are judged elsewhere, and a secret is added where it is sent.
pub(crate) fn client(service: &Service, provider: &Provider) -> Client {
    openidconnect::Client::new(
        service.client_id.clone(),
        service.issuer.clone(),
        JsonWebKeySet::default(),
    )
    .set_auth_uri(provider.authorization_endpoint().clone())
    .set_token_uri(provider.token_endpoint().clone())
    .set_redirect_uri(service.callback.clone())
}

/// Exchanges a code, with the proof key of the departure and the portal's own proof.
pub(crate) async fn exchange(
    http: &Http,
    service: &Service,
    provider: &Arc<Provider>,
    code: &SecretString,
    verifier: PkceCodeVerifier,
    random: &dyn Random,
    now: OffsetDateTime,
) -> Result<Tokens, SignInServiceError> {
    let mut client = client(service, provider).set_auth_type(AuthType::RequestBody);
    let mut statement = None;
    match &service.authentication {
        Authentication::Secret(secret) => {
            client = client.set_client_secret(secret.clone());
            if !provider.wants_the_secret_in_the_body() {
                client = client.set_auth_type(AuthType::BasicAuth);
            }
        }
        Authentication::Signature(signer) => {
            statement = Some(signer.statement(
                &service.client_id,
                &service.issuer,
                provider.token_endpoint(),
                random,
                now,
            )?);
        }
    }
    let code = AuthorizationCode::new(code.expose_secret().to_owned());
    let mut request = client.exchange_code(code).set_pkce_verifier(verifier);
    if let Some(statement) = statement {
        request = request
            .add_extra_param("client_assertion_type", STATEMENT_TYPE)
            .add_extra_param("client_assertion", statement);
    }
    request.request_async(http).await.map_err(refusal)
}

/// What went wrong, without a word of what the service wrote: it may repeat the code, or the token.
fn refusal(error: RequestTokenError<Trouble, Refusal>) -> SignInServiceError {
    use CoreErrorResponseType::{InvalidClient, InvalidGrant, UnauthorizedClient};
    match error {
        RequestTokenError::Request(trouble) => trouble.into(),
        RequestTokenError::ServerResponse(refusal) => match refusal.error() {
            InvalidGrant => SignInServiceError::NotBelieved("the service does not know the code"),
            InvalidClient | UnauthorizedClient => Trouble::PortalRefused.into(),
            _ => Trouble::NotExchanged.into(),
        },
        RequestTokenError::Parse(..) => {
            SignInServiceError::NotBelieved("the tokens are not in the form of such tokens")
        }
        RequestTokenError::Other(_) => Trouble::NotExchanged.into(),
    }
}
