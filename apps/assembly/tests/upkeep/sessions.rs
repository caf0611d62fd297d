//! Sessions that are over, and that no job has tidied away yet (OWASP ASVS 5.0, 7.5.2).

use application::own_sessions::list_sessions;
use application::ports::records::SecretHash;
use contract::samples::{audit, sign_in};
use domain::policy::{Actor, Who};
use domain::session::Session;
use domain::sign_in::SignIn;
use time::Duration;

use crate::site::Site;

/// What is over is no session any more: its person sees the others alone, though it is still on record.
#[tokio::test]
async fn what_is_over_and_still_on_record_is_not_listed() {
    let site = Site::new().await;
    let (app, now) = (&site.app, site.app.clock.now());
    let stranger = SignIn {
        bound: None,
        ..sign_in(1)
    };
    let mut tx = site.begin().await;
    tx.sign_ins_mut().insert(&stranger).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let begun = now - app.terms.session_idle;
    for (number, at) in [(1, begun), (2, begun + Duration::SECOND)] {
        let session = Session::begin(stranger.id, at, None, &app.terms);
        let hash = SecretHash([number; 32]);
        app.sessions.begin(&hash, &session).await.unwrap();
    }
    let actor = Actor {
        who: Who::Stranger(Box::new(stranger)),
        from: None,
    };
    let listed = list_sessions(app, &actor, None).await.unwrap();
    let listed: Vec<_> = listed.iter().map(|session| session.begun_at).collect();
    assert_eq!(listed, [begun + Duration::SECOND]);
}
