use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::matrix::{dot, few_singular_values, pivoted_factor};
use crate::points::Points;
use crate::random::standard_normal;

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
}

fn scalar(mean: f64, deviation: f64) -> Gaussian {
    Gaussian::isotropic(vec![mean], deviation).unwrap()
}

fn pair() -> (Gaussian, Gaussian) {
    let first = Gaussian::new(vec![0.0, 0.0], vec![1.0, 0.5, 0.5, 2.0]).unwrap();
    (first, Gaussian::new(vec![1.0, -1.0], vec![2.0, 0.0, 0.0, 1.0]).unwrap())
}

fn draws(n: usize, dim: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n * dim).map(|_| standard_normal(&mut rng)).collect()
}

#[test]
fn kl_between_scalar_gaussians() {
    let cases = [
        ((0.0, 1.0), (1.0, 1.0), 0.5),
        ((0.0, 1.0), (0.0, 2.0), 0.318_147_180_559_945_3),
        ((0.0, 2.0), (0.0, 1.0), 0.806_852_819_440_054_6),
        ((1.0, 2.0), (3.0, 4.0), 0.443_147_180_559_945_3),
        ((3.0, 4.0), (1.0, 2.0), 1.306_852_819_440_054_6),
    ];
    for ((a, s), (b, t), expected) in cases {
        close(gaussian_kl(&scalar(a, s), &scalar(b, t)).unwrap(), expected);
    }
}

#[test]
fn kl_of_nearly_equal_deviations_keeps_its_digits() {
    // KL = e² − e³/3·… around equality: to leading order (s/t − 1)².
    let found = gaussian_kl(&scalar(0.0, 1.0 + 1e-6), &scalar(0.0, 1.0)).unwrap();
    assert!((found / 1e-12 - 1.0).abs() < 1e-5, "{found:e}");
}

#[test]
fn the_bivariate_pair() {
    let (p, q) = pair();
    close(gaussian_kl(&p, &q).unwrap(), 1.066_765_696_312_261_4);
    close(gaussian_kl(&q, &p).unwrap(), 1.504_662_875_116_309_8);
    let (a, b) = (p.moments(), q.moments());
    close(frechet_from_moments(a, b).unwrap(), 2.435_233_199_217_08);
    close(gaussian_wasserstein_2(&p, &q).unwrap(), 1.560_523_373_492_714);
    let overlap = 0.5 * (3.0 + 3.0 - bures_squared(a, b).unwrap());
    close(overlap, 2.782_383_400_391_459_4);
    assert!(frechet_from_moments(a, a).unwrap() < 1e-12);
    assert!(gaussian_kl(&p, &scalar(0.0, 1.0)).is_err());
}

#[test]
fn diagonal_covariances_have_a_closed_form() {
    let first = Moments::new(vec![0.0, 0.0], vec![1.0, 0.0, 0.0, 4.0]).unwrap();
    let second = Moments::new(vec![3.0, 4.0], vec![9.0, 0.0, 0.0, 16.0]).unwrap();
    close(frechet_from_moments(&first, &second).unwrap(), 33.0);
}

#[test]
fn samples_and_their_moments_agree_at_every_rank() {
    for (n, m, dim) in [(50, 60, 5), (5, 60, 5), (50, 3, 5), (4, 3, 8), (9, 40, 8)] {
        let (x, y) = (draws(n, dim, 1), draws(m, dim, 2));
        let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        let direct = frechet_distance(x, y).unwrap();
        let (a, b) = (Moments::of(x).unwrap(), Moments::of(y).unwrap());
        let indirect = frechet_from_moments(&a, &b).unwrap();
        assert!((direct.value - indirect).abs() < 1e-7, "{} {indirect}", direct.value);
        assert_eq!(direct.warnings.len(), usize::from(n.min(m) <= dim));
    }
}

/// Draws with correlated coordinates, the last of which have a deviation of `least`.
fn graded(n: usize, dim: usize, seed: u64, least: f64) -> Vec<f64> {
    let mut draws = draws(n, dim, seed);
    for row in draws.chunks_exact_mut(dim) {
        let mut last = 0.0;
        for (i, x) in row.iter_mut().enumerate() {
            last = *x + 0.5 * last;
            *x = last * least.powf(i as f64 / dim as f64);
        }
    }
    draws
}

/// The distance by singular values found one reflection at a time, over both traces.
#[track_caller]
fn agrees_with_single_reflections(real: &Moments, fake: &Moments, tolerance: f64) {
    let dim = real.dim();
    let [first, second] = [real, fake].map(|m| pivoted_factor(m.covariance(), dim).0);
    let rows = second.chunks_exact(dim);
    let cross: Vec<f64> =
        first.chunks_exact(dim).flat_map(|x| rows.clone().map(move |y| dot(x, y))).collect();
    let overlap = few_singular_values(&cross, first.len() / dim, second.len() / dim);
    let traces: f64 = first.iter().chain(&second).map(|f| f * f).sum();
    let shift = real.mean().iter().zip(fake.mean()).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    let plain = (shift + traces - 2.0 * overlap).max(0.0);
    let found = frechet_from_moments(real, fake).unwrap();
    let off = (found - plain).abs() / traces;
    assert!(off <= tolerance, "{found} {plain} {off:e}");
}

