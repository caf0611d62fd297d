//! Who wants a pass of a job: what a pass under schedule leaves for somebody to look at, they take by its name.

/// Who wants it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// It is time to.
    Schedule,
    /// Somebody who has looked at what it works on.
    Hand,
}
