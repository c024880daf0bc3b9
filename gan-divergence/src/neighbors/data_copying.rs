//! The data-copying statistic: are fake points nearer to the training points than test points are?

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Estimate;
use crate::neighbors::k_means::Cells;
use crate::neighbors::nearest::kth_squared_distances;
use crate::points::{Points, ensure_dim, gather};
use crate::sum::sum;

/// A cell with fewer fake points than this is left out.
const LEAST_FAKES: usize = 20;

/// The cells that [`data_copying`] compares in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DataCopying {
    /// How many cells the training points are cut into. Default 3, at least 1.
    pub cells: usize,
    /// The seed of the first centers.
    pub seed: u64,
}

impl Default for DataCopying {
    fn default() -> Self {
        Self { cells: 3, seed: 0 }
    }
}

/// Data-copying statistic `C_T`, in standard deviations.
///
/// `C_T = Σ_π w_π·z_π`, a mean of Mann–Whitney z-scores over cells `π` of the space. In each cell
/// `z = (U − n·m/2)/√(n·m·(n + m + 1)/12)`, where `U` counts the pairs of its `m` fake and `n` test points in
/// which the fake point is farther from its nearest training point, and `w_π` is the share of the test points
/// in it. Far below 0 the fakes are copies of training points, far above 0 they miss the distribution; about 0
/// they are as far from the training points as fresh real points are. It cannot see a generator that drops
/// modes.
///
/// The cells are those of the nearest centers, which k-means finds in the training points. Cells with
/// fewer than 20 fake points, or without test points, are left out and the weights divided by the sum of those
/// that stay; the name of the estimator says how many stayed. In a cell, only its own training points count as
/// neighbors.
///
/// # Shapes
/// Fake, training and test points of the same dimension `d`; at least as many training points as cells.
/// Unlike elsewhere, fake comes first. The test points must not be among the training points.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`]; [`DivergenceError::TooFew`], also for no cells, and if no cell
/// is left.
///
/// # Numerics
/// Equal distances count half a pair each, and the deviation is not reduced for them, so that sets of many ties
/// give scores nearer to 0. The standard error is `√Σw²`, that of `C_T` when fake and test points have the same
/// distribution, as each score has deviation 1 then. Under it `|C_T|` exceeds twice its
/// standard error in about one of twenty cases: it is smaller than 1 with more than one cell.
/// k-means++ and at most 50 rounds of Lloyd's iteration; the cells, but nothing else, depend on the order of
/// the training points.
///
/// # Source
/// Meehan, Chaudhuri and Dasgupta (2020), arXiv:2004.05675. As in the authors' code and in Stein et al.
/// (2023), arXiv:2306.04675, neighbors come from the cell; without that code's shift of `U` by ½, which favors
/// one sign, and with cells of exactly 20 fake points. Stein et al. first reduce features to 64 principal
/// components; here the points are taken as they are.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::{DataCopying, data_copying};
/// let train: Vec<f64> = (0..60).map(f64::from).collect();
/// let test: Vec<f64> = train.iter().map(|x| x + 0.4).collect();
/// let fake: Vec<f64> = train.iter().map(|x| x + 0.1).collect();
/// let [fake, train, test] = [&fake, &train, &test].map(|set| Points::new(set, 1).unwrap());
/// let copying = data_copying(fake, train, test, DataCopying { cells: 1, seed: 0 })?;
/// // No fake point is farther than any test point: U = 0 of a mean of 1,800 and a variance of 36,300.
/// assert!((copying.value + 1_800.0 / 36_300f64.sqrt()).abs() < 1e-12);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[doc(alias = "C_T")]
pub fn data_copying(
    fake: Points<'_>,
    train: Points<'_>,
    test: Points<'_>,
    options: DataCopying,
) -> Result<Estimate, DivergenceError> {
    ensure_dim("the training set", fake.dim(), train)?;
    ensure_dim("the test set", fake.dim(), test)?;
    CopyingReference::new(train, test, options)?.data_copying(fake)
}

/// Training and test points that any number of fake samples are compared with.
///
/// The cells and the distances of the test points are worked out once; [`data_copying`] gives the same bits.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::{CopyingReference, DataCopying, data_copying};
/// let train: Vec<f64> = (0..60).map(f64::from).collect();
/// let (test, fake) = (train.iter().map(|x| x + 0.4), train.iter().map(|x| x + 0.1));
/// let (test, fake): (Vec<f64>, Vec<f64>) = (test.collect(), fake.collect());
/// let [fake, train, test] = [&fake, &train, &test].map(|set| Points::new(set, 1).unwrap());
/// let reference = CopyingReference::new(train, test, DataCopying::default())?;
/// assert_eq!(reference.data_copying(fake)?, data_copying(fake, train, test, DataCopying::default())?);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CopyingReference {
    options: DataCopying,
    dim: usize,
    tests: usize,
    centers: Cells,
    cells: Vec<Cell>,
}

