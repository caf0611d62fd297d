//! A mail server that is away for a day (MAIL-3): everything waits for it, nothing is given up, operators see that it waits, and all of it goes
//! within four hours of its return, once.

use std::collections::BTreeSet;

use application::ports::outbox::Outbox;
use application::ports::storage::Storage;
use domain::id::Id;
use domain::notice::{About, Notice, Recipient};
use domain::person::{EmailAddress, Language};
use storage::SqlStorage;
use time::{Duration, OffsetDateTime};

use crate::installation::{Installation, Kind, free_port};
use crate::mail_server::MailServer;

const NOTICES: u128 = 20;
const A_DAY: i64 = 24;
/// No two tries are further apart.
const LONGEST_WAIT: i64 = 4;

async fn write(storage: &SqlStorage, now: OffsetDateTime) {
    let mut tx = storage.begin().await.unwrap();
    for number in 0..NOTICES {
        let notice = Notice {
            id: Id::new(uuid::Uuid::from_u128(0x7000_8000 << 64 | number)),
            to: Recipient {
                account: None,
                email: EmailAddress::parse(&format!("person-{number}@firm.example")).unwrap(),
                language: Language::English,
            },
            about: About::DocumentFromTribunal,
            written_at: now,
            once: None,
        };
        tx.notices_mut().queue(&notice).await.unwrap();
    }
    tx.commit(contract::samples::audit()).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_that_is_away_for_a_day_loses_nothing() {
    let installation = Installation::on(Kind::Sqlite, "mail_away").await;
    let storage = installation.storage().await;
    let begun = OffsetDateTime::now_utc();
    write(&storage, begun).await;
    let port = free_port();
    let pass = |hours: i64| {
        let at = begun + Duration::hours(hours);
        installation.job_with_mail("deliver-notices", at, port)
    };
    for hours in (0..=A_DAY).step_by(2) {
        let done = pass(hours);
        assert_eq!(done["delivered"], 0, "after {hours} hours");
        let waiting = storage.waiting(3).await.unwrap();
        assert_eq!(u128::from(waiting.all), NOTICES, "after {hours} hours");
        if hours > 6 {
            assert_eq!(u128::from(waiting.stuck), NOTICES, "operators see it");
        }
    }

    let server = MailServer::at(port);
    for hours in A_DAY + 1..=A_DAY + LONGEST_WAIT {
        pass(hours);
    }
    assert_eq!(storage.waiting(0).await.unwrap().all, 0);
    let taken = server.taken();
    let people: BTreeSet<&String> = taken.iter().map(|one| &one.to).collect();
    assert_eq!(people.len() as u128, NOTICES);
    assert_eq!(taken.len() as u128, NOTICES, "each came once");
}
