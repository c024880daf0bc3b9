//! A run on disk with one of its checkpoints: what every command that uses a trained generator
//! starts from.

use anyhow::Context as _;
use burn::module::Module;
use burn::tensor::Device;
use gan_core::best::KeepBest;
use gan_core::checkpoint::Checkpoint;
use gan_eval::quantities::quantities;
use gan_eval::{Card, Found, density};

use crate::args::{FromStep, SavedRunArguments};
use crate::assemble::{NetworkVisitor, assemble};
use crate::config::RunConfig;
use crate::device;
use crate::metrics;
use crate::run_folder::{RecordedData, RunFolder};
use crate::weights::Weights;

/// A run, opened at one of its checkpoints.
pub(crate) struct SavedRun {
    pub(crate) folder: RunFolder,
    pub(crate) config: RunConfig,
    pub(crate) data: RecordedData,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) device: Device,
    weights: Option<Weights>,
}

impl SavedRun {
    pub(crate) fn open(arguments: &SavedRunArguments) -> anyhow::Result<Self> {
        let device = device::open(arguments.device.as_deref())?.device;
        let folder = RunFolder::open(&arguments.run)?;
        let config = folder.config()?;
        let step = step_from(arguments.from_step, &folder, &config)?;
        let checkpoint = folder.checkpoint(step)?;
        let data = folder.data()?;
        Ok(Self { folder, config, data, checkpoint, device, weights: arguments.weights })
    }

    /// The step of the checkpoint.
    pub(crate) fn step(&self) -> u64 {
        self.checkpoint.state().step
    }

    /// Build the run's networks, with weights that mean nothing yet, and visit them.
    pub(crate) fn visit<V: NetworkVisitor>(&self, visitor: V) -> anyhow::Result<V::Output> {
        let packing = self.config.train.rules.preprocessing.packing;
        assemble(self.config.model, &self.data.shape, packing, &self.device, visitor)
    }

    /// Which of the generator's weights are used.
    pub(crate) fn weights(&self) -> Weights {
        let kept = self.checkpoint.state().ema;
        self.weights.unwrap_or(if kept { Weights::Ema } else { Weights::Live })
    }

    /// `generator` with the weights that were chosen, for inference.
    pub(crate) fn restore<G: Module>(&self, generator: G) -> anyhow::Result<G> {
        Weights::restore(self.weights, &self.checkpoint, generator)
    }
}

/// The step that was asked for, if any was.
pub(crate) fn step_from(
    asked: Option<FromStep>,
    folder: &RunFolder,
    config: &RunConfig,
) -> anyhow::Result<Option<u64>> {
    Ok(match asked {
        None => None,
        Some(FromStep::Step(step)) => Some(step),
        Some(FromStep::Best) => Some(best(folder, config)?),
    })
}

/// The step of the best checkpoint, by the numbers of `metrics.jsonl`.
fn best(folder: &RunFolder, config: &RunConfig) -> anyhow::Result<u64> {
    let root = folder.root().display();
    let name = config.checkpoint.keep_best.as_ref().with_context(|| {
        format!("{root} keeps no best checkpoint: its `checkpoint.keep_best` names no quantity")
    })?;
    let known = match config.data.density()? {
        Some(density) => density::quantities(&density),
        None => quantities(Card::Brief, Found::ALL),
    };
    let quantity = known.into_iter().find(|quantity| quantity.name == name);
    let quantity = quantity.with_context(|| {
        format!(
            "`checkpoint.keep_best` of {root} names `{name}`, which this program does not measure"
        )
    })?;
    let saved = folder.saved_steps()?;
    let mut best = KeepBest::new(name);
    for line in metrics::read(&folder.metrics())?.iter().filter(|line| saved.contains(&line.step)) {
        let value = line.get(name).map(|value| quantity.measured(value));
        best.note(line.step, value.as_slice());
    }
    let best = best.so_far.with_context(|| {
        format!("{root} has no checkpoint of a step at which `{name}` was measured")
    })?;
    Ok(best.step)
}
