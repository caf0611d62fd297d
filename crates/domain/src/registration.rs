//! Registration: the registry opens an account for counsel and checks identity and membership; an access code ties the person's
//! sign-in to it (REG-1 … REG-4, REG-6).

use std::collections::BTreeSet;

use time::OffsetDateTime;

use crate::access_code::{CodeHash, IssuedCode, State};
use crate::account::{Account, AccountId, NotStanding, Role};
use crate::code::Code;
use crate::lock::{Cause, Lock, LockCode};
use crate::membership::{Listing, Membership, MembershipNumber, Order};
use crate::person::{EmailAddress, Language, PersonName, Telephone};
use crate::policy::Permit;
use crate::sign_in::SignIn;
use crate::terms::Terms;
use crate::tribunal::Tribunal;

/// What counsel's registration form says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CounselForm {
    /// The order.
    pub order: Code<Order>,
    /// The number, where the order issues one.
    pub membership_number: Option<MembershipNumber>,
    /// Name.
    pub name: PersonName,
    /// Where notices go.
    pub email: EmailAddress,
    /// Where the access code goes.
    pub cell: Telephone,
    /// The language that comes first.
    pub language: Language,
}

/// That the registry saw who it is (REG-1). No copy of what was shown is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityCheck {
    /// The kind of document that was shown.
    pub document_kind: String,
    /// Who checked.
    pub checked_by: AccountId,
    /// When.
    pub checked_at: OffsetDateTime,
}

/// Why a registration is not opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenRefused {
    /// The tribunal does not list the order.
    #[error("this order is not listed")]
    UnknownOrder,
    /// The order gives its members a number, and none was entered.
    #[error("this order issues a membership number")]
    NumberMissing,
    /// Not on the order's roll.
    #[error("the order's roll does not list this person")]
    NotListed,
    /// On the roll, not in good standing.
    #[error("the order's roll does not list this person in good standing")]
    NotInGoodStanding,
    /// The kind of document that proved identity must be said.
    #[error("the identity check needs the kind of document that was shown")]
    IdentityCheckMissing,
}

/// Every rule that what the registry entered breaks, before a roll is asked; `order` is none where what was entered is no code.
pub fn open_faults(
    order: Option<&Code<Order>>,
    number: Option<&MembershipNumber>,
    document_kind: &str,
    tribunal: &Tribunal,
) -> Vec<OpenRefused> {
    let order = order.and_then(|order| tribunal.order(order));
    let number = match order {
        None => Some(OpenRefused::UnknownOrder),
        Some(order) => {
            (order.issues_numbers && number.is_none()).then_some(OpenRefused::NumberMissing)
        }
    };
    let check = (!says_kind(document_kind)).then_some(OpenRefused::IdentityCheckMissing);
    number.into_iter().chain(check).collect()
}

/// Whether it is said what kind of document proved who it is.
fn says_kind(document_kind: &str) -> bool {
    !document_kind.trim().is_empty()
}

/// Opens a registration: an account for counsel that no sign-in opens yet (REG-1).
///
/// # Errors
/// [`OpenRefused`] says which rule stands against it.
pub fn open(
    permit: &Permit,
    id: AccountId,
    form: CounselForm,
    check: &IdentityCheck,
    listing: Listing,
    tribunal: &Tribunal,
) -> Result<Account, OpenRefused> {
    let number = form.membership_number.as_ref();
    let faults = open_faults(Some(&form.order), number, &check.document_kind, tribunal);
    if let Some(refused) = faults.into_iter().next() {
        return Err(refused);
    }
    match listing {
        Listing::InGoodStanding => {}
        Listing::NotInGoodStanding => return Err(OpenRefused::NotInGoodStanding),
        Listing::NotListed => return Err(OpenRefused::NotListed),
    }
    Ok(Account {
        id,
        name: form.name,
        email: form.email,
        cell: Some(form.cell),
        language: form.language,
        roles: BTreeSet::from([Role::Counsel]),
        membership: Some(Membership {
            order: form.order,
            number: form.membership_number,
            lost_standing_at: None,
        }),
        lock: Lock::default(),
        opened_at: permit.at(),
        registered_at: None,
        privacy_statement: None,
    })
}

