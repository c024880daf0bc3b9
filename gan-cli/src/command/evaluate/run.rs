//! Checkpoints of runs, each judged by what its data allows.

use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use burn::tensor::Device;
use gan_core::player::{Critic, Generator};
use gan_core::sampler::Sampler;
use gan_core::seed::Seed;
use gan_data::SampleSet;
use gan_eval::{Card, Control, DensityProbe, FeatureProbe, density, feature_probe};
use gan_models::Networks;

use super::report::{Judged, Ruler};
use super::stacked::{self, StackedRuler};
use crate::args::{EvaluateArguments, FromStep};
use crate::assemble::NetworkVisitor;
use crate::config::{EvaluationConfig, Features};
use crate::evaluation::{
    Cache, NamedFeatures, OpenedFeatures, RealSamples, RealScores, SampleFeatures,
};
use crate::run_folder::RunFolder;
use crate::saved_run::SavedRun;
use crate::streams;

/// Images that are compared if no number is given.
const IMAGES: usize = 10_000;

/// Every checkpoint that was asked for.
pub(super) fn judge_all(arguments: &EvaluateArguments) -> anyhow::Result<Vec<Judged>> {
    ensure!(
        arguments.reference.is_none(),
        "--reference is for samples of another program: a run is compared with its own data"
    );
    let mut judged = Vec::new();
    let mut ruler: Option<FeatureRuler> = None;
    let mut stacked: Option<StackedRuler> = None;
    for path in &arguments.runs {
        for step in steps(arguments, path)? {
            let run = SavedRun::open(&arguments.saved(path, step))?;
            let one = if let Some(one) = stacked::judge(arguments, &run, &mut stacked)? {
                one
            } else if run.config.data.is_of_images() || run.config.data.is_table() {
                let chosen = FeatureRuler::of(arguments, &run, ruler.take())?;
                let one = judge_in_features(arguments, &run, &chosen)?;
                ruler = Some(chosen);
                one
            } else {
                let (settings, probe) = density_probe(arguments, &run)?;
                judge_points(arguments, &run, &settings, probe)?
            };
            judged.push(one);
        }
    }
    Ok(judged)
}

/// The steps of a run that were asked for.
fn steps(arguments: &EvaluateArguments, run: &Path) -> anyhow::Result<Vec<Option<FromStep>>> {
    if !arguments.all {
        return Ok(vec![arguments.from_step]);
    }
    let saved = RunFolder::open(run)?.saved_steps()?;
    ensure!(!saved.is_empty(), "{} has no checkpoint yet", run.display());
    Ok(saved.into_iter().map(|step| Some(FromStep::Step(step))).collect())
}

/// Points are compared with the density of the run's data.
fn density_probe(
    arguments: &EvaluateArguments,
    run: &SavedRun,
) -> anyhow::Result<(EvaluationConfig, DensityProbe)> {
    let data = &run.config.data;
    let left_out = data.left_out()?;
    let density = data.density()?.with_context(|| match &left_out {
        Some(why) => why.clone(),
        None => format!(
            "the density of the data of {} is not known; expected moons, ring or grid, with noise, a table, \
             or images",
            run.folder.root().display()
        ),
    })?;
    if let Some(left_out) = &left_out {
        streams::say(&format!("note: {left_out}"));
    }
    let settings = settings(arguments, &run.config.evaluation)?;
    let (samples, modes) = (settings.samples, settings.mode_samples);
    Ok((settings, DensityProbe::new(density, samples, modes, seed(arguments, run))))
}

pub(super) fn seed(arguments: &EvaluateArguments, run: &SavedRun) -> Seed {
    Seed(arguments.seed.unwrap_or(run.config.seed))
}

/// The run's own settings, overridden by the flags.
fn settings(
    arguments: &EvaluateArguments,
    of_run: &EvaluationConfig,
) -> anyhow::Result<EvaluationConfig> {
    let samples = arguments.count().unwrap_or(of_run.samples);
    let mode_samples = arguments.mode_samples.unwrap_or(of_run.mode_samples.min(samples));
    let settings = EvaluationConfig { samples, mode_samples, ..of_run.clone() };
    settings.validate(true)?;
    Ok(settings)
}

fn judge_points(
    arguments: &EvaluateArguments,
    run: &SavedRun,
    settings: &EvaluationConfig,
    probe: DensityProbe,
) -> anyhow::Result<Judged> {
    let seed = seed(arguments, run);
    let measured = run.visit(Points { run, seed, probe })?;
    Ok(Judged {
        name: run.folder.root().display().to_string(),
        step: Some(run.step()),
        seed: Some(seed),
        samples: settings.samples,
        mode_samples: Some(settings.mode_samples),
        measured,
        agreement: Vec::new(),
        ruler: None,
    })
}

struct Points<'a> {
    run: &'a SavedRun,
    seed: Seed,
    probe: DensityProbe,
}

