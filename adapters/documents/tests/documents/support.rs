//! What the tests of both stores share: keys, chance, and a real S3-speaking server for the bucket.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use application::ports::clock::Random;
use documents::{BucketSettings, MasterKey, MasterKeys, SealedDocuments, Settings};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use secrecy::SecretBox;
use tokio::net::TcpListener;

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

/// An empty bucket on a server of its own, whose objects are files under the returned folder.
pub async fn bucket() -> (BucketSettings, PathBuf) {
    const ID: &str = "portal";
    const SECRET: &str = "the bucket's secret";
    let root = new_folder();
    std::fs::create_dir(root.join("files")).unwrap();
    let mut service = S3ServiceBuilder::new(FileSystem::new(&root).unwrap());
    service.set_auth(SimpleAuth::from_single(ID, SECRET));
    let service = service.build();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let service = service.clone();
            tokio::spawn(async move {
                let serving = Builder::new(TokioExecutor::new());
                // A client that goes away is none of the test's business.
                let _ = serving
                    .serve_connection(TokioIo::new(socket), service)
                    .await;
            });
        }
    });
    let settings = BucketSettings {
        endpoint: format!("http://{address}"),
        region: "us-east-1".to_owned(),
        name: "files".to_owned(),
        access_key_id: ID.to_owned(),
        secret_access_key: SECRET.into(),
        timeout: Duration::from_secs(30),
    };
    (settings, root.join("files"))
}
