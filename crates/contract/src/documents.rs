//! What every store of documents promises (SUB-2), sentence by sentence of the port, as tests that any implementation runs.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "a broken promise is a failed test"
)]

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use application::ports::documents::{
    ByteStream, Documents, DocumentsError, Durable, InQuarantine, Received,
};
use bytes::Bytes;
use domain::document::{DocumentId, Sha256};
use domain::id::Id;
use futures_util::{StreamExt, stream};
use time::macros::datetime;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

/// A time before anything was written, and one after.
const LONG_AGO: OffsetDateTime = datetime!(1990-01-01 00:00 UTC);
/// Less than any id that these tests give.
const FIRST: DocumentId = Id::new(uuid::Uuid::nil());
const FAR_AHEAD: OffsetDateTime = datetime!(9000-01-01 00:00 UTC);

/// Any store, shared.
pub type Shared = Arc<dyn Documents>;

fn id(n: u128) -> DocumentId {
    DocumentId::new(Uuid::from_u128(
        0x0190_0000_0000_7000_8000_0000_0000_0000 + n,
    ))
}

/// The bytes `text`, in pieces of three.
fn pieces(text: &'static str) -> ByteStream<'static> {
    let pieces: Vec<_> = text
        .as_bytes()
        .chunks(3)
        .map(|piece| Ok(Bytes::from_static(piece)))
        .collect();
    Box::pin(stream::iter(pieces))
}

/// Some good bytes, and then an error.
fn breaking_off() -> ByteStream<'static> {
    let broken = Err(io::Error::from(io::ErrorKind::ConnectionReset));
    Box::pin(pieces("half of what").chain(stream::iter([broken])))
}

/// In quarantine until what is returned is dropped.
async fn receive(
    documents: &Shared,
    id: DocumentId,
    text: &'static str,
) -> (Received, Box<dyn InQuarantine>) {
    documents
        .receive(id, pieces(text), 1_000_000)
        .await
        .unwrap()
}

/// The bytes of a kept document.
async fn kept(documents: &Shared, id: DocumentId) -> Vec<u8> {
    let mut stream = documents.open(id).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(next) = stream.next().await {
        bytes.extend_from_slice(&next.unwrap());
    }
    bytes
}

/// Fails unless nothing whatever is there under `id`.
async fn nothing_of(documents: &Shared, id: DocumentId) {
    not_kept(documents, id).await;
    assert!(matches!(
        documents.quarantined(id).await,
        Err(DocumentsError::Missing)
    ));
    assert!(matches!(
        documents.keep(id).await,
        Err(DocumentsError::Missing)
    ));
    let left = documents
        .written_before(FAR_AHEAD, FIRST, 100)
        .await
        .unwrap();
    assert!(!left.contains(&id), "something is left behind");
}

async fn not_kept(documents: &Shared, id: DocumentId) {
    match documents.open(id).await {
        Err(DocumentsError::Missing) => {}
        Err(other) => panic!("{other:?}"),
        Ok(_) => panic!("found under its id"),
    }
}

/// What came in is what is there, with its size and digest.
pub async fn what_came_in_can_be_looked_into(documents: Shared) {
    let (received, _waiting) = receive(&documents, id(1), "abc").await;
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(
        received,
        Received {
            id: id(1),
            size: 3,
            sha256: Sha256::from_hex(sha256).unwrap(),
        }
    );
    let path = documents.quarantined(id(1)).await.unwrap();
    assert_eq!(std::fs::read(path).unwrap(), b"abc");
}

/// A document without bytes is refused when it is looked into, not here.
pub async fn a_document_without_bytes_comes_in(documents: Shared) {
    let (received, _waiting) = receive(&documents, id(1), "").await;
    let sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    assert_eq!(received.size, 0);
    assert_eq!(received.sha256, Sha256::from_hex(sha256).unwrap());
    documents.keep(id(1)).await.unwrap();
    assert!(kept(&documents, id(1)).await.is_empty());
}

/// Nobody is given a document that was not looked into.
pub async fn what_is_in_quarantine_is_not_given_out(documents: Shared) {
    let _waiting = receive(&documents, id(1), "not yet looked into").await;
    not_kept(&documents, id(1)).await;
}

