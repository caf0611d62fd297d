//! What every storage promises of forms, sent and begun (FORM-1).

use std::sync::Arc;

use application::form_draft::FormDraft;
use application::ports::storage::{Storage, StorageError};
use domain::form::{Field, FormKind, SentForm};
use time::Duration;

use crate::samples::{NOW, audit, form_draft, form_fields, id};

type Fresh = Arc<dyn Storage>;

/// FORM-1: a form that was sent keeps every field as it is, and is found by the document that shows it.
pub async fn a_sent_form_keeps_every_field(storage: Fresh) {
    let sent = |number, kind| SentForm {
        document: id(number),
        kind,
        fields: form_fields(),
    };
    let forms = [
        sent(1, FormKind::CounselContact),
        sent(2, FormKind::ClientContact),
    ];
    let mut tx = storage.begin().await.unwrap();
    for form in &forms {
        tx.forms_mut().insert(form).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    for form in &forms {
        let found = records.forms().of_document(form.document).await.unwrap();
        assert_eq!(found.as_ref(), Some(form));
    }
    assert_eq!(records.forms().of_document(id(9)).await.unwrap(), None);
    drop(records);
    let mut tx = storage.begin().await.unwrap();
    let twice = tx.forms_mut().insert(&forms[0]).await;
    assert!(matches!(twice, Err(StorageError::Duplicate)), "{twice:?}");
}

/// FORM-1: a begun form keeps what was typed, is replaced by what is typed next, and goes.
pub async fn a_begun_form_is_kept_replaced_and_removed(storage: Fresh) {
    let mut tx = storage.begin().await.unwrap();
    tx.form_drafts_mut().put(&form_draft(1)).await.unwrap();
    let mut typed_on = form_draft(1);
    typed_on.fields.set(Field::Unit, "");
    typed_on.fields.set(Field::City, "Québec");
    tx.form_drafts_mut().put(&typed_on).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    let found = records.form_drafts().by_id(id(1)).await.unwrap().unwrap();
    assert_eq!(found.fields.get(Field::City), "Québec");
    assert_eq!(found.fields.get(Field::Unit), "");
    assert_eq!(found.begun_at, typed_on.begun_at);
    drop(records);
    let mut tx = storage.begin().await.unwrap();
    tx.form_drafts_mut().remove(id(1)).await.unwrap();
    tx.form_drafts_mut().remove(id(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    assert_eq!(records.form_drafts().by_id(id(1)).await.unwrap(), None);
}

/// FORM-1, PRIV-1: begun forms are a person's own and a counsel's, the newest first; old ones are not listed, and can be removed.
pub async fn begun_forms_are_somebodys_own(storage: Fresh) {
    let drafts = [
        form_draft(1),
        form_draft(2),
        FormDraft {
            counsel: id(7),
            ..form_draft(3)
        },
        FormDraft {
            account: id(8),
            ..form_draft(4)
        },
        FormDraft {
            begun_at: NOW - Duration::hours(24) - Duration::microseconds(1),
            ..form_draft(5)
        },
    ];
    let mut tx = storage.begin().await.unwrap();
    for draft in &drafts {
        tx.form_drafts_mut().put(draft).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let since = NOW - Duration::hours(24);
    let (account, counsel) = (drafts[0].account, drafts[0].counsel);
    let mut records = storage.read().await.unwrap();
    let listed = records.form_drafts();
    let listed = listed.open_for(account, counsel, since, 9).await.unwrap();
    assert_eq!(listed, [drafts[1].clone(), drafts[0].clone()]);
    let first = records.form_drafts();
    let first = first.open_for(account, counsel, since, 1).await.unwrap();
    assert_eq!(first, [drafts[1].clone()]);
    drop(records);
    let mut tx = storage.begin().await.unwrap();
    let old = since + Duration::microseconds(1);
    let oldest = tx.form_drafts_mut().remove_begun_before(old, 9).await;
    assert_eq!(oldest.unwrap(), 1);
    let late = NOW + Duration::days(1);
    let some = tx.form_drafts_mut().remove_begun_before(late, 3).await;
    assert_eq!(some.unwrap(), 3, "no more than were asked for");
    drop(tx);
    let mut tx = storage.begin().await.unwrap();
    let removed = tx.form_drafts_mut().remove_begun_before(since, 9).await;
    assert_eq!(removed.unwrap(), 1);
    tx.commit(audit()).await.unwrap();
    let mut records = storage.read().await.unwrap();
    assert_eq!(records.form_drafts().by_id(id(5)).await.unwrap(), None);
    assert!(records.form_drafts().by_id(id(4)).await.unwrap().is_some());
}

/// FORM-1: a form that was sent is open no more, and hides none that is; it is there until it is removed.
pub async fn a_sent_form_is_open_no_more(storage: Fresh) {
    let elsewhere = FormDraft {
        counsel: id(7),
        ..form_draft(3)
    };
    let drafts = [form_draft(1), form_draft(2), elsewhere];
    let mut tx = storage.begin().await.unwrap();
    for draft in &drafts {
        tx.form_drafts_mut().put(draft).await.unwrap();
    }
    let (account, counsel) = (drafts[0].account, drafts[0].counsel);
    let begun_at = drafts[0].begun_at;
    let since = begun_at - Duration::microseconds(1);
    let open = tx.form_drafts().open_of(account, counsel, since).await;
    assert_eq!(open.unwrap(), 2);
    let elsewhere = tx.form_drafts().open_of(account, id(7), since).await;
    assert_eq!(elsewhere.unwrap(), 1);
    tx.form_drafts_mut().sent(id(2), NOW).await.unwrap();
    let open = tx.form_drafts().open_of(account, counsel, since).await;
    assert_eq!(open.unwrap(), 1);
    let listed = tx.form_drafts().open_for(account, counsel, since, 1).await;
    assert_eq!(listed.unwrap(), [drafts[0].clone()]);
    let sent = tx.form_drafts().by_id(id(2)).await.unwrap();
    assert_eq!(sent.as_ref(), Some(&drafts[1]));
    let late = tx.form_drafts().open_of(account, counsel, begun_at).await;
    assert_eq!(late.unwrap(), 0, "too old exactly then");
}

/// Every promise of forms against one storage. `$fresh` is an async expression that gives an empty `Arc<dyn Storage>`.
#[macro_export]
macro_rules! forms_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::forms, $fresh;
            a_sent_form_keeps_every_field,
            a_begun_form_is_kept_replaced_and_removed,
            begun_forms_are_somebodys_own,
            a_sent_form_is_open_no_more,
        );
    };
}
