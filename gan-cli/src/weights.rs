//! Which of a run's weights make samples: those of the moment or their moving average.

use burn::module::Module;
use clap::ValueEnum;
use gan_core::Checkpoint;

use crate::streams;

/// The weights of a generator that samples are made with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Weights {
    /// Those of the checkpoint's step.
    Live,
    /// Their moving average, in a run that keeps one (`train.ema`).
    Average,
}

impl Weights {
    /// `generator`, for inference, with the weights that were chosen; if nobody chose, with the
    /// average where there is one, and then it says so.
    pub(crate) fn restore<G: Module>(
        chosen: Option<Self>,
        checkpoint: &Checkpoint,
        generator: G,
    ) -> anyhow::Result<G> {
        let averaged = checkpoint.state().averaged;
        match (chosen, averaged) {
            (Some(Self::Average), false) => anyhow::bail!(
                "{} keeps no moving average; train with train.ema.half_life, or ask for the live \
                 weights",
                checkpoint.path().display()
            ),
            (None, true) => {
                streams::say("samples of the moving average; --weights live for the others");
            }
            _ => {}
        }
        if averaged
            && chosen != Some(Self::Live)
            && let Some(average) = checkpoint.restore_average(generator.clone())?
        {
            return Ok(average.valid());
        }
        Ok(checkpoint.restore_generator(generator)?.valid())
    }
}
