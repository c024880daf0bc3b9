//! `--weights`: a generator's live weights, or their exponential moving average.

use burn::module::Module;
use clap::ValueEnum;
use gan_core::checkpoint::Checkpoint;

use crate::streams;

/// Which of a generator's weights are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Weights {
    /// Their exponential moving average, in a run that keeps one (`train.ema`).
    Ema,
    /// Those of the checkpoint's step.
    Live,
}

impl Weights {
    /// The value of the flag.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ema => "ema",
            Self::Live => "live",
        }
    }

    /// `generator`, for inference, with the weights that were chosen. Where nothing was chosen they
    /// are the EMA if the run keeps one, and a message reports it.
    pub(crate) fn restore<G: Module>(
        chosen: Option<Self>,
        checkpoint: &Checkpoint,
        generator: G,
    ) -> anyhow::Result<G> {
        let kept = checkpoint.state().ema;
        match (chosen, kept) {
            (Some(Self::Ema), false) => anyhow::bail!(
                "{} keeps no EMA of the weights; train with train.ema.half_life, or ask for the \
                 live weights",
                checkpoint.path().display()
            ),
            (None, true) => {
                streams::say("weights: their EMA; --weights live for those of the step itself");
            }
            _ => {}
        }
        if kept
            && chosen != Some(Self::Live)
            && let Some(ema) = checkpoint.restore_ema(generator.clone())?
        {
            return Ok(ema.valid());
        }
        Ok(checkpoint.restore_generator(generator)?.valid())
    }
}
