//! Which crate may depend on which. Arrows point inward: apps, adapters, application, domain. The table below is the one place
//! that says so; a new arrow is a decision, and is made here.

use crate::failure::Failure;
use crate::workspace::{Dependency, Kind, Package, Workspace};

/// What one package may name in its manifest.
struct Row {
    package: &'static str,
    /// Packages of this workspace that it may use.
    uses: &'static [&'static str],
    /// Further packages of this workspace that its build script may use.
    builds_with: &'static [&'static str],
    /// Further packages of this workspace that its tests may use.
    tests_with: Tests,
    /// The only crates from outside that it may use. `None`: it may choose. Tests may always choose.
    outside: Option<&'static [&'static str]>,
}

enum Tests {
    With(&'static [&'static str]),
    /// The outermost crates see everything anyway.
    WithAnything,
}

const INWARD: &[&str] = &["application", "domain", "receipts"];
const NOTHING: &[&str] = &[];

const fn adapter(package: &'static str) -> Row {
    let tests_with = Tests::With(&["contract", "migrations"]);
    Row {
        package,
        uses: INWARD,
        builds_with: NOTHING,
        tests_with,
        outside: None,
    }
}

const fn alone(package: &'static str) -> Row {
    Row {
        package,
        uses: NOTHING,
        builds_with: NOTHING,
        tests_with: Tests::With(NOTHING),
        outside: None,
    }
}

