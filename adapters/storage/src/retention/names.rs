//! Which columns name an account: those of records that keep it, and those of what is its own and goes with it (PRIV-1).

use sea_orm::ExprTrait;
use sea_orm::entity::prelude::*;
use sea_orm::sea_query::Query;

use super::{Stored, col, name};
use crate::unit::Session;

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
pub(super) const OWN: [(&str, &str); 4] = [
    ("sign_in", "account"),
    ("identity_check", "account"),
    ("access_code", "account"),
    ("answered_request", "account"),
];

impl Session {
    /// Whether a record that stays names an account.
    pub(super) async fn is_named(&self, account: Uuid) -> Stored<bool> {
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
