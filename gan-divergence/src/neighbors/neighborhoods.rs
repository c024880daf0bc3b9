//! A sample whose nearest neighbors within itself are known, and all that is compared through them.

use std::ops::Range;

use crate::error::{DivergenceError, ensure_at_least, ensure_len};
use crate::estimate::Estimate;
use crate::neighbors::authenticity::Approach;
use crate::neighbors::duplicates::{NearDuplicates, bound, near_duplicates};
use crate::neighbors::nearest::{kth, nearest_squared_distances};
use crate::neighbors::prdc::{Balls, Comparison, Prdc};
use crate::pairwise::{Limits, NearVisitor, Visitor, visit_near_pairs};
use crate::points::{Points, ensure_dim, gather};

/// A sample and the distances of each of its points to the `k` nearest others.
///
/// Precision, recall, density and coverage, authenticity and near duplicates all begin with the neighbors within a
/// sample. Here they are searched once, for all of these numbers and for many comparisons; what comes out has the
/// same bits as from [`precision_recall_density_coverage`](crate::neighbors::precision_recall_density_coverage),
/// [`authenticity`](crate::neighbors::authenticity) and [`near_duplicates`].
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::{Comparison, Neighborhoods, precision_recall_density_coverage};
/// let real = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
/// let fake = [0.1, 0.0, 1.0, 0.2, 0.9, 1.1, 3.0, 3.0, 0.5, 0.5];
/// let (real, fake) = (Points::new(&real, 2)?, Points::new(&fake, 2)?);
/// let known = Neighborhoods::new(1, real)?;
/// let scores = known.scores(&Neighborhoods::new(1, fake)?, Comparison::Less)?;
/// assert_eq!(scores.prdc, precision_recall_density_coverage(real, fake, 1, Comparison::Less)?);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Neighborhoods {
    k: usize,
    points: Vec<f64>,
    dim: usize,
    /// `k` squared distances of every point, ascending.
    squares: Vec<f64>,
}

/// What one pass over the pairs of a real and a fake sample gives.
#[derive(Clone, Debug, PartialEq)]
pub struct NeighborScores {
    /// Precision, recall, density and coverage.
    pub prdc: Prdc,
    /// Authenticity, with the real sample as training points.
    pub authenticity: Estimate,
}

impl Neighborhoods {
    /// Searches the `k` nearest neighbors of every point, and keeps a copy of the sample.
    ///
    /// # Shapes
    /// More than `k ≥ 1` points. Time `O(n²·d)`, memory `O(n·(d + k))`.
    ///
    /// # Errors
    /// [`DivergenceError::TooFew`], also for `k = 0`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::Neighborhoods;
    /// assert!(Neighborhoods::new(2, Points::new(&[0.0, 1.0], 1)?).is_err());
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn new(k: usize, points: Points<'_>) -> Result<Self, DivergenceError> {
        ensure_at_least("k, the number of neighbors,", 1, k)?;
        ensure_at_least("the set of points", k + 1, points.len())?;
        let squares = nearest_squared_distances(points, points, k, true);
        Ok(Self { k, points: points.data().to_vec(), dim: points.dim(), squares })
    }

