//! Which problem each refusal of a use case is.

use application::UseCaseError;
use application::access_code::IssueError;
use application::create_token::CreateTokenError;
use application::delegations::DelegationError;
use application::draft::{BeginError, ChangeError};
use application::feed_cases::FeedError;
use application::form_draft::KeepFormError;
use application::help_desk::ResetError;
use application::invitations::AcceptError;
use application::legal_hold::HoldError;
use application::once::KeyRefused;
use application::own_sessions::EndSessionError;
use application::ports::sign_in_services::SignInServiceError;
use application::ports::storage::StorageError;
use application::profile::ChangeProfileError;
use application::receipt::SeeReceiptError;
use application::receive_document::ReceiveError;
use application::recognise::NotRecognised;
use application::record_cell::RecordCellError;
use application::register::RegisterError;
use application::registration::OpenError;
use application::registry_submissions::DownloadError;
use application::send_document::SendError;
use application::send_form::SendFormError;
use application::sign_in_services::ServiceSignInError;
use application::submit_documents::SubmitError;
use application::throttle::Throttled;
use application::undelivered::RemedyError;
use application::uploads::UploadError;
use domain::case::FileNumber;
use domain::delegation::{AcceptRefused, EndRefused, InviteRefused, RenewalRefused};
use domain::document::FileProblem;
use domain::inbox::SendRefused;
use domain::legal_hold::HoldRefused;
use domain::notice::SendAgainRefused;
use domain::person::ParticularsRefused;
use domain::policy::{Refusal, Refused};
use domain::profile_change::ProfileChangeRefused;
use domain::registration::{CellRefused, OpenRefused, RedeemRefused};
use domain::session::SessionOver;
use domain::submission::{CASES_AT_MOST, SubmissionRefused};
use domain::token::TokenRefused;
use domain::upload::{AppendRefused, UploadRefused};

use super::{Kind, Problem};

/// When to come back, in seconds: a scanner that starts again reads its signatures first.
const SCANNER_BACK: u64 = 60;

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
            Refusal::LostGoodStanding => Kind::LostGoodStanding.into(),
            Refusal::NotForDelegates => Kind::NotForDelegates.into(),
            Refusal::NotTheirs => Kind::NotFound.into(),
            Refusal::NotForThisActor => Kind::NotForThisActor.into(),
        }
    }
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        Self::from(refused.why.clone()).refused(refused)
    }
}

impl From<SeeReceiptError> for Problem {
    fn from(error: SeeReceiptError) -> Self {
        match error {
            SeeReceiptError::UseCase(error) => error.into(),
            SeeReceiptError::NeverSigned => Kind::NoReceipt.into(),
        }
    }
}

impl From<EndSessionError> for Problem {
    fn from(error: EndSessionError) -> Self {
        match error {
            EndSessionError::UseCase(error) => error.into(),
            EndSessionError::NoSuchSession => Kind::NoSuchSession.into(),
        }
    }
}

impl From<Throttled> for Problem {
    fn from(throttled: Throttled) -> Self {
        match throttled {
            Throttled::TooMany { retry_after } => Self::from(Kind::TooManyTries)
                .with("retry_after", retry_after.whole_seconds().max(1)),
            Throttled::Storage(error) => error.into(),
        }
    }
}

impl From<RegisterError> for Problem {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Forbidden(refused) => refused.into(),
            RegisterError::Refused(why) => match why {
                RedeemRefused::Wrong { tries_left } => {
                    Self::from(Kind::AccessCodeWrong).with("tries_left", tries_left)
                }
                RedeemRefused::Expired => Kind::AccessCodeExpired.into(),
                RedeemRefused::Blocked(code) => {
                    Self::from(Kind::Blocked).with("lock_code", code.as_str())
                }
                RedeemRefused::RegisteredAlready => Kind::RegisteredAlready.into(),
                RedeemRefused::PrivacyStatementNotAccepted => {
                    Kind::PrivacyStatementNotAccepted.into()
                }
                RedeemRefused::NotStanding(_) => Kind::NotInGoodStanding.into(),
            },
            RegisterError::NoCode => Kind::AccessCodeUnusable.into(),
            RegisterError::Throttled(throttled) => throttled.into(),
            RegisterError::Storage(error) => error.into(),
        }
    }
}

