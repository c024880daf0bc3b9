//! Every backend of `gan-cli` type-checks alone, so that no `cfg` hides an error.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

use crate::report::Report;
use crate::step::{output, run, timed};
use crate::workspace::{LINT, cargo};

/// Backends that need nothing but Cargo.
const PLAIN: &[&str] = &["flex", "ndarray", "wgpu", "cuda"];
/// The libtorch that burn-tch is written for.
const LIBTORCH: &str = "2.9";

/// Checks `gan-cli` with one backend at a time, and `gan-nccl` with its own; `tch` only where its library is.
///
/// # Errors
/// A backend does not type-check.
pub(crate) fn check(report: &mut Report) -> anyhow::Result<()> {
    for backend in PLAIN {
        check_one(backend)?;
    }
    match libtorch() {
        Ok(()) => check_one("tch"),
        Err(why) => {
            report.skip("backend tch", &why);
            Ok(())
        }
    }
}

fn check_one(backend: &str) -> anyhow::Result<()> {
    let mut command = cargo(&["check", "-p", "gan-cli", "--locked", "--no-default-features"]);
    command.args(["--features", &format!("gan-cli/{backend}")]).args(LINT);
    if backend == "cuda" {
        command.args(["-p", "gan-nccl", "--features", "gan-nccl/cuda"]);
        // The CUDA backend compiles through LLVM, which its build script would download. Types can
        // be checked without, and this variable signals it to the script.
        command.env("DOCS_RS", "1");
    }
    timed(&format!("backend {backend}"), || run(&mut command))
}

/// Whether a libtorch of the right version can be linked, or why not.
fn libtorch() -> Result<(), String> {
    if let Some(folder) = env::var_os("LIBTORCH") {
        let file = Path::new(&folder).join("build-version");
        return match fs::read_to_string(&file) {
            Ok(version) => expect_version(&version),
            Err(error) => Err(format!("cannot read {}: {error}", file.display())),
        };
    }
    if env::var_os("LIBTORCH_USE_PYTORCH").is_some() {
        let mut python = Command::new("python3");
        python.args(["-c", "import torch; print(torch.__version__)"]);
        return match output(&mut python) {
            Ok(version) => expect_version(&version),
            Err(error) => Err(format!("{error:#}")),
        };
    }
    Err(format!(
        "no libtorch {LIBTORCH} (set LIBTORCH to its folder, or LIBTORCH_USE_PYTORCH=1 where \
         python3 has that version of torch)"
    ))
}

fn expect_version(version: &str) -> Result<(), String> {
    let version = version.trim();
    if version.strip_prefix(LIBTORCH).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')) {
        Ok(())
    } else {
        Err(format!("libtorch {LIBTORCH} is needed, found {version}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_libtorch_is_taken() {
        for version in ["2.9.0", "2.9.1+cpu\n", "2.9"] {
            assert_eq!(expect_version(version), Ok(()), "{version}");
        }
        for version in ["2.8.0", "2.90.0", "12.9.0", ""] {
            assert!(expect_version(version).unwrap_err().contains("found"), "{version}");
        }
    }
}
