//! My Profile: who I am, what I asked to change (PRO-1), my delegates, my API tokens, my sessions, and signing out.

use std::collections::BTreeSet;

use application::UseCaseError;
use application::create_token::{CreateTokenError, create_token};
use application::delegations::list_delegations;
use application::own_sessions::sign_out_everywhere;
use application::profile::{Profile, see_profile};
use application::recognise::still_used;
use application::see_account::see_account;
use application::sign_in::sign_out;
use application::tokens::{list_tokens, revoke_token};
use askama::Template;
use domain::account::{Account, Role};
use domain::id::Id;
use domain::membership::Membership;
use domain::person::Telephone;
use domain::token::{Scope, Token, TokenWish};
use poem::http::{StatusCode, header};
use poem::web::Query;
use poem::{IntoResponse, Request, Response, handler};
use time::Duration;
use uuid::Uuid;

use super::delegates::{self, Line};
use super::done::Seen;
use super::faults::{Faults, Place};
use super::form_key;
use super::frame::{Frame, Here};
use super::own_form::{Nothing, OwnForm};
use super::profile::ChangeLine;
use super::sessions::{SessionLine, lines};
use super::sign_in_again::{Again, not_recent, others};
use super::{page, page_again, see_other, status_of};
use crate::caller;
use crate::problem::{Kind, Problem, wants_json};

struct TokenLine {
    id: String,
    label: String,
    scopes: String,
    expires: String,
    last_used: Option<String>,
    works: bool,
}

struct ScopeChoice {
    id: &'static str,
    code: &'static str,
    name: String,
    chosen: bool,
}

/// Who has access to a counsel's cases, and where that is changed (DEL-1).
struct Delegates {
    address: String,
    invite: String,
    lines: Vec<Line>,
    /// Whether they may be seen now.
    seen: bool,
    places: usize,
    places_left: usize,
}

impl Delegates {
    /// Counsel who may not see them now, because they lost their standing, see the way alone.
    async fn of(account: &Account, here: &Here, frame: &Frame) -> Result<Self, Problem> {
        let app = &here.web.app;
        let held = match list_delegations(app, here.signed_in()?, account.id).await {
            Ok(held) => Some(held),
            Err(UseCaseError::Forbidden(_)) => None,
            Err(error) => return Err(error.into()),
        };
        let lines = held
            .as_ref()
            .map(|held| delegates::lines(held, here, frame));
        let lines = lines.unwrap_or_default();
        let places = app.terms.delegates_at_most;
        Ok(Self {
            address: frame.to.delegates(account.id),
            invite: frame.to.invite(account.id),
            seen: held.is_some(),
            places,
            places_left: places.saturating_sub(lines.len()),
            lines,
        })
    }
}

/// The fields of the form of tokens, in the order of the page. Of the scopes, the first that is offered takes the focus.
const fn places(first_scope: &'static str) -> [Place; 3] {
    [
        ("label", &[Kind::TokenLabelUnusable]),
        (
            first_scope,
            &[Kind::TokenScopeMissing, Kind::TokenScopeNotYours],
        ),
        ("days", &[Kind::TokenValidityUnusable]),
    ]
}

/// What was typed for a token that was not made.
struct TokenTyped {
    label: String,
    scopes: BTreeSet<Scope>,
    days: String,
}

impl TokenTyped {
    /// How the form is at first.
    fn nothing() -> Self {
        Self {
            label: String::new(),
            scopes: BTreeSet::new(),
            days: "90".to_owned(),
        }
    }
}

#[derive(Template)]
#[template(path = "account.html")]
struct AccountPage {
    frame: Frame,
    name: String,
    email: String,
    cell: String,
    /// The professional order and the number there.
    membership: Option<String>,
    /// What was asked for, the newest first.
    changes: Vec<ChangeLine>,
    /// The delegates, for counsel.
    delegates: Option<Delegates>,
    done: String,
    roles: Vec<String>,
    for_machines: bool,
    /// Whether it is a delegate, who may become counsel.
    is_delegate: bool,
    tokens: Vec<TokenLine>,
    scopes: Vec<ScopeChoice>,
    first_scope: &'static str,
    typed: TokenTyped,
    again: Option<Again>,
    /// The secret of a token that was just made; shown this once.
    made: Option<String>,
    sessions: Vec<SessionLine>,
    faults: Faults,
}

