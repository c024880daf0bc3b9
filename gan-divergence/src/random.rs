//! Seeded random draws, which depend on nothing else.

use rand::{Rng, RngExt};

/// A standard normal number, by the polar method.
///
/// Source: Marsaglia and Bray (1964), doi:10.1137/1006063.
pub(crate) fn standard_normal<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    loop {
        let (u, v) = (2.0 * uniform(rng) - 1.0, 2.0 * uniform(rng) - 1.0);
        let square = u * u + v * v;
        if square > 0.0 && square < 1.0 {
            return u * (-2.0 * square.ln() / square).sqrt();
        }
    }
}

/// A number in `[0, 1)`.
pub(crate) fn uniform<R: Rng + ?Sized>(rng: &mut R) -> f64 {
    rng.random::<f64>()
}

/// An index below `n`.
pub(crate) fn index<R: Rng + ?Sized>(n: usize, rng: &mut R) -> usize {
    rng.random_range(0..n as u64) as usize
}

/// The numbers `0..n` in random order, by Fisher and Yates.
pub(crate) fn permutation<R: Rng + ?Sized>(n: usize, rng: &mut R) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for i in (1..n).rev() {
        order.swap(i, index(i + 1, rng));
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    #[test]
    fn normal_draws_have_the_moments_of_a_normal() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let draws: Vec<f64> = (0..40_000).map(|_| standard_normal(&mut rng)).collect();
        let moment = |k: i32| draws.iter().map(|x| x.powi(k)).sum::<f64>() / draws.len() as f64;
        // Five standard errors of each moment.
        let errors = [1.0, 2f64.sqrt(), 15f64.sqrt(), 96f64.sqrt()].map(|s| 5.0 * s / 200.0);
        for ((k, expected), error) in
            [(1, 0.0), (2, 1.0), (3, 0.0), (4, 3.0)].into_iter().zip(errors)
        {
            assert!((moment(k) - expected).abs() < error, "moment {k}");
        }
    }

    #[test]
    fn a_permutation_holds_every_index_once() {
        let mut order = permutation(100, &mut ChaCha8Rng::seed_from_u64(2));
        assert_ne!(order, (0..100).collect::<Vec<_>>());
        order.sort_unstable();
        assert_eq!(order, (0..100).collect::<Vec<_>>());
    }
}
