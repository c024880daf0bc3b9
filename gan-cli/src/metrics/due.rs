//! The logging cadence: which metrics of a run are due after which step.

use gan_core::measurement::Quantity;
use gan_core::progress::{Cadence, Progress};

/// When each quantity is measured.
#[derive(Clone, Debug)]
pub(crate) struct Due {
    /// Of the built-in metrics; after the first step always.
    pub(crate) log: Cadence,
    /// Of everything else.
    pub(crate) probes: Vec<(Quantity, Cadence)>,
    pub(crate) steps_per_epoch: u64,
    /// The last step, at which everything is measured.
    pub(crate) until: u64,
}

impl Due {
    /// Whether the number called `name` is due after `step`.
    pub(crate) fn has(&self, name: &str, step: u64) -> bool {
        let of = |quantity: &Quantity| {
            let rest = name.strip_prefix(quantity.name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        match self.probes.iter().find(|(quantity, _)| of(quantity)) {
            Some((_, cadence)) => step == self.until || self.falls_on(*cadence, step),
            None => self.logs(step),
        }
    }

    /// Whether the built-in metrics are due after `step`.
    pub(crate) fn logs(&self, step: u64) -> bool {
        step == 1 || step == self.until || self.falls_on(self.log, step)
    }

    fn falls_on(&self, cadence: Cadence, step: u64) -> bool {
        cadence.falls_on(Progress { step, steps_per_epoch: self.steps_per_epoch })
    }
}
