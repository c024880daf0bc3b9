//! `gan sample`: samples of a trained generator as a file.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use gan_core::latent::{LatentPrior, TruncatedNormal};
use gan_core::player::{Critic, Generator};
use gan_core::sampler::{LatentNoise, Sampler, Selection};
use gan_core::seed::{Seed, Stream};
use gan_models::Networks;
use serde_json::json;

use crate::args::SampleArguments;
use crate::assemble::NetworkVisitor;
use crate::labels::{ClassNames, safe_name};
use crate::output::{Contents, Output};
use crate::sampling::{arrangement, some_points};
use crate::saved_run::SavedRun;
use crate::weights::Weights;

/// The default numbers of samples, without classes and of each class.
const N: usize = 64;
const N_OF_EACH: usize = 10;

pub(crate) fn run(arguments: &SampleArguments) -> anyhow::Result<()> {
    ensure!(arguments.n != Some(0), "expected at least 1 sample after -n, found 0");
    let run = SavedRun::open(&arguments.saved)?;
    let seed = arguments.seed.unwrap_or(run.config.seed);
    let noise = noise(run.config.train.prior, arguments.truncation)?;
    let path = arguments
        .out
        .clone()
        .unwrap_or_else(|| run.folder.samples().join(file_name(run.step(), seed, arguments)));
    ensure_beside(&path, run.folder.root())?;
    let output = Output::new(&path, arguments.force, arguments.look)?;
    let stream = Seed(seed).stream("sample");
    run.visit(Draw { run: &run, noise, stream, arguments, output })
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
fn noise(prior: LatentPrior, truncation: Option<f32>) -> anyhow::Result<LatentNoise> {
    let Some(threshold) = truncation else {
        return Ok(prior.into());
    };
    let truncated = TruncatedNormal::new(threshold)?;
    if prior != LatentPrior::Normal {
        let prior = json!(prior);
        bail!("--truncation is for the normal prior, but `train.prior` of this run is {prior}");
    }
    Ok(truncated.into())
}

/// Prints which samples are in the file.
fn file_name(step: u64, seed: u64, arguments: &SampleArguments) -> String {
    let mut name = format!("sample-step{step}-seed{seed}");
    if arguments.saved.weights == Some(Weights::Live) {
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
    run: &'a SavedRun,
    noise: LatentNoise,
    stream: Stream,
    arguments: &'a SampleArguments,
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

impl NetworkVisitor for Draw<'_> {
    type Output = ();

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<()> {
        let run = self.run;
        let names = ClassNames::of(&run.data.class_names, networks.generator.classes());
        let selection = self.selection(&names)?;
        let (shape, arrangement) = (run.data.shape.clone(), arrangement(&selection, &names));
        let writing = self.output.holding(Contents { shape, arrangement, classes: names })?;

        let generator = run.restore(networks.generator)?;
        let sampler = Sampler::new(generator, self.noise, self.stream, &run.device);
        let values: usize = run.data.shape.iter().product();
        // Only a picture of points asks for real ones, as many as it has of the others.
        let config = &run.config;
        let real = || Ok(some_points(&*config.data.open(Seed(config.seed))?, selection.len()));
        writing.write(real, &|take| {
            sampler.each_chunk(&selection, |made, class| {
                let made: Vec<f32> = made.into_data().iter::<f32>().collect();
                made.chunks_exact(values).try_for_each(|sample| take(sample, class))
            })
        })
    }
}