#[test]
fn three_hundred_dimensions_agree_with_single_reflections() {
    let dim = 300;
    let moments = |n, seed, least| {
        Moments::of(Points::new(&graded(n, dim, seed, least), dim).unwrap()).unwrap()
    };
    // Well conditioned; too far from it for roots of eigenvalues; of rank 99 on one side, and on both.
    for (n, m, least, tolerance) in [
        (900, 700, 0.1, 1e-13),
        (900, 700, 1e-3, 1e-10),
        (900, 700, 1e-6, 1e-13),
        (100, 700, 0.1, 1e-13),
        (700, 100, 0.1, 1e-13),
        (200, 250, 0.1, 1e-13),
    ] {
        agrees_with_single_reflections(&moments(n, 21, least), &moments(m, 22, least), tolerance);
    }
}

#[test]
fn coordinates_that_never_change_are_no_trouble() {
    let (n, dim) = (800, 200);
    let silenced = |seed: u64, every: usize| {
        let mut draws = graded(n, dim, seed, 0.1);
        draws
            .iter_mut()
            .enumerate()
            .filter(|(i, _)| i % dim % every == 0)
            .for_each(|(_, x)| *x = 2.0);
        Moments::of(Points::new(&draws, dim).unwrap()).unwrap()
    };
    agrees_with_single_reflections(&silenced(31, 3), &silenced(32, 5), 1e-12);
    agrees_with_single_reflections(&silenced(31, 3), &silenced(32, dim + 1), 1e-12);
    agrees_with_single_reflections(&silenced(31, dim + 1), &silenced(32, 5), 1e-12);
}

#[test]
fn nearly_equal_moments_of_many_dimensions_are_at_distance_zero() {
    let (n, dim) = (1000, 300);
    let draws = graded(n, dim, 41, 0.1);
    let real = Moments::of(Points::new(&draws, dim).unwrap()).unwrap();
    let trace: f64 = real.covariance().iter().step_by(dim + 1).sum();
    assert!(frechet_from_moments(&real, &real).unwrap() < 1e-12 * trace);
    // Scaled by 1 + e, every root of an eigenvalue moves by e/2 of itself: e²/4 of the trace.
    for e in [1e-3, 1e-5] {
        let scaled = real.covariance().iter().map(|c| c * (1.0 + e)).collect();
        let fake = Moments::new(real.mean().to_vec(), scaled).unwrap();
        let expected = ((1.0f64 + e).sqrt() - 1.0).powi(2) * trace;
        let found = frechet_from_moments(&real, &fake).unwrap();
        assert!((found - expected).abs() < 1e-12 * trace, "{found:e} {expected:e}");
    }
}

#[cfg(feature = "rayon")]
#[test]
fn many_dimensions_do_not_depend_on_the_number_of_threads() {
    let dim = 150;
    let values = |least: f64, n: usize| {
        let (x, y) = (graded(n, dim, 51, least), graded(400, dim, 52, least));
        let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        frechet_distance(x, y).unwrap().value.to_bits()
    };
    let all = || [values(0.1, 400), values(1e-6, 400), values(0.1, 140)];
    let with_threads =
        |n: usize| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap().install(all);
    assert_eq!(with_threads(1), with_threads(3));
}

#[test]
fn equal_samples_are_at_distance_zero() {
    for (n, dim) in [(50, 5), (5, 8)] {
        let x = draws(n, dim, 3);
        let x = Points::new(&x, dim).unwrap();
        assert!(frechet_distance(x, x).unwrap().value < 1e-12);
    }
}

#[test]
fn moments_are_the_two_pass_formula() {
    moments_are_the_formula(1500, 3);
    moments_are_the_formula(300, 131);
}

fn moments_are_the_formula(n: usize, dim: usize) {
    let x = draws(n, dim, 4);
    let moments = Moments::of(Points::new(&x, dim).unwrap()).unwrap();
    let mean = |d: usize| x.iter().skip(d).step_by(dim).sum::<f64>() / n as f64;
    for i in 0..dim {
        close(moments.mean()[i], mean(i));
        for j in 0..dim {
            let products = x.chunks_exact(dim).map(|r| (r[i] - mean(i)) * (r[j] - mean(j)));
            close(moments.covariance()[i * dim + j], products.sum::<f64>() / (n - 1) as f64);
        }
    }
}

#[test]
fn what_is_no_covariance_is_refused() {
    assert!(Moments::new(vec![], vec![]).is_err());
    assert!(Moments::new(vec![0.0], vec![1.0, 2.0]).is_err());
    assert!(Moments::new(vec![0.0], vec![-1.0]).is_err());
    assert!(Moments::new(vec![f64::NAN], vec![1.0]).is_err());
    let message = Moments::new(vec![0.0; 2], vec![1.0, 0.3, 0.1, 1.0]).unwrap_err().to_string();
    assert!(message.contains("row 1, column 0"), "{message}");
}

#[test]
fn extrapolation_removes_most_of_the_bias() {
    let (n, dim) = (1200, 8);
    let (x, y) = (draws(n, dim, 5), draws(n, dim, 6));
    let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
    let plain = frechet_distance(x.first(200), y.first(200)).unwrap().value;
    let options = Extrapolation { seed: 7, ..Extrapolation::default() };
    let limit = frechet_infinity(x, y, options).unwrap();
    assert!(limit.value.abs() < 0.1 * plain, "{} {plain}", limit.value);
    assert_eq!(limit, frechet_infinity(x, y, options).unwrap());
    assert!(frechet_infinity(x.first(9), y, options).is_err());
    assert!(frechet_infinity(x, y, Extrapolation { sizes: 2, ..options }).is_err());
}
