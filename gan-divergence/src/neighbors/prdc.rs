//! Precision, recall, density and coverage.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Warning;
use crate::lanes::compare_row;
use crate::neighbors::nearest::kth_squared_distances;
use crate::pairwise::{Form, Packed, Visitor, visit_pairs};
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
    let count = real_radii.iter().chain(&fake_radii).filter(|&&r| r == 0.0).count();
    // `d ≤ r` is `d < next_up(r)`, which leaves one loop for both comparisons.
    let bound = |r: f64| {
        if comparison == Comparison::Less { r } else { r.next_up() }
    };
    let balls = Balls {
        real: real_radii.into_iter().map(bound).collect(),
        fake: fake_radii.into_iter().map(bound).collect(),
    };
    let pieces = visit_pairs(real, &Packed::new(fake), Form::SquaredDistance, &balls);
    let mut scores = scores(&pieces, real.len(), fake.len(), k);
    scores.warnings.extend((count > 0).then_some(Warning::ZeroRadii { count }));
    Ok(scores)
}

/// Adds up what all real points saw.
fn scores(pieces: &[Seen], n: usize, m: usize, k: usize) -> Prdc {
    let mut inside = vec![0u64; m];
    let (mut covered, mut recalled) = (0, 0);
    for piece in pieces {
        inside.iter_mut().zip(&piece.inside).for_each(|(all, one)| *all += one);
        covered += piece.covered.iter().filter(|&&c| c).count();
        recalled += piece.recalled.iter().filter(|&&r| r).count();
    }
    let precision = inside.iter().filter(|&&balls| balls > 0).count() as f64 / m as f64;
    let (recall, coverage) = (recalled as f64 / n as f64, covered as f64 / n as f64);
    let density = inside.iter().sum::<u64>() as f64 / (k * m) as f64;
    let balls: Vec<f64> = inside.into_iter().map(|balls| balls as f64 / k as f64).collect();
    let errors = PrdcErrors {
        precision: share_error(precision, m),
        recall: share_error(recall, n),
        density: mean_and_error(&balls).1,
        coverage: share_error(coverage, n),
    };
    Prdc { precision, recall, density, coverage, errors, n, m, k, warnings: Vec::new() }
}

/// Squared radii of all balls.
struct Balls {
    real: Vec<f64>,
    fake: Vec<f64>,
}

/// What some real points saw of all fake ones.
struct Seen {
    first_row: usize,
    covered: Vec<bool>,
    recalled: Vec<bool>,
    /// How many of their balls each fake point lies in.
    inside: Vec<u64>,
}

impl Visitor for Balls {
    type State = Seen;

    fn start(&self, rows: Range<usize>) -> Seen {
        let (covered, recalled) = (vec![false; rows.len()], vec![false; rows.len()]);
        Seen { first_row: rows.start, covered, recalled, inside: vec![0; self.fake.len()] }
    }

    fn visit(&self, seen: &mut Seen, row: usize, first: usize, values: &mut [f64]) {
        let columns = first..first + values.len();
        let (fake, inside) = (&self.fake[columns.clone()], &mut seen.inside[columns]);
        let (hits, recalled) = compare_row(values, self.real[row], fake, inside);
        seen.covered[row - seen.first_row] |= hits > 0;
        seen.recalled[row - seen.first_row] |= recalled;
    }
}
