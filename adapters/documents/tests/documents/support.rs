//! What the tests of both stores share: keys, chance, and how a bucket of the tests' own server is opened.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use application::ports::clock::Random;
use documents::{BucketSettings, MasterKey, MasterKeys, SealedDocuments, Settings};
use rehearsal::Bucket;
use secrecy::SecretBox;

/// No two draws are alike.
#[derive(Default)]
pub struct Counting(AtomicU64);

impl Random for Counting {
    fn bytes(&self) -> [u8; 32] {
        let count = self.0.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let mut bytes = [0; 32];
        for (byte, from) in bytes.iter_mut().zip(count.iter().cycle()) {
            *byte = *from;
        }
        bytes
    }
}

/// The master key of that number.
pub fn key(number: u8) -> MasterKey {
    MasterKey::new(&SecretBox::new(Box::new([number; 32])))
}

/// The first key is the newest.
pub fn keys(newest: u8, former: &[u8]) -> MasterKeys {
    MasterKeys::new(
        key(newest),
        former.iter().map(|number| key(*number)).collect(),
    )
}

/// An empty folder that stays.
pub fn new_folder() -> PathBuf {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))
        .unwrap()
        .keep()
}

/// Documents in a folder, or in a bucket, under those keys.
pub async fn open(
    folder: PathBuf,
    bucket: Option<BucketSettings>,
    keys: MasterKeys,
) -> SealedDocuments {
    let settings = Settings {
        folder,
        bucket,
        keys,
    };
    SealedDocuments::open(settings, Arc::<Counting>::default())
        .await
        .unwrap()
}

/// An empty bucket, and how it is opened.
pub fn bucket() -> (BucketSettings, Bucket) {
    let bucket = Bucket::open(&new_folder());
    let settings = BucketSettings {
        endpoint: bucket.endpoint.clone(),
        region: "us-east-1".to_owned(),
        name: bucket.name.clone(),
        access_key_id: bucket.access_key_id.clone(),
        secret_access_key: bucket.secret_access_key.clone().into(),
        timeout: Duration::from_secs(30),
    };
    (settings, bucket)
}
