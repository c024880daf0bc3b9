//! The flags of the program, and nothing else.

mod classifier;
mod data;
mod doctor;
mod duality;
mod evaluate;
mod export_metrics;
mod look;
mod montage;
mod plot;
mod report;
mod runs;
mod sample;
mod saved_run;
mod sweep;

pub(crate) use classifier::{ClassifierArguments, ClassifierCommand, TrainClassifierArguments};
pub(crate) use data::{DataArguments, DataCommand, InspectArguments, WriteArguments};
pub(crate) use doctor::{DoctorArguments, DoctorMode};
pub(crate) use duality::DualityArguments;
pub(crate) use evaluate::{EvaluateArguments, SampleSource};
pub(crate) use export_metrics::{ExportMetricsArguments, MetricsFormat};
pub(crate) use look::LookArguments;
pub(crate) use montage::MontageArguments;
pub(crate) use plot::PlotArguments;
pub(crate) use report::{ReportArguments, ReportLanguage};
pub(crate) use runs::{DiffArguments, RunState, RunsArguments, SortKey};
pub(crate) use sample::SampleArguments;
pub(crate) use saved_run::{FromStep, SavedRunArguments};
pub(crate) use sweep::{
    PlanSweepArguments, RunSweepArguments, ShowSweepArguments, SubmitSweepArguments,
    SweepArguments, SweepCommand, SweepPlace,
};

use std::path::PathBuf;

