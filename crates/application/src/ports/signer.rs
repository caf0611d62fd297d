//! The tribunal's signature on what it states. The secret key stays behind this port.

use receipts::{Hash, Kind, SignedStatement, VerifierKey};

/// Signs. What is signed, and how, is the crate `receipts`' to say.
pub trait Signer: Send + Sync {
    /// Signs a statement of that kind.
    fn sign(&self, kind: Kind, text: String) -> SignedStatement;
    /// Signs a head of the log: how many entries it has, and its root. Gives the note that is published. Whoever asks MUST know that the
    /// log began as every head that was signed before.
    fn sign_head(&self, size: u64, root: Hash) -> String;
    /// The keys by which anybody verifies: the present one first, then former ones.
    fn keys(&self) -> &[VerifierKey];
}
