//! What is known of a service, and for how long. Callers who need to know at the same time share one question; a service that
//! failed is left alone for a moment; and a key that nobody knows makes us ask again, but not as often as somebody can invent one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use openidconnect::IssuerUrl;
use tokio::time::Instant;

use crate::http::Http;
use crate::provider::Provider;
use crate::trouble::Trouble;

/// For so long a service's own word is believed.
const BELIEVED_FOR: Duration = Duration::from_hours(1);
/// For so long a service is not asked again for a key that was missing.
const KEYS_ASKED_AGAIN_AFTER: Duration = Duration::from_mins(1);
/// For so long a service that failed is not asked again.
const LEFT_ALONE_FOR: Duration = Duration::from_secs(3);

type Outcome = Result<Arc<Provider>, Arc<Trouble>>;
type Question = Pin<Box<dyn Future<Output = Outcome> + Send>>;

/// What is known of one service.
#[derive(Debug)]
pub(crate) struct Known {
    http: Http,
    issuer: IssuerUrl,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The last good answer, and when it came.
    answer: Option<(Arc<Provider>, Instant)>,
    /// The last failure since then.
    failure: Option<(Arc<Trouble>, Instant)>,
    /// The question that is under way, for as long as somebody waits for it.
    question: Option<WeakShared<Question>>,
    /// When a missing key last made us ask.
    missed_a_key: Option<Instant>,
}

impl Known {
    pub fn new(http: Http, issuer: IssuerUrl) -> Self {
        Self {
            http,
            issuer,
            state: Arc::default(),
        }
    }

    /// What the service says of itself: what is known, if it is not too old.
    pub async fn provider(&self) -> Outcome {
        let question = {
            let mut state = locked(&self.state);
            match (&state.answer, &state.failure) {
                (Some((provider, at)), _) if at.elapsed() < BELIEVED_FOR => {
                    return Ok(Arc::clone(provider));
                }
                (_, Some((trouble, at))) if at.elapsed() < LEFT_ALONE_FOR => {
                    return Err(Arc::clone(trouble));
                }
                _ => self.question(&mut state),
            }
        };
        question.await
    }

    /// What the service says after a key was missing in what it said as `seen`; `None` if it is not to be asked again so soon.
    pub async fn since(&self, seen: &Arc<Provider>) -> Result<Option<Arc<Provider>>, Arc<Trouble>> {
        let question = {
            let mut state = locked(&self.state);
            match (&state.answer, &state.failure, state.missed_a_key) {
                (Some((provider, _)), ..) if !Arc::ptr_eq(provider, seen) => {
                    return Ok(Some(Arc::clone(provider)));
                }
                (_, Some((trouble, at)), _) if at.elapsed() < LEFT_ALONE_FOR => {
                    return Err(Arc::clone(trouble));
                }
                (_, _, Some(at)) if at.elapsed() < KEYS_ASKED_AGAIN_AFTER => {
                    match state.question.as_ref().and_then(WeakShared::upgrade) {
                        Some(question) => question,
                        None => return Ok(None),
                    }
                }
                _ => {
                    state.missed_a_key = Some(Instant::now());
                    self.question(&mut state)
                }
            }
        };
        question.await.map(Some)
    }

    /// The question that is under way, or a new one. It lives as long as one of those who wait.
    fn question(&self, state: &mut State) -> Shared<Question> {
        if let Some(question) = state.question.as_ref().and_then(WeakShared::upgrade) {
            return question;
        }
        let (http, issuer) = (self.http.clone(), self.issuer.clone());
        let kept = Arc::clone(&self.state);
        let question: Question = Box::pin(async move {
            let outcome = Provider::fetch(&http, issuer).await;
            let outcome = outcome.map(Arc::new).map_err(Arc::new);
            let mut state = locked(&kept);
            state.question = None;
            match &outcome {
                Ok(provider) => {
                    state.answer = Some((Arc::clone(provider), Instant::now()));
                    state.failure = None;
                }
                Err(trouble) => {
                    state.failure = Some((Arc::clone(trouble), Instant::now()));
                    state.missed_a_key = None;
                }
            }
            outcome
        });
        let question = question.shared();
        state.question = question.downgrade();
        question
    }
}

/// Nothing is left half done in there, so a panic elsewhere does no harm.
fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
