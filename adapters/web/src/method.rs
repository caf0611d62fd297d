//! The methods that an address takes: one that it does not take is told with those that it does (`Allow`), `OPTIONS` tells them to whoever
//! asks, and `HEAD` is answered wherever `GET` is.

use std::collections::BTreeMap;
use std::sync::Arc;

use poem::PathPattern;
use poem::http::{Method, StatusCode, header};
use poem::{Endpoint, IntoEndpoint, IntoResponse, Request, Response, Result, RouteMethod};
use serde_json::Value;

use crate::problem::{Kind, Problem};

/// On a request of `HEAD`: the framework makes one of `GET` of it before a handler sees it, and drops the bytes of the answer.
#[derive(Debug, Clone, Copy)]
struct HeadAlone;

/// Remembers which requests are for the head alone.
pub(crate) async fn remember_head<E: Endpoint>(
    next: Arc<E>,
    mut request: Request,
) -> Result<Response> {
    if *request.method() == Method::HEAD {
        request.set_data(HeadAlone);
    }
    next.call(request).await.map(IntoResponse::into_response)
}

/// Whether nothing but the head of the answer goes out. Whoever records that bytes were given asks this first.
pub(crate) fn is_for_the_head_alone(request: &Request) -> bool {
    request.data::<HeadAlone>().is_some()
}

/// An address's methods.
pub(crate) struct Methods {
    inner: RouteMethod,
    taken: Vec<Method>,
}

/// An address that takes `GET`.
pub(crate) fn get(endpoint: impl IntoEndpoint<Endpoint: 'static>) -> Methods {
    Methods::with(RouteMethod::new().get(endpoint), Vec::new(), Method::GET)
}

/// An address that takes `POST`.
pub(crate) fn post(endpoint: impl IntoEndpoint<Endpoint: 'static>) -> Methods {
    Methods::with(RouteMethod::new().post(endpoint), Vec::new(), Method::POST)
}

impl Methods {
    fn with(inner: RouteMethod, mut taken: Vec<Method>, method: Method) -> Self {
        taken.push(method);
        Self { inner, taken }
    }

    /// And `POST`.
    pub(crate) fn post(self, endpoint: impl IntoEndpoint<Endpoint: 'static>) -> Self {
        Self::with(self.inner.post(endpoint), self.taken, Method::POST)
    }

    fn takes(&self, method: &Method) -> bool {
        self.taken.contains(method) || (method == Method::HEAD && self.taken.contains(&Method::GET))
    }
}

impl Endpoint for Methods {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if self.takes(request.method()) {
            return self.inner.call(request).await;
        }
        let names: Vec<&str> = self.taken.iter().map(Method::as_str).collect();
        not_taken(request.method(), &allow(&names))
    }
}

/// What an address takes, where it takes those.
fn allow(taken: &[&str]) -> String {
    let mut all = taken.to_vec();
    if taken.contains(&"GET") {
        all.push("HEAD");
    }
    all.push("OPTIONS");
    all.join(", ")
}

fn not_taken(method: &Method, allow: &str) -> Result<Response> {
    if method == Method::OPTIONS {
        let none = StatusCode::NO_CONTENT.with_header(header::ALLOW, allow);
        return Ok(none.into_response());
    }
    Err(Problem::from(Kind::MethodNotAllowed)
        .with("allow", allow)
        .into())
}

/// An address of the API.
struct Address {
    /// Its pattern, with the parameters' own names.
    pattern: PathPattern,
    allow: String,
}

/// The API's addresses, by the pattern that the framework gives them: in it, parameters are only numbered.
#[derive(Clone)]
pub(crate) struct Documented(Arc<BTreeMap<String, Address>>);

impl Documented {
    /// From the `OpenAPI` document.
    pub(crate) fn new(document: &str) -> Self {
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        let paths = document.get("paths").and_then(Value::as_object);
        let taken = paths.into_iter().flatten().map(|(path, operations)| {
            let names = operations.as_object().into_iter().flatten();
            let names: Vec<String> = names.map(|(name, _)| name.to_ascii_uppercase()).collect();
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let pattern = path.replace('{', ":").replace('}', "");
            let address = Address {
                pattern: PathPattern(pattern.into()),
                allow: allow(&names),
            };
            (numbered(path), address)
        });
        Self(Arc::new(taken.collect()))
    }

    /// Answers for the operations, and names the address of each answer.
    pub(crate) async fn told<E: Endpoint>(
        self,
        next: Arc<E>,
        request: Request,
    ) -> Result<Response> {
        let method = request.method().clone();
        let address = |pattern: Option<&PathPattern>| self.0.get(&*pattern?.0);
        match next.call(request).await {
            Ok(answered) => {
                let mut response = answered.into_response();
                if let Some(address) = address(response.data()) {
                    response.set_data(address.pattern.clone());
                }
                Ok(response)
            }
            Err(mut error) => match address(error.data()) {
                Some(address) if error.is::<poem::error::MethodNotAllowedError>() => {
                    not_taken(&method, &address.allow)
                }
                Some(address) => {
                    error.set_data(address.pattern.clone());
                    Err(error)
                }
                None => Err(error),
            },
        }
    }
}

/// A path of the document as the framework's pattern.
fn numbered(path: &str) -> String {
    let mut parameters = 0_u32..;
    let parts = path.split('/').map(|part| {
        if part.starts_with('{')
            && let Some(number) = parameters.next()
        {
            format!(":param{number}")
        } else {
            part.to_owned()
        }
    });
    parts.collect::<Vec<_>>().join("/")
}
