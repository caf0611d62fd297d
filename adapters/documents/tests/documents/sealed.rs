//! documents are sealed at rest, whatever is done to what is stored is found before a byte is given out, and keys can be rotated; in a
//! folder and in a bucket alike.

use std::fs;
use std::path::{Path, PathBuf};

use application::ports::documents::{ByteStream, Documents, DocumentsError, Rewrapped};
use bytes::Bytes;
use documents::{BucketSettings, MasterKeys, SealedDocuments};
use domain::document::DocumentId;
use futures_util::{StreamExt, stream};
use proptest::prelude::*;
use rehearsal::Bucket;
use uuid::Uuid;

use crate::support::{bucket, keys, new_folder, open};

const ID: DocumentId = DocumentId::new(Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_89ab));
const OTHER: DocumentId =
    DocumentId::new(Uuid::from_u128(0x0190_1234_5678_7abc_8def_0123_4567_88ab));
const PIECE: usize = 64 * 1024;

/// A place of documents whose files the test can reach.
struct Place {
    folder: PathBuf,
    bucket: Option<(BucketSettings, Bucket)>,
}

impl Place {
    /// One of each kind.
    fn all() -> [Self; 2] {
        [
            Self {
                folder: new_folder(),
                bucket: None,
            },
            Self {
                folder: new_folder(),
                bucket: Some(bucket()),
            },
        ]
    }

    async fn open(&self, keys: MasterKeys) -> SealedDocuments {
        let bucket = self.bucket.as_ref().map(|(settings, _)| settings.clone());
        open(self.folder.clone(), bucket, keys).await
    }

    /// The file in which a kept document lies.
    fn file(&self, id: DocumentId) -> PathBuf {
        let end = &id.to_string()[34..];
        match &self.bucket {
            None => self.folder.join(format!("kept/{end}/{id}")),
            Some((_, bucket)) => bucket.objects.join(format!("documents/{id}")),
        }
    }

    /// Everything that is stored anywhere.
    fn everything(&self) -> Vec<u8> {
        let mut all = bytes_under(&self.folder);
        if let Some((_, bucket)) = &self.bucket {
            all.extend(bytes_under(&bucket.objects));
        }
        all
    }
}

fn bytes_under(folder: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(bytes_under(&path));
        } else {
            all.extend(fs::read(path).unwrap());
        }
    }
    all
}

/// Bytes that no piece of which is like another.
fn text(length: usize) -> Vec<u8> {
    (0_u64..)
        .flat_map(|number| format!("evidence {number} ").into_bytes())
        .take(length)
        .collect()
}

async fn keep(documents: &SealedDocuments, id: DocumentId, bytes: &[u8]) {
    let coming: ByteStream<'_> = Box::pin(stream::iter([Ok(Bytes::copy_from_slice(bytes))]));
    let _waiting = documents.receive(id, coming, u64::MAX).await.unwrap();
    documents.keep(id).await.unwrap();
}

async fn read(documents: &SealedDocuments, id: DocumentId) -> Result<Vec<u8>, DocumentsError> {
    let mut bytes = documents.open(id).await?;
    let mut whole = Vec::new();
    while let Some(next) = bytes.next().await {
        whole.extend_from_slice(&next.unwrap());
    }
    Ok(whole)
}

/// of a kept document nothing can be read where it is stored, in quarantine neither.
#[tokio::test]
async fn nothing_of_a_kept_document_is_stored_as_it_is() {
    for place in Place::all() {
        let documents = place.open(keys(1, &[])).await;
        keep(&documents, ID, &text(200_000)).await;
        let stored = place.everything();
        assert!(stored.len() > 200_000);
        for word in [&b"evidence 7 "[..], b"evidence 9000 "] {
            assert!(!stored.windows(word.len()).any(|window| window == word));
        }
        assert_eq!(read(&documents, ID).await.unwrap(), text(200_000));
    }
}

