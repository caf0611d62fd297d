//! Sealed documents in a bucket of an S3-speaking store, by the `object_store` crate: `documents/ID`, and `keys/ID` where the key was
//! rotated since. An object is there whole or not at all, and durable as soon as the store says so.

use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use application::ports::documents::{ByteStream, DocumentsError};
use async_trait::async_trait;
use bytes::Bytes;
use domain::document::DocumentId;
use futures_util::{Stream, StreamExt, TryStreamExt, stream};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    BackoffConfig, ClientOptions, GetOptions, MultipartUpload, ObjectStore, ObjectStoreExt,
    PutPayload, RetryConfig,
};
use secrecy::{ExposeSecret, SecretString};
use time::OffsetDateTime;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Shelf, Unnamed};
use crate::sealed::SEALED_PIECE;
use crate::sealing::Sealing;
use crate::{off_the_runtime, unavailable};

/// The least that S3 takes as a part of a larger object is 5 MiB.
const PART: usize = 6 * 1024 * 1024;
/// How many large documents are on their way to the bucket at once; each holds a part in memory.
const AT_ONCE: usize = 4;
/// How many bytes of a document are asked for at a time. A request's time counts until its last byte, and so none may take as long as the reader.
const RANGE: u64 = 1024 * 1024;
/// The folders of the bucket.
const DOCUMENTS: &str = "documents";
const KEYS: &str = "keys";

/// Where a bucket is, and how it is opened.
#[derive(Debug, Clone)]
pub struct BucketSettings {
    /// The store's address.
    pub endpoint: String,
    /// The region that requests are signed for.
    pub region: String,
    /// The bucket's name.
    pub name: String,
    /// Who asks.
    pub access_key_id: String,
    /// The secret to sign with.
    pub secret_access_key: SecretString,
    /// How long the store may take for one request, with all its bytes: at most some megabytes.
    pub timeout: Duration,
}

/// Why a bucket cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the bucket cannot be used")]
pub struct BucketError(#[from] object_store::Error);

/// A bucket of sealed documents.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    store: Arc<AmazonS3>,
    large: Arc<Semaphore>,
}

