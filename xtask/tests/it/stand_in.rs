//! Stand-ins for cargo and gan, the scripts in `tests/stand-ins`: what xtask does around the two is
//! tested without a build and without a training.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A folder for the results and for what the stand-ins note.
pub(crate) struct StandIn {
    folder: TempDir,
}

/// How a call of xtask ended and what it printed.
pub(crate) struct Called {
    /// The exit code.
    pub(crate) code: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

impl StandIn {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Calls xtask with the stand-ins; `settings` are environment variables that they look at.
    pub(crate) fn xtask(&self, args: &[&str], settings: &[(&str, &str)]) -> Called {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stand-ins");
        command.env("CARGO", scripts.join("cargo"));
        command.env("GAN_CALLS", self.calls_file()).args(args);
        let output = command.envs(settings.iter().copied()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Called {
            code: output.status.code().unwrap(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// The folder to give with `--out`.
    pub(crate) fn out(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    /// The folder to give with `--results`.
    pub(crate) fn results(&self) -> PathBuf {
        self.folder.path().join("results")
    }

    /// The arguments of every call of gan, a line each.
    pub(crate) fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.calls_file()).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    fn calls_file(&self) -> PathBuf {
        self.folder.path().join("calls")
    }
}

/// The text of a file that has to be there.
pub(crate) fn text_of(path: &Path) -> String {
    fs::read_to_string(path).unwrap()
}