/// SUB-2: what is kept is given back byte for byte, and is in quarantine no more.
pub async fn what_is_kept_is_given_back(documents: Shared) {
    let _waiting = receive(&documents, id(1), "evidence").await;
    let _waiting = receive(&documents, id(2), "other evidence").await;
    assert_eq!(documents.keep(id(1)).await.unwrap(), Durable { id: id(1) });
    documents.keep(id(2)).await.unwrap();
    assert_eq!(kept(&documents, id(1)).await, b"evidence");
    assert_eq!(kept(&documents, id(2)).await, b"other evidence");
    assert!(matches!(
        documents.quarantined(id(1)).await,
        Err(DocumentsError::Missing)
    ));
}

/// A document that is kept already is kept.
pub async fn keeping_twice_is_keeping(documents: Shared) {
    let _waiting = receive(&documents, id(1), "evidence").await;
    documents.keep(id(1)).await.unwrap();
    assert_eq!(documents.keep(id(1)).await.unwrap(), Durable { id: id(1) });
    assert_eq!(kept(&documents, id(1)).await, b"evidence");
}

/// A document that is ready to be kept is one that is not kept: it is not given out, and still in quarantine.
pub async fn what_is_prepared_is_not_given_out(documents: Shared) {
    let _waiting = receive(&documents, id(1), "evidence").await;
    let prepared = documents.prepare(id(1)).await.unwrap();
    not_kept(&documents, id(1)).await;
    assert!(documents.quarantined(id(1)).await.is_ok());
    assert_eq!(prepared.keep().await.unwrap(), Durable { id: id(1) });
    assert_eq!(kept(&documents, id(1)).await, b"evidence");
    assert!(matches!(
        documents.quarantined(id(1)).await,
        Err(DocumentsError::Missing)
    ));
}

/// of a document that was made ready and then refused nothing is left, whether what was ready goes before or after it is discarded.
pub async fn what_is_prepared_and_refused_leaves_nothing(documents: Shared) {
    for (n, first) in [(1, true), (2, false)] {
        let _waiting = receive(&documents, id(n), "not good").await;
        let prepared = documents.prepare(id(n)).await.unwrap();
        if first {
            drop(prepared);
            documents.discard(id(n)).await.unwrap();
        } else {
            documents.discard(id(n)).await.unwrap();
            drop(prepared);
        }
        nothing_of(&documents, id(n)).await;
    }
}

/// Whoever does not go on with a document that is ready leaves it in quarantine, from where it can still be kept.
pub async fn what_was_prepared_in_vain_can_be_kept(documents: Shared) {
    let _waiting = receive(&documents, id(1), "evidence").await;
    drop(documents.prepare(id(1)).await.unwrap());
    not_kept(&documents, id(1)).await;
    documents.keep(id(1)).await.unwrap();
    assert_eq!(kept(&documents, id(1)).await, b"evidence");
}

/// Only what is in quarantine can be made ready.
pub async fn what_is_not_in_quarantine_cannot_be_prepared(documents: Shared) {
    let _waiting = receive(&documents, id(1), "kept").await;
    documents.keep(id(1)).await.unwrap();
    for id in [id(1), id(2)] {
        let refused = documents.prepare(id).await.err();
        assert!(matches!(refused, Some(DocumentsError::Missing)));
    }
}

/// Two requests that keep the same document at the same time both succeed.
pub async fn keeping_twice_at_once_is_keeping(documents: Shared) {
    for n in 0..20 {
        let _waiting = receive(&documents, id(n), "evidence").await;
        let (one, other) =
            futures_util::future::join(documents.keep(id(n)), documents.keep(id(n))).await;
        one.unwrap();
        other.unwrap();
        assert_eq!(kept(&documents, id(n)).await, b"evidence");
    }
}

/// Exactly the limit passes.
pub async fn as_many_bytes_as_the_limit_come_in(documents: Shared) {
    let received = documents.receive(id(1), pieces("0123456789"), 10).await;
    assert_eq!(received.unwrap().0.size, 10);
}

