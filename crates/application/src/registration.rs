//! The registry opens registrations and sees how they go on (REG-1).

use domain::access_code::IssuedCode;
use domain::account::{Account, AccountId};
use domain::audit::SubjectKind;
use domain::case::folded;
use domain::id::Id;
use domain::membership::{MembershipNumber, listing};
use domain::person::EmailAddress;
use domain::policy::{Action, Actor, RegistryWork, authorize};
use domain::registration::{CounselForm, IdentityCheck, OpenRefused, open};

use crate::once::{KeyRefused, Once, answered_with, remember};
use crate::ports::records::{Page, RegistrationQuery};
use crate::ports::storage::Snapshot;
use crate::refusal::with_use_case_errors;
use crate::{Application, UseCaseError};

/// What the registry enters.
#[derive(Debug, Clone)]
pub struct OpenRegistration {
    /// Counsel's form.
    pub form: CounselForm,
    /// The kind of document that proved who it is; no copy is kept.
    pub document_kind: String,
    /// Repeats of a request have the same key.
    pub idempotency_key: Option<String>,
}

impl OpenRegistration {
    /// Everything that makes two registrations the same.
    fn once(&self, app: &Application) -> Result<Option<Once>, KeyRefused> {
        let form = &self.form;
        let number = form.membership_number.as_ref();
        let asked = [
            "open-registration",
            form.order.as_str(),
            number.map(MembershipNumber::as_str).unwrap_or_default(),
            form.name.given(),
            form.name.family(),
            form.email.as_str(),
            form.cell.as_str(),
            form.language.code(),
            &self.document_kind,
        ];
        Once::of(app, self.idempotency_key.as_deref(), &asked)
    }
}

/// Why a registration is not opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The door stayed shut, or records do not work.
    #[error(transparent)]
    UseCase(#[from] UseCaseError),
    /// A rule stands against it.
    #[error(transparent)]
    Refused(#[from] OpenRefused),
    /// The idempotency key is not taken.
    #[error(transparent)]
    Key(#[from] KeyRefused),
    /// This member has an account already.
    #[error("a registration of this member was opened before")]
    OpenedBefore,
}

with_use_case_errors!(OpenError);

/// A registration as the registry sees it.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The account that it opened.
    pub account: Account,
    /// What proved who it is.
    pub check: Option<IdentityCheck>,
    /// The access code that was issued last.
    pub code: Option<IssuedCode>,
    /// How many sign-ins open the account.
    pub sign_ins: usize,
}

/// Asks whether somebody may open registrations, before they fill in a form.
///
/// # Errors
/// [`UseCaseError::Forbidden`].
pub fn may_open_registrations(app: &Application, actor: &Actor) -> Result<(), UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::OpenRegistration);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    Ok(())
}

