//! What may be old enough to go, and its removal (PRIV-1). Whether it goes is the domain's to say. Tables are named here as text, as a removal
//! needs of most of them no more than a column.

use std::collections::BTreeSet;

use application::ports::records::{
    CaseRecords, LegalHoldRecords, RetentionChanges, RetentionRecords, WentWithCase, Why,
};
use application::ports::storage::StorageError;
use async_trait::async_trait;
use domain::case::CaseId;
use domain::document::DocumentId;
use domain::id::Id;
use domain::policy::Job;
use domain::retention::{CaseUses, Kept, Kind};
use domain::submission::SubmissionId;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Alias, Expr, Func, Query, SelectStatement, SimpleExpr};
use sea_orm::{ConnectionTrait, ExprTrait, Order, QueryResult, Value};
use time::OffsetDateTime;

use crate::error::{must_be_one, storage_error};
use crate::files::{AT_ONCE, uuids};
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

/// The cases under a hold.
fn held_cases() -> SelectStatement {
    Query::select()
        .column(name("case_file"))
        .from(name("legal_hold"))
        .and_where(col("lifted_at").is_null())
        .to_owned()
}

/// The columns that name an account in records that stay or go by themselves.
const NAMES_OF_ACCOUNTS: [(&str, &str); 23] = [
    ("case_file", "counsel_of_record"),
    ("delegation", "counsel"),
    ("delegation", "delegate"),
    ("submission", "submitted_by"),
    ("submission", "on_behalf_of"),
    ("submission", "acknowledged_by"),
    ("inbox_item", "counsel"),
    ("inbox_item", "sent_by"),
    ("reading", "account"),
    ("draft", "account"),
    ("draft", "counsel"),
    ("form_draft", "account"),
    ("form_draft", "counsel"),
    ("token", "account"),
    ("legal_hold", "set_by"),
    ("legal_hold", "lifted_by"),
    ("identity_check", "checked_by"),
    ("notice", "account"),
    ("notice", "settled_by"),
    ("profile_change", "account"),
    ("profile_change", "decided_by"),
    ("upload", "account"),
    ("upload", "counsel"),
];

