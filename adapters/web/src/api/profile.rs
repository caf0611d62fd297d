//! My Profile, the changes asked for in it, and the registry's queue of them (PRO-1).

use application::Application;
use application::ports::records::ProfileChangeQuery;
use application::profile::{
    Asked, change_profile, decide_profile_change, list_profile_changes, see_profile,
    withdraw_profile_change,
};
use domain::account::Account;
use domain::id::Id;
use domain::person::{EmailAddress, Language, ParticularsRefused, PersonName, Telephone};
use domain::profile_change::{
    Changes as DomainChanges, Outcome, ProfileChange as DomainProfileChange,
};
use domain::terms::Terms;
use poem::web::Data;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, Enum, Object, OpenApi};
use time::OffsetDateTime;
use uuid::Uuid;

use super::Group;
use super::paging::page;
use super::shapes::rfc3339;
use crate::caller::SignedIn;
use crate::problem::{Kind, Problem};

pub(super) struct Profiles;

/// What is to change; what is left out or null stays as it is.
#[derive(Object, Default)]
#[oai(skip_serializing_if_is_none)]
struct Changes {
    given_name: Option<String>,
    family_name: Option<String>,
    email: Option<String>,
    /// The cell number.
    cell: Option<String>,
    /// `fr` or `en`.
    language: Option<String>,
}

impl From<&DomainChanges> for Changes {
    fn from(changes: &DomainChanges) -> Self {
        let name = changes.name.as_ref();
        Self {
            given_name: name.map(|name| name.given().to_owned()),
            family_name: name.map(|name| name.family().to_owned()),
            email: changes
                .email
                .as_ref()
                .map(|email| email.as_str().to_owned()),
            cell: changes.cell.as_ref().map(|cell| cell.as_str().to_owned()),
            language: changes.language.map(|language| language.code().to_owned()),
        }
    }
}

impl Changes {
    fn of(account: &Account) -> Self {
        Self {
            given_name: Some(account.name.given().to_owned()),
            family_name: Some(account.name.family().to_owned()),
            email: Some(account.email.as_str().to_owned()),
            cell: account.cell.as_ref().map(|cell| cell.as_str().to_owned()),
            language: Some(account.language.code().to_owned()),
        }
    }

    /// As the domain takes it; a name of which one half is given keeps its other half.
    fn wanted(self, account: &Account) -> Result<DomainChanges, Problem> {
        let name = match (&self.given_name, &self.family_name) {
            (None, None) => None,
            (given, family) => {
                let given = given.as_deref().unwrap_or(account.name.given());
                let family = family.as_deref().unwrap_or(account.name.family());
                Some(PersonName::new(given, family)?)
            }
        };
        let language = |code: String| {
            Language::from_code(&code).ok_or_else(|| Problem::from(Kind::LanguageUnusable))
        };
        Ok(DomainChanges {
            name,
            email: parsed(self.email.as_deref(), EmailAddress::parse)?,
            cell: parsed(self.cell.as_deref(), Telephone::parse)?,
            language: self.language.map(language).transpose()?,
        })
    }
}

fn parsed<T>(
    text: Option<&str>,
    parse: impl FnOnce(&str) -> Result<T, ParticularsRefused>,
) -> Result<Option<T>, Problem> {
    Ok(text.map(parse).transpose()?)
}

/// What somebody asks for.
#[derive(Object)]
struct ChangesAsked {
    #[oai(flatten)]
    these: Changes,
    /// The same, under the name that the answer has for it.
    changes: Option<Changes>,
}

