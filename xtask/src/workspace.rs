//! The workspace as `cargo metadata` tells it: where it lies, its packages, and what each depends on.

use std::path::PathBuf;

use serde_json::Value;

use crate::failure::Failure;
use crate::tool;

/// This workspace.
#[derive(Debug)]
pub struct Workspace {
    /// The repository's top folder.
    pub root: PathBuf,
    /// Where cargo builds.
    pub target: PathBuf,
    /// Every member.
    pub packages: Vec<Package>,
}

/// One member of the workspace.
#[derive(Debug)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its `Cargo.toml`.
    pub manifest: PathBuf,
    /// What it names in its `Cargo.toml`, for every target.
    pub dependencies: Vec<Dependency>,
}

/// One line of a manifest's dependencies.
#[derive(Debug)]
pub struct Dependency {
    /// The package depended on.
    pub name: String,
    /// What for.
    pub kind: Kind,
    /// Whether it is only taken by who asks for a feature.
    pub optional: bool,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The package itself.
    Normal,
    /// Its build script.
    Build,
    /// Its tests.
    Dev,
}

impl Workspace {
    /// Asks cargo.
    pub fn load() -> Result<Self, Failure> {
        let told = tool::read(&mut tool::cargo(&[
            "metadata",
            "--no-deps",
            "--format-version=1",
        ]))?;
        serde_json::from_str(&told)
            .ok()
            .and_then(|metadata| Self::from_metadata(&metadata))
            .ok_or_else(|| Failure::new("`cargo metadata` answered in a form not known here"))
    }

    /// Reads cargo's answer; `None` if it is not in the form that cargo documents.
    pub fn from_metadata(metadata: &Value) -> Option<Self> {
        Some(Self {
            root: metadata.get("workspace_root")?.as_str()?.into(),
            target: metadata.get("target_directory")?.as_str()?.into(),
            packages: metadata
                .get("packages")?
                .as_array()?
                .iter()
                .map(package)
                .collect::<Option<_>>()?,
        })
    }
}

fn package(package: &Value) -> Option<Package> {
    Some(Package {
        name: package.get("name")?.as_str()?.to_owned(),
        manifest: package.get("manifest_path")?.as_str()?.into(),
        dependencies: package
            .get("dependencies")?
            .as_array()?
            .iter()
            .map(dependency)
            .collect::<Option<_>>()?,
    })
}

fn dependency(dependency: &Value) -> Option<Dependency> {
    let kind = match dependency.get("kind")?.as_str() {
        None => Kind::Normal,
        Some("build") => Kind::Build,
        Some("dev") => Kind::Dev,
        Some(_) => return None,
    };
    Some(Dependency {
        name: dependency.get("name")?.as_str()?.to_owned(),
        kind,
        optional: dependency.get("optional")?.as_bool()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn metadata_is_read_with_the_kind_of_each_dependency() {
        let metadata = json!({
            "workspace_root": "/here", "target_directory": "/here/target",
            "packages": [{ "name": "web", "manifest_path": "/here/web/Cargo.toml", "dependencies": [
                { "name": "domain", "kind": null, "optional": false }, { "name": "wording", "kind": "build", "optional": false },
                { "name": "contract", "kind": "dev", "optional": false },
            ] }],
        });
        let workspace = Workspace::from_metadata(&metadata).unwrap();
        let kinds: Vec<Kind> = workspace.packages[0]
            .dependencies
            .iter()
            .map(|dependency| dependency.kind)
            .collect();
        assert_eq!(kinds, [Kind::Normal, Kind::Build, Kind::Dev]);
    }

    #[test]
    fn an_unknown_form_is_refused() {
        assert!(Workspace::from_metadata(&json!({ "packages": [] })).is_none());
    }
}
