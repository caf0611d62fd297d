//! What may be old enough to go (PRIV-1). Whether it goes is the domain's to say. Tables are named here as text, as a removal needs of most of
//! them no more than a column.

mod held;
mod names;
mod removal;

use std::collections::BTreeSet;

use application::ports::records::{CaseRecords, LegalHoldRecords, RetentionRecords};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::audit::SubjectKind;
use domain::case::CaseId;
use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::Job;
use domain::retention::{CaseUses, Kept, Kind};
use domain::submission::SubmissionId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Expr, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait, ExprTrait, Order, QueryResult};
use time::OffsetDateTime;

use crate::error::storage_error;
use crate::files::AT_ONCE;
use crate::unit::Session;
use crate::value::{iso, maybe_instant, micros};
use crate::{access_codes, accounts, delegations, profile_changes, sign_ins, tokens};

const RECORD: &str = "record that may go";

type Stored<T> = Result<T, StorageError>;

fn name(name: &str) -> Alias {
    Alias::new(name)
}

fn col(column: &str) -> Expr {
    Expr::col(name(column))
}

/// The table in which records of a kind are.
const fn table_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Case => "case_file",
        Kind::Delegation => "delegation",
        Kind::Notice => "notice",
        Kind::AccessCode => "access_code",
        Kind::ProfileChange => "profile_change",
        Kind::Token => "token",
        Kind::SignIn => "sign_in",
        Kind::Account => "account",
    }
}

/// What a record was not used after, as far as one column tells.
fn perhaps(kind: Kind, before: OffsetDateTime) -> SimpleExpr {
    let until = |column: &str| col(column).lte(micros(before));
    match kind {
        Kind::Case => col("final_decision_on").lte(iso(before.date())),
        Kind::Delegation => until("invited_at"),
        Kind::Notice => until("delivered_at").or(until("settled_at")),
        Kind::AccessCode => until("issued_at"),
        Kind::ProfileChange => until("decided_at"),
        Kind::Token => until("created_at"),
        Kind::SignIn => until("first_seen_at").and(col("account").is_null()),
        Kind::Account => {
            let counsel = col("membership_order")
                .is_not_null()
                .and(col("registered_at").is_not_null());
            until("opened_at").and(counsel.not().or(col("lost_standing_at").is_not_null()))
        }
    }
}

impl Session {
    async fn answers(&self, select: &SelectStatement) -> Stored<Vec<QueryResult>> {
        self.tx.query_all(select).await.map_err(storage_error)
    }

    /// The first column of each row.
    async fn ids(&self, select: &SelectStatement) -> Stored<Vec<Uuid>> {
        let rows = self.answers(select).await?;
        rows.iter()
            .map(|row| row.try_get_by_index(0).map_err(storage_error))
            .collect()
    }

    /// Whether there is such a row.
    async fn is_there(&self, select: &SelectStatement) -> Stored<bool> {
        Ok(!self.answers(select).await?.is_empty())
    }

    /// The one instant that a question is about.
    async fn newest(&self, select: &SelectStatement) -> Stored<Option<OffsetDateTime>> {
        let rows = self.answers(select).await?;
        let at: Option<i64> = match rows.first() {
            Some(row) => row.try_get_by_index(0).map_err(storage_error)?,
            None => None,
        };
        maybe_instant(RECORD, at)
    }

    /// The values of one column of the rows that another has among `ids`.
    async fn among(
        &self,
        table: &str,
        wanted: &str,
        column: &str,
        ids: &[Uuid],
    ) -> Stored<Vec<Uuid>> {
        let mut found = Vec::new();
        for part in ids.chunks(AT_ONCE) {
            let select = Query::select()
                .column(name(wanted))
                .from(name(table))
                .and_where(col(column).is_in(part.iter().copied()))
                .to_owned();
            found.extend(self.ids(&select).await?);
        }
        Ok(found)
    }

