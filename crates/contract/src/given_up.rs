//! What every storage promises of documents that are given up: never one that something names, and never one that is named at the same time.
//! And of accounts, that what comes in keeps those that it names.

use std::sync::Arc;

use application::ports::given_up::GivenUp;
use application::ports::storage::{Storage, StorageError};
use application::ports::uploads::{Part, Uploads};
use domain::document::{DocumentId, FileName};
use domain::retention::{Kept, Kind};
use domain::submission::Submission;
use domain::upload::Upload;
use time::Duration;
use uuid::Uuid;

use crate::samples::{NOW, account, audit, case, draft, file, id, inbox_item, submission};

/// One store, by the ports that have to agree.
#[derive(Clone)]
pub struct Naming {
    /// Records.
    pub storage: Arc<dyn Storage>,
    /// Uploads.
    pub uploads: Arc<dyn Uploads>,
    /// What is given up.
    pub given_up: Arc<dyn GivenUp>,
}

impl Naming {
    async fn among(&self, documents: &[DocumentId]) -> Vec<DocumentId> {
        let mut read = self.storage.read().await.unwrap();
        read.given_up().among(documents).await.unwrap()
    }

    /// Submits, unless a file is given up.
    async fn submit(&self, submission: &Submission) -> Result<Option<()>, StorageError> {
        let files = submission.files.iter();
        let documents: Vec<DocumentId> = files.map(|file| file.document).collect();
        let mut tx = self.storage.begin().await?;
        if !tx.given_up().among(&documents).await?.is_empty() {
            return Ok(None);
        }
        tokio::task::yield_now().await;
        tx.submissions_mut().insert(submission).await?;
        tx.commit(audit()).await.map(Some)
    }

    /// An upload of which one part came.
    async fn begin_upload(&self, number: u128, part: DocumentId) {
        let upload = Upload {
            id: id(number),
            account: id(1),
            counsel: id(2),
            case: id(3),
            name: FileName::from_sender("Pièce 1.pdf"),
            length: 10,
            offset: 0,
            begun_at: NOW,
            file: None,
        };
        let since = NOW - Duration::DAY;
        assert!(
            self.uploads
                .begin(&upload, 9, since, &audit())
                .await
                .unwrap()
        );
        let part = Part {
            document: part,
            bytes: 10,
        };
        assert!(self.uploads.append(id(number), 0, &[part]).await.unwrap());
    }
}

/// What a submission, a draft, an inbox or an upload names stays: of an upload its parts, or what they became. The rest is given up, as often as
/// somebody asks, and a part that was not added too.
pub async fn what_something_names_is_not_given_up(here: Naming) {
    let mut tx = here.storage.begin().await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.submissions_mut().insert(&submission(1)).await.unwrap();
    tx.drafts_mut().put(&draft(1)).await.unwrap();
    tx.inbox_mut().insert(&inbox_item(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    here.begin_upload(1, id(16)).await;
    here.begin_upload(2, id(17)).await;
    let elsewhere = Part {
        document: id(19),
        bytes: 1,
    };
    assert!(!here.uploads.append(id(2), 3, &[elsewhere]).await.unwrap());
    assert_eq!(here.given_up.give_up(&[id(17)]).await.unwrap(), []);
    let mut whole = file(18);
    whole.size = 10;
    assert!(here.uploads.became(id(2), &whole).await.unwrap());

    let named = [id(11), id(12), id(13), id(15), id(16), id(18)];
    let unnamed = [id(17), id(19), id(404)];
    let all = [&named[..], &unnamed[..]].concat();
    assert_eq!(here.among(&all).await, []);
    for _ in 0..2 {
        assert_eq!(here.given_up.give_up(&all).await.unwrap(), unnamed);
        let mut given_up = here.among(&all).await;
        given_up.sort_unstable();
        assert_eq!(given_up, unnamed);
    }
    assert_eq!(here.given_up.give_up(&[]).await.unwrap(), []);
}

/// More documents than one statement takes are given up at once.
pub async fn many_are_given_up_at_once(here: Naming) {
    let many: Vec<DocumentId> = (1_000..3_500).map(id).collect();
    assert_eq!(here.given_up.give_up(&many).await.unwrap(), many);
    assert_eq!(here.among(&many).await.len(), many.len());
}

/// Of a submission that asks first and whoever gives its file up at the same time, one succeeds (SUB-2).
pub async fn of_naming_and_giving_up_one_happens(here: Naming) {
    let mut tx = here.storage.begin().await.unwrap();
    tx.cases_mut().insert(&case(1)).await.unwrap();
    tx.commit(audit()).await.unwrap();
    for number in 1..=24_u128 {
        let one = submission(number);
        let document = one.files[0].document;
        let (here_too, there) = (here.clone(), here.clone());
        let submitting = tokio::spawn(async move {
            loop {
                match here_too.submit(&one).await {
                    Err(StorageError::Contention) => tokio::task::yield_now().await,
                    other => return other.unwrap().is_some(),
                }
            }
        });
        let removing = tokio::spawn(async move {
            // Now the one is first, and now the other.
            for _ in 0..number % 4 {
                tokio::task::yield_now().await;
            }
            loop {
                match there.given_up.give_up(&[document]).await {
                    Err(StorageError::Contention) => tokio::task::yield_now().await,
                    other => return !other.unwrap().is_empty(),
                }
            }
        });
        let (is_submitted, is_gone) = (submitting.await.unwrap(), removing.await.unwrap());
        assert_ne!(is_submitted, is_gone, "round {number}");
        let mut read = here.storage.read().await.unwrap();
        let named = read.submissions().naming(&[document]).await.unwrap();
        assert_eq!(!named.is_empty(), is_submitted);
    }
}

/// PRIV-1: an upload is not taken along with an account, but keeps who sends it, and for whom, until it has ended.
pub async fn an_upload_keeps_who_sends_it_and_for_whom(here: Naming) {
    let mut tx = here.storage.begin().await.unwrap();
    for number in [1, 2] {
        tx.accounts_mut().insert(&account(number)).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let named = async || {
        let mut read = here.storage.read().await.unwrap();
        let mut named = Vec::new();
        for number in [1, 2] {
            let one = Uuid::from_u128(number);
            named.push(match read.retention().kept(Kind::Account, one).await {
                Ok(Some(Kept::Account(_, _, named))) => named,
                other => unreachable!("{other:?}"),
            });
        }
        named
    };
    assert_eq!(named().await, [false, false]);
    here.begin_upload(1, id(16)).await;
    assert_eq!(named().await, [true, true]);
    here.uploads.end(id(1), None).await.unwrap();
    assert_eq!(named().await, [false, false]);
}

/// Every promise against one store. `$fresh` is an async expression that gives an empty [`Naming`].
#[macro_export]
macro_rules! given_up_contract {
    ($fresh:expr) => {
        $crate::promises!($crate::given_up, $fresh;
            what_something_names_is_not_given_up,
            many_are_given_up_at_once,
            of_naming_and_giving_up_one_happens,
            an_upload_keeps_who_sends_it_and_for_whom,
        );
    };
}
