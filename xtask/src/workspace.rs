//! The location of the workspace, and how its tools are started.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The profile for checks that build no program.
pub(crate) const LINT: [&str; 2] = ["--profile", "lint"];

/// The root folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}

/// The folder with the experiments' files.
pub(crate) fn experiments() -> PathBuf {
    root().join("xtask").join("experiments")
}

/// A call of cargo in the workspace's root.
///
/// What cargo set in the environment about this program's own package is removed again:
/// build scripts that look at it would otherwise run again under `cargo xtask` and once more after it.
pub(crate) fn cargo(args: &[&str]) -> Command {
    let program = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(program);
    command.current_dir(root()).args(args);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(&name);
        }
    }
    command
}

/// Whether the command starts and succeeds, its output thrown away: a test for installed tools.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}
