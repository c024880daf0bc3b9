//! The metrics and probes of a run, and what depends on them.

use anyhow::{anyhow, bail, ensure};
use gan_core::GanError;
use gan_core::batch::BatchSource;
use gan_core::best::{KeepBest, StopRule};
use gan_core::learner::Learner;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator};
use gan_core::probe::Probe;
use gan_core::progress::{Cadence, Progress};
use gan_core::session::Session;
use gan_run::MetricsLine;

use crate::config::{RunConfig, did_you_mean};
use crate::metrics::{self, Due, MetricsFile};
use crate::run_folder::RunFolder;

/// Every quantity of a run, when it is due, and the rules that read it.
pub(super) struct Measured {
    quantities: Vec<Quantity>,
    due: Due,
    pub(super) keep_best: Option<KeepBest>,
    pub(super) stop: Option<StopRule>,
}

impl Measured {
    /// Refuses names of quantities that this run does not measure.
    pub(super) fn of<G: Generator<D>, C: Critic<D>, S: BatchSource<D>, const D: usize>(
        config: &RunConfig,
        learner: &Learner<G, C, S, D>,
        probes: &[&dyn Probe<G, C, D>],
        shown: &[String],
    ) -> anyhow::Result<Self> {
        let keep_best = config.checkpoint.keep_best.as_ref().map(KeepBest::new);
        let stop = config.train.stop.clone();
        let mut session = Session::new().keep_best(keep_best.clone()).stop(stop.clone());
        let every = config.evaluation.every;
        for probe in probes {
            session = session.probe(every, *probe);
        }
        let quantities = learner.quantities(&session).map_err(by_key)?;
        let of_probes = probes.iter().flat_map(|probe| probe.quantities());
        let probes = of_probes.map(|quantity| (quantity, every)).collect();
        let per_epoch = learner.progress().steps_per_epoch;
        let due = Due {
            log: config.log.every,
            probes,
            steps_per_epoch: per_epoch,
            until: config.train.budget.steps(per_epoch),
        };
        let measured = Self { quantities, due, keep_best, stop };
        measured.ensure_measured_on_the_way()?;
        measured.ensure_known("--show", shown)?;
        Ok(measured)
    }

    /// A rule is of no use on what is measured at the end alone.
    fn ensure_measured_on_the_way(&self) -> anyhow::Result<()> {
        let rules = [
            ("checkpoint.keep_best", self.keep_best.as_ref().map(|best| &best.quantity)),
            ("train.stop.quantity", self.stop.as_ref().map(|stop| &stop.quantity)),
        ];
        for (key, name) in rules.into_iter().filter_map(|(key, name)| Some((key, name?))) {
            let is_never = self
                .due
                .probes
                .iter()
                .any(|(quantity, cadence)| quantity.name == name && *cadence == Cadence::Never);
            ensure!(
                !is_never,
                "`{key}` names `{name}`, which is measured at the end only; set `evaluation.every` \
                 to a number of steps or epochs"
            );
        }
        Ok(())
    }

    fn ensure_known(&self, flag: &str, names: &[String]) -> anyhow::Result<()> {
        let known: Vec<&str> = self.quantities.iter().map(|quantity| quantity.name).collect();
        let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) else {
            return Ok(());
        };
        let nearest = did_you_mean(name, &known);
        bail!("{flag} names `{name}`{nearest}; expected one of: {}", known.join(", "))
    }

    /// The file of measurements, which the rules take note of, open for what comes after `step`.
    pub(super) fn continue_after(
        &mut self,
        folder: &RunFolder,
        step: u64,
    ) -> anyhow::Result<MetricsFile> {
        let path = folder.metrics();
        let file = MetricsFile::continue_after(&path, step, &self.due)?;
        if step > 0 {
            self.replay(&metrics::read(&path)?, &folder.saved_steps()?);
        }
        Ok(file)
    }

    /// Let the rules take note of what was measured before the run was resumed. A best value whose
    /// step has no checkpoint is none to keep: the rule may be younger than the run.
    fn replay(&mut self, lines: &[MetricsLine], saved: &[u64]) {
        for line in lines {
            let measured = |quantity: &Quantity| -> Option<Measurement> {
                Some(quantity.measured(line.get(quantity.name)?))
            };
            let measured: Vec<Measurement> = self.quantities.iter().filter_map(measured).collect();
            let steps_per_epoch = self.due.steps_per_epoch;
            if let Some(best) = self.keep_best.as_mut().filter(|_| saved.contains(&line.step)) {
                best.note(line.step, &measured);
            }
            if let Some(stop) = &mut self.stop {
                stop.note(Progress { step: line.step, steps_per_epoch }, &measured);
            }
        }
    }
}

/// The error with the key of the configuration, and the nearest name.
fn by_key(error: GanError) -> anyhow::Error {
    let is_of_checkpoint =
        matches!(&error, GanError::UnknownQuantity { key, .. } if key == "keep_best");
    match error.under(if is_of_checkpoint { "checkpoint" } else { "train" }) {
        GanError::UnknownQuantity { key, found, known } if !known.is_empty() => {
            let nearest = did_you_mean(&found, &known);
            anyhow!("`{key}` names `{found}`{nearest}; expected one of: {}", known.join(", "))
        }
        other => other.into(),
    }
}
