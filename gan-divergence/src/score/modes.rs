//! Mode coverage: which modes of a mixture a generator reaches, and how closely.

use crate::error::{DivergenceError, ensure_range};
use crate::pairwise::squared_distance;
use crate::points::{Points, ensure_same_space};

/// Mode coverage and sample quality on a mixture with known centers.
#[derive(Clone, Debug, PartialEq)]
pub struct ModeQuality {
    /// Modes with at least one high-quality sample.
    pub modes_covered: usize,
    /// Modes in all.
    pub modes: usize,
    /// Share of the samples that are of high quality, in `[0, 1]`.
    pub high_quality: f64,
    /// High-quality samples at each mode.
    pub counts: Vec<u64>,
    /// Generated samples. The coverage grows with it: the protocol takes 2,500.
    pub m: usize,
}

/// Mode coverage and high-quality share of generated points, counts and a share.
///
/// A sample is of high quality if it lies within `reach` standard deviations of its nearest center, and a
/// mode is covered if a high-quality sample has it as its nearest center. The protocol takes a reach of 3.
/// A true sample of a plane mode is within 3 deviations with probability `1 − e^(−4.5) = 0.9889`.
///
/// # Shapes
/// `m ≥ 1` points and the centers of the modes, of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::OutOfRange`] for a deviation or a reach
/// that is not positive.
///
/// # Source
/// Lin et al. (2018), PacGAN, arXiv:1712.04086, §4.1.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::density::Mixture;
/// use gan_divergence::score::mode_quality;
/// let ring = Mixture::ring(4, 1.0, 0.1)?;
/// let fake = [1.0, 0.1, 1.1, 0.0, 0.0, 0.0];
/// let quality = mode_quality(Points::new(&fake, 2)?, Points::new(&ring.centers(), 2)?, 0.1, 3.0)?;
/// assert_eq!((quality.modes_covered, quality.modes), (1, 4));
/// assert_eq!(quality.high_quality, 2.0 / 3.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn mode_quality(
    fake: Points<'_>,
    centers: Points<'_>,
    deviation: f64,
    reach: f64,
) -> Result<ModeQuality, DivergenceError> {
    ensure_same_space(centers, fake)?;
    ensure_range(deviation > 0.0, "the deviation", "a positive number", deviation)?;
    ensure_range(reach > 0.0, "the reach", "a positive number", reach)?;
    let bound = (reach * deviation).powi(2);
    let mut counts = vec![0u64; centers.len()];
    for point in fake.rows() {
        let distances = centers.rows().map(|center| squared_distance(point, center));
        let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((mode, square)) = nearest
            && square <= bound
        {
            counts[mode] += 1;
        }
    }
    let good: u64 = counts.iter().sum();
    Ok(ModeQuality {
        modes_covered: counts.iter().filter(|&&c| c > 0).count(),
        modes: centers.len(),
        high_quality: good as f64 / fake.len() as f64,
        counts,
        m: fake.len(),
    })
}
