//! The reference tribunal, Canada's Immigration and Refugee Board: what holds where an operator says nothing.

/// Its names, time limits, divisions, regions, document types and orders, as an operator would write them.
pub const TOML: &str = include_str!("reference.toml");
