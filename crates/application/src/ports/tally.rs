//! What passes through, counted for the operators. Nothing is decided by it, and nothing in it is about anybody.

/// Whoever counts.
pub trait Tally: Send + Sync {
    /// A file came in and was found good.
    fn file_taken(&self, bytes: u64);
    /// A file came in and was refused, or its sender broke off.
    fn file_refused(&self);
    /// A submission was received; one that was repeated counts once.
    fn submission_received(&self);
}

/// Nobody counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Untold;

impl Tally for Untold {
    fn file_taken(&self, _: u64) {}
    fn file_refused(&self) {}
    fn submission_received(&self) {}
}