use clap::{ArgGroup, Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::serve;

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
                            gan train --resume --out runs/digits --epochs 10\n  \
                            gan train --branch runs/digits --set train.critic.lr=1e-4 --out runs/slower")]
    Train(TrainArguments),
    /// Draw samples from a trained generator.
    #[command(
        after_help = "Example:\n  gan sample runs/digits -n 100 --seed 3 --out digits.png\n  \
                            gan sample runs/cgan --labels 0-9 -n 8\n  \
                            gan sample runs/pets --labels cats -n 1000 --out cats/\n  \
                            gan sample runs/digits -n 50000 --out fid.npz"
    )]
    Sample(SampleArguments),
    /// Walk through a generator's latents: as rows of a picture, and as an animated one.
    #[command(
        after_help = "Example:\n  gan interpolate runs/digits --rows 6 --steps 12 --out walk.png"
    )]
    Interpolate(InterpolateArguments),
    /// Write a trained generator, or its critic, in PyTorch's names and layouts.
    #[command(after_help = "Example:\n  gan export runs/digits --out generator.safetensors")]
    Export(ExportArguments),
    /// Begin a run from the weights of a PyTorch model of the same architecture.
    #[command(
        after_help = "Example:\n  gan import dcgan --generator generator.safetensors --out runs/mine\n  \
                      gan train --resume --out runs/mine"
    )]
    Import(ImportArguments),
    /// Write samples of a data set to a file, or look at data of one's own.
    #[command(after_help = "Example:\n  gan data moons -n 1000 --noise 0.05 --out moons.csv\n  \
                            gan data inspect photos")]
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
    /// Measure how close the samples of runs, or of another program, have come to real ones.
    #[command(after_help = "Example:\n  gan evaluate runs/moons --samples 20000\n  \
                      gan evaluate runs/digits --all\n  \
                      gan evaluate runs/gan runs/dcgan\n  \
                      gan evaluate --samples fakes.npy --reference mnist")]
    Evaluate(EvaluateArguments),
    /// Say what is wrong with a run, or with that of another program, from what it has measured.
    #[command(
        after_help = "Example:\n  gan doctor runs/digits\n  gan doctor --explain mode-collapse\n  \
                            gan doctor --metrics log.csv --map step=iter,critic/loss=d_loss"
    )]
    Doctor(DoctorArguments),
    /// Make one HTML file about a run, or about several beside each other.
    #[command(after_help = "Example:\n  gan report runs/digits --open\n  \
                            gan report runs/digits runs/digits-cured --out compared.html --lang zh")]
    Report(ReportArguments),
    /// Write the measurements of a run as a table, or for TensorBoard.
    #[command(after_help = "Example:\n  gan export-metrics runs/digits --format csv\n  \
                            gan export-metrics runs/digits --format tensorboard --out logs/digits")]
    ExportMetrics(ExportMetricsArguments),
    /// List the runs in a folder: how far they are, how near to the data, what the doctor finds.
    #[command(after_help = "Example:\n  gan runs\n  gan runs runs/ring8 --sort best\n  \
                            gan runs --state stopped --json")]
    Runs(RunsArguments),
    /// Set two runs side by side: what differs in their configurations, and their results.
    #[command(after_help = "Example:\n  gan diff runs/digits runs/digits-cured")]
    Diff(DiffArguments),
    /// Train settings times seeds, here or on a cluster, and collect them in a table.
    Sweep(SweepArguments),
    /// Train a classifier of one's own images, to measure generated ones with.
    Classifier(ClassifierArguments),
    /// List the recipes, data sets, losses and devices of this program.
    #[command(after_help = "Example:\n  gan list --json")]
    List(ListArguments),
    /// Put pictures of several runs on one sheet.
    #[command(after_help = "Example:\n  gan montage a.png b.png --label GAN --label WGAN \
                            --columns 2 --out both.png")]
    Montage(MontageArguments),
    /// Draw the columns of a table as curves.
    #[command(
        after_help = "Example:\n  gan plot losses.csv --title Losses --y log --out losses.svg"
    )]
    Plot(PlotArguments),
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
#[command(group = ArgGroup::new("saved").args(["resume", "branch"]))]
pub(crate) struct TrainArguments {
    /// A recipe's name (see `gan list`) or a configuration file that ends in .toml; with --resume
    /// it may be left out, and --branch has that of its run.
    #[arg(value_name = "RECIPE|FILE.toml")]
    pub(crate) what: Option<String>,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// Go on with the run in the run folder, from its newest checkpoint.
    #[arg(long)]
    pub(crate) resume: bool,
    /// Begin another run where a checkpoint of this one stands, with what --set changes of its
    /// configuration.
    #[arg(long, value_name = "RUN", conflicts_with = "what")]
    pub(crate) branch: Option<PathBuf>,
    /// With --resume or --branch: the checkpoint of this step, or the best one in a run with
    /// checkpoint.keep_best; the newest if not given.
    #[arg(long, value_name = "STEP|best", requires = "saved")]
    pub(crate) from_step: Option<FromStep>,
    /// Begin anew although the run folder exists; the old one is moved aside.
    #[arg(long, conflicts_with = "resume")]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) display: DisplayArguments,
    /// Show these quantities in the lines of progress too, for example samples/js.
    #[arg(long, value_name = "NAMES", value_delimiter = ',', conflicts_with_all = ["json", "tui"])]
    pub(crate) show: Vec<String>,
    /// Examine the measurements as they come: say what is wrong and what cures it, or end the run as well where
    /// that is severe (exit code 3).
    #[arg(long, value_name = "off|warn|stop", default_value = "off", hide_possible_values = true)]
    pub(crate) doctor: DoctorMode,
    /// Show the run's report in a browser while it trains, on 127.0.0.1:8765 if no address is given.
    #[arg(long, value_name = "ADDRESS:PORT", num_args = 0..=1, default_missing_value = serve::DEFAULT)]
    pub(crate) serve: Option<String>,
    /// Append messages and lines of progress to this file as well.
    #[arg(long, value_name = "FILE")]
    pub(crate) log: Option<PathBuf>,
}

/// What a run is to be, over the defaults of its recipe.
#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Give a configuration key a value, for example train.batch=128.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub(crate) settings: Vec<String>,
    /// Train for this many passes over the data.
    #[arg(long, value_name = "N", conflicts_with = "steps")]
    pub(crate) epochs: Option<u64>,
    /// Train for this many generator updates.
    #[arg(long, value_name = "N")]
    pub(crate) steps: Option<u64>,
    /// The seed of every random number.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// Where to compute: NAME or NAME:INDEX (see `gan list`).
    #[arg(long, value_name = "DEVICE")]
    pub(crate) device: Option<String>,
    /// The run folder; runs/RECIPE-seedN if not given, RUN-branch of a branch.
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// A folder with four IDX files to use instead of the digits inside this program.
    #[arg(long, value_name = "DIR")]
    pub(crate) data_dir: Option<PathBuf>,
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

