//! Jobs that others get ahead of, in each of their transactions: they try again, and all that is due is done.

use application::delegations::{DelegationError, list_delegations, renew_delegation};
use application::sort_keys::{RenewedKeys, renew_sort_keys};
use application::tidy::tidy_sessions;
use application::watch_terms::{remind_of_renewals, tell_of_ends};
use contract::samples::{able, account, audit, case, delegation, id};
use domain::delegation::{Delegation, Promised, RenewalRefused, Running};
use domain::policy::{Actor, Means};
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
            wrong_answers: 0,
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

/// DEL-3, MAIL-2: a job that did not run until after the last day of renewal tells both all the same; after as long again it is too late for
/// news.
#[tokio::test]
async fn a_job_that_comes_late_tells_all_the_same() {
    let site = Site::new().await;
    let promised = Some(Promised::by(&site.app.terms));
    let mut tx = site.begin().await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    for (number, days) in [(1, 79), (2, 80)] {
        let over = site.accepted(number, days, promised);
        tx.delegations_mut().insert(&over).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    assert_eq!(tell_of_ends(&site.app).await.unwrap().notices, 2);
    let kinds = site.texts("SELECT DISTINCT kind FROM notice").await;
    assert_eq!(kinds, ["delegation-ended"]);
}

/// DEL-1, DEL-4: a delegation that expired is not renewed, nor offered to be, where its delegate holds another place of the same counsel.
#[tokio::test]
async fn who_holds_another_place_is_not_renewed() {
    let site = Site::new().await;
    let promised = Some(Promised::by(&site.app.terms));
    let counsel = able(1);
    let mut tx = site.begin().await;
    tx.accounts_mut().insert(&counsel).await.unwrap();
    tx.accounts_mut().insert(&account(2)).await.unwrap();
    for (number, days) in [(1, 65), (2, 5)] {
        let one = site.accepted(number, days, promised);
        tx.delegations_mut().insert(&one).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let (app, of) = (&site.app, counsel.id);
    let means = Means::SignIn {
        at: app.clock.now(),
    };
    let actor = Actor::account(counsel, means, None);
    let held = list_delegations(app, &actor, of).await.unwrap();
    let mut all = held.listed.iter();
    let expired = all.find(|one| one.delegated.delegation.id == id(1));
    assert_eq!(expired.map(|one| one.renewable), Some(false));
    let refused = renew_delegation(app, &actor, of, id(1), None).await;
    assert!(
        matches!(
            refused,
            Err(DelegationError::Renewal(RenewalRefused::Lapsed))
        ),
        "{refused:?}"
    );
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
