//! An HTTP gateway in the manner of GC Notify: `POST /v2/notifications/sms` with the number, a template and what goes into it. The words are
//! in the gateway's template, one per language.

use std::sync::Arc;
use std::time::Duration;

use application::ports::text_messages::{TextMessage, TextMessageError, TextMessages};
use async_trait::async_trait;
use domain::person::{Language, Telephone};
use reqwest::{Client, Url};
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls_platform_verifier::BuilderVerifierExt;
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

/// The gateway's settings.
#[derive(Debug, Clone)]
pub struct GatewaySettings {
    /// The gateway's address, such as `https://api.notification.canada.ca`.
    pub url: String,
    /// The key to the gateway.
    pub api_key: SecretString,
    /// The template of access codes in French; it has `((code))` and `((hours))`.
    pub access_code_template_fr: String,
    /// The template of access codes in English.
    pub access_code_template_en: String,
    /// How many seconds to wait for the gateway.
    pub timeout_seconds: u64,
}

/// Why the gateway cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// The address is none, or would send codes in clear.
    #[error("text_messages.url must be an https address")]
    Address,
    /// The client cannot be built.
    #[error("no client for the text message gateway can be built")]
    Client(#[from] reqwest::Error),
    /// The system offers no certificates to check the gateway by.
    #[error("TLS cannot be set up for the text message gateway")]
    Tls(#[from] rustls::Error),
}

/// The gateway.
#[derive(Debug)]
pub struct Gateway {
    client: Client,
    address: Url,
    settings: GatewaySettings,
}

impl Gateway {
    /// A gateway of those settings.
    ///
    /// # Errors
    /// [`GatewayError`].
    pub fn new(settings: GatewaySettings) -> Result<Self, GatewayError> {
        let base: Url = settings.url.parse().map_err(|_| GatewayError::Address)?;
        let loopback = matches!(base.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
        if base.scheme() != "https" && !loopback {
            return Err(GatewayError::Address);
        }
        let address = base
            .join("v2/notifications/sms")
            .map_err(|_| GatewayError::Address)?;
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)?
            .with_no_client_auth();
        let client = Client::builder()
            .tls_backend_preconfigured(tls)
            .timeout(Duration::from_secs(settings.timeout_seconds))
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            address,
            settings,
        })
    }
}

#[async_trait]
impl TextMessages for Gateway {
    async fn send(
        &self,
        to: &Telephone,
        language: Language,
        message: &TextMessage,
    ) -> Result<(), TextMessageError> {
        let TextMessage::AccessCode { code, hours } = message;
        let template = match language {
            Language::French => &self.settings.access_code_template_fr,
            Language::English => &self.settings.access_code_template_en,
        };
        let body = json!({
            "phone_number": to.as_str(),
            "template_id": template,
            "personalisation": { "code": code.reveal(), "hours": hours.to_string() },
        });
        let key = format!("ApiKey-v1 {}", self.settings.api_key.expose_secret());
        let answer = self
            .client
            .post(self.address.clone())
            .header("authorization", key)
            .json(&body)
            .send()
            .await
            .map_err(|error| TextMessageError::Unavailable(error.without_url().into()))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let said: Box<dyn std::error::Error + Send + Sync> =
            format!("the gateway answered {status}").into();
        // Its limits and its own troubles pass; the rest does not by waiting.
        if status.is_server_error() || status.as_u16() == 429 {
            Err(TextMessageError::Unavailable(said))
        } else {
            Err(TextMessageError::Refused(said))
        }
    }
}