/// One byte more than the limit is refused and leaves nothing behind.
pub async fn more_bytes_than_the_limit_leave_nothing(documents: Shared) {
    let refused = documents.receive(id(1), pieces("0123456789"), 9).await;
    assert!(matches!(
        refused,
        Err(DocumentsError::TooLarge { limit: 9 })
    ));
    nothing_of(&documents, id(1)).await;
}

/// Too much is refused as soon as it comes: a sender who never stops is not listened to.
pub async fn a_sender_who_never_stops_is_refused_at_once(documents: Shared) {
    let asked = AtomicUsize::new(0);
    let endless = stream::repeat_with(|| {
        asked.fetch_add(1, Ordering::Relaxed);
        Ok(Bytes::from_static(&[7; 1000]))
    });
    let refused = documents.receive(id(1), Box::pin(endless), 5_000).await;
    assert!(matches!(refused, Err(DocumentsError::TooLarge { .. })));
    assert_eq!(asked.load(Ordering::Relaxed), 6, "not one piece more");
    nothing_of(&documents, id(1)).await;
}

/// A stream that breaks off leaves nothing behind.
pub async fn a_stream_that_breaks_off_leaves_nothing(documents: Shared) {
    let broken = documents.receive(id(1), breaking_off(), 1_000_000).await;
    assert!(matches!(broken, Err(DocumentsError::BrokenOff(_))));
    nothing_of(&documents, id(1)).await;
}

/// While a document is still coming in, and after its sender was cut off in the middle, it is not there.
pub async fn half_a_document_is_never_there(documents: Shared) {
    for polls in 0..12 {
        let (half, waiting) = (id(polls), stream::pending());
        let coming = pieces("half of what").chain(waiting);
        let mut receiving = documents.receive(half, Box::pin(coming), 1_000_000);
        for _ in 0..polls {
            let mut context = Context::from_waker(Waker::noop());
            match Pin::as_mut(&mut receiving).poll(&mut context) {
                Poll::Pending => a_moment().await,
                Poll::Ready(_) => panic!("it cannot end"),
            }
            assert!(matches!(
                documents.quarantined(half).await,
                Err(DocumentsError::Missing)
            ));
        }
        drop(receiving);
        // Work on the way may still have to be taken back.
        let mut left = vec![half];
        for _ in 0..200 {
            left = documents
                .written_before(FAR_AHEAD, FIRST, 100)
                .await
                .unwrap();
            if left.is_empty() {
                break;
            }
            a_moment().await;
        }
        assert!(left.is_empty(), "something is left behind");
        nothing_of(&documents, half).await;
    }
}

/// Gives what goes on beside the test the time to go on.
#[expect(
    clippy::disallowed_methods,
    reason = "work that nobody waits for any more tells nobody when it is done"
)]
async fn a_moment() {
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
}

/// What came whole goes, too, once nobody holds it any more: whoever left while it was looked into leaves nothing plain behind.
pub async fn what_nobody_holds_any_more_is_gone(documents: Shared) {
    let waiting = receive(&documents, id(1), "nobody waits for this").await;
    let prepared = documents.prepare(id(1)).await.unwrap();
    assert!(documents.quarantined(id(1)).await.is_ok());
    drop((prepared, waiting));
    for _ in 0..200 {
        if documents.quarantined(id(1)).await.is_err() {
            break;
        }
        a_moment().await;
    }
    nothing_of(&documents, id(1)).await;
}

/// What is kept stays, whoever held it before.
pub async fn what_is_kept_outlives_whoever_sent_it(documents: Shared) {
    let waiting = receive(&documents, id(1), "evidence").await;
    documents.keep(id(1)).await.unwrap();
    drop(waiting);
    a_moment().await;
    assert_eq!(kept(&documents, id(1)).await, b"evidence");
}

/// Nothing that somebody holds is swept while it is young.
pub async fn what_is_young_is_not_swept(documents: Shared) {
    let _waiting = receive(&documents, id(1), "a moment ago").await;
    let swept = documents.sweep(Duration::HOUR).await.unwrap();
    assert_eq!(swept, 0);
    assert!(documents.quarantined(id(1)).await.is_ok());
}

