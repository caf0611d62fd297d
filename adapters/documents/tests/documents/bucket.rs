//! SUB-2, Q-7: a document is read from a bucket however slowly its reader takes it, and never as if it ended where the store went away.

use std::time::Duration;

use application::ports::documents::{ByteStream, Documents};
use bytes::Bytes;
use domain::document::DocumentId;
use futures_util::{StreamExt, TryStreamExt, stream};
use rehearsal::{Bucket, Mood};
use uuid::Uuid;

use crate::support::{bucket, keys, new_folder, open};

const ID: DocumentId = DocumentId::new(Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab));
/// How long the store may take for one request.
const TIMEOUT: Duration = Duration::from_secs(2);

/// A document on its way out of a bucket, whose first bytes were taken, and how many there are.
async fn begun(length: usize) -> (Vec<u8>, ByteStream<'static>, Bucket) {
    let (mut settings, bucket) = bucket();
    settings.timeout = TIMEOUT;
    let documents = open(new_folder(), Some(settings), keys(1, &[])).await;
    let coming: ByteStream<'_> = Box::pin(stream::iter([Ok(Bytes::from(vec![7; length]))]));
    let _waiting = documents.receive(ID, coming, u64::MAX).await.unwrap();
    documents.keep(ID).await.unwrap();
    let mut bytes = documents.open(ID).await.unwrap();
    let first = bytes.next().await.unwrap().unwrap();
    (first.to_vec(), bytes, bucket)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a reader who is slower than the store waits"
)]
async fn pause() {
    tokio::time::sleep(TIMEOUT + Duration::from_secs(1)).await;
}

/// SUB-2: whoever takes longer for a document than the store may for a request gets it whole.
#[tokio::test]
async fn a_slow_reader_gets_the_whole_document() {
    let length = 24_000_000;
    let (mut read, mut bytes, _bucket) = begun(length).await;
    pause().await;
    while let Some(next) = bytes.next().await {
        read.extend_from_slice(&next.unwrap());
    }
    assert_eq!(read.len(), length);
    assert!(read.iter().all(|byte| *byte == 7));
}

/// where the store goes away in the middle the reading fails; it does not end.
#[tokio::test]
async fn a_document_whose_store_goes_away_does_not_end_early() {
    for mood in [Mood::Answers(503), Mood::Cuts, Mood::Hangs] {
        let (_, bytes, bucket) = begun(24_000_000).await;
        bucket.is(mood);
        let rest: Result<Vec<Bytes>, _> = bytes.try_collect().await;
        assert!(rest.is_err(), "{mood:?}");
    }
}
