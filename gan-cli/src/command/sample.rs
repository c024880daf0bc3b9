//! `gan sample`: samples of a trained generator as a file.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use gan_core::{Checkpoint, Critic, Generator, LatentPrior, Seed, TruncatedNormal};
use gan_models::Networks;
use serde_json::json;

use crate::args::SampleArguments;
use crate::assemble::{WithNetworks, assemble};
use crate::config::RunConfig;
use crate::device;
use crate::labels::{ClassNames, safe_name};
use crate::output::{Contents, Output};
use crate::run_folder::{RecordedData, RunFolder};
use crate::sampling::{LatentDraws, Noise, Selection, some_points};
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
    ensure_beside(&path, folder.root())?;
    let output = Output::new(&path, arguments.force, arguments.look)?;

    let data = folder.data()?;
    let stream = Seed(seed).stream("sample");
    let latents = LatentDraws { noise, stream, device: device.clone() };
    let draw = Draw { checkpoint, latents, arguments, data: &data, config: &config, output };
    assemble(config.model, &data.shape, config.train.packing, &device, draw)
}

/// A folder of samples cannot take the place of the run that they are drawn from.
fn ensure_beside(path: &Path, run: &Path) -> anyhow::Result<()> {
    let (Ok(path), Ok(run)) = (path.canonicalize(), run.canonicalize()) else {
        return Ok(());
    };
    ensure!(
        !run.starts_with(&path),
        "{} holds the run itself; name another folder for its samples",
        path.display()
    );
    Ok(())
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
        name += &format!("-labels{}", safe_name(&labels.to_string()));
    }
    if let Some(truncation) = arguments.truncation {
        name += &format!("-truncation{truncation}");
    }
    if let Some(scale) = arguments.look.scale {
        name += &format!("-scale{scale}");
    }
    if let Some(border) = arguments.look.border {
        name += &format!("-border{border}");
    }
    name + ".png"
}

struct Draw<'a> {
    checkpoint: Checkpoint,
    latents: LatentDraws,
    arguments: &'a SampleArguments,
    data: &'a RecordedData,
    config: &'a RunConfig,
    output: Output,
}

impl Draw<'_> {
    /// What is asked of a generator of such classes.
    fn selection(&self, names: &ClassNames) -> anyhow::Result<Selection> {
        let (n, labels) = (self.arguments.n, &self.arguments.labels);
        let classes = match labels {
            Some(labels) => labels.among(names).context("--labels")?,
            None => (0..names.len()).collect(),
        };
        Ok(match classes.is_empty() {
            true => Selection::Unlabeled(n.unwrap_or(N)),
            false => Selection::OfEach { classes, n: n.unwrap_or(N_OF_EACH) },
        })
    }
}

impl WithNetworks for Draw<'_> {
    type Output = ();

    fn with<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<()> {
        let names = ClassNames::of(&self.data.class_names, networks.generator.classes());
        let selection = self.selection(&names)?;
        let Self { checkpoint, latents, arguments, data, config, output } = self;
        let arrangement = selection.arrangement(&names);
        let writing =
            output.holding(Contents { shape: data.shape.clone(), arrangement, classes: names })?;

        let generator = Weights::restore(arguments.weights, &checkpoint, networks.generator)?;
        let values: usize = data.shape.iter().product();
        // Only a picture of points asks for real ones, as many as it has of the others.
        let real = || Ok(some_points(&*config.data.open(Seed(config.seed))?, selection.len()));
        writing.write(real, &|take| {
            latents.each_chunk(&generator, &selection, |made, class| {
                let made: Vec<f32> = made.into_data().iter::<f32>().collect();
                made.chunks_exact(values).try_for_each(|sample| take(sample, class))
            })
        })
    }
}
