//! The flags of `gan evaluate`.

use clap::Args;

use super::SavedRunArguments;

#[derive(Debug, Args)]
pub(crate) struct EvaluateArguments {
    #[command(flatten)]
    pub(crate) saved: SavedRunArguments,
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
}
