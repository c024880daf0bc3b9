//! Data with a fault in them, made of what `gan data` writes.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::experiment::Gan;

/// Where the order of shuffled labels comes from; any number would do.
const SHUFFLE: u64 = 20_260_101;
/// What a constant coordinate is.
const CONSTANT: &str = "0.5";

/// Samples as files: `NAME.csv` with a point a line, or the folder `NAME` with a folder for each digit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DataSet {
    name: String,
    source: Source,
    samples: usize,
    #[serde(default)]
    change: Change,
}

/// What `gan data` makes.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Source {
    Moons,
    Ring,
    Grid,
    Mnist,
}

/// What is done to the samples.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum Change {
    /// Nothing.
    #[default]
    None,
    /// Only the first `distinct` samples (of each class) are their own; the others are copies of them.
    Copies { distinct: usize },
    /// Points have one coordinate more, which is the same for all.
    ConstantCoordinate,
    /// Of one class only the first `keep` samples stay.
    SmallClass { class: usize, keep: usize },
    /// Each sample is in the folder of some class, as many in each as before.
    ShuffledLabels,
}

impl DataSet {
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// # Errors
    /// A change that such samples cannot have.
    pub(super) fn check(&self) -> anyhow::Result<()> {
        let Self { name, source, samples, change } = self;
        ensure!(*samples > 0, "the data set `{name}` has no samples");
        let fits = match change {
            Change::None => true,
            Change::Copies { distinct } => (1..*samples).contains(distinct),
            Change::ConstantCoordinate => *source != Source::Mnist,
            Change::SmallClass { .. } | Change::ShuffledLabels => *source == Source::Mnist,
        };
        ensure!(fits, "the samples of the data set `{name}` cannot have its change");
        Ok(())
    }

    /// Makes the files in `folder`, unless they are there.
    ///
    /// # Errors
    /// `gan data` fails, or a file cannot be read or written.
    pub(super) fn make(&self, gan: &Gan, folder: &Path) -> anyhow::Result<()> {
        let (file, unfinished) = (self.path(folder), self.path(&folder.join("unfinished")));
        if file.exists() {
            return Ok(());
        }
        let cannot_make = || format!("cannot make {}", file.display());
        // What an earlier call has left of it.
        let _ = fs::remove_dir_all(folder.join("unfinished"));
        fs::create_dir_all(folder.join("unfinished")).with_context(cannot_make)?;
        gan.call(&self.arguments(&unfinished)).with_context(cannot_make)?;
        self.spoil(&unfinished).with_context(cannot_make)?;
        fs::rename(&unfinished, &file).with_context(cannot_make)?;
        fs::remove_dir(folder.join("unfinished")).with_context(cannot_make)
    }

    fn path(&self, folder: &Path) -> PathBuf {
        match self.source {
            Source::Mnist => folder.join(&self.name),
            _ => folder.join(format!("{}.csv", self.name)),
        }
    }

    fn arguments(&self, file: &Path) -> Vec<OsString> {
        let mut out = OsString::from(file);
        let word = match self.source {
            Source::Moons => "moons",
            Source::Ring => "ring",
            Source::Grid => "grid",
            Source::Mnist => {
                out.push("/");
                "mnist"
            }
        };
        let n = self.samples.to_string();
        vec!["data".into(), word.into(), "-n".into(), n.into(), "--out".into(), out]
    }

    fn spoil(&self, made: &Path) -> anyhow::Result<()> {
        match (&self.change, self.source) {
            (Change::None, _) => Ok(()),
            (Change::Copies { distinct }, Source::Mnist) => {
                classes(made)?.iter().try_for_each(|files| repeat(files, *distinct))
            }
            (Change::SmallClass { class, keep }, _) => {
                remove_all_but(&classes(made)?, *class, *keep)
            }
            (Change::ShuffledLabels, _) => shuffle(&classes(made)?.concat()),
            (Change::Copies { distinct }, _) => rewrite(made, |lines| {
                (0..lines.len()).map(|n| lines[n % distinct].to_owned()).collect()
            }),
            (Change::ConstantCoordinate, _) => rewrite(made, |lines| {
                lines.iter().map(|line| format!("{line},{CONSTANT}")).collect()
            }),
        }
    }
}

fn rewrite(file: &Path, change: impl Fn(&[&str]) -> Vec<String>) -> anyhow::Result<()> {
    let text = fs::read_to_string(file)?;
    let lines: Vec<&str> = text.lines().collect();
    Ok(fs::write(file, change(&lines).join("\n") + "\n")?)
}

/// The files of every class, in order.
fn classes(folder: &Path) -> anyhow::Result<Vec<Vec<PathBuf>>> {
    sorted(folder)?.iter().map(|class| sorted(class)).collect()
}