/// The same for somebody who is a delegate so far, and enters the code of the counsel that they have become: their sign-in opens the counsel's
/// account from then on. The same for whoever came back as a delegate before they entered the code for the account that they had (REG-6). Only
/// an account that no sign-in opens takes another's place like this. The tries count on the delegate's account, whose lock is in the sign-in
/// that comes back.
pub fn redeem_as_delegate(
    permit: &Permit,
    delegate: &Account,
    sign_in: &SignIn,
    entry: Entry<'_>,
    terms: &Terms,
) -> Redemption {
    let so_far = SignIn {
        bound: None,
        lock: delegate.lock.clone(),
        ..sign_in.clone()
    };
    let takes_its_place = |account: &Account| account.is_from_outside() && entry.opened_by == 0;
    match entry.found {
        Some((_, account)) if !takes_its_place(account) => Redemption::Refused {
            sign_in: Box::new(so_far),
            why: RedeemRefused::RegisteredAlready,
        },
        _ => redeem(permit, &so_far, entry, terms),
    }
}

/// Why a cell number is not recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CellRefused {
    /// Whoever can sign in changes it in My Profile (PRO-1).
    #[error("a sign-in opens this account")]
    OpenedBySignIn,
    /// The kind of document that proved identity must be said.
    #[error("the identity check needs the kind of document that was shown")]
    IdentityCheckMissing,
}

/// Whether it is said what kind of document proved who it is.
///
/// # Errors
/// [`CellRefused::IdentityCheckMissing`].
pub fn check_document_kind(document_kind: &str) -> Result<(), CellRefused> {
    if says_kind(document_kind) {
        Ok(())
    } else {
        Err(CellRefused::IdentityCheckMissing)
    }
}

/// Records the cell number to which an account's access codes go from now on, of a person whose identity the registry checked (REG-1, REG-6).
/// A delegate gave none when invited, and a telephone is lost together with a sign-in. As long as one of `opened_by` sign-ins opens the
/// account it is refused: an officer alone would otherwise send themselves the code to an account that is in use.
///
/// # Errors
/// [`CellRefused`] says which rule stands against it.
pub fn record_cell(
    _permit: &Permit,
    account: &Account,
    opened_by: usize,
    cell: Telephone,
    check: &IdentityCheck,
) -> Result<Account, CellRefused> {
    if opened_by > 0 {
        return Err(CellRefused::OpenedBySignIn);
    }
    check_document_kind(&check.document_kind)?;
    Ok(Account {
        cell: Some(cell),
        ..account.clone()
    })
}

/// Somebody who works for the tribunal, or its case management system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffForm {
    /// What the account is for.
    pub role: Role,
    /// Name.
    pub name: PersonName,
    /// Where notices go.
    pub email: EmailAddress,
    /// Where the access code goes; a machine needs none.
    pub cell: Option<Telephone>,
    /// The language that comes first.
    pub language: Language,
}

/// Counsel and delegates come in by registration and by invitation alone (REG-1, REG-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "only registry officers, help-desk agents and the case management system are opened like this"
)]
pub struct NotStaff;

/// Opens an account for staff, which an access code ties to a sign-in as it does for counsel.
///
/// # Errors
/// [`NotStaff`].
pub fn open_staff(permit: &Permit, id: AccountId, form: StaffForm) -> Result<Account, NotStaff> {
    if !form.role.is_staff() {
        return Err(NotStaff);
    }
    Ok(Account {
        id,
        name: form.name,
        email: form.email,
        cell: form.cell,
        language: form.language,
        roles: BTreeSet::from([form.role]),
        membership: None,
        lock: Lock::default(),
        opened_at: permit.at(),
        registered_at: None,
        privacy_statement: None,
    })
}

/// What an access code opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    /// The sign-in, bound now.
    pub sign_in: SignIn,
    /// The code, used now.
    pub code: IssuedCode,
    /// The account, registered now.
    pub account: Account,
}

