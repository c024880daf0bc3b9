//! The flags of `gan sample`.

use std::path::PathBuf;

use clap::Args;

use super::{LookArguments, SavedRunArguments};
use crate::labels::Labels;

#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    #[command(flatten)]
    pub(crate) saved: SavedRunArguments,
    /// How many samples, of each class if the generator has any; 64, or 10 of each class, if not
    /// given.
    #[arg(short, value_name = "N")]
    pub(crate) n: Option<usize>,
    /// Which classes, such as 3 or 1,4,7 or 0-9 or cats,dogs, each in rows of its own; all that
    /// there are if not given.
    #[arg(long, value_name = "CLASSES")]
    pub(crate) labels: Option<Labels>,
    /// Draw each coordinate of the noise anew until it lies within ±T: better samples, fewer
    /// different ones. For the normal prior only.
    #[arg(long, value_name = "T", allow_negative_numbers = true)]
    pub(crate) truncation: Option<f32>,
    /// The seed of the latents; the run's own if not given.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// The file; its ending decides what is written: .png a sheet, .npz levels from 0 to 255 as
    /// FID tools take them, .npy or .csv numbers. A path that ends in / is a folder with a .png
    /// file for each sample. If not given, a sheet in the run folder's samples/.
    #[arg(long, value_name = "FILE|FOLDER/")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) look: LookArguments,
    /// Replace the file if it exists; a folder of samples is moved aside.
    #[arg(long)]
    pub(crate) force: bool,
}
