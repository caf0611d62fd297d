//! Who asks: recognised once per request, by an API token or the session's cookie. A token that does not work never falls back to the
//! cookie.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use application::Secret;
use application::recognise::{NotRecognised, recognise_session, recognise_token, still_used};
use application::uploads::Uploader;
use domain::id::Id;
use domain::policy::{Actor, Refusal};
use domain::session::{Session, SessionId};
use poem::http::header;
use poem::{Endpoint, FromRequest, IntoResponse, Request, RequestBody, Response, Result};
use time::OffsetDateTime;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

use crate::Web;
use crate::problem::{Kind, Problem};
use crate::proxies::Origin;

/// By what the browser's session is known.
pub(crate) const fn cookie_name(secure: bool) -> &'static str {
    if secure {
        "__Host-mondossier"
    } else {
        "mondossier"
    }
}

/// The cookie that begins a session.
pub(crate) fn cookie(secure: bool, secret: &Secret) -> String {
    let name = cookie_name(secure);
    let mark = if secure { "; Secure" } else { "" };
    format!(
        "{name}={}; Path=/; HttpOnly; SameSite=Lax{mark}",
        secret.reveal()
    )
}

/// The cookie that makes a browser forget the other one.
pub(crate) fn cookie_taken_back(secure: bool) -> String {
    let name = cookie_name(secure);
    let mark = if secure { "; Secure" } else { "" };
    format!("{name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0{mark}")
}

/// The session's secret in a request's cookie.
pub(crate) fn presented(request: &Request, secure: bool) -> Option<Secret> {
    cookie_value(request, cookie_name(secure))
}

/// The secret in a request's cookie of that name.
pub(crate) fn cookie_value(request: &Request, wanted: &str) -> Option<Secret> {
    let cookies = request
        .headers()
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok());
    let mut pairs = cookies
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| Secret::presented(value))
}

/// The token in a request's `Authorization`.
pub(crate) fn bearer(request: &Request) -> Option<Secret> {
    let value = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| Secret::presented(token.trim()))
}

/// The network address of whoever asks, behind the proxies that are trusted.
pub(crate) fn from(request: &Request) -> Option<IpAddr> {
    request.data::<Origin>()?.client
}

/// Who was recognised; kept in the request for the handlers, and for the page that tells of what went wrong in one.
#[derive(Clone, Default)]
pub(crate) struct Recognised(Arc<OnceLock<Known>>);

/// Whoever was recognised.
struct Known {
    actor: Actor,
    /// By which session, if by one, and how that is named to its person.
    session: Option<(SessionId, Session)>,
    /// Whether the session is over, but for finishing what it began to upload (HELP-2).
    finishing: bool,
}

impl Recognised {
    /// The place in a request where it is known, now or after it was recognised.
    pub(crate) fn of(request: &Request) -> Self {
        request.data::<Self>().cloned().unwrap_or_default()
    }

    /// Whoever was recognised, if anybody.
    pub(crate) fn actor(&self) -> Option<&Actor> {
        let known = self.0.get().filter(|known| !known.finishing);
        known.map(|known| &known.actor)
    }

    /// The session by which somebody was recognised.
    pub(crate) fn session(&self) -> Option<&Session> {
        let known = self.0.get().filter(|known| !known.finishing);
        let (_, session) = known.and_then(|known| known.session.as_ref())?;
        Some(session)
    }

    /// How that session is named to its person.
    pub(crate) fn session_id(&self) -> Option<SessionId> {
        let known = self.0.get().filter(|known| !known.finishing);
        let (id, _) = known.and_then(|known| known.session.as_ref())?;
        Some(*id)
    }
}

/// By what whoever asks is recognised, and when they were: what they send may come in for long, and they may be blocked or signed out meanwhile.
pub(crate) struct Evidence {
    web: Arc<Web>,
    token: Option<Secret>,
    session: Option<Secret>,
    from: Option<IpAddr>,
    asked_at: Instant,
}

/// What came within this time came at once.
const AT_ONCE: Duration = Duration::from_secs(1);

