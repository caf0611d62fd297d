//! Which cases are under a hold, and who acts on one of them: what is theirs stays as long (PRIV-1).

use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::{Query, SelectStatement};

use super::{Stored, col, name};
use crate::folding;
use crate::unit::Session;

/// The cases under a hold.
fn held_cases() -> SelectStatement {
    Query::select()
        .column(name("case_file"))
        .from(name("legal_hold"))
        .and_where(col("lifted_at").is_null())
        .to_owned()
}

impl Session {
    /// Whether a case of that counsel, or one on which something was sent for them, is under a hold.
    pub(super) async fn has_held_case(&self, counsel: Uuid) -> Stored<bool> {
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
    pub(super) async fn is_on_held_case(
        &self,
        account: Option<Uuid>,
        email: Option<&str>,
    ) -> Stored<bool> {
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
                .and_where(folding::like(col("email"), email))
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
}
