//! What the trainings of a sweep came to, over their seeds.

mod csv;
mod markdown;
mod summary;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::interval::Spread;
use crate::{Definition, Plan, State, SweepError, SweepFolder};

/// The results of a sweep, by setting, in the order of the plan.
///
/// Nothing in it depends on when, where and in which order the trainings ran: what a summary says of
/// time and memory is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collection {
    /// Every setting.
    pub runs: Vec<Collected>,
    /// The quantities of the table for readers, all if there are none.
    #[serde(skip)]
    measures: Vec<String>,
}

/// The results of one setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Collected {
    /// Its name.
    pub run: String,
    /// The seeds that are planned.
    pub seeds: Vec<u64>,
    /// The names of the trainings that failed.
    pub failed: Vec<String>,
    /// The names of those that are not finished yet.
    pub missing: Vec<String>,
    /// Each quantity over the seeds that are finished.
    pub quantities: BTreeMap<String, Quantity>,
}

/// A quantity of one setting.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Quantity {
    /// Its values by seed, as text: JSON has no word for some of them.
    pub values: BTreeMap<u64, String>,
    /// Over the seeds; none where one of the values is no number.
    pub spread: Option<Spread>,
}

impl Collection {
    /// Reads every summary that there is.
    ///
    /// # Errors
    /// A summary cannot be read, or is of another training; the sweep file in the folder cannot be read.
    pub fn of(folder: &SweepFolder, plan: &Plan) -> Result<Self, SweepError> {
        let mut runs: Vec<Collected> = Vec::new();
        let mut values: Vec<BTreeMap<String, BTreeMap<u64, f64>>> = Vec::new();
        for training in &plan.trainings {
            if runs.last().is_none_or(|last| last.run != training.run) {
                runs.push(Collected::empty(&training.run));
                values.push(BTreeMap::new());
            }
            let (Some(run), Some(values)) = (runs.last_mut(), values.last_mut()) else { continue };
            run.seeds.push(training.seed);
            match State::of(folder, training) {
                State::Finished => {
                    for (name, value) in summary::numbers(folder, training)? {
                        values.entry(name).or_default().insert(training.seed, value);
                    }
                }
                State::Failed(_) => run.failed.push(training.name.clone()),
                _ => run.missing.push(training.name.clone()),
            }
        }
        for (run, values) in runs.iter_mut().zip(values) {
            let all = values.into_iter().map(|(name, by_seed)| (name, Quantity::of(&by_seed)));
            run.quantities = all.collect();
        }
        Ok(Self { runs, measures: Definition::read(&folder.definition())?.measures })
    }

    /// Writes `table.md`, `table.csv` and `table.json` into the folder.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn write(&self, folder: &SweepFolder) -> Result<(), SweepError> {
        gan_files::replace(&folder.table("csv"), self.csv().as_bytes())?;
        gan_files::replace(&folder.table("json"), self.json().as_bytes())?;
        Ok(gan_files::replace(&folder.table("md"), self.markdown().as_bytes())?)
    }

    /// As one JSON object, with a line end.
    pub fn json(&self) -> String {
        // Numbers that are not finite stand as text or not at all.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Whether every training is finished.
    pub fn is_complete(&self) -> bool {
        self.runs.iter().all(|run| run.failed.is_empty() && run.missing.is_empty())
    }

    /// The quantities that readers are shown, each once.
    fn shown(&self) -> Vec<String> {
        if !self.measures.is_empty() {
            return self.measures.clone();
        }
        let all: BTreeSet<_> = self.runs.iter().flat_map(|run| run.quantities.keys()).collect();
        all.into_iter().cloned().collect()
    }
}

impl Collected {
    fn empty(run: &str) -> Self {
        Self {
            run: run.to_owned(),
            seeds: Vec::new(),
            failed: Vec::new(),
            missing: Vec::new(),
            quantities: BTreeMap::new(),
        }
    }
}

impl Quantity {
    fn of(by_seed: &BTreeMap<u64, f64>) -> Self {
        let values: Vec<f64> = by_seed.values().copied().collect();
        let text = |(seed, value): (&u64, &f64)| (*seed, csv::number(*value));
        Self { values: by_seed.iter().map(text).collect(), spread: Spread::of(&values) }
    }
}

#[cfg(test)]
mod tests;
