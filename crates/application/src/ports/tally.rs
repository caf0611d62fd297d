//! What passes through, counted for the operators. Nothing is decided by it, and nothing in it is about anybody.

/// Whoever counts.
pub trait Tally: Send + Sync {
    /// A file came in and was found good.
    fn file_taken(&self, bytes: u64);
    /// A file came in and was refused, or its sender broke off.
    fn file_refused(&self);
    /// A file came in, and something of ours did not work: nothing was found wrong with it, and its sender was told to try again.
    fn file_failed(&self);
    /// A submission was received; one that was repeated counts once.
    fn submission_received(&self);
}

/// Nobody counts.
#[derive(Debug, Clone, Copy, Default)]
pub struct Untold;

impl Tally for Untold {
    fn file_taken(&self, _: u64) {}
    fn file_refused(&self) {}
    fn file_failed(&self) {}
    fn submission_received(&self) {}
}
