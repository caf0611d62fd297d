//! What a page is told by the redirect that leads to it after something was done.

use serde::Deserialize;

/// The query of such a page's address.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    /// What was done; nothing where somebody just looks.
    pub(super) done: String,
}
