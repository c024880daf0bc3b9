//! The one picture to open when an experiment is over.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// The picture that `pattern` means inside a run's folder, if it exists.
///
/// Of several files that match a `*`, it is the last by name; numbers in names are compared as
/// numbers, so `step-100` comes after `step-20`.
pub(crate) fn find(run_folder: &Path, pattern: &str) -> Option<PathBuf> {
    let path = run_folder.join(pattern);
    let name = path.file_name()?.to_str()?;
    let Some((head, tail)) = name.split_once('*') else {
        return path.exists().then_some(path);
    };
    let matches = |name: &str| {
        name.len() >= head.len() + tail.len() && name.starts_with(head) && name.ends_with(tail)
    };
    fs::read_dir(path.parent()?)
        .ok()?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.file_name().and_then(OsStr::to_str).is_some_and(matches))
        .max_by_key(|path| natural(&path.to_string_lossy()))
}

/// A key that orders names with their numbers as numbers: leading zeros drop, then more digits win.
fn natural(name: &str) -> Vec<(usize, String)> {
    name.chars().fold(Vec::new(), |mut pieces: Vec<(usize, String)>, letter| {
        let is_digit = letter.is_ascii_digit();
        match pieces.last_mut() {
            Some((n_digits, digits)) if is_digit && *n_digits > 0 => {
                if digits == "0" {
                    digits.clear();
                }
                digits.push(letter);
                *n_digits = digits.len();
            }
            _ => pieces.push((usize::from(is_digit), letter.to_string())),
        }
        pieces
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_names_are_compared_as_numbers() {
        for (earlier, later) in
            [("step-20.png", "step-100.png"), ("s-007", "s-10"), ("epoch-9", "final"), ("a", "b")]
        {
            assert!(natural(earlier) < natural(later), "{earlier} {later}");
        }
    }

    #[test]
    fn a_star_means_the_last_match() {
        let run = tempfile::tempdir().unwrap();
        fs::create_dir(run.path().join("samples")).unwrap();
        for name in ["step-20.png", "step-100.png", "step-100.npy", "other.png"] {
            fs::write(run.path().join("samples").join(name), "").unwrap();
        }
        let found = |pattern| find(run.path(), pattern);
        let expected = run.path().join("samples/step-100.png");
        assert_eq!(found("samples/step-*.png"), Some(expected));
        assert_eq!(found("samples/other.png"), Some(run.path().join("samples/other.png")));
        assert_eq!(found("samples/missing.png"), None);
        assert_eq!(found("plots/*.svg"), None);
    }
}
