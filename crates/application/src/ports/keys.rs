//! Hashes under the tribunal's own secret key, which no database holds: of access codes, and of the audit trail's links.

/// For what a hash is made. Each purpose has a key of its own, so that a hash made for one is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Access codes (REG-2).
    AccessCode,
    /// The links between the audit trail's entries (SEC-2).
    AuditTrail,
    /// What throttling counts by, so that no network address is kept.
    Throttle,
    /// What was asked for under an idempotency key.
    Request,
}

/// Makes keyed hashes. MUST be an HMAC, or as good as one.
pub trait KeyedHash: Send + Sync {
    /// The hash of `message` for that purpose.
    fn hash(&self, purpose: Purpose, message: &[u8]) -> [u8; 32];
    /// The same under each former key, the newest first: what was hashed before the key was changed is known by them, and nothing new is made.
    fn former_hashes(&self, purpose: Purpose, message: &[u8]) -> Vec<[u8; 32]>;
}
