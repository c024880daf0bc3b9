//! The flags of `gan classifier`.

use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct ClassifierArguments {
    #[command(subcommand)]
    pub(crate) command: ClassifierCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ClassifierCommand {
    /// Train a classifier of labeled images, whose features `evaluation.features` can compare images in.
    #[command(
        args_override_self = true,
        after_help = "Example:\n  gan classifier train pets --out pets-classifier\n  \
                      gan train dcgan --data-dir pets --set data.kind=images \
                      --set evaluation.features=pets-classifier/classifier.bin"
    )]
    Train(TrainClassifierArguments),
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct TrainClassifierArguments {
    /// mnist, a folder with a sub-folder of images for each class, or a folder with four IDX files.
    #[arg(value_name = "mnist|FOLDER")]
    pub(crate) data: PathBuf,
    /// The folder for the classifier, its numbers and its mistakes.
    #[arg(long, value_name = "DIR", default_value = "runs/classifier")]
    pub(crate) out: PathBuf,
    /// The name that the features are known by.
    #[arg(long, value_name = "NAME", default_value = "classifier")]
    pub(crate) name: String,
    /// Passes over the training images; a fifth of them more follow with the normalization folded.
    #[arg(long, value_name = "N", default_value = "36")]
    pub(crate) epochs: NonZeroU64,
    /// Maps of the first convolution; there are four times as many features.
    #[arg(long, value_name = "MAPS", default_value_t = 16, value_parser = clap::value_parser!(u16).range(4..=256))]
    pub(crate) width: u16,
    /// Images in an update.
    #[arg(long, value_name = "N", default_value = "128")]
    pub(crate) batch: NonZeroUsize,
    /// Of weights, order and augmentation.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Sides of the images in pixels, by turns: 28,32 for digits at both sizes; that of most images if not
    /// given.
    #[arg(long, value_name = "PIXELS", value_delimiter = ',')]
    pub(crate) size: Vec<usize>,
    /// Read images in color.
    #[arg(long)]
    pub(crate) rgb: bool,
    /// Only the first digits, this many.
    #[arg(long, value_name = "N")]
    pub(crate) subset: Option<NonZeroUsize>,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Replace a classifier that is there.
    #[arg(long)]
    pub(crate) force: bool,
}
