//! What other programs call a series.

use crate::nearest::nearest;
use crate::series::SERIES;

/// What other programs call the step, without separators.
const STEP_ALIASES: &[&str] = &[
    "step",
    "steps",
    "iteration",
    "iterations",
    "iter",
    "iters",
    "it",
    "globalstep",
    "trainerglobalstep",
    "niter",
    "batchidx",
    "batchesdone",
];
/// What Lightning and others put behind a name.
const ENDINGS: [&str; 2] = ["_step", "_epoch"];

/// Whether a column is probably the step.
pub(super) fn is_step(name: &str) -> bool {
    STEP_ALIASES.contains(&plain(name).as_str())
}

/// The series that a column of another program probably is: by its name, or by what follows the
/// name of a run or of a group.
pub(super) fn alias(name: &str) -> Option<&'static str> {
    let of_run = name.rsplit(" - ").next().unwrap_or(name);
    let of_group = of_run.rsplit(['/', '.']).next().unwrap_or(of_run);
    let bare = ENDINGS.iter().find_map(|ending| of_group.strip_suffix(ending)).unwrap_or(of_group);
    let known = [name, of_run, of_group, bare].into_iter().find_map(known);
    known.or_else(|| nearest(name, SERIES.iter().map(|series| series.name)))
}

fn known(name: &str) -> Option<&'static str> {
    let plain = plain(name);
    let is_called = |series: &&crate::Series| series.aliases.contains(&plain.as_str());
    let known = SERIES.iter().find(is_called).map(|series| series.name);
    known
        .or_else(|| SERIES.iter().map(|series| series.name).find(|ours| self::plain(ours) == plain))
}

/// A name in lower case without separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
