//! Whom a document from the tribunal is told to, and what it takes to find them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use application::Application;
use application::receive_document::{IncomingFile, receive_document};
use application::send_document::{SendDocument, may_bring, send_document};
use bytes::Bytes;
use contract::samples::{able, account, audit, case, delegation};
use domain::account::{Account, Role};
use domain::case::Case;
use domain::code::Code;
use domain::delegation::{Delegation, Running};
use domain::document::{FileName, Inspected, MediaType};
use domain::policy::{Actor, Means};
use futures_util::stream;
use time::Duration;

use crate::faults::Finds;
use crate::site::Site;

impl Site {
    /// A running delegation of counsel 1 to that account.
    fn delegated_to(&self, delegate: &Account) -> Delegation {
        let began_at = self.app.clock.now() - Duration::DAY;
        Delegation {
            running: Some(Running {
                delegate: delegate.id,
                accepted_at: began_at,
                term_began_at: began_at,
            }),
            wrong_answers: 0,
            ended_at: None,
            ..delegation(delegate.id.uuid().as_u128())
        }
    }

    /// Counsel 1 with a case and those delegates.
    async fn represented_by(&self, delegates: &[(Account, Delegation)]) {
        let mut tx = self.begin().await;
        tx.accounts_mut().insert(&able(1)).await.unwrap();
        let open = Case {
            final_decision_on: None,
            ..case(1)
        };
        tx.cases_mut().insert(&open).await.unwrap();
        for (delegate, delegation) in delegates {
            tx.accounts_mut().insert(delegate).await.unwrap();
            tx.delegations_mut().insert(delegation).await.unwrap();
        }
        tx.commit(audit()).await.unwrap();
    }

    /// The registry sends a document on the case; who is told of it.
    async fn told_when_sent(&self, app: &Application) -> Vec<String> {
        let officer = Account {
            roles: [Role::RegistryOfficer].into(),
            ..able(9)
        };
        let now = app.clock.now();
        let actor = Actor::account(officer, Means::SignIn { at: now }, None);
        let found = Inspected {
            media_type: MediaType::Pdf,
            pages: Some(1),
        };
        let app = Application {
            inspector: Arc::new(Finds(Ok(found))),
            ..app.clone()
        };
        let incoming = IncomingFile {
            name: FileName::from_sender("a.pdf"),
            title: None,
            bytes: Box::pin(stream::iter([Ok(Bytes::from_static(b"a"))])),
        };
        let intake = may_bring(&app, &actor).unwrap();
        let wish = SendDocument {
            on: vec![case(1).file_number],
            document_type: Code::parse("letter").unwrap(),
            title: "A letter".to_owned(),
            file: receive_document(&app, &intake, incoming).await.unwrap(),
            idempotency_key: None,
        };
        send_document(&app, &actor, &wish).await.unwrap();
        let told = "SELECT email FROM notice ORDER BY email";
        self.texts(told).await
    }
}

/// Delegates of those numbers, with access to the cases of counsel 1.
fn delegates(site: &Site, numbers: impl Iterator<Item = u128>) -> Vec<(Account, Delegation)> {
    let each = numbers.map(|number| {
        let delegate = able(number);
        let delegation = site.delegated_to(&delegate);
        (delegate, delegation)
    });
    each.collect()
}

/// BOX-1, V-1: to find four delegates takes as many statements as to find one: meanwhile nobody else writes.
#[tokio::test]
async fn more_delegates_take_no_more_statements() {
    let mut taken = Vec::new();
    for last in [11, 14] {
        let site = Site::new().await;
        site.represented_by(&delegates(&site, 11..=last)).await;
        let asked = Arc::new(AtomicU64::new(0));
        let counted = asked.clone();
        let count = move || {
            counted.fetch_add(1, Ordering::SeqCst);
        };
        let app = site.watched(count).await;
        let told = site.told_when_sent(&app).await;
        assert_eq!(told.len() as u128, 1 + (last - 10), "{told:?}");
        taken.push(asked.load(Ordering::SeqCst));
    }
    assert!(taken[0] > 0 && taken[0] == taken[1], "{taken:?}");
}

/// BOX-1, DEL-3, SEC-1: counsel and the delegates who have access are told, and nobody who has it no more: whose delegation expired or was
/// ended, and who is blocked.
#[tokio::test]
async fn only_who_has_access_is_told() {
    let site = Site::new().await;
    let mut all = delegates(&site, 11..=14);
    all[1].0.lock = account(12).lock;
    all[2].1.ended_at = Some(site.app.clock.now());
    let expired = all[3].1.running.as_mut().unwrap();
    expired.term_began_at -= Duration::days(60);
    site.represented_by(&all).await;
    let told = site.told_when_sent(&site.app).await;
    let of = |number: u128| account(number).email.as_str().to_owned();
    assert_eq!(told, [of(11), of(1)]);
}
