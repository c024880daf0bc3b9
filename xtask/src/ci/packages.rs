//! The size of each library as it would be published.

use std::fs;

use anyhow::{Context, bail, ensure};

use crate::ci::manifest::{Manifest, Package};
use crate::step;
use crate::workspace::cargo;

/// What the registry of Rust's crates accepts.
const MAX_BYTES: u64 = 10 * 1024 * 1024;
const BYTES_PER_MIB: f64 = 1_048_576.0;

/// Packs every crate that is meant to be published and prints how large it is.
///
/// # Errors
/// A package is too large, or cannot be made.
pub(crate) fn check() -> anyhow::Result<()> {
    let manifest = Manifest::read()?;
    let folder = manifest.target_directory.join("package");
    let packages: Vec<_> =
        manifest.packages.iter().filter(|package| package.publish.is_none()).collect();
    ensure!(!packages.is_empty(), "no package of the workspace is meant to be published");
    // All in one call: each finds the others, which no registry has yet, beside itself.
    let mut command = cargo(&["package", "--no-verify", "--allow-dirty", "--quiet"]);
    // The locked versions would have to be looked up in the registry and weigh next to nothing.
    command.arg("--exclude-lockfile");
    for package in &packages {
        command.args(["-p", &package.name]);
    }
    step::run(&mut command)?;
    for Package { name, version, .. } in packages {
        let path = folder.join(format!("{name}-{version}.crate"));
        let metadata = fs::metadata(&path);
        let n_bytes = metadata.with_context(|| format!("cannot read {}", path.display()))?.len();
        say!("    {name}: {:.2} MiB", n_bytes as f64 / BYTES_PER_MIB);
        if n_bytes >= MAX_BYTES {
            bail!("the package {name} has {n_bytes} bytes, less than {MAX_BYTES} are allowed");
        }
    }
    Ok(())
}
