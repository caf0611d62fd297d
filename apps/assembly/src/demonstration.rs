//! The demonstration's people and cases (interface.md): loaded once into an empty store, the same each time but for dates, which are
//! counted from the day of loading.

mod cases;
mod coming;
mod letters;
mod people;

use std::collections::BTreeMap;

use application::Application;
use application::access_code::issue_access_code;
use application::deliver_notices::deliver_notices;
use application::ports::storage::{Snapshot, StorageError, Transaction};
use application::ports::virus_scanner::NotWorking;
use domain::account::{Account, AccountId};
use domain::delegation::{
    Delegation, Invitation, Invitee, Promised, Running, SecretQuestion, normalised_answer,
};
use domain::id::Id;
use domain::invitation_number::InvitationNumber;
use domain::notice::{About, Recipient};
use domain::person::PersonName;
use domain::policy::{Action, Actor, Means, Permit, authorize};
use domain::registration::IdentityCheck;
use domain::sign_in::SignIn;
use time::{Duration, OffsetDateTime};

pub use coming::OfDemonstration;
pub use people::{SHARED_SECRET, SOMEBODIES, Somebody, email, identity, rolls};

/// Why the demonstration was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Records do not work.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The policy said no.
    #[error("the demonstration may not be loaded: {0}")]
    Forbidden(domain::policy::Refusal),
    /// Files are to be looked through by a scanner that cannot be asked, and nothing passes unscanned (SUB-1).
    #[error(
        "the virus scanner that scanning.clamd (MONDOSSIER__SCANNING__CLAMD) names cannot be reached, and no file passes unscanned: start it, \
         or take the setting away"
    )]
    Scanner(#[from] NotWorking),
    /// A name or number in the demonstration's own data is wrong.
    #[error("the demonstration's own data is wrong: {0}")]
    Data(String),
}

/// The accounts of the demonstration's people, by key.
pub type Accounts = BTreeMap<&'static str, AccountId>;

/// Whose accounts are whose, in a store that was filled before: by the sign-ins, since people change their addresses. Whose sign-in opens none
/// has the account that was opened under the demonstration's address.
async fn known(records: &mut dyn Snapshot) -> Result<Accounts, StorageError> {
    let mut accounts = Accounts::new();
    for somebody in SOMEBODIES {
        let identity = identity(somebody.key);
        let sign_in = records.sign_ins().by_identity(&identity).await?;
        let mut account = sign_in.and_then(|sign_in| sign_in.account());
        if let (None, Ok(email)) = (account, email(somebody.key)) {
            let opened = records.accounts().by_email(&email).await?;
            account = opened.first().map(|account| account.id);
        }
        if let Some(account) = account {
            accounts.insert(somebody.key, account);
        }
    }
    Ok(accounts)
}

/// The operator's permit.
fn may_load(app: &Application) -> Result<Permit, LoadError> {
    let (operator, load) = (Actor::operator(), Action::LoadDemonstration);
    authorize(&operator, &load, &app.moment(), &app.terms)
        .map_err(|refused| LoadError::Forbidden(refused.why))
}

