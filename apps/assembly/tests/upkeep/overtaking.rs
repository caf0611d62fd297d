//! Jobs that others get ahead of, in each of their transactions: they try again, and all that is due is done.

use application::sort_keys::{RenewedKeys, renew_sort_keys};
use application::tidy::tidy_sessions;
use application::watch_terms::{remind_of_renewals, tell_of_ends};
use contract::samples::{account, audit, case, delegation, id};
use domain::delegation::{Delegation, Promised, Running};
use time::Duration;

use crate::faults::Busy;
use crate::site::Site;

impl Site {
    /// A delegation that was accepted so many days ago, of this version or of one before.
    fn accepted(&self, number: u128, days: i64, promised: Option<Promised>) -> Delegation {
        let at = self.app.clock.now() - Duration::days(days);
        Delegation {
            promised,
            running: Some(Running {
                delegate: id(2),
                accepted_at: at,
                term_began_at: at,
            }),
            ended_at: None,
            ..delegation(number)
        }
    }
}

/// DEL-3, MAIL-2: reminders and the news of an end, each once, and before them the promise of a version that wrote down none.
#[tokio::test]
async fn who_is_to_be_told_of_a_term_is_told() {
    let site = Site::new().await;
    let promised = Some(Promised::by(&site.app.terms));
    let mut tx = site.begin().await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    for delegation in [
        site.accepted(1, 55, promised),
        site.accepted(2, 55, None),
        site.accepted(3, 61, promised),
    ] {
        tx.delegations_mut().insert(&delegation).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let busy = Busy::portal(&site.app);
    assert_eq!(remind_of_renewals(&busy).await.unwrap().notices, 2);
    assert_eq!(tell_of_ends(&busy).await.unwrap().notices, 2);
    assert_eq!(remind_of_renewals(&busy).await.unwrap().notices, 0);
    assert_eq!(tell_of_ends(&busy).await.unwrap().notices, 0);
}

/// CASE-4, REG-2: keys are made anew, and a code without a deadline gets one.
#[tokio::test]
async fn what_a_version_before_left_is_put_right() {
    let site = Site::new().await;
    let code = site.code_without_deadline();
    let mut tx = site.begin().await;
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.access_codes_mut().insert(&code).await.unwrap();
    tx.commit(audit()).await.unwrap();
    site.execute("UPDATE case_file SET name_key = 'old', search_text = 'old'")
        .await;
    let busy = Busy::portal(&site.app);
    let renewed = renew_sort_keys(&busy).await.unwrap();
    let expected = RenewedKeys {
        cases: 1,
        search_texts: 1,
        items: 0,
    };
    assert_eq!(renewed, expected);
    tidy_sessions(&busy).await.unwrap();
    let mut records = site.app.storage.read().await.unwrap();
    let found = records.access_codes().by_hash(&code.hash).await.unwrap();
    assert!(found.unwrap().expires_at.is_some());
}
