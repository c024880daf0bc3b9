//! Which crate may depend on which: invariants that are absences.

use anyhow::bail;

use crate::ci::manifest::{Dependency, Manifest, Package};

/// For each crate, the crates of the workspace that it may depend on, for whatever purpose.
const ALLOWED: &[(&str, &[&str])] = &[
    ("gan-batch", &[]),
    ("gan-divergence", &[]),
    ("gan-doctor", &[]),
    ("gan-events", &["gan-files", "gan-run"]),
    ("gan-files", &[]),
    ("gan-kernels", &[]),
    ("gan-mnist", &[]),
    ("gan-plot", &[]),
    ("gan-report", &["gan-doctor", "gan-plot", "gan-run"]),
    ("gan-run", &[]),
    ("gan-sweep", &["gan-files"]),
    ("gan-core", &["gan-batch", "gan-divergence", "gan-files", "gan-kernels"]),
    ("gan-mpi", &["gan-core"]),
    ("gan-nccl", &["gan-core"]),
    ("gan-models", &["gan-core", "gan-divergence", "gan-kernels"]),
    ("gan-data", &["gan-batch", "gan-mnist"]),
    (
        "gan-eval",
        &["gan-batch", "gan-core", "gan-data", "gan-divergence", "gan-kernels", "gan-plot"],
    ),
    (
        "gan-bench",
        &["gan-core", "gan-data", "gan-divergence", "gan-eval", "gan-kernels", "gan-models"],
    ),
    (
        "gan-cli",
        &[
            "gan-core",
            "gan-data",
            "gan-divergence",
            "gan-doctor",
            "gan-eval",
            "gan-events",
            "gan-files",
            "gan-kernels",
            "gan-models",
            "gan-mpi",
            "gan-plot",
            "gan-report",
            "gan-run",
            "gan-sweep",
        ],
    ),
    ("gan-torture", &["gan-cli", "gan-data"]),
    ("xtask", &[]),
];
/// Crates that must not need Burn, not even through another crate.
const WITHOUT_BURN: &[&str] = &[
    "gan-divergence",
    "gan-doctor",
    "gan-events",
    "gan-files",
    "gan-mnist",
    "gan-plot",
    "gan-report",
    "gan-run",
    "gan-sweep",
    "xtask",
];
/// The crates that name backends: the programs, which choose one, the kernels, which are written for
/// some, and the collectives of one.
const NAME_BACKENDS: &[&str] = &["gan-bench", "gan-cli", "gan-kernels", "gan-nccl"];
/// Burn's features, and the endings of its crates, that name a backend.
const BACKENDS: &[&str] =
    &["flex", "ndarray", "tch", "cuda", "wgpu", "cpu", "rocm", "metal", "vulkan", "webgpu"];
/// One requirement for all of Burn's crates, which go together; a library never pins the patch release,
/// for a program can have one version only.
const BURN_VERSION: &str = "^0.22.1";

/// Checks every rule and reports all that are broken.
///
/// # Errors
/// A rule is broken.
pub(crate) fn check(manifest: &Manifest) -> anyhow::Result<()> {
    let broken = broken_rules(manifest);
    if !broken.is_empty() {
        bail!("{}", broken.join("\n  "));
    }
    Ok(())
}

fn broken_rules(manifest: &Manifest) -> Vec<String> {
    let mut broken = Vec::new();
    for package in &manifest.packages {
        broken.extend(foreign_edges(package, manifest));
        broken.extend(other_versions_of_burn(package));
        if !NAME_BACKENDS.contains(&package.name.as_str()) {
            broken.extend(named_backends(package));
        }
    }
    for name in WITHOUT_BURN {
        let reached = manifest.reached_from(name);
        let burn = reached.iter().filter(|needed| is_burn(needed));
        broken.extend(burn.map(|burn| format!("{name} must not need Burn, but reaches {burn}")));
    }
    broken
}

fn foreign_edges(package: &Package, manifest: &Manifest) -> Vec<String> {
    let name = &package.name;
    let Some((_, allowed)) = ALLOWED.iter().find(|(crate_name, _)| crate_name == name) else {
        return vec![format!("{name} is not in the table of allowed edges; add it there")];
    };
    let is_member =
        |edge: &&Dependency| manifest.packages.iter().any(|member| member.name == edge.name);
    package
        .dependencies
        .iter()
        .filter(is_member)
        .filter(|edge| edge.name != *name && !allowed.contains(&edge.name.as_str()))
        .map(|edge| format!("{name} must not depend on {}", edge.name))
        .collect()
}

fn other_versions_of_burn(package: &Package) -> Vec<String> {
    let burn = package.dependencies.iter().filter(|edge| is_burn(&edge.name));
    burn.filter(|edge| edge.req != BURN_VERSION)
        .map(|edge| {
            let (name, burn, req) = (&package.name, &edge.name, &edge.req);
            format!("{name} must require {burn} `{BURN_VERSION}`, found `{req}`")
        })
        .collect()
}

/// Backends that a library names outside its tests: as a crate, as a feature of a dependency, or
/// in a feature of its own.
fn named_backends(package: &Package) -> Vec<String> {
    let mut names = Vec::new();
    let shipped = package.dependencies.iter().filter(|edge| edge.kind.as_deref() != Some("dev"));
    for edge in shipped.filter(|edge| is_burn(&edge.name)) {
        if edge.name.strip_prefix("burn-").is_some_and(is_backend) {
            names.push(edge.name.clone());
        }
        let features = edge.features.iter().filter(|feature| is_backend(feature));
        names.extend(features.map(|feature| format!("{}/{feature}", edge.name)));
    }
    for switched_on in package.features.values().flatten() {
        let parts = switched_on.split_once('/');
        if parts.is_some_and(|(on, feature)| is_burn(on) && is_backend(feature)) {
            names.push(switched_on.clone());
        }
    }
    let message = |name| format!("{} must not name a backend, but enables {name}", package.name);
    names.into_iter().map(message).collect()
}

fn is_burn(package: &str) -> bool {
    package == "burn" || package.starts_with("burn-")
}

fn is_backend(feature: &str) -> bool {
    BACKENDS.contains(&feature)
}

#[cfg(test)]
mod tests;
