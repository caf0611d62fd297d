//! The help desk: find, block, unblock, reset, and see an account's own audit entries (SEC-1, REG-6). Nothing of any case.

use application::Application;
use application::help_desk::{
    Found, Wanted, block, find_accounts, may_find_accounts, reset_sign_in, see_account_audit,
    see_found, unblock,
};
use application::ports::records::AuditRecord;
use domain::id::Id;
use domain::lock::{Cause, LockCode};
use domain::person::EmailAddress;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::problem::{Kind, Problem};

pub(super) struct HelpDesk;

/// Whom to find: by one of the two.
#[derive(Object)]
struct AccountSearch {
    /// What a blocked person reads out.
    lock_code: Option<String>,
    /// An e-mail address, whole.
    email: Option<String>,
}

async fn find(
    app: &Application,
    who: &SignedIn,
    wanted: &Wanted,
) -> Result<Json<AccountPage>, Problem> {
    let found = find_accounts(app, &who.0, wanted).await?;
    Ok(Json(AccountPage {
        items: found.iter().map(FoundAccount::from).collect(),
        next_cursor: None,
    }))
}

fn by_lock_code(code: &str) -> Result<Wanted, Problem> {
    let code = LockCode::parse(code).map_err(|_| Kind::LockCodeUnusable)?;
    Ok(Wanted::LockCode(code))
}

/// An account, or a sign-in that opens none and is blocked.
#[derive(Object)]
struct FoundAccount {
    id: Uuid,
    /// `account`, or `sign-in` for one without account.
    kind: String,
    name: Option<String>,
    email: Option<String>,
    roles: Vec<String>,
    registered_at: Option<String>,
    /// How many sign-ins open it.
    sign_ins: usize,
    wrong_tries: u32,
    blocked: bool,
    lock_code: Option<String>,
    blocked_since: Option<String>,
    /// `wrong-access-codes`, `wrong-answers` or `staff`.
    block_cause: Option<String>,
}

/// A block's cause as on wires.
pub(crate) const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::WrongAccessCodes => "wrong-access-codes",
        Cause::WrongAnswers => "wrong-answers",
        Cause::Staff => "staff",
    }
}

impl From<&Found> for FoundAccount {
    fn from(found: &Found) -> Self {
        let lock = found.lock();
        let block = lock.block.as_ref();
        let (account, sign_ins) = match found {
            Found::Account(account, sign_ins) => (Some(account), *sign_ins),
            Found::SignIn(_) => (None, 1),
        };
        Self {
            id: found.id(),
            kind: if account.is_some() {
                "account"
            } else {
                "sign-in"
            }
            .to_owned(),
            name: account.map(|account| account.name.to_string()),
            email: account.map(|account| account.email.as_str().to_owned()),
            roles: account
                .iter()
                .flat_map(|account| &account.roles)
                .map(|role| role.code().to_owned())
                .collect(),
            registered_at: account
                .and_then(|account| account.registered_at)
                .map(rfc3339),
            sign_ins,
            wrong_tries: lock.wrong_tries,
            blocked: block.is_some(),
            lock_code: block.map(|block| block.lock_code.to_string()),
            blocked_since: block.map(|block| rfc3339(block.since)),
            block_cause: block.map(|block| cause(block.cause).to_owned()),
        }
    }
}

/// Whom the help desk found.
#[derive(Object)]
struct AccountPage {
    items: Vec<FoundAccount>,
    next_cursor: Option<String>,
}

/// What came of a reset.
#[derive(Object)]
struct Reset {
    /// So many sign-ins opened the account, and do no more.
    sign_ins: usize,
}

/// An audit entry, without any case.
#[derive(Object)]
struct AuditEntry {
    at: String,
    /// `account`, `sign-in`, `job` or `operator`.
    who: String,
    who_id: Option<String>,
    from: Option<String>,
    action: String,
    refused: Option<String>,
}

