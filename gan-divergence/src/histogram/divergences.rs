//! Plug-in divergences between histograms.

use crate::discrete;
use crate::error::DivergenceError;
use crate::estimate::{Estimate, Warning};
use crate::histogram::{Binning, bin_counts};
use crate::pmf::Pmf;
use crate::points::{Points, ensure_same_space};

/// A divergence between histograms, with what noise alone would give.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramEstimate {
    /// The divergence between the two histograms. `n` and `m` count the samples inside the range.
    pub estimate: Estimate,
    /// Its expected value under `P = Q` at these sizes. A value near it is no evidence of a difference.
    pub noise_floor: f64,
    /// Cells that hold a sample of either kind, the `K` of the noise floor.
    pub occupied: usize,
}

/// Jensen–Shannon divergence between two binned samples, in nats.
///
/// The exact [`js_divergence`](crate::discrete::js_divergence) of the two histograms. In `[0, ln 2]`. Binning
/// lowers the divergence, noise raises it: under `P = Q` by `(K − 1)/8·(1/n + 1/m)` over `K` occupied cells,
/// which is returned beside the value.
///
/// # Shapes
/// Points of one dimension, with one [`Binning`] for each coordinate.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::LengthMismatch`],
/// [`DivergenceError::Total`] if a sample lies outside of the range as a whole.
///
/// # Numerics
/// Samples outside of the range are left out and counted in a warning.
///
/// # Source
/// The floor is the second-order expansion `JS ≈ χ²/8` with `E χ² = (K − 1)·(1/n + 1/m)`; for the
/// χ² law of such divergences see Menéndez et al. (1997), doi:10.1016/S0016-0032(96)00063-4.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::histogram::{Binning, histogram_js};
/// let (p, q) = ([0.1, 0.2, 0.8, 0.9], [0.6, 0.7, 0.8, 0.9]);
/// let bins = [Binning::new(0.0, 1.0, 2)?];
/// let js = histogram_js(Points::new(&p, 1)?, Points::new(&q, 1)?, &bins)?;
/// assert!((js.estimate.value - 0.215_761_554_338_835_68).abs() < 1e-15);
/// assert_eq!(js.noise_floor, 1.0 / 16.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn histogram_js(
    p: Points<'_>,
    q: Points<'_>,
    binnings: &[Binning],
) -> Result<HistogramEstimate, DivergenceError> {
    let pair = Pair::new(p, q, binnings, 0.0)?;
    let floor = pair.chi_squared_under_equality() / 8.0;
    pair.finish("JS", discrete::js_divergence, floor)
}

/// Kullback–Leibler divergence between two binned samples, in nats.
///
/// The exact [`kl`](crate::discrete::kl) of the two histograms, each cell of both counted as `count + alpha`. With
/// `alpha = 0` it is infinite as soon as a cell holds samples of `p` only. Under `P = Q` it is about
/// `(K − 1)/2·(1/n + 1/m)` over `K` occupied cells, which is returned beside it.
///
/// # Shapes
/// Points of one dimension, with one [`Binning`] for each coordinate. `alpha ≥ 0`.
///
/// # Errors
/// As [`histogram_js`], and [`DivergenceError::OutOfRange`] for `alpha`.
///
/// # Numerics
/// Samples outside of the range are left out and counted in a warning; so are the cells that make the
/// value infinite.
///
/// # Source
/// The floor is the second-order expansion `KL ≈ χ²/2`, as for [`histogram_js`].
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::histogram::{Binning, histogram_kl};
/// let (p, q) = ([0.1, 0.2, 0.8, 0.9], [0.6, 0.7, 0.8, 0.9]);
/// let bins = [Binning::new(0.0, 1.0, 2)?];
/// let (p, q) = (Points::new(&p, 1)?, Points::new(&q, 1)?);
/// assert_eq!(histogram_kl(p, q, &bins, 0.0)?.estimate.value, f64::INFINITY);
/// assert!(histogram_kl(p, q, &bins, 0.5)?.estimate.value.is_finite());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn histogram_kl(
    p: Points<'_>,
    q: Points<'_>,
    binnings: &[Binning],
    alpha: f64,
) -> Result<HistogramEstimate, DivergenceError> {
    let pair = Pair::new(p, q, binnings, alpha)?;
    let floor = pair.chi_squared_under_equality() / 2.0;
    pair.finish("KL", discrete::kl, floor)
}