impl DisplayArguments {
    /// Whether lines of text would be in the way of what is shown.
    pub(crate) fn has_the_terminal(self) -> bool {
        self.json || self.tui
    }
}

#[derive(Debug, Args)]
pub(crate) struct InterpolateArguments {
    #[command(flatten)]
    pub(crate) saved: SavedRunArguments,
    /// Latents that the walk leads through before it ends where it began; a row from each to the
    /// next.
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) rows: usize,
    /// Samples in a row, both ends among them.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) steps: usize,
    /// The way from one latent to the next; an arc for normal noise, a line for uniform noise if
    /// not given.
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<Path>,
    /// The class, by number or name, if the generator has any; the first if not given.
    #[arg(long, value_name = "CLASS")]
    pub(crate) label: Option<String>,
    /// The seed of the latents; the run's own if not given.
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// The picture, NAME.png; for images the animated one is NAME.anim.png beside it. If not given,
    /// in the run folder's samples/.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) look: LookArguments,
    /// Replace files that exist.
    #[arg(long)]
    pub(crate) force: bool,
}

/// The way from one latent to the next.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum Path {
    /// An arc about the origin.
    Spherical,
    /// A straight line.
    Linear,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct ExportArguments {
    #[command(flatten)]
    pub(crate) saved: SavedRunArguments,
    /// Write the critic instead of the generator.
    #[arg(long, conflicts_with = "weights")]
    pub(crate) critic: bool,
    /// The format of the file.
    #[arg(long, value_name = "FORMAT", default_value = "safetensors")]
    pub(crate) format: ExportFormat,
    /// The file, which ends in .safetensors; if not given, one in the run folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// A format that weights are written in.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ExportFormat {
    /// Tensors by name with a header of JSON.
    Safetensors,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// A recipe's name (see `gan list`) or a configuration file that ends in .toml: the
    /// architecture that the weights are of.
    #[arg(value_name = "RECIPE|FILE.toml")]
    pub(crate) what: String,
    /// The generator's weights: a file of safetensors or PyTorch, or FILE:NAME for what is called
    /// so in it, where several sets of weights fit. Prefixes of all names are taken off.
    #[arg(long, value_name = "FILE[:NAME]")]
    pub(crate) generator: PathBuf,
    /// The critic's weights, also of the same file; if not given, they start as those of a new run.
    #[arg(long, value_name = "FILE[:NAME]")]
    pub(crate) critic: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) run: RunArguments,
    /// Begin anew although the run folder exists; the old one is moved aside.
    #[arg(long)]
    pub(crate) force: bool,
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
    /// The first distribution, or the real samples: a .csv, .tsv, .txt, .dat, .npy, .npz or .json
    /// file; FILE.npz:NAME for one of several arrays.
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
    /// How both tables are read.
    #[command(flatten)]
    pub(crate) table: TableArguments,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
    /// List every divergence with its range, unit, input, cost and options.
    #[arg(long)]
    pub(crate) list: bool,
}

/// How tables are read, where that is not to be recognized.
#[derive(Args, Debug)]
pub(crate) struct TableArguments {
    /// Read these columns only: names, or numbers from 1.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) columns: Vec<String>,
    /// Whether the first line of a text file names the columns.
    #[arg(long, value_name = "WHETHER", default_value = "auto")]
    pub(crate) header: HeaderChoice,
    /// The character between two cells of a text file.
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) delimiter: Option<char>,
    /// The decimal sign of a text file, `.` or `,`.
    #[arg(long, value_name = "CHARACTER")]
    pub(crate) decimal: Option<char>,
}

/// Whether the first line names the columns.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum HeaderChoice {
    /// If it looks like names.
    Auto,
    /// It does.
    Yes,
    /// It is a row of numbers.
    No,
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
