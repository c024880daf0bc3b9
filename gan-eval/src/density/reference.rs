//! Divergences of samples from a known density.

use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_divergence::density::{Density, DensityCells, sample_kl_to_density};
use gan_divergence::gaussian::Moments;
use gan_divergence::neighbors::KnnReference;
use gan_divergence::score::mode_quality;
use gan_divergence::transport::{SlicedReference, Slicing};
use gan_divergence::{Estimate, Points};

use super::KnownDensity;
use super::known::cells_asked_for;
use crate::EvalError;

/// Nearest neighbors that the entropy and the divergence between samples are read from.
const NEIGHBORS: usize = 5;
/// Deviations within which a sample is of high quality, by PacGAN's protocol.
const REACH: f64 = 3.0;

const JS: Quantity = Quantity::new("samples/js", "nats").better(Direction::Lower);
const KL_MODEL_TO_DATA: Quantity =
    Quantity::new("samples/kl_model_to_data", "nats").better(Direction::Lower);
const KL_DATA_TO_MODEL: Quantity =
    Quantity::new("samples/kl_data_to_model", "nats").better(Direction::Lower);
const SLICED_W2: Quantity =
    Quantity::new("samples/sliced_w2", "of the points").better(Direction::Lower);
const SPREAD: Quantity = Quantity::new("samples/spread", "of the points");
const MODES_COVERED: Quantity =
    Quantity::new("samples/modes_covered", "modes").better(Direction::Higher);
const HIGH_QUALITY: Quantity =
    Quantity::new("samples/high_quality", "share").better(Direction::Higher);
const MODE_KL: Quantity = Quantity::new("samples/mode_kl", "nats").better(Direction::Lower);

/// How many samples the estimators see.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Sizes {
    /// In all.
    pub(super) samples: usize,
    /// The first ones, which are looked up among the modes.
    pub(super) of_modes: usize,
}

/// What is measured against a density.
pub fn quantities(density: &KnownDensity) -> Vec<Quantity> {
    let mut all = Vec::new();
    if density.is_fit_for_cells() {
        all.push(JS);
    }
    all.extend([KL_MODEL_TO_DATA, KL_DATA_TO_MODEL, SLICED_W2, SPREAD]);
    if density.has_modes() {
        all.extend([MODES_COVERED, HIGH_QUALITY, MODE_KL]);
    }
    all
}

fn estimated(quantity: Quantity, estimate: &Estimate) -> Measurement {
    quantity.measured(estimate.value).standard_error(estimate.standard_error)
}

/// A density and real samples of it, with all that does not depend on what is compared with them.
pub(super) struct DensityReference {
    density: KnownDensity,
    sizes: Sizes,
    /// None where the density is too narrow for them.
    cells: Option<DensityCells>,
    neighbors: KnnReference,
    lines: SlicedReference,
}

impl DensityReference {
    /// `reference` holds `[n, 2]` real samples.
    pub(super) fn new(
        density: KnownDensity,
        reference: &[f64],
        sizes: Sizes,
    ) -> Result<Self, EvalError> {
        let reference = Points::new(reference, 2)?;
        let cells = match &density {
            narrow if !narrow.is_fit_for_cells() => None,
            KnownDensity::Moons(moons) => Some(DensityCells::new(moons, cells_across(moons))?),
            KnownDensity::Modes { mixture, .. } => {
                Some(DensityCells::new(mixture, cells_across(mixture))?)
            }
        };
        let neighbors = KnnReference::new(NEIGHBORS, reference)?;
        let lines = SlicedReference::new(reference, Slicing::default())?;
        Ok(Self { density, sizes, cells, neighbors, lines })
    }

    /// Compares `[n, 2]` samples with the density, and with the real samples of it.
    ///
    /// A generator whose samples coincide has infinite divergences.
    pub(super) fn measure(&self, samples: &[f64]) -> Result<Vec<Measurement>, EvalError> {
        let samples = Points::new(samples, 2)?;
        let mut measured = Vec::new();
        if let Some(cells) = &self.cells {
            measured.push(estimated(JS, &cells.js(samples)?.estimate));
        }
        let kl_to_density = match &self.density {
            KnownDensity::Moons(moons) => sample_kl_to_density(NEIGHBORS, samples, moons)?,
            KnownDensity::Modes { mixture, .. } => {
                sample_kl_to_density(NEIGHBORS, samples, mixture)?
            }
        };
        measured.push(estimated(KL_MODEL_TO_DATA, &kl_to_density));
        measured.push(estimated(KL_DATA_TO_MODEL, &self.neighbors.kl(samples)?));
        measured.push(estimated(SLICED_W2, &self.lines.sliced_wasserstein(2.0, samples)?));
        measured.push(SPREAD.measured(spread(samples)?));
        if let KnownDensity::Modes { mixture, deviation } = &self.density {
            let first = &samples.data()[..2 * self.sizes.of_modes.min(samples.len())];
            measured.extend(of_modes(first, &mixture.centers(), *deviation)?);
        }
        Ok(measured)
    }
}

/// The mean, over the coordinates, of the standard deviation over the points.
fn spread(points: Points<'_>) -> Result<f64, EvalError> {
    let moments = Moments::of(points)?;
    let variances = moments.covariance().iter().step_by(points.dim() + 1);
    Ok(variances.map(|variance| variance.sqrt()).sum::<f64>() / points.dim() as f64)
}

/// Cells a side, the widest two deviations wide: finer ones would hold noise, coarser ones would hide
/// a blurred mode.
fn cells_across(density: &impl Density) -> usize {
    cells_asked_for(density).clamp(10.0, 120.0) as usize
}

fn of_modes(
    samples: &[f64],
    centers: &[f64],
    deviation: f64,
) -> Result<[Measurement; 3], EvalError> {
    let (samples, centers) = (Points::new(samples, 2)?, Points::new(centers, 2)?);
    let quality = mode_quality(samples, centers, deviation, REACH)?;
    let total = quality.counts.iter().sum::<u64>() as f64;
    let shares = quality.counts.iter().map(|&count| count as f64 / total);
    let terms = shares.map(|share| if share == 0.0 { 0.0 } else { share * share.ln() });
    Ok([
        MODES_COVERED.measured(quality.modes_covered as f64),
        HIGH_QUALITY.measured(quality.high_quality),
        // Not a number without a sample of high quality.
        MODE_KL.measured((quality.modes as f64).ln() + terms.sum::<f64>()),
    ])
}

#[cfg(test)]
mod tests;
