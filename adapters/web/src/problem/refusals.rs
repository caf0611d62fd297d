//! Which problem each refusal of a use case is.

use application::UseCaseError;
use application::draft::{BeginError, ChangeError};
use application::ports::storage::StorageError;
use application::receive_document::ReceiveError;
use application::recognise::NotRecognised;
use application::registry_submissions::DownloadError;
use application::submit_documents::SubmitError;
use domain::policy::Refusal;
use domain::session::SessionOver;
use domain::submission::SubmissionRefused;

use super::{Kind, Problem};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NoAccount => Kind::NoAccount.into(),
            Refusal::Blocked(code) => Self::from(Kind::Blocked).with("lock_code", code.as_str()),
            Refusal::RoleMissing => Kind::RoleMissing.into(),
            Refusal::ScopeMissing(scope) => {
                Self::from(Kind::ScopeMissing).with("scope", scope.code())
            }
            Refusal::SignInNeeded => Kind::TokenNotEnough.into(),
            Refusal::SignInNotRecent => Kind::SignInNotRecent.into(),
            Refusal::NoAccess => Kind::NoAccess.into(),
            Refusal::CounselNotStanding(_) => Kind::CounselNotStanding.into(),
            Refusal::NotForDelegates => Kind::NotForDelegates.into(),
            Refusal::NotTheirs => Kind::NotFound.into(),
            Refusal::NotForThisActor => Kind::NotForThisActor.into(),
        }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Contention | StorageError::Unavailable(_) => Self::try_again(error),
            StorageError::CursorUnusable => Kind::CursorUnusable.into(),
            StorageError::Duplicate | StorageError::Missing | StorageError::Corrupt { .. } => {
                Self::internal(error)
            }
        }
    }
}

impl From<UseCaseError> for Problem {
    fn from(error: UseCaseError) -> Self {
        match error {
            UseCaseError::Forbidden(refusal) => refusal.into(),
            UseCaseError::NotFound => Kind::NotFound.into(),
            UseCaseError::Storage(error) => error.into(),
        }
    }
}

impl From<NotRecognised> for Problem {
    fn from(error: NotRecognised) -> Self {
        match error {
            NotRecognised::Unknown => Kind::SignInNeeded.into(),
            NotRecognised::Over(SessionOver::Idle | SessionOver::TooOld) => {
                Kind::SessionOver.into()
            }
            NotRecognised::TokenOver => Kind::TokenOver.into(),
            NotRecognised::Storage(error) => error.into(),
        }
    }
}

impl From<SubmissionRefused> for Problem {
    fn from(refused: SubmissionRefused) -> Self {
        match refused {
            SubmissionRefused::NoFile => Kind::NoFile.into(),
            SubmissionRefused::TooManyFiles(limit) => {
                Self::from(Kind::TooManyFiles).with("limit", limit)
            }
            SubmissionRefused::UnknownDocumentType => Kind::UnknownDocumentType.into(),
            SubmissionRefused::NoteTooLong(limit) => {
                Self::from(Kind::NoteTooLong).with("limit", limit)
            }
            SubmissionRefused::ServiceStatementMissing => Kind::ServiceStatementMissing.into(),
            SubmissionRefused::TitleTooLong => Kind::TitleTooLong.into(),
        }
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Problem { name, problem } => Self::file(&name, problem),
            ReceiveError::BrokenOff => Kind::UploadBrokenOff.into(),
            ReceiveError::Unavailable(source) => Self::try_again(source),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Forbidden(refusal) => refusal.into(),
            SubmitError::NotFound => Kind::NotFound.into(),
            SubmitError::Refused(refused) => refused.into(),
            SubmitError::KeyReused => Kind::IdempotencyKeyReused.into(),
            SubmitError::KeyUnusable => Kind::IdempotencyKeyUnusable.into(),
            SubmitError::Documents(error) => error.into(),
            SubmitError::Storage(error) => error.into(),
        }
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::UseCase(error) => error.into(),
            BeginError::Refused(refused) => refused.into(),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::UseCase(error) => error.into(),
            ChangeError::Refused(refused) => refused.into(),
            ChangeError::SentAlready => Kind::SentAlready.into(),
        }
    }
}

impl From<DownloadError> for Problem {
    fn from(error: DownloadError) -> Self {
        match error {
            DownloadError::UseCase(error) => error.into(),
            DownloadError::Documents(error) => error.into(),
        }
    }
}