impl From<OpenError> for Problem {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::UseCase(error) => error.into(),
            OpenError::Refused(why) => match why {
                OpenRefused::UnknownOrder => Kind::UnknownOrder,
                OpenRefused::NumberMissing => Kind::MembershipNumberMissing,
                OpenRefused::NotListed => Kind::NotOnRoll,
                OpenRefused::NotInGoodStanding => Kind::NotInGoodStanding,
                OpenRefused::IdentityCheckMissing => Kind::IdentityCheckMissing,
            }
            .into(),
            OpenError::Key(refused) => refused.into(),
            OpenError::OpenedBefore => Kind::RegistrationOpenedBefore.into(),
        }
    }
}

impl From<IssueError> for Problem {
    fn from(error: IssueError) -> Self {
        match error {
            IssueError::UseCase(error) => error.into(),
            IssueError::Key(refused) => refused.into(),
            IssueError::NoCell => Kind::NoCellNumber.into(),
        }
    }
}

impl From<RecordCellError> for Problem {
    fn from(error: RecordCellError) -> Self {
        match error {
            RecordCellError::UseCase(error) => error.into(),
            RecordCellError::Key(refused) => refused.into(),
            RecordCellError::Refused(why) => match why {
                CellRefused::OpenedBySignIn => Kind::SignInOpensAccount,
                CellRefused::IdentityCheckMissing => Kind::IdentityCheckMissing,
            }
            .into(),
        }
    }
}

impl From<ResetError> for Problem {
    fn from(error: ResetError) -> Self {
        match error {
            ResetError::UseCase(error) => error.into(),
            ResetError::Key(refused) => refused.into(),
        }
    }
}

impl From<KeyRefused> for Problem {
    fn from(refused: KeyRefused) -> Self {
        match refused {
            KeyRefused::Reused => Kind::IdempotencyKeyReused,
            KeyRefused::Unusable => Kind::IdempotencyKeyUnusable,
        }
        .into()
    }
}

impl From<DelegationError> for Problem {
    fn from(error: DelegationError) -> Self {
        match error {
            DelegationError::UseCase(error) => error.into(),
            DelegationError::Invite(why) => match why {
                InviteRefused::NoPlaceLeft(places) => {
                    Self::from(Kind::NoPlaceLeft).with("places", places)
                }
                InviteRefused::TooManyToday(limit) => {
                    Self::from(Kind::TooManyInvitations).with("limit", limit)
                }
                InviteRefused::AlreadyDelegate => Kind::AlreadyDelegate.into(),
                InviteRefused::Oneself => Kind::DelegateOneself.into(),
                InviteRefused::NoQuestion => Kind::NoQuestion.into(),
                InviteRefused::QuestionUnusable => Kind::QuestionUnusable.into(),
                InviteRefused::TermsNotAccepted => Kind::TermsNotAccepted.into(),
            },
            DelegationError::Renewal(why) => match why {
                RenewalRefused::NotAccepted => Kind::NotAcceptedYet,
                RenewalRefused::Lapsed => Kind::DelegationLapsed,
                RenewalRefused::Ended => Kind::DelegationOver,
            }
            .into(),
            DelegationError::End(EndRefused::OverAlready) => Kind::DelegationOver.into(),
            DelegationError::Key(refused) => refused.into(),
            DelegationError::Answers(error) => Self::internal(error),
        }
    }
}

