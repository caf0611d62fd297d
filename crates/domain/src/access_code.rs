//! An access code: sent by text message, valid 24 hours, used once, kept only as a keyed hash (REG-2).

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use time::OffsetDateTime;

use crate::account::{Account, AccountId};
use crate::id::Id;
use crate::policy::Permit;
use crate::readable_code;
use crate::terms::Terms;

/// Symbols, the check character included.
const LENGTH: usize = 8;

/// The code itself, on its way to a telephone or from a keyboard. Never stored.
#[derive(Debug, Clone)]
pub struct AccessCode(SecretString);

impl AccessCode {
    /// A new code.
    pub fn from_random(random: [u8; 32]) -> Self {
        Self(readable_code::grouped(&readable_code::from_random(random, LENGTH)).into())
    }

    /// Whether a text can be a code that somebody got wrong: nothing at all is none, and no letter by letter is ever so long (REG-2).
    pub fn can_be(text: &str) -> bool {
        text.chars().any(char::is_alphanumeric) && text.chars().take(65).count() <= 64
    }

    /// What a person typed, brought into the form that is hashed. Anything can be typed; what is no code simply matches none.
    pub fn typed(text: &str) -> Self {
        let code = readable_code::parse(text, LENGTH).map_or_else(
            |_| text.chars().take(64).collect(),
            |code| readable_code::grouped(&code),
        );
        Self(code.into())
    }

    /// The code in clear, to send or to hash.
    pub fn reveal(&self) -> &str {
        self.0.expose_secret()
    }
}

/// A code's keyed hash. Compared in constant time.
#[derive(Clone, Copy)]
pub struct CodeHash([u8; 32]);

impl CodeHash {
    /// From the port that hashes, or from storage.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// For storage.
    pub const fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl PartialEq for CodeHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CodeHash {}

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeHash(…)")
    }
}

/// The identifier of an [`IssuedCode`].
pub type IssuedCodeId = Id<IssuedCode>;

/// That a code was issued for an account, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuedCode {
    /// Identifier.
    pub id: IssuedCodeId,
    /// Whose sign-in it will bind.
    pub account: AccountId,
    /// Keyed hash of the code.
    pub hash: CodeHash,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// From when it no longer works, as its person was told when it was sent. `None` where nobody has written that down yet: the present
    /// terms hold until a job does.
    pub expires_at: Option<OffsetDateTime>,
    /// When a newer code or the registry voided it.
    pub voided_at: Option<OffsetDateTime>,
    /// When it was used.
    pub used_at: Option<OffsetDateTime>,
}

/// What a code is good for at an instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It binds the sign-in of whoever enters it.
    Usable,
    /// Too old.
    Expired,
    /// A newer one, or the registry, voided it.
    Voided,
    /// It did its work.
    Used,
}

impl IssuedCode {
    /// Issues a code for `account`, for as long as `terms` say now. The caller voids the account's earlier ones with
    /// [`IssuedCode::voided`].
    pub fn issue(
        permit: &Permit,
        id: IssuedCodeId,
        account: &Account,
        hash: CodeHash,
        terms: &Terms,
    ) -> Self {
        let at = permit.at();
        Self {
            id,
            account: account.id,
            hash,
            issued_at: at,
            expires_at: Some(at + terms.access_code),
            voided_at: None,
            used_at: None,
        }
    }

    /// From when it no longer works. Terms that change later change nothing of it: a code that has expired never works again, and one that
    /// somebody was told works until tomorrow does.
    pub fn expires_at(&self, terms: &Terms) -> OffsetDateTime {
        self.expires_at
            .unwrap_or(self.issued_at + terms.access_code)
    }

    /// What the code is good for at `at`: usable until, and not including, the instant 24 hours after issue. Used or voided, it stays so
    /// on every machine's clock.
    pub fn state(&self, at: OffsetDateTime, terms: &Terms) -> State {
        if self.used_at.is_some() {
            State::Used
        } else if self.voided_at.is_some() {
            State::Voided
        } else if at >= self.expires_at(terms) {
            State::Expired
        } else {
            State::Usable
        }
    }

    /// Voided at `at`; one that was used or voided before stays as it was.
    #[must_use]
    pub fn voided(&self, at: OffsetDateTime) -> Self {
        if self.used_at.is_some() {
            return self.clone();
        }
        Self {
            voided_at: Some(self.voided_at.map_or(at, |voided| voided.min(at))),
            ..self.clone()
        }
    }

    /// Used at `at`. Only `registration` says when.
    pub(crate) fn used(&self, at: OffsetDateTime) -> Self {
        Self {
            used_at: Some(at),
            ..self.clone()
        }
    }
}
