//! One request that comes twice at once, as from a browser that sent it again: whoever is overtaken gives the other's answer (SUB-2). What was
//! begun and is too old is not there, though no job ran.

use std::collections::BTreeSet;
use std::slice;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use application::Application;
use application::UseCaseError;
use application::draft::{
    BeginError, ChangeError, Draft, DraftChange, Entered, begin_draft, change_draft, discard_draft,
    see_all_drafts, see_draft, see_drafts, send_draft,
};
use application::form_draft::{begin_form, keep_form, see_form_draft, send_form_draft};
use application::ports::records::PageRequest;
use application::ports::uploads::Part;
use application::receive_document::{CheckedFile, IncomingFile, may_submit, receive_document};
use application::send_form::SendFormError;
use application::submit_documents::{
    Enclosed, SubmitDocuments, SubmitError, Submitted, submit_documents,
};
use application::uploads::{UploadError, Uploader, Verdicts, uploaded};
use assembly::at_instant;
use bytes::Bytes;
use contract::samples::{able, account, audit, case, id};
use domain::account::Account;
use domain::case::Case;
use domain::code::Code;
use domain::document::{DocumentId, FileName, Inspected, MediaType};
use domain::form::{Field, Fields, FormKind};
use domain::lock::Lock;
use domain::policy::{Actor, Means};
use domain::submission::{SubmissionRefused, Wish};
use domain::terms::Terms;
use domain::upload::{Upload, UploadId};
use futures_util::stream;
use time::{Duration, OffsetDateTime};

use crate::faults::{Finds, Meanwhile, Overtaken, Store};
use crate::receiving::all;
use crate::site::Site;

/// A counsel with a case, and an upload that was found good.
struct Desk {
    app: Application,
    actor: Actor,
    wish: SubmitDocuments,
}

impl Desk {
    async fn of(site: &Site) -> Self {
        let found = Inspected {
            media_type: MediaType::Pdf,
            pages: Some(1),
        };
        let app = Application {
            inspector: Arc::new(Finds(Ok(found))),
            ..site.app.clone()
        };
        let counsel = able(1);
        let open = Case {
            final_decision_on: None,
            ..case(1)
        };
        let mut tx = site.begin().await;
        tx.accounts_mut().insert(&counsel).await.unwrap();
        tx.cases_mut().insert(&open).await.unwrap();
        tx.commit(audit()).await.unwrap();
        let now = app.clock.now();
        let actor = Actor::account(counsel.clone(), Means::SignIn { at: now }, None);
        let (_, intake) = may_submit(&app, &actor, counsel.id, open.id).await.unwrap();
        let name = FileName::from_sender("a.pdf");
        let incoming = IncomingFile {
            name: name.clone(),
            title: None,
            bytes: Box::pin(stream::iter([Ok(Bytes::from_static(b"a"))])),
        };
        let received = receive_document(&app, &intake, incoming).await.unwrap();
        let upload = Upload {
            id: id(1),
            account: counsel.id,
            counsel: counsel.id,
            case: open.id,
            name,
            length: 1,
            offset: 1,
            begun_at: now,
            file: None,
        };
        let since = OffsetDateTime::UNIX_EPOCH;
        let begun = app.uploads.begin(&upload, 1, since, &audit()).await;
        assert!(begun.unwrap());
        assert!(
            app.uploads
                .became(upload.id, received.facts())
                .await
                .unwrap()
        );
        let wish = SubmitDocuments {
            counsel: counsel.id,
            case: open.id,
            also_on: Vec::new(),
            wish: Wish {
                document_type: Code::parse("disclosure").unwrap(),
                note: String::new(),
                service: None,
            },
            files: vec![Enclosed::Upload {
                id: upload.id,
                title: None,
            }],
            form: None,
            begun: None,
            idempotency_key: Some("once".to_owned()),
        };
        Self { app, actor, wish }
    }

