//! `gan data`: samples of a data set as a file, and an inspection of a user's own data.

mod inspect;

use anyhow::ensure;
use gan_core::seed::Seed;

use crate::args::{DataArguments, DataCommand, WriteArguments};
use crate::config::{DataConfig, Split};
use crate::labels::ClassNames;
use crate::output::{Contents, Output, ensure_in_memory};
use gan_plot::Arrangement;

pub(super) use inspect::has_idx_files;

pub(crate) fn run(arguments: &DataArguments) -> anyhow::Result<()> {
    match &arguments.command {
        DataCommand::Moons(arguments) => write(arguments, DataConfig::moons()),
        DataCommand::Ring(arguments) => write(arguments, DataConfig::ring()),
        DataCommand::Grid(arguments) => write(arguments, DataConfig::grid()),
        DataCommand::Mnist(arguments) => write(arguments, DataConfig::mnist(28)),
        DataCommand::StackedMnist(arguments) => write(arguments, DataConfig::stacked_mnist(28)),
        DataCommand::Inspect(arguments) => inspect::run(arguments),
    }
}

fn write(arguments: &WriteArguments, data: DataConfig) -> anyhow::Result<()> {
    ensure!(arguments.n > 0, "expected at least 1 sample after -n, found 0");
    let output = Output::new(&arguments.out, arguments.force, arguments.look)?;
    let set = configured(arguments, data)?.open(Seed(arguments.seed))?;
    ensure!(
        arguments.n <= set.len(),
        "{} samples were asked for, the data set has {}",
        arguments.n,
        set.len()
    );
    let contents = Contents {
        shape: set.shape().to_vec(),
        arrangement: Arrangement::Square(arguments.n),
        classes: ClassNames::of(&[], set.classes()),
    };
    output.holding(contents)?.write(|| Ok(Vec::new()), &|take| {
        let mut values = vec![0.0; set.shape().iter().product()];
        (0..arguments.n).try_for_each(|index| {
            set.write_values(index, &mut values);
            take(&values, set.label(index))
        })
    })
}

/// As many samples as were asked for, with as much noise.
fn configured(arguments: &WriteArguments, mut config: DataConfig) -> anyhow::Result<DataConfig> {
    let points = arguments.n;
    match &mut config {
        DataConfig::Moons { points: n, noise: deviation }
        | DataConfig::Ring { points: n, sigma: deviation }
        | DataConfig::Grid { points: n, sigma: deviation } => {
            ensure_in_memory(points, 2)?;
            *n = points;
            *deviation = arguments.noise.unwrap_or(*deviation);
        }
        DataConfig::Mnist { split, .. } => {
            ensure!(
                arguments.noise.is_none(),
                "the digits are real: --noise means nothing to them"
            );
            *split = Split::All;
        }
        DataConfig::StackedMnist { samples, .. } => {
            ensure!(
                arguments.noise.is_none(),
                "the digits are real: --noise means nothing to them"
            );
            ensure_in_memory(points, 3)?;
            *samples = points;
        }
        DataConfig::Points { .. } | DataConfig::Images { .. } => {}
    }
    Ok(config)
}
