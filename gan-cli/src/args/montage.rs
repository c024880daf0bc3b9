//! The flags of `gan montage`.

use std::path::PathBuf;

use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct MontageArguments {
    /// The pictures, PNG files, in reading order.
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// What stands above a picture, once for each of them in their order; the file's name if not
    /// given.
    #[arg(long = "label", value_name = "TEXT")]
    pub(crate) labels: Vec<String>,
    /// Pictures in a row; about as many as there are rows if not given.
    #[arg(long, value_name = "N")]
    pub(crate) columns: Option<usize>,
    /// The longer side of a picture on the sheet, in pixels.
    #[arg(long, value_name = "PIXELS", default_value_t = 320)]
    pub(crate) side: usize,
    /// The headline.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) title: String,
    /// The file to write, a PNG.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}
