//! The flags of `gan evaluate`.

use std::convert::Infallible;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

use super::{FromStep, SavedRunArguments};
use crate::weights::Weights;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct EvaluateArguments {
    /// Run folders; several are set side by side.
    #[arg(value_name = "RUN", required_unless_present = "samples")]
    pub(crate) runs: Vec<PathBuf>,
    /// How many samples to compare, 10,000 (26,000 of stacked digits) or as the run's configuration has it for
    /// points if not given; or samples that another program made: an array of images, .npy or .npz, or a folder
    /// of them.
    #[arg(long, value_name = "N|FILE|FOLDER")]
    pub(crate) samples: Option<SampleSource>,
    /// The real images that samples of another program are compared with: mnist, stacked-mnist, an array or a
    /// folder of images; mnist if not given.
    #[arg(long, value_name = "mnist|stacked-mnist|FILE|FOLDER", conflicts_with = "runs")]
    pub(crate) reference: Option<String>,
    /// What samples are compared in: digits, pixels, values, a file of `gan classifier train`, or weights of FID's
    /// Inception (.pth, .safetensors); what the run itself uses if not given, and for samples of another program
    /// digits beside mnist and pixels beside other images.
    #[arg(long, value_name = "digits|pixels|values|FILE")]
    pub(crate) features: Option<String>,
    /// Every checkpoint of a run.
    #[arg(long, conflicts_with = "from_step")]
    pub(crate) all: bool,
    /// Use the checkpoint of this step, or the best one in a run with checkpoint.keep_best; the newest
    /// if not given.
    #[arg(long, value_name = "STEP|best")]
    pub(crate) from_step: Option<FromStep>,
    /// Which of the generator's weights: their exponential moving average or those of the step
    /// itself; the average where the run keeps one if not given.
    #[arg(long, value_name = "WEIGHTS")]
    pub(crate) weights: Option<Weights>,
    /// How many of the points to look up among the modes; as the configuration has it if not given.
    #[arg(long, value_name = "N")]
    pub(crate) mode_samples: Option<usize>,
    /// The seed of the samples; the run's own if not given.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub(crate) json: bool,
}

impl EvaluateArguments {
    /// How many samples are asked for.
    pub(crate) fn count(&self) -> Option<usize> {
        match self.samples {
            Some(SampleSource::Count(n)) => Some(n),
            _ => None,
        }
    }

    /// One of the runs, at a step.
    pub(crate) fn saved(&self, run: &Path, from_step: Option<FromStep>) -> SavedRunArguments {
        let (run, weights, device) = (run.to_owned(), self.weights, self.device.clone());
        SavedRunArguments { run, weights, from_step, device }
    }
}

/// Where samples come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SampleSource {
    /// From a generator, this many.
    Count(usize),
    /// From a file or a folder.
    Path(PathBuf),
}

impl FromStr for SampleSource {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(text
            .replace('_', "")
            .parse()
            .map_or_else(|_| Self::Path(PathBuf::from(text)), Self::Count))
    }
}