impl From<AcceptError> for Problem {
    fn from(error: AcceptError) -> Self {
        match error {
            AcceptError::UseCase(error) => error.into(),
            AcceptError::Refused(AcceptRefused::NotOpen) => Kind::InvitationOver.into(),
            AcceptError::Refused(AcceptRefused::Oneself) => Kind::DelegateOneself.into(),
            AcceptError::Refused(AcceptRefused::AlreadyDelegate) => {
                Kind::DelegateOfThemAlready.into()
            }
            AcceptError::Refused(AcceptRefused::HasAccount) => Kind::HasAccount.into(),
            AcceptError::Refused(AcceptRefused::WrongAnswer) => Kind::AnswerWrong.into(),
            AcceptError::Wrong { tries_left } => {
                Self::from(Kind::AnswerWrong).with("tries_left", tries_left)
            }
            AcceptError::Blocked(code) => {
                Self::from(Kind::Blocked).with("lock_code", code.as_str())
            }
            AcceptError::PrivacyStatementNotAccepted => Kind::PrivacyStatementNotAccepted.into(),
            AcceptError::Key(refused) => refused.into(),
            AcceptError::Throttled(throttled) => throttled.into(),
            AcceptError::Answers(error) => Self::internal(error),
        }
    }
}

impl From<CreateTokenError> for Problem {
    fn from(error: CreateTokenError) -> Self {
        match error {
            CreateTokenError::UseCase(error) => error.into(),
            CreateTokenError::Key(refused) => refused.into(),
            CreateTokenError::MadeBefore(token) => {
                Self::from(Kind::TokenMadeBefore).with("token_id", token.to_string())
            }
            CreateTokenError::Refused(why) => match why {
                TokenRefused::LabelUnusable => Kind::TokenLabelUnusable.into(),
                TokenRefused::NoScope => Kind::TokenScopeMissing.into(),
                TokenRefused::ScopeNotTheirs(scope) => {
                    Self::from(Kind::TokenScopeNotYours).with("scope", scope.code())
                }
                TokenRefused::ValidityUnusable(longest) => Self::from(Kind::TokenValidityUnusable)
                    .with("days_at_most", longest.whole_days()),
            },
        }
    }
}

impl From<ServiceSignInError> for Problem {
    fn from(error: ServiceSignInError) -> Self {
        match error {
            ServiceSignInError::Service(error) => match error {
                SignInServiceError::Unknown => Kind::NotFound.into(),
                SignInServiceError::NotCompleted => Kind::SignInNotCompleted.into(),
                SignInServiceError::NotBelieved(_) => {
                    Self::from(Kind::SignInNotBelieved).because(error)
                }
                SignInServiceError::TooWeak => Kind::SignInTooWeak.into(),
                SignInServiceError::Unavailable(_) => {
                    Self::from(Kind::SignInServiceAway).because(error)
                }
            },
            ServiceSignInError::NotAway => Kind::SignInNotCompleted.into(),
            ServiceSignInError::Throttled(throttled) => throttled.into(),
            ServiceSignInError::Storage(error) => error.into(),
        }
    }
}

impl From<ParticularsRefused> for Problem {
    fn from(refused: ParticularsRefused) -> Self {
        match refused {
            ParticularsRefused::NameMissing | ParticularsRefused::NameUnusable => {
                Kind::NameUnusable
            }
            ParticularsRefused::NotAnEmailAddress => Kind::EmailUnusable,
            ParticularsRefused::NotATelephoneNumber => Kind::TelephoneUnusable,
        }
        .into()
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
            UseCaseError::ClockAhead(error) => Self::internal(error),
        }
    }
}

impl From<NotRecognised> for Problem {
    fn from(error: NotRecognised) -> Self {
        match error {
            NotRecognised::Unknown => Kind::SignInNeeded.into(),
            NotRecognised::Over(SessionOver::Idle | SessionOver::TooOld)
            | NotRecognised::FinishingUploads(_) => Kind::SessionOver.into(),
            NotRecognised::TokenOver => Kind::TokenOver.into(),
            NotRecognised::Throttled(throttled) => throttled.into(),
            NotRecognised::Storage(error) => error.into(),
        }
    }
}

