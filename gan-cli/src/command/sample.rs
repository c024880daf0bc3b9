//! `gan sample`: samples of a trained generator as a file.

use anyhow::ensure;
use gan_core::{Checkpoint, Critic, Generator, Seed};
use gan_models::Networks;

use crate::args::SampleArguments;
use crate::assemble::{WithNetworks, assemble};
use crate::config::RunConfig;
use crate::device;
use crate::output::OutputFile;
use crate::run_folder::RunFolder;
use crate::sampling::{LatentDraws, Samples, some_points};

pub(crate) fn run(arguments: &SampleArguments) -> anyhow::Result<()> {
    ensure!(arguments.n > 0, "expected at least 1 sample after -n, found 0");
    let device = device::open(arguments.device.as_deref())?.device;
    let folder = RunFolder::open(&arguments.run)?;
    let config = folder.config()?;
    let seed = arguments.seed.unwrap_or(config.seed);
    let checkpoint = folder.checkpoint(arguments.from_step)?;
    let path = arguments.out.clone().unwrap_or_else(|| {
        let step = checkpoint.state().step;
        folder.samples().join(format!("sample-step{step}-seed{seed}-n{}.png", arguments.n))
    });
    let output = OutputFile::new(&path, arguments.force)?;

    let latents = LatentDraws {
        prior: config.train.prior,
        stream: Seed(seed).stream("sample"),
        device: device.clone(),
    };
    let draw = Draw { checkpoint, latents, count: arguments.n };
    let samples =
        assemble(config.model, &folder.data()?.shape, config.train.packing, &device, draw)?;
    output.write(&samples, &real_points(&config, &samples)?)
}

struct Draw {
    checkpoint: Checkpoint,
    latents: LatentDraws,
    count: usize,
}

impl WithNetworks for Draw {
    type Output = Samples;

    fn with<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Samples> {
        let generator = self.checkpoint.restore_generator(networks.generator)?;
        Ok(self.latents.generate(&generator.valid(), self.count))
    }
}

/// Points are drawn beside real ones; images stand for themselves.
fn real_points(config: &RunConfig, samples: &Samples) -> anyhow::Result<Vec<[f32; 2]>> {
    if samples.shape.len() > 1 {
        return Ok(Vec::new());
    }
    Ok(some_points(&*config.data.open(Seed(config.seed))?, samples.len()))
}
