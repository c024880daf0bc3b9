//! Divergences between a sample and a known density.

use std::f64::consts::PI;

use crate::density::Density;
use crate::density::integral::ensure_plane;
use crate::density::quadrature::GaussLegendre;
use crate::discrete::js_divergence;
use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::neighbors::kth_squared_distances;
use crate::parallel::map_indices;
use crate::pmf::Pmf;
use crate::points::Points;
use crate::sum::mean_and_error;

/// Estimate of `KL(p ‖ q)` from a sample of `p` and a known density `q`, in nats.
///
/// `−Ĥ(p) − mean ln q(xᵢ)`, with the nearest-neighbor entropy
/// `Ĥ = ψ(n) − ψ(k) + ln V_d + (d/n)·Σ ln ρᵢ`. Consistent; biased either way at finite `n`, and honestly
/// negative at times. For the other direction, where the known density comes first, see
/// [`sample_js_to_density`] or [`knn_kl`](crate::knn_kl) with draws.
///
/// # Shapes
/// More than `k ≥ 1` points of the density's dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// `ψ(n) − ψ(k)` is a sum of reciprocals. Duplicated points make the value infinite and are counted in
/// a warning. The standard error is that of the mean of the terms, as if independent.
///
/// # Source
/// Kozachenko and Leonenko (1987), Problems of Information Transmission 23, 95–101.
///
/// # Example
/// ```
/// use gan_divergence::{Density, Gaussian, Points, sample_kl_to_density};
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
/// let p = Gaussian::isotropic(vec![0.0, 0.0], 1.0)?;
/// let q = Gaussian::isotropic(vec![1.0, 0.0], 1.0)?;
/// let sample = p.sample_n(2000, &mut ChaCha8Rng::seed_from_u64(1));
/// let kl = sample_kl_to_density(3, Points::new(&sample, 2)?, &q)?;
/// assert!((kl.value - 0.5).abs() < 0.1);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sample_kl_to_density(
    k: usize,
    sample: Points<'_>,
    density: &impl Density,
) -> Result<Estimate, DivergenceError> {
    ensure_dim(sample, density.dim())?;
    ensure_at_least("k, the number of neighbors,", 1, k)?;
    ensure_at_least("the sample", k + 1, sample.len())?;
    let (n, dim) = (sample.len(), sample.dim());
    let radii = kth_squared_distances(sample, sample, k, true);
    let zeros = radii.iter().filter(|&&r| r == 0.0).count();
    let half_dim = 0.5 * dim as f64;
    let terms: Vec<f64> = sample
        .rows()
        .zip(&radii)
        .map(|(x, square)| -half_dim * square.ln() - density.ln_pdf(x))
        .collect();
    let harmonic: f64 = (k..n).map(|i| 1.0 / i as f64).sum();
    let (mean, error) = mean_and_error(&terms);
    let mean = if zeros == 0 { mean } else { f64::INFINITY };
    let value = mean - harmonic - ln_unit_ball(dim);
    let estimate = Estimate::new(value, n, 0, format!("nearest-neighbor KL to a density, k = {k}"));
    let estimate = if zeros == 0 { estimate.with_error(error) } else { estimate };
    Ok(estimate.warn_if(zeros > 0, Warning::ZeroRadii { count: zeros }))
}

/// `ln` of the volume of the unit ball: `V_d = (2π/d)·V_(d−2)`.
fn ln_unit_ball(dim: usize) -> f64 {
    match dim {
        0 => 0.0,
        1 => 2f64.ln(),
        _ => (2.0 * PI / dim as f64).ln() + ln_unit_ball(dim - 2),
    }
}

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
/// The box of the density is cut into `bins × bins` cells and what lies outside of it is one more. The
/// value is the exact [`js_divergence`](crate::js_divergence) of frequencies and masses: at most the
/// divergence of the distributions, plus noise whose size is returned beside it. In `[0, ln 2]`.
///
/// # Shapes
/// `n ≥ 1` points in the plane, `bins ≥ 1`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`] without bins.
///
/// # Numerics
/// Masses of cells by 4 × 4 Gauss–Legendre points on panels no wider than a standard deviation, then
/// normalized.
///
/// # Source
/// For the noise floor: Lin (1991), doi:10.1109/18.61115, and the second-order term of its expansion
/// around equality, `JS ≈ χ²/8`.
///
/// # Example
/// ```
/// use gan_divergence::{Density, NoisyMoons, Points, sample_js_to_density};
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
    ensure_dim(sample, 2)?;
    ensure_at_least("the set of bins", 1, bins)?;
    let bounds = density.bounds();
    let mut counts = vec![0u64; bins * bins + 1];
    for x in sample.rows() {
        let place = |d: usize| {
            let (low, high) = bounds[d];
            let at = ((x[d] - low) / (high - low) * bins as f64).floor();
            (at >= 0.0 && at < bins as f64).then_some(at as usize)
        };
        let cell = place(0).zip(place(1)).map_or(bins * bins, |(i, j)| j * bins + i);
        counts[cell] += 1;
    }
    let mut masses = cell_masses(density, bins);
    masses.push(0.0);
    let n = sample.len() as f64;
    let busy = masses.iter().zip(&counts).filter(|(m, c)| **m * n >= 1.0 || **c > 0).count();
    let value = js_divergence(&Pmf::from_counts(&counts, 0.0)?, &Pmf::normalized(masses)?)?;
    let noise_floor = busy.saturating_sub(1) as f64 / (8.0 * n);
    let name = format!("JS over {bins} × {bins} cells of the density's box");
    let outside = counts[bins * bins] as usize;
    let estimate = Estimate::new(value, sample.len(), 0, name)
        .warn_if(outside > 0, Warning::OutsideRange { count: outside })
        .warn_if(value <= noise_floor, Warning::BelowNoiseFloor { floor: noise_floor });
    Ok(DensityJs { estimate, noise_floor })
}

/// The mass of every cell, row by row.
fn cell_masses(density: &(impl Density + Sync), bins: usize) -> Vec<f64> {
    let bounds = density.bounds();
    let step = |d: usize| (bounds[d].1 - bounds[d].0) / bins as f64;
    let panels = (step(0).max(step(1)) / density.length_scale()).ceil().clamp(1.0, 32.0);
    let rule = GaussLegendre::new(4).in_panels(panels as usize);
    map_indices(bins * bins, |cell| {
        let low = |d: usize, k: usize| bounds[d].0 + step(d) * k as f64;
        let (x, y) = (low(0, cell % bins), low(1, cell / bins));
        rule.integrate(y, y + step(1), |y| {
            rule.integrate(x, x + step(0), |x| density.ln_pdf(&[x, y]).exp())
        })
    })
}

fn ensure_dim(sample: Points<'_>, expected: usize) -> Result<(), DivergenceError> {
    if sample.dim() == expected {
        return Ok(());
    }
    let what = "the sample";
    Err(DivergenceError::DimensionMismatch { what, expected, found: sample.dim() })
}
