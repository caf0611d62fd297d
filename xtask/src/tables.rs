//! Files in TOML, such as cargo's manifests and lock files, as tables. Knows nothing of what is in them.

use std::fs;
use std::path::Path;

use toml::{Table, Value};

use crate::failure::Failure;

/// The table that a file holds.
pub fn read(file: &Path) -> Result<Table, Failure> {
    let unreadable = |why: String| Failure::new(format!("{}: {why}", file.display()));
    let text = fs::read_to_string(file).map_err(|error| unreadable(error.to_string()))?;
    toml::from_str(&text).map_err(|error| unreadable(error.to_string()))
}

/// Each entry of a list in a table, as `[[name]]` writes them; none where there is no such list.
pub fn each<'a>(table: &'a Table, name: &str) -> impl Iterator<Item = &'a Value> {
    let list = table.get(name).and_then(Value::as_array);
    list.into_iter().flatten()
}
