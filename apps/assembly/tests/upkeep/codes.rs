//! An access code whose officer is gone before it is handed over.

use std::sync::Arc;
use std::time::Duration;

use application::Application;
use application::access_code::issue_access_code;
use application::ports::text_messages::{TextMessage, TextMessageError, TextMessages};
use async_trait::async_trait;
use contract::samples::{account, audit, id};
use domain::access_code::State;
use domain::account::{Account, Role};
use domain::lock::Lock;
use domain::person::{Language, Telephone};
use domain::policy::{Actor, Means};
use tokio::sync::Notify;

use crate::site::Site;

/// A gateway that takes its time over a message.
#[derive(Default)]
struct Slow {
    asked: Notify,
    may_go_on: Notify,
    took_it: Notify,
}

#[async_trait]
impl TextMessages for Slow {
    async fn send(
        &self,
        _: &Telephone,
        _: Language,
        _: &TextMessage,
    ) -> Result<(), TextMessageError> {
        self.asked.notify_one();
        self.may_go_on.notified().await;
        self.took_it.notify_one();
        Ok(())
    }
}

/// REG-2: a code that is on record is handed over, also where the officer's request is cut off in between (decision 0010).
#[tokio::test]
async fn a_code_is_handed_over_though_its_officer_is_gone() {
    let site = Site::new().await;
    let gateway = Arc::new(Slow::default());
    let app = Application {
        text_messages: gateway.clone(),
        ..site.app.clone()
    };
    let mut tx = site.begin().await;
    tx.accounts_mut().insert(&account(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let officer = Account {
        roles: [Role::RegistryOfficer].into(),
        lock: Lock::default(),
        ..account(2)
    };
    let means = Means::SignIn {
        at: app.clock.now(),
    };
    let officer = Actor::account(officer, means, None);
    tokio::select! {
        issued = issue_access_code(&app, &officer, id(1), None) => panic!("nobody took the message yet: {issued:?}"),
        () = gateway.asked.notified() => {}
    }
    gateway.may_go_on.notify_one();
    let took_it = tokio::time::timeout(Duration::from_secs(20), gateway.took_it.notified());
    took_it.await.expect("the message was dropped");
    let mut records = app.storage.read().await.unwrap();
    let codes = records.access_codes().of_account(id(1)).await.unwrap();
    let states = codes
        .iter()
        .map(|code| code.state(app.clock.now(), &app.terms));
    assert_eq!(states.collect::<Vec<_>>(), [State::Usable]);
}
