//! An API token is made. Its secret is shown once; storage has its hash.

use domain::account::AccountId;
use domain::audit::SubjectKind;
use domain::id::Id;
use domain::policy::{Action, Actor, OwnWork, authorize};
use domain::token::{Token, TokenId, TokenRefused, TokenWish};

use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::refusal::with_use_case_errors;
use crate::{Application, Secret, UseCaseError};

/// With which every token begins, so that one found in a log or a repository is recognised for what it is.
pub const PREFIX: &str = "mondossier_";

/// Why no token is made.
#[derive(Debug, thiserror::Error)]
pub enum CreateTokenError {
    /// The door stayed shut, there is no such account, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// A rule of tokens stands against it.
    #[error(transparent)]
    Refused(#[from] TokenRefused),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// The same request made it before. Nobody can say its secret again, since no record has it.
    #[error("this token was made before, and its secret told once")]
    MadeBefore(TokenId),
}

with_use_case_errors!(CreateTokenError);

/// Makes a token for an account. Persons make their own; the operator makes any. A repeat under the same key makes no other, and is told which
/// was made.
///
/// # Errors
/// [`CreateTokenError`]; among them that the sign-in is not recent (REG-8).
pub async fn create_token(
    app: &Application,
    actor: &Actor,
    account: AccountId,
    wish: &TokenWish,
    idempotency_key: Option<&str>,
) -> Result<(Token, Secret), CreateTokenError> {
    let once = once(app, account, wish, idempotency_key)?;
    app.retrying(|| async {
        let moment = app.moment();
        let action = Action::Own(OwnWork::CreateToken(account));
        let permit = authorize(actor, &action, &moment, &app.terms).map_err(UseCaseError::from)?;
        let mut tx = app.storage.begin().await?;
        let before = answered_with::<CreateTokenError>(&mut *tx, actor, once.as_ref()).await?;
        if let Some(before) = before {
            return Err(CreateTokenError::MadeBefore(Id::new(before)));
        }
        let account = tx
            .accounts()
            .by_id(account)
            .await?
            .ok_or(UseCaseError::NotFound)?;
        let secret = Secret::new(PREFIX, app.random.bytes());
        let id = Id::new(app.random.uuid(moment.at));
        let token = Token::make(&permit, id, &account, wish.clone(), &app.terms)?;
        tx.tokens_mut().insert(&token, &secret.hash()).await?;
        remember(&mut *tx, account.id, once.as_ref(), id.uuid(), moment.at).await?;
        let entry = permit.into_audit_entry();
        tx.commit(
            entry
                .about(SubjectKind::Token, token.id.uuid())
                .about(SubjectKind::Account, account.id.uuid()),
        )
        .await?;
        Ok((token, secret))
    })
    .await
}

/// Everything that makes two tokens the same.
fn once(
    app: &Application,
    account: AccountId,
    wish: &TokenWish,
    key: Option<&str>,
) -> Result<Option<Once>, KeyRefused> {
    let (account, seconds) = (
        account.to_string(),
        wish.valid_for.whole_seconds().to_string(),
    );
    let mut asked = vec!["create-token", &account, &wish.label, &seconds];
    for scope in &wish.scopes {
        asked.push(scope.code());
    }
    Once::of(app, key, &asked)
}
