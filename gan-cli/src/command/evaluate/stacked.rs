//! Stacked digits of runs and of other programs, judged by their modes.

use std::path::Path;

use anyhow::{bail, ensure};
use gan_core::player::{Critic, Generator};
use gan_core::sampler::Sampler;
use gan_core::seed::Seed;
use gan_data::MnistSize;
use gan_eval::stacked::{self, PROTOCOL_SAMPLES, StackedLooked};
use gan_eval::{Control, StackedProbe};
use gan_models::Networks;

use super::report::{Judged, Ruler};
use super::run::{features, real_images, seed};
use crate::args::EvaluateArguments;
use crate::assemble::NetworkVisitor;
use crate::config::{DataConfig, Features};
use crate::evaluation::{
    Cache, Images, NamedFeatures, OpenedFeatures, RealSamples, SampleFeatures, StackedScores,
    look_at_channels,
};
use crate::saved_run::SavedRun;

/// More samples than this are not looked at.
const MOST_SAMPLES: usize = 10_000_000;

/// What several checkpoints are measured by.
pub(super) struct StackedRuler {
    /// What it was made for: the SHA-256 of the data, the features, and the number of samples.
    made_for: (String, Features, usize),
    probe: StackedProbe<SampleFeatures>,
    ruler: Ruler,
}

/// The modes of a run on stacked digits; nothing for other runs and for features of colored images.
pub(super) fn judge(
    arguments: &EvaluateArguments,
    run: &SavedRun,
    before: &mut Option<StackedRuler>,
) -> anyhow::Result<Option<Judged>> {
    let Some(chosen) = StackedRuler::of(arguments, run, before.take())? else { return Ok(None) };
    let seed = seed(arguments, run);
    let looked = run.visit(Draw { run, seed, probe: &chosen.probe })?;
    let judged = Judged {
        name: run.folder.root().display().to_string(),
        step: Some(run.step()),
        seed: Some(seed),
        samples: looked.len(),
        mode_samples: None,
        measured: chosen.probe.measure(&looked)?,
        agreement: Vec::new(),
        ruler: Some(chosen.ruler.clone()),
    };
    *before = Some(chosen);
    Ok(Some(judged))
}

impl StackedRuler {
    /// The one before, if it is right for this run too.
    fn of(
        arguments: &EvaluateArguments,
        run: &SavedRun,
        before: Option<Self>,
    ) -> anyhow::Result<Option<Self>> {
        let config = &run.config.data;
        if config.stacked_beside(1).is_none() {
            return Ok(None);
        }
        let samples = arguments.count().unwrap_or(PROTOCOL_SAMPLES);
        ensure!(
            (1..=MOST_SAMPLES).contains(&samples),
            "expected from 1 to {MOST_SAMPLES} samples after --samples, found {samples}"
        );
        let made_for = (run.data.sha256.clone(), features(arguments, run)?, samples);
        if let Some(before) = before.filter(|before| before.made_for == made_for) {
            return Ok(Some(before));
        }
        let named = NamedFeatures::open(&made_for.1, &run.device)?;
        let Some(named) = named.filter(|named| named.looks_at_channels(config)) else {
            return Ok(None);
        };
        let opened = named.beside(real_images(run)?, samples)?;
        let (probe, ruler) = ruler(config, opened)?;
        Ok(Some(Self { made_for, probe, ruler }))
    }
}

/// A probe, and what real images and controls score.
fn ruler(
    config: &DataConfig,
    opened: OpenedFeatures,
) -> anyhow::Result<(StackedProbe<SampleFeatures>, Ruler)> {
    let (cache, metric) = (Cache::of_user(), opened.metric);
    let scores = StackedScores::new(config, metric.samples, &opened.extractor, &cache)?;
    let probe = scores.probe()?;
    let controls = Control::ALL
        .map(|control| Ok((control.name(), scores.control(&probe, control)?)))
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let of_real = probe.of_real().to_vec();
    Ok((probe, Ruler { metric, of_real, controls }))
}

/// The modes of images that another program made, in red, green and blue.
pub(super) fn judge_foreign(
    path: &Path,
    samples: &Images,
    named: NamedFeatures,
) -> anyhow::Result<Judged> {
    let &[channels, height, width] = samples.shape() else { bail!("samples are no images") };
    let fits = channels == 3 && height == width && MnistSize::try_from(height).is_ok();
    ensure!(
        fits,
        "--samples: stacked digits have 3 channels and 28×28 or 32×32 pixels, found \
         {channels}×{height}×{width}"
    );
    let config = DataConfig::stacked_mnist(height);
    ensure!(
        named.looks_at_channels(&config),
        "--reference stacked-mnist needs a classifier of gray digits: leave out --features, or name such a file"
    );
    let seed = Seed(0);
    let opened =
        named.beside(RealSamples::of(&config, config.open(seed)?, seed)?, samples.len())?;
    let device = opened.extractor.device.clone();
    let (probe, ruler) = ruler(&config, opened)?;
    let looked = look_at_channels(samples, &device, &probe, |part, _| part)?;
    Ok(Judged {
        name: path.display().to_string(),
        step: None,
        seed: None,
        samples: looked.len(),
        mode_samples: None,
        measured: probe.measure(&looked)?,
        agreement: Vec::new(),
        ruler: Some(ruler),
    })
}

struct Draw<'a> {
    run: &'a SavedRun,
    seed: Seed,
    probe: &'a StackedProbe<SampleFeatures>,
}

impl NetworkVisitor for Draw<'_> {
    type Output = StackedLooked;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Self::Output> {
        let (run, stream) = (self.run, self.seed.stream(stacked::LATENTS));
        let generator = run.restore(networks.generator)?;
        let sampler = Sampler::new(generator, run.config.train.prior, stream, &run.device);
        Ok(self.probe.look_at(&sampler)?)
    }
}
