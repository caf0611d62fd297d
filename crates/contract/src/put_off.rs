//! Changes that a storage may put off: what is asked after them sees them, and what is there already is refused no later than at the commit.

use std::sync::Arc;

use application::ports::records::{Answered, Asker, PageRequest, SecretHash};
use application::ports::storage::{Storage, StorageError, Transaction};

use crate::samples::{NOW, audit, case, id, submission};

type Fresh = Arc<dyn Storage>;

/// What is there already is refused: as a duplicate when it is put there, or as contention at the commit.
pub(crate) async fn assert_taken(put: Result<(), StorageError>, tx: Box<dyn Transaction>) {
    let refused = match put {
        Ok(()) => tx.commit(audit()).await,
        Err(StorageError::Duplicate) => Err(StorageError::Contention),
        other => other,
    };
    assert!(
        matches!(refused, Err(StorageError::Contention)),
        "{refused:?}"
    );
}

/// SUB-2: a key that was used gives what it was answered with, and cannot be used again.
pub async fn a_key_answers_once(storage: Fresh) {
    let answered = Answered {
        digest: SecretHash([8; 32]),
        records: vec![id::<()>(1).uuid(), id::<()>(7).uuid()],
        at: NOW,
    };
    let mut tx = storage.begin().await.unwrap();
    tx.requests_mut()
        .remember(Asker::Account(id(1)), "key", &answered)
        .await
        .unwrap();
    tx.requests_mut()
        .remember(Asker::Account(id(2)), "key", &answered)
        .await
        .unwrap();
    tx.commit(audit()).await.unwrap();
    assert_eq!(
        storage
            .read()
            .await
            .unwrap()
            .requests()
            .answered(Asker::Account(id(1)), "key")
            .await
            .unwrap(),
        Some(answered.clone())
    );
    let mut tx = storage.begin().await.unwrap();
    let again = tx.requests_mut();
    let again = again
        .remember(Asker::Account(id(1)), "key", &answered)
        .await;
    assert_taken(again, tx).await;
}

/// What is put off is seen by the next question, keeps its order, and goes with its transaction.
pub async fn what_is_put_off_is_there_when_it_is_asked_for(storage: Fresh) {
    let answered = Answered {
        digest: SecretHash([8; 32]),
        records: vec![id::<()>(1).uuid()],
        at: NOW,
    };
    let mut tx = storage.begin().await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.submissions_mut().insert(&submission(1)).await.unwrap();
    tx.submissions_mut().insert(&submission(2)).await.unwrap();
    tx.requests_mut()
        .remember(Asker::Account(id(1)), "key", &answered)
        .await
        .unwrap();
    let found = tx
        .requests()
        .answered(Asker::Account(id(1)), "key")
        .await
        .unwrap();
    assert_eq!(found, Some(answered));
    let of_case = PageRequest {
        after: None,
        limit: 10,
    };
    let page = tx.submissions().of_case(id(1), id(1), &of_case).await;
    assert_eq!(page.unwrap().items, [submission(2), submission(1)]);
    drop(tx);
    let mut records = storage.read().await.unwrap();
    assert_eq!(
        records
            .requests()
            .answered(Asker::Account(id(1)), "key")
            .await
            .unwrap(),
        None
    );
}

/// Of a transaction that was refused a part of what was put off, nothing is kept, whatever was made of the refusal.
pub async fn what_was_refused_in_part_is_not_kept(storage: Fresh) {
    let answered = Answered {
        digest: SecretHash([8; 32]),
        records: vec![id::<()>(1).uuid()],
        at: NOW,
    };
    let mut tx = storage.begin().await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    let key = tx.requests_mut();
    key.remember(Asker::Account(id(1)), "key", &answered)
        .await
        .unwrap();
    tx.commit(audit()).await.unwrap();
    let mut tx = storage.begin().await.unwrap();
    tx.submissions_mut().insert(&submission(1)).await.unwrap();
    let key = tx.requests_mut();
    if key
        .remember(Asker::Account(id(1)), "key", &answered)
        .await
        .is_ok()
    {
        let asked = tx.cases().by_id(id(1)).await;
        assert!(matches!(asked, Err(StorageError::Contention)), "{asked:?}");
        let kept = tx.commit(audit()).await;
        assert!(matches!(kept, Err(StorageError::Contention)), "{kept:?}");
    }
    let mut records = storage.read().await.unwrap();
    assert_eq!(records.submissions().by_id(id(1)).await.unwrap(), None);
    assert_eq!(records.audit().count().await.unwrap(), 1);
}
