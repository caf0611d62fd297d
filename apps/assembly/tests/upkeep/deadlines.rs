//! What a version of before left without a deadline gets it from the job that tidies sessions (decision 0048).

use std::sync::Arc;

use application::Application;
use application::ports::records::SecretHash;
use application::tidy::tidy_sessions;
use contract::samples::{audit, id};
use domain::session::{Limits, Session};
use domain::terms::Terms;

use crate::site::Site;

/// REG-2: codes and sessions of before have what the terms of that pass say, whatever the terms are later; what has a deadline keeps it.
#[tokio::test]
async fn what_has_no_deadline_gets_one_from_the_terms_of_the_pass() {
    let site = Site::new().await;
    let now = site.app.clock.now();
    let code = site.code_without_deadline();
    let mut tx = site.begin().await;
    tx.access_codes_mut().insert(&code).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let session = Session {
        limits: None,
        ..Session::begin(id(1), now, None, &site.app.terms)
    };
    let browser = SecretHash([1; 32]);
    let sessions = &site.app.sessions;
    sessions.begin(&browser, &session).await.unwrap();
    let later = Application {
        terms: Arc::new(Terms {
            access_code: site.app.terms.access_code * 2,
            session_idle: site.app.terms.session_idle * 2,
            ..Terms::clone(&site.app.terms)
        }),
        ..site.app.clone()
    };
    for app in [&site.app, &later] {
        tidy_sessions(app).await.unwrap();
        let mut records = app.storage.read().await.unwrap();
        let found = records.access_codes().by_hash(&code.hash).await.unwrap();
        let until = Some(now + site.app.terms.access_code);
        assert_eq!(found.unwrap().expires_at, until);
        let found = sessions.find(&browser).await.unwrap().unwrap();
        assert_eq!(found.limits, Some(Limits::by(&site.app.terms)));
    }
}
