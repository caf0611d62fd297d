//! Every refusal's public face once: a kind with its status, words in the asker's language, and facts that help (RFC 9457). The API
//! answers with it as `application/problem+json`, the pages show it. The source is for the log alone.

mod in_field;
mod kind;
mod refusals;

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use application::Application;
use application::ports::documents::DocumentsError;
use application::record_refusal::record_refusal;
use domain::document::{FileName, FileProblem};
use domain::policy::Refused;
use futures_util::FutureExt;
use poem::PathPattern;
use poem::error::{ParsePathError, ResponseError};
use poem::http::{StatusCode, header};
use poem::{Endpoint, IntoResponse, Request, Response};
use poem_openapi::error::{
    ParseParamError, ParsePathError as ParsePathOfApiError, ParseRequestPayloadError,
};
use poem_openapi::registry::{MetaMediaType, MetaResponse, MetaResponses, Registry};
use poem_openapi::{ApiResponse, Object};
use serde_json::{Map, Value};

use self::in_field::InField;
pub(crate) use self::kind::Kind;
use crate::Web;
use crate::caller::Recognised;
use crate::observed::RequestId;
use crate::pages::{Here, as_page, wished};
use crate::texts::{Texts, in_language};

type Source = Box<dyn std::error::Error + Send + Sync>;

/// A refusal as everybody sees it.
#[derive(Debug, thiserror::Error)]
#[error("{}", kind.name())]
pub struct Problem {
    kind: Kind,
    details: Map<String, Value>,
    /// What is wrong with which field, where several can be.
    fields: Vec<InField>,
    #[source]
    source: Option<Source>,
    /// What the policy said no to, for the audit trail.
    refused: Option<Box<Refused>>,
}

/// A field as it can be used; what is wrong with it is put beside what is wrong with others.
pub(crate) fn noted<T>(
    field: Result<T, impl Into<Problem>>,
    wrong: &mut Vec<Problem>,
) -> Option<T> {
    field.map_err(|error| wrong.push(error.into())).ok()
}

impl ResponseError for Problem {
    fn status(&self) -> StatusCode {
        match self.kind {
            // "Checksum Mismatch" in the upload protocol, and in no registry of statuses.
            Kind::UploadChecksumWrong => StatusCode::from_u16(460).unwrap_or(self.kind.status()),
            kind => kind.status(),
        }
    }
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self {
            kind,
            details: Map::new(),
            fields: Vec::new(),
            source: None,
            refused: None,
        }
    }
}

impl Problem {
    /// With one more member that a program can use.
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// With the name of the field that it is about, where its kind alone does not say which.
    pub(crate) fn at(self, field: &str) -> Self {
        self.with("field", field)
    }

    /// With what is wrong with each field.
    pub(crate) fn of_fields<T: Into<InField>>(mut self, fields: Vec<T>) -> Self {
        self.fields = fields.into_iter().map(Into::into).collect();
        self
    }

