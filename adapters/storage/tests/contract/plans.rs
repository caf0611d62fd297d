//! No question without its index: every statement that the contract makes an adapter ask is explained by the database, and one that reads a
//! table from end to end fails the promise that asked it.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use sea_orm::{ConnectOptions, ConnectionTrait, Database, Statement};
use storage::Asked;

/// What may read a whole table or index: a part of the statement, and why.
const MAY_SCAN: [(&str, &str); 6] = [
    (
        r#"SELECT COUNT(*) AS num_items FROM (SELECT "audit""#,
        "the job that verifies the trail reads all of it",
    ),
    (
        r#"NOT IN (SELECT "submission" FROM "log_leaf""#,
        "the job that verifies the log looks at every receipt",
    ),
    (r#"FROM "legal_hold""#, "few cases are under a hold"),
    (r#"FROM "job_run""#, "a row per job"),
    (
        r#"WHERE "token"."revoked_at" IS NULL AND "token"."expires_at" > "#,
        "all access is ended by hand, after a restore",
    ),
    (
        r#"WHERE "profile_change"."decided_at" IS NOT NULL ORDER BY "profile_change"."id""#,
        "all but the last two days' are decided",
    ),
];

/// Indexes that hold nothing but what is asked for by them: whoever reads all of one reads no more than that.
const IN_PART: [&str; 3] = ["submission_waiting", "notice_waiting", "notice_settled"];

/// A database, and the statements of which the plan has been looked at.
pub struct Plans {
    url: String,
    seen: Mutex<BTreeSet<String>>,
}

impl Plans {
    pub fn of(url: String) -> Self {
        Self {
            url,
            seen: Mutex::default(),
        }
    }

    /// Panics, in the task that asked, when the plan is to read everything.
    pub fn look(&self, asked: &Asked<'_>) {
        let reads = ["SELECT", "UPDATE", "DELETE", "WITH"];
        let is_new = || self.seen.lock().unwrap().insert(asked.sql.to_owned());
        if asked.failed || !reads.iter().any(|verb| asked.sql.starts_with(verb)) || !is_new() {
            return;
        }
        if MAY_SCAN.iter().any(|(part, _)| asked.sql.contains(part)) {
            return;
        }
        let plan = thread::scope(|scope| scope.spawn(|| self.plan(asked)).join().unwrap());
        if only_as_far_as_wanted(asked.sql, &plan) {
            return;
        }
        let whole: Vec<&String> = plan.iter().filter(|line| is_whole(line)).collect();
        assert!(
            !goes_through_the_key(&plan),
            "a question that goes through the primary key:\n{}\n{plan:#?}",
            asked.sql
        );
        assert!(
            !begins_elsewhere(asked.sql, &plan),
            "a question that looks again at what was looked at before:\n{}\n{plan:#?}",
            asked.sql
        );
        assert!(
            whole.is_empty(),
            "a question without an index:\n{}\n{whole:#?}",
            asked.sql
        );
    }

    /// As the database says it would go about it, on a connection of its own: what is asked may be in the middle of a transaction.
    #[tokio::main(flavor = "current_thread")]
    async fn plan(&self, asked: &Asked<'_>) -> Vec<String> {
        let mut options = ConnectOptions::new(self.url.clone());
        options.max_connections(1).sqlx_logging(false);
        let connection = Database::connect(options).await.unwrap();
        let (explain, column) = if asked.of_sqlite {
            ("EXPLAIN QUERY PLAN", "detail")
        } else {
            // Tables of tests are so small that reading all of one is the best plan; forbidden, it is chosen only where there is no other.
            connection
                .execute_unprepared("SET enable_seqscan = off")
                .await
                .unwrap();
            ("EXPLAIN", "QUERY PLAN")
        };
        let statement = format!("{explain} {}", asked.with_values());
        let backend = connection.get_database_backend();
        let rows = connection
            .query_all_raw(Statement::from_string(backend, statement))
            .await
            .unwrap();
        let lines = rows.iter().map(|row| row.try_get("", column).unwrap());
        let lines = lines.collect();
        connection.close().await.unwrap();
        lines
    }
}

/// Whether rows are taken in an order that is there already, and no more of them than are wanted.
fn only_as_far_as_wanted(sql: &str, plan: &[String]) -> bool {
    let sorts = |line: &String| line.contains("TEMP B-TREE") || line.contains("Sort");
    !sql.contains(" WHERE ") && sql.contains(" LIMIT ") && !plan.iter().any(sorts)
}

/// Whether PostgreSQL goes along a primary key from one end and looks at each row for what is asked.
fn goes_through_the_key(plan: &[String]) -> bool {
    let along_key = |line: &String| line.contains("Scan using") && line.contains("_pkey on");
    plan.iter().enumerate().any(|(at, line)| {
        let of_it = plan
            .iter()
            .skip(at + 1)
            .take_while(|line| !line.contains("->"));
        let says = |what| of_it.clone().any(|line| line.contains(what));
        along_key(line) && says("Filter:") && !says("Index Cond:")
    })
}

/// Whether SQLite begins at another bound than the place from which the question goes on.
fn begins_elsewhere(sql: &str, plan: &[String]) -> bool {
    let searches = |line: &&String| line.starts_with("SEARCH ");
    let mut found = plan.iter().filter(searches);
    sql.contains(") > (") && found.any(|line| !line.contains(")>("))
}

/// Whether a line of a plan reads a table or an index from end to end.
fn is_whole(line: &str) -> bool {
    let line = line.trim_start().trim_start_matches("->").trim_start();
    let constant =
        line.contains("CONSTANT ROW") || line.contains("SUBQUERY") || line.contains("json_each");
    let in_part = IN_PART.iter().any(|index| line.contains(index));
    line.starts_with("Seq Scan") || line.starts_with("SCAN ") && !constant && !in_part
}
