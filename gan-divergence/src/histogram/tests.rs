use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::estimate::Warning;
use crate::points::Points;
use crate::random::uniform;

fn draws(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n).map(|_| uniform(&mut rng)).collect()
}

/// The mean over many pairs of samples from one distribution, against the floor that is returned.
fn mean_and_floor(
    n: usize,
    m: usize,
    estimator: impl Fn(Points<'_>, Points<'_>) -> HistogramEstimate,
) -> (f64, f64) {
    let runs = 300;
    let (mut total, mut floor) = (0.0, 0.0);
    for seed in 0..runs {
        let (p, q) = (draws(n, 2 * seed), draws(m, 2 * seed + 1));
        let found = estimator(Points::new(&p, 1).unwrap(), Points::new(&q, 1).unwrap());
        total += found.estimate.value / runs as f64;
        floor += found.noise_floor / runs as f64;
    }
    (total, floor)
}

#[test]
fn the_noise_floor_is_what_equal_distributions_give() {
    let bins = [Binning::new(0.0, 1.0, 16).unwrap()];
    // The floors for 16 bins: 0.0150 for KL and 0.00375 for JS at n = m = 1000.
    let (mean, floor) = mean_and_floor(1000, 1000, |p, q| histogram_kl(p, q, &bins, 0.0).unwrap());
    assert!((floor - 0.015).abs() < 1e-12 && (mean / floor - 1.0).abs() < 0.1, "{mean} {floor}");
    let (mean, floor) = mean_and_floor(1000, 1000, |p, q| histogram_js(p, q, &bins).unwrap());
    assert!((floor - 0.00375).abs() < 1e-12 && (mean / floor - 1.0).abs() < 0.1, "{mean} {floor}");
    let (mean, floor) = mean_and_floor(200, 1000, |p, q| histogram_js(p, q, &bins).unwrap());
    assert!((floor - 0.01125).abs() < 1e-12 && (mean / floor - 1.0).abs() < 0.1, "{mean} {floor}");
    let tv = |p: Points<'_>, q: Points<'_>| histogram_total_variation(p, q, &bins).unwrap();
    let (mean, floor) = mean_and_floor(500, 800, tv);
    assert!((mean / floor - 1.0).abs() < 0.05, "{mean} {floor}");
}

#[test]
fn what_lies_outside_is_counted_and_what_is_empty_is_named() {
    let bins = [Binning::new(0.0, 1.0, 2).unwrap()];
    let (p, q) = (Points::new(&[0.1, 0.9, 2.0], 1).unwrap(), Points::new(&[0.8, -1.0], 1).unwrap());
    let kl = histogram_kl(p, q, &bins, 0.0).unwrap().estimate;
    assert_eq!((kl.n, kl.m, kl.value), (2, 1, f64::INFINITY));
    assert_eq!(
        kl.warnings[..2],
        [Warning::OutsideRange { count: 2 }, Warning::EmptyBins { count: 1 },]
    );
    let far = Points::new(&[7.0], 1).unwrap();
    assert!(histogram_js(p, far, &bins).is_err());
    assert!(histogram_kl(p, q, &bins, -1.0).is_err());
    assert!(histogram_js(p, q, &[]).is_err());
}

#[test]
fn cells_run_with_the_first_coordinate_fastest() {
    let binnings = [Binning::new(0.0, 3.0, 3).unwrap(), Binning::new(0.0, 2.0, 2).unwrap()];
    let points = Points::new(&[2.5, 0.5, 0.5, 1.5], 2).unwrap();
    assert_eq!(bin_counts(points, &binnings).unwrap(), (vec![0, 0, 1, 1, 0, 0], 0));
    let huge = Binning::new(0.0, 1.0, 100_000).unwrap();
    assert!(bin_counts(points, &[huge, huge]).is_err());
    assert!(Binning::new(0.0, f64::INFINITY, 1).is_err() && Binning::new(0.0, 1.0, 0).is_err());
}

#[test]
fn different_distributions_rise_above_the_floor() {
    let bins = [Binning::new(0.0, 1.0, 10).unwrap()];
    let (p, q) = (draws(2000, 1), draws(2000, 2));
    let q: Vec<f64> = q.iter().map(|x| x * x).collect();
    let (p, q) = (Points::new(&p, 1).unwrap(), Points::new(&q, 1).unwrap());
    let js = histogram_js(p, q, &bins).unwrap();
    assert!(js.estimate.value > 10.0 * js.noise_floor && js.estimate.warnings.is_empty());
}
