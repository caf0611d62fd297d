//! Unsafe requests that bear an idempotency key: a repeat is answered as the first one was, and does nothing. What was asked for is
//! remembered as a keyed hash, because the answer to a secret question can be in it.

use domain::account::AccountId;
use domain::policy::Actor;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::Application;
use crate::ports::keys::Purpose;
use crate::ports::records::{Answered, Asker, SecretHash};
use crate::ports::storage::{Snapshot, StorageError, Transaction};

/// The longest idempotency key, in characters.
pub const KEY_LONGEST: usize = 128;

/// Why an idempotency key is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyRefused {
    /// It was used for something else.
    #[error("this idempotency key was used for another request")]
    Reused,
    /// It is too long to be kept.
    #[error("an idempotency key has 1 to {KEY_LONGEST} characters")]
    Unusable,
}

/// How the key of an act on a page begins: one that was made here, for what somebody sends twice by a second click or after a broken connection.
pub const OF_A_PAGE: &str = "page ";

/// A page may be there for days, in a window or in what a browser keeps. After so long the act is no longer told as done: it may have been undone
/// since, and done by the same words again.
const OF_A_PAGE_FOR: Duration = Duration::minutes(2);

/// Refuses a key that cannot be kept.
///
/// # Errors
/// [`KeyRefused::Unusable`].
fn check_key(key: Option<&str>) -> Result<(), KeyRefused> {
    let unusable = |key: &str| key.is_empty() || key.chars().count() > KEY_LONGEST;
    if key.is_some_and(unusable) {
        return Err(KeyRefused::Unusable);
    }
    Ok(())
}

/// An idempotency key with a digest of what is asked for under it.
#[derive(Debug, Clone)]
pub(crate) struct Once {
    key: String,
    digest: SecretHash,
    /// Under the keys of before: a request that is repeated after a change of keys is still the same.
    former: Vec<SecretHash>,
    /// What was answered before is no answer to this.
    since: Option<OffsetDateTime>,
}

impl Once {
    /// Of a request's key, where it has one, and of everything that makes two requests the same: the first part names the use case.
    ///
    /// # Errors
    /// [`KeyRefused::Unusable`].
    pub(crate) fn of(
        app: &Application,
        key: Option<&str>,
        asked: &[impl AsRef<str>],
    ) -> Result<Option<Self>, KeyRefused> {
        check_key(key)?;
        let Some(key) = key else {
            return Ok(None);
        };
        let message = in_one(asked.iter().map(AsRef::as_ref));
        let of_page = key.starts_with(OF_A_PAGE);
        Ok(Some(Self {
            key: key.to_owned(),
            since: of_page.then(|| app.clock.now() - OF_A_PAGE_FOR),
            digest: SecretHash(app.keys.hash(Purpose::Request, &message)),
            former: app
                .keys
                .former_hashes(Purpose::Request, &message)
                .into_iter()
                .map(SecretHash)
                .collect(),
        }))
    }

    /// Whether it is an act of a page, which somebody may send again from what a browser kept.
    pub(crate) fn is_of_a_page(&self) -> bool {
        self.since.is_some()
    }

    /// Whether what is asked for now is what was answered.
    fn is_answered_by(&self, answered: &Answered) -> bool {
        let too_old = self.since.is_some_and(|since| answered.at < since);
        let same = answered.digest == self.digest || self.former.contains(&answered.digest);
        same && !too_old
    }
}

/// Texts as one message to be hashed. Each is preceded by its length, so that they cannot run together.
pub(crate) fn in_one<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<u8> {
    let mut message = Vec::new();
    for text in texts {
        message.extend((text.len() as u64).to_be_bytes());
        message.extend(text.as_bytes());
    }
    message
}

/// The record that came of the same request before.
///
/// # Errors
/// [`KeyRefused::Reused`], or that records do not work.
pub(crate) async fn answered_with<E>(
    records: &mut dyn Snapshot,
    actor: &Actor,
    once: Option<&Once>,
) -> Result<Option<Uuid>, E>
where
    E: From<StorageError> + From<KeyRefused>,
{
    let came = all_answered_with::<E>(records, actor, once).await?;
    Ok(came.and_then(|came| came.first().copied()))
}

/// All the records that came of the same request before, in order.
///
/// # Errors
/// [`KeyRefused::Reused`], or that records do not work.
pub(crate) async fn all_answered_with<E>(
    records: &mut dyn Snapshot,
    actor: &Actor,
    once: Option<&Once>,
) -> Result<Option<Vec<Uuid>>, E>
where
    E: From<StorageError> + From<KeyRefused>,
{
    let (Some(once), Some(asker)) = (once, Asker::of(actor)) else {
        return Ok(None);
    };
    let answered = records.requests().answered(asker, &once.key).await?;
    match answered {
        Some(answered) if once.is_answered_by(&answered) => Ok(Some(answered.records)),
        Some(_) => Err(KeyRefused::Reused.into()),
        None => Ok(None),
    }
}

/// Remembers what came of a request, with the account whose request it was.
///
/// # Errors
/// [`StorageError`]; a key that a simultaneous request has just used counts as contention.
pub(crate) async fn remember(
    tx: &mut dyn Transaction,
    account: AccountId,
    once: Option<&Once>,
    record: Uuid,
    at: OffsetDateTime,
) -> Result<(), StorageError> {
    remember_all(tx, account.into(), once, vec![record], at).await
}

/// Remembers all that came of a request, in order, with whose request it was.
///
/// # Errors
/// [`StorageError`], as for [`remember`].
pub(crate) async fn remember_all(
    tx: &mut dyn Transaction,
    asker: Asker,
    once: Option<&Once>,
    records: Vec<Uuid>,
    at: OffsetDateTime,
) -> Result<(), StorageError> {
    let Some(once) = once else {
        return Ok(());
    };
    let answered = Answered {
        digest: once.digest,
        records,
        at,
    };
    tx.requests_mut()
        .remember(asker, &once.key, &answered)
        .await
        .map_err(StorageError::overtaken)
}
