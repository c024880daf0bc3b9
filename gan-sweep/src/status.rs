//! How far a sweep is.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::{Plan, State, SweepFolder};

/// The state of every training, in the order of the plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Status {
    /// How many are in each state.
    pub counts: BTreeMap<&'static str, usize>,
    /// One by one.
    pub trainings: Vec<TrainingStatus>,
}

/// The state of one training.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TrainingStatus {
    /// Its name.
    pub name: String,
    /// The identity of its configuration.
    pub id: String,
    /// How far it is.
    #[serde(flatten)]
    pub state: State,
}

impl Status {
    /// That of a sweep now.
    pub fn of(folder: &SweepFolder, plan: &Plan) -> Self {
        let states = ["finished", "running", "half-done", "waiting", "failed"];
        let mut counts = BTreeMap::from(states.map(|state| (state, 0)));
        let mut trainings = Vec::with_capacity(plan.trainings.len());
        for training in &plan.trainings {
            let state = State::of(folder, training);
            *counts.entry(state.name()).or_default() += 1;
            let (name, id) = (training.name.clone(), training.id.clone());
            trainings.push(TrainingStatus { name, id, state });
        }
        Self { counts, trainings }
    }

    /// As one JSON object, with a line end.
    pub fn json(&self) -> String {
        // Texts and whole numbers: nothing that JSON has no word for.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}

/// A line with the counts, then one for each training that is not finished.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |state| self.counts.get(state).copied().unwrap_or_default();
        let [finished, running, half_done, waiting, failed] =
            ["finished", "running", "half-done", "waiting", "failed"].map(count);
        writeln!(
            f,
            "{finished} of {} finished, {running} running, {half_done} half-done, {waiting} waiting, {failed} failed",
            self.trainings.len()
        )?;
        let names = self.trainings.iter().map(|training| training.name.len());
        let width = names.max().unwrap_or_default();
        for TrainingStatus { name, state, .. } in &self.trainings {
            let detail = match state {
                State::Finished => continue,
                State::Running { step: Some(step) } => format!("checkpoint of step {step}"),
                State::HalfDone { step: Some(step) } => format!("goes on at step {step}"),
                State::HalfDone { step: None } => "begins anew: it has no checkpoint".to_owned(),
                State::Failed(failure) => failure.reason(),
                State::Running { step: None } | State::Waiting => String::new(),
            };
            writeln!(f, "{}", format!("{name:width$}  {:9}  {detail}", state.name()).trim_end())?;
        }
        Ok(())
    }
}
