//! The audit trail when the tribunal's key is changed (SEC-2).

use std::sync::Arc;

use application::Application;
use assembly::jobs::{End, run};
use assembly::keys::TribunalKey;
use contract::samples::audit;
use domain::policy::Job;
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

/// Two more entries, sealed.
async fn go_on(app: &Application) {
    for _ in 0..2 {
        let tx = app.storage.begin().await.unwrap();
        tx.commit(audit()).await.unwrap();
    }
    run(app, Job::SealAudit).await.unwrap();
}

async fn findings(app: &Application) -> (End, Value) {
    let pass = run(app, Job::VerifyAudit).await.unwrap().unwrap();
    (pass.end, pass.told.get("findings").cloned().unwrap())
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

    go_on(&site.with_key('a', &[])).await;
    let forged = json!([{ "changed": 7 }, { "changed": 8 }]);
    assert_eq!(findings(&now).await, (End::Findings, forged));
}
