//! What every store promises of what lies beside the records: browsers that are away, counts of tries, seals, runs of jobs, uses of
//! tokens, the clock of their machine.

use std::sync::Arc;

use application::ports::audit_seals::{AuditSeals, Seal};
use application::ports::clock::RecordsClock;
use application::ports::job_runs::JobRuns;
use application::ports::records::SecretHash;
use application::ports::sessions::{Away, Departures, Sessions};
use application::ports::sign_in_services::ServiceLogout;
use application::ports::storage::{Storage, StorageError};
use application::ports::throttle::Throttle;
use application::ports::token_uses::TokenUses;
use domain::policy::Job;
use domain::session::Session;
use time::{Duration, OffsetDateTime};

use crate::samples::{NOW, audit, id, session, sign_in, token};

/// Everything of one store that lies beside the records.
#[derive(Clone)]
pub struct Side {
    /// Records, to put something there first.
    pub storage: Arc<dyn Storage>,
    /// Sessions.
    pub sessions: Arc<dyn Sessions>,
    /// Browsers that are away.
    pub departures: Arc<dyn Departures>,
    /// Counts of tries.
    pub throttle: Arc<dyn Throttle>,
    /// Seals.
    pub seals: Arc<dyn AuditSeals>,
    /// Runs of jobs.
    pub job_runs: Arc<dyn JobRuns>,
    /// Uses of tokens.
    pub token_uses: Arc<dyn TokenUses>,
    /// The clock of the records' machine.
    pub records_clock: Arc<dyn RecordsClock>,
}

/// the store's machine says how late it is, which on the machine of these tests is as late as here.
#[expect(
    clippy::disallowed_methods,
    reason = "the machine's own clock is what the store's is compared with"
)]
pub async fn the_records_machine_says_how_late_it_is(side: Side) {
    let before = OffsetDateTime::now_utc();
    let told = side.records_clock.now().await.unwrap();
    let after = OffsetDateTime::now_utc();
    let second = Duration::SECOND;
    assert!(
        (before - second..after + second).contains(&told),
        "{told}, between {before} and {after}"
    );
}

fn away() -> Away {
    Away {
        service: "gckey".to_owned(),
        kept: "state and nonce".to_owned().into(),
        come_back: "/fr/account".to_owned(),
        left_at: NOW,
    }
}

/// A browser that was away is let back once, also when two come at the same time.
pub async fn a_browser_comes_back_once(side: Side) {
    let hash = SecretHash([4; 32]);
    side.departures.leave(&hash, &away()).await.unwrap();
    let (one, two) = tokio::join!(side.departures.take(&hash), side.departures.take(&hash));
    let both = [one, two];
    let back = both.iter().flatten().flatten().count();
    assert_eq!(back, 1, "{both:?}");
    assert!(matches!(side.departures.take(&hash).await, Ok(None)));
    side.departures.leave(&hash, &away()).await.unwrap();
    assert_eq!(side.departures.remove_left_before(NOW).await.unwrap(), 0);
    let later = NOW + Duration::SECOND;
    assert_eq!(side.departures.remove_left_before(later).await.unwrap(), 1);
}

/// Tries are counted per key and window, none is lost, and a window that ended begins anew (SEC-1).
pub async fn every_try_is_counted(side: Side) {
    let (key, window) = ([5; 32], Duration::minutes(10));
    let tries = (0..20).map(|_| {
        let throttle = side.throttle.clone();
        tokio::spawn(async move { throttle.count(&key, NOW, window).await })
    });
    let mut counted = Vec::new();
    for one in tries.collect::<Vec<_>>() {
        counted.push(one.await.unwrap().unwrap().tries);
    }
    counted.sort_unstable();
    assert_eq!(counted, (1..=20).collect::<Vec<u32>>());
    let other = side.throttle.count(&[6; 32], NOW, window).await.unwrap();
    assert_eq!((other.tries, other.ends_at), (1, NOW + window));
    let last = NOW + window - Duration::SECOND;
    for (key, at, tries) in [
        (key, last, 20),
        (key, NOW + window, 0),
        ([6; 32], last, 1),
        ([7; 32], NOW, 0),
    ] {
        let counted = side.throttle.counted(&key, at).await.unwrap();
        let there = (tries > 0).then_some((tries, NOW + window));
        let counted = counted.map(|counted| (counted.tries, counted.ends_at));
        assert_eq!(counted, there, "counted without counting");
    }
    assert_eq!(
        side.throttle.count(&key, last, window).await.unwrap().tries,
        21
    );
    let anew = side
        .throttle
        .count(&key, NOW + window, window)
        .await
        .unwrap();
    assert_eq!((anew.tries, anew.ends_at), (1, NOW + window + window));
    assert_eq!(side.throttle.remove_ended(NOW + window).await.unwrap(), 1);
}

