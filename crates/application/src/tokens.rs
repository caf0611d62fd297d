//! One's API tokens: list and revoke them. How one is made is in `create_token`.

use domain::account::AccountId;
use domain::audit::SubjectKind;
use domain::policy::{Action, Actor, OwnWork, Who, authorize};
use domain::token::{Token, TokenId};

use crate::{Application, UseCaseError};

/// Lists an account's tokens, the newest first, those that are over included. Persons see their own; the operator sees any.
///
/// # Errors
/// [`UseCaseError::NotFound`] where there is no such account.
pub async fn list_tokens(
    app: &Application,
    actor: &Actor,
    account: AccountId,
) -> Result<Vec<Token>, UseCaseError> {
    let action = Action::Own(OwnWork::SeeTokens(account));
    authorize(actor, &action, &app.moment(), &app.terms)?;
    let mut records = app.storage.read().await?;
    let tokens = records.tokens().of_account(account).await?;
    if tokens.is_empty() && records.accounts().by_id(account).await?.is_none() {
        return Err(UseCaseError::NotFound);
    }
    Ok(tokens)
}

/// Revokes a token: it is refused from the next request on. One that is over stays as it was.
///
/// # Errors
/// [`UseCaseError::NotFound`] for somebody else's token.
pub async fn revoke_token(
    app: &Application,
    actor: &Actor,
    token: TokenId,
) -> Result<Token, UseCaseError> {
    app.retrying(|| async {
        let moment = app.moment();
        let mut tx = app.storage.begin().await?;
        let Some(token) = tx.tokens().by_id(token).await? else {
            return Err(no_such_token(app, actor));
        };
        let action = Action::Own(OwnWork::RevokeToken(&token));
        let permit = authorize(actor, &action, &moment, &app.terms)?;
        let revoked = token.revoked(&permit);
        tx.tokens_mut().update(&revoked).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::Account, token.account.uuid()))
            .await?;
        Ok(revoked)
    })
    .await
}

/// Whoever could not revoke a token of their own is told so, whether there is one or not; for everybody else it is as good as none.
fn no_such_token(app: &Application, actor: &Actor) -> UseCaseError {
    if actor.who == Who::Operator {
        return UseCaseError::NotFound;
    }
    let moment = app.moment();
    let needed = [Action::Own(OwnWork::SeeAccount), Action::SignIn];
    let mut refused = needed
        .iter()
        .filter_map(|action| authorize(actor, action, &moment, &app.terms).err());
    refused
        .next()
        .map_or(UseCaseError::NotFound, UseCaseError::from)
}
