//! The Fréchet distance to moments that are known, with a standard error.

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::{Estimate, Warning};
use crate::gaussian::{Moments, frechet_from_moments};
use crate::matrix::add_scaled;
use crate::parallel::map_indices;
use crate::points::{Points, ensure_dim, gather};
use crate::sum::sum;

/// Groups of the jackknife.
const GROUPS: usize = 10;

/// Above this dimension ten more distances would cost too much.
const LARGEST_DIM: usize = 256;

/// Fréchet distance from known moments to a set of features, in their squared unit.
///
/// [`frechet_from_moments`] of the given moments and those of the points, with a standard error. For many
/// samples against the same data, whose moments are computed or read once.
///
/// # Shapes
/// Moments of dimension `d`, then `m ≥ 2` points of the same dimension.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::TooFew`].
///
/// # Numerics
/// The standard error is a jackknife over ten groups, the points whose positions have the same last digit:
/// `√(9/10·Σ(f₍g₎ − f̄)²)` with `f₍g₎` the distance without group `g`. It is that of the points
/// alone, as if the moments were exact, and says nothing of the bias. The moments without a group are put
/// together from those of the others, a sum of positive terms in which nothing cancels. It
/// costs ten more distances, so there is none above 256 dimensions, nor below 20 points.
/// Moments do not know how many points they come from: `n` is 0.
///
/// # Source
/// Heusel et al. (2017), arXiv:1706.08500, eq. 6; for the jackknife, Kott (2001), The
/// Delete-a-Group Jackknife, Journal of Official Statistics 17(4).
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::gaussian::{Moments, frechet_to_moments};
/// let real = Moments::new(vec![0.0], vec![1.0])?;
/// let fake: Vec<f64> = (0..40).map(|i| 0.1 * f64::from(i)).collect();
/// let fd = frechet_to_moments(&real, Points::new(&fake, 1)?)?;
/// let deviation = (0.01 * 41.0 * 40.0 / 12.0f64).sqrt();
/// assert!((fd.value - (1.95f64.powi(2) + (deviation - 1.0).powi(2))).abs() < 1e-12);
/// assert!(fd.standard_error.is_some());
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn frechet_to_moments(real: &Moments, fake: Points<'_>) -> Result<Estimate, DivergenceError> {
    let (m, dim) = (fake.len(), real.dim());
    ensure_dim("the set of points", dim, fake)?;
    ensure_at_least("the set of points", 2, m)?;
    let value = frechet_from_moments(real, &Moments::of(fake)?)?;
    let estimate = Estimate::new(value, 0, m, "Fréchet distance to given moments");
    let warning = Warning::FewerSamplesThanDimensions { samples: m, dim };
    let estimate = estimate.warn_if(m <= dim, warning);
    if dim > LARGEST_DIM || m < 2 * GROUPS {
        return Ok(estimate);
    }
    Ok(estimate.with_error(jackknife_error(real, fake)?))
}

/// The standard error from the distances without one group each.
fn jackknife_error(real: &Moments, fake: Points<'_>) -> Result<f64, DivergenceError> {
    let groups = map_indices(GROUPS, |g| {
        let members: Vec<usize> = (g..fake.len()).step_by(GROUPS).collect();
        let moments = Moments::of(Points::trusted(&gather(fake, &members), fake.dim()))?;
        Ok(Group { count: members.len() as f64, moments })
    });
    let groups = groups.into_iter().collect::<Result<Vec<_>, _>>()?;
    let without =
        map_indices(GROUPS, |g| frechet_from_moments(real, &moments_without(&groups, g)?));
    let without = without.into_iter().collect::<Result<Vec<f64>, _>>()?;
    let mean = sum(without.iter().copied()) / GROUPS as f64;
    let squares = sum(without.iter().map(|f| (f - mean) * (f - mean)));
    Ok((squares * (GROUPS - 1) as f64 / GROUPS as f64).sqrt())
}

/// Some of the points.
struct Group {
    count: f64,
    moments: Moments,
}

