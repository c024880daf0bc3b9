use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
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
    let (n, dim) = (1500, 3);
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
