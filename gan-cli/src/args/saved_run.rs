//! The flags that choose a run, a checkpoint of it and which of its weights.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

use crate::weights::Weights;

#[derive(Debug, Args)]
pub(crate) struct SavedRunArguments {
    /// The run folder.
    pub(crate) run: PathBuf,
    /// Which of the generator's weights: their exponential moving average or those of the step
    /// itself; the average where the run keeps one if not given.
    #[arg(long, value_name = "WEIGHTS")]
    pub(crate) weights: Option<Weights>,
    /// Use the checkpoint of this step, or the best one in a run with checkpoint.keep_best; the newest
    /// if not given.
    #[arg(long, value_name = "STEP|best")]
    pub(crate) from_step: Option<FromStep>,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
}

/// A checkpoint of a run that is not the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FromStep {
    /// That of a step.
    Step(u64),
    /// That of the best value of the quantity that the run keeps it for.
    Best,
}

impl FromStr for FromStep {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.trim() {
            "best" => Ok(Self::Best),
            other => other
                .parse()
                .map(Self::Step)
                .map_err(|_| "expected the number of a step, or best".to_owned()),
        }
    }
}
