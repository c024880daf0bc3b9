//! The flags of `gan data`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::LookArguments;

#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    #[command(subcommand)]
    pub(crate) command: DataCommand,
}

/// A data set that this program can make by itself, or a look at one that it reads.
#[derive(Debug, Subcommand)]
pub(crate) enum DataCommand {
    /// Two interleaving half circles.
    Moons(WriteArguments),
    /// Eight Gaussians on the unit circle.
    Ring(WriteArguments),
    /// Twenty-five Gaussians on a grid.
    Grid(WriteArguments),
    /// Handwritten digits, 28×28.
    Mnist(WriteArguments),
    /// Three handwritten digits as red, green and blue of one image, 28×28.
    StackedMnist(WriteArguments),
    /// Say how `gan train` would read a file or a folder, what is odd about it, and what to type.
    #[command(after_help = "Example:\n  gan data inspect photos\n  \
                            gan data inspect table.csv --json")]
    Inspect(InspectArguments),
}

#[derive(Debug, Args)]
pub(crate) struct InspectArguments {
    /// A file of numbers, a folder of images or one of IDX files.
    pub(crate) path: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A data set that is written to a file.
#[derive(Debug, Args)]
pub(crate) struct WriteArguments {
    /// How many samples.
    #[arg(short, value_name = "N")]
    pub(crate) n: usize,
    /// The seed of synthetic samples.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Standard deviation of the noise of synthetic samples; the data set's own if not given.
    #[arg(long, value_name = "X")]
    pub(crate) noise: Option<f64>,
    /// The file; its ending decides what is written: .png a picture, .npz levels from 0 to 255 of
    /// images, .npy or .csv numbers. A path that ends in / is a folder with a .png file for each.
    #[arg(long, value_name = "FILE|FOLDER/")]
    pub(crate) out: PathBuf,
    #[command(flatten)]
    pub(crate) look: LookArguments,
    /// Replace the file if it exists; a folder of samples is moved aside.
    #[arg(long)]
    pub(crate) force: bool,
}
