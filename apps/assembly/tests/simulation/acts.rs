//! What people, the tribunal's systems and jobs do: each a future that runs a use case on one machine and says how it was answered.

use application::delegations::{
    DelegationError, InviteDelegate, end_delegation, invite_delegate, renew_delegation,
};
use application::feed_cases::{FeedError, feed_case};
use application::inbox::{delete_inbox_item, inbox_item, read_inbox_item};
use application::invitations::{Accept, AcceptError, accept_invitation};
use application::kept_documents::KeptError;
use application::list_cases::{ListCases, WantedCases, list_cases};
use application::ports::documents::{ByteStream, DocumentsError};
use application::ports::records::PageRequest;
use application::ports::storage::StorageError;
use application::receive_document::{
    CheckedFile, IncomingFile, Intake, ReceiveError, may_submit, receive_document,
};
use application::registry_submissions::DownloadError;
use application::send_document::{SendDocument, SendError, may_bring, send_document};
use application::submit_documents::{Enclosed, SubmitDocuments, SubmitError, submit_documents};
use application::{Application, UseCaseError};
use assembly::jobs;
use bytes::Bytes;
use domain::account::{Account, AccountId};
use domain::case_feed::SentCase;
use domain::code::Code;
use domain::delegation::{DelegationId, Invitee};
use domain::document::FileName;
use domain::inbox::InboxItemId;
use domain::person::{Language, PersonName};
use domain::policy::{Actor, Job, Means};
use domain::submission::{SubmissionId, Wish};
use futures_util::stream;

use crate::world::{People, email};

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// A file whose content is its number; every try has the same key.
    Submit {
        sender: usize,
        counsel: usize,
        case: usize,
        key: u64,
        file: u64,
    },
    Send {
        case: usize,
        key: u64,
    },
    Invite {
        counsel: usize,
        person: usize,
    },
    Accept {
        person: usize,
        invitation: DelegationId,
    },
    Renew {
        counsel: usize,
        delegation: DelegationId,
    },
    End {
        counsel: usize,
        delegation: DelegationId,
    },
    Look {
        person: usize,
        counsel: usize,
    },
    Read {
        person: usize,
        counsel: usize,
        item: InboxItemId,
    },
    Delete {
        counsel: usize,
        item: InboxItemId,
    },
    Feed {
        case: usize,
        counsel: usize,
    },
    Run(Job),
}

/// How it was answered.
#[derive(Debug, PartialEq, Eq)]
pub enum Answer {
    /// The tribunal holds it, under that number.
    Told { id: SubmissionId, number: String },
    /// It is done, or was shown.
    Done,
    /// It is not for them, or a rule stands against it.
    Refused,
    /// Come back later: nobody knows what happened.
    Unknown,
    /// What must never be answered.
    Wrong(String),
}

/// The content of a file, by its number.
pub fn content(file: u64) -> Vec<u8> {
    format!("%PDF-1.4 exhibit {file}").into_bytes()
}

fn of_storage(error: &StorageError) -> Answer {
    match error {
        StorageError::Contention | StorageError::Unavailable(_) => Answer::Unknown,
        other => Answer::Wrong(format!("{other:?}")),
    }
}

fn of_use_case(error: &UseCaseError) -> Answer {
    match error {
        UseCaseError::Forbidden(_) | UseCaseError::NotFound => Answer::Refused,
        UseCaseError::Storage(error) => of_storage(error),
        UseCaseError::ClockAhead(ahead) => Answer::Wrong(ahead.to_string()),
    }
}

fn answered<T>(done: Result<T, UseCaseError>) -> Answer {
    match done {
        Ok(_) => Answer::Done,
        Err(error) => of_use_case(&error),
    }
}

fn of_delegation<T>(done: Result<T, DelegationError>) -> Answer {
    match done {
        Ok(_) => Answer::Done,
        Err(DelegationError::UseCase(error)) => of_use_case(&error),
        Err(DelegationError::Answers(error)) => Answer::Wrong(format!("{error:?}")),
        Err(_) => Answer::Refused,
    }
}

