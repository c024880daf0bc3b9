//! The rules on small hand-made workspaces.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use super::*;

/// A package from lines like `burn ^0.22.1 dev flex,std`: name, requirement, kind, features.
fn package(name: &str, edges: &[&str]) -> Package {
    let dependencies = edges
        .iter()
        .map(|line| {
            let mut words = line.split(' ');
            Dependency {
                name: words.next().unwrap().to_owned(),
                req: words.next().unwrap_or("^0.1.0").to_owned(),
                kind: words.next().filter(|kind| *kind != "normal").map(str::to_owned),
                features: words.next().unwrap_or("").split(',').map(str::to_owned).collect(),
            }
        })
        .collect();
    Package {
        name: name.to_owned(),
        version: "0.1.0".to_owned(),
        dependencies,
        features: BTreeMap::new(),
        publish: None,
    }
}

fn workspace(packages: Vec<Package>) -> Manifest {
    Manifest { packages, target_directory: PathBuf::new(), locked: BTreeMap::new() }
}

fn broken(packages: Vec<Package>) -> Vec<String> {
    broken_rules(&workspace(packages))
}

#[test]
fn the_intended_workspace_breaks_no_rule() {
    let packages = vec![
        package("gan-divergence", &["thiserror ^2.0"]),
        package("gan-core", &["burn ^0.22.1", "burn ^0.22.1 dev flex", "gan-divergence"]),
        package("gan-models", &["burn ^0.22.1 normal std", "gan-core"]),
        package("gan-data", &["burn-dataset ^0.22.1", "gan-batch"]),
        package("gan-cli", &["burn ^0.22.1 normal flex", "gan-core", "gan-data", "gan-models"]),
        package("xtask", &["anyhow ^1.0"]),
    ];
    assert_eq!(broken(packages), [""; 0]);
}

#[test]
fn each_forbidden_edge_is_named() {
    for (from, to) in [
        ("gan-divergence", "gan-core"),
        ("gan-core", "gan-data"),
        ("gan-models", "gan-data"),
        ("gan-data", "gan-core"),
        ("gan-batch", "gan-core"),
        ("gan-core", "gan-cli"),
        ("gan-cli", "xtask"),
        ("xtask", "gan-divergence"),
    ] {
        let packages = vec![package(from, &[to]), package(to, &[])];
        assert_eq!(broken(packages), [format!("{from} must not depend on {to}")]);
    }
}

#[test]
fn an_edge_for_tests_only_is_an_edge() {
    let packages = vec![package("gan-models", &["gan-data ^0.1.0 dev"]), package("gan-data", &[])];
    assert_eq!(broken(packages), ["gan-models must not depend on gan-data"]);
}

#[test]
fn a_new_crate_has_to_be_placed() {
    let complaints = broken(vec![package("gan-extra", &[])]);
    assert_eq!(complaints, ["gan-extra is not in the table of allowed edges; add it there"]);
}

#[test]
fn burn_is_required_alike_in_every_kind_of_dependency() {
    let complaints = broken(vec![package("gan-core", &["burn =0.22.2 dev"])]);
    assert_eq!(complaints, ["gan-core must require burn `^0.22.1`, found `=0.22.2`"]);
}

#[test]
fn a_library_names_no_backend_outside_its_tests() {
    let complaints = broken(vec![
        package("gan-core", &["burn ^0.22.1 normal std,flex", "burn ^0.22.1 dev ndarray"]),
        package("gan-data", &["burn-ndarray ^0.22.1"]),
    ]);
    assert_eq!(
        complaints,
        [
            "gan-core must not name a backend, but enables burn/flex",
            "gan-data must not name a backend, but enables burn-ndarray",
        ]
    );
}

#[test]
fn a_feature_of_a_library_names_no_backend_either() {
    let mut core = package("gan-core", &["burn ^0.22.1"]);
    core.features.insert("fast".to_owned(), vec!["burn/cuda".to_owned()]);
    assert_eq!(broken(vec![core]), ["gan-core must not name a backend, but enables burn/cuda"]);
}

#[test]
fn burn_behind_another_crate_is_found() {
    let mut manifest = workspace(vec![package("xtask", &["helper ^1.0"])]);
    let edge = |from: &str, to: &str| (from.to_owned(), BTreeSet::from([to.to_owned()]));
    manifest.locked = BTreeMap::from([edge("xtask", "helper"), edge("helper", "burn-core")]);
    assert_eq!(broken_rules(&manifest), ["xtask must not need Burn, but reaches burn-core"]);
}
