//! Records of registration: identity checks, access codes, and the rolls of the orders.

use async_trait::async_trait;
use domain::access_code::{CodeHash, IssuedCode, IssuedCodeId};
use domain::account::{Account, AccountId};
use domain::code::Code;
use domain::membership::{MembershipNumber, Order, RollEntry};
use domain::registration::IdentityCheck;
use time::{Duration, OffsetDateTime};

use super::{Legible, Page, PageRequest, Stored};

/// Which registrations the registry wants to see.
#[derive(Debug, Clone)]
pub struct RegistrationQuery {
    /// Only those that are done, or still open.
    pub registered: Option<bool>,
    /// Which part, the newest first.
    pub page: PageRequest,
}

/// Reads registrations of counsel.
#[async_trait]
pub trait RegistrationRecords: Send {
    /// What proved the identity of that account's owner.
    async fn identity_check(&mut self, account: AccountId) -> Stored<Option<IdentityCheck>>;
    /// Accounts of people whose identity the registry checked.
    async fn list(&mut self, query: &RegistrationQuery) -> Stored<Page<Account>>;
}

/// Changes registrations.
#[async_trait]
pub trait RegistrationChanges: Send {
    /// Keeps what proved the identity of an account's owner. MUST fail with `Duplicate` if that is kept already.
    async fn insert(&mut self, account: AccountId, check: &IdentityCheck) -> Stored<()>;
    /// Keeps it, in the place of what proved it before.
    async fn renew(&mut self, account: AccountId, check: &IdentityCheck) -> Stored<()>;
}

/// Reads issued access codes.
#[async_trait]
pub trait AccessCodeRecords: Send {
    /// The code of that keyed hash, whatever became of it.
    async fn by_hash(&mut self, hash: &CodeHash) -> Stored<Option<IssuedCode>>;
    /// An account's codes, the newest first.
    async fn of_account(&mut self, account: AccountId) -> Stored<Vec<IssuedCode>>;
}

/// Changes issued access codes.
#[async_trait]
pub trait AccessCodeChanges: Send {
    /// MUST fail with `Duplicate` for an id or a hash that is held already.
    async fn insert(&mut self, code: &IssuedCode) -> Stored<()>;
    /// MUST fail with `Missing` when there is none of that id.
    async fn update(&mut self, code: &IssuedCode) -> Stored<()>;
    /// Writes down, of those that nobody used or voided and of which it is not on record, that they expire so long after they were issued,
    /// at most `limit`; gives which.
    async fn promise(&mut self, valid_for: Duration, limit: u32) -> Stored<Vec<IssuedCodeId>>;
}

/// Reads the rolls of the orders.
#[async_trait]
pub trait RollRecords: Send {
    /// Who bears that number on an order's roll.
    async fn by_number(
        &mut self,
        order: &Code<Order>,
        number: &MembershipNumber,
    ) -> Stored<Vec<RollEntry>>;
    /// Who bears that family name, folded, on an order's roll.
    async fn by_family_name(&mut self, order: &Code<Order>, folded: &str)
    -> Stored<Vec<RollEntry>>;
    /// When an order's roll was last imported.
    async fn imported_at(&mut self, order: &Code<Order>) -> Stored<Option<OffsetDateTime>>;
    /// An order's members who have an account, in order of id, after that one.
    async fn accounts(
        &mut self,
        order: &Code<Order>,
        after: Option<AccountId>,
        limit: u32,
    ) -> Stored<Vec<Legible<Account>>>;
}

/// Changes the rolls.
#[async_trait]
pub trait RollChanges: Send {
    /// Puts another roll in the place of an order's present one, whole.
    async fn replace(
        &mut self,
        order: &Code<Order>,
        entries: &[RollEntry],
        at: OffsetDateTime,
    ) -> Stored<()>;
}
