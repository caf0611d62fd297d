//! What a version before left behind in the order of lists.

use application::sort_keys::{RenewedKeys, renew_sort_keys};
use contract::samples::{audit, case, id, inbox_item};

use crate::site::Site;

/// CASE-4: keys that a version before made are made anew, of every record, and of one that makes no sense nothing is touched.
#[tokio::test]
async fn keys_of_a_version_before_are_made_anew() {
    let site = Site::new().await;
    let mut tx = site.begin().await;
    for number in 1..=600 {
        tx.cases_mut().insert(&case(number)).await.unwrap();
        let mut item = inbox_item(number);
        item.case = id(number);
        tx.inbox_mut().insert(&item).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let before = site.keys().await;
    site.execute("UPDATE case_file SET name_key = 'old', search_text = 'old'")
        .await;
    site.execute("UPDATE inbox_item SET title_key = 'old'")
        .await;
    site.execute("UPDATE case_file SET parties = '?' WHERE hex(id) LIKE '%001'")
        .await;
    let expected = RenewedKeys {
        cases: 599,
        search_texts: 599,
        items: 600,
    };
    assert_eq!(renew_sort_keys(&site.app).await.unwrap(), expected);
    let mut left = before.clone();
    left[0] = "old".to_owned();
    left[600] = "old".to_owned();
    assert_eq!(site.keys().await, left);
    let again = renew_sort_keys(&site.app).await.unwrap();
    assert_eq!(again, RenewedKeys::default());
}

impl Site {
    /// The keys of cases, what searches for them look through, and the keys of inbox items, each in order of id.
    async fn keys(&self) -> Vec<String> {
        let mut keys = self
            .texts("SELECT name_key FROM case_file ORDER BY id")
            .await;
        keys.extend(
            self.texts("SELECT search_text FROM case_file ORDER BY id")
                .await,
        );
        keys.extend(
            self.texts("SELECT title_key FROM inbox_item ORDER BY id")
                .await,
        );
        keys
    }
}