impl From<SubmissionRefused> for Problem {
    fn from(refused: SubmissionRefused) -> Self {
        match refused {
            SubmissionRefused::NoFile => Kind::NoFile.into(),
            SubmissionRefused::TooManyFiles { limit, surplus } => Self::from(Kind::TooManyFiles)
                .with("limit", limit)
                .with("surplus", surplus),
            SubmissionRefused::TooManyCases(limit) => {
                Self::from(Kind::TooManyCases).with("limit", limit)
            }
            SubmissionRefused::UnknownDocumentType => Kind::UnknownDocumentType.into(),
            SubmissionRefused::NoteTooLong(limit) => {
                Self::from(Kind::NoteTooLong).with("limit", limit)
            }
            SubmissionRefused::ServiceStatementMissing => Kind::ServiceStatementMissing.into(),
            SubmissionRefused::ServiceStatementPartial => Kind::ServiceStatementPartial.into(),
            SubmissionRefused::ServiceDateOutside => Kind::ServiceDateOutside.into(),
            SubmissionRefused::TitleTooLong => Kind::TitleTooLong.into(),
        }
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Problem { name, problem } => Self::file(&name, problem),
            ReceiveError::NotScanned(why) => Self::from(Kind::VirusScannerAway)
                .with("retry_after", SCANNER_BACK)
                .because(why),
            ReceiveError::BrokenOff(_) => Kind::UploadBrokenOff.into(),
            ReceiveError::Unavailable(source) => Self::try_again(source),
        }
    }
}

impl From<UploadError> for Problem {
    fn from(error: UploadError) -> Self {
        match error {
            UploadError::UseCase(error) => error.into(),
            UploadError::Over => Kind::UploadOver.into(),
            UploadError::Refused { name, why } => {
                let problem = match why {
                    UploadRefused::Empty => FileProblem::Empty,
                    UploadRefused::TooLarge(limit) => FileProblem::TooLarge { limit },
                };
                Self::file(&name, problem)
            }
            UploadError::TooMany(limit) => Self::from(Kind::TooManyUploads).with("limit", limit),
            UploadError::Append(AppendRefused::Elsewhere { expected }) => {
                Self::from(Kind::UploadElsewhere).with("offset", expected)
            }
            UploadError::Append(AppendRefused::TooMany(length)) => {
                Self::from(Kind::UploadTooLong).with("length", length)
            }
            UploadError::TooManyParts => Kind::UploadInTooManyParts.into(),
            UploadError::ChecksumWrong => Kind::UploadChecksumWrong.into(),
            UploadError::BrokenOff => Kind::UploadInterrupted.into(),
            UploadError::File(error) => error.into(),
            UploadError::NotWhole(name) => {
                Self::from(Kind::UploadNotWhole).with("file", name.as_str())
            }
            UploadError::Documents(error) => error.into(),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Forbidden(refusal) => refusal.into(),
            SubmitError::NotFound => Kind::NotFound.into(),
            SubmitError::NoSuchCase(number) => no_such_case(&number),
            SubmitError::Refused(refused) => refused.into(),
            SubmitError::Key(refused) => refused.into(),
            SubmitError::Changed => Kind::ChangedMeanwhile.into(),
            SubmitError::FileGone => Kind::UploadOver.into(),
            SubmitError::Upload(error) => error.into(),
            SubmitError::Documents(error) => error.into(),
            SubmitError::Storage(error) => error.into(),
        }
    }
}

fn no_such_case(number: &FileNumber) -> Problem {
    Problem::from(Kind::NoSuchCase).with("file_number", number.as_str())
}

impl From<SendFormError> for Problem {
    fn from(error: SendFormError) -> Self {
        match error {
            SendFormError::Faulty(faults) => Self::from(Kind::FormFaulty).of_fields(faults),
            SendFormError::NotWritten(error) => Self::internal(error),
            SendFormError::Submit(error) => error.into(),
        }
    }
}

impl From<KeepFormError> for Problem {
    fn from(error: KeepFormError) -> Self {
        match error {
            KeepFormError::UseCase(error) => error.into(),
            KeepFormError::SentAlready { .. } => Kind::SentAlready.into(),
            KeepFormError::TooLong => Kind::FieldTooLong.into(),
            KeepFormError::TooMany(limit) => Self::from(Kind::TooManyForms).with("limit", limit),
        }
    }
}