/// Total variation distance between two binned samples, a probability.
///
/// The exact [`total_variation`](crate::discrete::total_variation) of the two histograms. In `[0, 1]`. Under
/// `P = Q` it is about `½·Σ √(2·(1/n + 1/m)·p·(1 − p)/π)` with the pooled frequencies `p`, which is returned
/// beside it.
///
/// # Shapes
/// Points of one dimension, with one [`Binning`] for each coordinate.
///
/// # Errors
/// As [`histogram_js`].
///
/// # Source
/// The floor is the mean of absolute normal differences, `E|N(0, σ²)| = σ·√(2/π)`, cell by cell.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::histogram::{Binning, histogram_total_variation};
/// let (p, q) = ([0.1, 0.2, 0.8, 0.9], [0.6, 0.7, 0.8, 0.9]);
/// let bins = [Binning::new(0.0, 1.0, 2)?];
/// let tv = histogram_total_variation(Points::new(&p, 1)?, Points::new(&q, 1)?, &bins)?;
/// assert_eq!(tv.estimate.value, 0.5);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn histogram_total_variation(
    p: Points<'_>,
    q: Points<'_>,
    binnings: &[Binning],
) -> Result<HistogramEstimate, DivergenceError> {
    let pair = Pair::new(p, q, binnings, 0.0)?;
    let (n, m) = (pair.n as f64, pair.m as f64);
    let deviation = |(a, b): (&u64, &u64)| {
        let share = (a + b) as f64 / (n + m);
        (2.0 * (1.0 / n + 1.0 / m) * share * (1.0 - share) / std::f64::consts::PI).sqrt()
    };
    let floor = 0.5 * pair.p_counts.iter().zip(&pair.q_counts).map(deviation).sum::<f64>();
    pair.finish("total variation", discrete::total_variation, floor)
}

/// Two histograms over the same cells.
struct Pair {
    p_counts: Vec<u64>,
    q_counts: Vec<u64>,
    alpha: f64,
    n: u64,
    m: u64,
    outside: usize,
    occupied: usize,
}

impl Pair {
    fn new(
        p: Points<'_>,
        q: Points<'_>,
        binnings: &[Binning],
        alpha: f64,
    ) -> Result<Self, DivergenceError> {
        ensure_same_space(p, q)?;
        let (p_counts, p_outside) = bin_counts(p, binnings)?;
        let (q_counts, q_outside) = bin_counts(q, binnings)?;
        let (n, m) = (p_counts.iter().sum(), q_counts.iter().sum());
        let occupied = p_counts.iter().zip(&q_counts).filter(|(a, b)| **a + **b > 0).count();
        Ok(Self { p_counts, q_counts, alpha, n, m, outside: p_outside + q_outside, occupied })
    }

    /// `(K − 1)·(1/n + 1/m)`.
    fn chi_squared_under_equality(&self) -> f64 {
        self.occupied.saturating_sub(1) as f64 * (1.0 / self.n as f64 + 1.0 / self.m as f64)
    }

    fn finish(
        &self,
        what: &str,
        divergence: fn(&Pmf, &Pmf) -> Result<f64, DivergenceError>,
        noise_floor: f64,
    ) -> Result<HistogramEstimate, DivergenceError> {
        let p = Pmf::from_counts(&self.p_counts, self.alpha)?;
        let q = Pmf::from_counts(&self.q_counts, self.alpha)?;
        let value = divergence(&p, &q)?;
        let empty =
            p.masses().iter().zip(q.masses()).filter(|(p, q)| **p > 0.0 && **q == 0.0).count();
        let name = format!("{what} of histograms, {} cells, alpha {}", p.len(), self.alpha);
        let outside = self.outside;
        let estimate = Estimate::new(value, self.n as usize, self.m as usize, name)
            .warn_if(outside > 0, Warning::OutsideRange { count: outside })
            .warn_if(value.is_infinite(), Warning::EmptyBins { count: empty })
            .warn_if(value <= noise_floor, Warning::BelowNoiseFloor { floor: noise_floor });
        Ok(HistogramEstimate { estimate, noise_floor, occupied: self.occupied })
    }
}
