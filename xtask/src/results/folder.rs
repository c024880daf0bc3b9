//! Where kept results are.

use std::path::{Path, PathBuf};

use crate::workspace;

/// The file with the figures of a whole experiment.
pub(crate) const FIGURES: &str = "figures.json";

/// The folder with what is kept of experiments: `results`, or else the workspace's own.
pub(crate) fn results_in(results: Option<&Path>) -> PathBuf {
    results.map_or_else(|| workspace::root().join("results"), Path::to_path_buf)
}
