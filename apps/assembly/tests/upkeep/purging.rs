//! What `purge` and `tidy-documents` do when something stands against a part of it.

use application::purge::{Purge, purge};
use contract::samples::{NOW, audit, id, profile_change};
use domain::profile_change::{Decided, Outcome, ProfileChange};
use domain::retention::Kind;

use crate::site::Site;

/// PRIV-1: a record that makes no sense is told of and stays; it does not keep the others from going.
#[tokio::test]
async fn one_record_that_makes_no_sense_stops_nobody_else() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    for number in 1..=3 {
        let decided = ProfileChange {
            decided: Some(Decided {
                outcome: Outcome::Applied,
                by: id(9),
                at: NOW,
            }),
            ..profile_change(number)
        };
        let changes = tx.profile_changes_mut();
        changes.insert(&decided).await.unwrap();
        changes.decide(&decided).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let nonsense = "UPDATE profile_change SET language = 'klingon' WHERE hex(id) LIKE '%2'";
    site.execute(nonsense).await;

    for (how, gone) in [
        (Purge::Count, Some(&2)),
        (Purge::Remove, Some(&2)),
        (Purge::Remove, None),
    ] {
        let done = purge(&site.app, how).await.unwrap();
        assert_eq!(done.gone.get(&Kind::ProfileChange), gone, "{done:?}");
        assert_eq!(done.unreadable, 1, "{done:?}");
    }
}
