//! Every refusal's public face, once: a stable `type`, a status and a title (RFC 9457). The source is for the log alone.

use application::UseCaseError;
use application::ports::documents::DocumentsError;
use application::ports::storage::StorageError;
use application::receive_document::ReceiveError;
use application::recognise::NotRecognised;
use application::registry_submissions::DownloadError;
use application::submit_documents::SubmitError;
use domain::document::{FileName, FileProblem};
use domain::policy::Refusal;
use domain::session::SessionOver;
use domain::submission::SubmissionRefused;
use poem::error::ResponseError;
use poem::http::{StatusCode, header};
use poem::{IntoResponse, Response};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object};
use serde_json::{Map, Value};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A refusal as everybody sees it.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Problem {
    kind: &'static str,
    status: StatusCode,
    title: &'static str,
    details: Map<String, Value>,
    #[source]
    source: Option<Source>,
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        self.status
    }
}

impl Problem {
    /// A problem of that kind.
    pub(crate) fn new(kind: &'static str, status: StatusCode, title: &'static str) -> Self {
        Self {
            kind,
            status,
            title,
            details: Map::new(),
            source: None,
        }
    }

    /// With one more member that a program can use.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    fn because(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Nobody is signed in.
    pub(crate) fn sign_in_needed() -> Self {
        Self::new(
            "sign-in-needed",
            StatusCode::UNAUTHORIZED,
            "Sign in, or send an API token.",
        )
    }

    /// Not there, or not to be known of.
    pub(crate) fn not_found() -> Self {
        Self::new(
            "not-found",
            StatusCode::NOT_FOUND,
            "There is no such thing here.",
        )
    }

    /// Something in the request cannot be understood.
    pub(crate) fn bad_request(title: &'static str) -> Self {
        Self::new("bad-request", StatusCode::BAD_REQUEST, title)
    }

    fn try_again(source: impl Into<Source>) -> Self {
        Self::new(
            "try-again",
            StatusCode::SERVICE_UNAVAILABLE,
            "This does not work right now. Try again in a moment.",
        )
        .because(source)
    }

    fn internal(source: impl Into<Source>) -> Self {
        Self::new(
            "internal",
            StatusCode::INTERNAL_SERVER_ERROR,
            "Something went wrong on our side.",
        )
        .because(source)
    }

    /// A file of that name is not taken.
    pub(crate) fn file(name: &FileName, problem: FileProblem) -> Self {
        let (kind, status, title) = match problem {
            FileProblem::Empty => (
                "file-empty",
                StatusCode::UNPROCESSABLE_ENTITY,
                "The file is empty. Check it and send it again.",
            ),
            FileProblem::TooLarge { .. } => (
                "file-too-large",
                StatusCode::PAYLOAD_TOO_LARGE,
                "The file is too large. Split it, or scan it at a lower resolution.",
            ),
            FileProblem::NotAccepted => (
                "file-not-accepted",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "This type of file is not accepted. Save the document as a PDF.",
            ),
            FileProblem::NotAPdf => (
                "file-not-a-pdf",
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "The file is called a PDF and is none. Save the document as a PDF.",
            ),
            FileProblem::Truncated => (
                "file-truncated",
                StatusCode::UNPROCESSABLE_ENTITY,
                "The end of the file is missing. Save or scan the document again.",
            ),
            FileProblem::Encrypted => (
                "file-encrypted",
                StatusCode::UNPROCESSABLE_ENTITY,
                "The file is protected by a password. Save it without one.",
            ),
            FileProblem::Damaged => (
                "file-damaged",
                StatusCode::UNPROCESSABLE_ENTITY,
                "The file cannot be opened. Save or scan the document again.",
            ),
            FileProblem::Infected => (
                "file-infected",
                StatusCode::UNPROCESSABLE_ENTITY,
                "A virus was found in the file. Check your computer before you go on.",
            ),
        };
        let found = Self::new(kind, status, title).with("file", name.as_str());
        match problem {
            FileProblem::TooLarge { limit } => found.with("limit_bytes", limit),
            _ => found,
        }
    }

