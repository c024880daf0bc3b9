//! A sweep as its file states it: settings, seeds, and what of them varies.

mod axes;
mod problem;
mod seeds;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

pub use problem::DefinitionProblem;

use crate::SweepError;
use axes::Sweep;
use seeds::Seeds;

/// More trainings than these are a slip of the hand.
const MOST: usize = 100_000;
/// Options of `gan train` that would go around the plan.
const REFUSED: [&str; 10] = [
    "--set",
    "--seed",
    "--steps",
    "--epochs",
    "--out",
    "--resume",
    "--branch",
    "--from-step",
    "--force",
    "--data-dir",
];

/// A sweep file, checked.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// What to train, in the order of the file.
    pub runs: Vec<Run>,
    /// Words that every `gan train` is called with besides; they change no result.
    pub arguments: Vec<String>,
    /// The quantities that a table for readers shows; all if there are none.
    pub measures: Vec<String>,
}

/// One setting, to be trained with several seeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its name, of letters, digits, `-`, `_` and `.`.
    pub name: String,
    /// A recipe's name, or a configuration file that ends in `.toml`.
    pub recipe: String,
    /// `key=value`, a later one wins.
    pub set: Vec<String>,
    /// Every seed once, in the order of the file.
    pub seeds: Vec<u64>,
}

/// The contents of a sweep file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    seeds: Option<Seeds>,
    #[serde(default)]
    set: Vec<String>,
    #[serde(default)]
    arguments: Vec<String>,
    #[serde(default)]
    measures: Vec<String>,
    #[serde(rename = "run", default)]
    runs: Vec<RunEntry>,
    #[serde(rename = "sweep", default)]
    sweeps: Vec<Sweep>,
}

/// A `[[run]]`, or what a `[[sweep]]` makes of one choice of its axes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RunEntry {
    name: String,
    recipe: String,
    #[serde(default)]
    set: Vec<String>,
    seeds: Option<Seeds>,
}

impl Definition {
    /// Reads a sweep file. A recipe that is a relative path is one seen from the file's folder.
    ///
    /// # Errors
    /// The file cannot be read, or [`SweepError::Definition`].
    pub fn read(path: &Path) -> Result<Self, SweepError> {
        let text = std::fs::read_to_string(path).map_err(SweepError::reading(path))?;
        let mut definition = Self::parse(&text)
            .map_err(|problem| SweepError::Definition { path: path.to_owned(), source: problem })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for run in definition.runs.iter_mut().filter(|run| run.recipe.ends_with(".toml")) {
            run.recipe = folder.join(PathBuf::from(&run.recipe)).to_string_lossy().into_owned();
        }
        Ok(definition)
    }

    /// Reads the text of a sweep file.
    ///
    /// # Errors
    /// [`DefinitionProblem`].
    pub fn parse(text: &str) -> Result<Self, DefinitionProblem> {
        let file: File =
            toml::from_str(text).map_err(|error| DefinitionProblem::toml(&error, text))?;
        let swept = file.sweeps.iter().map(Sweep::runs).collect::<Result<Vec<_>, _>>()?;
        let mut runs = Vec::new();
        for entry in file.runs.into_iter().chain(swept.into_iter().flatten()) {
            runs.push(entry.with(&file.set, file.seeds.as_ref())?);
        }
        file.arguments.iter().try_for_each(|word| ensure_allowed(word))?;
        let definition = Self { runs, arguments: file.arguments, measures: file.measures };
        definition.check()?;
        Ok(definition)
    }

    /// How many trainings it asks for.
    pub fn trainings(&self) -> usize {
        self.runs.iter().map(|run| run.seeds.len()).sum()
    }

    fn check(&self) -> Result<(), DefinitionProblem> {
        let mut seen = HashSet::new();
        if let Some(run) = self.runs.iter().find(|run| !seen.insert(&run.name)) {
            return Err(DefinitionProblem::NameTwice { name: run.name.clone() });
        }
        match self.trainings() {
            0 => Err(DefinitionProblem::NoRuns),
            1 => Err(DefinitionProblem::NothingToVary),
            found if found > MOST => Err(DefinitionProblem::TooMany { found, most: MOST }),
            _ => Ok(()),
        }
    }
}

impl RunEntry {
    /// The run, over what holds for all of them.
    fn with(self, common: &[String], seeds: Option<&Seeds>) -> Result<Run, DefinitionProblem> {
        let Self { name, recipe, set, seeds: own } = self;
        let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_.".contains(letter);
        let starts_well = name.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !starts_well || !name.chars().all(plain) {
            return Err(DefinitionProblem::Name { found: name });
        }
        if recipe.trim().is_empty() {
            return Err(DefinitionProblem::NoRecipe { run: name });
        }
        let set: Vec<String> = common.iter().cloned().chain(set).collect();
        set.iter().try_for_each(|setting| ensure_setting(setting))?;
        let whose = match &own {
            Some(_) => format!("`seeds` of `{name}`"),
            None => "`seeds`".to_owned(),
        };
        let seeds = own.as_ref().or(seeds).map_or(Ok(vec![0]), |seeds| seeds.all(&whose))?;
        Ok(Run { name, recipe, set, seeds })
    }
}

fn ensure_setting(setting: &str) -> Result<(), DefinitionProblem> {
    let (key, value) = setting.split_once('=').unwrap_or((setting, ""));
    let key = key.trim();
    if key == "seed" {
        return Err(DefinitionProblem::SeedIsSet);
    }
    if key.is_empty() || key.contains(char::is_whitespace) || value.trim().is_empty() {
        return Err(DefinitionProblem::Setting { found: setting.to_owned() });
    }
    Ok(())
}

fn ensure_allowed(word: &str) -> Result<(), DefinitionProblem> {
    let option = word.split_once('=').map_or(word, |(option, _)| option);
    match REFUSED.contains(&option) {
        true => Err(DefinitionProblem::Argument { found: word.to_owned() }),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests;
