//! Authenticity: the share of fake points that are no near copies of training points.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::neighbors::nearest::kth_squared_distances;
use crate::pairwise::{Limits, NearVisitor, Visitor, visit_near_pairs};
use crate::points::{Points, ensure_dim};
use crate::sum::share_error;

/// Authenticity of fake points with regard to training points, as a share.
///
/// `(1/m)·#{j : ‖yⱼ − xₐ‖ > minᵢ ‖xₐ − xᵢ‖, i ≠ a}` with `xₐ` the training point nearest to the fake point
/// `yⱼ`: a fake point is authentic if it lies farther from its nearest training point than that one's own
/// nearest neighbor. In `[0, 1]`; 0 if all are copies. AuthPct is this value times 100.
///
/// It has no calibrated level: not even fresh real points score 1, and how many do depends on the
/// distribution, the dimension and `n`. Compare with the value of held-out real points against the same training
/// points. Blurred or distant fakes score high, so it says nothing of their quality.
///
/// # Shapes
/// `m ≥ 1` fake points, then `n ≥ 2` training points of the same dimension: unlike elsewhere, fake comes
/// first. Time `O(n·(n + m)·d)`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// Squared distances are compared, both from differences, so ties are exact. Where several training points
/// are equally near, the largest of their own distances counts, so the order of the points does not matter.
/// A training point is excluded from its own neighbors by position; duplicates among the training points
/// have distance 0, which makes whatever is not a copy of them authentic, and are reported in a warning.
/// The standard error is `√(a·(1 − a)/m)`, with the training points taken as given.
///
/// # Source
/// Alaa et al. (2022), arXiv:2102.08921, for the idea; counted as AuthPct in Stein et al. (2023),
/// arXiv:2306.04675.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::authenticity;
/// let train = [0.0, 1.0, 4.0, 6.0];
/// let fake = [0.1, -1.5, 4.0, 9.0]; // the second and the last lie far enough off
/// let share = authenticity(Points::new(&fake, 1)?, Points::new(&train, 1)?)?;
/// assert_eq!((share.value, share.standard_error), (0.5, Some(0.25)));
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[doc(alias = "AuthPct")]
pub fn authenticity(fake: Points<'_>, train: Points<'_>) -> Result<Estimate, DivergenceError> {
    ensure_dim("the training set", fake.dim(), train)?;
    ensure_at_least("the training set", 2, train.len())?;
    let approach = Approach::to(kth_squared_distances(train, train, 1, true));
    let pieces = visit_near_pairs(fake, train, &approach);
    Ok(approach.share(&pieces))
}

/// Looks for the nearest training point of each fake one.
pub(super) struct Approach {
    /// Squared distances of the training points to their nearest neighbors.
    own: Vec<f64>,
}

/// The squared distance to the nearest training point, and that of the training point itself.
#[derive(Clone)]
pub(super) struct Near {
    distance: f64,
    own: f64,
}

/// What some fake points found, behind the number of the first.
pub(super) type Approached = (usize, Vec<Near>);

impl Approach {
    /// To training points with these squared distances to their own nearest neighbors.
    pub(super) fn to(own: Vec<f64>) -> Self {
        Self { own }
    }

    /// The share of authentic points among all fake ones.
    pub(super) fn share<'a>(&self, pieces: impl IntoIterator<Item = &'a Approached>) -> Estimate {
        let near: Vec<&Near> = pieces.into_iter().flat_map(|(_, all)| all).collect();
        let found = near.iter().filter(|near| near.distance > near.own).count();
        let share = found as f64 / near.len() as f64;
        let count = self.own.iter().filter(|&&radius| radius == 0.0).count();
        let estimate = Estimate::new(share, self.own.len(), near.len(), "authenticity")
            .with_error(share_error(share, near.len()));
        estimate.warn_if(count > 0, Warning::ZeroRadii { count })
    }
}

impl Visitor for Approach {
    type State = Approached;

    fn start(&self, rows: Range<usize>) -> Self::State {
        (rows.start, vec![Near { distance: f64::INFINITY, own: 0.0 }; rows.len()])
    }

    fn visit(&self, state: &mut Self::State, row: usize, first: usize, values: &mut [f64]) {
        let near = &mut state.1[row - state.0];
        let own = self.own[first..first + values.len()].chunks(16);
        for (values, own) in values.chunks(16).zip(own) {
            let least = values.iter().fold(f64::INFINITY, |m, &v| if v < m { v } else { m });
            if least <= near.distance {
                values.iter().zip(own).for_each(|(&value, &own)| near.offer(value, own));
            }
        }
    }
}

impl NearVisitor for Approach {
    fn limits<'a>(&'a self, state: &Approached, row: usize, _: Range<usize>) -> Limits<'a> {
        Limits { row: state.1[row - state.0].distance, columns: &[] }
    }
}

impl Near {
    fn offer(&mut self, distance: f64, own: f64) {
        if distance < self.distance {
            *self = Self { distance, own };
        } else if distance == self.distance {
            self.own = self.own.max(own);
        }
    }
}
