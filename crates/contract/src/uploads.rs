//! What every store of uploads promises.

use std::sync::Arc;

use application::ports::storage::StorageError;
use application::ports::uploads::{Part, Uploads};
use domain::audit::SubjectKind;
use domain::document::FileName;
use domain::upload::Upload;
use time::Duration;

use crate::given_up::Naming;
use crate::samples::{NOW, audit, file, id};

const MANY: usize = 100;

fn upload(number: u128) -> Upload {
    Upload {
        id: id(number),
        account: id(1),
        counsel: id(2),
        case: id(3),
        name: FileName::from_sender("Pièce 1.pdf"),
        length: 10,
        offset: 0,
        begun_at: NOW,
        file: None,
    }
}

fn part(number: u128, bytes: u64) -> Part {
    Part {
        document: id(number),
        bytes,
    }
}

async fn begun(uploads: &Arc<dyn Uploads>, upload: &Upload) {
    let since = NOW - Duration::DAY;
    assert!(uploads.begin(upload, MANY, since, &audit()).await.unwrap());
}

/// It is found as it began, with what was added, until it ends.
pub async fn an_upload_is_found_until_it_ends(uploads: Arc<dyn Uploads>) {
    let one = upload(10);
    assert_eq!(uploads.find(one.id).await.unwrap(), None);
    begun(&uploads, &one).await;
    assert_eq!(uploads.find(one.id).await.unwrap(), Some(one.clone()));
    let two = [part(101, 3), part(102, 4)];
    assert!(uploads.append(one.id, 0, &two).await.unwrap());
    assert!(uploads.append(one.id, 7, &[part(100, 2)]).await.unwrap());
    let now = uploads.find(one.id).await.unwrap().unwrap();
    assert_eq!((now.offset, now.is_whole()), (9, false));
    let parts = uploads.parts(one.id).await.unwrap();
    assert_eq!(parts, [id(101), id(102), id(100)], "in order of place");
    assert_eq!(uploads.of(one.account).await.unwrap(), [now]);
    assert_eq!(uploads.of(id(9)).await.unwrap(), []);
    assert!(uploads.end(one.id, None).await.unwrap());
    assert!(!uploads.end(one.id, None).await.unwrap());
    assert_eq!(uploads.find(one.id).await.unwrap(), None);
    assert_eq!(uploads.parts(one.id).await.unwrap(), []);
}

/// Bytes are added at the end alone, and never more than there may be; what is not added leaves no trace.
pub async fn bytes_are_added_at_the_end_alone(uploads: Arc<dyn Uploads>) {
    let one = upload(10);
    begun(&uploads, &one).await;
    assert!(uploads.append(one.id, 0, &[part(101, 4)]).await.unwrap());
    for (offset, bytes) in [(0, 1), (3, 1), (5, 1), (4, 7)] {
        let added = uploads.append(one.id, offset, &[part(102, bytes)]).await;
        assert!(!added.unwrap(), "{bytes} at {offset}");
    }
    assert!(!uploads.append(id(11), 0, &[part(103, 1)]).await.unwrap());
    assert_eq!(uploads.parts(one.id).await.unwrap(), [id(101)]);
    assert_eq!(uploads.find(one.id).await.unwrap().unwrap().offset, 4);
}

/// Of several that add at the same place at once, one does.
pub async fn of_two_at_once_one_adds(uploads: Arc<dyn Uploads>) {
    let one = upload(10);
    begun(&uploads, &one).await;
    let tries = (0..6_u128).map(|number| {
        let uploads = uploads.clone();
        tokio::spawn(async move { uploads.append(id(10), 0, &[part(200 + number, 5)]).await })
    });
    let mut added = 0;
    for tried in tries.collect::<Vec<_>>() {
        match tried.await.unwrap() {
            Ok(did) => added += u32::from(did),
            Err(error) => assert!(matches!(error, StorageError::Contention), "{error}"),
        }
    }
    assert_eq!(added, 1);
    assert_eq!(uploads.find(one.id).await.unwrap().unwrap().offset, 5);
    assert_eq!(uploads.parts(one.id).await.unwrap().len(), 1);
}