    fn uploader(&self) -> Uploader {
        Uploader {
            actor: self.actor.clone(),
            counsel: self.wish.counsel,
            case: self.wish.case,
            finishing: None,
        }
    }

    /// An upload of which every byte came, and into which nobody has looked.
    async fn whole(&self, number: u32) -> UploadId {
        let (app, actor) = (&self.app, &self.actor);
        let may = may_submit(app, actor, self.wish.counsel, self.wish.case).await;
        let incoming = IncomingFile {
            name: FileName::from_sender("b.pdf"),
            title: None,
            bytes: Box::pin(stream::iter([Ok(Bytes::from_static(b"b"))])),
        };
        let part = receive_document(app, &may.unwrap().1, incoming).await;
        let upload = Upload {
            id: id(number.into()),
            account: self.wish.counsel,
            counsel: self.wish.counsel,
            case: self.wish.case,
            name: FileName::from_sender("b.pdf"),
            length: 1,
            offset: 0,
            begun_at: app.clock.now(),
            file: None,
        };
        let since = OffsetDateTime::UNIX_EPOCH;
        let begun = app.uploads.begin(&upload, 10, since, &audit()).await;
        assert!(begun.unwrap());
        let part = Part {
            document: part.unwrap().facts().document,
            bytes: 1,
        };
        assert!(app.uploads.append(upload.id, 0, &[part]).await.unwrap());
        upload.id
    }

    /// A draft with the upload's file.
    async fn begin(&self) -> Draft {
        let file = uploaded(&self.app, &self.uploader(), id(1), None)
            .await
            .unwrap();
        let on = (self.wish.counsel, self.wish.case);
        let begun = begin_draft(&self.app, &self.actor, on, &self.wish.wish, &[file]).await;
        begun.unwrap()
    }

    /// Another file that was found good.
    async fn bring(&self, name: &str) -> CheckedFile {
        let (counsel, case) = (self.wish.counsel, self.wish.case);
        let (_, intake) = may_submit(&self.app, &self.actor, counsel, case)
            .await
            .unwrap();
        let incoming = IncomingFile {
            name: FileName::from_sender(name),
            title: None,
            bytes: Box::pin(stream::iter([Ok(Bytes::from_static(b"b"))])),
        };
        receive_document(&self.app, &intake, incoming)
            .await
            .unwrap()
    }

    /// Every document that lies in the store.
    async fn stored(&self) -> BTreeSet<DocumentId> {
        all(&self.app.documents).await.into_iter().collect()
    }

    /// The draft with another note.
    async fn noted(&self, draft: &Draft, note: &str) -> Result<Draft, ChangeError> {
        let wish = Wish {
            note: note.to_owned(),
            ..draft.wish.clone()
        };
        let change = DraftChange {
            entered: Some(Entered {
                wish,
                also_on: Vec::new(),
            }),
            ..DraftChange::default()
        };
        let changed =
            change_draft(&self.app, &self.actor, draft.counsel, draft.id, &change).await?;
        Ok(changed.draft)
    }

    async fn submit(&self, app: &Application) -> Submitted {
        submit_documents(app, &self.actor, &self.wish)
            .await
            .unwrap()
    }
}

/// What the other request was answered, once it was.
type Answer = Arc<Mutex<Option<Submitted>>>;

/// The other request comes, whole, the first time that somebody waits here.
fn the_other(desk: &Arc<Desk>, answer: &Answer) -> Meanwhile {
    let (desk, answer) = (desk.clone(), answer.clone());
    Box::new(move || {
        let (desk, answer) = (desk.clone(), answer.clone());
        Box::pin(async move {
            let first = answer.lock().unwrap().is_none();
            if first {
                let submitted = desk.submit(&desk.app).await;
                *answer.lock().unwrap() = Some(submitted);
            }
        })
    })
}

