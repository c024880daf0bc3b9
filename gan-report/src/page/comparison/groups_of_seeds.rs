//! Runs that differ in their seed alone.

use crate::run::Run;

/// Which runs belong together, by their indices.
pub(super) struct Groups {
    groups: Vec<Vec<usize>>,
}

impl Groups {
    /// Runs whose configurations are the same but for the seed; one whose configuration is unknown is
    /// alone.
    pub(super) fn of(runs: &[Run]) -> Self {
        let without_seed = |run: &Run| {
            run.config.iter().filter(|(key, _)| key != "seed").cloned().collect::<Vec<_>>()
        };
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for (index, run) in runs.iter().enumerate() {
            let is_like = |other: &usize| {
                !run.config.is_empty() && without_seed(&runs[*other]) == without_seed(run)
            };
            match groups.iter_mut().find(|group| group.first().is_some_and(is_like)) {
                Some(group) => group.push(index),
                None => groups.push(vec![index]),
            }
        }
        Self { groups }
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether any has more than one run.
    pub(super) fn have_seeds(&self) -> bool {
        self.groups.iter().any(|group| group.len() > 1)
    }

    /// Those with more than one run.
    pub(super) fn with_seeds(&self) -> impl Iterator<Item = &[usize]> {
        self.groups.iter().map(Vec::as_slice).filter(|group| group.len() > 1)
    }

    /// The number of a run's color: that of its group where there are several of them.
    pub(super) fn color(&self, run: usize) -> usize {
        if !self.have_seeds() || self.groups.len() == 1 {
            return run;
        }
        self.groups.iter().position(|group| group.contains(&run)).unwrap_or(0)
    }
}
