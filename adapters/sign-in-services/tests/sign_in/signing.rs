//! Keys of services that do not exist, and tokens signed with them.

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// A key on the curve P-256.
pub struct Key {
    id: String,
    pair: EcdsaKeyPair,
}

impl Key {
    pub fn new(id: &str) -> Self {
        let chance = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let der = EcdsaKeyPair::generate_pkcs8(algorithm, &chance).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(algorithm, der.as_ref(), &chance).unwrap();
        let id = id.to_owned();
        Self { id, pair }
    }

    /// The public half, as services publish it.
    pub fn published(&self) -> Value {
        let (x, y) = self.pair.public_key().as_ref()[1..].split_at(32);
        let [x, y] = [x, y].map(|half| BASE64.encode(half));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.id, "x": x, "y": y })
    }

    /// The header of an honest token.
    pub fn header(&self) -> Value {
        json!({ "alg": "ES256", "kid": self.id })
    }

    /// An honest token.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_under(&self.header(), claims)
    }

    /// A token whose header says whatever it likes.
    pub fn sign_under(&self, header: &Value, claims: &Value) -> String {
        let said = said(header, claims);
        let signature = self.pair.sign(&SystemRandom::new(), said.as_bytes());
        format!("{said}.{}", BASE64.encode(signature.unwrap()))
    }
}

/// A token without a signature.
pub fn unsigned(claims: &Value) -> String {
    format!("{}.", said(&json!({ "alg": "none" }), claims))
}

/// A token that whoever knows the secret can make.
pub fn signed_by_secret(secret: &str, header: &Value, claims: &Value) -> String {
    let said = said(header, claims);
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, secret.as_bytes());
    let signature = ring::hmac::sign(&key, said.as_bytes());
    format!("{said}.{}", BASE64.encode(signature))
}

/// `at_hash` of an access token.
pub fn at_hash(access_token: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, access_token.as_bytes());
    BASE64.encode(&digest.as_ref()[..16])
}

fn said(header: &Value, claims: &Value) -> String {
    [header, claims]
        .map(|part| BASE64.encode(part.to_string()))
        .join(".")
}