    fn into_response_json(mut self) -> Response {
        if let Some(source) = &self.source
            && self.status.is_server_error()
        {
            tracing::error!(
                kind = self.kind,
                error = &**source as &dyn std::error::Error,
                "a request failed"
            );
        }
        self.details.insert(
            "type".into(),
            format!("urn:mondossier:problem:{}", self.kind).into(),
        );
        self.details.insert("title".into(), self.title.into());
        self.details
            .insert("status".into(), self.status.as_u16().into());
        let body = Value::Object(self.details).to_string();
        let mut response = body
            .with_content_type("application/problem+json")
            .with_status(self.status)
            .into_response();
        let headers = response.headers_mut();
        match self.status {
            StatusCode::SERVICE_UNAVAILABLE => {
                headers.insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
            }
            StatusCode::UNAUTHORIZED => {
                headers.insert(
                    header::WWW_AUTHENTICATE,
                    header::HeaderValue::from_static("Bearer"),
                );
            }
            _ => {}
        }
        response
    }
}

/// Any error of a route, the framework's own included.
pub(crate) async fn as_problem_json(error: poem::Error) -> Response {
    let status = error.status();
    match error.downcast::<Problem>() {
        Ok(problem) => problem,
        Err(_) if status == StatusCode::NOT_FOUND => Problem::not_found(),
        Err(_) if status == StatusCode::METHOD_NOT_ALLOWED => Problem::new(
            "method-not-allowed",
            status,
            "This address does not take that method.",
        ),
        Err(_) if status == StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new("payload-too-large", status, "The request is too large.")
        }
        Err(error) if status.is_client_error() => Problem {
            status,
            ..Problem::bad_request("The request cannot be understood.")
        }
        .because(error.to_string()),
        Err(error) => Problem::internal(error.to_string()),
    }
    .into_response_json()
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let forbidden = |kind, title| Self::new(kind, StatusCode::FORBIDDEN, title);
        match refusal {
            Refusal::NoAccount => Self::new(
                "no-account",
                StatusCode::UNAUTHORIZED,
                "This sign-in opens no account.",
            ),
            Refusal::Blocked(code) => Self::new(
                "blocked",
                StatusCode::LOCKED,
                "Access is blocked. Call the help desk and give them the lock code.",
            )
            .with("lock_code", code.as_str()),
            Refusal::RoleMissing => forbidden("role-missing", "Your account is not for this."),
            Refusal::ScopeMissing(scope) => {
                forbidden("scope-missing", "The API token is not for this.")
                    .with("scope", scope.code())
            }
            Refusal::SignInNeeded => forbidden(
                "token-not-enough",
                "This takes a person who signs in, not an API token.",
            ),
            Refusal::SignInNotRecent => {
                forbidden("sign-in-not-recent", "Sign in again to do this.")
            }
            Refusal::NoAccess => forbidden(
                "no-access",
                "You have no access to the cases of this counsel.",
            ),
            Refusal::CounselNotStanding(_) => forbidden(
                "counsel-not-standing",
                "This counsel may not act at present.",
            ),
            Refusal::NotForDelegates => {
                forbidden("not-for-delegates", "Only the counsel may do this.")
            }
            Refusal::NotTheirs => Self::not_found(),
            Refusal::NotForThisActor => {
                forbidden("not-for-this-actor", "This is not for whoever asks.")
            }
        }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Contention | StorageError::Unavailable(_) => Self::try_again(error),
            StorageError::CursorUnusable => Self::new(
                "cursor-unusable",
                StatusCode::UNPROCESSABLE_ENTITY,
                "The cursor belongs to another list.",
            ),
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
            UseCaseError::NotFound => Self::not_found(),
            UseCaseError::Storage(error) => error.into(),
        }
    }
}

