//! The flags of `gan evaluate`.

use std::path::PathBuf;

use clap::Args;

use crate::weights::Weights;

#[derive(Debug, Args)]
pub(crate) struct EvaluateArguments {
    /// The run folder, of a run on moons, ring or grid.
    pub(crate) run: PathBuf,
    /// Which weights: those of the moment or their moving average; the average where the run keeps
    /// one if not given.
    #[arg(long, value_name = "WEIGHTS")]
    pub(crate) weights: Option<Weights>,
    /// Evaluate the checkpoint of this step; the newest if not given.
    #[arg(long, value_name = "STEP")]
    pub(crate) from_step: Option<u64>,
    /// How many samples to compare; as the run's configuration has it if not given.
    #[arg(long, value_name = "N")]
    pub(crate) samples: Option<usize>,
    /// How many of them to look up among the modes; as the configuration has it if not given.
    #[arg(long, value_name = "N")]
    pub(crate) mode_samples: Option<usize>,
    /// The seed of the samples; the run's own if not given.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
}
