//! The flags of `gan runs` and `gan diff`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct RunsArguments {
    /// The folder that runs are looked for in, and in its folders.
    #[arg(value_name = "DIR", default_value = "runs")]
    pub(crate) dir: PathBuf,
    /// Only runs of this recipe.
    #[arg(long, value_name = "RECIPE")]
    pub(crate) recipe: Option<String>,
    /// Only runs in this state.
    #[arg(long, value_name = "STATE")]
    pub(crate) state: Option<RunState>,
    /// Only runs in which the doctor finds this.
    #[arg(long, value_name = "RULE")]
    pub(crate) finding: Option<String>,
    /// What the runs are sorted by.
    #[arg(long, value_name = "KEY", default_value = "name")]
    pub(crate) sort: SortKey,
    /// The other way round.
    #[arg(long)]
    pub(crate) reverse: bool,
    /// Print JSON: one object for each run.
    #[arg(long)]
    pub(crate) json: bool,
}

/// How far a run has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum RunState {
    /// A process trains it.
    Running,
    /// It has come to its end.
    Finished,
    /// It was stopped, or killed, and can be resumed.
    Stopped,
    /// A loss was no number.
    Diverged,
}

impl RunState {
    /// The word for it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Finished => "finished",
            Self::Stopped => "stopped",
            Self::Diverged => "diverged",
        }
    }
}

/// What runs are sorted by, the best, the most or the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SortKey {
    /// The path, in alphabetical order.
    Name,
    /// The newest begun first.
    Begun,
    /// The best distance from the data.
    Best,
    /// The last distance from the data.
    Last,
    /// The fastest first.
    Speed,
}

#[derive(Debug, Args)]
pub(crate) struct DiffArguments {
    /// A run folder.
    pub(crate) one: PathBuf,
    /// Another one.
    pub(crate) other: PathBuf,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
