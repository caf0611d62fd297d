//! The audit trail in the hands of somebody who has the database (SEC-2).

use serde_json::json as object;

use crate::portal::Demonstration;

/// SEC-2: the database refuses to change the trail; whoever takes its guards away and edits, removes or swaps entries is found out, and
/// the entry is named.
#[tokio::test]
async fn tampering_with_the_audit_trail_is_found() {
    let demonstration = Demonstration::start();
    demonstration.sign_in("counsel-a").await;
    demonstration.advance("1m").await;
    let refused = demonstration
        .sql("UPDATE audit SET action = 'nothing' WHERE position = 2")
        .await;
    assert!(refused.contains("append-only"), "{refused}");
    assert_eq!(demonstration.verified(), object!([]));
    let triggers = "DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete; DROP TRIGGER audit_seal_no_update; DROP TRIGGER audit_seal_no_delete;";
    demonstration.sql(triggers).await;
    demonstration
        .sql("UPDATE audit SET action = 'nothing' WHERE position = 2")
        .await;
    assert_eq!(demonstration.verified(), object!([{ "changed": 2 }]));
    demonstration
        .sql("DELETE FROM audit WHERE position = 3")
        .await;
    assert_eq!(
        demonstration.verified(),
        object!([{ "changed": 2 }, { "removed": 3 }])
    );
    let swap = "UPDATE audit_seal SET position = -position WHERE number IN (4, 5); \
         UPDATE audit_seal SET position = CASE number WHEN 4 THEN 5 ELSE 4 END WHERE number IN (4, 5)";
    demonstration.sql(swap).await;
    let found = demonstration.verified();
    assert_eq!(found.as_array().unwrap().len(), 4, "{found}");
    demonstration
        .sql("DELETE FROM audit_seal WHERE number = 1")
        .await;
    assert_eq!(demonstration.verified()[0], object!({ "seal_removed": 1 }));
}
