//! The removal of what is old enough to go, with what is on record of it (PRIV-1).

use std::collections::BTreeSet;

use application::ports::records::{RetentionChanges, WentWithCase, Why};
use async_trait::async_trait;
use domain::audit::SubjectKind;
use domain::case::CaseId;
use domain::document::DocumentId;
use domain::id::Id;
use domain::retention::Kind;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Expr, Query};
use sea_orm::{ConnectionTrait, ExprTrait, Order, Value};
use time::OffsetDateTime;

use super::names::OWN;
use super::{Stored, col, name, table_of};
use crate::error::{must_be_one, storage_error};
use crate::files::{AT_ONCE, uuids};
use crate::unit::Session;
use crate::value::micros;

impl Session {
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
        self.put_on_record(SubjectKind::Submission.code(), &submissions, Some(id), why)
            .await?;
        self.put_on_record(SubjectKind::InboxItem.code(), &items, Some(id), why)
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
        // What somebody asked for before they had an account, under the keys of their sign-in.
        self.remove_where("answered_request", "account", &sign_ins)
            .await?;
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