    async fn uses_of_case(&mut self, case: CaseId) -> Stored<CaseUses> {
        let newest_of = |table: &str, column: &str| {
            Query::select()
                .expr(Func::max(col(column)))
                .from(name(table))
                .and_where(col("case_file").eq(case.uuid()))
                .to_owned()
        };
        let received = self.newest(&newest_of("submission", "received_at")).await?;
        let acknowledged = self
            .newest(&newest_of("submission", "acknowledged_at"))
            .await?;
        let sent = self
            .newest(&newest_of("inbox_item", "made_available_at"))
            .await?;
        let of_items = Query::select()
            .column(name("id"))
            .from(name("inbox_item"))
            .and_where(col("case_file").eq(case.uuid()))
            .to_owned();
        let readings = Query::select()
            .expr(Func::max(col("read_at")))
            .from(name("reading"))
            .and_where(col("item").in_subquery(of_items))
            .to_owned();
        let of_submissions = Query::select()
            .column(name("id"))
            .from(name("submission"))
            .and_where(col("case_file").eq(case.uuid()))
            .to_owned();
        let waiting = Query::select()
            .column(name("submission"))
            .from(name("receipt_waiting"))
            .and_where(col("submission").in_subquery(of_submissions))
            .limit(1)
            .to_owned();
        Ok(CaseUses {
            submitted: [received, acknowledged]
                .into_iter()
                .flatten()
                .reduce(Ord::max),
            sent,
            read: self.newest(&readings).await?,
            receipt_waits: self.is_there(&waiting).await?,
            holds: LegalHoldRecords::of_case(self, case).await?,
        })
    }

    /// When somebody last did something, or something was done to an account.
    async fn last_act(&self, id: Uuid) -> Stored<Option<OffsetDateTime>> {
        let select = Query::select()
            .expr(Func::max(col("at")))
            .from(name("audit"))
            .and_where(col("who_id").eq(id.to_string()).or(col("account").eq(id)))
            .to_owned();
        self.newest(&select).await
    }

    async fn notice(&self, id: Uuid) -> Stored<Option<Kept>> {
        let select = Query::select()
            .columns(
                [
                    "delivered_at",
                    "bounced_at",
                    "settled_at",
                    "account",
                    "email",
                ]
                .map(name),
            )
            .from(name("notice"))
            .and_where(col("id").eq(id))
            .to_owned();
        let rows = self.answers(&select).await?;
        let Some(row) = rows.first() else {
            return Ok(None);
        };
        let at = |index: usize| {
            let at: Option<i64> = row.try_get_by_index(index).map_err(storage_error)?;
            maybe_instant(RECORD, at)
        };
        let account: Option<Uuid> = row.try_get_by_index(3).map_err(storage_error)?;
        let email: String = row.try_get_by_index(4).map_err(storage_error)?;
        let held = self.is_on_held_case(account, Some(&email)).await?;
        Ok(Some(Kept::Notice {
            id: Id::new(id),
            delivered_at: at(0)?,
            bounced_at: at(1)?,
            settled_at: at(2)?,
            held,
        }))
    }
}

/// The record of that id, as the domain knows it.
macro_rules! by_id {
    ($session:ident, $module:ident, $id:ident) => {{
        let row = $module::Entity::find_by_id($id).one(&$session.tx).await;
        row.map_err(storage_error)?
            .map(TryInto::try_into)
            .transpose()?
    }};
}

#[async_trait]
impl RetentionRecords for Session {
    async fn perhaps_old(
        &mut self,
        kind: Kind,
        before: OffsetDateTime,
        after: Uuid,
        limit: u32,
    ) -> Stored<Vec<Uuid>> {
        let select = Query::select()
            .column(name("id"))
            .from(name(table_of(kind)))
            .and_where(perhaps(kind, before))
            .and_where(col("id").gt(after))
            .order_by(name("id"), Order::Asc)
            .limit(u64::from(limit))
            .to_owned();
        self.ids(&select).await
    }

