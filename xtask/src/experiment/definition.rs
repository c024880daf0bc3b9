//! An experiment as its file states it.

use std::collections::HashSet;
use std::fs;
use std::num::NonZeroU32;
use std::path::{Component, Path};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use crate::{nearest, workspace};

/// The contents of `xtask/experiments/NAME.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Experiment {
    /// One line: what is trained on what.
    pub(crate) title: String,
    /// What is expected to be seen, in words.
    pub(crate) claim: String,
    /// The one picture to open, as a path inside a run's folder; its file name may hold one `*`.
    pub(crate) picture: String,
    /// With how many seeds each run is trained, counted from 0.
    pub(crate) seeds: NonZeroU32,
    /// The trainings to compare.
    #[serde(rename = "run")]
    pub(crate) runs: Vec<Run>,
    /// What the short form changes.
    #[serde(default)]
    pub(crate) quick: Quick,
}

/// One training.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Run {
    /// Names its folder and its column in the summary.
    pub(crate) name: String,
    /// The recipe that `gan train` gets.
    pub(crate) recipe: String,
    /// `key=value` settings, each handed on as `--set`.
    #[serde(default)]
    pub(crate) set: Vec<String>,
}

/// What the short form changes; nothing by default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quick {
    /// Settings that follow each run's own and so win over them.
    #[serde(default)]
    pub(crate) set: Vec<String>,
    /// Seeds per run, where the short form takes fewer.
    pub(crate) seeds: Option<NonZeroU32>,
}

impl Experiment {
    /// Reads the experiment of that name.
    ///
    /// # Errors
    /// No such experiment (with the nearest name and the list), or a file that is not one.
    pub(crate) fn load(name: &str) -> anyhow::Result<Self> {
        let known = names()?;
        if !known.iter().any(|known| known == name) {
            bail!(nearest::unknown("experiment", name, &known));
        }
        let path = workspace::experiments().join(format!("{name}.toml"));
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Self::from_toml(&text).with_context(|| path.display().to_string())
    }

    fn from_toml(text: &str) -> anyhow::Result<Self> {
        let experiment: Self = toml::from_str(text)?;
        experiment.check()?;
        Ok(experiment)
    }

    fn check(&self) -> anyhow::Result<()> {
        for (key, text) in [("title", &self.title), ("claim", &self.claim)] {
            ensure!(!text.trim().is_empty(), "`{key}` is empty");
        }
        check_picture(&self.picture)?;
        ensure!(!self.runs.is_empty(), "an experiment has at least one `[[run]]`");
        let mut seen = HashSet::new();
        for run in &self.runs {
            check_name(&run.name)?;
            ensure!(seen.insert(&run.name), "two runs are named `{}`", run.name);
            ensure!(!run.recipe.trim().is_empty(), "the run `{}` has an empty recipe", run.name);
        }
        for setting in self.runs.iter().flat_map(|run| &run.set).chain(&self.quick.set) {
            check_setting(setting)?;
        }
        Ok(())
    }
}

/// The names of all experiments, sorted.
///
/// # Errors
/// The folder with the experiments cannot be read.
pub(crate) fn names() -> anyhow::Result<Vec<String>> {
    let folder = workspace::experiments();
    let cannot_read = || format!("cannot read {}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(cannot_read)? {
        let path = entry.with_context(cannot_read)?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
        }
    }
    names.sort();
    Ok(names)
}

fn check_name(name: &str) -> anyhow::Result<()> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
    ensure!(
        name.starts_with(|first: char| first.is_ascii_alphanumeric()) && name.chars().all(plain),
        "a run's name is made of letters, digits, `-`, `_` and `.`, found `{name}`"
    );
    Ok(())
}

fn check_picture(picture: &str) -> anyhow::Result<()> {
    let path = Path::new(picture);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    ensure!(
        inside && path.file_name().is_some() && picture.matches('*').count() <= 1,
        "`picture` is a path inside a run's folder with at most one `*`, found `{picture}`"
    );
    let folder = path.parent().unwrap_or(Path::new(""));
    ensure!(
        !folder.to_string_lossy().contains('*'),
        "only the file name of `picture` may hold a `*`, found `{picture}`"
    );
    Ok(())
}

fn check_setting(setting: &str) -> anyhow::Result<()> {
    let parts = setting.split_once('=');
    let well_formed = |(key, value): (&str, &str)| {
        !key.is_empty() && !key.contains(char::is_whitespace) && !value.trim().is_empty()
    };
    ensure!(parts.is_some_and(well_formed), "a setting reads `key=value`, found `{setting}`");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        title = "T"
        claim = "C"
        picture = "samples/*.png"
        seeds = 2
        [[run]]
        name = "a"
        recipe = "gan"
        set = ["train.batch=250"]
        [quick]
        set = ['train.budget="5 steps"']
    "#;

    fn complaint(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        format!("{:#}", Experiment::from_toml(&GOOD.replace(from, to)).unwrap_err())
    }

    #[test]
    fn a_complete_file_is_read_as_written() {
        let experiment = Experiment::from_toml(GOOD).unwrap();
        assert_eq!(experiment.seeds.get(), 2);
        assert_eq!(experiment.runs[0].set, ["train.batch=250"]);
        assert_eq!(experiment.quick.set, ["train.budget=\"5 steps\""]);
        assert!(experiment.quick.seeds.is_none());
    }

    #[test]
    fn mistakes_are_named() {
        assert!(complaint("claim =", "clam =").contains("unknown field `clam`"));
        assert!(complaint("recipe =", "receipt =").contains("receipt"));
        assert!(complaint("title = \"T\"", "title = \" \"").contains("`title` is empty"));
        assert!(complaint("seeds = 2", "seeds = 0").contains("nonzero"));
        assert!(complaint("name = \"a\"", "name = \"../a\"").contains("found `../a`"));
        assert!(complaint("train.batch=250", "train.batch").contains("key=value"));
        assert!(complaint("train.budget=", "train budget=").contains("key=value"));
        assert!(complaint("samples/*.png", "../final.png").contains("inside a run's folder"));
        assert!(complaint("samples/*.png", "*/final.png").contains("only the file name"));
    }

    #[test]
    fn run_names_are_unique() {
        let twice = "[[run]]\nname = \"a\"\nrecipe = \"gan\"\n[quick]";
        assert!(complaint("[quick]", twice).contains("two runs are named `a`"));
    }

    #[test]
    fn every_experiment_of_the_project_is_well_formed() {
        let names = names().unwrap();
        assert!(names.contains(&"moons".to_owned()), "{names:?}");
        for name in names {
            Experiment::load(&name).unwrap();
        }
    }

    #[test]
    fn an_unknown_experiment_gets_the_nearest_name_and_the_list() {
        let complaint = Experiment::load("mons").unwrap_err().to_string();
        assert!(complaint.contains("did you mean `moons`?"), "{complaint}");
        assert!(complaint.contains("dcgan-30ep"), "{complaint}");
    }
}