/// Entries are sealed once, by one worker; seals come back with their entries (SEC-2).
pub async fn entries_are_sealed_once(side: Side) {
    for _ in 0..3 {
        side.storage
            .begin()
            .await
            .unwrap()
            .commit(audit())
            .await
            .unwrap();
    }
    let waiting = side.seals.unsealed(0, 2).await.unwrap();
    assert_eq!(waiting.len(), 2);
    assert_eq!(side.seals.last().await.unwrap(), None);
    let seal = |number: i64| Seal {
        number,
        position: waiting[usize::try_from(number).unwrap() - 1].position,
        link: [u8::try_from(number).unwrap(); 32],
    };
    side.seals.append(&[seal(1), seal(2)]).await.unwrap();
    let second_worker = Seal {
        number: 3,
        ..seal(2)
    };
    for taken in [seal(1), second_worker] {
        let refused = side.seals.append(&[taken]).await;
        assert!(matches!(refused, Err(StorageError::Contention)));
    }
    assert_eq!(side.seals.last().await.unwrap(), Some(seal(2)));
    assert_eq!(side.seals.unsealed(0, 10).await.unwrap().len(), 1);
    let beyond = side.seals.unsealed(i64::MAX, 10).await.unwrap();
    assert_eq!(beyond, []);
    let sealed = side.seals.after(1, 10).await.unwrap();
    assert_eq!(sealed, [(seal(2), Some(waiting[1].clone()))]);
}

/// A service's word ends the sessions that it names, and no others (REG-6).
pub async fn a_service_ends_what_it_names(side: Side) {
    let mut tx = side.storage.begin().await.unwrap();
    let person = sign_in(1);
    tx.sign_ins_mut().insert(&person).await.unwrap();
    tx.commit(audit()).await.unwrap();
    for (number, theirs) in [(1_u8, Some("a")), (2, Some("b")), (3, None)] {
        let session = session(person.id, theirs);
        side.sessions
            .begin(&SecretHash([number; 32]), &session)
            .await
            .unwrap();
    }
    let other = session(id(77), Some("a"));
    side.sessions
        .begin(&SecretHash([9; 32]), &other)
        .await
        .unwrap();
    let word = |subject: Option<&str>, session: Option<&str>| ServiceLogout {
        issuer: person.identity.issuer.clone(),
        subject: subject.map(str::to_owned),
        service_session: session.map(str::to_owned),
        token_id: "1".to_owned(),
        void_from: NOW,
    };
    let subject = Some(person.identity.subject.as_str());
    assert_eq!(
        side.sessions
            .end_by_service(&word(None, None))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        side.sessions
            .end_by_service(&word(Some("nobody"), None))
            .await
            .unwrap(),
        0
    );
    assert_eq!(
        side.sessions
            .end_by_service(&word(None, Some("a")))
            .await
            .unwrap(),
        1
    );
    assert_eq!(
        side.sessions
            .end_by_service(&word(subject, None))
            .await
            .unwrap(),
        2
    );
    assert!(
        side.sessions
            .find(&SecretHash([9; 32]))
            .await
            .unwrap()
            .is_some()
    );
}

