//! Near duplicates within one sample, and the number of different samples that they point to.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least, ensure_range};
use crate::lanes::count_below;
use crate::pairwise::{Form, Visitor, visit_upper_pairs};
use crate::points::Points;
use crate::sum::share_error;

/// How much a sample repeats itself, at one radius.
///
/// Comparable only at equal radii; `share` only at equal `n` too.
#[derive(Clone, Debug, PartialEq)]
pub struct NearDuplicates {
    /// Pairs of points within the radius.
    pub pairs: u64,
    /// Points.
    pub n: usize,
    /// The radius, in the unit of the points.
    pub radius: f64,
    /// Share of the points that have another within the radius. In `[0, 1]`; it grows with `n`.
    pub share: f64,
    /// Binomial standard error of the share: `√(share·(1 − share)/n)`.
    pub share_error: f64,
    /// Estimate of the number of different samples, `n·(n − 1)/(2·pairs)`. In `[1, ∞]`, infinite without pairs.
    pub support: f64,
    /// Standard error of the support, `support/√pairs`; `None` without pairs.
    pub support_error: Option<f64>,
}

/// Near duplicates within a sample, by the birthday paradox.
///
/// If two independent samples coincide with probability `Σp²`, then `pairs/(n·(n − 1)/2)` is an unbiased estimate
/// of it, and `support` its inverse: the number of equally likely samples that would repeat as
/// often. A mode-collapsed generator has a small one; no duplicates in `n` points show no more than a support
/// well above `n²/2`.
///
/// The radius decides what counts as the same. Choose a low quantile, such as 0.1 %, of the distances that
/// [`nearest_distances_within`](crate::neighbors::nearest_distances_within) finds in as many real points, and
/// compare with the values of real points at the same radius.
///
/// # Shapes
/// `n ≥ 2` points. Time `O(n²·d)`.
///
/// # Errors
/// [`DivergenceError::TooFew`]; [`DivergenceError::OutOfRange`] for a radius that is negative or not finite.
///
/// # Numerics
/// A pair counts if its distance, as `nearest_distances_within` rounds it, is at most the radius; a radius of 0
/// counts exact copies. The standard error of the support is that of Poisson counts, which takes the
/// pairs as independent: it is too small where few samples repeat many times. That of the share takes the points
/// as independent.
///
/// # Source
/// Arora and Zhang (2017), arXiv:1706.08224: a duplicate with probability ½ or more among `s` samples means a
/// support of about `s²` or less. Counting the pairs instead is the estimate of collisions, as in Goldreich and
/// Ron (2000), On Testing Expansion in Bounded-Degree Graphs, ECCC TR00-020.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::near_duplicates;
/// let found = near_duplicates(Points::new(&[0.0, 0.1, 5.0, 7.0, 7.05], 1)?, 0.2)?;
/// assert_eq!((found.pairs, found.share, found.support), (2, 0.8, 5.0));
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[doc(alias = "birthday paradox")]
pub fn near_duplicates(points: Points<'_>, radius: f64) -> Result<NearDuplicates, DivergenceError> {
    let n = points.len();
    ensure_at_least("the set of points", 2, n)?;
    let bound = bound(radius)?;
    let pieces = visit_upper_pairs(points, Form::SquaredDistance, &Near { bound, n });
    let mut near = vec![0; n];
    for counts in &pieces {
        near.iter_mut().zip(counts).for_each(|(all, one)| *all += one);
    }
    Ok(NearDuplicates::of_counts(&near, radius))
}

impl NearDuplicates {
    /// From the number of points that each point has within the radius.
    pub(super) fn of_counts(near: &[u64], radius: f64) -> Self {
        let (n, pairs) = (near.len(), near.iter().sum::<u64>() / 2);
        let share = near.iter().filter(|&&count| count > 0).count() as f64 / n as f64;
        let support = 0.5 * n as f64 * (n - 1) as f64 / pairs as f64;
        let support_error = (pairs > 0).then(|| support / (pairs as f64).sqrt());
        let share_error = share_error(share, n);
        Self { pairs, n, radius, share, share_error, support, support_error }
    }
}

/// What the squares of distances up to the radius are below.
pub(super) fn bound(radius: f64) -> Result<f64, DivergenceError> {
    let valid = radius.is_finite() && radius >= 0.0;
    ensure_range(valid, "the radius", "a finite number of at least 0", radius)?;
    Ok(squares_up_to(radius).next_up())
}

/// The largest number whose root is at most the radius.
fn squares_up_to(radius: f64) -> f64 {
    let mut square = radius * radius;
    while square.sqrt() > radius {
        square = square.next_down();
    }
    while square.next_up().sqrt() <= radius {
        square = square.next_up();
    }
    square
}

/// Counts the pairs whose squared distance is below the bound.
struct Near {
    bound: f64,
    /// Points.
    n: usize,
}

impl Visitor for Near {
    /// Those of each point.
    type State = Vec<u64>;

    fn start(&self, _: Range<usize>) -> Self::State {
        vec![0; self.n]
    }

    fn visit(&self, state: &mut Self::State, row: usize, first: usize, values: &mut [f64]) {
        let skipped = (row + 1).saturating_sub(first).min(values.len());
        let (from, values) = (first + skipped, &values[skipped..]);
        let marks = &mut state[from..from + values.len()];
        let pairs = count_below(values, self.bound, marks);
        state[row] += pairs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_counts_as_its_root_does() {
        for radius in [0.0, 1e-200, 3e-162, 0.1, 1.0, 3.0, 1e-3 / 7.0, 1e150, 1e200] {
            let square = squares_up_to(radius);
            assert!(square.sqrt() <= radius && square.next_up().sqrt() > radius, "{radius:e}");
        }
    }
}
