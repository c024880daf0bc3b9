//! An experiment as its file states it.

use std::collections::HashSet;
use std::fs;
use std::num::{NonZeroU32, NonZeroUsize};
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail, ensure};
use serde::Deserialize;

use crate::claim::{Claim, ClaimEntry};
use crate::experiment::{Planted, Sweep, branch};
use crate::{nearest, workspace};

/// The contents of `xtask/experiments/NAME.toml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Experiment {
    /// One line: what is trained on what.
    pub(crate) title: String,
    /// What it is to find out.
    pub(crate) question: String,
    /// What is said of its results, as its tables state it; see [`Experiment::claims`].
    #[serde(rename = "claim", default)]
    stated: Vec<ClaimEntry>,
    /// The same, checked.
    #[serde(skip)]
    pub(crate) claims: Vec<Claim>,
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
    /// The one seed that it is trained with, where they are not counted from 0.
    pub(crate) seed: Option<u32>,
    /// How it is looked after.
    pub(crate) care: Care,
}

/// How a training is looked after.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Care {
    /// It has to come to its end.
    #[default]
    None,
    /// The same, but it is short: what stopped before a first checkpoint is begun anew.
    Short,
    /// It is short, and numbers that are no longer finite are an end like another.
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
    /// `gan train --branch`: on from where another run of the experiment has ended.
    Branch {
        /// The folder of that run; in a definition its name alone.
        from: PathBuf,
        /// The recipe of that run.
        recipe: String,
        /// The settings of that run, which it has too.
        inherited: Vec<String>,
        /// `key=value` settings from there on.
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
    /// The run that it branches off where that has ended.
    pub(crate) branch: Option<String>,
    #[serde(default)]
    pub(crate) set: Vec<String>,
    #[serde(default)]
    pub(crate) quick: Vec<String>,
    pub(crate) seed: Option<u32>,
    #[serde(default)]
    pub(crate) care: Care,
}

impl TryFrom<RunEntry> for Run {
    type Error = anyhow::Error;

    fn try_from(entry: RunEntry) -> anyhow::Result<Self> {
        let RunEntry { name, recipe, command, branch, set, quick, seed, care } = entry;
        let task = match (recipe, command, branch) {
            (None, None, Some(branch)) => {
                // The run that it names may stand further down.
                let (from, recipe) = (PathBuf::from(branch), String::new());
                Task::Branch { from, recipe, inherited: Vec::new(), set, quick }
            }
            (Some(recipe), None, None) => {
                ensure!(!recipe.trim().is_empty(), "the run `{name}` has an empty recipe");
                Task::Train { recipe, set, quick }
            }
            (None, Some(words), None) => {
                ensure!(!words.is_empty(), "the run `{name}` has an empty command");
                ensure!(
                    set.is_empty() && quick.is_empty(),
                    "the run `{name}` is no training: it takes no `set` and no `quick`"
                );
                Task::Command { words }
            }
            _ => bail!("the run `{name}` needs one of `recipe`, `command` and `branch`"),
        };
        Ok(Self { name, task, seeds: None, seed, care })
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
        let experiment = read(name)?;
        experiment.check_claims().with_context(|| file(name).display().to_string())?;
        Ok(experiment)
    }

    fn from_toml(text: &str) -> anyhow::Result<Self> {
        let mut experiment: Self = toml::from_str(text)?;
        for sweep in &experiment.sweeps {
            experiment.runs.extend(sweep.runs()?);
        }
        if let Some(planted) = &mut experiment.planted {
            if let Some(name) = planted.bases_of() {
                let other = read(name)?.planted;
                let other = other.with_context(|| format!("`{name}` has no healthy trainings"))?;
                planted.take_bases(&other)?;
            }
            experiment.runs.extend(planted.runs()?);
        }
        branch::settle(&mut experiment.runs)?;
        experiment.claims =
            experiment.stated.iter().map(ClaimEntry::checked).collect::<anyhow::Result<_>>()?;
        experiment.check()?;
        Ok(experiment)
    }

    fn check(&self) -> anyhow::Result<()> {
        for (key, text) in [("title", &self.title), ("question", &self.question)] {
            ensure!(!text.trim().is_empty(), "`{key}` is empty");
        }
        check_picture(&self.picture)?;
        ensure!(!self.runs.is_empty(), "an experiment has at least one `[[run]]` or `[[sweep]]`");
        let mut seen = HashSet::new();
        for run in &self.runs {
            check_name(&run.name)?;
            ensure!(seen.insert(&run.name), "two runs are named `{}`", run.name);
            if let Task::Train { set, quick, .. } | Task::Branch { set, quick, .. } = &run.task {
                set.iter().chain(quick).try_for_each(|setting| check_setting(setting))?;
            }
        }
        self.set.iter().chain(&self.quick.set).try_for_each(|setting| check_setting(setting))
    }

    /// Claims are of runs that there are, and of no more seeds than those have.
    fn check_claims(&self) -> anyhow::Result<()> {
        ensure!(!self.claims.is_empty(), "an experiment has at least one `[[claim]]`");
        let mut ids = HashSet::new();
        for id in self.claims.iter().filter_map(|claim| claim.id.as_ref()) {
            ensure!(ids.insert(id), "two claims have the id `{id}`");
        }
        for claim in self.claims.iter().flat_map(Claim::versions) {
            let says = &claim.says;
            ensure!(
                claim.reading.run.is_some() || self.planted.is_some(),
                "the claim `{says}` needs a `run`: only planted faults have figures of their own"
            );
            for name in claim.runs() {
                let n_seeds = self.planned(name).with_context(|| format!("the claim `{says}`"))?;
                if let Some(asked) = claim.seeds.filter(|asked| *asked > n_seeds) {
                    bail!("the claim `{says}` is of {asked} seeds, the run `{name}` has {n_seeds}");
                }
            }
        }
        Ok(())
    }

    /// How many trainings it has in full, or with this many seeds.
    pub(crate) fn n_trainings(&self, seeds: Option<NonZeroU32>) -> usize {
        let own = |run: &Run| match run.seed {
            Some(_) => 1,
            None => seeds.or(run.seeds).unwrap_or(self.seeds).get() as usize,
        };
        self.runs.iter().map(own).sum()
    }

    /// With how many seeds a run is trained in full, a run of another experiment too: `NAME/RUN`.
    ///
    /// # Errors
    /// There is no such run.
    pub(crate) fn planned(&self, run: &str) -> anyhow::Result<NonZeroU32> {
        if let Some((experiment, run)) = run.split_once('/') {
            // Without its claims, which may be of this experiment's runs.
            return read(experiment)?.planned(run);
        }
        let names: Vec<&String> = self.runs.iter().map(|run| &run.name).collect();
        match self.runs.iter().find(|known| known.name == run) {
            Some(found) if found.seed.is_some() => Ok(NonZeroU32::MIN),
            Some(found) => Ok(found.seeds.unwrap_or(self.seeds)),
            None => bail!(nearest::unknown("run", run, &names)),
        }
    }
}

/// The experiment of that name, its claims not compared with what they are of.
fn read(name: &str) -> anyhow::Result<Experiment> {
    let known = names()?;
    if !known.iter().any(|known| known == name) {
        bail!(nearest::unknown("experiment", name, &known));
    }
    let path = file(name);
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Experiment::from_toml(&text).with_context(|| path.display().to_string())
}

fn file(name: &str) -> PathBuf {
    workspace::experiments().join(format!("{name}.toml"))
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
mod tests;
