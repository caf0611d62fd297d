//! Arrows point inward: apps → adapters → application → domain. One table has every dependency inside the workspace that the
//! architecture allows, and the only outside crates that the two inner ones may name.

use serde_json::Value;

use crate::step::{Outcome, cargo, output_of};

/// A package, what it may depend on of ours, and, for the inner two, of others'.
const ARROWS: &[(&str, &[&str])] = &[
    (
        "domain",
        &[
            "secrecy",
            "subtle",
            "thiserror",
            "time",
            "unicode-normalization",
            "uuid",
        ],
    ),
    (
        "application",
        &[
            "domain",
            "async-trait",
            "bytes",
            "futures-util",
            "secrecy",
            "sha2",
            "thiserror",
            "time",
            "tokio",
            "tracing",
            "uuid",
        ],
    ),
    ("contract", &["application", "domain"]),
    ("wording", &[]),
    ("memory", &["application", "domain"]),
    ("storage", &["application", "domain"]),
    ("documents", &["application", "domain"]),
    ("scanning", &["application", "domain"]),
    ("sign-in", &["application", "domain"]),
    ("email", &["application", "domain"]),
    ("time-zones", &["domain"]),
    ("web", &["application", "domain"]),
    (
        "assembly",
        &[
            "application",
            "domain",
            "documents",
            "email",
            "migrations",
            "scanning",
            "sign-in",
            "storage",
            "time-zones",
            "web",
        ],
    ),
    ("portal", &["assembly"]),
    ("jobs", &["assembly"]),
    ("migrations", &[]),
    ("xtask", &[]),
];

/// The crates in which outside crates are counted too.
const INNER: [&str; 2] = ["domain", "application"];

/// Build-dependencies of ours that are allowed: words are compiled in.
const BUILD: [(&str, &str); 2] = [("web", "wording"), ("email", "wording")];

/// Fails on the first arrows that point the wrong way, all of them at once.
pub fn check() -> Outcome {
    let metadata = output_of(&mut cargo(&["metadata", "--no-deps", "--format-version=1"]))?;
    let metadata: Value =
        serde_json::from_str(&metadata).map_err(|error| format!("cargo metadata: {error}"))?;
    let wrong = wrong_arrows(&metadata);
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "\n  {}\nThe table is in xtask/src/arrows.rs.",
            wrong.join("\n  ")
        ))
    }
}

fn wrong_arrows(metadata: &Value) -> Vec<String> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let packages = list(&metadata["packages"]);
    let name_of = |value: &Value| value["name"].as_str().unwrap_or_default().to_owned();
    let ours: Vec<String> = packages.iter().map(name_of).collect();
    let mut wrong = Vec::new();
    for package in &packages {
        let name = name_of(package);
        let Some((_, allowed)) = ARROWS.iter().find(|(known, _)| *known == name) else {
            wrong.push(format!("{name} is not in the table"));
            continue;
        };
        for dependency in list(&package["dependencies"]) {
            let to = name_of(&dependency);
            let counts = ours.contains(&to) || INNER.contains(&name.as_str());
            let fine = match dependency.get("kind").and_then(Value::as_str) {
                None => !counts || allowed.contains(&to.as_str()),
                Some("build") => {
                    !ours.contains(&to) || BUILD.contains(&(name.as_str(), to.as_str()))
                }
                // What tests use is nobody's architecture, but the domain's tests must do without the rest of the house.
                _ => name != "domain" || !ours.contains(&to),
            };
            if !fine {
                wrong.push(format!("{name} must not depend on {to}"));
            }
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::wrong_arrows;

    fn package(name: &str, to: &str, kind: Option<&str>) -> serde_json::Value {
        json!({"packages": [{"name": name, "dependencies": [{"name": to, "kind": kind}]}, {"name": to, "dependencies": []}]})
    }

    #[test]
    fn an_arrow_outward_is_wrong() {
        assert_eq!(
            wrong_arrows(&package("domain", "storage", None)),
            ["domain must not depend on storage"]
        );
    }

    #[test]
    fn an_adapter_must_not_know_another() {
        assert_eq!(
            wrong_arrows(&package("web", "storage", None)),
            ["web must not depend on storage"]
        );
    }

    #[test]
    fn the_inner_crates_name_few_outside_crates() {
        let metadata = json!({"packages": [{"name": "domain", "dependencies": [{"name": "tokio", "kind": null}]}]});
        assert_eq!(wrong_arrows(&metadata), ["domain must not depend on tokio"]);
    }

    #[test]
    fn a_new_package_must_be_put_in_the_table() {
        assert_eq!(
            wrong_arrows(&json!({"packages": [{"name": "new", "dependencies": []}]})),
            ["new is not in the table"]
        );
    }

    #[test]
    fn tests_of_an_adapter_may_use_the_contract() {
        assert!(wrong_arrows(&package("storage", "contract", Some("dev"))).is_empty());
    }
}
