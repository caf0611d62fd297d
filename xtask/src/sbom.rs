//! What is in the programs: every package that `portal` and `jobs` are built from, with version, licence and digest, in `CycloneDX` 1.5. Made
//! from what cargo itself resolved; the same tree gives the same document.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::{Value, json};

use crate::failure::Failure;
use crate::workspace::Workspace;
use crate::{tables, tool};

/// The programs that are shipped.
pub const PROGRAMS: [&str; 2] = ["portal", "jobs"];

/// The document, for programs of `version` for this machine.
pub fn document(workspace: &Workspace, version: &str) -> Result<Value, Failure> {
    let host = host()?;
    let told = tool::read(&mut tool::cargo(&[
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform",
        &host,
    ]))?;
    let lock = fs::read_to_string(workspace.root.join("Cargo.lock"))
        .map_err(|error| Failure::new(format!("Cargo.lock: {error}")))?;
    serde_json::from_str(&told)
        .ok()
        .and_then(|metadata| from_metadata(&metadata, &digests(&lock), version))
        .ok_or_else(|| Failure::new("`cargo metadata` answered in a form that is not known here"))
}

/// The machine that cargo builds for.
fn host() -> Result<String, Failure> {
    let told = tool::read(std::process::Command::new("rustc").arg("-vV"))?;
    let host = told.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned)
        .ok_or_else(|| Failure::new("`rustc -vV` names no host"))
}

/// SHA-256 of each package as the registry gave it, by name and version.
fn digests(lock: &str) -> BTreeMap<(String, String), String> {
    let lock: toml::Table = toml::from_str(lock).unwrap_or_default();
    let text = |package: &toml::Value, key: &str| Some(package.get(key)?.as_str()?.to_owned());
    tables::each(&lock, "package")
        .filter_map(|package| {
            let named = (text(package, "name")?, text(package, "version")?);
            Some((named, text(package, "checksum")?))
        })
        .collect()
}

fn from_metadata(
    metadata: &Value,
    digests: &BTreeMap<(String, String), String>,
    version: &str,
) -> Option<Value> {
    let packages: BTreeMap<&str, &Value> = metadata
        .get("packages")?
        .as_array()?
        .iter()
        .filter_map(|package| Some((package.get("id")?.as_str()?, package)))
        .collect();
    let nodes: BTreeMap<&str, Vec<&str>> = metadata
        .pointer("/resolve/nodes")?
        .as_array()?
        .iter()
        .filter_map(|node| Some((node.get("id")?.as_str()?, built_from(node)?)))
        .collect();
    let name_of = |id: &str| packages.get(id)?.get("name")?.as_str();
    let mut wanted: Vec<&str> = nodes
        .keys()
        .copied()
        .filter(|id| name_of(id).is_some_and(|name| PROGRAMS.contains(&name)))
        .collect();
    let mut within = BTreeSet::new();
    while let Some(id) = wanted.pop() {
        if within.insert(id) {
            wanted.extend(nodes.get(id).into_iter().flatten());
        }
    }
    let reference = |id: &str| {
        let package = packages.get(id)?;
        let (name, version) = (package.get("name")?.as_str()?, package.get("version")?);
        Some(format!("pkg:cargo/{name}@{}", version.as_str()?))
    };
    let component = |id: &&str| {
        let package = packages.get(*id)?;
        let (name, version) = (
            package.get("name")?.as_str()?,
            package.get("version")?.as_str()?,
        );
        let purl = reference(id)?;
        let mut component = json!({
            "type": "library", "bom-ref": purl, "purl": purl, "name": name, "version": version,
        });
        let members = component.as_object_mut()?;
        if let Some(license) = package.get("license").and_then(Value::as_str) {
            // Before there were expressions, a slash stood for "or".
            let expression = license.replace('/', " OR ");
            members.insert("licenses".into(), json!([{ "expression": expression }]));
        }
        if let Some(digest) = digests.get(&(name.to_owned(), version.to_owned())) {
            let hash = json!([{ "alg": "SHA-256", "content": digest }]);
            members.insert("hashes".into(), hash);
        }
        Some(component)
    };
    let dependencies = within.iter().filter_map(|id| {
        let on = nodes.get(id)?.iter().filter_map(|on| reference(on));
        let on: BTreeSet<String> = on.collect();
        Some(json!({ "ref": reference(id)?, "dependsOn": on }))
    });
    Some(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": {
            "type": "application", "bom-ref": "mondossier", "name": "mondossier", "version": version,
        } },
        "components": within.iter().filter_map(component).collect::<Vec<_>>(),
        "dependencies": dependencies.collect::<Vec<_>>(),
    }))
}

/// What a package is built from: tests aside.
fn built_from(node: &Value) -> Option<Vec<&str>> {
    let mut on = Vec::new();
    for dependency in node.get("deps")?.as_array()? {
        let kinds = dependency.get("dep_kinds")?.as_array()?;
        let is_dev = |kind: &Value| kind.get("kind").and_then(Value::as_str) == Some("dev");
        if !kinds.iter().all(is_dev) {
            on.push(dependency.get("pkg")?.as_str()?);
        }
    }
    Some(on)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_are_built_from_is_listed_and_what_tests_need_is_not() {
        let metadata = json!({
            "packages": [
                { "id": "p", "name": "portal", "version": "0.1.0", "license": "EUPL-1.2" },
                { "id": "a", "name": "used", "version": "1.2.3", "license": "MIT/Apache-2.0" },
                { "id": "b", "name": "deep", "version": "2.0.0", "license": null },
                { "id": "t", "name": "tested-with", "version": "3.0.0" },
            ],
            "resolve": { "nodes": [
                { "id": "p", "deps": [
                    { "pkg": "a", "dep_kinds": [{ "kind": null }, { "kind": "dev" }] },
                    { "pkg": "t", "dep_kinds": [{ "kind": "dev" }] },
                ] },
                { "id": "a", "deps": [{ "pkg": "b", "dep_kinds": [{ "kind": "build" }] }] },
                { "id": "b", "deps": [] },
                { "id": "t", "deps": [] },
            ] },
        });
        let lock = "[[package]]\nname = \"used\"\nversion = \"1.2.3\"\nchecksum = \"ab\"\n";
        let document = from_metadata(&metadata, &digests(lock), "0.1.0").unwrap();
        let names = document["components"].as_array().unwrap().iter();
        let names: Vec<&str> = names.map(|one| one["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["used", "deep", "portal"]);
        let used = &document["components"][0];
        assert_eq!(used["purl"], "pkg:cargo/used@1.2.3");
        assert_eq!(used["hashes"][0]["content"], "ab");
        assert_eq!(used["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(
            document["dependencies"][0]["dependsOn"],
            json!(["pkg:cargo/deep@2.0.0"])
        );
    }
}
