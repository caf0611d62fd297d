//! Pages, API and the demonstration's routes on poem. Handlers parse, call a use case and map its answer; they decide nothing.

mod api;
mod assets;
mod by_tls;
mod calendar;
mod caller;
mod counsel_form;
mod demonstration;
mod download;
mod entered;
mod exports;
mod form_pages;
mod form_words;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod headers;
mod health;
mod limits;
mod method;
mod no_nul;
mod observed;
mod pages;
mod parts;
mod passing;
mod problem;
mod proxies;
mod public_log;
mod rate;
mod same_origin;
mod sheet;
mod sign_in;
mod texts;
mod upload;
mod upload_protocol;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use application::Application;
use application::ports::demonstration::{CaughtMessages, ComingEvents, MovableClock, Person};
use poem::endpoint::BoxEndpoint;
use poem::{EndpointExt, Route};

pub use api::openapi_document;
pub use form_pages::FormPages;
pub use health::Leaving;
pub use observed::{Answered, Watch};
pub use parts::FILES_AT_MOST;
pub use proxies::Proxies;
pub use rate::Rate;

/// Work that runs by itself and tells nobody how it went.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What the routes work with.
#[derive(Clone)]
pub struct Web {
    /// The use cases.
    pub app: Application,
    /// The demonstration's own parts; none of its routes exists without them.
    pub demonstration: Option<Demonstration>,
    /// Whether browsers come by https: the cookie is then `Secure`, under a `__Host-` name.
    pub secure: bool,
    /// Where browsers find the portal, for those who come without TLS where there is TLS.
    pub public_url: Option<String>,
    /// Whom to believe when they say who asks.
    pub proxies: Proxies,
    /// How many requests may come from whom.
    pub rate: Rate,
    /// Whether the portal is about to stop.
    pub leaving: Leaving,
    /// Whoever counts requests.
    pub watch: Arc<dyn Watch>,
}

/// What only the demonstration has.
#[derive(Clone)]
pub struct Demonstration {
    /// Whom one can sign in as.
    pub people: Vec<Person>,
    /// E-mails that were caught.
    pub emails: Arc<dyn CaughtMessages>,
    /// Text messages that were caught.
    pub text_messages: Arc<dyn CaughtMessages>,
    /// The clock that one can move.
    pub clock: Arc<dyn MovableClock>,
    /// What will happen by itself.
    pub coming: Arc<dyn ComingEvents>,
    /// Runs every job once.
    pub run_jobs: Arc<dyn Fn() -> Work + Send + Sync>,
}

/// Every route.
pub fn routes(web: Web) -> BoxEndpoint<'static> {
    let (service, document, docs) = api::service();
    let all = Route::new()
        .at("/", pages::entrance())
        .nest("/fr", pages::routes())
        .nest("/en", pages::routes())
        .nest("/assets", assets::routes())
        .nest("/sign-in", sign_in::routes())
        .nest("/api/v1/openapi.json", document)
        .nest("/api/v1/docs", docs)
        .nest("/api/v1", service)
        .nest("/health", health::routes())
        .nest("/log", public_log::routes())
        .nest_opt(
            "/demo",
            web.demonstration.clone().map(demonstration::routes),
        );
    let web = Arc::new(web);
    let observing = web.clone();
    let secure = web.secure;
    all.around(method::remember_head)
        .around(no_nul::refuse_nul)
        .around(caller::recognise)
        .around(upload_protocol::method_override)
        .around(same_origin::same_origin)
        // The type of a chain has the chain in it, twice at each link: a box keeps it short.
        .boxed()
        .around(by_tls::by_tls)
        .around(limits::limited)
        .around(problem::answered)
        .data(web.app.clone())
        .data(web)
        .around(upload_protocol::name_version)
        .around(move |next, request| headers::headers(secure, next, request))
        .around(move |next, request| observed::observed(observing.clone(), next, request))
        .boxed()
}

/// A route that may not be there.
trait NestOpt {
    fn nest_opt(self, path: &str, routes: Option<Route>) -> Self;
}

impl NestOpt for Route {
    fn nest_opt(self, path: &str, routes: Option<Route>) -> Self {
        match routes {
            Some(routes) => self.nest(path, routes),
            None => self,
        }
    }
}
