//! An experiment as its file states it.

use std::collections::HashSet;
use std::fs;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Component, Path};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use crate::experiment::{Planted, Sweep};
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
    /// The numbers that the summary shows for each run, the first of them on the pictures too; by
    /// default all.
    #[serde(default)]
    pub(crate) measures: Vec<String>,
    /// Pictures in a row of the sheet, where it is not to be square.
    pub(crate) columns: Option<NonZeroUsize>,
    /// Settings of every training; a run's own follow and win over them.
    #[serde(default)]
    pub(crate) set: Vec<String>,
    /// The trainings to compare; those of the sweeps follow.
    #[serde(rename = "run", default)]
    pub(crate) runs: Vec<Run>,
    /// Tables of trainings.
    #[serde(rename = "sweep", default)]
    sweeps: Vec<Sweep>,
    /// Trainings that are spoiled on purpose, beside healthy ones.
    pub(crate) planted: Option<Planted>,
    /// What the short form changes.
    #[serde(default)]
    pub(crate) quick: Quick,
}

/// One training, or another call of `gan`.
#[derive(Debug, Deserialize)]
#[serde(try_from = "RunEntry")]
pub(crate) struct Run {
    /// Names its folder and its place in the summary.
    pub(crate) name: String,
    /// What `gan` is asked to do.
    pub(crate) task: Task,
    /// With how many seeds, where it is not the experiment's number.
    pub(crate) seeds: Option<NonZeroU32>,
    /// How it is looked after.
    pub(crate) care: Care,
}

/// How a training is looked after.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Care {
    /// It is not watched, and has to come to its end.
    #[default]
    None,
    /// The doctor watches it.
    Watched,
    /// The doctor watches it, and numbers that are no longer finite are an end like another.
    MayDiverge,
}

/// What `gan` is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Task {
    /// `gan train`.
    Train {
        /// The recipe.
        recipe: String,
        /// `key=value` settings, each handed on as `--set`; a later one wins.
        set: Vec<String>,
        /// Settings of this training alone that the short form has in the end.
        quick: Vec<String>,
    },
    /// Another command, which takes `--seed` and `--out` and leaves a `summary.json` in its folder.
    Command {
        /// Its name and its options; of an option that is given twice, the later one wins.
        words: Vec<String>,
    },
}

/// A run as its table in the file states it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RunEntry {
    pub(crate) name: String,
    pub(crate) recipe: Option<String>,
    pub(crate) command: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) set: Vec<String>,
    #[serde(default)]
    pub(crate) quick: Vec<String>,
}

impl TryFrom<RunEntry> for Run {
    type Error = anyhow::Error;

    fn try_from(entry: RunEntry) -> anyhow::Result<Self> {
        let RunEntry { name, recipe, command, set, quick } = entry;
        let task = match (recipe, command) {
            (Some(recipe), None) => {
                ensure!(!recipe.trim().is_empty(), "the run `{name}` has an empty recipe");
                Task::Train { recipe, set, quick }
            }
            (None, Some(words)) => {
                ensure!(!words.is_empty(), "the run `{name}` has an empty command");
                ensure!(
                    set.is_empty() && quick.is_empty(),
                    "the run `{name}` is no training: it takes no `set` and no `quick`"
                );
                Task::Command { words }
            }
            _ => bail!("the run `{name}` needs either a `recipe` or a `command`"),
        };
        Ok(Self { name, task, seeds: None, care: Care::None })
    }
}

/// What the short form changes; nothing by default.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Quick {
    /// Settings that follow each run's own and so win over them.
    #[serde(default)]
    pub(crate) set: Vec<String>,
    /// Words that follow those of each `command` and so win over them.
    #[serde(default)]
    pub(crate) command: Vec<String>,
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
        let mut experiment: Self = toml::from_str(text)?;
        for sweep in &experiment.sweeps {
            experiment.runs.extend(sweep.runs()?);
        }
        if let Some(planted) = &experiment.planted {
            experiment.runs.extend(planted.runs()?);
        }
        experiment.check()?;
        Ok(experiment)
    }

    fn check(&self) -> anyhow::Result<()> {
        for (key, text) in [("title", &self.title), ("claim", &self.claim)] {
            ensure!(!text.trim().is_empty(), "`{key}` is empty");
        }
        check_picture(&self.picture)?;
        ensure!(!self.runs.is_empty(), "an experiment has at least one `[[run]]` or `[[sweep]]`");
        let mut seen = HashSet::new();
        for run in &self.runs {
            check_name(&run.name)?;
            ensure!(seen.insert(&run.name), "two runs are named `{}`", run.name);
            if let Task::Train { set, quick, .. } = &run.task {
                set.iter().chain(quick).try_for_each(|setting| check_setting(setting))?;
            }
        }
        self.set.iter().chain(&self.quick.set).try_for_each(|setting| check_setting(setting))
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
        let set = vec!["train.batch=250".to_owned()];
        assert_eq!(
            experiment.runs[0].task,
            Task::Train { recipe: "gan".into(), set, quick: Vec::new() }
        );
        assert_eq!(experiment.quick.set, ["train.budget=\"5 steps\""]);
        assert!(experiment.quick.seeds.is_none());
    }

    #[test]
    fn mistakes_are_named() {
        assert!(complaint("claim =", "clam =").contains("unknown field `clam`"));
        assert!(complaint("recipe =", "receipt =").contains("receipt"));
        assert!(complaint("recipe = \"gan\"", "").contains("either a `recipe` or a `command`"));
        assert!(complaint("recipe = \"gan\"", "command = [\"list\"]").contains("no `set`"));
        assert!(complaint("title = \"T\"", "title = \" \"").contains("`title` is empty"));
        assert!(complaint("seeds = 2", "seeds = 0").contains("nonzero"));
        assert!(complaint("name = \"a\"", "name = \"../a\"").contains("found `../a`"));
        assert!(complaint("train.batch=250", "train.batch").contains("key=value"));
        assert!(complaint("train.budget=", "train budget=").contains("key=value"));
        assert!(complaint("samples/*.png", "../final.png").contains("inside a run's folder"));
        assert!(complaint("samples/*.png", "*/final.png").contains("only the file name"));
    }

    #[test]
    fn runs_of_a_sweep_follow_the_others() {
        let sweep = "[[sweep]]\nname = \"b{n}\"\ncommand = [\"duality\", \"--n={n}\"]\n\
                     axes = [[{ n = \"1\" }, { n = \"2\" }]]\n[quick]";
        let experiment = Experiment::from_toml(&GOOD.replace("[quick]", sweep)).unwrap();
        let names: Vec<_> = experiment.runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(names, ["a", "b1", "b2"]);
        let words = vec!["duality".to_owned(), "--n=2".to_owned()];
        assert_eq!(experiment.runs[2].task, Task::Command { words });
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