/// Opens a registration for counsel. A repeat under the same key finds it as it is now.
///
/// # Errors
/// [`OpenError`].
pub async fn open_registration(
    app: &Application,
    actor: &Actor,
    wish: &OpenRegistration,
) -> Result<Registration, OpenError> {
    let once = wish.once(app)?;
    app.retrying(|| async {
        let moment = app.moment();
        let permit = authorize(
            actor,
            &Action::OfRegistry(RegistryWork::OpenRegistration),
            &moment,
            &app.terms,
        )
        .map_err(UseCaseError::from)?;
        let by = actor.caller().ok_or(UseCaseError::NotFound)?.account.id;
        let mut tx = app.storage.begin().await?;
        if let Some(before) = answered_with::<OpenError>(&mut *tx, actor, once.as_ref()).await? {
            let account = tx.accounts().by_id(Id::new(before)).await?;
            let account = account.ok_or(UseCaseError::NotFound)?;
            return Ok(with_progress(&mut *tx, account).await?);
        }
        let form = wish.form.clone();
        let number = form.membership_number.as_ref();
        let roll = if let Some(number) = number {
            tx.rolls().by_number(&form.order, number).await?
        } else {
            let family = folded(form.name.family());
            tx.rolls().by_family_name(&form.order, &family).await?
        };
        let listing = listing(&roll, number, &form.name);
        let known = match number {
            Some(number) => tx.accounts().by_membership(&form.order, number).await?,
            None => None,
        };
        if known.is_some() {
            return Err(OpenError::OpenedBefore);
        }
        let check = IdentityCheck {
            document_kind: wish.document_kind.trim().to_owned(),
            checked_by: by,
            checked_at: moment.at,
        };
        let id = Id::new(app.random.uuid(moment.at));
        let account = open(&permit, id, form, &check, listing, &app.tribunal)?;
        tx.accounts_mut().insert(&account).await?;
        tx.registrations_mut().insert(account.id, &check).await?;
        remember(&mut *tx, by, once.as_ref(), id.uuid(), moment.at).await?;
        let entry = permit.into_audit_entry();
        tx.commit(entry.about(SubjectKind::Account, account.id.uuid()))
            .await?;
        Ok(Registration {
            account,
            check: Some(check),
            code: None,
            sign_ins: 0,
        })
    })
    .await
}

/// Lists registrations, the newest first.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry's officers.
pub async fn list_registrations(
    app: &Application,
    actor: &Actor,
    query: &RegistrationQuery,
) -> Result<Page<Registration>, UseCaseError> {
    may_see_registrations(app, actor)?;
    let mut records = app.storage.read().await?;
    let page = records.registrations().list(query).await?;
    let mut items = Vec::with_capacity(page.items.len());
    for account in page.items {
        items.push(with_progress(&mut *records, account).await?);
    }
    Ok(Page {
        items,
        next: page.next,
    })
}

/// Finds the accounts of that e-mail address whose access codes are the registry's to issue: delegates' too, whom no registration brought in
/// (REG-6).
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry's officers.
pub async fn find_registrations(
    app: &Application,
    actor: &Actor,
    email: &EmailAddress,
) -> Result<Vec<Registration>, UseCaseError> {
    may_see_registrations(app, actor)?;
    let mut records = app.storage.read().await?;
    let mut found = Vec::new();
    for account in records.accounts().by_email(email).await? {
        let one = with_progress(&mut *records, account).await?;
        if one.is_the_registrys() {
            found.push(one);
        }
    }
    Ok(found)
}

/// Shows one.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry's officers; [`UseCaseError::NotFound`].
pub async fn see_registration(
    app: &Application,
    actor: &Actor,
    account: AccountId,
) -> Result<Registration, UseCaseError> {
    may_see_registrations(app, actor)?;
    let mut records = app.storage.read().await?;
    let account = records
        .accounts()
        .by_id(account)
        .await?
        .ok_or(UseCaseError::NotFound)?;
    let registration = with_progress(&mut *records, account).await?;
    if registration.is_the_registrys() {
        Ok(registration)
    } else {
        Err(UseCaseError::NotFound)
    }
}

/// Asks whether somebody may see registrations, before they say which.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry's officers.
pub fn may_see_registrations(app: &Application, actor: &Actor) -> Result<(), UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::SeeRegistrations);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    Ok(())
}

impl Registration {
    /// Whether it concerns the registry: of staff whom the operator brought in it knows nothing.
    fn is_the_registrys(&self) -> bool {
        self.check.is_some() || self.account.is_from_outside()
    }
}

/// An account, with how far its registration has come.
pub(crate) async fn with_progress(
    records: &mut dyn Snapshot,
    account: Account,
) -> Result<Registration, UseCaseError> {
    let check = records.registrations().identity_check(account.id).await?;
    let codes = records.access_codes().of_account(account.id).await?;
    let sign_ins = records.sign_ins().of_account(account.id).await?.len();
    Ok(Registration {
        account,
        check,
        code: codes.into_iter().next(),
        sign_ins,
    })
}
