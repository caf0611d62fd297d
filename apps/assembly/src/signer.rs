//! The tribunal's signature: one Ed25519 key that grows from a configured seed, and the public halves of former ones.

use application::ports::signer::Signer;
use receipts::{
    BadKeyName, BadVerifierKey, Checkpoint, Hash, KeyName, Kind, SignedStatement, SigningKey,
    VerifierKey,
};
use secrecy::SecretString;

use crate::keys::{NotAKey, drawn_bytes};

/// Why there is no signature.
#[derive(Debug, thiserror::Error)]
pub enum SignerError {
    /// The seed is none.
    #[error("receipts.key must be 64 hexadecimal digits; `openssl rand -hex 32` makes one")]
    Seed(#[from] NotAKey),
    /// The log's name is none.
    #[error("receipts.origin: {0}")]
    Origin(#[from] BadKeyName),
    /// A former key is none.
    #[error("receipts.former_keys: {0}")]
    Former(#[from] BadVerifierKey),
}

/// The present key and the former ones.
pub struct TribunalSigner {
    key: SigningKey,
    keys: Vec<VerifierKey>,
}

impl TribunalSigner {
    /// From what is configured.
    ///
    /// # Errors
    /// [`SignerError`].
    pub fn new(origin: &str, seed: &SecretString, former: &[String]) -> Result<Self, SignerError> {
        let name: KeyName = origin.parse()?;
        let key = SigningKey::from_seed(name, &drawn_bytes(seed)?);
        let former: Vec<VerifierKey> = former
            .iter()
            .map(|key| key.parse())
            .collect::<Result<_, _>>()?;
        let former = former.into_iter().filter(|former| former != key.verifier());
        let keys = std::iter::once(key.verifier().clone())
            .chain(former)
            .collect();
        Ok(Self { key, keys })
    }
}

impl Signer for TribunalSigner {
    fn sign(&self, kind: Kind, text: String) -> SignedStatement {
        SignedStatement::sign(kind, text, &self.key)
    }

    fn sign_head(&self, size: u64, root: Hash) -> String {
        let origin = self.key.verifier().name().clone();
        Checkpoint { origin, size, root }.signed(&self.key)
    }

    fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// the present key comes first, and a former key is listed once.
    #[test]
    fn the_present_key_comes_first() {
        let seed = |digit: &str| SecretString::from(format!("0{}", digit.repeat(63)));
        let signer = |digit: &str, former: &[String]| {
            TribunalSigner::new("tribunal.example/log", &seed(digit), former).unwrap()
        };
        let before = signer("1", &[]).keys()[0].to_string();
        let now = signer("2", std::slice::from_ref(&before));
        let twice = signer("1", std::slice::from_ref(&before));
        let texts = |signer: &TribunalSigner| -> Vec<String> {
            signer.keys().iter().map(ToString::to_string).collect()
        };
        assert_eq!(texts(&now).len(), 2);
        assert_eq!(texts(&now)[1], before);
        assert_eq!(texts(&twice), [before.as_str()]);
        assert!(TribunalSigner::new("two words", &seed("1"), &[]).is_err());
        assert!(TribunalSigner::new("log", &seed("0"), &[]).is_err());
        assert!(TribunalSigner::new("log", &seed("1"), &["key".to_owned()]).is_err());
    }
}