impl From<NotRecognised> for Problem {
    fn from(error: NotRecognised) -> Self {
        let over = |kind, title| Self::new(kind, StatusCode::UNAUTHORIZED, title);
        match error {
            NotRecognised::Unknown => Self::sign_in_needed(),
            NotRecognised::Over(SessionOver::Idle | SessionOver::TooOld) => {
                over("session-over", "Your session has ended. Sign in again.")
            }
            NotRecognised::TokenOver => {
                over("token-over", "The API token has expired or was revoked.")
            }
            NotRecognised::Storage(error) => error.into(),
        }
    }
}

impl From<SubmissionRefused> for Problem {
    fn from(refused: SubmissionRefused) -> Self {
        let refuse = |kind, title| Self::new(kind, StatusCode::UNPROCESSABLE_ENTITY, title);
        match refused {
            SubmissionRefused::NoFile => refuse("no-file", "Add at least one file."),
            SubmissionRefused::TooManyFiles(limit) => refuse(
                "too-many-files",
                "There are too many files. Send them in several submissions.",
            )
            .with("limit", limit),
            SubmissionRefused::UnknownDocumentType => refuse(
                "unknown-document-type",
                "Choose one of the tribunal's types of document.",
            ),
            SubmissionRefused::NoteTooLong(limit) => {
                refuse("note-too-long", "The note is too long.").with("limit", limit)
            }
            SubmissionRefused::ServiceStatementMissing => refuse(
                "service-statement-missing",
                "Say how and when the other party was given a copy.",
            ),
            SubmissionRefused::TitleTooLong => {
                refuse("title-too-long", "A title or statement is too long.")
            }
        }
    }
}

impl From<ReceiveError> for Problem {
    fn from(error: ReceiveError) -> Self {
        match error {
            ReceiveError::Problem { name, problem } => Self::file(&name, problem),
            ReceiveError::BrokenOff => Self::new(
                "upload-broken-off",
                StatusCode::BAD_REQUEST,
                "The upload broke off. Send the files again.",
            ),
            ReceiveError::Unavailable(source) => Self::try_again(source),
        }
    }
}

impl From<DocumentsError> for Problem {
    fn from(error: DocumentsError) -> Self {
        match error {
            DocumentsError::TooLarge { .. }
            | DocumentsError::BrokenOff(_)
            | DocumentsError::Unavailable(_) => Self::try_again(error),
            DocumentsError::Missing => Self::internal(error),
        }
    }
}

impl From<SubmitError> for Problem {
    fn from(error: SubmitError) -> Self {
        match error {
            SubmitError::Forbidden(refusal) => refusal.into(),
            SubmitError::NotFound => Self::not_found(),
            SubmitError::Refused(refused) => refused.into(),
            SubmitError::KeyReused => Self::new(
                "idempotency-key-reused",
                StatusCode::CONFLICT,
                "This idempotency key was used for another submission.",
            ),
            SubmitError::KeyUnusable => Self::new(
                "idempotency-key-unusable",
                StatusCode::UNPROCESSABLE_ENTITY,
                "An idempotency key has 1 to 128 characters.",
            ),
            SubmitError::Documents(error) => error.into(),
            SubmitError::Storage(error) => error.into(),
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

/// The public shape, for the OpenAPI document.
#[derive(Object)]
#[oai(rename = "Problem")]
struct ProblemDetails {
    /// Stable: `urn:mondossier:problem:…`
    r#type: String,
    /// For people.
    title: String,
    /// The HTTP status.
    status: u16,
}

/// Lets a handler return `Result<T, Problem>`: every operation documents it without naming it again.
impl ApiResponse for Problem {
    fn meta() -> MetaResponses {
        use poem_openapi::types::Type;
        let one = |description, range: &str| MetaResponse {
            description,
            status: None,
            status_range: Some(range.to_owned()),
            content: vec![MetaMediaType {
                content_type: "application/problem+json",
                schema: ProblemDetails::schema_ref(),
            }],
            headers: Vec::new(),
        };
        MetaResponses {
            responses: vec![
                one("What the caller can put right", "4XX"),
                one("What we must put right", "5XX"),
            ],
        }
    }

    fn register(registry: &mut Registry) {
        <ProblemDetails as poem_openapi::types::Type>::register(registry);
    }
}