/// Whoever was overtaken has the number of the other, there is one submission, and its file is there.
async fn one_number(desk: &Desk, overtaken: &Submitted, answer: &Answer) {
    let other = answer.lock().unwrap().take().unwrap();
    assert!(!other.repeated && overtaken.repeated);
    assert_eq!(overtaken.submission, other.submission);
    let again = desk.submit(&desk.app).await;
    assert_eq!(again.submission, other.submission);
    let mut records = desk.app.storage.read().await.unwrap();
    let page = PageRequest {
        after: None,
        limit: 10,
    };
    let (case, counsel) = (desk.wish.case, desk.wish.counsel);
    let held = records.submissions().of_case(case, counsel, &page).await;
    assert_eq!(held.unwrap().items, slice::from_ref(&other.submission));
    let kept = other.submission.files.first().unwrap().document;
    desk.app.documents.open(kept).await.map(drop).unwrap();
}

/// SUB-2: overtaken before its upload is looked up, which is gone then.
#[tokio::test]
async fn a_request_whose_upload_the_other_took_has_the_others_answer() {
    let site = Site::new().await;
    let (desk, answer) = (Arc::new(Desk::of(&site).await), Answer::default());
    let app = Application {
        uploads: Arc::new(Overtaken {
            inner: desk.app.uploads.clone(),
            meanwhile: the_other(&desk, &answer),
        }),
        ..desk.app.clone()
    };
    let overtaken = desk.submit(&app).await;
    one_number(&desk, &overtaken, &answer).await;
}

/// two who look into the same whole upload at once find the same file. It is not ended, and its bytes are there, whoever is first
/// and however far the other has come.
#[tokio::test]
async fn an_upload_that_two_look_into_at_once_stays() {
    let site = Site::new().await;
    let desk = Arc::new(Desk::of(&site).await);
    for overtaken_at in 0..3 {
        let upload = desk.whole(10 + overtaken_at).await;
        let (other, count) = (desk.clone(), AtomicU32::new(0));
        let app = Application {
            uploads: Arc::new(Overtaken {
                inner: desk.app.uploads.clone(),
                meanwhile: Box::new(move || {
                    let now = count.fetch_add(1, Ordering::Relaxed) == overtaken_at;
                    let desk = other.clone();
                    Box::pin(async move {
                        if now {
                            let (app, who) = (&desk.app, desk.uploader());
                            uploaded(app, &who, upload, None).await.unwrap();
                        }
                    })
                }),
            }),
            // The other one is in another process: in one they would wait for each other.
            verdicts: Verdicts::default(),
            ..desk.app.clone()
        };
        let file = uploaded(&app, &desk.uploader(), upload, None)
            .await
            .unwrap();
        let found = desk.app.uploads.find(upload).await.unwrap().unwrap();
        let document = found.file.unwrap().document;
        assert_eq!(file.facts().document, document, "{overtaken_at}");
        desk.app.documents.open(document).await.map(drop).unwrap();
    }
}

/// SUB-2: overtaken when all that is left is to write it down.
#[tokio::test]
async fn a_request_that_is_written_down_after_the_other_has_the_others_answer() {
    let site = Site::new().await;
    let (desk, answer) = (Arc::new(Desk::of(&site).await), Answer::default());
    let app = Application {
        documents: Arc::new(Store {
            meanwhile: the_other(&desk, &answer),
            ..Store::stuck(desk.app.documents.clone(), 0..0)
        }),
        ..desk.app.clone()
    };
    let overtaken = desk.submit(&app).await;
    one_number(&desk, &overtaken, &answer).await;
}