/// How many bytes are stored of a document that has none.
async fn stored_of_nothing(documents: &SealedDocuments, place: &Place) -> usize {
    keep(documents, OTHER, &[]).await;
    fs::read(place.file(OTHER)).unwrap().len()
}

/// a document comes back byte for byte, whatever its length: none, around the end of a piece and of a range, larger than a part of an upload.
#[tokio::test]
async fn documents_of_every_length_come_back() {
    for place in Place::all() {
        let documents = place.open(keys(1, &[])).await;
        // A bucket is asked for a MiB at a time, of what is stored.
        let range = (PIECE * 16) - (stored_of_nothing(&documents, &place).await + 15 * 16);
        let lengths = [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 13_000_000];
        let of_ranges = [range - 1, range, range + 1];
        for (number, length) in lengths.into_iter().chain(of_ranges).enumerate() {
            let id = DocumentId::new(Uuid::from_u128(number as u128 + 1));
            keep(&documents, id, &text(length)).await;
            assert_eq!(read(&documents, id).await.unwrap(), text(length));
        }
    }
}

/// whichever bit is flipped, in the envelope, in a piece, in a tag: nothing of the document is given out.
#[tokio::test]
async fn a_document_with_a_flipped_bit_is_refused() {
    for place in Place::all() {
        let documents = place.open(keys(1, &[])).await;
        keep(&documents, ID, &text(2 * PIECE + 10)).await;
        let whole = fs::read(place.file(ID)).unwrap();
        let envelope = whole.len() - (2 * PIECE + 10 + 3 * 16);
        let tag_of_first = envelope + PIECE + 3;
        for at in (0..=envelope).chain([tag_of_first, whole.len() / 2, whole.len() - 1]) {
            let mut altered = whole.clone();
            altered[at] ^= 0b100;
            fs::write(place.file(ID), altered).unwrap();
            let refused = read(&documents, ID).await.unwrap_err();
            // Another name of the master key is as good as an altered one: without that key nobody can tell.
            assert!(
                matches!(
                    refused,
                    DocumentsError::Altered(_) | DocumentsError::KeyUnknown(_)
                ),
                "{at}: {refused:?}"
            );
        }
        fs::write(place.file(ID), whole).unwrap();
        assert!(read(&documents, ID).await.is_ok());
    }
}

/// a document whose end was cut off, also between two pieces, or to which something was added, is refused.
#[tokio::test]
async fn a_document_that_is_shorter_or_longer_is_refused() {
    for place in Place::all() {
        let documents = place.open(keys(1, &[])).await;
        keep(&documents, ID, &text(3 * PIECE)).await;
        let whole = fs::read(place.file(ID)).unwrap();
        let envelope = whole.len() - 3 * (PIECE + 16);
        let between = envelope + 2 * (PIECE + 16);
        let longer = [&whole[..], b"x"].concat();
        for altered in [
            &whole[..whole.len() - 1],
            &whole[..between],
            &whole[..envelope],
            &whole[..20],
            &[],
            &longer,
        ] {
            fs::write(place.file(ID), altered).unwrap();
            let refused = read(&documents, ID).await.unwrap_err();
            assert!(matches!(refused, DocumentsError::Altered(_)), "{refused:?}");
        }
    }
}

/// neither a document in another's place nor pieces in another order pass.
#[tokio::test]
async fn a_document_in_anothers_place_is_refused() {
    for place in Place::all() {
        let documents = place.open(keys(1, &[])).await;
        keep(&documents, ID, &text(2 * PIECE)).await;
        keep(&documents, OTHER, &text(2 * PIECE)).await;
        let whole = fs::read(place.file(ID)).unwrap();
        fs::copy(place.file(OTHER), place.file(ID)).unwrap();
        let refused = read(&documents, ID).await.unwrap_err();
        assert!(matches!(refused, DocumentsError::Altered(_)), "{refused:?}");
        let (envelope, pieces) = whole.split_at(whole.len() - 2 * (PIECE + 16));
        let (first, second) = pieces.split_at(PIECE + 16);
        fs::write(place.file(ID), [envelope, second, first].concat()).unwrap();
        let refused = read(&documents, ID).await.unwrap_err();
        assert!(matches!(refused, DocumentsError::Altered(_)), "{refused:?}");
    }
}

