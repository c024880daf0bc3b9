//! Our side of the comparison: the program as a user starts it, seen through its run folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::Context;

use crate::experiment::{Care, Gan, Job, Start, Task, numbers};
use crate::removal::remove_folder;

/// A first run that is shorter is a poor estimate of how many steps fill a given time.
const SHORTEST_SECONDS: f64 = 0.5;

/// A recipe to be trained.
pub(super) struct Training<'a> {
    pub(super) gan: &'a Gan,
    pub(super) recipe: &'a str,
    pub(super) device: &'a str,
    /// Settings beside the length.
    pub(super) set: Vec<String>,
}

/// What a run reports of itself when it has ended.
pub(super) struct Finished(BTreeMap<String, f64>);

impl Finished {
    /// Seconds of one step: everything that the program does between its first step and its last,
    /// and the pictures, plots and the checkpoint with which a run begins and ends.
    pub(super) fn seconds_per_step(&self) -> anyhow::Result<f64> {
        Ok(self.number("wall_seconds")? / self.number("steps")?)
    }

    /// A number of `summary.json`.
    pub(super) fn number(&self, name: &str) -> anyhow::Result<f64> {
        let value = self.0.get(name);
        value.copied().with_context(|| format!("summary.json has no number `{name}`"))
    }
}

impl Training<'_> {
    /// Trains `steps` steps in a scratch folder, which is removed afterwards.
    pub(super) fn run(&self, steps: u64) -> anyhow::Result<Finished> {
        let folder = self.gan.scratch_folder("bench-train");
        remove_folder(&folder)?;
        let arguments = self.job(steps, folder.clone()).arguments(Some(self.device), Start::Fresh);
        let numbers = self.gan.call(&arguments).and_then(|()| numbers(&folder));
        remove_folder(&folder)?;
        Ok(Finished(numbers?))
    }

    /// How many steps take about `seconds` seconds, at least two.
    pub(super) fn steps_in(&self, seconds: f64) -> anyhow::Result<u64> {
        let mut steps = 2;
        loop {
            let per_step = self.run(steps)?.seconds_per_step()?;
            if per_step * steps as f64 >= SHORTEST_SECONDS {
                return Ok((seconds / per_step).ceil().max(2.0) as u64);
            }
            steps *= 8;
        }
    }

    fn job(&self, steps: u64, folder: PathBuf) -> Job {
        let mut set = vec![format!("train.budget=\"{steps} steps\"")];
        set.extend_from_slice(&self.set);
        let task = Task::Train { recipe: self.recipe.to_owned(), set, quick: Vec::new() };
        let care = Care::default();
        Job { run: self.recipe.to_owned(), task, seed: 0, folder, care }
    }
}
