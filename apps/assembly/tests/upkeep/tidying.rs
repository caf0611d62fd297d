//! Which documents that nothing names are old enough to go, and which are looked at at all.

use std::fs::File;
use std::sync::Arc;
use std::time::SystemTime;

use application::Application;
use application::by::By;
use application::tidy::tidy_documents;
use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::Job;
use domain::terms::Terms;
use futures_util::stream;
use time::{Duration, OffsetDateTime};
use uuid::Builder;

use crate::receiving::all;
use crate::site::Site;

const HOUR: Duration = Duration::HOUR;

impl Site {
    /// A kept document that nothing names, whose id is of one instant and whose bytes are of another.
    async fn unnamed(&self, made: OffsetDateTime, written: OffsetDateTime) -> DocumentId {
        let millis = u64::try_from(made.unix_timestamp_nanos() / 1_000_000).unwrap();
        let id = Id::new(Builder::from_unix_timestamp_millis(millis, &[7; 10]).into_uuid());
        let bytes = Box::pin(stream::iter([Ok("x".into())]));
        let _waiting = self.app.documents.receive(id, bytes, 9).await.unwrap();
        self.app.documents.keep(id).await.unwrap();
        let file = File::options().write(true).open(self.kept(id)).unwrap();
        file.set_modified(SystemTime::from(written)).unwrap();
        id
    }
}

/// X-3, SUB-2: what nothing names goes once it is older than any draft and any upload may be, whichever is kept for longer: a part of a long
/// upload is named by nothing while it comes in.
#[tokio::test]
async fn what_nothing_names_is_as_old_as_any_draft_and_any_upload() {
    let site = Site::new().await;
    let now = site.app.clock.now();
    for (draft, upload) in [(HOUR, 48 * HOUR), (48 * HOUR, HOUR)] {
        let app = Application {
            terms: Arc::new(Terms {
                draft,
                upload,
                ..Terms::default()
            }),
            ..site.app.clone()
        };
        let young = site.unnamed(now, now - 48 * HOUR).await;
        assert_eq!(
            tidy_documents(&app, By::Schedule).await.unwrap().documents,
            0
        );
        let old = now - 48 * HOUR - Duration::MILLISECOND;
        let file = File::options().write(true).open(site.kept(young)).unwrap();
        file.set_modified(SystemTime::from(old)).unwrap();
        assert_eq!(
            tidy_documents(&app, By::Schedule).await.unwrap().documents,
            1
        );
    }
}

/// A pass looks again at what was made up to a week before the last one could remove it, however late it runs, and at nothing older, unless it is asked for by
/// its name: a backup brings back documents that a purge removed long after they were made.
#[tokio::test]
async fn a_pass_looks_at_a_week_before_the_last() {
    let site = Site::new().await;
    let now = site.app.clock.now();
    let longest = site.app.terms.draft.max(site.app.terms.upload);
    let before = all(&site.app.documents).await;
    for (ago, looks_from) in [
        (HOUR, now - HOUR - longest - Duration::days(7)),
        (
            30 * Duration::DAY,
            now - 30 * Duration::DAY - longest - Duration::days(7),
        ),
    ] {
        let runs = &site.app.job_runs;
        runs.ran(Job::TidyDocuments, now - ago).await.unwrap();
        let millisecond = Duration::MILLISECOND;
        let older = site.unnamed(looks_from - millisecond, looks_from).await;
        let within = site.unnamed(looks_from + millisecond, looks_from).await;
        assert_eq!(
            tidy_documents(&site.app, By::Schedule)
                .await
                .unwrap()
                .documents,
            1
        );
        let left = all(&site.app.documents).await;
        assert!(left.contains(&older) && !left.contains(&within));
        let by_hand = tidy_documents(&site.app, By::Hand).await.unwrap();
        assert_eq!(by_hand.documents, 1, "which looks at all");
    }
    assert_eq!(all(&site.app.documents).await, before);
}