const fn app(package: &'static str, uses: &'static [&'static str]) -> Row {
    Row {
        package,
        uses,
        builds_with: NOTHING,
        tests_with: Tests::WithAnything,
        outside: None,
    }
}

/// Every arrow inside the workspace, and the only outside crates that the two inner ones may name.
const TABLE: &[Row] = &[
    Row {
        outside: Some(&[
            "secrecy",
            "subtle",
            "thiserror",
            "time",
            "unicode-normalization",
            "uuid",
        ]),
        ..alone("domain")
    },
    Row {
        outside: Some(&[
            "base64",
            "ed25519-dalek",
            "serde",
            "serde_json",
            "sha1", // the upload protocol asks for it, beside SHA-256
            "sha2",
            "thiserror",
        ]),
        ..alone("receipts")
    },
    Row {
        package: "application",
        uses: &["domain", "receipts"],
        builds_with: NOTHING,
        tests_with: Tests::With(&["contract"]),
        outside: Some(&[
            "async-trait",
            "bytes",
            "futures-util",
            "secrecy",
            "sha1", // the upload protocol asks for it, beside SHA-256
            "sha2",
            "thiserror",
            "time",
            "tokio",
            "tracing",
            "uuid",
        ]),
    },
    Row {
        uses: INWARD,
        ..alone("contract")
    },
    alone("wording"),
    // Parts of tests: what programs and adapters are tried with.
    alone("rehearsal"),
    Row {
        // One reader of what the case management system sends, by whichever way it comes.
        uses: &["domain"],
        ..alone("case-object")
    },
    Row {
        uses: &["application", "case-object", "domain"],
        ..adapter("case-files")
    },
    // Sockets and framing; it knows nothing of what is asked.
    alone("listener"),
    adapter("storage"),
    Row {
        tests_with: Tests::With(&["contract", "rehearsal"]),
        ..adapter("documents")
    },
    adapter("scanning"),
    adapter("caught"),
    adapter("rolls"),
    adapter("sign-in-services"),
    Row {
        builds_with: &["wording"],
        ..adapter("text-messages")
    },
    Row {
        builds_with: &["wording"],
        // Its snapshots tell days, and days need a real zone; its mailbox needs a box.
        tests_with: Tests::With(&[
            "caught",
            "contract",
            "migrations",
            "rehearsal",
            "time-zones",
        ]),
        ..adapter("email")
    },
    Row {
        uses: &["domain"],
        ..adapter("time-zones")
    },
    Row {
        uses: &["domain"],
        ..adapter("numbering-plans")
    },
    Row {
        uses: &["application", "case-object", "domain", "receipts"],
        builds_with: &["wording"],
        tests_with: Tests::With(&["contract", "migrations", "storage"]),
        ..adapter("web")
    },
    app(
        "assembly",
        &[
            "application",
            "case-files",
            "caught",
            "documents",
            "domain",
            "email",
            "listener",
            "migrations",
            "numbering-plans",
            "receipts",
            "rolls",
            "scanning",
            "sign-in-services",
            "storage",
            "text-messages",
            "time-zones",
            "web",
        ],
    ),
    Row {
        builds_with: &["wording"],
        ..app("portal", &["application", "assembly", "domain", "receipts"])
    },
    app("jobs", &["application", "assembly", "domain"]),
    // Measures what the others do; nothing depends on it, and records are filled from the contract's samples.
    app(
        "bench",
        &[
            "application",
            "assembly",
            "contract",
            "domain",
            "storage",
            "web",
        ],
    ),
    alone("migrations"),
    alone("xtask"),
];

/// Compares the workspace with the table.
pub fn check(workspace: &Workspace) -> Result<(), Failure> {
    Failure::unless_empty(
        &faults(&workspace.packages),
        "Arrows point inward (apps, adapters, application, domain). If one must be new, the table in xtask/src/arrows.rs is where it is decided.",
    )
}

fn faults(packages: &[Package]) -> Vec<String> {
    let ours: Vec<&str> = packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    let mut faults = Vec::new();
    for package in packages {
        match TABLE.iter().find(|row| row.package == package.name) {
            None => faults.push(format!("{}: not in the table", package.name)),
            Some(row) => faults.extend(
                package
                    .dependencies
                    .iter()
                    .filter(|dependency| !row.allows(dependency, &ours))
                    .map(|dependency| {
                        let kind = match dependency.kind {
                            Kind::Normal => "dependency",
                            Kind::Build => "build-dependency",
                            Kind::Dev => "dev-dependency",
                        };
                        format!(
                            "{} -> {} ({kind}): not in the table",
                            package.name, dependency.name
                        )
                    }),
            ),
        }
    }
    let gone = TABLE.iter().filter(|row| !ours.contains(&row.package));
    faults
        .extend(gone.map(|row| format!("{}: in the table, but not in the workspace", row.package)));
    faults
}

impl Row {
    fn allows(&self, dependency: &Dependency, ours: &[&str]) -> bool {
        let name = dependency.name.as_str();
        if !ours.contains(&name) {
            return dependency.kind == Kind::Dev
                || self.outside.is_none_or(|outside| outside.contains(&name));
        }
        match dependency.kind {
            Kind::Normal => self.uses.contains(&name),
            Kind::Build => self.builds_with.contains(&name),
            Kind::Dev => match self.tests_with {
                Tests::With(further) => self.uses.contains(&name) || further.contains(&name),
                Tests::WithAnything => true,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The workspace as the table has it, with one more dependency.
    fn with(package: &str, name: &str, kind: Kind) -> Vec<String> {
        let packages: Vec<Package> = TABLE
            .iter()
            .map(|row| Package {
                name: row.package.to_owned(),
                manifest: "Cargo.toml".into(),
                dependencies: if row.package == package {
                    vec![Dependency {
                        name: name.to_owned(),
                        kind,
                        optional: false,
                    }]
                } else {
                    Vec::new()
                },
            })
            .collect();
        faults(&packages)
    }

    #[test]
    fn arrows_that_point_inward_pass() {
        for (package, name) in [
            ("application", "domain"),
            ("storage", "domain"),
            ("assembly", "web"),
            ("portal", "assembly"),
        ] {
            assert_eq!(
                with(package, name, Kind::Normal),
                NOTHING,
                "{package} -> {name}"
            );
        }
    }

    #[test]
    fn arrows_that_point_outward_or_sideways_fail() {
        for (package, name) in [
            ("domain", "application"),
            ("application", "storage"),
            ("web", "storage"),
            ("portal", "storage"),
        ] {
            assert_eq!(
                with(package, name, Kind::Normal),
                [format!(
                    "{package} -> {name} (dependency): not in the table"
                )]
            );
        }
    }

    #[test]
    fn wording_is_for_build_scripts_of_those_who_speak() {
        assert_eq!(with("web", "wording", Kind::Build), NOTHING);
        assert_eq!(with("web", "wording", Kind::Normal).len(), 1);
        assert_eq!(with("storage", "wording", Kind::Build).len(), 1);
    }

    #[test]
    fn tests_see_more_than_the_code_does() {
        assert_eq!(with("storage", "migrations", Kind::Dev), NOTHING);
        assert_eq!(with("web", "storage", Kind::Dev), NOTHING);
        assert_eq!(with("email", "storage", Kind::Dev).len(), 1);
        assert_eq!(with("jobs", "storage", Kind::Dev), NOTHING);
        assert_eq!(with("domain", "contract", Kind::Dev).len(), 1);
    }

    #[test]
    fn the_inner_crates_choose_from_a_list_and_their_tests_freely() {
        assert_eq!(with("domain", "uuid", Kind::Normal), NOTHING);
        assert_eq!(with("domain", "serde", Kind::Normal).len(), 1);
        assert_eq!(with("domain", "cc", Kind::Build).len(), 1);
        assert_eq!(with("domain", "proptest", Kind::Dev), NOTHING);
        assert_eq!(with("application", "sea-orm", Kind::Normal).len(), 1);
        assert_eq!(with("storage", "sea-orm", Kind::Normal), NOTHING);
    }

    #[test]
    fn a_package_that_the_table_does_not_know_fails_and_so_does_one_that_is_gone() {
        let stranger = Package {
            name: "shared".to_owned(),
            manifest: "Cargo.toml".into(),
            dependencies: Vec::new(),
        };
        let faults = faults(&[stranger]);
        assert_eq!(faults.len(), 1 + TABLE.len());
        assert_eq!(faults[0], "shared: not in the table");
    }
}
