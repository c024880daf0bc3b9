//! The flags of `gan doctor`.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum};
use gan_core::progress::Span;
use gan_doctor::reader::Columns;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
#[command(group = ArgGroup::new("subject").required(true).args(["run", "metrics", "recorded", "list", "explain"]))]
pub(crate) struct DoctorArguments {
    /// The folder of a run, which may be in progress.
    #[arg(value_name = "RUN")]
    pub(crate) run: Option<PathBuf>,
    /// Examine the log of another program instead: a table (.csv, .tsv) or a JSON object a line (.jsonl).
    #[arg(long, value_name = "FILE")]
    pub(crate) metrics: Option<PathBuf>,
    /// Which of its columns are which series, for example step=iter,critic/loss=d_loss.
    #[arg(long, value_name = "OURS=THEIRS,...", requires = "metrics")]
    pub(crate) map: Option<Columns>,
    /// What is known of that training beside its log: loss, learning rates, data, a TOML file.
    #[arg(long, value_name = "FILE.toml", requires = "metrics")]
    pub(crate) case: Option<PathBuf>,
    /// Write what the examination is made of to a file as well: configuration and measurements, some 20 kB.
    #[arg(long, value_name = "FILE", requires = "run", conflicts_with = "try_cure")]
    pub(crate) record: Option<PathBuf>,
    /// Examine what --record has written.
    #[arg(long, value_name = "FILE")]
    pub(crate) recorded: Option<PathBuf>,
    /// List the rules.
    #[arg(long)]
    pub(crate) list: bool,
    /// Print the page of a rule: what it means, what one sees, why it happens, what cures it.
    #[arg(long, value_name = "RULE")]
    pub(crate) explain: Option<String>,
    /// Train the run with its cures beside it, one after the other until one has helped, from the last good
    /// checkpoint or anew, and say what came of it.
    #[arg(long, requires = "run")]
    pub(crate) try_cure: bool,
    /// How long to train with each cure, for example "5 epochs"; as long as the run was to be if not given.
    #[arg(long, value_name = "SPAN", requires = "try_cure")]
    pub(crate) budget: Option<Span>,
    /// How many cures to try.
    #[arg(long, value_name = "N", default_value = "3", requires = "try_cure")]
    pub(crate) tries: NonZeroUsize,
    /// Print JSON.
    #[arg(long, conflicts_with = "explain")]
    pub(crate) json: bool,
}

/// What the doctor does beside a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorMode {
    /// Nothing.
    Off,
    /// Says what it finds.
    Warn,
    /// Says it, and ends the training where a finding is severe.
    Stop,
}
