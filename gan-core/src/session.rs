//! What surrounds a training loop: checkpoints, probes, observers (callbacks), and early stopping.

use crate::GanError;
use crate::best::{KeepBest, StopRule};
use crate::checkpoint::CheckpointPlan;
use crate::event::{Control, Event, Observer};
use crate::measurement::Quantity;
use crate::probe::Probe;
use crate::progress::{Cadence, Progress};
use crate::step_metrics;

/// A probe and how often it measures.
pub(crate) struct ScheduledProbe<'a, G, C, const D: usize> {
    pub(crate) cadence: Cadence,
    pub(crate) probe: &'a dyn Probe<G, C, D>,
}

/// What [`Learner::fit`](crate::learner::Learner::fit) does beside the steps: nothing, unless it is asked to.
///
/// At a step the order is `Stepped`, `Measured`, `Saving` and `Checkpointed`: what is measured can
/// decide about a checkpoint and about the end.
///
/// # Example
/// ```
/// use gan_core::progress::{Cadence, Span};
/// use gan_core::session::Session;
/// # fn session<G, C>(observer: &mut dyn gan_core::event::Observer<G, C>) -> Session<'_, G, C, 2> {
/// let log = Cadence::Every(Span::Steps(50));
/// Session::new().log(log).observer(observer)
/// # }
/// ```
pub struct Session<'a, G, C, const D: usize> {
    pub(crate) plan: Option<CheckpointPlan>,
    pub(crate) keep_best: Option<KeepBest>,
    pub(crate) stop: Option<StopRule>,
    pub(crate) log: Cadence,
    pub(crate) probes: Vec<ScheduledProbe<'a, G, C, D>>,
    pub(crate) observers: Vec<&'a mut dyn Observer<G, C>>,
}

impl<G, C, const D: usize> Default for Session<'_, G, C, D> {
    fn default() -> Self {
        Self {
            plan: None,
            keep_best: None,
            stop: None,
            log: Cadence::Never,
            probes: Vec::new(),
            observers: Vec::new(),
        }
    }
}

impl<'a, G, C, const D: usize> Session<'a, G, C, D> {
    /// No checkpoints, no observers; the built-in metrics are measured after the first and the last
    /// step only.
    pub fn new() -> Self {
        Self::default()
    }

    /// Save checkpoints.
    #[must_use]
    pub fn checkpoints(self, plan: CheckpointPlan) -> Self {
        Self { plan: Some(plan), ..self }
    }

    /// Keep the checkpoint of the best value of a quantity beside the newest ones; without
    /// checkpoints, nothing is kept.
    #[must_use]
    pub fn keep_best(self, best: Option<KeepBest>) -> Self {
        Self { keep_best: best, ..self }
    }

    /// Stop when a quantity no longer improves.
    #[must_use]
    pub fn stop(self, rule: Option<StopRule>) -> Self {
        Self { stop: rule, ..self }
    }

    /// Measure the built-in metrics of a step (losses, D(x), D(G(z)), gradient norms) this often; the
    /// first and the last step always.
    #[must_use]
    pub fn log(self, cadence: Cadence) -> Self {
        Self { log: cadence, ..self }
    }

    /// Let a probe measure this often, and after the last step.
    #[must_use]
    pub fn probe(mut self, cadence: Cadence, probe: &'a dyn Probe<G, C, D>) -> Self {
        self.probes.push(ScheduledProbe { cadence, probe });
        self
    }

    /// Let each of several probes measure this often, and after the last step.
    #[must_use]
    pub fn probes(
        self,
        cadence: Cadence,
        probes: impl IntoIterator<Item = &'a dyn Probe<G, C, D>>,
    ) -> Self {
        probes.into_iter().fold(self, |session, probe| session.probe(cadence, probe))
    }

    /// Notify an observer; observers are notified in the order in which they were added.
    #[must_use]
    pub fn observer(mut self, observer: &'a mut dyn Observer<G, C>) -> Self {
        self.observers.push(observer);
        self
    }

    /// Everything that will be measured, the built-in metrics first.
    ///
    /// # Errors
    /// [`GanError::DuplicateQuantity`] if two probes have a name in common;
    /// [`GanError::UnknownQuantity`] if `keep_best` or `stop` name a quantity that no probe measures or
    /// that has no better direction; [`GanError::OutOfRange`].
    pub(crate) fn quantities(&self, has_penalties: bool) -> Result<Vec<Quantity>, GanError> {
        let mut all: Vec<(Quantity, &str)> = step_metrics::quantities(has_penalties)
            .into_iter()
            .map(|each| (each, "step"))
            .collect();
        for ScheduledProbe { probe, .. } in &self.probes {
            for quantity in probe.quantities() {
                if let Some((_, first)) = all.iter().find(|(each, _)| each.name == quantity.name) {
                    return Err(GanError::DuplicateQuantity {
                        name: quantity.name,
                        probes: [(*first).to_owned(), probe.name().to_owned()],
                    });
                }
                all.push((quantity, probe.name()));
            }
        }
        let all: Vec<Quantity> = all.into_iter().map(|(quantity, _)| quantity).collect();
        if let Some(best) = &self.keep_best {
            crate::best::find(&all, "keep_best", &best.quantity)?;
        }
        if let Some(stop) = &self.stop {
            stop.validate("stop")?;
            crate::best::find(&all, "stop.quantity", &stop.quantity)?;
        }
        Ok(all)
    }
}

impl<G, C, const D: usize> Session<'_, G, C, D> {
    /// Notify every observer, even after one that failed; returns the first reason to stop, or the
    /// first error.
    ///
    /// After an [`Unrecorded`](crate::Unrecorded) no other observer is notified: nothing may be saved.
    pub(crate) fn notify(&mut self, event: &Event<'_, G, C>) -> Result<Option<String>, GanError> {
        let (mut stop, mut failed) = (None, None);
        for observer in &mut self.observers {
            match observer.observe(event).map_err(GanError::of_observer) {
                Ok(Control::Continue) => {}
                Ok(Control::Stop(reason)) => {
                    stop.get_or_insert(reason);
                }
                Err(error @ GanError::Unrecorded(_)) => return Err(error),
                Err(error) => {
                    failed.get_or_insert(error);
                }
            }
        }
        failed.map_or(Ok(stop), Err)
    }
}

impl<G, C, const D: usize> ScheduledProbe<'_, G, C, D> {
    /// Whether it measures after the step, where the run is to end at step `until`.
    pub(crate) fn is_due(&self, progress: Progress, until: u64) -> bool {
        progress.step == until || self.cadence.falls_on(progress)
    }
}
