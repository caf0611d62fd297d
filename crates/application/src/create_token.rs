//! An API token is made. Its secret is shown once; storage has its hash.

use std::collections::BTreeSet;

use domain::account::AccountId;
use domain::id::Id;
use domain::policy::{Action, Actor, OwnWork, authorize};
use domain::token::{Scope, Token};
use time::Duration;

use crate::{Application, Secret, UseCaseError};

/// With which every token begins, so that one found in a log or a repository is recognised for what it is.
pub const PREFIX: &str = "mondossier_";

/// The token to make.
#[derive(Debug, Clone)]
pub struct CreateToken {
    /// Whose. Persons make their own; the operator makes any.
    pub account: AccountId,
    /// What its owner calls it.
    pub label: String,
    /// What it may be used for.
    pub scopes: BTreeSet<Scope>,
    /// How long it works.
    pub valid_for: Duration,
}

/// Makes a token.
///
/// # Errors
/// [`UseCaseError::NotFound`] without that account; [`UseCaseError::Forbidden`] without a recent sign-in (REG-8).
pub async fn create_token(
    app: &Application,
    actor: &Actor,
    wish: &CreateToken,
) -> Result<(Token, Secret), UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        let permit = authorize(
            actor,
            &Action::Own(OwnWork::CreateToken),
            &moment,
            &app.terms,
        )?;
        if actor
            .caller()
            .is_some_and(|caller| caller.account.id != wish.account)
        {
            return Err(UseCaseError::NotFound);
        }
        let mut tx = app.storage.begin().await?;
        let account = tx
            .accounts()
            .by_id(wish.account)
            .await?
            .ok_or(UseCaseError::NotFound)?;
        let secret = Secret::new(PREFIX, app.random.bytes());
        let token = Token {
            id: Id::new(app.random.uuid(moment.at)),
            account: account.id,
            label: wish.label.clone(),
            scopes: wish.scopes.clone(),
            created_at: moment.at,
            expires_at: moment.at + wish.valid_for,
            revoked_at: None,
        };
        tx.tokens_mut().insert(&token, &secret.hash()).await?;
        tx.commit(
            permit
                .into_audit_entry()
                .about("token", token.id.uuid())
                .about("account", account.id.uuid()),
        )
        .await?;
        Ok((token, secret))
    })
    .await
}
