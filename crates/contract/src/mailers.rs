//! What every mailer promises (MAIL-1, MAIL-3), as tests that any implementation runs. Knows what a notice can tell, and looks only at
//! what arrives.

use std::collections::BTreeSet;
use std::sync::Arc;

use application::ports::mailer::Mailer;
use domain::case::Region;
use domain::code::Code;
use domain::confirmation_number::ConfirmationNumber;
use domain::invitation_number::InvitationNumber;
use domain::notice::{About, Notice};
use domain::person::{EmailAddress, Language};
use futures_util::future::{BoxFuture, join_all};
use time::{Duration, OffsetDateTime};

use crate::samples::{NOW, notice};

/// A message where its recipient finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    /// What two tries of one notice have in common, and no two notices: a Message-ID, or the place where a box keeps it.
    pub identity: String,
    /// To whom it went.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// Its date, to the second.
    pub date: OffsetDateTime,
}

/// A mailer, and what has arrived by the time that one asks.
pub type Post = (Arc<dyn Mailer>, BoxFuture<'static, Vec<Arrived>>);

/// Everything that a notice can tell, each kind once.
pub fn every_about(number: &ConfirmationNumber, at: OffsetDateTime) -> Vec<About> {
    std::iter::successors(Some(first(number, at)), |about| after(about, number, at)).collect()
}

/// A region whose office has another clock than the tribunal.
fn western() -> Option<Code<Region>> {
    Code::parse("western").ok()
}

fn first(number: &ConfirmationNumber, at: OffsetDateTime) -> About {
    About::DocumentsReceived {
        confirmation_number: number.clone(),
        received_at: at,
        region: western(),
    }
}

/// The next kind. A new one has no place in this chain, and does not compile until it is given one.
fn after(about: &About, number: &ConfirmationNumber, at: OffsetDateTime) -> Option<About> {
    Some(match about {
        About::DocumentsReceived { .. } => About::FormReceived {
            confirmation_number: number.clone(),
            received_at: at,
            region: western(),
        },
        About::FormReceived { .. } => About::ProfileChangeAsked,
        About::ProfileChangeAsked => About::ProfileChangeApplied,
        About::ProfileChangeApplied => About::ProfileChangeRefused,
        About::ProfileChangeRefused => About::EmailAddressChanged,
        About::EmailAddressChanged => About::SignInBound,
        About::SignInBound => About::SignInReset,
        About::SignInReset => About::CellRecorded,
        About::CellRecorded => About::AccountBlocked,
        About::AccountBlocked => About::AccountUnblocked,
        About::AccountUnblocked => About::DocumentFromTribunal,
        About::DocumentFromTribunal => About::RenewalDue { ends_at: at },
        About::RenewalDue { .. } => About::DelegateInvited {
            number: InvitationNumber::of(crate::samples::id(77)),
            lapses_at: at,
        },
        About::DelegateInvited { .. } => About::DelegationRenewed { ends_at: at },
        About::DelegationRenewed { .. } => About::DelegationExpired {
            renewable_until: at,
        },
        About::DelegationExpired { .. } => About::InvitationWithdrawn,
        About::InvitationWithdrawn => About::InvitationClosed,
        About::InvitationClosed => About::DelegationEnded,
        About::DelegationEnded => About::DelegateAccountChanged,
        About::DelegateAccountChanged => About::ProfileChangeWithdrawn,
        About::ProfileChangeWithdrawn => return None,
    })
}

/// One notice of every kind for a reader of that language, numbered from `from`, each to somebody else.
pub fn every_notice(from: u128, language: Language) -> Vec<Notice> {
    let number = ConfirmationNumber::from_random([5; 32]);
    every_about(&number, NOW + Duration::days(10))
        .into_iter()
        .zip(from..)
        .map(|(about, number)| to_somebody(notice(number, about), language))
        .collect()
}

fn to_somebody(mut notice: Notice, language: Language) -> Notice {
    let address = format!("person-{}@example.test", notice.id);
    notice.to.email = EmailAddress::parse(&address).unwrap();
    notice.to.language = language;
    notice
}

async fn send_all(mailer: &Arc<dyn Mailer>, notices: &[Notice]) {
    let tries = notices.iter().map(|notice| mailer.send(notice, NOW));
    for result in join_all(tries).await {
        result.unwrap();
    }
}

/// MAIL-2: every kind of notice arrives, for readers of both languages, at the one address that it is for.
pub async fn every_kind_of_notice_arrives((mailer, arrived): Post) {
    let notices = [
        every_notice(1, Language::French),
        every_notice(1001, Language::English),
    ]
    .concat();
    send_all(&mailer, &notices).await;
    let arrived = arrived.await;
    assert_eq!(arrived.len(), notices.len());
    let wanted: BTreeSet<&str> = notices
        .iter()
        .map(|notice| notice.to.email.as_str())
        .collect();
    let reached: BTreeSet<&str> = arrived.iter().map(|message| message.to.as_str()).collect();
    assert_eq!(reached, wanted);
    for message in &arrived {
        assert!(!message.subject.is_empty() && !message.body.is_empty());
    }
}

/// MAIL-1: subject and text are the same in both orders of languages, whose first is the recipient's.
pub async fn both_languages_are_in_every_notice((mailer, arrived): Post) {
    let french = every_notice(1, Language::French);
    let english = every_notice(1001, Language::English);
    send_all(&mailer, &french).await;
    send_all(&mailer, &english).await;
    let arrived = arrived.await;
    let of = |notice: &Notice| {
        let to = notice.to.email.as_str();
        arrived.iter().find(|message| message.to == to).unwrap()
    };
    for notices in french.iter().zip(&english) {
        let (french, english) = (of(notices.0), of(notices.1));
        assert_ne!(french.body, english.body, "the order differs");
        // The two are two notices, and each bears its own reference, in both languages.
        let sorted = |text: &str, notice: &Notice| {
            let reference = notice.id.to_string();
            assert_eq!(text.matches(&reference).count(), 2, "{text}");
            let mut lines: Vec<&str> = text.lines().collect();
            lines.retain(|line| !line.contains(&reference));
            lines.sort_unstable();
            lines.join("\n")
        };
        assert_eq!(
            sorted(&french.body, notices.0),
            sorted(&english.body, notices.1)
        );
        let (first, second) = french.subject.split_once(" / ").unwrap();
        assert_eq!(english.subject, format!("{second} / {first}"));
        for text in [&french.subject, &french.body] {
            let first = text.find("Mon dossier");
            assert!(first.is_some() && first < text.find("My Case"), "{text}");
        }
    }
}

/// MAIL-3: whoever gets the same notice twice can tell, however long after the first try the second one was.
pub async fn every_try_of_a_notice_is_the_same_message((mailer, arrived): Post) {
    let notice = every_notice(1, Language::French).remove(0);
    for days in [0, 1, 400] {
        let now = NOW + Duration::days(days);
        mailer.send(&notice, now).await.unwrap();
    }
    let identities: BTreeSet<String> = identities(arrived.await);
    assert_eq!(identities.len(), 1);
}

/// MAIL-3: two notices are never taken for one, even if they tell the same person the same thing at the same time.
pub async fn two_notices_are_two_messages((mailer, arrived): Post) {
    let one = every_notice(1, Language::French).remove(0);
    let mut other = one.clone();
    other.id = crate::samples::id(2);
    for notice in [&one, &other] {
        mailer.send(notice, NOW).await.unwrap();
    }
    assert_eq!(identities(arrived.await).len(), 2);
}

/// The mail's date is the instant that the mailer was given.
pub async fn the_date_is_the_instant_of_the_try((mailer, arrived): Post) {
    let later = NOW + Duration::days(3);
    let notice = every_notice(1, Language::French).remove(0);
    mailer.send(&notice, later).await.unwrap();
    let dates: Vec<i64> = arrived
        .await
        .iter()
        .map(|message| message.date.unix_timestamp())
        .collect();
    assert_eq!(dates, [later.unix_timestamp()]);
}

fn identities(arrived: Vec<Arrived>) -> BTreeSet<String> {
    arrived
        .into_iter()
        .map(|message| message.identity)
        .collect()
}

/// Every promise against one implementation. `$fresh` is an async expression giving a [`Post`](crate::mailers::Post) to which nothing
/// has been sent.
#[macro_export]
macro_rules! mailers_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::mailers, $fresh;
            every_kind_of_notice_arrives,
            both_languages_are_in_every_notice,
            every_try_of_a_notice_is_the_same_message,
            two_notices_are_two_messages,
            the_date_is_the_instant_of_the_try,
        );
    };
}
