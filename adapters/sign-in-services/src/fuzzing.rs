//! Ways in for fuzz targets: what judges tokens, as a service known by its keys may have issued them, without asking it anything. Not in the portal.

use std::time::Duration;

use openidconnect::JsonWebKeySet;
use openidconnect::core::CoreJsonWebKey;
use time::OffsetDateTime;

use crate::code::Tokens;
use crate::departure::Kept;
use crate::http::Http;
use crate::logout_token::{Token, told};
use crate::service::Service;
use crate::{ServiceSettings, id_token};

/// A service that nobody asks.
pub struct Tried {
    service: Service,
    keys: JsonWebKeySet<CoreJsonWebKey>,
    kept: Kept,
}

impl Tried {
    /// By its settings, its keys (RFC 7517) and what a departure for it left behind, both in JSON. `None` where one cannot be read.
    pub fn new(settings: ServiceSettings, keys: &str, kept: &str) -> Option<Self> {
        let http = Http::new(Duration::from_secs(1)).ok()?;
        Some(Self {
            service: Service::load(settings, "https://portal.example", http).ok()?,
            keys: serde_json::from_str(keys).ok()?,
            kept: serde_json::from_str(kept).ok()?,
        })
    }

    /// Whether a session ends by that token.
    pub fn is_believed_to_end(&self, token: &str, now: OffsetDateTime) -> bool {
        let Ok((token, claims)) = Token::read(token) else {
            return false;
        };
        let signed = match token.key(&self.keys) {
            Ok(Some(key)) => token.is_signed_by(&key).is_ok(),
            Ok(None) | Err(_) => false,
        };
        told(claims, &self.service, now).is_ok() && signed
    }

    /// Whether somebody is signed in by those tokens, as the token endpoint gives them.
    pub fn is_believed_to_sign_in(&self, tokens: &str, now: OffsetDateTime) -> bool {
        serde_json::from_str::<Tokens>(tokens).is_ok_and(|tokens| {
            id_token::judge(&tokens, &self.service, &self.keys, &self.kept, now).is_ok()
        })
    }
}
