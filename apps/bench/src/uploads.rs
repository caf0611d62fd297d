//! Submissions: a large file against hashing, sealing and syncing its bytes (V-3); many small ones from eight clients against a synced file
//! and a synced transaction for each (V-4).

use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use aes_gcm::{Aes256Gcm, KeyInit};
use application::ports::clock::Random;
use assembly::chance::OsRandom;
use bytes::Bytes;
use contract::samples;
use domain::id::Id;
use domain::token::Scope;
use futures_util::stream;
use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::{Body, Endpoint, Request};
use sha2::{Digest, Sha256};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::figure::{Failed, Goal, Report, rate};
use crate::ground::{Database, Ground, case, counsel};

const MEGABYTE: f64 = 1_000_000.0;
/// A hearing bundle.
const LARGE: usize = 50_000_000;
/// A letter.
const SMALL: usize = 100_000;
/// How a connection hands over what came.
const PIECE: usize = 64 * 1024;
/// Who submits at the same time.
const CLIENTS: usize = 8;
/// How many each sends in a turn.
const EACH: usize = 15;

/// A PDF of one page with a line on it, and so many bytes that no page uses, none of which compress.
pub fn pdf(padding: usize) -> Vec<u8> {
    let mut bytes = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for object in [
        "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>endobj\n",
        "4 0 obj<</Length 15>>stream\n9 9 m 99 99 l S\nendstream endobj\n",
    ] {
        offsets.push(bytes.len());
        bytes.extend(object.as_bytes());
    }
    offsets.push(bytes.len());
    bytes.extend(format!("5 0 obj<</Length {padding}>>stream\n").as_bytes());
    let start = bytes.len();
    while bytes.len() - start < padding {
        bytes.extend(OsRandom.bytes());
    }
    bytes.truncate(start + padding);
    bytes.extend(b"\nendstream endobj\n");
    let table = bytes.len();
    bytes.extend(b"xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        bytes.extend(format!("{offset:010} 00000 n \n").as_bytes());
    }
    bytes.extend(format!("trailer<</Size 6/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n").as_bytes());
    bytes
}

/// The form that submits one file, and the header that goes with it.
pub fn form(file: &[u8]) -> (String, Bytes) {
    let boundary = "a-boundary-that-no-file-has-7f3a";
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"document_type\"\r\n\r\nother\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"bundle.pdf\"\r\nContent-Type: application/pdf\r\n\r\n"
    )
    .into_bytes();
    body.extend(file);
    body.extend(format!("\r\n--{boundary}--\r\n").as_bytes());
    (
        format!("multipart/form-data; boundary={boundary}"),
        body.into(),
    )
}

/// Who submits, and where.
struct Sender {
    ground: Ground,
    routes: Arc<BoxEndpoint<'static>>,
    path: String,
    token: String,
}

impl Sender {
    async fn on(database: &Database) -> Result<Self, Failed> {
        let ground = Ground::on(database).await?;
        ground.fill(&[counsel(1)?], &[case(1, 1)?]).await?;
        let account = Id::new(Uuid::from_u128(1));
        Ok(Self {
            routes: Arc::new(ground.routes()),
            path: format!(
                "/api/v1/counsels/{account}/cases/{}/submissions",
                Uuid::from_u128(1)
            ),
            token: ground.token(account, &[Scope::Read, Scope::Submit]).await?,
            ground,
        })
    }
}

async fn submit(
    routes: &BoxEndpoint<'static>,
    path: &str,
    token: &str,
    body: Bytes,
    kind: &str,
) -> Result<(), Failed> {
    let pieces = (0..body.len())
        .step_by(PIECE)
        .map(move |from| Ok::<_, std::io::Error>(body.slice(from..body.len().min(from + PIECE))));
    let request = Request::builder()
        .method(poem::http::Method::POST)
        .uri(path.parse()?)
        .header("authorization", format!("Bearer {token}"))
        .header("content-type", kind)
        .header(
            "idempotency-key",
            OsRandom.bytes().map(|byte| format!("{byte:02x}")).concat(),
        )
        .body(Body::from_bytes_stream(stream::iter(pieces)));
    let response = routes.get_response(request).await;
    if response.status() == StatusCode::CREATED {
        return Ok(());
    }
    Err(format!("a submission was answered {}", response.status()).into())
}