/// Why a code did not open anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RedeemRefused {
    /// No code, or none that is usable; so many tries are left before a block.
    #[error("the access code is wrong; {tries_left} tries are left")]
    Wrong {
        /// Tries left.
        tries_left: u32,
    },
    /// The right code, too late.
    #[error("the access code has expired")]
    Expired,
    /// That was one wrong try too many, or the sign-in or the account was blocked before.
    #[error("blocked")]
    Blocked(LockCode),
    /// This sign-in opens an account already.
    #[error("this sign-in is registered already")]
    RegisteredAlready,
    /// The privacy statement must be accepted first (PRIV-1).
    #[error("the privacy statement must be accepted")]
    PrivacyStatementNotAccepted,
    /// The counsel may not register (any more) (REG-1).
    #[error("the order's roll does not list this person in good standing")]
    NotStanding(NotStanding),
}

/// What came of entering a code. Refused or not, the sign-in must be written back: it counts the tries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redemption {
    /// The sign-in opens the account from now on.
    Bound(Box<Bound>),
    /// It does not.
    Refused {
        /// The sign-in, with one more try counted where it counts.
        sign_in: Box<SignIn>,
        /// Why.
        why: RedeemRefused,
    },
}

/// What a person enters to register.
#[derive(Debug, Clone)]
pub struct Entry<'a> {
    /// Keyed hash of what was typed.
    pub hash: CodeHash,
    /// The issued code whose hash storage found equal, with its account.
    pub found: Option<(&'a IssuedCode, &'a Account)>,
    /// How many sign-ins open that account now.
    pub opened_by: usize,
    /// The version of the privacy statement, if it was accepted.
    pub privacy_statement: Option<&'a str>,
    /// The lock code to use should this be the last wrong try.
    pub lock_code: LockCode,
}

/// Enters an access code (REG-2, REG-3). Wrong, voided and used codes count as wrong tries and look the same; the right one that came
/// too late is told, and counts too.
pub fn redeem(permit: &Permit, sign_in: &SignIn, entry: Entry<'_>, terms: &Terms) -> Redemption {
    let at = permit.at();
    let refused = |why| Redemption::Refused {
        sign_in: Box::new(sign_in.clone()),
        why,
    };
    if let Some(block) = &sign_in.lock.block {
        return refused(RedeemRefused::Blocked(block.lock_code.clone()));
    }
    if sign_in.bound.is_some() {
        return refused(RedeemRefused::RegisteredAlready);
    }
    let Some(privacy_statement) = entry.privacy_statement else {
        return refused(RedeemRefused::PrivacyStatementNotAccepted);
    };
    let wrong = |expired: bool, lock_code: LockCode| {
        let lock = sign_in
            .lock
            .wrong_try(at, Cause::WrongAccessCodes, lock_code, terms);
        let why = match &lock.block {
            Some(block) => RedeemRefused::Blocked(block.lock_code.clone()),
            None if expired => RedeemRefused::Expired,
            None => RedeemRefused::Wrong {
                tries_left: lock.tries_left(terms),
            },
        };
        Redemption::Refused {
            sign_in: Box::new(SignIn {
                lock,
                ..sign_in.clone()
            }),
            why,
        }
    };
    let Some((code, account)) = entry
        .found
        .filter(|(code, account)| code.hash == entry.hash && code.account == account.id)
    else {
        return wrong(false, entry.lock_code);
    };
    match code.state(at, terms) {
        State::Usable => {}
        State::Expired => return wrong(true, entry.lock_code),
        State::Voided | State::Used => return wrong(false, entry.lock_code),
    }
    if let Some(block) = &account.lock.block {
        return refused(RedeemRefused::Blocked(block.lock_code.clone()));
    }
    if account.is(Role::Counsel)
        && let Err(why) = account.stands_as_counsel(at)
    {
        return refused(RedeemRefused::NotStanding(why));
    }
    let account = account.registered(permit, privacy_statement);
    Redemption::Bound(Box::new(Bound {
        sign_in: sign_in.bound_to(&account, at),
        code: code.used(at),
        account,
    }))
}
