//! The signature algorithms that this portal knows. There is no `none` among them and no `HS…`: what cannot be written down cannot be
//! allowed by mistake.

use openidconnect::core::CoreJwsSigningAlgorithm;
use serde::{Deserialize, Serialize};

/// A signature algorithm with a public key (RFC 7518).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub enum Algorithm {
    /// RSA with PKCS #1 padding.
    RS256,
    /// RSA with PSS padding.
    PS256,
    /// ECDSA on the curve P-256.
    ES256,
}

impl Algorithm {
    /// All of them, which is what a service may use unless its settings say less.
    pub const ALL: [Self; 3] = [Self::RS256, Self::PS256, Self::ES256];

    pub(crate) fn known_as(self) -> CoreJwsSigningAlgorithm {
        match self {
            Self::RS256 => CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
            Self::PS256 => CoreJwsSigningAlgorithm::RsaSsaPssSha256,
            Self::ES256 => CoreJwsSigningAlgorithm::EcdsaP256Sha256,
        }
    }
}
