//! The one probe of a run.

use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::seed::Seed;
use gan_eval::{Card, DensityProbe, FeatureProbe, StackedProbe, stacked};

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
    /// feature space.
    pub(crate) fn of(
        config: &RunConfig,
        features: Option<&OpenedFeatures>,
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
            return Ok(Some(Self::Stacked(Box::new(probe))));
        }
        let cache = Cache::of_user();
        let scores = RealScores::new(real, extractor, &cache);
        let reference = scores.reference()?;
        let of_real = scores.held_out(&reference, samples, Card::Brief)?;
        let probe = FeatureProbe::with(extractor.clone(), reference, samples, Card::Brief);
        Ok(Some(Self::Features(Box::new(probe.knowing(of_real)))))
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

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        match self {
            Self::Density(probe) => Probe::measure(&**probe, game),
            Self::Features(probe) => Probe::measure(&**probe, game),
            Self::Stacked(probe) => Probe::measure(&**probe, game),
        }
    }
}
