//! The largest numbers that a configuration may have, apart from those of the rules and networks.

use anyhow::ensure;

use super::{DataConfig, RunConfig};

/// Points that the program makes of a distribution.
const POINTS: usize = 100_000_000;
/// Images that the program stacks of digits.
const STACKED: usize = 10_000_000;
/// Samples that are drawn into a picture.
const PICTURE: usize = 65_536;
/// Checkpoints that are kept.
const CHECKPOINTS: usize = 1_000_000;

/// Refuse the first number that is larger than anything that can be worked with.
pub(super) fn ensure(config: &RunConfig) -> anyhow::Result<()> {
    let numbers = [
        ("data.points", points(&config.data), POINTS),
        ("data.samples", stacked(&config.data), STACKED),
        ("pictures.count", config.pictures.count, PICTURE),
        ("checkpoint.keep", config.checkpoint.keep, CHECKPOINTS),
    ];
    for (key, found, most) in numbers {
        ensure!(found <= most, "`{key}` must be at most {most}, found {found}");
    }
    Ok(())
}

fn points(data: &DataConfig) -> usize {
    match *data {
        DataConfig::Moons { points, .. }
        | DataConfig::Ring { points, .. }
        | DataConfig::Grid { points, .. } => points,
        _ => 0,
    }
}

fn stacked(data: &DataConfig) -> usize {
    match *data {
        DataConfig::StackedMnist { samples, .. } => samples,
        _ => 0,
    }
}