/// A whole upload becomes a file once, in the place of its parts; one that is not whole does not.
pub async fn a_whole_upload_becomes_a_file_once(uploads: Arc<dyn Uploads>) {
    let one = upload(10);
    begun(&uploads, &one).await;
    let mut whole = file(7);
    (whole.name, whole.title, whole.size) = (one.name.clone(), None, 10);
    assert!(uploads.append(one.id, 0, &[part(101, 9)]).await.unwrap());
    assert!(!uploads.became(one.id, &whole).await.unwrap(), "not whole");
    assert!(uploads.append(one.id, 9, &[part(102, 1)]).await.unwrap());
    assert!(uploads.became(one.id, &whole).await.unwrap());
    assert!(!uploads.became(one.id, &whole).await.unwrap(), "again");
    let now = uploads.find(one.id).await.unwrap().unwrap();
    assert_eq!(now.file, Some(whole.clone()));
    assert_eq!(uploads.parts(one.id).await.unwrap(), []);
}

/// One person has so many at a time, also when many begin at once; old ones do not count, nor do others'.
pub async fn a_person_has_so_many_at_a_time(uploads: Arc<dyn Uploads>) {
    let since = NOW - Duration::DAY;
    let mut old = upload(9);
    old.begun_at = since;
    begun(&uploads, &old).await;
    let tries = (10..20_u128).map(|number| {
        let uploads = uploads.clone();
        tokio::spawn(async move {
            loop {
                match uploads.begin(&upload(number), 3, since, &audit()).await {
                    Err(StorageError::Contention) => tokio::task::yield_now().await,
                    done => return done.unwrap(),
                }
            }
        })
    });
    let mut begun = 0;
    for tried in tries.collect::<Vec<_>>() {
        begun += u32::from(tried.await.unwrap());
    }
    assert_eq!(begun, 3);
    assert_eq!(uploads.of(id(1)).await.unwrap().len(), 4);
    let mut other = upload(30);
    other.account = id(8);
    assert!(uploads.begin(&other, 3, since, &audit()).await.unwrap());
}

/// Those that were begun long ago are found, the oldest first.
pub async fn old_ones_are_found(uploads: Arc<dyn Uploads>) {
    for number in 0..4_u8 {
        let mut one = upload(10 + u128::from(number));
        one.begun_at = NOW + Duration::minutes(i64::from(number));
        begun(&uploads, &one).await;
    }
    let until = NOW + Duration::minutes(3);
    let ids = async |limit| {
        let found = uploads.begun_before(until, limit).await.unwrap();
        found.iter().map(|(upload, _)| *upload).collect::<Vec<_>>()
    };
    assert_eq!(ids(10).await, [id(10), id(11), id(12)]);
    assert_eq!(ids(2).await, [id(10), id(11)]);
}

/// That one is begun, and that it ends, is in the trail, each once; what changed nothing is not (SEC-2).
pub async fn what_begins_and_ends_is_in_the_trail(here: Naming) {
    let (one, since) = (upload(10), NOW - Duration::DAY);
    let entries = async || {
        let mut read = here.storage.read().await.unwrap();
        let latest = read.audit().latest(10).await.unwrap();
        latest.into_iter().map(|entry| entry.subjects)
    };
    let of = |kind| audit().about(kind, one.id.uuid());
    let begin = |at_most| {
        let (uploads, one, entry) = (here.uploads.clone(), one.clone(), of(SubjectKind::Upload));
        async move { uploads.begin(&one, at_most, since, &entry).await.unwrap() }
    };
    assert!(!begin(0).await);
    assert_eq!(entries().await.count(), 0);
    assert!(begin(1).await);
    let ended = Some(of(SubjectKind::DiscardedUpload));
    assert!(here.uploads.end(one.id, ended.as_ref()).await.unwrap());
    assert!(!here.uploads.end(one.id, ended.as_ref()).await.unwrap());
    let told: Vec<String> = entries().await.collect();
    let id = one.id;
    assert_eq!(
        told,
        [format!("discarded-upload:{id}"), format!("upload:{id}")]
    );
}

/// Every promise against one store. `$fresh` is an async expression that gives an empty `Arc<dyn Uploads>`, `$with_records` one that gives a
/// [`Naming`].
#[macro_export]
macro_rules! uploads_contract {
    ($fresh:expr, $with_records:expr) => {
        $crate::promises!($crate::uploads, $with_records; what_begins_and_ends_is_in_the_trail);
        $crate::promises!($crate::uploads, $fresh;
            an_upload_is_found_until_it_ends,
            bytes_are_added_at_the_end_alone,
            of_two_at_once_one_adds,
            a_whole_upload_becomes_a_file_once,
            a_person_has_so_many_at_a_time,
            old_ones_are_found,
        );
    };
}
