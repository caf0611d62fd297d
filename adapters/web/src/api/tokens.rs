//! One's own API tokens. A token's secret is shown once, when it is made.

use std::collections::BTreeSet;

use application::Application;
use application::create_token::create_token;
use application::tokens::{list_tokens, revoke_token};
use domain::id::Id;
use domain::token::{Scope as DomainScope, Token as DomainToken, TokenWish};
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use time::Duration;
use uuid::Uuid;

use super::Group;
use super::paging::part;
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::problem::Problem;

pub(super) struct Tokens;

/// For what a token may be used.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "kebab-case")]
enum TokenScope {
    Read,
    Submit,
    Delegate,
    Registry,
    HelpDesk,
    Cms,
}

impl From<TokenScope> for DomainScope {
    fn from(scope: TokenScope) -> Self {
        match scope {
            TokenScope::Read => Self::Read,
            TokenScope::Submit => Self::Submit,
            TokenScope::Delegate => Self::Delegate,
            TokenScope::Registry => Self::Registry,
            TokenScope::HelpDesk => Self::HelpDesk,
            TokenScope::Cms => Self::Cms,
        }
    }
}

/// A token, without its secret.
#[derive(Object)]
struct Token {
    id: Uuid,
    label: String,
    scopes: Vec<String>,
    created_at: String,
    expires_at: String,
    revoked_at: Option<String>,
    /// Give or take a minute.
    last_used_at: Option<String>,
}

impl From<&DomainToken> for Token {
    fn from(token: &DomainToken) -> Self {
        let scopes = token.scopes.iter();
        Self {
            id: token.id.uuid(),
            label: token.label.clone(),
            scopes: scopes.map(|scope| scope.code().to_owned()).collect(),
            created_at: rfc3339(token.created_at),
            expires_at: rfc3339(token.expires_at),
            revoked_at: token.revoked_at.map(rfc3339),
            last_used_at: token.last_used_at.map(rfc3339),
        }
    }
}

/// Tokens.
#[derive(Object)]
struct TokenPage {
    items: Vec<Token>,
    next_cursor: Option<String>,
}

/// The token to make.
#[derive(Object)]
struct TokenToMake {
    /// What you call it.
    label: String,
    scopes: Vec<TokenScope>,
    /// Days that it works.
    days: u32,
}

/// A token that was just made.
#[derive(Object)]
struct MadeToken {
    token: Token,
    /// Shown this once.
    secret: String,
}

/// Made.
#[derive(ApiResponse)]
enum Done {
    /// Made
    #[oai(status = 201)]
    Created(Json<MadeToken>),
}

#[OpenApi]
impl Tokens {
    /// My API tokens, the newest first
    #[oai(
        path = "/me/tokens",
        method = "get",
        operation_id = "listTokens",
        tag = "Group::Account"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<TokenPage>, Problem> {
        let tokens = match who.0.caller() {
            Some(caller) => list_tokens(&app, &who.0, caller.account.id).await?,
            None => Vec::new(),
        };
        let items = tokens.iter().map(Token::from).collect();
        let (items, next_cursor) = part(items, cursor.0, limit.0, |token: &Token| token.id)?;
        Ok(Json(TokenPage { items, next_cursor }))
    }

    /// Make a token
    ///
    /// Takes a session with a recent sign-in: a token cannot make tokens. No record has a token's secret, so that nobody is told it again: a repeat
    /// under the same `Idempotency-Key` makes no other token, and is refused (`token-made-before`) with the `token_id` of the one that was made.
    /// Whoever did not get its secret revokes it, and makes another under another key.
    #[oai(
        path = "/me/tokens",
        method = "post",
        operation_id = "createToken",
        tag = "Group::Account"
    )]
    async fn create(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        wish: Json<TokenToMake>,
    ) -> Result<Done, Problem> {
        let account = application::see_account::see_account(&app, &who.0)?.id;
        let Json(wish) = wish;
        let scopes: BTreeSet<DomainScope> = wish.scopes.into_iter().map(Into::into).collect();
        let wish = TokenWish {
            label: wish.label,
            scopes,
            valid_for: Duration::days(i64::from(wish.days)),
        };
        let key = idempotency_key.0.as_deref();
        let (token, secret) = create_token(&app, &who.0, account, &wish, key).await?;
        Ok(Done::Created(Json(MadeToken {
            token: Token::from(&token),
            secret: secret.reveal().to_owned(),
        })))
    }

    /// Revoke a token
    #[oai(
        path = "/me/tokens/:id",
        method = "delete",
        operation_id = "revokeToken",
        tag = "Group::Account"
    )]
    async fn revoke(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The token
        id: Path<Uuid>,
    ) -> Result<Json<Token>, Problem> {
        let revoked = revoke_token(&app, &who.0, Id::new(id.0)).await?;
        Ok(Json(Token::from(&revoked)))
    }
}
