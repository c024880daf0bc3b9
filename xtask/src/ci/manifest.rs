//! The workspace's packages and what they declare to depend on, as cargo sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use anyhow::Context;
use serde::Deserialize;

use crate::step;
use crate::workspace::{cargo, root};

/// Declared edges from `cargo metadata`, and the whole graph from `Cargo.lock`.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifest {
    /// The workspace's own packages.
    pub(crate) packages: Vec<Package>,
    /// Where cargo builds.
    pub(crate) target_directory: PathBuf,
    /// Package → packages that it needs, over every feature and platform, by name.
    #[serde(skip)]
    pub(crate) locked: BTreeMap<String, BTreeSet<String>>,
}

/// One of the workspace's packages.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: String,
    /// Its version.
    pub(crate) version: String,
    /// What it declares to depend on.
    pub(crate) dependencies: Vec<Dependency>,
    /// Its features and what each of them switches on.
    #[serde(default)]
    pub(crate) features: BTreeMap<String, Vec<String>>,
    /// The registries that it may be published to: none where `publish = false`.
    pub(crate) publish: Option<Vec<String>>,
}

/// A declared dependency.
#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    /// The package's name.
    pub(crate) name: String,
    /// The version requirement.
    pub(crate) req: String,
    /// `dev`, `build`, or nothing for a normal one.
    pub(crate) kind: Option<String>,
    /// The features that are switched on.
    #[serde(default)]
    pub(crate) features: Vec<String>,
}

impl Manifest {
    /// Asks cargo, without building or downloading anything.
    ///
    /// # Errors
    /// Cargo fails, or `Cargo.lock` cannot be read.
    pub(crate) fn read() -> anyhow::Result<Self> {
        let mut command = cargo(&["metadata", "--locked", "--no-deps", "--format-version", "1"]);
        let text = step::output(&mut command)?;
        let mut manifest: Self = serde_json::from_str(&text).context("cargo metadata")?;
        let path = root().join("Cargo.lock");
        let lock =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        manifest.locked = locked(&lock).with_context(|| path.display().to_string())?;
        Ok(manifest)
    }

    /// Everything that the package needs, directly or through others.
    pub(crate) fn reached_from(&self, package: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![package];
        while let Some(name) = waiting.pop() {
            for needed in self.locked.get(name).into_iter().flatten() {
                if reached.insert(needed.as_str()) {
                    waiting.push(needed);
                }
            }
        }
        reached
    }
}

#[derive(Deserialize)]
struct Lock {
    package: Vec<LockedPackage>,
}

#[derive(Deserialize)]
struct LockedPackage {
    name: String,
    #[serde(default)]
    dependencies: Vec<String>,
}

/// Several versions of a package are taken as one: the graph means "may need".
fn locked(text: &str) -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let lock: Lock = toml::from_str(text)?;
    let mut graph: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for package in lock.package {
        let needed = package.dependencies.iter().filter_map(|line| line.split(' ').next());
        graph.entry(package.name).or_default().extend(needed.map(str::to_owned));
    }
    Ok(graph)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_gives_everything_that_a_package_may_need() {
        let text = r#"
            version = 4
            [[package]]
            name = "a"
            version = "1.0.0"
            dependencies = ["b 2.0.0", "c"]
            [[package]]
            name = "b"
            version = "2.0.0"
            dependencies = ["d"]
            [[package]]
            name = "d"
            version = "1.0.0"
            dependencies = ["a"]
        "#;
        let manifest = Manifest {
            packages: Vec::new(),
            target_directory: PathBuf::new(),
            locked: locked(text).unwrap(),
        };
        assert_eq!(manifest.reached_from("a"), BTreeSet::from(["a", "b", "c", "d"]));
        assert!(manifest.reached_from("c").is_empty());
    }
}
