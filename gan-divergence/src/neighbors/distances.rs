//! Distances to the nearest point.

use crate::error::{DivergenceError, ensure_at_least};
use crate::neighbors::nearest::kth_squared_distances;
use crate::points::{Points, ensure_same_space};

/// The distance from each query to the nearest of the points, in their unit.
///
/// `minᵢ ‖q − xᵢ‖` for every `q`, in the order of the queries. Distances of fake points to training points
/// show copies; those of held-out real points to the same training points are what to compare them with.
///
/// # Shapes
/// At least one query and one point, of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`].
///
/// # Numerics
/// Roots of sums of squared differences, so a copy is at distance exactly 0. A tree up to five dimensions, else
/// every pair.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::nearest_distances;
/// let (queries, points) = ([0.0, 0.0, 3.0, 1.0], [3.0, 4.0, 9.0, 9.0]);
/// let found = nearest_distances(Points::new(&queries, 2)?, Points::new(&points, 2)?)?;
/// assert_eq!(found, [5.0, 3.0]);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn nearest_distances(
    queries: Points<'_>,
    points: Points<'_>,
) -> Result<Vec<f64>, DivergenceError> {
    ensure_same_space(queries, points)?;
    Ok(roots(kth_squared_distances(queries, points, 1, false)))
}

/// The distance from each point to the nearest of the others, in their unit.
///
/// `min_{j ≠ i} ‖xᵢ − xⱼ‖` for every `i`, in the order of the points.
///
/// # Shapes
/// At least two points.
///
/// # Errors
/// [`DivergenceError::TooFew`].
///
/// # Numerics
/// As [`nearest_distances`]. A point is left out of its own neighbors by position, so each of two duplicates is
/// at distance 0.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::neighbors::nearest_distances_within;
/// let found = nearest_distances_within(Points::new(&[0.0, 1.0, 4.0, 4.0], 1)?)?;
/// assert_eq!(found, [1.0, 1.0, 0.0, 0.0]);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn nearest_distances_within(points: Points<'_>) -> Result<Vec<f64>, DivergenceError> {
    ensure_at_least("the set of points", 2, points.len())?;
    Ok(roots(kth_squared_distances(points, points, 1, true)))
}

fn roots(squares: Vec<f64>) -> Vec<f64> {
    squares.into_iter().map(f64::sqrt).collect()
}