    /// The points.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::Neighborhoods;
    /// let points = Points::new(&[0.0, 1.0], 1)?;
    /// assert_eq!(Neighborhoods::new(1, points)?.points(), points);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn points(&self) -> Points<'_> {
        Points::trusted(&self.points, self.dim)
    }

    /// The distance from each point to the nearest of the others, in their unit: that of
    /// [`nearest_distances_within`](crate::neighbors::nearest_distances_within).
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::Neighborhoods;
    /// let known = Neighborhoods::new(2, Points::new(&[0.0, 1.0, 4.0, 4.0], 1)?)?;
    /// assert_eq!(known.nearest_distances(), [1.0, 1.0, 0.0, 0.0]);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    #[must_use]
    pub fn nearest_distances(&self) -> Vec<f64> {
        self.nearest().into_iter().map(f64::sqrt).collect()
    }

    /// Precision, recall, density and coverage of a fake sample, with this as the real one.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`]; [`DivergenceError::LengthMismatch`] for neighborhoods of
    /// another `k`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::{Comparison, Neighborhoods};
    /// let sample = |points: &[f64]| Neighborhoods::new(1, Points::new(points, 1).unwrap());
    /// let scores = sample(&[0.0, 1.0, 3.0])?.prdc(&sample(&[0.5, 9.0])?, Comparison::Less)?;
    /// assert_eq!((scores.precision, scores.recall), (0.5, 1.0));
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn prdc(&self, fake: &Self, comparison: Comparison) -> Result<Prdc, DivergenceError> {
        self.ensure_comparable(fake)?;
        let balls = Balls::new(self.radii(), fake.radii(), comparison);
        Ok(balls.scores(&self.visited(fake.points(), &balls), self.k))
    }

    /// The share of fake points that are no near copies of the points of this sample.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::Neighborhoods;
    /// let train = Neighborhoods::new(1, Points::new(&[0.0, 1.0, 4.0, 6.0], 1)?)?;
    /// let share = train.authenticity(Points::new(&[0.1, -1.5, 4.0, 9.0], 1)?)?;
    /// assert_eq!(share.value, 0.5);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn authenticity(&self, fake: Points<'_>) -> Result<Estimate, DivergenceError> {
        ensure_dim("the fake set", self.dim, fake)?;
        let approach = Approach::to(self.nearest());
        Ok(approach.share(&self.visited(fake, &approach)))
    }

    /// Both [`prdc`](Self::prdc) and [`authenticity`](Self::authenticity), from one pass over the pairs.
    ///
    /// # Errors
    /// As [`Neighborhoods::prdc`].
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::{Comparison, Neighborhoods};
    /// let sample = |points: &[f64]| Neighborhoods::new(1, Points::new(points, 1).unwrap());
    /// let (real, fake) = (sample(&[0.0, 1.0, 3.0])?, sample(&[0.5, 9.0])?);
    /// let scores = real.scores(&fake, Comparison::Less)?;
    /// assert_eq!(scores.prdc, real.prdc(&fake, Comparison::Less)?);
    /// assert_eq!(scores.authenticity, real.authenticity(fake.points())?);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn scores(
        &self,
        fake: &Self,
        comparison: Comparison,
    ) -> Result<NeighborScores, DivergenceError> {
        self.ensure_comparable(fake)?;
        let balls = Balls::new(self.radii(), fake.radii(), comparison);
        let both = (balls, Approach::to(self.nearest()));
        let pieces = self.visited(fake.points(), &both);
        let prdc = both.0.scores(pieces.iter().map(|(seen, _)| seen), self.k);
        let authenticity = both.1.share(pieces.iter().map(|(_, near)| near));
        Ok(NeighborScores { prdc, authenticity })
    }

    /// Near duplicates within this sample.
    ///
    /// Only points with at least `k` others within the radius are compared with all points again.
    ///
    /// # Errors
    /// [`DivergenceError::OutOfRange`] for a radius that is negative or not finite.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::Points;
    /// use gan_divergence::neighbors::{Neighborhoods, near_duplicates};
    /// let points = Points::new(&[0.0, 0.1, 5.0, 7.0, 7.05], 1)?;
    /// let found = Neighborhoods::new(2, points)?.near_duplicates(0.2)?;
    /// assert_eq!(found, near_duplicates(points, 0.2)?);
    /// # Ok::<(), gan_divergence::DivergenceError>(())
    /// ```
    pub fn near_duplicates(&self, radius: f64) -> Result<NearDuplicates, DivergenceError> {
        let bound = bound(radius)?;
        let known = self.squares.chunks_exact(self.k);
        let mut near: Vec<u64> = known
            .map(|squares| squares.iter().filter(|&&square| square < bound).count() as u64)
            .collect();
        let crowded: Vec<usize> = (0..near.len()).filter(|&i| near[i] == self.k as u64).collect();
        if crowded.len() > near.len() / 2 {
            return near_duplicates(self.points(), radius);
        }
        if !crowded.is_empty() {
            let rows = gather(self.points(), &crowded);
            let queries = Points::trusted(&rows, self.dim);
            let counts = self.visited(queries, &Within { bound }).into_iter().flat_map(|(_, c)| c);
            // Each of them has found itself as well.
            crowded.iter().zip(counts).for_each(|(&i, count)| near[i] = count - 1);
        }
        Ok(NearDuplicates::of_counts(&near, radius))
    }

    /// What a visitor has seen of all pairs of some rows with the points of this sample.
    fn visited<V: NearVisitor>(&self, rows: Points<'_>, visitor: &V) -> Vec<V::State> {
        visit_near_pairs(rows, self.points(), visitor)
    }

    /// Squared distances to the `k`-th nearest neighbors.
    fn radii(&self) -> Vec<f64> {
        kth(&self.squares, self.k)
    }

    /// Squared distances to the nearest neighbors.
    fn nearest(&self) -> Vec<f64> {
        self.squares.iter().copied().step_by(self.k).collect()
    }

    fn ensure_comparable(&self, fake: &Self) -> Result<(), DivergenceError> {
        ensure_dim("the fake set", self.dim, fake.points())?;
        ensure_len("the neighborhood of a fake point", self.k, fake.k)
    }
}

/// Counts the points whose squared distance is below the bound.
struct Within {
    bound: f64,
}

impl Visitor for Within {
    /// Those of each row, behind the number of the first.
    type State = (usize, Vec<u64>);

    fn start(&self, rows: Range<usize>) -> Self::State {
        (rows.start, vec![0; rows.len()])
    }

    fn visit(&self, state: &mut Self::State, row: usize, _: usize, values: &mut [f64]) {
        let found = values.iter().filter(|&&square| square < self.bound).count();
        state.1[row - state.0] += found as u64;
    }
}

impl NearVisitor for Within {
    fn limits<'a>(&'a self, _: &Self::State, _: usize, _: Range<usize>) -> Limits<'a> {
        Limits { row: self.bound, columns: &[] }
    }
}
