//! The flags of `gan plot`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use gan_plot::YScale;

#[derive(Debug, Args)]
pub(crate) struct PlotArguments {
    /// The table: a header, then the place on the horizontal axis and a value of each curve. A cell
    /// without a value is a gap.
    #[arg(value_name = "FILE.csv")]
    pub(crate) file: PathBuf,
    /// The headline.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) title: String,
    /// The vertical axis.
    #[arg(long, value_enum, default_value_t = VerticalAxis::Linear)]
    pub(crate) y: VerticalAxis,
    /// The file to write, an SVG.
    #[arg(long, value_name = "FILE.svg")]
    pub(crate) out: PathBuf,
    /// Replace the file if it exists.
    #[arg(long)]
    pub(crate) force: bool,
}

/// A vertical axis.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum VerticalAxis {
    /// From the smallest to the largest value.
    Linear,
    /// Powers of ten at equal distances.
    Log,
    /// From 0 to 1.
    Unit,
}

impl From<VerticalAxis> for YScale {
    fn from(axis: VerticalAxis) -> Self {
        match axis {
            VerticalAxis::Linear => Self::Linear,
            VerticalAxis::Log => Self::Log,
            VerticalAxis::Unit => Self::Unit,
        }
    }
}