/// a document kept twice has another key each time, so that nobody sees that it is the same.
#[tokio::test]
async fn the_same_bytes_are_sealed_otherwise_each_time() {
    for place in Place::all() {
        let documents = place.open(keys(1, &[])).await;
        keep(&documents, ID, &text(1000)).await;
        keep(&documents, OTHER, &text(1000)).await;
        let (one, other) = (place.file(ID), place.file(OTHER));
        let (one, other) = (fs::read(one).unwrap(), fs::read(other).unwrap());
        let same = one.iter().zip(&other).filter(|(a, b)| a == b).count();
        assert!(same < 40, "{same} bytes are alike");
    }
}

/// once keys are rotated the former master key can go, again and again; the documents themselves were not written anew.
#[tokio::test]
async fn a_former_key_can_go_when_keys_were_rotated() {
    for place in Place::all() {
        let first = place.open(keys(1, &[])).await;
        keep(&first, ID, &text(1000)).await;
        let stored = fs::read(place.file(ID)).unwrap();
        for newest in 2..5 {
            let without = place.open(keys(newest, &[])).await;
            let unknown = read(&without, ID).await.unwrap_err();
            assert!(matches!(unknown, DocumentsError::KeyUnknown(_)));
            let unknown = without.rewrap(ID).await.unwrap_err();
            assert!(matches!(unknown, DocumentsError::KeyUnknown(_)));

            let both = place.open(keys(newest, &[newest - 1])).await;
            assert_eq!(read(&both, ID).await.unwrap(), text(1000));
            assert_eq!(both.rewrap(ID).await.unwrap(), Rewrapped::Now);
            assert_eq!(both.rewrap(ID).await.unwrap(), Rewrapped::NotNeeded);
            assert_eq!(read(&both, ID).await.unwrap(), text(1000));

            let without = place.open(keys(newest, &[])).await;
            assert_eq!(read(&without, ID).await.unwrap(), text(1000));
        }
        assert_eq!(fs::read(place.file(ID)).unwrap(), stored);
        let fourth = place.open(keys(4, &[])).await;
        fourth.discard(ID).await.unwrap();
        assert!(place.everything().is_empty());
    }
}

/// what is not kept has no key to rotate.
#[tokio::test]
async fn what_is_not_kept_needs_no_rotation() {
    for place in Place::all() {
        let documents = place.open(keys(1, &[])).await;
        assert_eq!(documents.rewrap(ID).await.unwrap(), Rewrapped::NotNeeded);
        let coming: ByteStream<'_> = Box::pin(stream::iter([Ok(Bytes::from_static(b"x"))]));
        let _waiting = documents.receive(ID, coming, 10).await.unwrap();
        assert_eq!(documents.rewrap(ID).await.unwrap(), Rewrapped::NotNeeded);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// any change of what is stored, anywhere, is found before a byte is given out.
    #[test]
    fn any_change_is_found(length in 0_usize..3 * PIECE, at: prop::sample::Index, by in 1_u8.., cut in any::<bool>()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let place = Place { folder: new_folder(), bucket: None };
            let documents = place.open(keys(1, &[])).await;
            keep(&documents, ID, &text(length)).await;
            let mut stored = fs::read(place.file(ID)).unwrap();
            let at = at.index(stored.len());
            if cut {
                stored.truncate(at);
            } else {
                stored[at] ^= by;
            }
            fs::write(place.file(ID), stored).unwrap();
            prop_assert!(documents.open(ID).await.is_err());
            fs::remove_dir_all(&place.folder).unwrap();
            Ok(())
        })?;
    }
}
