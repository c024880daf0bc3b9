//! What only AArch64 compiles, checked from other processors: the kernels' NEON vectors.

use std::path::Path;
use std::process::Command;

use crate::report::Report;
use crate::step::{output, run, timed};
use crate::workspace::{LINT, cargo, root};

/// Where the vectors are NEON.
const TARGET: &str = "aarch64-unknown-linux-gnu";

/// Lints the crates with vectors for [`TARGET`], if its standard library is installed. Nothing is linked,
/// so it takes no other compiler; CONTRIBUTING.md has the recipe that runs the tests too.
///
/// # Errors
/// A crate does not type-check, or a lint is violated.
pub(crate) fn check(report: &mut Report) -> anyhow::Result<()> {
    if cfg!(target_arch = "aarch64") {
        // There every step is such a check.
        return Ok(());
    }
    let mut library = Command::new("rustc");
    library.current_dir(root()).args(["--print", "target-libdir", "--target", TARGET]);
    if !Path::new(output(&mut library)?.trim()).is_dir() {
        report.skip(TARGET, &format!("no standard library (rustup target add {TARGET})"));
        return Ok(());
    }
    let crates = ["clippy", "-p", "gan-divergence", "-p", "gan-kernels"];
    let how = ["--features", "gan-kernels/flex", "--target", TARGET, "--locked"];
    let mut command = cargo(&crates);
    timed(TARGET, || run(command.args(how).args(LINT).args(["--", "-D", "warnings"])))
}