impl Bucket {
    /// The bucket of those settings. Nothing is asked of it yet.
    pub(crate) fn new(settings: &BucketSettings) -> Result<Self, BucketError> {
        // object_store takes the process's provider of TLS. Where there is one already it stays.
        drop(rustls::crypto::ring::default_provider().install_default());
        let client = ClientOptions::new()
            .with_allow_http(settings.endpoint.starts_with("http://"))
            .with_connect_timeout(settings.timeout.min(Duration::from_secs(5)))
            .with_timeout(settings.timeout);
        let store = AmazonS3Builder::new()
            .with_endpoint(&settings.endpoint)
            .with_region(&settings.region)
            .with_bucket_name(&settings.name)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(settings.secret_access_key.expose_secret())
            .with_client_options(client)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: 3,
                retry_timeout: settings.timeout,
            })
            .build()?;
        Ok(Self {
            store: Arc::new(store),
            large: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    async fn put_whole(&self, id: DocumentId, mut sealing: Sealing) -> Result<(), DocumentsError> {
        if sealing.length() <= PART as u64 {
            let (pieces, _) = next_part(sealing).await?;
            let (place, whole) = (document(id), pieces.into_iter().collect());
            let put = self.store.put(&place, whole).await;
            return put.map(drop).map_err(unavailable);
        }
        let _turn = self.large.acquire().await.map_err(unavailable)?;
        let place = document(id);
        let upload = self.store.put_multipart(&place).await;
        let mut upload = upload.map_err(unavailable)?;
        let done = loop {
            let (pieces, rest) = match next_part(sealing).await {
                Ok(next) => next,
                Err(failed) => break Err(failed),
            };
            sealing = rest;
            if pieces.is_empty() {
                break upload.complete().await.map(drop).map_err(unavailable);
            }
            let part: PutPayload = pieces.into_iter().collect();
            if let Err(failed) = upload.put_part(part).await {
                break Err(unavailable(failed));
            }
        };
        if done.is_err() {
            give_up(upload).await;
        }
        done
    }
}

/// Lets go of the parts that came; if that fails too, the bucket's rule for unfinished uploads does it.
async fn give_up(mut upload: Box<dyn MultipartUpload>) {
    drop(upload.abort().await);
}

/// The next bytes of a document, at least as many as S3 wants in a part unless they are the last; none when there are no more.
async fn next_part(mut sealing: Sealing) -> Result<(Vec<Bytes>, Sealing), DocumentsError> {
    off_the_runtime(move || {
        let pieces = sealing.next_many(PART).map_err(unavailable)?;
        Ok((pieces, sealing))
    })
    .await
}

/// A document of which nothing is in the bucket.
struct Waiting {
    bucket: Bucket,
    id: DocumentId,
    sealing: Sealing,
}

#[async_trait]
impl Unnamed for Waiting {
    async fn name(self: Box<Self>) -> Result<(), DocumentsError> {
        // On a task of its own, which ends what it began though nobody may wait for it any more.
        let put = tokio::spawn(async move { self.bucket.put_whole(self.id, self.sealing).await });
        put.await.unwrap_or_else(|failed| Err(unavailable(failed)))
    }
}

fn document(id: DocumentId) -> Path {
    Path::from_iter([DOCUMENTS, &id.to_string()])
}

fn key(id: DocumentId) -> Path {
    Path::from_iter([KEYS, &id.to_string()])
}

/// The document that an object belongs to; other objects are none of ours.
fn id_of(place: &Path) -> Option<DocumentId> {
    Uuid::try_parse(place.filename()?).ok().map(DocumentId::new)
}

fn not_there(failed: object_store::Error) -> DocumentsError {
    match failed {
        object_store::Error::NotFound { .. } => DocumentsError::Missing,
        other => unavailable(other),
    }
}

/// Those bytes of an object, or as many of them as there are, and how many it has in all.
async fn range(
    store: &AmazonS3,
    place: &Path,
    bytes: Range<u64>,
) -> Result<(u64, Bytes), object_store::Error> {
    let options = GetOptions {
        range: Some(bytes.into()),
        ..GetOptions::default()
    };
    let found = store.get_opts(place, options).await?;
    Ok((found.meta.size, found.bytes().await?))
}

/// The first bytes of an object, and how many it has in all.
async fn beginning(
    store: &AmazonS3,
    place: &Path,
    first: u64,
) -> Result<(u64, Bytes), DocumentsError> {
    match range(store, place, 0..first).await {
        // S3 refuses a range of an object without bytes, which nothing that is stored here is.
        Err(refused @ object_store::Error::Generic { .. }) => match store.head(place).await {
            Ok(found) if found.size == 0 => Ok((0, Bytes::new())),
            _ => Err(unavailable(refused)),
        },
        read => read.map_err(not_there),
    }
}

/// The bytes from there on, and where the next ones begin; `None` at the end.
async fn next_range(
    store: Arc<AmazonS3>,
    place: Path,
    from: u64,
    until: u64,
) -> io::Result<Option<(Bytes, u64)>> {
    if from >= until {
        return Ok(None);
    }
    let asked = from..until.min(from.saturating_add(RANGE));
    let (_, bytes) = range(&store, &place, asked)
        .await
        .map_err(io::Error::other)?;
    if bytes.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let next = from.saturating_add(bytes.len() as u64);
    Ok(Some((bytes, next)))
}

/// A range as its reader takes it, so that it is not copied whole.
fn in_pieces(range: Bytes) -> impl Stream<Item = io::Result<Bytes>> {
    let starts = (0..range.len()).step_by(SEALED_PIECE);
    stream::iter(starts.map(move |from| {
        let until = range.len().min(from.saturating_add(SEALED_PIECE));
        Ok(range.slice(from..until))
    }))
}

/// Nothing instead of an object that is not there.
fn if_there<T>(found: Result<T, object_store::Error>) -> Result<Option<T>, DocumentsError> {
    match found.map_err(not_there) {
        Ok(found) => Ok(Some(found)),
        Err(DocumentsError::Missing) => Ok(None),
        Err(other) => Err(other),
    }
}

#[async_trait]
impl Shelf for Bucket {
    async fn prepare(
        &self,
        id: DocumentId,
        sealing: Sealing,
    ) -> Result<Box<dyn Unnamed>, DocumentsError> {
        // Nothing is sent yet: what is in the bucket has a name, and parts of an upload would have to be asked back over the network.
        let bucket = self.clone();
        Ok(Box::new(Waiting {
            bucket,
            id,
            sealing,
        }))
    }

    /// A bucket is first asked when a document comes.
    fn takes(&self) -> Result<(), DocumentsError> {
        Ok(())
    }

    async fn holds(&self, id: DocumentId) -> Result<bool, DocumentsError> {
        Ok(if_there(self.store.head(&document(id)).await)?.is_some())
    }

    async fn read(
        &self,
        id: DocumentId,
        at_most: Option<u64>,
    ) -> Result<(u64, ByteStream<'static>), DocumentsError> {
        let place = document(id);
        let first = RANGE.min(at_most.unwrap_or(RANGE));
        let (length, first) = beginning(&self.store, &place, first).await?;
        let until = length.min(at_most.unwrap_or(length));
        let read = first.len() as u64;
        let store = self.store.clone();
        let rest = stream::try_unfold(read, move |from| {
            next_range(store.clone(), place.clone(), from, until)
        });
        let ranges = stream::once(std::future::ready(Ok(first))).chain(rest);
        Ok((length, Box::pin(ranges.map_ok(in_pieces).try_flatten())))
    }

    async fn envelope(&self, id: DocumentId) -> Result<Option<Bytes>, DocumentsError> {
        let Some(found) = if_there(self.store.get(&key(id)).await)? else {
            return Ok(None);
        };
        found.bytes().await.map(Some).map_err(unavailable)
    }

    async fn put_envelope(&self, id: DocumentId, envelope: Bytes) -> Result<(), DocumentsError> {
        let put = self.store.put(&key(id), envelope.into()).await;
        put.map(drop).map_err(unavailable)
    }

    async fn remove(&self, id: DocumentId) -> Result<(), DocumentsError> {
        if_there(self.store.delete(&key(id)).await)?;
        if_there(self.store.delete(&document(id)).await)?;
        Ok(())
    }

    async fn written_before(
        &self,
        at: OffsetDateTime,
        after: DocumentId,
        limit: usize,
    ) -> Result<Vec<DocumentId>, DocumentsError> {
        let old = |written: &object_store::ObjectMeta| {
            i128::from(written.last_modified.timestamp_millis()) * 1_000_000
                < at.unix_timestamp_nanos()
        };
        // S3 lists in order of the objects' names, and so of the ids.
        let listed = self
            .store
            .list_with_offset(Some(&DOCUMENTS.into()), &document(after));
        let found = listed.try_filter_map(|object| {
            let id = id_of(&object.location).filter(|_| old(&object));
            std::future::ready(Ok(id))
        });
        found.take(limit).try_collect().await.map_err(unavailable)
    }
}
