//! The subcommands of `gan`, one file each.

pub(crate) mod classifier;
pub(crate) mod completions;
pub(crate) mod data;
pub(crate) mod diff;
pub(crate) mod divergence;
pub(crate) mod doctor;
pub(crate) mod duality;
pub(crate) mod evaluate;
pub(crate) mod export;
pub(crate) mod export_metrics;
pub(crate) mod import;
pub(crate) mod interpolate;
pub(crate) mod list;
pub(crate) mod montage;
pub(crate) mod plot;
pub(crate) mod report;
pub(crate) mod runs;
pub(crate) mod sample;
pub(crate) mod sweep;
pub(crate) mod train;
