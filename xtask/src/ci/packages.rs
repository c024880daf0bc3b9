//! What `cargo publish` would send: every published crate is complete, and small enough.

use std::fs;

use anyhow::{Context, bail, ensure};

use crate::ci::manifest::{Manifest, Package};
use crate::report::Report;
use crate::step::{self, timed};
use crate::workspace::{cargo, succeeds};

/// What the registry of Rust's crates accepts.
const MAX_BYTES: u64 = 10 * 1024 * 1024;
const BYTES_PER_MIB: f64 = 1_048_576.0;

/// Rehearses publishing, where the registry can be asked; nothing is sent, and no token is needed.
///
/// Without the registry the packages are made all the same, by [`sizes`].
///
/// # Errors
/// `cargo publish` would refuse a crate.
pub(crate) fn rehearse(report: &mut Report) -> anyhow::Result<()> {
    if !succeeds(&mut cargo(&["info", "burn", "--registry", "crates-io"])) {
        report.skip("publishing, rehearsed", "the registry cannot be reached");
        return Ok(());
    }
    timed("publishing, rehearsed", || {
        // Building every package from its archive takes as long as the workspace itself did.
        let publish = ["publish", "--workspace", "--dry-run", "--no-verify", "--allow-dirty"];
        step::run(cargo(&publish).args(["--locked", "--quiet"]))
    })
}

/// Packs every crate that is meant to be published and prints how large it is.
///
/// # Errors
/// A package is too large, or cannot be made.
pub(crate) fn sizes() -> anyhow::Result<()> {
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
