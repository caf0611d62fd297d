//! Lists in parts: `?cursor=&limit=`, answered with `{"items": […], "next_cursor": …}`.

use application::ports::records::{Cursor, PageRequest};
use uuid::Uuid;

use crate::problem::{Kind, Problem};

/// Items in a part when the caller does not say.
const USUAL: u32 = 20;
/// Items in a part at most.
const MOST: u32 = 100;

/// A list that is read whole since it is never long, cut to the part that the caller wants: as much as a part can hold, where they do not say. It
/// goes on after the item that the cursor names; where that one is gone, the list has to be begun again.
pub(super) fn part<T>(
    mut items: Vec<T>,
    cursor: Option<String>,
    limit: Option<u32>,
    id: impl Fn(&T) -> Uuid,
) -> Result<(Vec<T>, Option<String>), Problem> {
    let page = page(cursor, limit.or(Some(MOST)))?;
    if let Some(Cursor(after)) = page.after {
        let after = items.iter().position(|item| id(item).to_string() == after);
        let after = after.ok_or(Kind::CursorUnusable)?;
        items.drain(..=after);
    }
    let limit = usize::try_from(page.limit).unwrap_or(usize::MAX);
    let goes_on = items.len() > limit;
    items.truncate(limit);
    let next = items
        .last()
        .filter(|_| goes_on)
        .map(|last| id(last).to_string());
    Ok((items, next))
}

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
