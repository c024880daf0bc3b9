//! The one probe of a run.

use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_eval::{DensityProbe, FeatureProbe};

use super::ImageFeatures;

/// What a run measures of its samples.
pub(crate) enum RunProbe {
    /// Points whose density is known.
    Density(Box<DensityProbe>),
    /// Images in a feature space.
    Features(Box<FeatureProbe<ImageFeatures>>),
}

impl RunProbe {
    /// Everything that it may measure.
    pub(crate) fn quantities(&self) -> Vec<Quantity> {
        match self {
            Self::Density(probe) => probe.quantities(),
            Self::Features(probe) => probe.quantities(),
        }
    }
}

impl<G: Generator<D>, C, const D: usize> Probe<G, C, D> for RunProbe {
    fn name(&self) -> &str {
        match self {
            Self::Density(probe) => Probe::<G, C, D>::name(&**probe),
            Self::Features(probe) => Probe::<G, C, D>::name(&**probe),
        }
    }

    fn quantities(&self) -> Vec<Quantity> {
        self.quantities()
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        match self {
            Self::Density(probe) => Probe::measure(&**probe, game),
            Self::Features(probe) => Probe::measure(&**probe, game),
        }
    }
}