fn sorted(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let entries: Result<Vec<_>, _> = fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect();
    let mut paths = entries?;
    paths.sort();
    Ok(paths)
}

fn repeat(files: &[PathBuf], distinct: usize) -> anyhow::Result<()> {
    for (n, file) in files.iter().enumerate().skip(distinct) {
        fs::copy(&files[n % distinct], file)?;
    }
    Ok(())
}

fn remove_all_but(classes: &[Vec<PathBuf>], class: usize, keep: usize) -> anyhow::Result<()> {
    let files = classes.get(class).with_context(|| format!("there is no class {class}"))?;
    for file in files.iter().skip(keep) {
        fs::remove_file(file)?;
    }
    Ok(())
}

/// Exchanges files at random, the same at every call.
fn shuffle(files: &[PathBuf]) -> anyhow::Result<()> {
    let Some(parent) = files.first().and_then(|file| file.parent()) else { return Ok(()) };
    let aside = parent.join("aside");
    let mut state = SHUFFLE;
    for last in (1..files.len()).rev() {
        let other = (next(&mut state) % (last as u64 + 1)) as usize;
        if other != last {
            fs::rename(&files[last], &aside)?;
            fs::rename(&files[other], &files[last])?;
            fs::rename(&aside, &files[other])?;
        }
    }
    Ok(())
}

/// SplitMix64: Steele, Lea & Flood (2014), doi:10.1145/2660193.2660195.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> DataSet {
        toml::from_str(&format!("name = 'a'\n{text}")).unwrap()
    }

    /// Ten files in each of three classes, which hold their class and number.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for class in 0..3 {
            fs::create_dir(folder.path().join(class.to_string())).unwrap();
            for n in 0..10 {
                let file = folder.path().join(format!("{class}/{n}.png"));
                fs::write(file, format!("{class}{n}")).unwrap();
            }
        }
        folder
    }

    fn contents(folder: &Path) -> Vec<Vec<String>> {
        let read = |files: &Vec<PathBuf>| {
            files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
        };
        classes(folder).unwrap().iter().map(read).collect()
    }

    #[test]
    fn points_are_repeated_or_get_a_coordinate_more() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        for (change, expected) in [
            ("kind = 'copies', distinct = 2", "1,2\n3,4\n1,2\n"),
            ("kind = 'constant-coordinate'", "1,2,0.5\n3,4,0.5\n5,6,0.5\n"),
            ("kind = 'none'", "1,2\n3,4\n5,6\n"),
        ] {
            fs::write(&file, "1,2\n3,4\n5,6\n").unwrap();
            let set = set(&format!("source = 'ring'\nsamples = 3\nchange = {{ {change} }}"));
            set.check().unwrap();
            set.spoil(&file).unwrap();
            assert_eq!(fs::read_to_string(&file).unwrap(), expected, "{change}");
        }
    }

    #[test]
    fn digits_are_repeated_within_their_class_and_a_class_can_be_small() {
        let folder = folder();
        let digits =
            |change: &str| set(&format!("source = 'mnist'\nsamples = 30\nchange = {{ {change} }}"));
        digits("kind = 'copies', distinct = 2").spoil(folder.path()).unwrap();
        assert_eq!(contents(folder.path())[1][..4], ["10", "11", "10", "11"]);
        digits("kind = 'small-class', class = 2, keep = 3").spoil(folder.path()).unwrap();
        let sizes: Vec<_> = contents(folder.path()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [10, 10, 3]);
    }

    #[test]
    fn shuffled_labels_lose_no_sample_and_are_the_same_every_time() {
        let set = set("source = 'mnist'\nsamples = 30\nchange = { kind = 'shuffled-labels' }");
        let shuffled = || {
            let folder = folder();
            let before = contents(folder.path()).concat();
            set.spoil(folder.path()).unwrap();
            (before, contents(folder.path()))
        };
        let (before, after) = shuffled();
        assert_eq!(after.iter().map(Vec::len).collect::<Vec<_>>(), [10, 10, 10]);
        assert_eq!(after, shuffled().1);
        let own = |class: usize| {
            after[class].iter().filter(|text| text.starts_with(&class.to_string())).count()
        };
        assert!((0..3).map(own).sum::<usize>() < 20, "{after:?}");
        let mut all = after.concat();
        all.sort();
        assert_eq!(all, before);
    }

    #[test]
    fn a_change_that_does_not_fit_is_refused() {
        for text in [
            "source = 'ring'\nsamples = 3\nchange = { kind = 'shuffled-labels' }",
            "source = 'mnist'\nsamples = 3\nchange = { kind = 'constant-coordinate' }",
            "source = 'ring'\nsamples = 3\nchange = { kind = 'copies', distinct = 3 }",
            "source = 'ring'\nsamples = 0",
        ] {
            assert!(set(text).check().is_err(), "{text}");
        }
    }
}
