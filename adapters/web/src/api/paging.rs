//! Lists in parts: `?cursor=&limit=`, answered with `{"items": […], "next_cursor": …}`.

use application::ports::records::{Cursor, PageRequest};

use crate::problem::{Kind, Problem};

/// Items in a part when the caller does not say.
const USUAL: u32 = 20;
/// Items in a part at most.
const MOST: u32 = 100;

/// Which part the caller wants.
pub(super) fn page(cursor: Option<String>, limit: Option<u32>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Kind::LimitUnusable.into());
    }
    Ok(PageRequest {
        after: cursor.filter(|cursor| !cursor.is_empty()).map(Cursor),
        limit,
    })
}
