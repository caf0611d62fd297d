//! A real server that speaks S3, with one bucket, whose objects are files. It can be told to fail as such stores do.

use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto::Builder;
use s3s::HttpError;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tokio::net::TcpListener;

/// How the store takes what it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should be.
    Good,
    /// It answers with that status, and does nothing.
    Answers(u16),
    /// It closes the connection, and does nothing.
    Cuts,
    /// It stores what it is given and closes the connection instead of saying so.
    Forgets,
    /// It takes what it is asked and never answers.
    Hangs,
}

/// A bucket on a server of its own, on a thread of its own: whoever waits for a process keeps nobody from the bucket. It serves for as long
/// as the process lives.
pub struct Bucket {
    /// Where the server is.
    pub endpoint: String,
    /// What the bucket is called.
    pub name: String,
    /// Who may use it.
    pub access_key_id: String,
    /// With which secret.
    pub secret_access_key: String,
    /// Where its objects lie as files.
    pub objects: PathBuf,
    mood: Arc<Mutex<Mood>>,
}

impl Bucket {
    /// An empty one, in a folder that its caller keeps.
    pub fn open(folder: &Path) -> Self {
        let (name, id, secret) = ("files", "portal", "the bucket's secret");
        let objects = folder.join(name);
        std::fs::create_dir_all(&objects).unwrap();
        let mut service = S3ServiceBuilder::new(FileSystem::new(folder).unwrap());
        service.set_auth(SimpleAuth::from_single(id, secret));
        let service = service.build();
        let mood = Arc::new(Mutex::new(Mood::Good));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        listener.set_nonblocking(true).unwrap();
        let of_server = mood.clone();
        std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = runtime.enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).unwrap();
                serve(listener, service, of_server).await;
            });
        });
        Self {
            endpoint: format!("http://{address}"),
            name: name.to_owned(),
            access_key_id: id.to_owned(),
            secret_access_key: secret.to_owned(),
            objects,
            mood,
        }
    }

    /// What a configuration says of it, the last section of which it is.
    pub fn lines(&self) -> String {
        let Self {
            endpoint,
            name,
            access_key_id,
            secret_access_key,
            ..
        } = self;
        format!(
            "[documents.bucket]\nendpoint = {endpoint:?}\nname = {name:?}\naccess_key_id = {access_key_id:?}\n\
             secret_access_key = {secret_access_key:?}\n"
        )
    }

    /// From now on it is in that mood.
    pub fn is(&self, mood: Mood) {
        *self.mood.lock().unwrap() = mood;
    }
}

async fn serve(listener: TcpListener, service: S3Service, mood: Arc<Mutex<Mood>>) {
    while let Ok((socket, _)) = listener.accept().await {
        // Otherwise many an answer would wait for what acknowledges its beginning.
        let _ = socket.set_nodelay(true);
        let (service, mood) = (service.clone(), mood.clone());
        let answering = service_fn(move |request| {
            let now = *mood.lock().unwrap();
            answer(service.clone(), now, request)
        });
        tokio::spawn(async move {
            let builder = Builder::new(TokioExecutor::new());
            // A client that goes away is none of the test's business.
            let _ = builder
                .serve_connection(TokioIo::new(socket), answering)
                .await;
        });
    }
}

type Answer = Result<Response<s3s::Body>, HttpError>;

fn answer(
    service: S3Service,
    mood: Mood,
    request: Request<Incoming>,
) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
    Box::pin(async move {
        let request = request.map(s3s::Body::from);
        match mood {
            Mood::Good => service.call(request).await,
            Mood::Answers(status) => {
                let mut answer = Response::new(s3s::Body::empty());
                *answer.status_mut() = StatusCode::from_u16(status).unwrap();
                Ok(answer)
            }
            Mood::Cuts => Err(HttpError::new("cut".into())),
            Mood::Forgets => {
                let stores = request.method() == Method::PUT;
                let answer = service.call(request).await?;
                if stores {
                    return Err(HttpError::new("forgotten".into()));
                }
                Ok(answer)
            }
            Mood::Hangs => std::future::pending().await,
        }
    })
}