/// V-3 and V-4.
pub async fn measure(report: &mut Report, database: &Database) -> Result<(), Failed> {
    if report.wants(&["V-3"]) {
        large(report, database).await?;
    }
    if report.wants(&["V-4"]) {
        small(report, database).await?;
    }
    Ok(())
}

async fn large(report: &mut Report, database: &Database) -> Result<(), Failed> {
    let sender = Sender::on(database).await?;
    let large = pdf(LARGE);
    let (kind, body) = form(&large);
    let name = (
        "V-3",
        "a submission of 50 MB, against hash, seal and sync alone",
        database.name(),
    );
    let ours = || {
        let (routes, body) = (&sender.routes, body.clone());
        rate(
            LARGE as f64 / MEGABYTE,
            submit(routes, &sender.path, &sender.token, body, &kind),
        )
    };
    let alone = || {
        let file = sender.ground.folder.path().join("alone");
        let large = &large;
        rate(LARGE as f64 / MEGABYTE, async move {
            tokio::task::block_in_place(|| sealed_alone(&file, large))
        })
    };
    let goal = ("MB/s", Goal::Share(0.7));
    report.compare(name, goal, ours, alone).await
}

async fn small(report: &mut Report, database: &Database) -> Result<(), Failed> {
    let sender = Sender::on(database).await?;
    let small = Arc::new(form(&pdf(SMALL)));
    let name = (
        "V-4",
        "submissions of 100 KB from 8 clients, against a synced file and a synced transaction each",
        database.name(),
    );
    let goal = ("submissions/s", Goal::Share(0.5));
    let (ours, alone) = (|| eight(&sender, small.clone()), || eight_alone(&sender));
    report.compare(name, goal, ours, alone).await
}

/// The same bytes, hashed, sealed in pieces, written and synced.
fn sealed_alone(file: &Path, bytes: &[u8]) -> Result<(), Failed> {
    let cipher = StreamBE32::from_aead(Aes256Gcm::new(&[7; 32].into()), &[0; 7].into());
    let mut digest = Sha256::new();
    let mut out = File::create(file)?;
    for (number, piece) in (0_u32..).zip(bytes.chunks(64 * 1024)) {
        digest.update(piece);
        let sealed = cipher
            .encrypt(number, false, piece)
            .map_err(|_| "a piece was not sealed")?;
        out.write_all(&sealed)?;
    }
    out.sync_all()?;
    if digest.finalize().is_empty() {
        return Err("no digest".into());
    }
    Ok(())
}

async fn eight(sender: &Sender, small: Arc<(String, Bytes)>) -> Result<f64, Failed> {
    rate((CLIENTS * EACH) as f64, async {
        let mut tasks = JoinSet::new();
        for _ in 0..CLIENTS {
            let (routes, path, token, small) = (
                sender.routes.clone(),
                sender.path.clone(),
                sender.token.clone(),
                small.clone(),
            );
            tasks.spawn(async move {
                for _ in 0..EACH {
                    submit(&routes, &path, &token, small.1.clone(), &small.0).await?;
                }
                Ok::<(), Failed>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    })
    .await
}

static FILES: AtomicU32 = AtomicU32::new(0);

/// A synced file in a synced folder, and an audit entry committed, for each.
async fn eight_alone(sender: &Sender) -> Result<f64, Failed> {
    let folder = sender.ground.folder.path().join("small");
    tokio::fs::create_dir_all(&folder).await?;
    let bytes = Arc::new(pdf(SMALL));
    rate((CLIENTS * EACH) as f64, async {
        let mut tasks = JoinSet::new();
        for _ in 0..CLIENTS {
            let (folder, bytes, storage) = (
                folder.clone(),
                bytes.clone(),
                sender.ground.app.storage.clone(),
            );
            tasks.spawn(async move {
                for _ in 0..EACH {
                    let number = FILES.fetch_add(1, Ordering::Relaxed);
                    let (file, of, bytes) = (
                        folder.join(number.to_string()),
                        folder.clone(),
                        bytes.clone(),
                    );
                    tokio::task::spawn_blocking(move || {
                        let mut out = File::create(file)?;
                        out.write_all(&bytes)?;
                        out.sync_all()?;
                        File::open(of)?.sync_all()
                    })
                    .await??;
                    storage.begin().await?.commit(samples::audit()).await?;
                }
                Ok::<(), Failed>(())
            });
        }
        while let Some(done) = tasks.join_next().await {
            done??;
        }
        Ok(())
    })
    .await
}
