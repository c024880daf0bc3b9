//! The flags that choose a run, a checkpoint of it and which of its weights.

use std::path::PathBuf;

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
    /// Use the checkpoint of this step; the newest if not given.
    #[arg(long, value_name = "STEP")]
    pub(crate) from_step: Option<u64>,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
}
