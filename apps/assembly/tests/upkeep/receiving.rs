//! How files are counted that came in: good, wrong, or met by something of ours that did not work.

use std::sync::Arc;

use application::Application;
use application::ports::documents::Documents;
use application::receive_document::{IncomingFile, Intake, ReceiveError, receive_document};
use bytes::Bytes;
use domain::document::{DocumentId, FileName, FileProblem, Inspected, MediaType};
use domain::id::Id;
use domain::policy::{Action, Actor, Job, authorize};
use futures_util::stream;
use time::macros::datetime;

use crate::faults::{Counts, Finds, Store};
use crate::site::Site;

const GOOD: Inspected = Inspected {
    media_type: MediaType::Pdf,
    pages: Some(1),
};

/// SUB-1: what is wrong with a file, and what does not work here, are counted apart: the one is its sender's to mend, the other ours.
#[tokio::test]
async fn a_file_that_fails_here_is_not_counted_as_refused() {
    let site = Site::new().await;
    let counts = Arc::new(Counts::default());
    let kept = site.app.documents.clone();
    let full = || Store {
        full: true,
        ..Store::stuck(kept.clone(), 0..0)
    };
    let bytes = || vec![Ok(Bytes::from_static(b"a"))];
    let broken = || vec![Err(std::io::ErrorKind::ConnectionReset.into())];
    let cases: [(Arc<dyn Documents>, _, Vec<_>, [u64; 3]); 4] = [
        (kept.clone(), Ok(GOOD), bytes(), [1, 0, 0]),
        (kept.clone(), Err(FileProblem::Damaged), bytes(), [1, 1, 0]),
        (kept.clone(), Ok(GOOD), broken(), [1, 2, 0]),
        (Arc::new(full()), Ok(GOOD), bytes(), [1, 2, 1]),
    ];
    for (documents, found, sent, expected) in cases {
        let app = Application {
            documents,
            inspector: Arc::new(Finds(found)),
            tally: counts.clone(),
            ..site.app.clone()
        };
        let received = receive(&app, sent).await;
        assert_eq!(counts.all(), expected, "{received:?}");
    }
}

/// a file is sealed while it is looked into. If it is not good, nothing of it is left when its sender hears so; and they hear what is
/// wrong with it, also when it could not have been kept.
#[tokio::test]
async fn a_file_that_is_not_good_leaves_nothing() {
    let site = Site::new().await;
    let kept = site.app.documents.clone();
    let full = Store {
        full: true,
        ..Store::stuck(kept.clone(), 0..0)
    };
    let before = all(&kept).await;
    let stores: [Arc<dyn Documents>; 2] = [kept.clone(), Arc::new(full)];
    for documents in stores {
        let app = Application {
            documents,
            inspector: Arc::new(Finds(Err(FileProblem::Damaged))),
            ..site.app.clone()
        };
        let refused = receive(&app, vec![Ok(Bytes::from(vec![b'a'; 1_000_000]))]).await;
        let problem = match refused {
            Err(ReceiveError::Problem { problem, .. }) => Some(problem),
            _ => None,
        };
        assert_eq!(problem, Some(FileProblem::Damaged));
        assert_eq!(all(&kept).await, before);
    }
}

/// Every document, in quarantine, arriving or kept.
pub async fn all(documents: &Arc<dyn Documents>) -> Vec<DocumentId> {
    let (ever, first) = (datetime!(9000-01-01 0:00 UTC), Id::new(uuid::Uuid::nil()));
    documents.written_before(ever, first, 1_000).await.unwrap()
}

async fn receive(
    app: &Application,
    sent: Vec<Result<Bytes, std::io::Error>>,
) -> Result<(), ReceiveError> {
    // Whoever may bring files in is told elsewhere.
    let job = Job::TidyDocuments;
    let permit = authorize(
        &Actor::job(job),
        &Action::RunJob(job),
        &app.moment(),
        &app.terms,
    );
    let file = IncomingFile {
        name: FileName::from_sender("a.pdf"),
        title: None,
        bytes: Box::pin(stream::iter(sent)),
    };
    receive_document(app, &Intake::of(permit.unwrap()), file)
        .await
        .map(drop)
}
