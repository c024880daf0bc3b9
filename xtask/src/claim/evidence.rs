//! What claims are judged by: the trainings of an experiment's runs, and its figures.

use std::collections::{BTreeMap, BTreeSet};

use super::Training;

/// What was measured for an experiment.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// The trainings of each run that has come to an end with any seed.
    pub(crate) runs: BTreeMap<String, Vec<Training>>,
    /// With how many seeds each run is to be trained.
    pub(crate) planned: BTreeMap<String, usize>,
    /// The kernels that each run was trained with.
    pub(crate) kernels: BTreeMap<String, BTreeSet<String>>,
    /// Figures of the whole experiment, if there are any yet.
    pub(crate) figures: Option<BTreeMap<String, f64>>,
    /// Whether numbers of different kernels may be compared.
    pub(crate) mixed: bool,
}

impl Evidence {
    /// The trainings of a run; none if it was not run.
    pub(super) fn of(&self, run: &str) -> &[Training] {
        self.runs.get(run).map_or(&[], Vec::as_slice)
    }

    /// With how many seeds it is to be trained.
    pub(super) fn planned(&self, run: &str) -> usize {
        self.planned.get(run).copied().unwrap_or(0)
    }

    /// Why the trainings of these runs must not be compared, if they must not.
    pub(super) fn objection<'a>(&self, runs: impl Iterator<Item = &'a str>) -> Option<String> {
        let kernels: BTreeSet<&String> =
            runs.filter_map(|run| self.kernels.get(run)).flatten().collect();
        (kernels.len() > 1 && !self.mixed).then(|| {
            let names: Vec<&str> = kernels.into_iter().map(String::as_str).collect();
            format!(
                "its numbers come from different kernels, {}; --mixed takes them together",
                names.join(" and ")
            )
        })
    }
}