/// A change that was asked for.
#[derive(Object)]
struct ProfileChange {
    id: Uuid,
    account_id: Uuid,
    submitted_at: String,
    /// When the tribunal has promised to decide at the latest.
    due_at: String,
    changes: Changes,
    /// `pending`, `overdue`, `applied`, `refused` or `withdrawn`.
    state: String,
    /// Why it was refused.
    reason: Option<String>,
    decided_at: Option<String>,
    /// The person's name now; for the registry.
    #[oai(skip_serializing_if_is_none)]
    name: Option<String>,
    /// The profile as it is now; for the registry.
    #[oai(skip_serializing_if_is_none)]
    current: Option<Changes>,
    /// Whether the account is blocked now, so that the change can be refused and not applied; for the registry.
    #[oai(skip_serializing_if_is_none)]
    account_blocked: Option<bool>,
}

impl ProfileChange {
    /// As it is at `now`.
    fn new(change: &DomainProfileChange, terms: &Terms, now: OffsetDateTime) -> Self {
        let decided = change.decided.as_ref();
        let reason = decided.and_then(|decided| match &decided.outcome {
            Outcome::Applied | Outcome::Withdrawn => None,
            Outcome::Refused { reason } => Some(reason.clone()),
        });
        Self {
            id: change.id.uuid(),
            account_id: change.account.uuid(),
            submitted_at: rfc3339(change.submitted_at),
            due_at: rfc3339(change.due_at(terms)),
            changes: (&change.changes).into(),
            state: change.state(now, terms).code().to_owned(),
            reason,
            decided_at: decided.map(|decided| rfc3339(decided.at)),
            name: None,
            current: None,
            account_blocked: None,
        }
    }

    fn for_registry(asked: &Asked, terms: &Terms, now: OffsetDateTime) -> Self {
        Self {
            name: Some(asked.account.name.to_string()),
            current: Some(Changes::of(&asked.account)),
            account_blocked: Some(asked.account.lock.block.is_some()),
            ..Self::new(&asked.change, terms, now)
        }
    }
}

/// My Profile.
#[derive(Object)]
struct Profile {
    account_id: Uuid,
    given_name: String,
    family_name: String,
    email: String,
    /// The cell number.
    cell: Option<String>,
    /// `fr` or `en`.
    language: String,
    /// The professional order.
    order: Option<String>,
    membership_number: Option<String>,
    /// What was asked for, the newest first.
    changes: Vec<ProfileChange>,
}

/// The registry's queue.
#[derive(Object)]
struct ProfileChangePage {
    items: Vec<ProfileChange>,
    /// Where the list goes on; null at its end.
    next_cursor: Option<String>,
}

/// Asked for.
#[derive(ApiResponse)]
enum Submitted {
    /// It waits for the tribunal
    #[oai(status = 201)]
    Created(Json<ProfileChange>),
}

/// What to do with a change.
#[derive(Enum, Clone, Copy)]
#[oai(rename_all = "snake_case")]
enum Verdict {
    Apply,
    Refuse,
}

/// What was decided.
#[derive(Object)]
struct ProfileDecision {
    decision: Verdict,
    /// Why it is refused; the person reads it.
    reason: Option<String>,
}

