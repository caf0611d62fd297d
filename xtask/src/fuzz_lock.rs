//! Whether `fuzz/Cargo.lock` still knows what our packages take. The fuzz targets are a workspace of their own, which no other build looks at,
//! and `cargo xtask fuzz` holds cargo to what is locked: a package that takes something new would stop it, long after that was landed.

use std::collections::BTreeSet;

use toml::{Table, Value};

use crate::failure::Failure;
use crate::tables;
use crate::workspace::{Kind, Package, Workspace};

/// What each package that the targets are built from takes and the lock file does not say, or the other way round.
pub fn faults(workspace: &Workspace) -> Result<Vec<String>, Failure> {
    let lock = tables::read(&workspace.root.join("fuzz/Cargo.lock"))?;
    Ok(stale(&lock, &workspace.packages))
}

fn stale(lock: &Table, packages: &[Package]) -> Vec<String> {
    // What comes from a registry bears its source, and is not ours to compare.
    let ours = tables::each(lock, "package").filter(|package| package.get("source").is_none());
    let fault = |locked: &Value| {
        let name = locked.get("name")?.as_str()?;
        let package = packages.iter().find(|package| package.name == name)?;
        differ(package, locked).then(|| {
            format!("fuzz/Cargo.lock: `{name}` takes other packages than it says; `cargo metadata --manifest-path fuzz/Cargo.toml` writes it anew")
        })
    };
    ours.filter_map(fault).collect()
}

/// Whether the package takes something that its lock file does not list, or no longer takes something that it lists. What it takes only when
/// asked to may be listed or not.
fn differ(package: &Package, locked: &Value) -> bool {
    let listed = locked.get("dependencies").and_then(Value::as_array);
    // Where two versions are locked the version stands behind the name.
    let name = |entry: &Value| Some(entry.as_str()?.split(' ').next()?.to_owned());
    let listed: BTreeSet<String> = listed.into_iter().flatten().filter_map(name).collect();
    let takes = || {
        let all = package.dependencies.iter();
        all.filter(|dependency| dependency.kind != Kind::Dev)
    };
    let lacks = |dependency: &str| !listed.contains(dependency);
    let is_taken = |listed: &String| takes().any(|dependency| dependency.name == *listed);
    takes().any(|dependency| !dependency.optional && lacks(&dependency.name))
        || !listed.iter().all(is_taken)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn web(optional: bool) -> Vec<Package> {
        let metadata = json!({
            "workspace_root": "/here", "target_directory": "/here/target",
            "packages": [{ "name": "web", "manifest_path": "/here/web/Cargo.toml", "dependencies": [
                { "name": "poem", "kind": null, "optional": false }, { "name": "governor", "kind": null, "optional": optional },
                { "name": "contract", "kind": "dev", "optional": false },
            ] }],
        });
        Workspace::from_metadata(&metadata).unwrap().packages
    }

    fn found(dependencies: &str, packages: &[Package]) -> usize {
        let lock = format!(
            "[[package]]\nname = \"web\"\ndependencies = {dependencies}\n[[package]]\nname = \"poem\"\nsource = \"registry\"\n"
        );
        stale(&toml::from_str(&lock).unwrap(), packages).len()
    }

    #[test]
    fn a_lock_file_that_says_what_a_package_takes_is_current() {
        assert_eq!(found(r#"["governor", "poem 3.1.12"]"#, &web(false)), 0);
        for one in [r#"["poem"]"#, r#"["governor", "poem"]"#] {
            assert_eq!(
                found(one, &web(true)),
                0,
                "what is only taken when asked for"
            );
        }
    }

    #[test]
    fn something_new_and_something_gone_are_found() {
        assert_eq!(found(r#"["poem"]"#, &web(false)), 1);
        assert_eq!(found(r#"["csv", "governor", "poem"]"#, &web(false)), 1);
    }
}
