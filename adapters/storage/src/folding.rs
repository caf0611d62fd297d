//! What people write in capitals or not, such as an e-mail address or a membership number, found either way.
//!
//! SQLite's `lower()` folds ASCII letters alone, PostgreSQL's as many as the database's locale knows. Both leave a text that has no capitals
//! but ASCII ones as Rust does, so a text is looked for as both would fold it. Other letters are compared as they are: mail systems fold
//! domains, of which the portal keeps no capitals, and no box is known by `É` that is written `é`. What PostgreSQL finds beyond that is left
//! out by the domain's own comparison.

use sea_orm::ExprTrait;
use sea_orm::sea_query::{Expr, Func, SimpleExpr};

/// Whether the column says `text`, capitals aside. There MUST be an index over the column's `lower()`.
pub(crate) fn like(column: impl Into<SimpleExpr>, text: &str) -> SimpleExpr {
    let folded = [text.to_ascii_lowercase(), text.to_lowercase()];
    Expr::expr(Func::lower(column)).is_in(folded)
}