impl Evidence {
    fn of(request: &Request, web: Arc<Web>) -> Self {
        Self {
            token: bearer(request),
            session: presented(request, web.secure),
            from: from(request),
            asked_at: Instant::now(),
            web,
        }
    }

    async fn known(&self) -> Result<Option<Known>, Problem> {
        match (&self.token, &self.session) {
            (Some(token), _) => by_token(&self.web, token, self.from).await.map(Some),
            (None, Some(secret)) => by_session(&self.web, secret, self.from).await,
            (None, None) => Ok(None),
        }
    }

    /// Whether so much time has passed that it must be asked again.
    fn is_old(&self) -> bool {
        self.asked_at.elapsed() >= AT_ONCE
    }

    /// Asks again, when all has come in: whoever may do nothing any more does nothing with it (REG-6, SEC-1, X-2).
    ///
    /// # Errors
    /// [`Kind::SignInNeeded`], [`Kind::Blocked`], or that a token works no more.
    pub(crate) async fn still_holds(&self) -> Result<(), Problem> {
        if !self.is_old() {
            return Ok(());
        }
        let known = self.known().await?;
        let known = known.ok_or(Kind::SignInNeeded)?;
        match known
            .actor
            .caller()
            .and_then(|caller| caller.account.lock.block.as_ref())
        {
            Some(block) => Err(Refusal::Blocked(block.lock_code.clone()).into()),
            None => Ok(()),
        }
    }
}

/// Whether the body is one text, which a handler takes whole.
fn comes_whole(request: &Request) -> bool {
    let kind = request.header(header::CONTENT_TYPE).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    ["application/json", "application/x-www-form-urlencoded"]
        .iter()
        .any(|whole| kind.eq_ignore_ascii_case(whole))
}

/// Recognises whoever asks, before any handler runs.
pub(crate) async fn recognise<E: Endpoint>(next: Arc<E>, mut request: Request) -> Result<Response> {
    let (Some(web), Some(recognised)) = (
        request.data::<Arc<Web>>().cloned(),
        request.data::<Recognised>().cloned(),
    ) else {
        return Err(Problem::internal("the routes' parts are missing").into());
    };
    let evidence = Arc::new(Evidence::of(&request, web.clone()));
    let known = evidence.known().await;
    // Machines that look whether the portal works are answered, whoever else asks from where they are.
    if !request.original_uri().path().starts_with("/health/") {
        let actor = known.as_ref().ok().and_then(Option::as_ref);
        let actor = actor.map(|known| &known.actor);
        web.rate.count(actor, evidence.from).map_err(too_many)?;
    }
    let mut known = known?;
    if known.is_some() && comes_whole(&request) {
        let body = request.take_body().into_bytes().await?;
        request.set_body(body);
        if evidence.is_old() {
            known = evidence.known().await?;
        }
    }
    // The request is new: nobody was recognised in it before.
    let known = known.map(|known| recognised.0.get_or_init(|| known));
    let by_session = known.is_some_and(|known| known.session.is_some());
    if known.is_some() {
        request.set_data(evidence.clone());
    }
    let answer = next.call(request);
    let answer = match evidence.session.as_ref().filter(|_| by_session) {
        Some(secret) => answered(answer, noting_use(&web, secret)).await,
        None => answer.await,
    };
    answer.map(IntoResponse::into_response)
}

async fn by_token(web: &Web, token: &Secret, from: Option<IpAddr>) -> Result<Known, Problem> {
    Ok(Known {
        actor: recognise_token(&web.app, token, from).await?,
        session: None,
        finishing: false,
    })
}