/// One's sessions are listed, the last used first, and nobody else's; what is ended is gone with the commit, for everybody, and not before
/// (OWASP ASVS 5.0, 7.5.2).
pub async fn ones_sessions_are_listed_and_end_with_the_commit(side: Side) {
    let hash = |number| SecretHash([number; 32]);
    let mut begun = Vec::new();
    for number in 1..=3_u8 {
        let used = NOW + Duration::minutes(i64::from(number));
        let session = Session {
            last_used_at: used,
            ..session(id(u128::from(number / 3)), None)
        };
        let kept = side.sessions.begin(&hash(number), &session).await;
        kept.unwrap();
        begun.push(session);
    }
    let mut records = side.storage.read().await.unwrap();
    let mut listed = async |of| records.sessions().of_sign_in(id(of)).await.unwrap();
    let mine = [(hash(2), begun[1].clone()), (hash(1), begun[0].clone())];
    assert_eq!(listed(0).await, mine);
    assert_eq!(listed(1).await, [(hash(3), begun[2].clone())]);
    assert_eq!(listed(2).await, []);
    drop(records);
    let is_there = async |number| side.sessions.find(&hash(number)).await.unwrap().is_some();
    let mut tx = side.storage.begin().await.unwrap();
    tx.sessions_mut().end(&hash(1)).await.unwrap();
    assert_eq!(tx.sessions().of_sign_in(id(0)).await.unwrap().len(), 1);
    assert!(is_there(1).await, "not yet");
    drop(tx);
    assert!(is_there(1).await, "never committed");
    for _ in 0..2 {
        let mut tx = side.storage.begin().await.unwrap();
        tx.sessions_mut().end(&hash(1)).await.unwrap();
        tx.commit(audit()).await.unwrap();
        assert!(!is_there(1).await);
    }
    assert!(is_there(2).await && is_there(3).await);
    let mut tx = side.storage.begin().await.unwrap();
    assert_eq!(tx.sessions_mut().end_every().await.unwrap(), 2);
    tx.commit(audit()).await.unwrap();
    assert!(!is_there(2).await && !is_there(3).await);
}

/// A job's last run and a token's last use are noted; a use never moves back.
pub async fn runs_and_uses_are_noted(side: Side) {
    let later = NOW + Duration::hours(1);
    for at in [NOW, later] {
        side.job_runs.ran(Job::SealAudit, at).await.unwrap();
    }
    let runs = side.job_runs.last().await.unwrap();
    assert_eq!(runs.get(Job::SealAudit.name()), Some(&later));
    assert_eq!(runs.len(), 1);
    let mut tx = side.storage.begin().await.unwrap();
    tx.tokens_mut()
        .insert(&token(1), &SecretHash([1; 32]))
        .await
        .unwrap();
    tx.commit(audit()).await.unwrap();
    for at in [later, NOW] {
        side.token_uses.used(id(1), at).await.unwrap();
    }
    let mut records = side.storage.read().await.unwrap();
    let used = records.tokens().by_id(id(1)).await.unwrap().unwrap();
    assert_eq!(used.last_used_at, Some(later));
}

/// Where a job stopped is kept for that job alone, as it was last said, until there is no such place any more.
pub async fn where_a_job_stopped_is_kept(side: Side) {
    let (job, other) = (Job::TidyDocuments, Job::Purge);
    let [first, second] = [1, 2].map(uuid::Uuid::from_u128);
    for place in [None, Some(first), Some(second), None] {
        side.job_runs.stops_after(job, place).await.unwrap();
        assert_eq!(side.job_runs.stopped_after(job).await.unwrap(), place);
        assert_eq!(side.job_runs.stopped_after(other).await.unwrap(), None);
    }
    assert!(side.job_runs.last().await.unwrap().is_empty());
}

/// Every promise against one store. `$fresh` is an async expression that gives an empty [`Side`](crate::side::Side).
#[macro_export]
macro_rules! side_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::side, $fresh;
            a_browser_comes_back_once,
            every_try_is_counted,
            entries_are_sealed_once,
            a_service_ends_what_it_names,
            ones_sessions_are_listed_and_end_with_the_commit,
            runs_and_uses_are_noted,
            where_a_job_stopped_is_kept,
            the_records_machine_says_how_late_it_is,
        );
    };
}
