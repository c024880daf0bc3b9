//! A known density discretized into cells, and samples counted in them.

use crate::density::Density;
use crate::density::integral::ensure_plane;
use crate::density::quadrature::GaussLegendre;
use crate::discrete::js_divergence;
use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::parallel::map_indices;
use crate::pmf::Pmf;
use crate::points::{Points, ensure_dim};

/// A Jensen–Shannon divergence over cells, with what noise alone would give.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityJs {
    /// The divergence between cell frequencies and cell masses, in nats.
    pub estimate: Estimate,
    /// Its expected value if the sample came from the density: `(K − 1)/(8·n)` for `K` cells that hold
    /// at least `1/n` of the mass or a point.
    pub noise_floor: f64,
}

/// Jensen–Shannon divergence between a sample and a known density in the plane, over cells, in nats.
///
/// The value is the exact [`js_divergence`](crate::discrete::js_divergence) of the sample's frequencies in the cells
/// of [`DensityCells`] and their masses: at most the divergence of the distributions, plus noise whose size
/// is returned beside it. In `[0, ln 2]`. For many samples and one density, make the cells once.
///
/// # Shapes
/// `n ≥ 1` points in the plane, `bins ≥ 1`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`] without bins.
///
/// # Numerics
/// As [`DensityCells`].
///
/// # Source
/// For the noise floor: Lin (1991), doi:10.1109/18.61115, and the second-order term of its expansion
/// around equality, `JS ≈ χ²/8`.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::density::{Density, NoisyMoons, sample_js_to_density};
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// let moons = NoisyMoons::new(0.1)?;
/// let sample = moons.sample_n(5000, &mut ChaCha8Rng::seed_from_u64(1));
/// let js = sample_js_to_density(Points::new(&sample, 2)?, &moons, 20)?;
/// assert!(js.estimate.value < 2.0 * js.noise_floor);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sample_js_to_density(
    sample: Points<'_>,
    density: &(impl Density + Sync),
    bins: usize,
) -> Result<DensityJs, DivergenceError> {
    ensure_plane(density.dim())?;
    ensure_dim("the sample", 2, sample)?;
    DensityCells::new(density, bins)?.js(sample)
}

/// The masses that a known density in the plane has in the cells of its box, to compare any number of
/// samples with it.
///
/// The box of the density is cut into `bins × bins` cells; what lies outside of it is one more, of mass 0.
///
/// # Numerics
/// Masses by 4 × 4 Gauss–Legendre points on panels no wider than a standard deviation, then normalized.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::density::{Density, DensityCells, Mixture, sample_js_to_density};
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// let ring = Mixture::ring(8, 2.0, 0.1)?;
/// let cells = DensityCells::new(&ring, 30)?;
/// for seed in 0..3 {
///     let sample = ring.sample_n(1000, &mut ChaCha8Rng::seed_from_u64(seed));
///     let sample = Points::new(&sample, 2)?;
///     assert_eq!(cells.js(sample)?, sample_js_to_density(sample, &ring, 30)?);
/// }
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct DensityCells {
    bounds: [(f64, f64); 2],
    bins: usize,
    masses: Pmf,
}

impl DensityCells {
    /// Works out the masses; this is all that takes time.
    ///
    /// # Shapes
    /// A density of dimension 2, `bins ≥ 1`.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`] without bins,
    /// [`DivergenceError::Total`] for a density without any mass in its box.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::density::{DensityCells, NoisyMoons};
    /// assert!(DensityCells::new(&NoisyMoons::new(0.1)?, 0).is_err());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn new(density: &(impl Density + Sync), bins: usize) -> Result<Self, DivergenceError> {
        ensure_plane(density.dim())?;
        ensure_at_least("the set of bins", 1, bins)?;
        let bounds = density.bounds();
        let bounds = [bounds[0], bounds[1]];
        let mut masses = cell_masses(density, bounds, bins);
        masses.push(0.0);
        Ok(Self { bounds, bins, masses: Pmf::normalized(masses)? })
    }

    /// The masses, row by row with the first coordinate fastest; that of the outside comes last.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::density::DensityCells;
    /// use gan_divergence::gaussian::Gaussian;
    /// let cells = DensityCells::new(&Gaussian::isotropic(vec![0.0, 0.0], 1.0)?, 2)?;
    /// for (mass, expected) in cells.masses().masses().iter().zip([0.25, 0.25, 0.25, 0.25, 0.0]) {
    ///     assert!((mass - expected).abs() < 1e-15);
    /// }
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn masses(&self) -> &Pmf {
        &self.masses
    }

    /// Jensen–Shannon divergence between a sample and the density, over the cells, in nats.
    ///
    /// As [`sample_js_to_density`].
    ///
    /// # Shapes
    /// `n ≥ 1` points in the plane.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::density::DensityCells;
    /// use gan_divergence::gaussian::Gaussian;
    /// let cells = DensityCells::new(&Gaussian::isotropic(vec![0.0, 0.0], 1.0)?, 2)?;
    /// let far = cells.js(Points::new(&[99.0, 0.0], 2)?)?;
    /// assert_eq!(far.estimate.value, 2f64.ln());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn js(&self, sample: Points<'_>) -> Result<DensityJs, DivergenceError> {
        ensure_dim("the sample", 2, sample)?;
        let (bins, n) = (self.bins, sample.len() as f64);
        let counts = self.counts(sample);
        let masses = self.masses.masses();
        let busy = masses.iter().zip(&counts).filter(|(m, c)| **m * n >= 1.0 || **c > 0).count();
        let value = js_divergence(&Pmf::from_counts(&counts, 0.0)?, &self.masses)?;
        let noise_floor = busy.saturating_sub(1) as f64 / (8.0 * n);
        let name = format!("JS over {bins} × {bins} cells of the density's box");
        let outside = counts[bins * bins] as usize;
        let estimate = Estimate::new(value, sample.len(), 0, name)
            .warn_if(outside > 0, Warning::OutsideRange { count: outside })
            .warn_if(value <= noise_floor, Warning::BelowNoiseFloor { floor: noise_floor });
        Ok(DensityJs { estimate, noise_floor })
    }

    /// How many points lie in each cell.
    fn counts(&self, sample: Points<'_>) -> Vec<u64> {
        let bins = self.bins;
        let mut counts = vec![0u64; bins * bins + 1];
        for x in sample.rows() {
            let place = |d: usize| {
                let (low, high) = self.bounds[d];
                let at = ((x[d] - low) / (high - low) * bins as f64).floor();
                (at >= 0.0 && at < bins as f64).then_some(at as usize)
            };
            let cell = place(0).zip(place(1)).map_or(bins * bins, |(i, j)| j * bins + i);
            counts[cell] += 1;
        }
        counts
    }
}

/// The mass of every cell, row by row.
fn cell_masses(density: &(impl Density + Sync), bounds: [(f64, f64); 2], bins: usize) -> Vec<f64> {
    let step = bounds.map(|(low, high)| (high - low) / bins as f64);
    let panels = (step[0].max(step[1]) / density.length_scale()).ceil().clamp(1.0, 32.0);
    let rule = GaussLegendre::new(4).in_panels(panels as usize);
    map_indices(bins * bins, |cell| {
        let low = |d: usize, k: usize| bounds[d].0 + step[d] * k as f64;
        let (x, y) = (low(0, cell % bins), low(1, cell / bins));
        rule.integrate(y, y + step[1], |y| {
            rule.integrate(x, x + step[0], |x| density.ln_pdf(&[x, y]).exp())
        })
    })
}