/// What is known of a cell.
#[derive(Clone, Debug)]
struct Cell {
    /// Its training points.
    train: Vec<f64>,
    /// The squared distances of its test points to the nearest of them, ascending.
    tests: Vec<f64>,
}

impl CopyingReference {
    /// Cuts the training points into cells and looks for the nearest of them to every test point.
    ///
    /// # Shapes
    /// Points of the same dimension; at least as many training points as cells.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`]; [`DivergenceError::TooFew`], also for no cells.
    pub fn new(
        train: Points<'_>,
        test: Points<'_>,
        options: DataCopying,
    ) -> Result<Self, DivergenceError> {
        ensure_dim("the test set", train.dim(), test)?;
        ensure_at_least("the set of cells", 1, options.cells)?;
        ensure_at_least("the training set", options.cells, train.len())?;
        let centers = Cells::fit(train, options.cells, options.seed);
        let parts = members(&centers, options.cells, train).into_iter();
        let cells = parts.zip(members(&centers, options.cells, test)).map(|(trains, tests)| {
            let mut cell = Cell { train: gather(train, &trains), tests: Vec::new() };
            cell.tests = cell.nearest(test, &tests);
            cell.tests.sort_by(f64::total_cmp);
            cell
        });
        let (cells, dim, tests) = (cells.collect(), train.dim(), test.len());
        Ok(Self { options, dim, tests, centers, cells })
    }

    /// Data-copying statistic `C_T` of fake points, in standard deviations.
    ///
    /// # Errors
    /// [`DivergenceError::DimensionMismatch`]; [`DivergenceError::TooFew`] if no cell is left.
    pub fn data_copying(&self, fake: Points<'_>) -> Result<Estimate, DivergenceError> {
        ensure_dim("the fake set", self.dim, fake)?;
        let fakes = members(&self.centers, self.options.cells, fake);
        let most = fakes.iter().map(Vec::len).max().unwrap_or(0);
        ensure_at_least("the cell with the most fake points", LEAST_FAKES, most)?;
        let enough = |(cell, fakes): &(&Cell, &Vec<usize>)| {
            fakes.len() >= LEAST_FAKES && !cell.train.is_empty() && !cell.tests.is_empty()
        };
        let kept: Vec<(&Cell, &Vec<usize>)> =
            self.cells.iter().zip(&fakes).filter(enough).collect();
        let total: usize = kept.iter().map(|(cell, _)| cell.tests.len()).sum();
        ensure_at_least("the test set in the cells with enough fake points", 1, total)?;
        let weights = kept.iter().map(|(cell, _)| cell.tests.len() as f64 / total as f64);
        let scores =
            kept.iter().map(|(cell, fakes)| z_score(&cell.nearest(fake, fakes), &cell.tests));
        let value = sum(weights.clone().zip(scores).map(|(w, z)| w * z));
        let DataCopying { cells, seed } = self.options;
        let name = format!("C_T in {} of {cells} cells, seed {seed}", kept.len());
        let error = sum(weights.map(|w| w * w)).sqrt();
        Ok(Estimate::new(value, self.tests, fake.len(), name).with_error(error))
    }
}

impl Cell {
    /// The squared distances from some of the points to the nearest training point; none without any.
    fn nearest(&self, points: Points<'_>, members: &[usize]) -> Vec<f64> {
        if members.is_empty() || self.train.is_empty() {
            // Without a training point the cell is left out, whatever is in it.
            return Vec::new();
        }
        let queries = gather(points, members);
        let [queries, train] =
            [&queries, &self.train].map(|set| Points::trusted(set, points.dim()));
        kth_squared_distances(queries, train, 1, false)
    }
}

/// The positions of the points in each cell.
fn members(cells: &Cells, count: usize, points: Points<'_>) -> Vec<Vec<usize>> {
    let mut members = vec![Vec::new(); count];
    for (position, cell) in cells.labels(points).into_iter().enumerate() {
        members[cell].push(position);
    }
    members
}

/// The Mann–Whitney z-score of the fakes' distances against the tests', which ascend: positive if they are larger.
fn z_score(fakes: &[f64], tests: &[f64]) -> f64 {
    let twice_wins = |&d: &f64| {
        let (below, up_to) =
            (tests.partition_point(|&t| t < d), tests.partition_point(|&t| t <= d));
        (below + up_to) as u64
    };
    let u = 0.5 * fakes.iter().map(twice_wins).sum::<u64>() as f64;
    let (n, m) = (tests.len() as f64, fakes.len() as f64);
    (u - 0.5 * n * m) / (n * m * (n + m + 1.0) / 12.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_count_pairs_and_ties_by_half() {
        // Of 6 pairs 3 are won and 2 tied: U = 4, mean 3, variance 3.
        let z = z_score(&[1.0, 2.0, 3.0], &[1.0, 2.0]);
        assert!((z - 1.0 / 3f64.sqrt()).abs() < 1e-15, "{z}");
        assert_eq!(z, -z_score(&[1.0, 2.0], &[1.0, 2.0, 3.0]));
        assert_eq!(z_score(&[5.0; 9], &[5.0; 4]), 0.0);
    }
}
