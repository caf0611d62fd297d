//! Column types that both databases keep alike: identifiers as `uuid`, instants as whole microseconds since 1970 UTC, never as text.

use sea_orm_migration::prelude::*;

/// The primary key.
pub fn id(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .uuid()
        .not_null()
        .primary_key()
        .take()
}

/// Another record's identifier.
pub fn reference(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).uuid().not_null().take()
}

/// Another record's identifier, or none.
pub fn maybe_reference(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).uuid().take()
}

/// An instant.
pub fn instant(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .big_integer()
        .not_null()
        .take()
}

/// An instant, or none.
pub fn maybe_instant(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().take()
}

/// A number.
pub fn number(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .big_integer()
        .not_null()
        .take()
}

/// A number, or none.
pub fn maybe_number(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).big_integer().take()
}

/// Text.
pub fn text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().not_null().take()
}

/// Text, or none.
pub fn maybe_text(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).text().take()
}

/// Yes or no, or not known.
pub fn maybe_flag(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).boolean().take()
}

/// A digest.
pub fn digest(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name))
        .binary_len(32)
        .not_null()
        .take()
}

/// Bytes.
pub fn bytes(name: &str) -> ColumnDef {
    ColumnDef::new(Alias::new(name)).blob().not_null().take()
}

/// A table of that name with those columns.
pub fn table(name: &str, columns: Vec<ColumnDef>) -> TableCreateStatement {
    let mut table = Table::create().table(Alias::new(name)).to_owned();
    for mut column in columns {
        table.col(&mut column);
    }
    table
}

/// An index over those columns.
pub fn index(table: &str, columns: &[&str]) -> IndexCreateStatement {
    let mut index = Index::create()
        .name(format!("{table}_{}", columns.join("_")))
        .table(Alias::new(table))
        .to_owned();
    for column in columns {
        index.col(Alias::new(*column));
    }
    index
}

/// An index that allows each value once.
pub fn unique(table: &str, columns: &[&str]) -> IndexCreateStatement {
    index(table, columns).unique().to_owned()
}