/// Whose session it is; nobody's where there is none, or it is over.
async fn by_session(
    web: &Web,
    secret: &Secret,
    from: Option<IpAddr>,
) -> Result<Option<Known>, Problem> {
    let (recognised, finishing) = match recognise_session(&web.app, secret, from).await {
        Ok(recognised) => (recognised, false),
        Err(NotRecognised::FinishingUploads(recognised)) => (*recognised, true),
        Err(NotRecognised::Unknown | NotRecognised::Over(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    Ok(Some(Known {
        actor: recognised.actor,
        session: Some((recognised.session_id, recognised.session)),
        finishing,
    }))
}

/// Somebody sends more requests than anybody needs to.
fn too_many(wait: Duration) -> Problem {
    let seconds = wait.as_secs().saturating_add(1);
    Problem::from(Kind::TooManyRequests).with("retry_after", seconds)
}

/// How often a session is noted as used while a request is under way.
const NOTED_EVERY: Duration = Duration::from_mins(1);

/// A session does not end while what it asked for is still coming in: a bundle over a slow line takes longer than one may be idle (HELP-2).
#[expect(
    clippy::disallowed_methods,
    reason = "it notes a use now and then for as long as a request lasts, and holds nobody up"
)]
async fn noting_use(web: &Web, secret: &Secret) -> Infallible {
    loop {
        sleep(NOTED_EVERY).await;
        if let Err(error) = still_used(&web.app, secret).await {
            tracing::warn!(
                error = &error as &dyn std::error::Error,
                "a session's use is not noted"
            );
        }
    }
}

/// Both go on at once, until there is an answer: what is noted meanwhile may wait for the very writer that the answer holds.
async fn answered<T>(
    answer: impl Future<Output = T>,
    meanwhile: impl Future<Output = Infallible>,
) -> T {
    tokio::select! {
        biased;
        answer = answer => answer,
        never = meanwhile => match never {},
    }
}

/// Whoever is signed in. A handler that takes it cannot run without.
pub(crate) struct SignedIn(pub(crate) Actor);

impl<'a> FromRequest<'a> for SignedIn {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Recognised::of(request)
            .actor()
            .cloned()
            .map(Self)
            .ok_or_else(|| Problem::from(Kind::SignInNeeded).into())
    }
}

/// Whoever is signed in, and by which session; by none where they come by a token.
pub(crate) struct SignedInBy {
    pub(crate) actor: Actor,
    pub(crate) session: Option<SessionId>,
}

impl<'a> FromRequest<'a> for SignedInBy {
    async fn from_request(request: &'a Request, body: &mut RequestBody) -> Result<Self> {
        let SignedIn(actor) = SignedIn::from_request(request, body).await?;
        Ok(Self {
            actor,
            session: Recognised::of(request).session_id(),
        })
    }
}

/// Somebody who goes on with uploads: whoever is signed in, and whoever was until a moment ago, for what they began before (HELP-2).
pub(crate) struct Uploading {
    actor: Actor,
    finishing: Option<OffsetDateTime>,
}

impl Uploading {
    /// On that case of that counsel.
    pub(crate) fn on(self, counsel: Uuid, case: Uuid) -> Uploader {
        Uploader {
            actor: self.actor,
            counsel: Id::new(counsel),
            case: Id::new(case),
            finishing: self.finishing,
        }
    }
}

impl<'a> FromRequest<'a> for Uploading {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let recognised = Recognised::of(request);
        let (Some(known), Some(web)) = (recognised.0.get(), request.data::<Arc<Web>>()) else {
            return Err(Problem::from(Kind::SignInNeeded).into());
        };
        let ended = known.session.as_ref().filter(|_| known.finishing);
        Ok(Self {
            actor: known.actor.clone(),
            finishing: ended.map(|(_, session)| session.longest(&web.app.terms)),
        })
    }
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "what is tested is who waits for whom"
)]
mod tests {
    use tokio::sync::Mutex;
    use tokio::time::timeout;

    use super::*;

    /// HELP-2: a long request goes on while its session is noted, also where it holds what the note waits for.
    #[tokio::test(start_paused = true)]
    async fn an_answer_goes_on_while_a_note_waits() {
        let (writer, noted) = (Mutex::new(()), Mutex::new(0));
        let answer = async {
            let held = writer.lock().await;
            sleep(NOTED_EVERY * 5 / 4).await;
            drop(held);
            sleep(NOTED_EVERY * 5 / 4).await;
            "answer"
        };
        let meanwhile = async {
            loop {
                sleep(NOTED_EVERY).await;
                let _held = writer.lock().await;
                *noted.lock().await += 1;
            }
        };
        let answered = timeout(NOTED_EVERY * 10, answered(answer, meanwhile)).await;
        assert_eq!(answered.ok(), Some("answer"));
        assert_eq!(*noted.lock().await, 2);
    }
}