/// SUB-1, SUB-2: what another window changes in a draft while it is being sent is not left out of it: nothing is sent then. Once it was sent,
/// whoever changes or discards it is told so.
#[tokio::test]
async fn a_draft_that_is_changed_meanwhile_is_not_sent() {
    let site = Site::new().await;
    let desk = Arc::new(Desk::of(&site).await);
    let draft = desk.begin().await;
    let (other, before) = (desk.clone(), draft.clone());
    let app = Application {
        documents: Arc::new(Store {
            meanwhile: Box::new(move || {
                let (desk, draft) = (other.clone(), before.clone());
                Box::pin(async move {
                    desk.noted(&draft, "of another window").await.unwrap();
                })
            }),
            ..Store::stuck(desk.app.documents.clone(), 0..0)
        }),
        ..desk.app.clone()
    };
    let overtaken = send_draft(&app, &desk.actor, &draft).await;
    assert!(
        matches!(overtaken, Err(SubmitError::Changed)),
        "{overtaken:?}"
    );

    let now = desk.noted(&draft, "of another window").await.unwrap();
    let sent = send_draft(&desk.app, &desk.actor, &now).await.unwrap();
    assert_eq!(sent.submission.note, "of another window");
    for (note, same) in [("of another window", true), ("later", false)] {
        let late = desk.noted(&now, note).await;
        assert!(
            matches!(&late, Err(ChangeError::SentAlready { submission, as_it_is })
                if *submission == sent.submission.id && *as_it_is == same),
            "{late:?}"
        );
    }
    let discarded = discard_draft(&desk.app, &desk.actor, draft.counsel, draft.id).await;
    assert!(
        matches!(discarded, Err(ChangeError::SentAlready { .. })),
        "{discarded:?}"
    );
    let again = send_draft(&desk.app, &desk.actor, &now).await.unwrap();
    assert!(again.repeated);
}

/// FORM-1, SUB-2: what another window changes in a begun form while it is being sent is not left out of it: nothing is sent then.
#[tokio::test]
async fn a_form_that_is_changed_meanwhile_is_not_sent() {
    let site = Site::new().await;
    let desk = Arc::new(Desk::of(&site).await);
    let mut fields = Fields::default();
    for (field, text) in [
        (Field::GivenName, "Amina"),
        (Field::FamilyName, "Haddad"),
        (Field::ClientId, "12345678"),
        (Field::Street, "12, rue Principale"),
        (Field::City, "Gatineau"),
        (Field::Province, "QC"),
        (Field::PostalCode, "J8X 3X2"),
        (Field::Country, "Canada"),
        (Field::Telephone, "819 555-0123"),
        (Field::Language, "fr"),
        (Field::FileNumbers, case(1).file_number.as_str()),
    ] {
        fields.set(field, text);
    }
    let (counsel, kind) = (desk.wish.counsel, FormKind::ClientContact);
    let begun = begin_form(&desk.app, &desk.actor, (counsel, kind), &fields);
    let begun = begun.await.unwrap();
    fields.set(Field::City, "Montréal");
    let (other, changed) = (desk.clone(), fields.clone());
    let app = Application {
        documents: Arc::new(Store {
            meanwhile: Box::new(move || {
                let (desk, fields) = (other.clone(), changed.clone());
                Box::pin(async move {
                    keep_form(&desk.app, &desk.actor, counsel, begun.id, &fields)
                        .await
                        .unwrap();
                })
            }),
            ..Store::stuck(desk.app.documents.clone(), 0..0)
        }),
        ..desk.app.clone()
    };
    let before = begun.edition();
    let overtaken = send_form_draft(&app, &desk.actor, counsel, begun.id, &before).await;
    assert!(
        matches!(overtaken, Err(SendFormError::Submit(SubmitError::Changed))),
        "{overtaken:?}"
    );
    let seen = see_form_draft(&desk.app, &desk.actor, counsel, begun.id).await;
    let now = seen.unwrap().draft.edition();
    let sent = send_form_draft(&desk.app, &desk.actor, counsel, begun.id, &now);
    assert!(!sent.await.unwrap().repeated);
}

