//! What comes from outside: whether its licences, its sources and the packages themselves are those that `deny.toml` allows, by cargo-deny. Known
//! faults are looked up only when asked for, as that takes the advisories' database from the network.

use crate::failure::Failure;
use crate::tool;

const PROGRAM: &str = "cargo-deny";

/// Whether this machine has cargo-deny; it takes minutes to build, so tests do without where it is missing.
pub fn is_there() -> bool {
    tool::on_path(PROGRAM).is_some()
}

/// Checks the tree in `Cargo.lock`.
pub fn check(advisories: bool) -> Result<(), Failure> {
    if !is_there() {
        let message = "this takes cargo-deny: `cargo install --locked cargo-deny`, or a package of your system";
        return Err(Failure::new(message));
    }
    let mut words = vec![
        "deny",
        "--locked",
        "check",
        "--hide-inclusion-graph",
        "bans",
        "licenses",
        "sources",
    ];
    if advisories {
        words.push("advisories");
    }
    tool::read(&mut tool::cargo(&words)).map(drop)
}
