//! A run on disk with one of its checkpoints: what every command that uses a trained generator
//! starts from.

use burn::module::Module;
use burn::tensor::Device;
use gan_core::Checkpoint;

use crate::args::SavedRunArguments;
use crate::assemble::{NetworkVisitor, assemble};
use crate::config::RunConfig;
use crate::device;
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
        let checkpoint = folder.checkpoint(arguments.from_step)?;
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
