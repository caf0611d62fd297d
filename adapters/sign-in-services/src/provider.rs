//! What a service says of itself: its addresses and its keys, read in one go and checked before anything is believed of it.

use application::ports::sign_in_services::SignInServiceError;
use openidconnect::core::{
    CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType,
    CoreJsonWebKey, CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm,
    CoreResponseMode, CoreResponseType, CoreSubjectIdentifierType,
};
use openidconnect::url::Url;
use openidconnect::{
    AdditionalProviderMetadata, AuthUrl, DiscoveryError, EndSessionUrl, IssuerUrl, JsonWebKeySet,
    ProviderMetadata, TokenUrl,
};
use serde::{Deserialize, Serialize};

use crate::http::Http;
use crate::trouble::Trouble;

/// What goes beyond `OpenID` Connect Discovery.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Beyond {
    /// RP-Initiated Logout 1.0.
    end_session_endpoint: Option<EndSessionUrl>,
    /// RFC 9207.
    #[serde(default)]
    authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for Beyond {}

type Metadata = ProviderMetadata<
    Beyond,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A service's own word about itself.
#[derive(Debug)]
pub(crate) struct Provider {
    metadata: Metadata,
    token_endpoint: TokenUrl,
}

impl Provider {
    /// Asks the issuer.
    pub async fn fetch(http: &Http, issuer: IssuerUrl) -> Result<Self, Trouble> {
        let metadata = Metadata::discover_async(issuer, http)
            .await
            .map_err(trouble)?;
        let token_endpoint = metadata.token_endpoint().cloned();
        let token_endpoint = token_endpoint
            .ok_or_else(|| Trouble::Unusable("it has no token endpoint".to_owned()))?;
        let provider = Self {
            metadata,
            token_endpoint,
        };
        provider.speaks_in_private()?;
        Ok(provider)
    }

    /// No address may be less protected than the issuer's own, which the settings have been checked for.
    fn speaks_in_private(&self) -> Result<(), Trouble> {
        let issuer = self.metadata.issuer().url();
        let end = self.end_session_endpoint().map(EndSessionUrl::url);
        let addresses = [
            self.authorization_endpoint().url(),
            self.token_endpoint.url(),
            self.metadata.jwks_uri().url(),
        ];
        let in_clear = addresses
            .into_iter()
            .chain(end)
            .find(|address| is_less_protected(address, issuer));
        in_clear.map_or(Ok(()), |address| {
            Err(Trouble::Unusable(format!(
                "{address} is less protected than its issuer"
            )))
        })
    }

    pub fn authorization_endpoint(&self) -> &AuthUrl {
        self.metadata.authorization_endpoint()
    }

    pub fn token_endpoint(&self) -> &TokenUrl {
        &self.token_endpoint
    }

    pub fn end_session_endpoint(&self) -> Option<&EndSessionUrl> {
        self.metadata
            .additional_metadata()
            .end_session_endpoint
            .as_ref()
    }

    pub fn keys(&self) -> &JsonWebKeySet<CoreJsonWebKey> {
        self.metadata.jwks()
    }

    /// Whether it takes the portal's secret in the request's body alone; RFC 6749 prefers the header.
    pub fn wants_the_secret_in_the_body(&self) -> bool {
        let ways = self.metadata.token_endpoint_auth_methods_supported();
        ways.is_some_and(|ways| {
            !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
                && ways.contains(&CoreClientAuthMethod::ClientSecretPost)
        })
    }

    /// Whether the answer's `iss` is this service's; it may only be missing where the service never sends one (RFC 9207).
    pub fn vouches_for(&self, issuer: Option<&str>) -> Result<(), SignInServiceError> {
        let beyond = self.metadata.additional_metadata();
        match issuer {
            Some(issuer) if issuer == self.metadata.issuer().as_str() => Ok(()),
            Some(_) => Err(SignInServiceError::NotBelieved(
                "the answer is another issuer's",
            )),
            None if beyond.authorization_response_iss_parameter_supported => Err(
                SignInServiceError::NotBelieved("the answer does not say whose it is"),
            ),
            None => Ok(()),
        }
    }
}

/// Whether what is sent there can only be read there.
pub(crate) fn is_private(address: &Url) -> bool {
    address.scheme() == "https" || address.scheme() == "http" && is_loopback(address)
}

/// Whether more people could read what is sent there than what is sent to the issuer; whoever is on this machine is somebody else than
/// whoever the issuer is.
fn is_less_protected(address: &Url, issuer: &Url) -> bool {
    !is_private(address) || is_loopback(address) && !is_loopback(issuer)
}

/// Whether it is this machine itself.
fn is_loopback(address: &Url) -> bool {
    use openidconnect::url::Host;
    match address.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn trouble(error: DiscoveryError<Trouble>) -> Trouble {
    match error {
        DiscoveryError::Request(trouble) => trouble,
        DiscoveryError::Response(status, _, _) if !status.is_success() => {
            Trouble::Status(status.as_u16())
        }
        DiscoveryError::Parse(error) => Trouble::Unusable(error.to_string()),
        other => Trouble::Unusable(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service elsewhere has no business with what listens on this machine.
    #[test]
    fn no_address_is_less_protected_than_its_issuer() {
        let less = |address: &str, issuer: &str| {
            is_less_protected(&address.parse().unwrap(), &issuer.parse().unwrap())
        };
        let (far, here) = ("https://gckey.example", "http://127.0.0.1:8000");
        assert!(!less("https://login.example/token", far));
        assert!(!less("http://localhost:9000/token", here));
        for address in [
            "http://gckey.example/token",
            "https://127.0.0.1/token",
            "https://[::1]/token",
            "http://localhost:6379/",
            "ftp://gckey.example/keys",
        ] {
            assert!(less(address, far), "{address}");
        }
    }
}