impl From<SendError> for Problem {
    fn from(error: SendError) -> Self {
        match error {
            SendError::UseCase(error) => error.into(),
            SendError::NoSuchCase(number) => no_such_case(&number),
            SendError::HowManyCases => Self::from(Kind::TooManyCases).with("limit", CASES_AT_MOST),
            SendError::Refused { on, why } => Self::from(why).with("file_number", on.as_str()),
            SendError::Key(refused) => refused.into(),
            SendError::FileGone => Kind::UploadOver.into(),
            SendError::Documents(error) => error.into(),
        }
    }
}

impl From<SendRefused> for Problem {
    fn from(refused: SendRefused) -> Self {
        match refused {
            SendRefused::CaseLeft => Kind::CaseLeft,
            SendRefused::NoCounselOfRecord => Kind::NoCounselOfRecord,
            SendRefused::CounselCannotReach => Kind::CounselCannotReach,
            SendRefused::UnknownDocumentType => Kind::UnknownDocumentType,
            SendRefused::TitleMissing => Kind::TitleMissing,
            SendRefused::TitleTooLong => Kind::TitleTooLong,
        }
        .into()
    }
}

impl From<ProfileChangeRefused> for Problem {
    fn from(refused: ProfileChangeRefused) -> Self {
        match refused {
            ProfileChangeRefused::Nothing => Kind::NothingToChange,
            ProfileChangeRefused::AnotherPending => Kind::AnotherChangePending,
            ProfileChangeRefused::TooManyToday => Kind::TooManyProfileChanges,
            ProfileChangeRefused::DecidedAlready => Kind::DecidedAlready,
            ProfileChangeRefused::ReasonMissing => Kind::ReasonMissing,
            ProfileChangeRefused::AccountBlocked => Kind::AccountBlocked,
            ProfileChangeRefused::ReasonTooLong => Kind::ReasonTooLong,
        }
        .into()
    }
}

impl From<ChangeProfileError> for Problem {
    fn from(error: ChangeProfileError) -> Self {
        match error {
            ChangeProfileError::UseCase(error) => error.into(),
            ChangeProfileError::Key(refused) => refused.into(),
            ChangeProfileError::Refused(refused) => refused.into(),
        }
    }
}

impl From<RemedyError> for Problem {
    fn from(error: RemedyError) -> Self {
        match error {
            RemedyError::UseCase(error) => error.into(),
            RemedyError::Key(refused) => refused.into(),
            RemedyError::Refused(SendAgainRefused::InvitationNotOpen) => {
                Kind::InvitationNotSent.into()
            }
        }
    }
}

impl From<BeginError> for Problem {
    fn from(error: BeginError) -> Self {
        match error {
            BeginError::UseCase(error) => error.into(),
            BeginError::Refused(refused) => refused.into(),
            BeginError::TooMany(limit) => Self::from(Kind::TooManyDrafts).with("limit", limit),
        }
    }
}

impl From<ChangeError> for Problem {
    fn from(error: ChangeError) -> Self {
        match error {
            ChangeError::UseCase(error) => error.into(),
            ChangeError::Refused(refused) => refused.into(),
            ChangeError::NoSuchCase(number) => no_such_case(&number),
            ChangeError::SentAlready { .. } => Kind::SentAlready.into(),
        }
    }
}

impl From<FeedError> for Problem {
    fn from(error: FeedError) -> Self {
        match error {
            FeedError::UseCase(error) => error.into(),
            FeedError::Refused(fields) => Self::from(Kind::CaseRefused).of_fields(fields),
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

impl From<HoldError> for Problem {
    fn from(error: HoldError) -> Self {
        match error {
            HoldError::UseCase(error) => error.into(),
            HoldError::Key(refused) => refused.into(),
            HoldError::Refused(refused) => match refused {
                HoldRefused::ReasonMissing => Kind::HoldReasonMissing,
                HoldRefused::ReasonTooLong => Kind::ReasonTooLong,
                HoldRefused::HeldAlready => Kind::HeldAlready,
                HoldRefused::NotHeld => Kind::NotHeld,
                HoldRefused::AnotherStands => Kind::AnotherHold,
            }
            .into(),
        }
    }
}
