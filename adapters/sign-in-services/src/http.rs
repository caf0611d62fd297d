//! The one line to the services: TLS with ring, no redirect followed, nothing waited for too long and nothing read that is too long.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::http::header::CONTENT_TYPE;
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse, http};
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use rustls_platform_verifier::BuilderVerifierExt;

use crate::settings::SettingsError;
use crate::trouble::Trouble;

/// Metadata, keys and tokens are a few kilobytes; whoever sends more means harm or is not such a service.
const BYTES_AT_MOST: usize = 1_000_000;

/// An HTTP client for services that are known, but not trusted to be well.
#[derive(Debug, Clone)]
pub(crate) struct Http(reqwest::Client);

impl Http {
    /// `patience` is for one request, from the first packet to the last byte of the answer.
    pub fn new(patience: Duration) -> Result<Self, SettingsError> {
        let no_tls = |error: Box<dyn std::error::Error + Send + Sync>| SettingsError::Tls(error);
        let tls = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| no_tls(error.into()))?
            .with_no_client_auth();
        reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            // A token request that followed a redirect would carry the code, and our proof, to wherever it points.
            .redirect(reqwest::redirect::Policy::none())
            // A connection per request: one that grew old while somebody typed a password cannot lose their code.
            .pool_max_idle_per_host(0)
            .timeout(patience)
            .build()
            .map(Self)
            .map_err(|error| no_tls(error.into()))
    }

    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, Trouble> {
        let mut answer = self.0.execute(request.try_into()?).await?;
        // A refusal in JSON is the service's own and says why; any other comes from whatever stands before it.
        let status = answer.status();
        let speaks = status.is_success() || status.is_client_error() && is_json(&answer);
        if !speaks {
            return Err(Trouble::Status(status.as_u16()));
        }
        let mut body = Vec::new();
        while let Some(piece) = answer.chunk().await? {
            if body.len() + piece.len() > BYTES_AT_MOST {
                return Err(Trouble::TooMuch(BYTES_AT_MOST));
            }
            body.extend_from_slice(&piece);
        }
        let mut carried = http::Response::new(body);
        *carried.status_mut() = status;
        *carried.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(carried)
    }
}

fn is_json(answer: &reqwest::Response) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok());
    kind.is_some_and(|kind| kind.starts_with("application/json"))
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = Trouble;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Trouble>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.carry(request))
    }
}