pub(super) async fn show(
    here: &Here,
    done: String,
    made: Option<String>,
    problem: Option<&Problem>,
) -> Result<Response, Problem> {
    let problems = problem.map(std::slice::from_ref).unwrap_or_default();
    show_with(here, done, made, TokenTyped::nothing(), problems).await
}

async fn show_with(
    here: &Here,
    done: String,
    made: Option<String>,
    typed: TokenTyped,
    problems: &[Problem],
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let Profile { account, changes } = see_profile(app, here.signed_in()?).await?;
    let account = &account;
    let tokens = list_tokens(app, here.signed_in()?, account.id).await?;
    let frame = here.frame_about_oneself().await?;
    let delegates = if account.is(Role::Counsel) {
        Some(Delegates::of(account, here, &frame).await?)
    } else {
        None
    };
    let line = |token: &Token| TokenLine {
        id: token.id.to_string(),
        label: token.label.clone(),
        scopes: token
            .scopes
            .iter()
            .map(|scope| frame.show.word("scope", scope.code()))
            .collect::<Vec<_>>()
            .join(", "),
        expires: frame.show.instant(token.expires_at),
        last_used: token.last_used_at.map(|at| frame.show.instant(at)),
        works: token.works(frame.now),
    };
    let scopes: Vec<Scope> = Scope::ALL
        .into_iter()
        .filter(|scope| scope.fits(account))
        .collect();
    let first_scope = scopes.first().copied().map(scope_field).unwrap_or_default();
    let account_page = AccountPage {
        name: account.name.to_string(),
        email: account.email.as_str().to_owned(),
        cell: account
            .cell
            .as_ref()
            .map(Telephone::grouped)
            .unwrap_or_default(),
        membership: account
            .membership
            .as_ref()
            .map(|membership| shown_membership(membership, here, &frame)),
        changes: changes
            .iter()
            .map(|change| ChangeLine::new(change, account, here, &frame))
            .collect(),
        delegates,
        done,
        roles: account
            .roles
            .iter()
            .map(|role| frame.show.word("role", role.code()))
            .collect(),
        for_machines: account.is(Role::CaseManagementSystem),
        is_delegate: account.is_delegates_alone(),
        tokens: tokens.iter().map(line).collect(),
        scopes: scopes
            .into_iter()
            .map(|scope| ScopeChoice {
                id: scope_field(scope),
                code: scope.code(),
                name: frame.show.word("scope", scope.code()),
                chosen: typed.scopes.contains(&scope),
            })
            .collect(),
        first_scope,
        typed,
        again: Again::needed(
            here,
            &frame,
            problems,
            &format!("{}?done=signed-in", frame.to.account()),
        ),
        made,
        sessions: lines(here, &frame).await?,
        faults: Faults::new(others(problems), &places(first_scope), &frame),
        frame,
    };
    page_again(&account_page, status_of(problems))
}

/// The `id` of the box of a scope.
const fn scope_field(scope: Scope) -> &'static str {
    match scope {
        Scope::Read => "scope-read",
        Scope::Submit => "scope-submit",
        Scope::Delegate => "scope-delegate",
        Scope::Registry => "scope-registry",
        Scope::HelpDesk => "scope-help-desk",
        Scope::Cms => "scope-cms",
    }
}

fn shown_membership(membership: &Membership, here: &Here, frame: &Frame) -> String {
    let orders = here.web.app.tribunal.orders.iter();
    let order = frame
        .show
        .listed(orders.map(|order| &order.named), &membership.order);
    match &membership.number {
        Some(number) => format!("{order}, {number}"),
        None => order,
    }
}

/// My Profile.
#[handler]
pub(super) async fn my_account(
    here: Here,
    Query(Seen { done }): Query<Seen>,
) -> Result<Response, Problem> {
    show(&here, done, None, None).await
}