/// Fills an empty store; one that is filled already stays as it is. Says whose accounts are whose.
///
/// # Errors
/// [`LoadError`].
pub async fn load(app: &Application) -> Result<Accounts, LoadError> {
    let moment = app.moment();
    let permit = may_load(app)?;
    let mut tx = app.storage.begin().await?;
    if tx
        .sign_ins()
        .by_identity(&identity("counsel-a"))
        .await?
        .is_some()
    {
        drop(tx);
        return Ok(known(&mut *app.storage.read().await?).await?);
    }
    // Its letters come last. Without them it would be loaded in part, and nobody loads the rest.
    if let Some(scanner) = &app.virus_scanner {
        scanner.ready().await?;
    }
    let mut accounts = BTreeMap::new();
    for somebody in SOMEBODIES {
        let Some(account) =
            people::account(somebody, Id::new(app.random.uuid(moment.at)), moment.at)
                .map_err(|error| LoadError::Data(error.to_string()))?
        else {
            continue;
        };
        tx.accounts_mut().insert(&account).await?;
        if somebody.registered {
            let sign_in = SignIn::first_seen(
                Id::new(app.random.uuid(moment.at)),
                identity(somebody.key),
                moment.at,
            )
            .bound_to(&account, moment.at);
            tx.sign_ins_mut().insert(&sign_in).await?;
        }
        accounts.insert(somebody.key, account);
    }
    if let (Some(registry), Some(new)) = (accounts.get("registry"), accounts.get("new-counsel")) {
        let check = IdentityCheck {
            document_kind: "passport".to_owned(),
            checked_by: registry.id,
            checked_at: moment.at,
        };
        tx.registrations_mut().insert(new.id, &check).await?;
    }
    for (counsel, delegate, accepted_days_ago) in [
        ("counsel-a", "delegate-a", 12),
        ("counsel-a", "delegate-ab", 20),
        ("counsel-b", "delegate-ab", 5),
    ] {
        let (Some(counsel), Some(delegate)) = (accounts.get(counsel), accounts.get(delegate))
        else {
            continue;
        };
        let accepted_at = moment.at - Duration::days(accepted_days_ago);
        let delegation = Delegation {
            id: Id::new(app.random.uuid(moment.at)),
            counsel: counsel.id,
            invitee: Invitee {
                name: delegate.name.clone(),
                email: delegate.email.clone(),
                language: delegate.language,
            },
            questions: Vec::new(),
            terms_version: app.tribunal.delegation_terms_version.clone(),
            invited_at: accepted_at - Duration::days(1),
            promised: Some(Promised::by(&app.terms)),
            running: Some(Running {
                delegate: delegate.id,
                accepted_at,
                term_began_at: accepted_at,
            }),
            wrong_answers: 0,
            ended_at: None,
        };
        tx.delegations_mut().insert(&delegation).await?;
    }
    invite_new_delegate(app, &mut *tx, &permit, &accounts).await?;
    for key in ["counsel-a", "counsel-b"] {
        let Some(counsel) = accounts.get(key) else {
            continue;
        };
        let ids = std::iter::repeat_with(|| Id::new(app.random.uuid(moment.at)));
        for case in cases::of(key, counsel.id, &moment, ids).map_err(LoadError::Data)? {
            tx.cases_mut().insert(&case).await?;
        }
    }
    tx.commit(permit.into_audit_entry()).await?;
    send_out(app, &accounts, moment.at).await?;
    Ok(known(&mut *app.storage.read().await?).await?)
}

/// What has gone out by the time that anybody looks: an access code, the tribunal's documents, and notices.
async fn send_out(
    app: &Application,
    accounts: &BTreeMap<&str, Account>,
    at: OffsetDateTime,
) -> Result<(), LoadError> {
    let data = |error: &dyn std::error::Error| LoadError::Data(error.to_string());
    if let (Some(registry), Some(new)) = (accounts.get("registry"), accounts.get("new-counsel")) {
        let officer = Actor::account(registry.clone(), Means::SignIn { at }, None);
        issue_access_code(app, &officer, new.id, None)
            .await
            .map_err(|error| data(&error))?;
    }
    if let Some(registry) = accounts.get("registry") {
        letters::put(app, registry.id).await?;
    }
    // Whoever opens the mailbox first finds them there.
    deliver_notices(app).await.map_err(|error| data(&error))?;
    Ok(())
}

/// counsel-b has invited new-delegate, with the question whose answer they share.
async fn invite_new_delegate(
    app: &Application,
    tx: &mut dyn Transaction,
    permit: &Permit,
    accounts: &BTreeMap<&str, Account>,
) -> Result<(), LoadError> {
    let data = |error: &dyn std::error::Error| LoadError::Data(error.to_string());
    let invitee = SOMEBODIES.iter().find(|one| one.key == "new-delegate");
    let (Some(counsel), Some(invitee)) = (accounts.get("counsel-b"), invitee) else {
        return Ok(());
    };
    let (question, answer) = SHARED_SECRET;
    let hash = app
        .answers
        .hash(normalised_answer(answer).into())
        .await
        .map_err(|error| data(&error))?;
    let invitation = Invitation {
        invitee: Invitee {
            name: PersonName::new(invitee.given, invitee.family).map_err(|error| data(&error))?,
            email: people::email(invitee.key).map_err(|error| data(&error))?,
            language: invitee.language,
        },
        questions: vec![SecretQuestion {
            question: question.to_owned(),
            answer_hash: hash,
        }],
        terms_accepted: true,
        terms_version: app.tribunal.delegation_terms_version.clone(),
    };
    let held = tx.delegations().of_counsel(counsel.id).await?;
    let id = Id::new(app.random.uuid(permit.at()));
    let delegation = Delegation::invite(permit, id, counsel, invitation, &held, &[], &app.terms)
        .map_err(|error| data(&error))?;
    tx.delegations_mut().insert(&delegation).await?;
    let about = About::DelegateInvited {
        number: InvitationNumber::of(delegation.id),
        lapses_at: delegation.lapses_at(&app.terms),
    };
    let to = Recipient::invitee_of(&delegation);
    let notice = app.notice(to, about, permit.at());
    tx.notices_mut().queue(&notice).await?;
    Ok(())
}
