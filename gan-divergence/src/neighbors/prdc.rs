//! Precision, recall, density and coverage.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Warning;
use crate::lanes::compare_row;
use crate::neighbors::nearest::kth_squared_distances;
use crate::pairwise::{Limits, NearVisitor, Visitor, visit_near_pairs};
use crate::points::{Points, ensure_same_space};
use crate::sum::{mean_and_error, share_error};

/// Whether a point on the rim of a ball lies inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `<`, as in the `prdc` package. Sets of identical points score 0.
    Less,
    /// `≤`, as in the papers' formulas. Sets of identical points score 1.
    LessOrEqual,
}

/// Four scores of a fake sample against a real one.
///
/// Comparable only at equal `n`, `m`, `k` and comparison.
#[derive(Clone, Debug, PartialEq)]
pub struct Prdc {
    /// Share of fake points inside some real point's ball. In `[0, 1]`.
    pub precision: f64,
    /// Share of real points inside some fake point's ball. In `[0, 1]`.
    pub recall: f64,
    /// Real balls that hold a fake point, per fake point and `k`. At least 0, and 1 in expectation for
    /// equal distributions; it can exceed 1.
    pub density: f64,
    /// Share of real points whose ball holds a fake point. In `[0, 1]`.
    pub coverage: f64,
    /// Their standard errors.
    pub errors: PrdcErrors,
    /// Real points.
    pub n: usize,
    /// Fake points.
    pub m: usize,
    /// Neighbors that set the radius of a ball.
    pub k: usize,
    /// Balls of radius 0, if there are any.
    pub warnings: Vec<Warning>,
}

/// Standard errors of the four scores, with the balls taken as given and the points as independent.
///
/// Over repeated real samples the scores vary more, as all balls move. At a share of 0 or 1 the
/// error is 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PrdcErrors {
    /// `√(p·(1 − p)/m)`.
    pub precision: f64,
    /// `√(r·(1 − r)/n)`.
    pub recall: f64,
    /// `s/√m`, with `s` the deviation of the fake points' numbers of balls over `k`.
    pub density: f64,
    /// `√(c·(1 − c)/n)`.
    pub coverage: f64,
}

/// Precision, recall, density and coverage of fake points, without unit.
///
/// Each point's ball reaches to its `k`-th nearest neighbor in its own set. Precision and density count
/// fake points in real balls, recall real points in fake balls, coverage real balls with a fake point.
///
/// # Shapes
/// More than `k ≥ 1` points on both sides, of the same dimension. Time `O((n + m)²·d)`, memory
/// `O((n + m)·d)`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// Squared distances from differences are compared with squared radii from the same formula, so ties
/// are exact. A point is excluded from its own neighbors by position.
///
/// # Source
/// Kynkäänniemi et al. (2019), arXiv:1904.06991; Naeem et al. (2020), arXiv:2002.09797.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::{Comparison, precision_recall_density_coverage};
/// let real = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
/// let fake = [0.1, 0.0, 1.0, 0.2, 0.9, 1.1, 3.0, 3.0, 0.5, 0.5];
/// let (real, fake) = (Points::new(&real, 2)?, Points::new(&fake, 2)?);
/// let scores = precision_recall_density_coverage(real, fake, 1, Comparison::Less)?;
/// assert_eq!((scores.precision, scores.recall), (0.8, 0.8));
/// assert_eq!((scores.density, scores.coverage), (2.0, 0.8));
/// assert!((scores.errors.precision - (0.8 * 0.2 / 5.0f64).sqrt()).abs() < 1e-15);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn precision_recall_density_coverage(
    real: Points<'_>,
    fake: Points<'_>,
    k: usize,
    comparison: Comparison,
) -> Result<Prdc, DivergenceError> {
    ensure_same_space(real, fake)?;
    ensure_at_least("k, the number of neighbors,", 1, k)?;
    ensure_at_least("the real set", k + 1, real.len())?;
    ensure_at_least("the fake set", k + 1, fake.len())?;
    let (real_radii, fake_radii) =
        (kth_squared_distances(real, real, k, true), kth_squared_distances(fake, fake, k, true));
    let balls = Balls::new(real_radii, fake_radii, comparison);
    let pieces = visit_near_pairs(fake, real, &balls);
    Ok(balls.scores(&pieces, k))
}

