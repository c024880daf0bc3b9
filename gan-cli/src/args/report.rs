//! The flags of `gan report`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct ReportArguments {
    /// Run folders; several are compared. A run may be in progress.
    #[arg(value_name = "RUN", required = true)]
    pub(crate) runs: Vec<PathBuf>,
    /// The file, which ends in .html; report.html in the folder of a single run, or here of several, if not given.
    #[arg(long, value_name = "FILE.html")]
    pub(crate) out: Option<PathBuf>,
    /// The language of the page.
    #[arg(long, value_name = "en|zh", default_value = "en", hide_possible_values = true)]
    pub(crate) lang: ReportLanguage,
    /// Show it in a browser.
    #[arg(long)]
    pub(crate) open: bool,
    /// Replace a file that exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// A language that reports are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportLanguage {
    /// English.
    En,
    /// Chinese.
    Zh,
}