/// Somebody who has just signed in: their account as it is on record, in the eyes of that machine.
async fn signed_in(app: &Application, account: AccountId) -> Result<Actor, Answer> {
    let mut records = app
        .storage
        .read()
        .await
        .map_err(|error| of_storage(&error))?;
    let found = records.accounts().by_id(account).await;
    let found = found.map_err(|error| of_storage(&error))?;
    let at = app.clock.now();
    Ok(Actor::account(found.unwrap(), Means::SignIn { at }, None))
}

fn staff(app: &Application, account: &Account) -> Actor {
    let at = app.clock.now();
    Actor::account(account.clone(), Means::SignIn { at }, None)
}

/// Does it, on that machine.
pub async fn act(app: &Application, people: &People, act: Act) -> Answer {
    match try_act(app, people, act).await {
        Ok(answer) | Err(answer) => answer,
    }
}

async fn try_act(app: &Application, people: &People, act: Act) -> Result<Answer, Answer> {
    let account = |person: usize| people.accounts[person];
    Ok(match act {
        Act::Submit { .. } => submit(app, people, act).await?,
        Act::Send { case, key } => send(app, people, case, key).await?,
        Act::Invite { counsel, person } => {
            let actor = signed_in(app, account(counsel)).await?;
            let wish = InviteDelegate {
                invitee: Invitee {
                    name: PersonName::new("Given", "Delegate").unwrap(),
                    email: email(person),
                    language: Language::English,
                },
                questions: vec![("Where did we meet?".to_owned(), ANSWER.to_owned().into())],
                accepts_terms: true,
                idempotency_key: None,
            };
            of_delegation(invite_delegate(app, &actor, account(counsel), &wish).await)
        }
        Act::Accept { person, invitation } => {
            let actor = signed_in(app, account(person)).await?;
            accept(app, &actor, invitation).await
        }
        Act::Renew {
            counsel,
            delegation,
        } => {
            let actor = signed_in(app, account(counsel)).await?;
            of_delegation(renew_delegation(app, &actor, account(counsel), delegation, None).await)
        }
        Act::End {
            counsel,
            delegation,
        } => {
            let actor = signed_in(app, account(counsel)).await?;
            of_delegation(end_delegation(app, &actor, account(counsel), delegation, None).await)
        }
        Act::Look { person, counsel } => {
            let actor = signed_in(app, account(person)).await?;
            let wish = ListCases {
                wanted: WantedCases::of(account(counsel)),
                page: PageRequest {
                    after: None,
                    limit: 100,
                },
            };
            answered(list_cases(app, &actor, &wish).await)
        }
        Act::Read {
            person,
            counsel,
            item,
        } => {
            let actor = signed_in(app, account(person)).await?;
            let found = inbox_item(app, &actor, account(counsel), item).await;
            let found = found.map_err(|error| of_use_case(&error))?;
            match read_inbox_item(app, &actor, &found).await {
                Ok(_) => Answer::Done,
                Err(DownloadError::UseCase(error)) => of_use_case(&error),
                Err(DownloadError::Documents(error)) => of_documents(&error),
            }
        }
        Act::Delete { counsel, item } => {
            let actor = signed_in(app, account(counsel)).await?;
            answered(delete_inbox_item(app, &actor, account(counsel), item).await)
        }
        Act::Feed { case, counsel } => {
            let number = people.cases[case].1.to_string();
            let sent = sent_case(Some(account(counsel)));
            match feed_case(app, &staff(app, &people.cms), &number, sent).await {
                Ok(_) => Answer::Done,
                Err(FeedError::UseCase(error)) => of_use_case(&error),
                Err(other) => Answer::Wrong(format!("{other:?}")),
            }
        }
        Act::Run(job) => match jobs::run(app, job).await {
            Ok(_) => Answer::Done,
            Err(KeptError::UseCase(error)) => of_use_case(&error),
            Err(KeptError::Documents(error)) => of_documents(&error),
        },
    })
}

/// What counsel and every delegate agree on.
const ANSWER: &str = "In Montréal";

/// What the case management system says of a case.
pub fn sent_case(counsel: Option<AccountId>) -> SentCase {
    SentCase {
        division: Some("RPD".to_owned()),
        region: Some("western".to_owned()),
        status: Some("active".to_owned()),
        counsel_of_record: counsel.map(|counsel| counsel.to_string()),
        ..SentCase::default()
    }
}

