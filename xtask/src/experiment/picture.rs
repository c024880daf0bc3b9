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

/// How much of a run's pictures is kept.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Pictures {
    /// Those nearest to a quarter of its steps, to half of them and to its end.
    Course,
    /// That of its end.
    Last,
    /// None of its samples.
    Elsewhere,
}

impl Pictures {
    /// Pictures are most of what is kept, and those of a few seeds show what there is to see.
    pub(crate) fn of_seed(seed: u32) -> Self {
        match seed {
            0 => Self::Course,
            1 | 2 => Self::Last,
            _ => Self::Elsewhere,
        }
    }
}

/// The pictures of a run that are kept when it is over: of its samples, but not of an untrained
/// generator, and what `pattern` means if it lies elsewhere.
pub(crate) fn kept(run_folder: &Path, pattern: &str, pictures: Pictures) -> Vec<PathBuf> {
    let samples = run_folder.join("samples");
    let mut steps: Vec<(u64, PathBuf)> = fs::read_dir(&samples)
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .filter_map(|path| Some((step(&path).filter(|step| *step > 0)?, path)))
        .collect();
    steps.sort();
    let last = steps.last().map_or(0, |(step, _)| *step);
    let nearest = |wanted: u64| steps.iter().min_by_key(|(step, _)| step.abs_diff(wanted));
    let wanted = match pictures {
        Pictures::Course => vec![last / 4, last / 2, last],
        Pictures::Last => vec![last],
        Pictures::Elsewhere => Vec::new(),
    };
    let mut kept: Vec<PathBuf> =
        wanted.into_iter().filter_map(nearest).map(|(_, path)| path.clone()).collect();
    kept.extend(find(run_folder, pattern).filter(|path| !path.starts_with(&samples)));
    kept.dedup();
    kept
}

/// The number at the end of a name without its extension.
fn step(path: &Path) -> Option<u64> {
    let stem = path.file_stem()?.to_str()?;
    stem[stem.trim_end_matches(|letter: char| letter.is_ascii_digit()).len()..].parse().ok()
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
    fn three_pictures_of_samples_are_kept_and_one_from_elsewhere() {
        let run = tempfile::tempdir().unwrap();
        let file = |name: &str| run.path().join(name);
        fs::create_dir(file("samples")).unwrap();
        let kept = |pattern| kept(run.path(), pattern, Pictures::Course);
        assert!(kept("samples/step-*.png").is_empty());
        for name in ["samples/step-0.png", "samples/step-900.png", "samples/notes.png", "d.svg"] {
            fs::write(file(name), "").unwrap();
        }
        assert_eq!(kept("samples/step-*.png"), [file("samples/step-900.png")]);
        for step in [100, 200, 300, 400, 500] {
            fs::write(file(&format!("samples/step-{step}.png")), "").unwrap();
        }
        let expected = ["samples/step-200.png", "samples/step-400.png", "samples/step-900.png"];
        assert_eq!(kept("samples/step-*.png"), expected.map(file));
        assert_eq!(kept("*.svg").last(), Some(&file("d.svg")));
        let last = super::kept(run.path(), "samples/step-*.png", Pictures::Last);
        assert_eq!(last, [file("samples/step-900.png")]);
        assert_eq!(super::kept(run.path(), "*.svg", Pictures::Elsewhere), [file("d.svg")]);
        assert!(super::kept(run.path(), "samples/step-*.png", Pictures::Elsewhere).is_empty());
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