impl NetworkVisitor for Points<'_> {
    type Output = Vec<gan_core::measurement::Measurement>;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Self::Output> {
        let (run, stream) = (self.run, self.seed.stream(density::LATENTS));
        let generator = run.restore(networks.generator)?;
        let sampler = Sampler::new(generator, run.config.train.prior, stream, &run.device);
        Ok(self.probe.evaluate(&sampler)?)
    }
}

/// Real samples that several checkpoints are compared with.
struct FeatureRuler {
    /// What it was made for: the SHA-256 of the data, the features, and the number of samples.
    made_for: (String, Features, usize),
    probe: FeatureProbe<SampleFeatures>,
    ruler: Ruler,
}

impl FeatureRuler {
    /// The one before, if it is right for this run too.
    fn of(
        arguments: &EvaluateArguments,
        run: &SavedRun,
        before: Option<Self>,
    ) -> anyhow::Result<Self> {
        let samples = arguments.count().unwrap_or(IMAGES);
        let features = features(arguments, run)?;
        let made_for = (run.data.sha256.clone(), features, samples);
        if let Some(before) = before.filter(|before| before.made_for == made_for) {
            return Ok(before);
        }
        let named = NamedFeatures::open(&made_for.1, &run.device)?;
        let named = named.context("`--features` is one of the spaces, found none")?;
        let opened = named.beside(real_images(run)?, samples)?;
        let (probe, ruler) = ruler(&opened)?;
        Ok(Self { made_for, probe, ruler })
    }
}

/// A probe for the full card, and what real images and controls score.
pub(super) fn ruler(
    opened: &OpenedFeatures,
) -> anyhow::Result<(FeatureProbe<SampleFeatures>, Ruler)> {
    let (cache, samples) = (Cache::of_user(), opened.metric.samples);
    let scores = RealScores::new(&opened.real, &opened.extractor, &cache);
    let reference = scores.reference()?;
    let of_real = scores.held_out(&reference, samples, Card::Full)?;
    let controls = Control::ALL
        .map(|control| {
            Ok((control.name(), scores.control(&reference, control, samples, Card::Full)?))
        })
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;
    let ruler = Ruler { metric: opened.metric.clone(), of_real: of_real.clone(), controls };
    let probe = FeatureProbe::with(opened.extractor.clone(), reference, samples, Card::Full);
    Ok((probe.knowing(of_real), ruler))
}

/// What the flags name, or the run; what it would have been where the run was not measured.
pub(super) fn features(arguments: &EvaluateArguments, run: &SavedRun) -> anyhow::Result<Features> {
    if let Some(named) = &arguments.features {
        let Ok(features) = named.parse();
        return Ok(features);
    }
    Ok(match &run.config.evaluation.features {
        Features::None => Features::Auto,
        chosen => chosen.clone(),
    }
    .or_suitable(run.config.data.suitable_features()))
}

/// The data of a run, if it is still what it was.
fn data_of(run: &SavedRun) -> anyhow::Result<Arc<dyn SampleSet>> {
    let data =
        run.config.data.open(Seed(run.config.seed)).context("cannot use the data of the run")?;
    let found = data.fingerprint().to_string();
    ensure!(
        found == run.data.sha256,
        "{} was trained on other data: their SHA-256 was {}, now it is {found}",
        run.folder.root().display(),
        run.data.sha256
    );
    Ok(data)
}

/// The images of a run, and others that were held out.
pub(super) fn real_images(run: &SavedRun) -> anyhow::Result<RealSamples> {
    RealSamples::of(&run.config.data, data_of(run)?, Seed(run.config.seed))
}

fn judge_in_features(
    arguments: &EvaluateArguments,
    run: &SavedRun,
    ruler: &FeatureRuler,
) -> anyhow::Result<Judged> {
    let seed = seed(arguments, run);
    let observed = run.visit(Draw { run, seed, probe: &ruler.probe, device: &run.device })?;
    Ok(Judged {
        name: run.folder.root().display().to_string(),
        step: Some(run.step()),
        seed: Some(seed),
        samples: observed.len(),
        mode_samples: None,
        measured: ruler.probe.measure(&observed)?,
        agreement: observed.agreement(),
        ruler: Some(ruler.ruler.clone()),
    })
}

struct Draw<'a> {
    run: &'a SavedRun,
    seed: Seed,
    probe: &'a FeatureProbe<SampleFeatures>,
    device: &'a Device,
}

impl NetworkVisitor for Draw<'_> {
    type Output = gan_eval::Observed;

    fn visit<G: Generator<D>, C: Critic<D>, const D: usize>(
        self,
        networks: Networks<G, C>,
    ) -> anyhow::Result<Self::Output> {
        let (run, stream) = (self.run, self.seed.stream(feature_probe::LATENTS));
        let generator = run.restore(networks.generator)?;
        let sampler = Sampler::new(generator, run.config.train.prior, stream, self.device);
        Ok(self.probe.look_at(&sampler)?)
    }
}