/// Makes a token, or revokes one.
#[handler]
pub(super) async fn change_tokens(
    here: Here,
    OwnForm(fields): OwnForm<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let app = &here.web.app;
    let actor = here.signed_in()?;
    let account = see_account(app, actor)?;
    let entered = Entered::of(fields);
    if let Some(token) = entered.revoke {
        revoke_token(app, actor, Id::new(token)).await?;
        return Ok(see_other(&here.to().account()));
    }
    let key = form_key::of_act(&entered.key, "token");
    match create_token(app, actor, account.id, &entered.wish, key.as_deref()).await {
        Ok((_, secret)) => {
            let made = Some(secret.reveal().to_owned());
            show(&here, String::new(), made, None).await
        }
        Err(error) => {
            let problems: Vec<Problem> = match error {
                CreateTokenError::Refused(_) => {
                    let broken = entered.wish.faults(account, &app.terms).into_iter();
                    broken
                        .map(|why| CreateTokenError::Refused(why).into())
                        .collect()
                }
                CreateTokenError::UseCase(error) => vec![not_recent(&here, error.into()).await?],
                refused => vec![form_key::on_page(refused.into())],
            };
            let typed = TokenTyped {
                label: entered.wish.label,
                scopes: entered.wish.scopes,
                days: entered.days,
            };
            show_with(&here, String::new(), None, typed, &problems).await
        }
    }
}

struct Entered {
    revoke: Option<Uuid>,
    wish: TokenWish,
    /// As typed.
    days: String,
    /// The page's.
    key: String,
}

impl Entered {
    /// A form names the scopes several times under one name.
    fn of(fields: Vec<(String, String)>) -> Self {
        let mut entered = Self {
            revoke: None,
            days: String::new(),
            key: String::new(),
            wish: TokenWish {
                label: String::new(),
                scopes: BTreeSet::new(),
                valid_for: Duration::ZERO,
            },
        };
        for (name, value) in fields {
            match name.as_str() {
                "label" => entered.wish.label = value,
                "days" => {
                    let days = value.trim().parse::<u16>().unwrap_or_default();
                    entered.wish.valid_for = Duration::days(i64::from(days));
                    entered.days = value;
                }
                "scope" => entered.wish.scopes.extend(Scope::from_code(&value)),
                "key" => entered.key = value,
                "revoke" => entered.revoke = value.parse().ok(),
                _ => {}
            }
        }
        entered
    }
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOut {
    frame: Frame,
    farewell: String,
}

/// Stays signed in: the request itself is the use that counts (HELP-2). The script that warns asks for no page.
#[handler]
pub(super) async fn stay(request: &Request, here: Here) -> Result<Response, Problem> {
    here.signed_in()?;
    if let Some(secret) = caller::presented(request, here.web.secure) {
        still_used(&here.web.app, &secret).await?;
    }
    if wants_json(request) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let back = here.come_back();
    let back = if back.is_empty() {
        here.to().home()
    } else {
        back
    };
    Ok(see_other(&back))
}

/// Ends this session. Whether to end the one with the sign-in service too is for the person to say: other sites may use it. (A form's answer
/// may not lead to another site either; the content security policy sees to that.)
#[handler]
pub(super) async fn leave(here: Here, request: &Request) -> Result<Response, Problem> {
    let farewell = match caller::presented(request, here.web.secure) {
        Some(secret) => sign_out(&here.web.app, &secret, here.language).await?,
        None => None,
    };
    match farewell {
        Some(farewell) => {
            let frame = here.frame_of_nobody();
            let shown = page(&SignedOut { frame, farewell })?;
            Ok(forgotten(&here, shown))
        }
        None => Ok(forgotten(&here, see_other(&here.to().home()))),
    }
}

/// Ends every session of the person. One that is over already is over.
#[handler]
pub(super) async fn leave_everywhere(
    here: Here,
    OwnForm(Nothing {}): OwnForm<Nothing>,
) -> Result<Response, Problem> {
    sign_out_everywhere(&here.web.app, here.signed_in()?).await?;
    Ok(forgotten(&here, see_other(&here.to().home())))
}

/// With the browser's cookie taken back, and what the pages' scripts noted in it.
pub(super) fn forgotten(here: &Here, response: Response) -> Response {
    response
        .with_header("clear-site-data", "\"storage\"")
        .with_header(
            header::SET_COOKIE,
            caller::cookie_taken_back(here.web.secure),
        )
        .into_response()
}