/// SUB-1: a draft is kept until, and not at, the end of its time: from that instant on it is not found, not listed and none of the most that
/// one person may have, though no job removed it.
#[tokio::test]
async fn a_draft_is_over_in_time_though_no_job_ran() {
    let site = Site::new().await;
    let mut desk = Desk::of(&site).await;
    desk.app.terms = Arc::new(Terms {
        drafts_at_most: 1,
        ..Terms::default()
    });
    let draft = desk.begin().await;
    let (counsel, case) = (draft.counsel, draft.case);
    let over_at = draft.begun_at + desk.app.terms.draft;
    let before = at_instant(desk.app.clone(), over_at - Duration::MICROSECOND);
    let found = see_draft(&before, &desk.actor, counsel, draft.id).await;
    assert_eq!(found.unwrap().draft, draft);
    let listed = see_drafts(&before, &desk.actor, counsel, case).await;
    assert_eq!(listed.unwrap(), slice::from_ref(&draft));
    let file = desk.bring("b.pdf").await;
    let one_more = slice::from_ref(&file);
    let second = begin_draft(&before, &desk.actor, (counsel, case), &draft.wish, one_more);
    let second = second.await;
    assert!(matches!(second, Err(BeginError::TooMany(1))), "{second:?}");

    let then = at_instant(desk.app.clone(), over_at);
    let gone = see_draft(&then, &desk.actor, counsel, draft.id).await;
    assert!(matches!(gone, Err(UseCaseError::NotFound)), "{gone:?}");
    let listed = see_drafts(&then, &desk.actor, counsel, case).await;
    assert_eq!(listed.unwrap(), []);
    let second = begin_draft(&then, &desk.actor, (counsel, case), &draft.wish, one_more);
    second.await.unwrap();
}

/// SUB-1: a draft that one account began is not there for another who acts for the same counsel, nor by the address of another counsel.
#[tokio::test]
async fn a_draft_is_there_for_its_account_alone() {
    let site = Site::new().await;
    let desk = Desk::of(&site).await;
    let draft = desk.begin().await;
    let now = desk.app.clock.now();
    let delegate = Account {
        lock: Lock::default(),
        ..account(2)
    };
    let mut running = contract::samples::delegation(1);
    running.ended_at = None;
    if let Some(running) = &mut running.running {
        running.term_began_at = now;
    }
    let mut tx = site.begin().await;
    tx.accounts_mut().insert(&delegate).await.unwrap();
    tx.delegations_mut().insert(&running).await.unwrap();
    tx.commit(audit()).await.unwrap();
    let delegate = Actor::account(delegate, Means::SignIn { at: now }, None);
    let on = (draft.counsel, draft.case);
    let files = [desk.bring("b.pdf").await];
    let own = begin_draft(&desk.app, &delegate, on, &draft.wish, &files);
    own.await.unwrap();
    let seen = see_draft(&desk.app, &delegate, draft.counsel, draft.id).await;
    assert!(matches!(seen, Err(UseCaseError::NotFound)), "{seen:?}");
    let change = DraftChange::default();
    let changed = change_draft(&desk.app, &delegate, draft.counsel, draft.id, &change).await;
    assert!(
        matches!(changed, Err(ChangeError::UseCase(UseCaseError::NotFound))),
        "{changed:?}"
    );
    let discarded = discard_draft(&desk.app, &delegate, draft.counsel, draft.id).await;
    assert!(
        matches!(discarded, Err(ChangeError::UseCase(UseCaseError::NotFound))),
        "{discarded:?}"
    );
    let still = see_draft(&desk.app, &desk.actor, draft.counsel, draft.id).await;
    assert_eq!(still.unwrap().draft, draft);
}

