mod copies;
mod neighborhoods;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::nearest::{by_blocks, by_tree, kth};
use super::*;
use crate::estimate::Warning;
use crate::pairwise::squared_distance;
use crate::points::Points;
use crate::random::standard_normal;

const X: [f64; 10] = [0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0, 2.0, 2.0];
const Y: [f64; 10] = [0.1, 0.0, 1.0, 0.2, 0.9, 1.1, 3.0, 3.0, 0.5, 0.5];

#[track_caller]
fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() <= 1e-12 * expected.abs().max(1.0), "{found} {expected}");
}

fn numbers(n: usize, seed: u64) -> Vec<f64> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    (0..n).map(|_| standard_normal(&mut rng)).collect()
}

fn pair() -> (Points<'static>, Points<'static>) {
    (Points::new(&X, 2).unwrap(), Points::new(&Y, 2).unwrap())
}

fn naive_nearest(queries: Points<'_>, points: Points<'_>, k: usize, same: bool) -> Vec<f64> {
    let nearest = |(i, query): (usize, &[f64])| {
        let others = points.rows().enumerate().filter(|(j, _)| !(same && *j == i));
        let mut all: Vec<f64> = others.map(|(_, row)| squared_distance(query, row)).collect();
        all.sort_by(f64::total_cmp);
        all.truncate(k);
        all
    };
    queries.rows().enumerate().flat_map(nearest).collect()
}

fn naive_kth(queries: Points<'_>, points: Points<'_>, k: usize, same: bool) -> Vec<f64> {
    kth(&naive_nearest(queries, points, k, same), k)
}

#[test]
fn tree_and_blocks_are_bit_equal_to_sorting_all_distances() {
    for (n, m, dim) in
        [(70, 40, 1), (200, 333, 2), (90, 80, 3), (50, 600, 7), (130, 1100, 20), (70, 65, 64)]
    {
        let (mut x, y) = (numbers(n * dim, 1), numbers(m * dim, 2));
        // Rounding makes duplicates and ties.
        x.iter_mut().step_by(3).for_each(|v| *v = v.round());
        let (x, y) = (Points::new(&x, dim).unwrap(), Points::new(&y, dim).unwrap());
        for k in [1, 2, 5] {
            assert_eq!(by_tree(x, y, k, false), naive_nearest(x, y, k, false));
            assert_eq!(by_blocks(x, y, k, false), naive_nearest(x, y, k, false));
            assert_eq!(by_tree(x, x, k, true), naive_nearest(x, x, k, true));
            assert_eq!(by_blocks(x, x, k, true), naive_nearest(x, x, k, true));
        }
    }
}

#[test]
fn knn_kl_has_its_golden_values() {
    let (x, y) = pair();
    close(knn_kl(1, x, y).unwrap().value, -2.262_699_688_054_667);
    close(knn_kl(2, x, y).unwrap().value, -0.413_703_024_970_722_5);
    close(knn_kl(2, y, x).unwrap().value, 0.125_217_668_359_280_86);
    assert!(knn_kl(0, x, y).is_err() && knn_kl(5, x, y).is_err());
}

#[test]
fn duplicates_are_counted_and_not_hidden() {
    let (p, q) = ([1.0, 1.0, 2.0, 4.0], [0.0, 0.5, 3.0]);
    let estimate = knn_kl(1, Points::new(&p, 1).unwrap(), Points::new(&q, 1).unwrap()).unwrap();
    assert_eq!(estimate.value, f64::INFINITY);
    assert_eq!(estimate.warnings, [Warning::ZeroRadii { count: 2 }]);
    assert_eq!(estimate.standard_error, None);
    let apart = jittered(Points::new(&p, 1).unwrap(), 1e-3, 1);
    let estimate = knn_kl(1, Points::new(&apart, 1).unwrap(), Points::new(&q, 1).unwrap()).unwrap();
    assert!(estimate.value.is_finite() && estimate.warnings.is_empty());
}

#[test]
fn a_reference_gives_the_bits_of_the_function() {
    for (n, m, dim) in [(300, 200, 2), (90, 120, 7)] {
        let (x, mut y) = (numbers(n * dim, 1), numbers(m * dim, 2));
        let x = Points::new(&x, dim).unwrap();
        let reference = KnnReference::new(3, x).unwrap();
        for _ in 0..3 {
            let q = Points::new(&y, dim).unwrap();
            assert_eq!(reference.kl(q).unwrap(), knn_kl(3, x, q).unwrap());
            y.iter_mut().for_each(|v| *v += 0.5);
        }
        assert!(reference.kl(Points::new(&[0.0; 2], 1).unwrap()).is_err());
        assert!(reference.kl(Points::new(&vec![0.0; 2 * dim], dim).unwrap()).is_err());
    }
    assert!(KnnReference::new(0, pair().0).is_err() && KnnReference::new(5, pair().0).is_err());
}