    async fn kept(&mut self, kind: Kind, id: Uuid) -> Stored<Option<Kept>> {
        Ok(match kind {
            Kind::Case => match CaseRecords::by_id(self, Id::new(id)).await? {
                Some(case) => {
                    let uses = self.uses_of_case(case.id).await?;
                    Some(Kept::Case(Box::new(case), uses))
                }
                None => None,
            },
            Kind::Delegation => {
                let found: Option<domain::delegation::Delegation> = by_id!(self, delegations, id);
                match found {
                    Some(found) => {
                        let held = self.has_held_case(found.counsel.uuid()).await?;
                        Some(Kept::Delegation(Box::new(found), held))
                    }
                    None => None,
                }
            }
            Kind::Notice => self.notice(id).await?,
            Kind::AccessCode => by_id!(self, access_codes, id).map(Kept::AccessCode),
            Kind::ProfileChange => {
                let found: Option<domain::profile_change::ProfileChange> =
                    by_id!(self, profile_changes, id);
                match found {
                    Some(found) => {
                        let account = Some(found.account.uuid());
                        let held = self.is_on_held_case(account, None).await?;
                        Some(Kept::ProfileChange(Box::new(found), held))
                    }
                    None => None,
                }
            }
            Kind::Token => by_id!(self, tokens, id).map(|one| Kept::Token(Box::new(one))),
            Kind::SignIn => match by_id!(self, sign_ins, id) {
                Some(found) => {
                    let last_act = self.last_act(id).await?;
                    Some(Kept::SignIn(Box::new(found), last_act))
                }
                None => None,
            },
            Kind::Account => match by_id!(self, accounts, id) {
                Some(found) => {
                    let last_act = self.last_act(id).await?;
                    let named = self.is_named(id).await?;
                    Some(Kept::Account(Box::new(found), last_act, named))
                }
                None => None,
            },
        })
    }

    async fn deleted(&mut self, submissions: &[SubmissionId]) -> Stored<Vec<SubmissionId>> {
        let (deletion, audit) = (name("deletion"), name("audit"));
        let of = |table: &Alias, column: &str| Expr::col((table.clone(), name(column)));
        let mut known = BTreeSet::new();
        for part in submissions.chunks(AT_ONCE) {
            let select = Query::select()
                .expr(of(&deletion, "record"))
                .expr(of(&audit, "subjects"))
                .from(deletion.clone())
                .inner_join(
                    audit.clone(),
                    of(&deletion, "case_file")
                        .eq(of(&audit, "case_file"))
                        .and(of(&deletion, "deleted_at").eq(of(&audit, "at"))),
                )
                .and_where(of(&deletion, "kind").eq("submission"))
                .and_where(of(&deletion, "record").is_in(part.iter().map(|id| id.uuid())))
                .and_where(of(&audit, "who").eq("job"))
                .and_where(of(&audit, "action").eq(Job::Purge.name()))
                .and_where(of(&audit, "refused").is_null())
                .to_owned();
            for row in self.answers(&select).await? {
                let id: Uuid = row.try_get_by_index(0).map_err(storage_error)?;
                let subjects: String = row.try_get_by_index(1).map_err(storage_error)?;
                let named = format!("{}:{id}", SubjectKind::Submission.code());
                if subjects.split(' ').any(|subject| subject == named) {
                    known.insert(Id::new(id));
                }
            }
        }
        Ok(known.into_iter().collect())
    }

    async fn leaving(&mut self, after: DocumentId, limit: u32) -> Stored<Vec<DocumentId>> {
        let select = Query::select()
            .column(name("document"))
            .from(name("document_leaving"))
            .and_where(col("document").gt(after.uuid()))
            .order_by(name("document"), Order::Asc)
            .limit(u64::from(limit))
            .to_owned();
        let ids = self.ids(&select).await?;
        Ok(ids.into_iter().map(Id::new).collect())
    }
}
