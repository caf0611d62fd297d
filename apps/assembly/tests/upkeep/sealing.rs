//! The audit trail when the tribunal's key is changed (SEC-2).

use std::sync::Arc;

use application::Application;
use application::by::By;
use application::legal_hold::hold_case;
use assembly::jobs::{End, run, run_by};
use assembly::keys::TribunalKey;
use contract::samples::{able, audit, case};
use domain::account::{Account, Role};
use domain::policy::{Actor, Job, Means};
use serde_json::{Value, json};

use crate::site::Site;

fn digits(first: char) -> secrecy::SecretString {
    format!("{first}{}", "01234567".repeat(8))[..64]
        .to_owned()
        .into()
}

impl Site {
    /// The portal with that key, which took the place of those.
    fn with_key(&self, key: char, former: &[char]) -> Application {
        let former: Vec<_> = former.iter().copied().map(digits).collect();
        let key = TribunalKey::parse(&digits(key)).unwrap().after(&former);
        Application {
            keys: Arc::new(key.unwrap()),
            ..self.app.clone()
        }
    }
}

/// One more entry.
async fn enter(app: &Application) {
    let tx = app.storage.begin().await.unwrap();
    tx.commit(audit()).await.unwrap();
}

/// Two more entries, sealed.
async fn go_on(app: &Application) {
    enter(app).await;
    enter(app).await;
    run(app, Job::SealAudit).await.unwrap();
}

async fn findings(app: &Application) -> (End, Value) {
    let pass = run(app, Job::VerifyAudit).await.unwrap().unwrap();
    (pass.end, pass.told.get("findings").cloned().unwrap())
}

/// SEC-2: a worker that was not told of the new key seals nothing after the new key's seals, which would count as tampered with for ever, and says
/// so; whoever looked at it has the trail go on by hand, where a key is lost.
#[tokio::test]
async fn a_worker_with_a_key_of_before_seals_nothing() {
    let site = Site::new().await;
    go_on(&site.with_key('a', &[])).await;
    let (new, old) = (site.with_key('b', &['a']), site.with_key('a', &[]));
    go_on(&new).await;
    enter(&site.app).await;
    let pass = run(&old, Job::SealAudit).await.unwrap().unwrap();
    assert_eq!((pass.end, pass.told), (End::Undone, json!({ "sealed": 0 })));
    assert_eq!(findings(&new).await, (End::Well, json!([])));

    go_on(&new).await;
    let lost = site.with_key('d', &[]);
    enter(&site.app).await;
    let by_hand = run_by(&lost, Job::SealAudit, By::Hand)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (by_hand.end, by_hand.told),
        (End::Well, json!({ "sealed": 1 }))
    );
    go_on(&lost).await;
}

/// a request that comes again after the key was changed is the one that was answered.
#[tokio::test]
async fn a_repeat_after_a_change_of_keys_is_a_repeat() {
    let site = Site::new().await;
    let officer = Account {
        roles: [Role::RegistryOfficer].into(),
        ..able(9)
    };
    let mut tx = site.begin().await;
    tx.accounts_mut().insert(&able(1)).await.unwrap();
    tx.accounts_mut().insert(&officer).await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let at = site.app.clock.now();
    let actor = Actor::account(officer, Means::SignIn { at }, None);
    let hold = async |app: Application| {
        let number = case(1).file_number;
        let held = hold_case(&app, &actor, &number, "IMM-1-27", Some("a key")).await;
        held.map(|hold| hold.id)
    };
    let first = hold(site.with_key('a', &[])).await.unwrap();
    let again = hold(site.with_key('b', &['a'])).await.unwrap();
    assert_eq!(first, again);
    let unknown = hold(site.with_key('c', &['b'])).await;
    assert!(unknown.is_err(), "whoever cannot tell does nothing");
}

/// SEC-2: with the former keys the whole trail verifies, and without them what came before the change does not. A former key vouches for nothing
/// that came after a newer one: whoever stole it cannot go on with the trail.
#[tokio::test]
async fn a_changed_key_leaves_the_trail_verifiable() {
    let site = Site::new().await;
    go_on(&site.with_key('a', &[])).await;
    go_on(&site.with_key('b', &['a'])).await;
    let now = site.with_key('c', &['b', 'a']);
    go_on(&now).await;
    assert_eq!(findings(&now).await, (End::Well, json!([])));
    let changed = json!([{ "changed": 1 }, { "changed": 2 }]);
    let forgotten = site.with_key('c', &['b']);
    assert_eq!(findings(&forgotten).await, (End::Findings, changed));

    go_on(&site.with_key('a', &['b', 'c'])).await;
    let forged = json!([{ "changed": 7 }, { "changed": 8 }]);
    assert_eq!(findings(&now).await, (End::Findings, forged));
}
