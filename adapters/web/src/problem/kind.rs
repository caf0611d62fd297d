//! The kinds of problem: each has a stable name, a status, and words in both languages (`problem-…` in the texts).

use poem::http::StatusCode;

macro_rules! kinds {
    ($($(#[$meaning:meta])* $kind:ident = $name:literal, $status:ident;)+) => {
        /// What stands in the way.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Kind {
            $($(#[$meaning])* $kind,)+
        }

        impl Kind {
            /// Every kind.
            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$kind),+];

            /// The stable name, the end of the `type`.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name),+ }
            }

            /// The HTTP status.
            pub(crate) const fn status(self) -> StatusCode {
                match self { $(Self::$kind => StatusCode::$status),+ }
            }
        }
    };
}

kinds! {
    /// Nobody is signed in, and no token was sent.
    SignInNeeded = "sign-in-needed", UNAUTHORIZED;
    /// The session was used too long ago, or began too long ago.
    SessionOver = "session-over", UNAUTHORIZED;
    /// A form that was filled in under another sign-in than the one under which it comes.
    AnotherSignIn = "another-sign-in", CONFLICT;
    /// A session to end that is over already, or is not theirs.
    NoSuchSession = "no-such-session", NOT_FOUND;
    /// The token expired or was revoked.
    TokenOver = "token-over", UNAUTHORIZED;
    /// A sign-in that opens no account.
    NoAccount = "no-account", UNAUTHORIZED;
    /// SEC-1.
    Blocked = "blocked", LOCKED;
    /// The account has not the role.
    RoleMissing = "role-missing", FORBIDDEN;
    /// The token has not the scope.
    ScopeMissing = "scope-missing", FORBIDDEN;
    /// Only persons may do it.
    TokenNotEnough = "token-not-enough", FORBIDDEN;
    /// REG-8.
    SignInNotRecent = "sign-in-not-recent", FORBIDDEN;
    /// No delegation gives access now (DEL-3).
    NoAccess = "no-access", FORBIDDEN;
    /// DEL-8.
    CounselNotStanding = "counsel-not-standing", FORBIDDEN;
    /// REG-1: the same, as counsel themselves are told it.
    LostGoodStanding = "lost-good-standing", FORBIDDEN;
    /// DEL-5.
    NotForDelegates = "not-for-delegates", FORBIDDEN;
    /// Another kind of actor's work.
    NotForThisActor = "not-for-this-actor", FORBIDDEN;
    /// A request that another site's page made.
    CrossSite = "cross-site", FORBIDDEN;
    /// What may not go over the network in clear.
    NotByTls = "not-by-tls", FORBIDDEN;
    /// Not there, or not to be known of.
    NotFound = "not-found", NOT_FOUND;
    /// The address does not take the method.
    MethodNotAllowed = "method-not-allowed", METHOD_NOT_ALLOWED;
    /// The body is larger than any that is taken there.
    PayloadTooLarge = "payload-too-large", PAYLOAD_TOO_LARGE;
    /// The address itself is longer than any of the portal's.
    AddressTooLong = "address-too-long", URI_TOO_LONG;
    /// The body stopped coming, or came too slowly.
    RequestTooSlow = "request-too-slow", REQUEST_TIMEOUT;
    /// The request is not what the address takes.
    BadRequest = "bad-request", BAD_REQUEST;
    /// The body is of another kind than the address takes.
    ContentTypeUnusable = "content-type-unusable", UNSUPPORTED_MEDIA_TYPE;
    /// A field or parameter is not there, or is none of its kind.
    RequestUnusable = "request-unusable", UNPROCESSABLE_ENTITY;
    /// A limit outside 1 to 100.
    LimitUnusable = "limit-unusable", UNPROCESSABLE_ENTITY;
    /// A cursor of another list.
    CursorUnusable = "cursor-unusable", UNPROCESSABLE_ENTITY;
    /// A filter that is no code.
    FilterUnusable = "filter-unusable", UNPROCESSABLE_ENTITY;
    /// A last day that is before the first.
    DaysTurned = "days-turned", UNPROCESSABLE_ENTITY;
    /// A form that breaks off or is not UTF-8.
    FormUnreadable = "form-unreadable", UNPROCESSABLE_ENTITY;
    /// A field of a form that is too long.
    FieldTooLong = "field-too-long", UNPROCESSABLE_ENTITY;
    /// A text that not every database can hold.
    TextUnusable = "text-unusable", UNPROCESSABLE_ENTITY;
    /// The demonstration's clock is told nothing usable.
    MoveUnusable = "move-unusable", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    NoFile = "no-file", UNPROCESSABLE_ENTITY;
    ///
    TooManyCases = "too-many-cases", UNPROCESSABLE_ENTITY;
    /// A file number that is none.
    FileNumberUnusable = "file-number-unusable", UNPROCESSABLE_ENTITY;
    /// a file number of no case of this counsel.
    NoSuchCase = "no-such-case", UNPROCESSABLE_ENTITY;
    /// BOX-1.
    NoCounselOfRecord = "no-counsel-of-record", CONFLICT;
    /// CASE-2, BOX-1: a document would be seen by nobody.
    CaseLeft = "case-left", CONFLICT;
    /// BOX-1, X-8: a document would be read by nobody.
    CounselCannotReach = "counsel-cannot-reach", CONFLICT;
    /// BOX-1.
    TitleMissing = "title-missing", UNPROCESSABLE_ENTITY;
    /// A range of bytes that the document does not have.
    RangeUnusable = "range-unusable", RANGE_NOT_SATISFIABLE;
    /// DEL-7.
    InstantUnusable = "instant-unusable", UNPROCESSABLE_ENTITY;
    /// DEL-7.
    DateUnusable = "date-unusable", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    TooManyFiles = "too-many-files", UNPROCESSABLE_ENTITY;
    /// SUB-7.
    UnknownDocumentType = "unknown-document-type", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    NoteTooLong = "note-too-long", UNPROCESSABLE_ENTITY;
    /// SUB-7.
    ServiceStatementMissing = "service-statement-missing", UNPROCESSABLE_ENTITY;
    /// SUB-7.
    ServiceDateUnusable = "service-date-unusable", UNPROCESSABLE_ENTITY;
    /// SUB-7.
    TitleTooLong = "title-too-long", UNPROCESSABLE_ENTITY;
    /// SUB-7: how without when, or when without how.
    ServiceStatementPartial = "service-statement-partial", UNPROCESSABLE_ENTITY;
    /// SUB-7: a day on which no copy can have been given.
    ServiceDateOutside = "service-date-outside", UNPROCESSABLE_ENTITY;
    /// SUB-1: what was begun is to be sent, and its list of documents did not come along.
    ListMissing = "list-missing", UNPROCESSABLE_ENTITY;
    /// What was begun is not any more as it was looked at.
    ChangedMeanwhile = "changed-meanwhile", CONFLICT;
    /// A person has as many begun submissions as one may have.
    TooManyDrafts = "too-many-drafts", TOO_MANY_REQUESTS;
    /// A person has as many begun forms as one may have.
    TooManyForms = "too-many-forms", TOO_MANY_REQUESTS;
    /// Something was changed in a draft that was sent already.
    SentAlready = "sent-already", CONFLICT;
    /// SUB-2.
    IdempotencyKeyReused = "idempotency-key-reused", CONFLICT;
    /// a form that was sent before was sent again with something else in it.
    FormSentBefore = "form-sent-before", CONFLICT;
    /// SUB-2.
    IdempotencyKeyUnusable = "idempotency-key-unusable", UNPROCESSABLE_ENTITY;
    /// The bytes stopped coming.
    UploadBrokenOff = "upload-broken-off", BAD_REQUEST;
    /// bytes of an upload that broke off, of which what was counted is kept.
    UploadInterrupted = "upload-interrupted", BAD_REQUEST;
    /// a part that names no upload.
    UploadIdUnusable = "upload-id-unusable", UNPROCESSABLE_ENTITY;
    /// SUB-1: a file or a text under a name that is not read there.
    PartUnknown = "part-unknown", UNPROCESSABLE_ENTITY;
    /// SUB-1: a text of which there is one already.
    PartRepeated = "part-repeated", UNPROCESSABLE_ENTITY;
    /// another version of the upload protocol, or none.
    UploadProtocol = "upload-protocol", PRECONDITION_FAILED;
    /// a body that is not sent as the upload protocol says.
    UploadContentType = "upload-content-type", UNSUPPORTED_MEDIA_TYPE;
    /// a header of the upload protocol that is missing or wrong.
    UploadHeaderUnusable = "upload-header-unusable", BAD_REQUEST;
    /// it was kept too long.
    UploadOver = "upload-over", GONE;
    /// bytes that do not begin where the others end.
    UploadElsewhere = "upload-elsewhere", CONFLICT;
    /// more bytes than were announced.
    UploadTooLong = "upload-too-long", PAYLOAD_TOO_LARGE;
    /// more parts than any connection needs.
    UploadInTooManyParts = "upload-in-too-many-parts", PAYLOAD_TOO_LARGE;
    /// a person has as many as one may have.
    TooManyUploads = "too-many-uploads", TOO_MANY_REQUESTS;
    /// the bytes are not those that were sent; the protocol gives it a status of its own.
    UploadChecksumWrong = "upload-checksum-wrong", BAD_REQUEST;
    /// a file is submitted before every byte came.
    UploadNotWhole = "upload-not-whole", CONFLICT;
    /// SUB-1.
    FileEmpty = "file-empty", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    FileTooLarge = "file-too-large", PAYLOAD_TOO_LARGE;
    /// SUB-1.
    FileNotAccepted = "file-not-accepted", UNSUPPORTED_MEDIA_TYPE;
    /// SUB-1.
    FileNotAPdf = "file-not-a-pdf", UNSUPPORTED_MEDIA_TYPE;
    /// SUB-1.
    FileTruncated = "file-truncated", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    FileEncrypted = "file-encrypted", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    FileDamaged = "file-damaged", UNPROCESSABLE_ENTITY;
    ///
    FileBlank = "file-blank", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    FileInfected = "file-infected", UNPROCESSABLE_ENTITY;
    /// SUB-1.
    FileNotScannable = "file-not-scannable", UNPROCESSABLE_ENTITY;
    /// SUB-1: nothing passes unscanned.
    VirusScannerAway = "virus-scanner-away", SERVICE_UNAVAILABLE;
    /// SEC-1.
    TooManyTries = "too-many-tries", TOO_MANY_REQUESTS;
    /// More requests in a minute than anybody needs.
    TooManyRequests = "too-many-requests", TOO_MANY_REQUESTS;
    /// REG-2: no code at all, which is no try.
    AccessCodeUnusable = "access-code-unusable", UNPROCESSABLE_ENTITY;
    /// REG-2.
    AccessCodeWrong = "access-code-wrong", UNPROCESSABLE_ENTITY;
    /// REG-2.
    AccessCodeExpired = "access-code-expired", UNPROCESSABLE_ENTITY;
    /// REG-3.
    RegisteredAlready = "registered-already", CONFLICT;
    /// PRIV-1.
    PrivacyStatementNotAccepted = "privacy-statement-not-accepted", UNPROCESSABLE_ENTITY;
    /// REG-1.
    UnknownOrder = "unknown-order", UNPROCESSABLE_ENTITY;
    /// REG-1.
    MembershipNumberMissing = "membership-number-missing", UNPROCESSABLE_ENTITY;
    /// REG-1.
    NotOnRoll = "not-on-roll", UNPROCESSABLE_ENTITY;
    /// REG-1.
    NotInGoodStanding = "not-in-good-standing", UNPROCESSABLE_ENTITY;
    /// REG-1.
    IdentityCheckMissing = "identity-check-missing", UNPROCESSABLE_ENTITY;
    /// REG-3.
    RegistrationOpenedBefore = "registration-opened-before", CONFLICT;
    /// REG-2.
    NoCellNumber = "no-cell-number", CONFLICT;
    /// REG-6.
    SignInOpensAccount = "sign-in-opens-account", CONFLICT;
    /// A name that is none.
    NameUnusable = "name-unusable", UNPROCESSABLE_ENTITY;
    /// An address that is none.
    EmailUnusable = "email-unusable", UNPROCESSABLE_ENTITY;
    /// A number that is none.
    TelephoneUnusable = "telephone-unusable", UNPROCESSABLE_ENTITY;
    /// A language that is none of the two.
    LanguageUnusable = "language-unusable", UNPROCESSABLE_ENTITY;
    /// FORM-1: fields that must be put right.
    FormFaulty = "form-faulty", UNPROCESSABLE_ENTITY;
    /// PRO-1.
    NothingToChange = "nothing-to-change", UNPROCESSABLE_ENTITY;
    /// PRO-1.
    AnotherChangePending = "another-change-pending", CONFLICT;
    /// PRO-1.
    DecidedAlready = "decided-already", CONFLICT;
    /// PRO-1, SEC-1: nothing is applied to the profile of somebody who is blocked.
    AccountBlocked = "account-blocked", CONFLICT;
    /// PRO-1.
    ReasonMissing = "reason-missing", UNPROCESSABLE_ENTITY;
    /// PRO-1.
    ReasonTooLong = "reason-too-long", UNPROCESSABLE_ENTITY;
    /// PRIV-1.
    HoldReasonMissing = "hold-reason-missing", UNPROCESSABLE_ENTITY;
    /// PRIV-1.
    HeldAlready = "held-already", CONFLICT;
    /// PRIV-1.
    NotHeld = "not-held", CONFLICT;
    /// PRIV-1.
    AnotherHold = "another-hold", CONFLICT;
    /// SEC-1.
    LockCodeUnusable = "lock-code-unusable", UNPROCESSABLE_ENTITY;
    /// a request that is repeated under its key, of which nobody can tell the secret again.
    TokenMadeBefore = "token-made-before", CONFLICT;
    ///
    TokenLabelUnusable = "token-label-unusable", UNPROCESSABLE_ENTITY;
    ///
    TokenScopeMissing = "token-scope-missing", UNPROCESSABLE_ENTITY;
    ///
    TokenScopeNotYours = "token-scope-not-yours", UNPROCESSABLE_ENTITY;
    ///
    TokenValidityUnusable = "token-validity-unusable", UNPROCESSABLE_ENTITY;
    /// DEL-1.
    NoPlaceLeft = "no-place-left", CONFLICT;
    TooManyInvitations = "too-many-invitations", CONFLICT;
    /// PRO-1.
    TooManyProfileChanges = "too-many-profile-changes", CONFLICT;
    /// DEL-1.
    AlreadyDelegate = "already-delegate", CONFLICT;
    /// DEL-2.
    DelegateOneself = "delegate-oneself", UNPROCESSABLE_ENTITY;
    /// DEL-1, as the invited person sees it.
    DelegateOfThemAlready = "delegate-of-them-already", CONFLICT;
    /// DEL-2.
    NoQuestion = "no-question", UNPROCESSABLE_ENTITY;
    /// DEL-2.
    QuestionUnusable = "question-unusable", UNPROCESSABLE_ENTITY;
    /// DEL-2.
    TermsNotAccepted = "terms-not-accepted", UNPROCESSABLE_ENTITY;
    /// DEL-4.
    NotAcceptedYet = "not-accepted-yet", CONFLICT;
    /// DEL-3.
    DelegationLapsed = "delegation-lapsed", CONFLICT;
    /// DEL-3.
    DelegationOver = "delegation-over", CONFLICT;
    /// SUB-5.
    ConfirmationNumberUnusable = "confirmation-number-unusable", UNPROCESSABLE_ENTITY;
    /// DEL-2.
    InvitationNumberUnusable = "invitation-number-unusable", UNPROCESSABLE_ENTITY;
    /// DEL-2: a number of no open invitation.
    NoSuchInvitation = "no-such-invitation", NOT_FOUND;
    /// a reference of no notice.
    NoSuchNotice = "no-such-notice", NOT_FOUND;
    /// an invitation that opens nothing any more is not sent again.
    InvitationNotSent = "invitation-not-sent", CONFLICT;
    /// a submission of before receipts were signed.
    NoReceipt = "no-receipt", NOT_FOUND;
    /// REG-4: accepting gives nobody a second account.
    HasAccount = "has-account", CONFLICT;
    /// DEL-2.
    InvitationOver = "invitation-over", CONFLICT;
    /// DEL-2.
    AnswerWrong = "answer-wrong", UNPROCESSABLE_ENTITY;
    /// REG-3.
    SignInNotCompleted = "sign-in-not-completed", UNAUTHORIZED;
    /// REG-3.
    SignInNotBelieved = "sign-in-not-believed", FORBIDDEN;
    /// REG-6.
    LogoutNotBelieved = "logout-not-believed", BAD_REQUEST;
    /// REG-3.
    SignInTooWeak = "sign-in-too-weak", FORBIDDEN;
    /// REG-3.
    SignInServiceAway = "sign-in-service-away", SERVICE_UNAVAILABLE;
    /// CASE-1.
    CaseUnreadable = "case-unreadable", UNPROCESSABLE_ENTITY;
    /// CASE-1.
    CaseRefused = "case-refused", UNPROCESSABLE_ENTITY;
    /// It may work in a moment.
    TryAgain = "try-again", SERVICE_UNAVAILABLE;
    /// A mistake of ours.
    Internal = "internal", INTERNAL_SERVER_ERROR;
    ///
    DocumentAltered = "document-altered", INTERNAL_SERVER_ERROR;
}

#[cfg(test)]
mod tests {
    use domain::case_feed::Fault;

    use super::Kind;
    use crate::texts;

    /// Every problem says in both languages what it is and what to do.
    #[test]
    fn every_kind_has_words_in_both_languages() {
        for kind in Kind::ALL {
            for words in [texts::french(), texts::english()] {
                assert!(
                    words.by_id(&format!("problem-{}", kind.name())).is_some(),
                    "no words for {}",
                    kind.name()
                );
            }
        }
    }

    /// CASE-1: the same for everything that can be wrong with a field of a case.
    #[test]
    fn every_fault_has_words_in_both_languages() {
        for fault in Fault::ALL {
            for words in [texts::french(), texts::english()] {
                let id = format!("fault-{}", fault.code());
                assert!(words.by_id(&id).is_some(), "no words for {id}");
            }
        }
    }
}