#[OpenApi]
impl Profiles {
    /// My Profile
    #[oai(
        path = "/me/profile",
        method = "get",
        operation_id = "seeProfile",
        tag = "Group::Account"
    )]
    async fn see(&self, app: Data<&Application>, who: SignedIn) -> Result<Json<Profile>, Problem> {
        let profile = see_profile(&app, &who.0).await?;
        let now = app.clock.now();
        let account = profile.account;
        let membership = account.membership.as_ref();
        Ok(Json(Profile {
            account_id: account.id.uuid(),
            given_name: account.name.given().to_owned(),
            family_name: account.name.family().to_owned(),
            email: account.email.as_str().to_owned(),
            cell: account.cell.as_ref().map(|cell| cell.as_str().to_owned()),
            language: account.language.code().to_owned(),
            order: membership.map(|membership| membership.order.to_string()),
            membership_number: membership
                .and_then(|membership| membership.number.as_ref())
                .map(ToString::to_string),
            changes: profile
                .changes
                .iter()
                .map(|change| ProfileChange::new(change, &app.terms, now))
                .collect(),
        }))
    }

    /// Ask for a change of My Profile
    ///
    /// It waits for the registry, which promises to decide within 48 hours. Takes a recent sign-in, or a token with the scope `submit`.
    #[oai(
        path = "/me/profile/changes",
        method = "post",
        operation_id = "changeProfile",
        tag = "Group::Account"
    )]
    async fn change(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        asked: Json<ChangesAsked>,
    ) -> Result<Submitted, Problem> {
        let account = see_profile(&app, &who.0).await?.account;
        let ChangesAsked { these, changes } = asked.0;
        let wanted = changes.unwrap_or(these).wanted(&account)?;
        let change = change_profile(&app, &who.0, &wanted, idempotency_key.0.as_deref()).await?;
        let shown = ProfileChange::new(&change, &app.terms, app.clock.now());
        Ok(Submitted::Created(Json(shown)))
    }

    /// Withdraw a change that waits
    ///
    /// The profile stays as it is, and another change can be asked for. Takes a recent sign-in, or a token with the scope `submit`.
    #[oai(
        path = "/me/profile/changes/:change",
        method = "delete",
        operation_id = "withdrawProfileChange",
        tag = "Group::Account"
    )]
    async fn withdraw(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The change
        change: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
    ) -> Result<Json<ProfileChange>, Problem> {
        let (change, key) = (Id::new(change.0), idempotency_key.0);
        let change = withdraw_profile_change(&app, &who.0, change, key.as_deref()).await?;
        let shown = ProfileChange::new(&change, &app.terms, app.clock.now());
        Ok(Json(shown))
    }

    /// Changes that wait for a decision, the oldest and therefore the overdue first
    #[oai(
        path = "/registry/profile-changes",
        method = "get",
        operation_id = "listProfileChanges",
        tag = "Group::Registry"
    )]
    async fn list(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// Those that were decided or withdrawn instead
        decided: Query<Option<bool>>,
        /// Where the list goes on
        cursor: Query<Option<String>>,
        /// How many at most, 1 to 100
        limit: Query<Option<u32>>,
    ) -> Result<Json<ProfileChangePage>, Problem> {
        let query = ProfileChangeQuery {
            decided: Some(decided.0.unwrap_or_default()),
            page: page(cursor.0, limit.0)?,
        };
        let found = list_profile_changes(&app, &who.0, &query).await?;
        let now = app.clock.now();
        Ok(Json(ProfileChangePage {
            items: found
                .items
                .iter()
                .map(|asked| ProfileChange::for_registry(asked, &app.terms, now))
                .collect(),
            next_cursor: found.next.map(|cursor| cursor.0),
        }))
    }

    /// Apply a change, or refuse it with a reason
    ///
    /// Nothing is applied while the account is blocked (`account-blocked`). An applied change of the cell number voids the access codes that were
    /// sent.
    #[oai(
        path = "/registry/profile-changes/:change/decision",
        method = "post",
        operation_id = "decideProfileChange",
        tag = "Group::Registry"
    )]
    async fn decide(
        &self,
        app: Data<&Application>,
        who: SignedIn,
        /// The change
        change: Path<Uuid>,
        /// The same for every try of one request
        #[oai(name = "Idempotency-Key")]
        idempotency_key: Header<Option<String>>,
        decision: Json<ProfileDecision>,
    ) -> Result<Json<ProfileChange>, Problem> {
        let outcome = match decision.0.decision {
            Verdict::Apply => Outcome::Applied,
            Verdict::Refuse => Outcome::Refused {
                reason: decision.0.reason.unwrap_or_default().trim().to_owned(),
            },
        };
        let (change, key) = (Id::new(change.0), idempotency_key.0.as_deref());
        let asked = decide_profile_change(&app, &who.0, change, &outcome, key).await?;
        let shown = ProfileChange::for_registry(&asked, &app.terms, app.clock.now());
        Ok(Json(shown))
    }
}
