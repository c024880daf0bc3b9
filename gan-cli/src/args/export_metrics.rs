//! The flags of `gan export-metrics`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct ExportMetricsArguments {
    /// The run folder.
    pub(crate) run: PathBuf,
    /// A table (csv, parquet) or event files (tensorboard).
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: MetricsFormat,
    /// The file, or for tensorboard the folder; metrics.csv, metrics.parquet or tensorboard in the run folder if not
    /// given.
    #[arg(long, value_name = "PATH")]
    pub(crate) out: Option<PathBuf>,
    /// Replace a file that exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// What the measurements of a run are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MetricsFormat {
    /// A table as text.
    Csv,
    /// A table as pandas, Polars and DuckDB read it.
    Parquet,
    /// Event files.
    Tensorboard,
}
