//! The registry's side of a case: find it by its number, see what was sent on it and who read it (BOX-1, BOX-2).

use domain::account::Account;
use domain::case::{Case, FileNumber};
use domain::inbox::{Addressee, SendRefused};
use domain::legal_hold::LegalHold;
use domain::policy::{Action, Actor, RegistryWork, authorize};

use crate::ports::records::{FiledItem, Page, PageRequest};
use crate::{Application, UseCaseError};

/// A case as the registry sees it.
#[derive(Debug, Clone)]
pub struct RegistryCase {
    /// The case.
    pub case: Case,
    /// Its counsel of record.
    pub counsel: Option<Account>,
    /// Why a document that is sent on it now would reach nobody.
    pub unreached: Option<SendRefused>,
    /// What was sent on it, to whomever, the newest first, with who read it.
    pub sent: Page<FiledItem>,
    /// Its legal holds, those that were lifted included (PRIV-1).
    pub holds: Vec<LegalHold>,
}

/// Asks whether somebody may see the registry's cases at all, before it is looked for one: whoever may not learns of none.
///
/// # Errors
/// [`UseCaseError::Forbidden`] for anybody but the registry and the case management system.
pub fn may_see_cases(app: &Application, actor: &Actor) -> Result<(), UseCaseError> {
    let action = Action::OfRegistry(RegistryWork::SeeCase);
    authorize(actor, &action, &app.moment(), &app.terms)?;
    Ok(())
}

/// The case that somebody means by a number as they typed it: the one that bears it or, if there is none, the only one that bears it without
/// its separators.
///
/// # Errors
/// [`UseCaseError::Forbidden`] as for [`may_see_cases`]; [`UseCaseError::NotFound`].
pub async fn find_case(
    app: &Application,
    actor: &Actor,
    number: &FileNumber,
) -> Result<Case, UseCaseError> {
    may_see_cases(app, actor)?;
    let mut records = app.storage.read().await?;
    if let Some(case) = records.cases().by_file_number(number).await? {
        return Ok(case);
    }
    let bare = number.bare();
    let mut found = records.cases().by_bare_number(&bare).await?.into_iter();
    match (found.next(), found.next()) {
        (Some(case), None) => Ok(case),
        _ => Err(UseCaseError::NotFound),
    }
}

/// Shows it.
///
/// # Errors
/// [`UseCaseError::Forbidden`] as for [`may_see_cases`]; [`UseCaseError::NotFound`].
pub async fn registry_case(
    app: &Application,
    actor: &Actor,
    number: &FileNumber,
    page: &PageRequest,
) -> Result<RegistryCase, UseCaseError> {
    may_see_cases(app, actor)?;
    let mut records = app.storage.read().await?;
    let case = records
        .cases()
        .by_file_number(number)
        .await?
        .ok_or(UseCaseError::NotFound)?;
    let counsel = match case.counsel_of_record {
        Some(counsel) => records.accounts().by_id(counsel).await?,
        None => None,
    };
    let addressee = Addressee::of(&case, counsel.as_slice(), &app.moment(), &app.terms);
    let sent = records.inbox().sent_on(case.id, page).await?;
    let holds = records.legal_holds().of_case(case.id).await?;
    Ok(RegistryCase {
        case,
        counsel,
        unreached: addressee.err(),
        sent,
        holds,
    })
}
