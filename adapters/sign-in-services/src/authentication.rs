//! How the portal proves to a service that it is the portal: by a shared secret, or by a statement that it signs anew each time
//! (`private_key_jwt`, OpenID Connect Core 9).

use std::fs;
use std::path::Path;

use application::ports::clock::Random;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use openidconnect::{ClientSecret, IssuerUrl, TokenUrl};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::pki_types::pem::PemObject;
use secrecy::ExposeSecret;
use serde_json::json;
use time::{Duration, OffsetDateTime};

use crate::algorithm::Algorithm;
use crate::settings::{
    AssertionAudience, AuthenticationSettings, PrivateKeySettings, ServiceFault,
};
use crate::trouble::Trouble;

/// What a statement is called in a token request (RFC 7523).
pub(crate) const STATEMENT_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A statement is good for so long, which is time enough for a service whose clock is slow.
const GOOD_FOR: Duration = Duration::minutes(5);

/// The portal's proof towards one service.
pub(crate) enum Authentication {
    Secret(ClientSecret),
    Signature(Box<Signer>),
}

impl Authentication {
    /// Reads what the settings name.
    pub fn load(settings: &AuthenticationSettings) -> Result<Self, ServiceFault> {
        let secret = match settings {
            AuthenticationSettings::ClientSecret(secret) => secret.expose_secret().to_owned(),
            AuthenticationSettings::ClientSecretFile(path) => {
                let secret = fs::read_to_string(path).map_err(|error| unreadable(path, error))?;
                secret.trim_end_matches(['\r', '\n']).to_owned()
            }
            AuthenticationSettings::PrivateKey(key) => {
                return Ok(Self::Signature(Box::new(Signer::load(key)?)));
            }
        };
        if secret.is_empty() {
            return Err(ServiceFault::EmptySecret);
        }
        Ok(Self::Secret(ClientSecret::new(secret)))
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> ServiceFault {
    let path = path.to_owned();
    ServiceFault::File { path, source }
}

/// Signs statements with the portal's own key.
pub(crate) struct Signer {
    key: Key,
    id: Option<String>,
    algorithm: Algorithm,
    audience: AssertionAudience,
    chance: SystemRandom,
}

enum Key {
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
    Ecdsa(Box<EcdsaKeyPair>),
}

impl Signer {
    fn load(settings: &PrivateKeySettings) -> Result<Self, ServiceFault> {
        let pem = fs::read(&settings.file).map_err(|error| unreadable(&settings.file, error))?;
        let chance = SystemRandom::new();
        let key = key(&pem, settings.algorithm, &chance);
        let key = key.ok_or_else(|| ServiceFault::PrivateKey {
            path: settings.file.clone(),
            algorithm: settings.algorithm,
        })?;
        Ok(Self {
            key,
            id: settings.id.clone(),
            algorithm: settings.algorithm,
            audience: settings.audience,
            chance,
        })
    }

    /// A statement that the portal is who it is, for one request alone.
    pub fn statement(
        &self,
        client_id: &str,
        issuer: &IssuerUrl,
        token_endpoint: &TokenUrl,
        random: &dyn Random,
        now: OffsetDateTime,
    ) -> Result<String, Trouble> {
        let mut header = json!({ "alg": self.algorithm, "typ": "JWT" });
        if let (Some(id), Some(header)) = (&self.id, header.as_object_mut()) {
            header.insert("kid".to_owned(), json!(id));
        }
        let audience = match self.audience {
            AssertionAudience::Issuer => issuer.as_str(),
            AssertionAudience::TokenEndpoint => token_endpoint.as_str(),
        };
        let claims = json!({
            "iss": client_id,
            "sub": client_id,
            "aud": audience,
            "jti": BASE64_URL_SAFE_NO_PAD.encode(random.bytes()),
            "iat": now.unix_timestamp(),
            "exp": (now + GOOD_FOR).unix_timestamp(),
        });
        let [header, claims] =
            [header, claims].map(|part| BASE64_URL_SAFE_NO_PAD.encode(part.to_string()));
        let said = format!("{header}.{claims}");
        let signature = self.sign(said.as_bytes()).ok_or(Trouble::NotSigned)?;
        Ok(format!(
            "{said}.{}",
            BASE64_URL_SAFE_NO_PAD.encode(signature)
        ))
    }

    fn sign(&self, said: &[u8]) -> Option<Vec<u8>> {
        match &self.key {
            Key::Rsa(key, encoding) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(*encoding, &self.chance, said, &mut signature)
                    .ok()?;
                Some(signature)
            }
            Key::Ecdsa(key) => Some(key.sign(&self.chance, said).ok()?.as_ref().to_vec()),
        }
    }
}

fn key(pem: &[u8], algorithm: Algorithm, chance: &SystemRandom) -> Option<Key> {
    let der = PrivatePkcs8KeyDer::from_pem_slice(pem).ok()?;
    let der = der.secret_pkcs8_der();
    let rsa = |encoding| {
        let key = RsaKeyPair::from_pkcs8(der).ok()?;
        Some(Key::Rsa(Box::new(key), encoding))
    };
    match algorithm {
        Algorithm::RS256 => rsa(&RSA_PKCS1_SHA256),
        Algorithm::PS256 => rsa(&RSA_PSS_SHA256),
        Algorithm::ES256 => EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der, chance)
            .ok()
            .map(|key| Key::Ecdsa(Box::new(key))),
    }
}