/// What never came is missing everywhere.
pub async fn what_never_came_is_missing(documents: Shared) {
    nothing_of(&documents, id(1)).await;
}

/// What is discarded is gone, from quarantine and from what is kept.
pub async fn what_is_discarded_is_gone(documents: Shared) {
    let _waiting = receive(&documents, id(1), "kept").await;
    documents.keep(id(1)).await.unwrap();
    let _waiting = receive(&documents, id(2), "in quarantine").await;
    let _waiting = receive(&documents, id(3), "another").await;
    documents.discard(id(1)).await.unwrap();
    documents.discard(id(2)).await.unwrap();
    nothing_of(&documents, id(1)).await;
    nothing_of(&documents, id(2)).await;
    assert!(documents.quarantined(id(3)).await.is_ok());
}

/// Discarding what is not there is no error.
pub async fn discarding_nothing_is_no_error(documents: Shared) {
    documents.discard(id(1)).await.unwrap();
    documents.discard(id(1)).await.unwrap();
}

/// Old documents are found wherever they are, new ones are not.
pub async fn old_documents_are_found(documents: Shared) {
    let _waiting = receive(&documents, id(1), "kept").await;
    documents.keep(id(1)).await.unwrap();
    let _waiting = receive(&documents, id(2), "in quarantine").await;
    let mut old = documents
        .written_before(FAR_AHEAD, FIRST, 10)
        .await
        .unwrap();
    old.sort();
    assert_eq!(old, [id(1), id(2)]);
    assert!(
        documents
            .written_before(LONG_AGO, FIRST, 10)
            .await
            .unwrap()
            .is_empty()
    );
}

/// No more are found than were asked for.
pub async fn at_most_as_many_are_found_as_asked_for(documents: Shared) {
    let mut waiting = Vec::new();
    for n in 0..5 {
        waiting.push(receive(&documents, id(n), "in quarantine").await);
    }
    for n in 5..8 {
        let _waiting = receive(&documents, id(n), "kept").await;
        documents.keep(id(n)).await.unwrap();
    }
    let mut seen = Vec::new();
    let mut after = FIRST;
    loop {
        let part = documents.written_before(FAR_AHEAD, after, 3).await.unwrap();
        let Some(last) = part.last() else { break };
        after = *last;
        seen.extend(part);
    }
    assert_eq!(seen, (0..8).map(id).collect::<Vec<DocumentId>>());
    for (limit, found) in [(0, 0), (1, 1), (6, 6), (8, 8), (100, 8)] {
        let old = documents
            .written_before(FAR_AHEAD, FIRST, limit)
            .await
            .unwrap();
        assert_eq!(old.len(), found);
    }
}

/// Every promise against one implementation. `$fresh` is an async expression giving an empty `Arc<dyn Documents>`.
#[macro_export]
macro_rules! documents_contract {
    ($fresh:expr) => {
        $crate::documents_contract!(@each $fresh;
            what_came_in_can_be_looked_into,
            a_document_without_bytes_comes_in,
            what_is_in_quarantine_is_not_given_out,
            what_is_kept_is_given_back,
            keeping_twice_is_keeping,
            keeping_twice_at_once_is_keeping,
            what_is_prepared_is_not_given_out,
            what_is_prepared_and_refused_leaves_nothing,
            what_was_prepared_in_vain_can_be_kept,
            what_is_not_in_quarantine_cannot_be_prepared,
            as_many_bytes_as_the_limit_come_in,
            more_bytes_than_the_limit_leave_nothing,
            a_sender_who_never_stops_is_refused_at_once,
            a_stream_that_breaks_off_leaves_nothing,
            half_a_document_is_never_there,
            what_nobody_holds_any_more_is_gone,
            what_is_kept_outlives_whoever_sent_it,
            what_is_young_is_not_swept,
            what_never_came_is_missing,
            what_is_discarded_is_gone,
            discarding_nothing_is_no_error,
            old_documents_are_found,
            at_most_as_many_are_found_as_asked_for,
        );
    };
    (@each $fresh:expr; $($promise:ident),* $(,)?) => {$(
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $promise() {
            $crate::documents::$promise($fresh.await).await;
        }
    )*};
}
