//! `gan sample`: samples of a trained generator as a file.

use anyhow::{bail, ensure};
use gan_core::{Checkpoint, Critic, Generator, LatentPrior, Seed, TruncatedNormal};
use gan_models::Networks;
use serde_json::json;

use crate::args::SampleArguments;
use crate::assemble::{WithNetworks, assemble};
use crate::config::RunConfig;
use crate::device;
use crate::labels::Labels;
use crate::output::OutputFile;
use crate::run_folder::RunFolder;
use crate::sampling::{LatentDraws, Noise, Samples, Selection, some_points};
use crate::weights::Weights;

/// How many samples are made if nobody says, without classes and of each class.
const N: usize = 64;
const N_OF_EACH: usize = 10;

pub(crate) fn run(arguments: &SampleArguments) -> anyhow::Result<()> {
    ensure!(arguments.n != Some(0), "expected at least 1 sample after -n, found 0");
    let device = device::open(arguments.device.as_deref())?.device;
    let folder = RunFolder::open(&arguments.run)?;
    let config = folder.config()?;
    let seed = arguments.seed.unwrap_or(config.seed);
    let noise = noise(config.train.prior, arguments.truncation)?;
    let checkpoint = folder.checkpoint(arguments.from_step)?;
    let path = arguments.out.clone().unwrap_or_else(|| {
        folder.samples().join(file_name(checkpoint.state().step, seed, arguments))
    });
    let output = OutputFile::new(&path, arguments.force)?;

    let stream = Seed(seed).stream("sample");
    let latents = LatentDraws { noise, stream, device: device.clone() };
    let (weights, labels) = (arguments.weights, arguments.labels.clone());
    let draw = Draw { checkpoint, weights, latents, n: arguments.n, labels };
    let samples =
        assemble(config.model, &folder.data()?.shape, config.train.packing, &device, draw)?;
    output.write(&samples, &real_points(&config, &samples)?)
}

/// The prior itself, or the part of it within the threshold.
fn noise(prior: LatentPrior, truncation: Option<f32>) -> anyhow::Result<Noise> {
    let Some(threshold) = truncation else {
        return Ok(Noise::Prior(prior));
    };
    let truncated = TruncatedNormal::new(threshold)?;
    if prior != LatentPrior::Normal {
        let prior = json!(prior);
        bail!("--truncation is for the normal prior, but `train.prior` of this run is {prior}");
    }
    Ok(Noise::Truncated(truncated))
}

/// Says which samples are in the file.
fn file_name(step: u64, seed: u64, arguments: &SampleArguments) -> String {
    let mut name = format!("sample-step{step}-seed{seed}");
    if arguments.weights == Some(Weights::Live) {
        name += "-live";
    }
    if let Some(n) = arguments.n {
        name += &format!("-n{n}");
    }
    if let Some(labels) = &arguments.labels {
        name += &format!("-labels{labels}");
    }
    if let Some(truncation) = arguments.truncation {
        name += &format!("-truncation{truncation}");
    }
    name + ".png"
}

struct Draw {
    checkpoint: Checkpoint,
    weights: Option<Weights>,
    latents: LatentDraws,
    n: Option<usize>,
    labels: Option<Labels>,
}

impl Draw {
    /// What is asked of a generator of so many `classes`.
    fn selection(&self, classes: usize) -> anyhow::Result<Selection> {
        let classes = match &self.labels {
            Some(labels) => labels.among(classes)?,
            None => (0..classes).collect(),
        };
        Ok(match classes.is_empty() {
            true => Selection::Unlabeled(self.n.unwrap_or(N)),
            false => Selection::OfEach { classes, n: self.n.unwrap_or(N_OF_EACH) },
        })
    }
}

impl WithNetworks for Draw {
    type Output = Samples;

    fn with<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Samples> {
        let selection = self.selection(networks.generator.classes())?;
        let generator = Weights::restore(self.weights, &self.checkpoint, networks.generator)?;
        Ok(self.latents.generate(&generator, &selection))
    }
}

/// Points are drawn beside real ones; images stand for themselves.
fn real_points(config: &RunConfig, samples: &Samples) -> anyhow::Result<Vec<[f32; 2]>> {
    if samples.shape.len() > 1 {
        return Ok(Vec::new());
    }
    Ok(some_points(&*config.data.open(Seed(config.seed))?, samples.len()))
}
