//! Sign-in services, which authenticate people for the portal (REG-3, REG-5, REG-7). The portal never sees a password: it sends the
//! browser away, and judges what it comes back with.

use async_trait::async_trait;
use domain::person::{EmailAddress, Language};
use domain::sign_in::SignInIdentity;
use domain::tribunal::Bilingual;
use secrecy::SecretString;
use time::OffsetDateTime;

/// A service as the home page offers it (REG-5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceOnOffer {
    /// By which addresses and configuration know it: lower-case letters, digits, hyphens.
    pub key: String,
    /// How people know it.
    pub name: Bilingual,
}

/// With what a browser leaves for a service.
#[derive(Debug)]
pub struct Departure {
    /// Where it goes.
    pub address: String,
    /// What must be known again when it comes back: state, nonce, proof key. Kept on the server under a secret that the browser alone
    /// has, used once, and given back to [`SignInServices::arrive`].
    pub kept: SecretString,
}

/// With what a browser comes back: the parameters of the callback, as they came.
#[derive(Debug, Clone)]
pub struct Answer {
    /// `code`.
    pub code: Option<SecretString>,
    /// `state`.
    pub state: Option<String>,
    /// `iss` (RFC 9207).
    pub issuer: Option<String>,
    /// `error`.
    pub error: Option<String>,
}

/// Who came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    /// Who the service says it is.
    pub identity: SignInIdentity,
    /// The person's e-mail address, if the service says that it is verified.
    pub email: Option<EmailAddress>,
    /// When the person last proved who they are to the service, if it says so.
    pub authenticated_at: Option<OffsetDateTime>,
    /// The service's own name for this session (`sid`), for the day it says that the session is over.
    pub service_session: Option<String>,
    /// The language that the person chose at the service, if it says so (REG-7).
    pub language: Option<Language>,
}

/// What a service says is over (back-channel logout).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceLogout {
    /// The service's issuer.
    pub issuer: String,
    /// Everything of that person, if it names one.
    pub subject: Option<String>,
    /// That session alone, if it names one.
    pub service_session: Option<String>,
    /// The token's own id (`jti`), which the issuer gives no other token: the same token MUST NOT be obeyed twice.
    pub token_id: String,
    /// From then on the same token is refused anyway, so its id need not be remembered longer.
    pub void_from: OffsetDateTime,
}

/// Why nobody signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInServiceError {
    /// No service of that key.
    #[error("there is no such sign-in service")]
    Unknown,
    /// The person turned back, or the service refused them.
    #[error("the sign-in was not completed")]
    NotCompleted,
    /// The answer does not belong to this browser's departure, or is not to be believed.
    #[error("the sign-in service's answer cannot be believed: {0}")]
    NotBelieved(&'static str),
    /// The service authenticated the person more weakly than the tribunal asks.
    #[error("the sign-in is not strong enough")]
    TooWeak,
    /// The service does not answer.
    #[error("the sign-in service does not answer")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// All the sign-in services.
#[async_trait]
pub trait SignInServices: Send + Sync {
    /// Those that people can choose, in the configured order.
    fn on_offer(&self) -> Vec<ServiceOnOffer>;
    /// How people know the service that vouches under `issuer`. `None` where there is none, and where several do: nobody is told a wrong one.
    fn name_of(&self, issuer: &str) -> Option<Bilingual>;
    /// Where to send a browser. `again` asks the person to prove anew who they are, although they are signed in (REG-8); the service is
    /// asked for that language.
    async fn depart(
        &self,
        service: &str,
        language: Language,
        again: bool,
        now: OffsetDateTime,
    ) -> Result<Departure, SignInServiceError>;
    /// Judges what a browser comes back with. `service` is the one at whose address it came back. MUST refuse an answer to another
    /// departure, from another service, for another portal, or older than a few minutes.
    async fn arrive(
        &self,
        service: &str,
        kept: &SecretString,
        answer: &Answer,
        now: OffsetDateTime,
    ) -> Result<Arrival, SignInServiceError>;
    /// Where a browser goes to end its session with the service that vouched under `issuer` too, if it has such a place.
    async fn farewell(&self, issuer: &str, language: Language) -> Option<String>;
    /// Judges a service's word that a session is over. MUST refuse a token that is not that service's, or not for this portal.
    async fn told_to_end(
        &self,
        service: &str,
        logout_token: &str,
        now: OffsetDateTime,
    ) -> Result<ServiceLogout, SignInServiceError>;
}
