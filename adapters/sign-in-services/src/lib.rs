//! Signs people in through OpenID Connect services. The portal is their relying party: authorization code with PKCE, state and nonce,
//! one callback address per service, and no token believed before all of it has been judged (REG-3, REG-5, REG-7, REG-8).

mod algorithm;
mod arrival;
mod authentication;
mod code;
mod departure;
mod farewell;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod http;
mod id_token;
mod known;
mod locale;
mod logout_token;
mod provider;
mod relying_party;
mod service;
mod settings;
mod skew;
mod trouble;

pub use algorithm::Algorithm;
pub use relying_party::RelyingParty;
pub use settings::{
    AssertionAudience, AuthenticationSettings, NameSettings, PrivateKeySettings, ServiceFault,
    ServiceSettings, SettingsError, TransportSettings,
};
