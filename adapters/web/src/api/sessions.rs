//! One's own sessions (OWASP ASVS 5.0, 7.5.2). Only a person who signed in sees and ends them: a token does neither.

use application::Application;
use application::own_sessions::{OwnSession, end_other_sessions, end_session, list_sessions};
use domain::id::Id;
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Object, OpenApi};
use uuid::Uuid;

use super::Group;
use super::paging::part;
use super::shapes::rfc3339;
use crate::caller::SignedInBy;
use crate::problem::Problem;

pub(super) struct Sessions;

/// A session. Nothing is kept by which to know the browser or device again.
#[derive(Object)]
struct Session {
    id: Uuid,
    begun_at: String,
    /// Give or take a minute.
    last_used_at: String,
    /// The sign-in service that vouched for it; `null` where it is not known which.
    service: Option<SignInService>,
    /// Whether this call comes by it.
    current: bool,
}

/// A sign-in service's name.
#[derive(Object)]
struct SignInService {
    fr: String,
    en: String,
}

impl From<OwnSession> for Session {
    fn from(session: OwnSession) -> Self {
        Self {
            id: session.id.uuid(),
            begun_at: rfc3339(session.begun_at),
            last_used_at: rfc3339(session.last_used_at),
            service: session.service.map(|name| SignInService {
                fr: name.french,
                en: name.english,
            }),
            current: session.is_this_one,
        }
    }
}

/// Sessions.
#[derive(Object)]
struct SessionPage {
    items: Vec<Session>,
    next_cursor: Option<String>,
}

/// Ended.
#[derive(ApiResponse)]
enum Ended {
    /// No request by it is answered any more
    #[oai(status = 204)]
    Ended,
}

#[OpenApi]
impl Sessions {
    /// My sessions: this one, then the others, the last used first
    ///
    /// Takes a session: a token has none.
    #[oai(
        path = "/me/sessions",
        method = "get",
        operation_id = "listSessions",
        tag = "Group::Account"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedInBy,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<SessionPage>, Problem> {
        let sessions = list_sessions(&app, &who.actor, who.session).await?;
        let items = sessions.into_iter().map(Session::from).collect();
        let (items, next_cursor) = part(items, cursor.0, limit.0, |session: &Session| session.id)?;
        Ok(Json(SessionPage { items, next_cursor }))
    }

    /// End all my other sessions
    ///
    /// Takes a session with a recent sign-in.
    #[oai(
        path = "/me/sessions",
        method = "delete",
        operation_id = "endOtherSessions",
        tag = "Group::Account"
    )]
    async fn end_others(&self, app: Data<&Application>, who: SignedInBy) -> Result<Ended, Problem> {
        end_other_sessions(&app, &who.actor, who.session).await?;
        Ok(Ended::Ended)
    }

    /// End one of my sessions
    ///
    /// Takes a session with a recent sign-in.
    #[oai(
        path = "/me/sessions/:session",
        method = "delete",
        operation_id = "endSession",
        tag = "Group::Account"
    )]
    async fn end(
        &self,
        app: Data<&Application>,
        who: SignedInBy,
        /// The session
        session: Path<Uuid>,
    ) -> Result<Ended, Problem> {
        end_session(&app, &who.actor, Id::new(session.0)).await?;
        Ok(Ended::Ended)
    }
}