#[test]
fn knn_kl_approaches_the_closed_form() {
    let (n, shift) = (4000, 1.0);
    let p = numbers(n * 2, 3);
    let q: Vec<f64> = numbers(n * 2, 4).iter().map(|v| v + shift).collect();
    let (p, q) = (Points::new(&p, 2).unwrap(), Points::new(&q, 2).unwrap());
    let estimate = knn_kl(5, p, q).unwrap();
    // Two coordinates shifted by one deviation each: KL = ½·2.
    assert!((estimate.value - 1.0).abs() < 0.1, "{estimate:?}");
}

#[test]
fn prdc_has_its_golden_values() {
    let (real, fake) = pair();
    let scores = |k, comparison| {
        let s = precision_recall_density_coverage(real, fake, k, comparison).unwrap();
        [s.precision, s.recall, s.density, s.coverage]
    };
    assert_eq!(scores(1, Comparison::Less), [0.8, 0.8, 2.0, 0.8]);
    assert_eq!(scores(2, Comparison::Less), [1.0, 1.0, 1.4, 1.0]);
    assert_eq!(scores(1, Comparison::LessOrEqual), [1.0, 0.8, 2.2, 1.0]);
    let same = Points::new(&[3.0; 12], 2).unwrap();
    let s = precision_recall_density_coverage(same, same, 2, Comparison::Less).unwrap();
    assert_eq!([s.precision, s.recall, s.density, s.coverage], [0.0; 4]);
    assert_eq!(s.warnings, [Warning::ZeroRadii { count: 12 }]);
    let s = precision_recall_density_coverage(same, same, 2, Comparison::LessOrEqual).unwrap();
    assert_eq!([s.precision, s.recall, s.coverage], [1.0; 3]);
}

#[test]
fn prdc_agrees_with_the_definitions_in_both_regimes() {
    for dim in [2, 6, 40] {
        let (real, fake) = (numbers(90 * dim, 1), numbers(70 * dim, 2));
        let fake: Vec<f64> = fake.iter().map(|v| 0.7 * v + 0.2).collect();
        let (real, fake) = (Points::new(&real, dim).unwrap(), Points::new(&fake, dim).unwrap());
        let k = 3;
        let (r, f) = (naive_kth(real, real, k, true), naive_kth(fake, fake, k, true));
        let d = |i: usize, j: usize| squared_distance(real.row(i), fake.row(j));
        let share = |n: usize, holds: &dyn Fn(usize) -> bool| {
            (0..n).filter(|&i| holds(i)).count() as f64 / n as f64
        };
        let s = precision_recall_density_coverage(real, fake, k, Comparison::Less).unwrap();
        assert_eq!(s.precision, share(70, &|j| (0..90).any(|i| d(i, j) < r[i])));
        assert_eq!(s.recall, share(90, &|i| (0..70).any(|j| d(i, j) < f[j])));
        assert_eq!(s.coverage, share(90, &|i| (0..70).any(|j| d(i, j) < r[i])));
        let hits = (0..90).map(|i| (0..70).filter(|&j| d(i, j) < r[i]).count()).sum::<usize>();
        close(s.density, hits as f64 / (k * 70) as f64);
    }
}

/// Under `P = Q`, a real ball stays empty with probability `Π (N − i)/(N + M − i)`, `i = 1..=k`.
#[test]
fn coverage_of_equal_distributions_has_its_expected_value() {
    let (n, m, k, runs) = (60usize, 60usize, 3usize, 150);
    let miss: f64 = (1..=k).map(|i| (n - i) as f64 / (n + m - i) as f64).product();
    let mut total = 0.0;
    for seed in 0..runs {
        let (real, fake) = (numbers(n * 2, 2 * seed), numbers(m * 2, 2 * seed + 1));
        let (real, fake) = (Points::new(&real, 2).unwrap(), Points::new(&fake, 2).unwrap());
        let s = precision_recall_density_coverage(real, fake, k, Comparison::Less).unwrap();
        total += s.coverage;
    }
    let mean = total / runs as f64;
    assert!((mean - (1.0 - miss)).abs() < 0.015, "{mean} {}", 1.0 - miss);
}