impl From<AuditRecord> for AuditEntry {
    fn from(entry: AuditRecord) -> Self {
        Self {
            at: rfc3339(entry.at),
            who: entry.who,
            who_id: entry.who_id,
            from: entry.from,
            action: entry.action,
            refused: entry.refused,
        }
    }
}

/// Audit entries.
#[derive(Object)]
struct AuditPage {
    items: Vec<AuditEntry>,
    next_cursor: Option<String>,
}

#[OpenApi]
impl HelpDesk {
    /// Find by lock code
    #[oai(
        path = "/help-desk/accounts",
        method = "get",
        operation_id = "findAccounts",
        tag = "Group::HelpDesk"
    )]
    async fn find(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// What a blocked person reads out
        lock_code: Query<String>,
    ) -> Result<Json<AccountPage>, Problem> {
        may_find_accounts(&app, &who.0)?;
        find(&app, &who, &by_lock_code(&lock_code.0)?).await
    }

    /// Find by lock code, or by e-mail address
    ///
    /// What is looked for is in the body: an address names nobody.
    #[oai(
        path = "/help-desk/accounts/search",
        method = "post",
        operation_id = "searchAccounts",
        tag = "Group::HelpDesk"
    )]
    async fn search(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        search: Json<AccountSearch>,
    ) -> Result<Json<AccountPage>, Problem> {
        may_find_accounts(&app, &who.0)?;
        let wanted = match (&search.lock_code, &search.email) {
            (Some(code), None) => by_lock_code(code)?,
            (None, Some(email)) => Wanted::Email(EmailAddress::parse(email)?),
            _ => {
                let problem = Problem::from(Kind::RequestUnusable).at("lock_code");
                return Err(problem.with("reason", "one of `lock_code` and `email`"));
            }
        };
        find(&app, &who, &wanted).await
    }

    /// Block: nobody does anything with the account until it is unblocked, by a session, a token or a delegation
    #[oai(
        path = "/help-desk/accounts/:id/lock",
        method = "post",
        operation_id = "lockAccount",
        tag = "Group::HelpDesk"
    )]
    async fn lock(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account
        id: Path<Uuid>,
    ) -> Result<Json<FoundAccount>, Problem> {
        block(&app, &who.0, Id::new(id.0)).await?;
        let found = see_found(&app, &who.0, id.0).await?;
        Ok(Json(FoundAccount::from(&found)))
    }

    /// Unblock
    #[oai(
        path = "/help-desk/accounts/:id/unlock",
        method = "post",
        operation_id = "unlockAccount",
        tag = "Group::HelpDesk"
    )]
    async fn unlock(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account, or the sign-in without account
        id: Path<Uuid>,
    ) -> Result<Json<FoundAccount>, Problem> {
        unblock(&app, &who.0, id.0).await?;
        let found = see_found(&app, &who.0, id.0).await?;
        Ok(Json(FoundAccount::from(&found)))
    }

    /// Reset an account's sign-in: no sign-in opens it any more, and its sessions end
    #[oai(
        path = "/help-desk/accounts/:id/sign-in-reset",
        method = "post",
        operation_id = "resetSignIn",
        tag = "Group::HelpDesk"
    )]
    async fn reset(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account
        id: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
    ) -> Result<Json<Reset>, Problem> {
        let key = idempotency_key.0.as_deref();
        let sign_ins = reset_sign_in(&app, &who.0, Id::new(id.0), key).await?;
        Ok(Json(Reset { sign_ins }))
    }

    /// What an account did and what was done to it, the newest first
    #[oai(
        path = "/help-desk/accounts/:id/audit",
        method = "get",
        operation_id = "seeAccountAudit",
        tag = "Group::HelpDesk"
    )]
    async fn audit(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The account
        id: Path<Uuid>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<AuditPage>, Problem> {
        let page = page(cursor.0, limit.0)?;
        let found = see_account_audit(&app, &who.0, Id::new(id.0), &page).await?;
        Ok(Json(AuditPage {
            items: found.items.into_iter().map(Into::into).collect(),
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }
}
