//! The flags of the program, and nothing else.

mod duality;
mod evaluate;
mod montage;

pub(crate) use duality::DualityArguments;
pub(crate) use evaluate::EvaluateArguments;
pub(crate) use montage::MontageArguments;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

/// Train generative adversarial networks, sample them and see how the training went.
#[derive(Debug, Parser)]
#[command(name = "gan", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Train a recipe, or what a configuration file says, into a run folder.
    #[command(after_help = "Example:\n  gan train dcgan --epochs 5 --seed 1 --out runs/digits\n  \
                            gan train --resume --out runs/digits --epochs 10")]
    Train(TrainArguments),
    /// Draw samples from a trained generator.
    #[command(after_help = "Example:\n  gan sample runs/digits -n 100 --seed 3 --out digits.png")]
    Sample(SampleArguments),
    /// Write samples of a data set to a file.
    #[command(after_help = "Example:\n  gan data moons -n 1000 --noise 0.05 --out moons.csv")]
    Data(DataArguments),
    /// Say how far two distributions are apart, from two files of numbers.
    #[command(after_help = "Example:\n  gan divergence js --p p.csv --q q.csv --base bits\n  \
                            gan divergence sliced-wasserstein --p real.npy --q fake.npy --option seed=1")]
    Divergence(DivergenceArguments),
    /// Train discriminators on two known densities and set their estimate of JS beside the exact
    /// one and W₁, while the densities move apart.
    #[command(
        args_override_self = true,
        after_help = "Example:\n  gan duality --steps 500 --seeds 2 --out runs/duality"
    )]
    Duality(DualityArguments),
    /// Compare a generator of points with the known density of its data.
    #[command(after_help = "Example:\n  gan evaluate runs/moons --samples 20000")]
    Evaluate(EvaluateArguments),
    /// List the recipes, data sets, losses and devices of this program.
    #[command(after_help = "Example:\n  gan list --json")]
    List(ListArguments),
    /// Put pictures of several runs on one sheet.
    #[command(after_help = "Example:\n  gan montage a.png b.png --label GAN --label WGAN \
                            --columns 2 --out both.png")]
    Montage(MontageArguments),
    /// Print a completion script for a shell.
    #[command(
        after_help = "Example:\n  gan completions bash > ~/.local/share/bash-completion/completions/gan"
    )]
    Completions {
        /// Which shell.
        shell: Shell,
    },
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct TrainArguments {
    /// A recipe's name (see `gan list`) or a configuration file that ends in .toml; with --resume
    /// it may be left out.
    #[arg(value_name = "RECIPE|FILE.toml")]
    pub(crate) what: Option<String>,
    /// Give a configuration key a value, for example train.batch=128.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<String>,
    /// Train for so many passes over the data.
    #[arg(long, value_name = "N", conflicts_with = "steps")]
    pub(crate) epochs: Option<u64>,
    /// Train for so many generator updates.
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// The seed of every random number.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// The run folder; runs/RECIPE-seedN if not given.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// A folder with four IDX files to use instead of the digits inside this program.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
    /// Go on with the run in the run folder, from its newest checkpoint.
    #[arg(long)]
    pub(crate) resume: bool,
    /// With --resume: go on from the checkpoint of this step.
    #[arg(long, value_name = "STEP", requires = "resume")]
    pub(crate) from_step: Option<u64>,
    /// Begin anew although the run folder exists; the old one is moved aside.
    #[arg(long, conflicts_with = "resume")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) display: DisplayArguments,
}

/// How progress is shown; by itself a bar on a terminal, a line every few seconds elsewhere.
#[derive(Clone, Copy, Debug, Args)]
#[group(multiple = false)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct DisplayArguments {
    /// Print one JSON object for each event to standard output, and nothing else there.
    #[arg(long)]
    pub(crate) json: bool,
    /// Show a dashboard on the whole terminal.
    #[arg(long, conflicts_with = "json")]
    pub(crate) tui: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SampleArguments {
    /// The run folder.
    pub(crate) run: PathBuf,
    /// How many samples.
    #[arg(short, value_name = "N", default_value_t = 64)]
    pub(crate) n: usize,
    /// The seed of the latents; the run's own if not given.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Sample from the checkpoint of this step; from the newest if not given.
    #[arg(long, value_name = "STEP")]
    pub(crate) from_step: Option<u64>,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// The file; its ending decides what is written: .png a picture, .npy or .csv numbers. If not
    /// given, a picture in the run folder's samples/.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DataArguments {
    /// Which data set.
    pub(crate) name: DataName,
    /// How many samples.
    #[arg(short, value_name = "N")]
    pub(crate) n: usize,
    /// The seed of synthetic samples.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,
    /// Standard deviation of the noise of synthetic samples; the data set's own if not given.
    #[arg(long, value_name = "X")]
    pub(crate) noise: Option<f64>,
    /// The file; its ending decides what is written: .png a picture, .npy or .csv numbers.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// The data sets that this program can make by itself.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DataName {
    /// Two interleaving half circles.
    Moons,
    /// Eight Gaussians on the unit circle.
    Ring,
    /// Twenty-five Gaussians on a grid.
    Grid,
    /// Handwritten digits, 28×28.
    Mnist,
}

#[derive(Debug, Args)]
pub(crate) struct ListArguments {
    /// Print JSON instead of tables.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct DivergenceArguments {
    /// Which divergence; --list says which there are.
    #[arg(required_unless_present = "list")]
    pub(crate) name: Option<String>,
    /// The first distribution, or the real samples: a .npy, .csv or .json file.
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    pub(crate) p: Option<PathBuf>,
    /// The second distribution, or the generated samples.
    #[arg(long, value_name = "FILE", required_unless_present = "list")]
    pub(crate) q: Option<PathBuf>,
    /// The unit of logarithmic values.
    #[arg(long, value_name = "BASE", default_value = "nats")]
    pub(crate) base: Base,
    /// Set an option of the divergence.
    #[arg(long = "option", value_name = "KEY=VALUE")]
    pub(crate) options: Vec<String>,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// List every divergence with its range, unit, input, cost and options.
    #[arg(long)]
    pub(crate) list: bool,
}

/// The unit of logarithmic values.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Base {
    /// Natural logarithms.
    Nats,
    /// Logarithms to base 2.
    Bits,
    /// Logarithms to base 10.
    Hartleys,
}