    /// With what is behind it, for the log.
    pub(crate) fn because(mut self, source: impl Into<Source>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// With what the policy said no to.
    pub(crate) fn refused(mut self, refused: Refused) -> Self {
        self.refused = Some(Box::new(refused));
        self
    }

    /// Puts what was refused into the audit trail (SEC-2). If that does not work, the refusal stands, and the log has it.
    pub(crate) async fn record(&self, app: &Application) {
        if let Some(refused) = &self.refused
            && let Err(error) = record_refusal(app, refused).await
        {
            tracing::error!(
                kind = self.kind.name(),
                error = &error as &dyn std::error::Error,
                "a refusal is not in the audit trail"
            );
        }
    }

    fn try_again(source: impl Into<Source>) -> Self {
        Self::from(Kind::TryAgain).because(source)
    }

    /// A mistake of ours.
    pub(crate) fn internal(source: impl Into<Source>) -> Self {
        Self::from(Kind::Internal).because(source)
    }

    /// A file of that name is not taken.
    pub(crate) fn file(name: &FileName, problem: FileProblem) -> Self {
        let kind = match problem {
            FileProblem::Empty => Kind::FileEmpty,
            FileProblem::TooLarge { .. } => Kind::FileTooLarge,
            FileProblem::NotAccepted => Kind::FileNotAccepted,
            FileProblem::NotAPdf => Kind::FileNotAPdf,
            FileProblem::Truncated => Kind::FileTruncated,
            FileProblem::Encrypted => Kind::FileEncrypted,
            FileProblem::Damaged => Kind::FileDamaged,
            FileProblem::Blank => Kind::FileBlank,
            FileProblem::Infected => Kind::FileInfected,
            FileProblem::NotScannable => Kind::FileNotScannable,
        };
        let found = Self::from(kind).with("file", name.as_str());
        match problem {
            FileProblem::TooLarge { limit } => found.with("limit_bytes", limit),
            _ => found,
        }
    }

    /// What it is.
    pub(crate) const fn kind(&self) -> Kind {
        self.kind
    }

    /// What it is and what to do, in words.
    pub(crate) fn words(&self, texts: &'static Texts) -> &'static str {
        let id = format!("problem-{}", self.kind.name());
        let of_field = self.detail("field").and_then(|field| {
            let field = field.replace('_', "-");
            texts.by_id(&format!("{id}-{field}"))
        });
        of_field
            .or_else(|| texts.by_id(&id))
            .unwrap_or_else(|| self.kind.name())
    }

    /// A member that was added to it, as text.
    pub(crate) fn detail(&self, name: &str) -> Option<String> {
        self.details.get(name).map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    }

    /// Any error of a route, the framework's own included.
    pub(crate) fn of(error: poem::Error) -> Self {
        let status = error.status();
        match error.downcast::<Self>() {
            Ok(problem) => problem,
            Err(_) if status == StatusCode::NOT_FOUND => Kind::NotFound.into(),
            // What can be no identifier names nothing.
            Err(error) if error.is::<ParsePathError>() || error.is::<ParsePathOfApiError>() => {
                Kind::NotFound.into()
            }
            Err(_) if status == StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                Kind::ContentTypeUnusable.into()
            }
            Err(error)
                if error.is::<ParseRequestPayloadError>() || error.is::<ParseParamError>() =>
            {
                Self::from(Kind::RequestUnusable).with("reason", error.to_string())
            }
            Err(_) if status == StatusCode::METHOD_NOT_ALLOWED => Kind::MethodNotAllowed.into(),
            Err(_) if status == StatusCode::PAYLOAD_TOO_LARGE => Kind::PayloadTooLarge.into(),
            Err(error) if status.is_client_error() => {
                Self::from(Kind::BadRequest).because(error.to_string())
            }
            Err(error) => Self::internal(error.to_string()),
        }
    }

    /// Tells the operators of what they must put right.
    pub(crate) fn log(&self) {
        if let Some(source) = &self.source
            && self.status().is_server_error()
        {
            tracing::error!(
                kind = self.kind.name(),
                error = &**source as &dyn std::error::Error,
                "a request failed"
            );
        }
    }

    /// The headers that go with the status, whatever the body is.
    pub(crate) fn mark(&self, response: &mut Response) {
        response.set_status(self.status());
        let back_in = |seconds: &str| {
            let seconds = self.detail("retry_after").unwrap_or(seconds.to_owned());
            (header::RETRY_AFTER, seconds)
        };
        let (name, value) = match self.status() {
            StatusCode::SERVICE_UNAVAILABLE => back_in("5"),
            StatusCode::TOO_MANY_REQUESTS => back_in("60"),
            StatusCode::UNAUTHORIZED => (header::WWW_AUTHENTICATE, "Bearer".to_owned()),
            StatusCode::METHOD_NOT_ALLOWED => match self.detail("allow") {
                Some(allow) => (header::ALLOW, allow),
                None => return,
            },
            _ => return,
        };
        if let Ok(value) = header::HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    }

    /// As `application/problem+json`.
    pub(crate) fn as_json(&self, texts: &'static Texts) -> Response {
        let mut body = self.details.clone();
        let kind = format!("urn:mondossier:problem:{}", self.kind.name());
        body.insert("type".into(), kind.into());
        body.insert("title".into(), self.words(texts).into());
        body.insert("status".into(), self.status().as_u16().into());
        if !self.fields.is_empty() {
            let errors: Vec<Value> = self.fields.iter().map(|one| one.as_json(texts)).collect();
            body.insert("errors".into(), errors.into());
        }
        let mut response = Value::Object(body)
            .to_string()
            .with_content_type("application/problem+json")
            .into_response();
        self.mark(&mut response);
        response
    }
}

/// Whether an answer is for a program: on the API always, elsewhere if it says so.
pub(crate) fn wants_json(request: &Request) -> bool {
    let accepts = request
        .headers()
        .get(header::ACCEPT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    is_for_program(request.original_uri().path(), accepts)
}

/// The demonstration's clock: programs use it as much as people do, and command lines do not say what they take.
const FOR_PROGRAMS_TOO: &str = "/demo/clock";

fn is_for_program(path: &str, accepts: &str) -> bool {
    let is_api = path.starts_with("/api/") || path.starts_with("/health/");
    let names_no_page = path == FOR_PROGRAMS_TOO && !accepts.contains("text/html");
    is_api || names_no_page || accepts.contains("json")
}

/// Answers with a problem where a handler could not answer: on the API in JSON, elsewhere as a page; in the asker's language.
pub(crate) async fn answered<E: Endpoint>(
    next: Arc<E>,
    mut request: Request,
) -> poem::Result<Response> {
    request.set_data(Recognised::default());
    let in_json = wants_json(&request);
    let words = in_language(wished(&request));
    let here = request
        .data::<Arc<Web>>()
        .map(|web| Here::of(&request, web));
    let id = request.data::<RequestId>().cloned();
    // What a panic leaves half done is dropped with its request: transactions roll back, nothing is shared but what locks protect.
    let called = AssertUnwindSafe(next.call(request)).catch_unwind().await;
    let error = match called {
        Ok(Ok(response)) => return Ok(response.into_response()),
        Ok(Err(error)) => error,
        Err(_) => Problem::internal("a handler panicked").into(),
    };
    let route = error.data::<PathPattern>().cloned();
    let mut problem = Problem::of(error);
    if let Some(id) = id {
        problem = problem.with("request_id", id.to_string());
    }
    problem.log();
    if let Some(here) = &here {
        problem.record(&here.web.app).await;
    }
    let mut response = match here {
        Some(here) if !in_json => as_page(&problem, &here),
        _ => problem.as_json(words),
    };
    if let Some(route) = route {
        response.set_data(route);
    }
    Ok(response)
}

impl From<DocumentsError> for Problem {
    fn from(error: DocumentsError) -> Self {
        match error {
            DocumentsError::TooLarge { .. }
            | DocumentsError::BrokenOff(_)
            | DocumentsError::Unavailable(_)
            // While the master key is changed machine by machine, a portal meets documents under one that it does not have yet.
            | DocumentsError::KeyUnknown(_) => Self::try_again(error),
            DocumentsError::Altered(_) => Self::from(Kind::DocumentAltered).because(error),
            DocumentsError::Missing => Self::internal(error),
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
    /// The number of the request: the help desk can find it in the log.
    request_id: String,
    /// The methods that the address takes.
    allow: Option<String>,
    /// The number of what was submitted before.
    confirmation_number: Option<String>,
    /// Days that a token works at most.
    days_at_most: Option<i64>,
    /// Every field that cannot be used.
    errors: Option<Vec<FieldError>>,
    /// The field that it is about.
    field: Option<String>,
    /// The name of the file that it is about.
    file: Option<String>,
    /// The file number of the case that it is about.
    file_number: Option<String>,
    /// The header that it is about.
    header: Option<String>,
    /// Bytes that were announced for the upload.
    length: Option<u64>,
    /// The limit that was passed.
    limit: Option<u64>,
    /// The bytes that a file has at most.
    limit_bytes: Option<u64>,
    /// What a blocked person reads out to the help desk.
    lock_code: Option<String>,
    /// Where the upload goes on.
    offset: Option<u64>,
    /// The part of the form that it is about.
    part: Option<String>,
    /// How many delegates there can be.
    places: Option<u64>,
    /// Why the request cannot be read, for whoever writes the program.
    reason: Option<String>,
    /// Seconds, as in the header.
    retry_after: Option<i64>,
    /// The scope that a token lacks, or cannot have.
    scope: Option<String>,
    /// Bytes of the document.
    size: Option<u64>,
    /// How many are beyond the limit.
    surplus: Option<u64>,
    /// The token that was made before.
    token_id: Option<String>,
    /// Tries that are left until a block.
    tries_left: Option<u32>,
}

/// A field that cannot be used.
#[derive(Object)]
struct FieldError {
    /// Which, as `events[0].starts_at`.
    field: String,
    /// Stable: what is wrong with it.
    fault: String,
    /// The same for people.
    detail: Option<String>,
    /// The limit that was passed.
    limit: Option<u64>,
    /// Which of several values in the field.
    value: Option<String>,
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

#[cfg(test)]
mod tests {
    use poem::EndpointExt;
    use poem::endpoint::make;

    use super::*;

    async fn panics(_: Request) -> poem::Result<Response> {
        panic!("in a handler, with a name in it")
    }

    /// in the demonstration whoever names no page is a program, and a browser names one; elsewhere a program says that it is one.
    #[test]
    fn a_program_need_not_say_so_to_the_demonstration() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
        for accepts in ["", "*/*", "application/json"] {
            assert!(is_for_program(FOR_PROGRAMS_TOO, accepts), "{accepts}");
        }
        assert!(!is_for_program(FOR_PROGRAMS_TOO, browser));
        for path in ["/en", "/demo/sign-in", "/demo/mailbox"] {
            assert!(!is_for_program(path, "*/*"), "{path}");
            assert!(is_for_program(path, "application/json"), "{path}");
        }
        assert!(is_for_program("/api/v1/me", browser));
    }

    /// whatever member a problem bears is in the document of the API.
    #[test]
    fn every_member_of_a_problem_is_documented() {
        fn members(folder: &std::path::Path, found: &mut Vec<String>) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    members(&path, found);
                    continue;
                }
                let text = std::fs::read_to_string(path).unwrap();
                let begun = text.split(".with(\"").skip(1);
                found.extend(begun.map(|rest| rest.split('"').next().unwrap().to_owned()));
            }
        }
        let mut found = vec!["errors".to_owned(), "field".to_owned()];
        members(
            &std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
            &mut found,
        );
        assert!(found.len() > 20, "{found:?}");
        let document: Value = serde_json::from_str(&crate::openapi_document()).unwrap();
        let documented = &document["components"]["schemas"]["Problem"]["properties"];
        for member in found {
            assert!(documented[&member].is_object(), "{member}");
        }
    }

    /// a portal that has not the newest master key yet, while it is changed machine by machine, is away, not broken; a missing file is.
    #[test]
    fn a_key_that_is_on_its_way_is_waited_for() {
        let unknown = Problem::from(DocumentsError::KeyUnknown("of tomorrow".to_owned()));
        assert_eq!(unknown.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(unknown.source.is_some(), "operators are told why");
        let missing = Problem::from(DocumentsError::Missing);
        assert_eq!(missing.status(), StatusCode::INTERNAL_SERVER_ERROR);
    }

    /// What a handler does to itself is told with the request's number, and says nothing of what went wrong.
    #[tokio::test]
    async fn a_panic_is_answered() {
        let endpoint = make(panics).around(answered);
        let mut request = Request::default();
        request.set_data(RequestId("0123-4567-89ab-cdef".into()));
        let response = endpoint.call(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let text = response.into_body().into_string().await.unwrap();
        let told: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(told["type"], "urn:mondossier:problem:internal");
        assert_eq!(told["request_id"], "0123-4567-89ab-cdef");
        assert!(!text.contains("name in it"), "{text}");
    }
}
