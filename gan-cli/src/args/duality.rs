//! The flags of `gan duality`.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct DualityArguments {
    /// The folder for the table, the picture and the numbers.
    #[arg(long, value_name = "DIR", default_value = "runs/duality")]
    pub(crate) out: PathBuf,
    /// The first seed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Discriminators at each shift, each with a seed of its own.
    #[arg(long, value_name = "N", default_value = "3")]
    pub(crate) seeds: NonZeroU64,
    /// Updates of each discriminator.
    #[arg(long, value_name = "N", default_value = "3000")]
    pub(crate) steps: NonZeroU64,
    /// Shifts in equal distances from 0 to 1.6, at least 2.
    #[arg(long, value_name = "N", default_value = "17")]
    pub(crate) shifts: NonZeroUsize,
    /// Samples of each density in an update.
    #[arg(long, value_name = "N", default_value = "256")]
    pub(crate) batch: NonZeroUsize,
    /// Samples of each density that an estimate is made from, at least 2.
    #[arg(long, value_name = "N", default_value = "50000")]
    pub(crate) held_out: NonZeroUsize,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Replace results that are there.
    #[arg(long)]
    pub(crate) force: bool,
}
