//! Whole uploads that are being looked into in this process: each by one request at a time. Another process may look into it too; the record
//! decides which of the two was first.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use domain::upload::UploadId;
use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// The turns to look into uploads. Every clone is of the same.
#[derive(Debug, Clone, Default)]
pub struct Verdicts(Arc<Mutex<BTreeMap<UploadId, Weak<Turn<()>>>>>);

impl Verdicts {
    /// Waits until nobody else looks into it. Whoever holds what comes of it does.
    pub async fn turn(&self, upload: UploadId) -> OwnedMutexGuard<()> {
        self.of(upload).lock_owned().await
    }

    fn of(&self, upload: UploadId) -> Arc<Turn<()>> {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        turns.retain(|_, turn| turn.strong_count() > 0);
        if let Some(turn) = turns.get(&upload).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::new(Turn::new(()));
        turns.insert(upload, Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use domain::id::Id;
    use futures_util::FutureExt;
    use uuid::Uuid;

    use super::*;

    /// of one upload there is one turn at a time, of another there is another, and none is kept.
    #[tokio::test]
    async fn an_upload_is_looked_into_by_one_at_a_time() {
        let [one, other] = [1, 2].map(|number| Id::new(Uuid::from_u128(number)));
        let verdicts = Verdicts::default();
        let first = verdicts.turn(one).await;
        assert!(verdicts.turn(one).now_or_never().is_none());
        drop(verdicts.turn(other).await);
        drop(first);
        drop(verdicts.turn(one).await);
        verdicts.of(other);
        assert_eq!(verdicts.0.lock().unwrap().len(), 1);
    }
}