/// SUB-1, X-6: a file that is taken out of a draft is gone from the store when its sender hears so, and so are all of one that is discarded. No
/// more files go into a draft than into a submission.
#[tokio::test]
async fn what_is_taken_out_of_a_draft_is_gone() {
    let site = Site::new().await;
    let mut desk = Desk::of(&site).await;
    desk.app.terms = Arc::new(Terms {
        files_at_most: 2,
        ..Terms::default()
    });
    let draft = desk.begin().await;
    let first = draft.files.first().unwrap().document;
    let second = desk.bring("b.pdf").await;
    let change = |change: DraftChange| {
        let (app, actor) = (desk.app.clone(), desk.actor.clone());
        async move { change_draft(&app, &actor, draft.counsel, draft.id, &change).await }
    };
    change(DraftChange::adding(vec![second.clone()]))
        .await
        .unwrap();
    let seen = see_draft(&desk.app, &desk.actor, draft.counsel, draft.id).await;
    let files = seen.unwrap().draft.files;
    let listed: Vec<DocumentId> = files.iter().map(|file| file.document).collect();
    assert_eq!(listed, [first, second.facts().document], "in that order");
    let third = desk.bring("c.pdf").await;
    let too_many = change(DraftChange::adding(vec![third.clone()])).await;
    assert!(
        matches!(
            too_many,
            Err(ChangeError::Refused(SubmissionRefused::TooManyFiles {
                limit: 2,
                surplus: 1
            }))
        ),
        "{too_many:?}"
    );
    let [second, third] = [second, third].map(|file| file.facts().document);
    assert_eq!(desk.stored().await, [first, second, third].into());
    let without = DraftChange {
        remove: [first].into(),
        ..DraftChange::default()
    };
    change(without).await.unwrap();
    assert_eq!(desk.stored().await, [second, third].into());
    let discarded = discard_draft(&desk.app, &desk.actor, draft.counsel, draft.id).await;
    discarded.unwrap();
    assert_eq!(desk.stored().await, [third].into(), "nobody gave that up");
}

/// SUB-1: what somebody began on cases that were lost hides nothing of what is still theirs, however much of it is newer.
#[tokio::test]
async fn drafts_on_lost_cases_hide_none() {
    let site = Site::new().await;
    let desk = Desk::of(&site).await;
    let theirs = desk.begin().await;
    let mut tx = site.begin().await;
    let lost = Case {
        counsel_of_record: None,
        ..case(2)
    };
    tx.cases_mut().insert(&lost).await.unwrap();
    for number in 10..40 {
        let newer = Draft {
            id: id(number),
            case: lost.id,
            files: Vec::new(),
            begun_at: theirs.begun_at + Duration::SECOND,
            ..theirs.clone()
        };
        tx.drafts_mut().put(&newer).await.unwrap();
    }
    tx.commit(audit()).await.unwrap();
    let all = see_all_drafts(&desk.app, &desk.actor, theirs.counsel).await;
    let all: Vec<Draft> = all.unwrap().into_iter().map(|(draft, _)| draft).collect();
    assert_eq!(all, [theirs]);
}

/// an upload of which a part was damaged while it waited is over: no other try would find it whole, and its sender is told to send it
/// again, not to come back later.
#[tokio::test]
async fn an_upload_with_a_damaged_part_is_over() {
    let site = Site::new().await;
    let desk = Desk::of(&site).await;
    for (number, gone) in [(2, false), (3, true)] {
        let upload = desk.whole(number).await;
        let part = desk.app.uploads.parts(upload).await.unwrap()[0];
        if gone {
            std::fs::remove_file(site.kept(part)).unwrap();
        } else {
            let mut bytes = std::fs::read(site.kept(part)).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            std::fs::write(site.kept(part), bytes).unwrap();
        }
        let first = uploaded(&desk.app, &desk.uploader(), upload, None).await;
        assert!(matches!(first, Err(UploadError::Over)), "{first:?}");
        let again = uploaded(&desk.app, &desk.uploader(), upload, None).await;
        let not_there = UploadError::UseCase(UseCaseError::NotFound);
        assert_eq!(again.unwrap_err().to_string(), not_there.to_string());
    }
}
