//! Names and sizes of the repository's files.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};

use crate::step;
use crate::workspace::root;

/// Names that do not state what a file is for, and the old form of a module's root.
const FORBIDDEN: &[&str] =
    &["utils", "helpers", "common", "misc", "base", "manager", "types", "mod"];
/// Lines of a Rust file, with its inline tests; files that are nothing but tests may be longer.
const MAX_LINES: usize = 400;
/// Lines of an example, which is to be read in one go.
const MAX_EXAMPLE_LINES: usize = 59;
/// Size of any file, because a clone has to stay small.
const MAX_BYTES: u64 = 12 * 1024 * 1024;
/// The folder with what was measured.
const RESULTS: &str = "results/";
/// Size of all of it.
const MAX_RESULTS_BYTES: u64 = 25_000_000;

/// Checks every file that is tracked or about to be.
///
/// # Errors
/// Every file that breaks a rule is named; or git cannot be asked.
pub(crate) fn check() -> anyhow::Result<()> {
    let root = root();
    let mut git = Command::new("git");
    git.current_dir(&root);
    git.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]);
    let listed = step::output(&mut git).context("the files of the repository are listed by git")?;
    let (mut broken, mut n_result_bytes) = (Vec::new(), 0);
    for name in listed.split('\0').filter(|name| !name.is_empty()) {
        let path = root.join(name);
        // A file that was removed but not yet staged is still listed.
        let Ok(metadata) = fs::metadata(&path) else {
            continue;
        };
        broken.extend(broken_size(name, metadata.len()));
        if name.starts_with(RESULTS) {
            n_result_bytes += metadata.len();
        }
        broken.extend(broken_name(Path::new(name)));
        if name.ends_with(".rs") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            broken.extend(broken_length(Path::new(name), text.lines().count()));
        }
    }
    broken.extend(broken_results(n_result_bytes));
    if !broken.is_empty() {
        bail!("{}", broken.join("\n  "));
    }
    Ok(())
}

fn broken_size(name: &str, n_bytes: u64) -> Option<String> {
    (n_bytes > MAX_BYTES)
        .then(|| format!("{name} has {n_bytes} bytes, at most {MAX_BYTES} are allowed"))
}

fn broken_results(n_bytes: u64) -> Option<String> {
    (n_bytes > MAX_RESULTS_BYTES).then(|| {
        format!(
            "{RESULTS} has {n_bytes} bytes, at most {MAX_RESULTS_BYTES} are allowed: keep fewer \
             pictures or fewer seeds"
        )
    })
}

fn broken_name(path: &Path) -> Option<String> {
    let is_rust = path.extension() == Some(OsStr::new("rs"));
    let stem = path.file_stem()?.to_str()?;
    let message = || format!("{} needs a name that says what it is for", path.display());
    (is_rust && FORBIDDEN.contains(&stem)).then(message)
}

fn broken_length(path: &Path, n_lines: usize) -> Option<String> {
    let within = |folder: &str| path.components().any(|part| part.as_os_str() == folder);
    if within("tests") || path.file_name() == Some(OsStr::new("tests.rs")) {
        return None;
    }
    let limit = if within("examples") { MAX_EXAMPLE_LINES } else { MAX_LINES };
    let message = || format!("{} has {n_lines} lines, at most {limit} are allowed", path.display());
    (n_lines > limit).then(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn empty_names_are_forbidden_for_rust_files_only() {
        for name in ["gan-core/src/utils.rs", "mod.rs", "a/types.rs"] {
            assert!(broken_name(Path::new(name)).is_some(), "{name}");
        }
        for name in ["gan-core/src/loss.rs", "a/utils.toml", "utils/loss.rs", "a/basement.rs"] {
            assert_eq!(broken_name(Path::new(name)), None, "{name}");
        }
    }

    #[test]
    fn long_files_are_named_unless_they_are_tests() {
        let length = |name: &str, n_lines| broken_length(Path::new(name), n_lines);
        assert_eq!(length("a/src/b.rs", 400), None);
        let complaint = length("a/src/b.rs", 401).unwrap();
        assert_eq!(complaint, "a/src/b.rs has 401 lines, at most 400 are allowed");
        assert_eq!(length("a/src/b/tests.rs", 900), None);
        assert_eq!(length("a/tests/it/main.rs", 900), None);
        assert!(length("a/examples/b.rs", 60).unwrap().contains("at most 59"));
    }

    #[test]
    fn a_large_file_is_named() {
        assert_eq!(broken_size("data.zst", MAX_BYTES), None);
        assert!(broken_size("data.zst", MAX_BYTES + 1).unwrap().contains("data.zst"));
    }

    #[test]
    fn results_are_small_all_of_them_together() {
        assert_eq!(broken_results(25_000_000), None);
        let complaint = broken_results(25_000_001).unwrap();
        assert!(complaint.starts_with("results/ has 25000001 bytes, at most"), "{complaint}");
    }
}