/// The moments of all groups but one, as if of the points themselves.
fn moments_without(groups: &[Group], left_out: usize) -> Result<Moments, DivergenceError> {
    let others = || groups.iter().enumerate().filter(|(g, _)| *g != left_out).map(|(_, one)| one);
    let (count, dim) = (others().map(|one| one.count).sum::<f64>(), groups[0].moments.dim());
    let (mut mean, mut covariance) = (vec![0.0; dim], vec![0.0; dim * dim]);
    others().for_each(|one| add_scaled(&mut mean, one.count / count, one.moments.mean()));
    for Group { count: part, moments } in others() {
        add_scaled(&mut covariance, (part - 1.0) / (count - 1.0), moments.covariance());
        let shift: Vec<f64> = moments.mean().iter().zip(&mean).map(|(a, b)| a - b).collect();
        for (row, s) in covariance.chunks_exact_mut(dim).zip(&shift) {
            add_scaled(row, s * part / (count - 1.0), &shift);
        }
    }
    Moments::new(mean, covariance)
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::random::standard_normal;

    fn draws(n: usize, dim: usize, seed: u64) -> Vec<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..n * dim).map(|_| 1.0 + 0.8 * standard_normal(&mut rng)).collect()
    }

    #[test]
    fn moments_of_groups_are_those_of_their_points() {
        let (x, dim) = (draws(57, 3, 1), 3);
        let points = Points::new(&x, dim).unwrap();
        let group = |g: usize| {
            let members: Vec<usize> = (g..57).step_by(GROUPS).collect();
            let moments = Moments::of(Points::trusted(&gather(points, &members), dim)).unwrap();
            Group { count: members.len() as f64, moments }
        };
        let groups: Vec<Group> = (0..GROUPS).map(group).collect();
        for g in 0..GROUPS {
            let rest: Vec<usize> = (0..57).filter(|i| i % GROUPS != g).collect();
            let direct = Moments::of(Points::trusted(&gather(points, &rest), dim)).unwrap();
            let joined = moments_without(&groups, g).unwrap();
            let entries = |m: &Moments| [m.mean(), m.covariance()].concat();
            for (a, b) in entries(&direct).into_iter().zip(entries(&joined)) {
                assert!((a - b).abs() < 1e-14, "{a} {b}");
            }
        }
    }

    #[test]
    fn the_value_is_that_of_the_moments_and_the_error_has_limits() {
        let real = Moments::of(Points::new(&draws(90, 4, 1), 4).unwrap()).unwrap();
        let x = draws(50, 4, 2);
        let fake = Points::new(&x, 4).unwrap();
        let found = frechet_to_moments(&real, fake).unwrap();
        let moments = Moments::of(fake).unwrap();
        assert_eq!(found.value, frechet_from_moments(&real, &moments).unwrap());
        assert_eq!((found.n, found.m), (0, 50));
        let error = |count: usize| frechet_to_moments(&real, fake.first(count)).unwrap();
        assert!(error(20).standard_error.is_some() && error(19).standard_error.is_none());
        assert_eq!(error(4).warnings.len(), 1);
        assert!(frechet_to_moments(&real, fake.first(1)).is_err());
        assert!(frechet_to_moments(&real, Points::new(&x, 5).unwrap()).is_err());
    }

    #[test]
    fn constant_coordinates_have_an_error_too() {
        let real = Moments::new(vec![0.1, 0.3], vec![0.0; 4]).unwrap();
        let fake: Vec<f64> = (0..30).flat_map(|i| [0.1, f64::from(u8::from(i == 3))]).collect();
        let found = frechet_to_moments(&real, Points::new(&fake, 2).unwrap()).unwrap();
        assert!(found.standard_error.unwrap() > 0.0, "{found:?}");
    }

    #[test]
    fn the_error_is_the_deviation_of_repeated_samples() {
        let (dim, m, runs) = (4, 400, 200);
        let mut identity = vec![0.0; dim * dim];
        (0..dim).for_each(|i| identity[i * (dim + 1)] = 1.0);
        let real = Moments::new(vec![0.0; dim], identity).unwrap();
        let found: Vec<(f64, f64)> = (0..runs)
            .map(|seed| {
                let x = draws(m, dim, seed);
                let fd = frechet_to_moments(&real, Points::new(&x, dim).unwrap()).unwrap();
                (fd.value, fd.standard_error.unwrap().powi(2))
            })
            .collect();
        let mean = |pick: fn(&(f64, f64)) -> f64| found.iter().map(pick).sum::<f64>() / runs as f64;
        let center = mean(|f| f.0);
        let variance = found.iter().map(|f| (f.0 - center).powi(2)).sum::<f64>() / runs as f64;
        let ratio = mean(|f| f.1) / variance;
        assert!((0.7..1.4).contains(&ratio), "{ratio}");
    }
}