async fn accept(app: &Application, actor: &Actor, invitation: DelegationId) -> Answer {
    let wish = Accept {
        invitation,
        number: None,
        answers: vec![ANSWER.to_owned().into()],
        accepts_privacy_statement: true,
        idempotency_key: None,
    };
    match accept_invitation(app, actor, None, &wish).await {
        Ok(_) => Answer::Done,
        Err(AcceptError::UseCase(error)) => of_use_case(&error),
        Err(AcceptError::Refused(_)) => Answer::Refused,
        Err(other) => Answer::Wrong(format!("{other:?}")),
    }
}

fn of_documents(error: &DocumentsError) -> Answer {
    match error {
        DocumentsError::Unavailable(_) => Answer::Unknown,
        other => Answer::Wrong(format!("{other:?}")),
    }
}

/// A file comes in, in two pieces.
async fn receive(app: &Application, intake: &Intake, file: u64) -> Result<CheckedFile, Answer> {
    let mut whole = content(file);
    let rest = whole.split_off(5);
    let pieces = [Ok(Bytes::from(whole)), Ok(Bytes::from(rest))];
    let bytes: ByteStream<'_> = Box::pin(stream::iter(pieces));
    let incoming = IncomingFile {
        name: FileName::from_sender("exhibit.pdf"),
        title: None,
        bytes,
    };
    let received = receive_document(app, intake, incoming).await;
    received.map_err(|error| match error {
        ReceiveError::Unavailable(_) => Answer::Unknown,
        other => Answer::Wrong(format!("{other:?}")),
    })
}

async fn submit(app: &Application, people: &People, act: Act) -> Result<Answer, Answer> {
    let Act::Submit {
        sender,
        counsel,
        case,
        key,
        file,
    } = act
    else {
        return Ok(Answer::Refused);
    };
    let actor = signed_in(app, people.accounts[sender]).await?;
    let (counsel, case) = (people.accounts[counsel], people.cases[case].0);
    let may = may_submit(app, &actor, counsel, case).await;
    let (_, intake) = may.map_err(|error| of_use_case(&error))?;
    let wish = SubmitDocuments {
        counsel,
        case,
        also_on: Vec::new(),
        wish: Wish {
            document_type: Code::parse("disclosure").unwrap(),
            note: String::new(),
            service: None,
        },
        files: vec![Enclosed::File(receive(app, &intake, file).await?)],
        form: None,
        begun: None,
        idempotency_key: Some(key.to_string()),
    };
    Ok(match submit_documents(app, &actor, &wish).await {
        Ok(submitted) => Answer::Told {
            id: submitted.submission.id,
            number: submitted.submission.confirmation_number.to_string(),
        },
        Err(SubmitError::Forbidden(_) | SubmitError::NotFound | SubmitError::Key(_)) => {
            Answer::Refused
        }
        // It took so long that the job that tidies had its file first: nothing was promised.
        Err(SubmitError::FileGone) => Answer::Unknown,
        Err(SubmitError::Storage(error)) => of_storage(&error),
        Err(SubmitError::Documents(error)) => of_documents(&error),
        Err(other) => Answer::Wrong(format!("{other:?}")),
    })
}

async fn send(app: &Application, people: &People, case: usize, key: u64) -> Result<Answer, Answer> {
    let actor = staff(app, &people.registry);
    let intake = may_bring(app, &actor).map_err(|error| of_use_case(&error))?;
    let wish = SendDocument {
        on: vec![people.cases[case].1.clone()],
        document_type: Code::parse("letter").unwrap(),
        title: format!("Letter {key}"),
        file: receive(app, &intake, key).await?,
        idempotency_key: Some(key.to_string()),
    };
    Ok(match send_document(app, &actor, &wish).await {
        Ok(_) => Answer::Done,
        Err(SendError::UseCase(error)) => of_use_case(&error),
        Err(SendError::FileGone) => Answer::Unknown,
        Err(SendError::Documents(error)) => of_documents(&error),
        Err(other) => Answer::Wrong(format!("{other:?}")),
    })
}