/// Bounds of the squared distances to the points inside of all balls.
pub(super) struct Balls {
    real: Vec<f64>,
    fake: Vec<f64>,
    /// Balls of radius 0.
    empty: usize,
}

/// What some fake points saw of all real ones.
pub(super) struct Seen {
    first_row: usize,
    /// How many real balls each fake point lies in.
    inside: Vec<u64>,
    /// Of each real point, how many of these fake points have it in their balls.
    recalled: Vec<u64>,
    /// And how many of them lie in its ball.
    covered: Vec<u64>,
}

impl Balls {
    /// Of these squared radii.
    pub(super) fn new(real: Vec<f64>, fake: Vec<f64>, comparison: Comparison) -> Self {
        let empty = real.iter().chain(&fake).filter(|&&r| r == 0.0).count();
        // `d ≤ r` is `d < next_up(r)`, which leaves one loop for both comparisons.
        let bound = |r: f64| {
            if comparison == Comparison::Less { r } else { r.next_up() }
        };
        let bounds = |radii: Vec<f64>| radii.into_iter().map(bound).collect();
        Self { real: bounds(real), fake: bounds(fake), empty }
    }

    /// Adds up what all fake points saw; balls reach to the `k`-th neighbors.
    pub(super) fn scores<'a>(&self, pieces: impl IntoIterator<Item = &'a Seen>, k: usize) -> Prdc {
        let (n, m) = (self.real.len(), self.fake.len());
        let (mut recalled, mut covered, mut inside) = (vec![0; n], vec![0; n], Vec::new());
        let add = |all: &mut [u64], more: &[u64]| {
            all.iter_mut().zip(more).for_each(|(all, one)| *all += one);
        };
        for piece in pieces {
            inside.extend_from_slice(&piece.inside);
            add(&mut recalled, &piece.recalled);
            add(&mut covered, &piece.covered);
        }
        let share = |counts: &[u64]| {
            counts.iter().filter(|&&count| count > 0).count() as f64 / counts.len() as f64
        };
        let (precision, recall, coverage) = (share(&inside), share(&recalled), share(&covered));
        let density = inside.iter().sum::<u64>() as f64 / (k * m) as f64;
        let balls: Vec<f64> = inside.iter().map(|&balls| balls as f64 / k as f64).collect();
        let errors = PrdcErrors {
            precision: share_error(precision, m),
            recall: share_error(recall, n),
            density: mean_and_error(&balls).1,
            coverage: share_error(coverage, n),
        };
        let warning = (self.empty > 0).then_some(Warning::ZeroRadii { count: self.empty });
        let warnings = warning.into_iter().collect();
        Prdc { precision, recall, density, coverage, errors, n, m, k, warnings }
    }
}

impl Visitor for Balls {
    type State = Seen;

    fn start(&self, rows: Range<usize>) -> Seen {
        let n = self.real.len();
        Seen {
            first_row: rows.start,
            inside: vec![0; rows.len()],
            recalled: vec![0; n],
            covered: vec![0; n],
        }
    }

    fn visit(&self, seen: &mut Seen, row: usize, first: usize, values: &mut [f64]) {
        let columns = first..first + values.len();
        let marks = [&mut seen.recalled[columns.clone()], &mut seen.covered[columns.clone()]];
        let inside = compare_row(values, self.fake[row], &self.real[columns], marks);
        seen.inside[row - seen.first_row] += inside;
    }
}

impl NearVisitor for Balls {
    fn limits<'a>(&'a self, _: &Seen, row: usize, columns: Range<usize>) -> Limits<'a> {
        Limits { row: self.fake[row], columns: &self.real[columns] }
    }
}