/// What is an account's own, and goes with it. Nothing that waits for somebody, as a notice that came back does.
const OWN: [(&str, &str); 4] = [
    ("sign_in", "account"),
    ("identity_check", "account"),
    ("access_code", "account"),
    ("answered_request", "account"),
];

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

    async fn remove_where(&self, table: &str, column: &str, ids: &[Uuid]) -> Stored<u64> {
        let mut removed = 0;
        for part in ids.chunks(AT_ONCE) {
            let delete = Query::delete()
                .from_table(name(table))
                .and_where(col(column).is_in(part.iter().copied()))
                .to_owned();
            let done = self.tx.execute(&delete).await.map_err(storage_error)?;
            removed += done.rows_affected();
        }
        Ok(removed)
    }

    /// Keeps that records went, and why.
    async fn put_on_record(
        &self,
        kind: &str,
        records: &[Uuid],
        case: Option<CaseId>,
        why: &Why,
    ) -> Stored<()> {
        for part in records.chunks(AT_ONCE) {
            let mut insert = Query::insert()
                .into_table(name("deletion"))
                .columns(
                    [
                        "kind",
                        "record",
                        "case_file",
                        "last_used_at",
                        "kept_for_seconds",
                        "deleted_at",
                    ]
                    .map(name),
                )
                .to_owned();
            for record in part {
                insert.values_panic([
                    kind.into(),
                    (*record).into(),
                    Value::from(case.map(Id::uuid)).into(),
                    micros(why.last_used_at).into(),
                    why.kept_for.whole_seconds().into(),
                    micros(why.at).into(),
                ]);
            }
            self.tx.execute(&insert).await.map_err(storage_error)?;
        }
        Ok(())
    }

    /// What one column of a table says of the rows of a case.
    async fn column_of_case(&self, table: &str, column: &str, case: Uuid) -> Stored<Vec<Uuid>> {
        let select = Query::select()
            .column(name(column))
            .from(name(table))
            .and_where(col("case_file").eq(case))
            .to_owned();
        self.ids(&select).await
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

    /// Whether a case of that counsel, or one on which something was sent for them, is under a hold.
    async fn has_held_case(&self, counsel: Uuid) -> Stored<bool> {
        for (table, case, column) in [
            ("case_file", "id", "counsel_of_record"),
            ("submission", "case_file", "on_behalf_of"),
            ("inbox_item", "case_file", "counsel"),
        ] {
            if self.names_held(table, case, column, counsel).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a table names that account in one column, and in another a case under a hold.
    async fn names_held(
        &self,
        table: &str,
        case: &str,
        column: &str,
        account: Uuid,
    ) -> Stored<bool> {
        let select = Query::select()
            .column(name(case))
            .from(name(table))
            .and_where(col(column).eq(account))
            .and_where(col(case).in_subquery(held_cases()))
            .limit(1)
            .to_owned();
        self.is_there(&select).await
    }

    /// Whether somebody acts, or acted, on a case under a hold: as its counsel, as a delegate of its counsel, or as whoever sent or read
    /// something on it. Whoever has no account yet is known by the address of an invitation.
    async fn is_on_held_case(&self, account: Option<Uuid>, email: Option<&str>) -> Stored<bool> {
        // As a rule nothing is held, and there is nothing more to ask.
        if !self.is_there(&held_cases().limit(1).to_owned()).await? {
            return Ok(false);
        }
        let mut counsel = Vec::new();
        if let Some(account) = account {
            let of_items = Query::select()
                .column(name("id"))
                .from(name("inbox_item"))
                .and_where(col("case_file").in_subquery(held_cases()))
                .to_owned();
            let readings = Query::select()
                .column(name("item"))
                .from(name("reading"))
                .and_where(col("account").eq(account))
                .and_where(col("item").in_subquery(of_items))
                .limit(1)
                .to_owned();
            if self
                .names_held("submission", "case_file", "submitted_by", account)
                .await?
                || self.is_there(&readings).await?
            {
                return Ok(true);
            }
            counsel.push(account);
            counsel.extend(
                self.among("delegation", "counsel", "delegate", &[account])
                    .await?,
            );
        } else if let Some(email) = email {
            let invited = Query::select()
                .column(name("counsel"))
                .from(name("delegation"))
                .and_where(Expr::expr(Func::lower(col("email"))).eq(email.to_lowercase()))
                .to_owned();
            counsel.extend(self.ids(&invited).await?);
        }
        counsel.sort_unstable();
        counsel.dedup();
        for one in counsel {
            if self.has_held_case(one).await? {
                return Ok(true);
            }
        }
        Ok(false)
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

    async fn is_named(&self, account: Uuid) -> Stored<bool> {
        for (table, column) in NAMES_OF_ACCOUNTS {
            let select = Query::select()
                .column(name(column))
                .from(name(table))
                .and_where(col(column).eq(account))
                .limit(1)
                .to_owned();
            if self.is_there(&select).await? {
                return Ok(true);
            }
        }
        Ok(false)
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
                let named = format!("submission:{id}");
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

#[async_trait]
impl RetentionChanges for Session {
    async fn remove_case(&mut self, id: CaseId, why: &Why) -> Stored<WentWithCase> {
        let case = id.uuid();
        let submissions = self.column_of_case("submission", "id", case).await?;
        let items = self.column_of_case("inbox_item", "id", case).await?;
        let drafts = self.column_of_case("draft", "id", case).await?;
        let mut documents = self.column_of_case("inbox_item", "document", case).await?;
        for (table, column, ids) in [
            ("submission_file", "submission", &submissions),
            ("draft_file", "draft", &drafts),
        ] {
            documents.extend(self.among(table, "document", column, ids).await?);
        }
        // First: the database lets a receipt go only after its submission's deletion is on record.
        self.put_on_record(Kind::Case.code(), &[case], Some(id), why)
            .await?;
        self.put_on_record("submission", &submissions, Some(id), why)
            .await?;
        self.put_on_record("inbox-item", &items, Some(id), why)
            .await?;
        for (table, column, ids) in [
            ("submission_file", "submission", &submissions),
            ("receipt", "submission", &submissions),
            ("submission", "id", &submissions),
            ("reading", "item", &items),
            ("inbox_item", "id", &items),
            ("draft_file", "draft", &drafts),
            ("draft", "id", &drafts),
        ] {
            self.remove_where(table, column, ids).await?;
        }
        for table in ["case_event", "legal_hold"] {
            self.remove_where(table, "case_file", &[case]).await?;
        }
        must_be_one(self.remove_where("case_file", "id", &[case]).await?)?;

        let mut unnamed: BTreeSet<Uuid> = documents.into_iter().collect();
        let asked: Vec<Uuid> = unnamed.iter().copied().collect();
        for table in ["submission_file", "inbox_item", "draft_file"] {
            for named in self.among(table, "document", "document", &asked).await? {
                unnamed.remove(&named);
            }
        }
        let unnamed: Vec<Uuid> = unnamed.into_iter().collect();
        self.remove_where("form", "document", &unnamed).await?;
        for part in unnamed.chunks(AT_ONCE) {
            let mut insert = Query::insert()
                .into_table(name("document_leaving"))
                .columns(["document", "since"].map(name))
                .to_owned();
            for document in part {
                insert.values_panic([(*document).into(), micros(why.at).into()]);
            }
            self.tx.execute(&insert).await.map_err(storage_error)?;
        }
        Ok(WentWithCase {
            submissions: submissions.into_iter().map(Id::new).collect(),
            items: items.into_iter().map(Id::new).collect(),
            documents: unnamed.into_iter().map(Id::new).collect(),
        })
    }

    async fn remove(&mut self, kind: Kind, id: Uuid, why: &Why) -> Stored<()> {
        self.put_on_record(kind.code(), &[id], None, why).await?;
        let sign_ins = match kind {
            Kind::Account => self.among("sign_in", "id", "account", &[id]).await?,
            Kind::SignIn => vec![id],
            _ => Vec::new(),
        };
        self.remove_where("session", "sign_in", &sign_ins).await?;
        if kind == Kind::Account {
            for (table, column) in OWN {
                self.remove_where(table, column, &[id]).await?;
            }
        }
        must_be_one(self.remove_where(table_of(kind), "id", &[id]).await?)
    }

    async fn forget_requests(&mut self, before: OffsetDateTime, limit: u32) -> Stored<u64> {
        let oldest = Query::select()
            .columns(["account", "key"].map(name))
            .from(name("answered_request"))
            .and_where(col("answered_at").lte(micros(before)))
            .order_by(name("answered_at"), Order::Asc)
            .limit(u64::from(limit))
            .to_owned();
        let delete = Query::delete()
            .from_table(name("answered_request"))
            .and_where(Expr::tuple([col("account"), col("key")]).in_subquery(oldest))
            .to_owned();
        let done = self.tx.execute(&delete).await.map_err(storage_error)?;
        Ok(done.rows_affected())
    }

    async fn gone(&mut self, documents: &[DocumentId]) -> Stored<()> {
        self.remove_where("document_leaving", "document", &uuids(documents))
            .await
            .map(drop)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use sea_orm::{Database, DbBackend, Statement};

    use super::*;

    /// The trail keeps nobody's account: it has identifiers and outlives everything (PRIV-1).
    const TRAIL: [(&str, &str); 2] = [("audit", "on_behalf_of"), ("audit", "account")];

    /// Columns that name something else than an account.
    const OTHERS: [(&str, &str); 26] = [
        ("audit", "case_file"),
        ("case_event", "case_file"),
        ("deletion", "case_file"),
        ("deletion", "record"),
        ("document_leaving", "document"),
        ("draft", "case_file"),
        ("draft_file", "document"),
        ("draft_file", "draft"),
        ("form", "document"),
        ("given_up", "document"),
        ("inbox_item", "case_file"),
        ("inbox_item", "document"),
        ("job_place", "place"),
        ("legal_hold", "case_file"),
        ("log_leaf", "submission"),
        ("reading", "item"),
        ("receipt", "submission"),
        ("receipt_waiting", "submission"),
        ("session", "sign_in"),
        ("submission", "case_file"),
        ("submission_file", "document"),
        ("submission_file", "submission"),
        ("upload", "case_file"),
        ("upload", "document"),
        ("upload_part", "document"),
        ("upload_part", "upload"),
    ];

    /// PRIV-1: of every column that could name an account it is decided whether it keeps the account or goes with it. A new one fails here.
    #[tokio::test]
    async fn every_column_that_names_an_account_is_in_one_list() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!(
            "sqlite://{}/schema.sqlite?mode=rwc",
            folder.path().display()
        );
        migrations::migrate(&url).await.unwrap();
        let database = Database::connect(&url).await.unwrap();
        let identifiers = "SELECT tables.name, columns.name
            FROM sqlite_master AS tables, pragma_table_info(tables.name) AS columns
            WHERE tables.type = 'table' AND columns.type LIKE 'uuid%' AND columns.name <> 'id'";
        let asked = Statement::from_string(DbBackend::Sqlite, identifiers);
        let rows = database.query_all_raw(asked).await.unwrap();
        let mut listed: BTreeMap<(String, String), usize> = BTreeMap::new();
        for row in &rows {
            let text = |index: usize| row.try_get_by_index::<String>(index).unwrap();
            listed.insert((text(0), text(1)), 0);
        }
        let lists = NAMES_OF_ACCOUNTS.iter().chain(&OWN);
        for (table, column) in lists.chain(&TRAIL).chain(&OTHERS) {
            *listed
                .entry((String::from(*table), String::from(*column)))
                .or_default() += 1;
        }
        let wrong: Vec<_> = listed.iter().filter(|(_, times)| **times != 1).collect();
        assert!(wrong.is_empty(), "not in one list exactly: {wrong:#?}");
        let gone = listed.len() - rows.len();
        assert_eq!(gone, 0, "a list has what the schema does not");
    }
}
