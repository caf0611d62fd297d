//! Whether a machine's clock can be believed where what is over is removed for good: two machines must agree on how late it is. Knows
//! nothing of records.

use time::{Duration, OffsetDateTime};

/// How far ahead of another machine's a clock may be. Clocks that are set by the network differ by much less, and everything that is
/// removed was over for longer.
pub const AHEAD_AT_MOST: Duration = Duration::minutes(1);

/// A clock that is ahead of another machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "this machine's clock is {} s ahead of the database's: set whichever is wrong; until then nothing is removed",
    .by.whole_seconds()
)]
pub struct Ahead {
    /// How far.
    pub by: Duration,
}

/// Whether what is over at `ours` may be removed, by a machine that read `ours` before it asked another for `theirs`. A clock that is
/// behind removes later, which is no harm.
///
/// # Errors
/// [`Ahead`].
pub fn agree(ours: OffsetDateTime, theirs: OffsetDateTime) -> Result<(), Ahead> {
    let by = ours - theirs;
    if by > AHEAD_AT_MOST {
        return Err(Ahead { by });
    }
    Ok(())
}
