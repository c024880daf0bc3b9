//! The one probe of a run, and its assistants on other ranks.

use std::rc::Rc;

use gan_core::exchange::Exchange;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::seed::Seed;
use gan_eval::{
    Card, DensityProbe, FeatureAssistant, FeatureProbe, StackedAssistant, StackedProbe, stacked,
};

use super::{Cache, OpenedFeatures, RealScores, SampleFeatures, StackedScores, looks_at_channels};
use crate::config::RunConfig;

/// What a run measures of its samples.
pub(crate) enum RunProbe {
    /// Points whose density is known.
    Density(Box<DensityProbe>),
    /// Images in a feature space.
    Features(Box<FeatureProbe<SampleFeatures>>),
    /// Stacked digits, whose modes are counted.
    Stacked(Box<StackedProbe<SampleFeatures>>),
}

impl RunProbe {
    /// What compares samples with the data of a configuration: by its density, where that is known, or in a
    /// feature space, where other ranks assist.
    pub(crate) fn of(
        config: &RunConfig,
        features: Option<&OpenedFeatures>,
        ranks: &Rc<dyn Exchange>,
    ) -> anyhow::Result<Option<Self>> {
        let (samples, modes) = (config.evaluation.samples, config.evaluation.mode_samples);
        if let Some(density) = config.data.density()? {
            let probe = DensityProbe::new(density, samples, modes, Seed(config.seed));
            return Ok(Some(Self::Density(Box::new(probe))));
        }
        let Some(OpenedFeatures { extractor, real, .. }) = features else { return Ok(None) };
        if looks_at_channels(&config.data, &extractor.space) {
            let cache = Cache::of_user();
            let probe = StackedScores::new(&config.data, samples, extractor, &cache)?.probe()?;
            return Ok(Some(Self::Stacked(Box::new(probe.with_ranks(ranks.clone())))));
        }
        let cache = Cache::of_user();
        let scores = RealScores::new(real, extractor, &cache);
        let reference = scores.reference()?;
        let of_real = scores.held_out(&reference, samples, Card::Brief)?;
        let probe = FeatureProbe::with(extractor.clone(), reference, samples, Card::Brief);
        let probe = probe.knowing(of_real).with_ranks(ranks.clone());
        let averages = config.train.rules.ema.is_some();
        let probe = if averages { probe.beside_live_weights() } else { probe };
        Ok(Some(Self::Features(Box::new(probe))))
    }

    /// Everything that it may measure.
    pub(crate) fn quantities(&self) -> Vec<Quantity> {
        match self {
            Self::Density(probe) => probe.quantities(),
            Self::Features(probe) => probe.quantities(),
            Self::Stacked(_) => stacked::quantities(),
        }
    }
}

impl<G: Generator<D>, C, const D: usize> Probe<G, C, D> for RunProbe {
    fn name(&self) -> &str {
        match self {
            Self::Density(probe) => Probe::<G, C, D>::name(&**probe),
            Self::Features(probe) => Probe::<G, C, D>::name(&**probe),
            Self::Stacked(probe) => Probe::<G, C, D>::name(&**probe),
        }
    }

    fn quantities(&self) -> Vec<Quantity> {
        self.quantities()
    }

    fn is_shared(&self) -> bool {
        match self {
            Self::Density(probe) => Probe::<G, C, D>::is_shared(&**probe),
            Self::Features(probe) => Probe::<G, C, D>::is_shared(&**probe),
            Self::Stacked(probe) => Probe::<G, C, D>::is_shared(&**probe),
        }
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        match self {
            Self::Density(probe) => Probe::measure(&**probe, game),
            Self::Features(probe) => Probe::measure(&**probe, game),
            Self::Stacked(probe) => Probe::measure(&**probe, game),
        }
    }
}

/// What a rank that does not measure has in the place of a [`RunProbe`].
pub(crate) enum RunAssistant {
    /// Of images in a feature space.
    Features(FeatureAssistant<SampleFeatures>),
    /// Of stacked digits.
    Stacked(StackedAssistant<SampleFeatures>),
}

impl RunAssistant {
    /// The assistant of the probe of the same configuration; none of points whose density is known, which rank 0
    /// measures alone.
    pub(crate) fn of(
        config: &RunConfig,
        features: Option<OpenedFeatures>,
        ranks: Rc<dyn Exchange>,
    ) -> anyhow::Result<Option<Self>> {
        let (None, Some(features)) = (config.data.density()?, features) else { return Ok(None) };
        let (extractor, samples) = (features.extractor, config.evaluation.samples);
        if looks_at_channels(&config.data, &extractor.space) {
            return Ok(Some(Self::Stacked(StackedAssistant::new(extractor, samples, ranks))));
        }
        let assistant = FeatureAssistant::new(extractor, samples, ranks);
        let averages = config.train.rules.ema.is_some();
        let assistant = if averages { assistant.beside_live_weights() } else { assistant };
        Ok(Some(Self::Features(assistant)))
    }

    /// As a probe of a game.
    pub(crate) fn as_probe<G: Generator<D>, C, const D: usize>(&self) -> &dyn Probe<G, C, D> {
        match self {
            Self::Features(assistant) => assistant,
            Self::Stacked(assistant) => assistant,
        }
    }
}
