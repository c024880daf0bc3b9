//! Copies of training points, and repetitions.

use super::{naive_kth, numbers, pair};
use crate::neighbors::{
    Comparison, DataCopying, authenticity, data_copying, near_duplicates, nearest_distances,
    nearest_distances_within, precision_recall_density_coverage,
};
use crate::pairwise::squared_distance;
use crate::points::{Points, gather};
use crate::random::index;
use crate::{DivergenceError, Estimate, Warning};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const OPTIONS: DataCopying = DataCopying { cells: 3, seed: 0 };

fn points(data: &[f64], dim: usize) -> Points<'_> {
    Points::new(data, dim).unwrap()
}

fn copying(fake: &[f64], train: &[f64], test: &[f64], dim: usize) -> Estimate {
    data_copying(points(fake, dim), points(train, dim), points(test, dim), OPTIONS).unwrap()
}

#[test]
fn authenticity_is_its_definition_in_every_dimension() {
    for dim in [1, 2, 7] {
        let (mut train, fake) = (numbers(130 * dim, 1), numbers(90 * dim, 2));
        train.iter_mut().for_each(|v| *v = (*v * 8.0).round() / 8.0);
        let fake: Vec<f64> = fake.iter().map(|v| (v * 8.0).round() / 8.0).collect();
        let (fake, train) = (points(&fake, dim), points(&train, dim));
        let own = naive_kth(train, train, 1, true);
        let authentic = |y: &&[f64]| {
            let squares: Vec<f64> = train.rows().map(|x| squared_distance(y, x)).collect();
            let least = squares.iter().copied().fold(f64::INFINITY, f64::min);
            let mut nearest = squares.iter().zip(&own).filter(|(s, _)| **s == least);
            nearest.all(|(_, own)| least > *own)
        };
        let expected = fake.rows().filter(authentic).count() as f64 / 90.0;
        assert_eq!(authenticity(fake, train).unwrap().value, expected);
    }
}

#[test]
fn copies_have_no_authenticity_and_distant_points_all_of_it() {
    let train = numbers(200, 1);
    let far: Vec<f64> = train.iter().map(|v| v + 100.0).collect();
    let share = |fake: &[f64]| authenticity(points(fake, 4), points(&train, 4)).unwrap();
    let copies = share(&train[40..120]);
    assert_eq!((copies.value, copies.standard_error), (0.0, Some(0.0)));
    assert_eq!((copies.n, copies.m), (50, 20));
    assert_eq!(share(&far).value, 1.0);
    // Duplicates among the training points have no neighborhood to copy within.
    let twice = authenticity(points(&[0.0, 0.1], 1), points(&[0.0, 0.0, 5.0], 1)).unwrap();
    assert_eq!((twice.value, twice.warnings), (0.5, vec![Warning::ZeroRadii { count: 2 }]));
    assert!(authenticity(points(&[0.0], 1), points(&[0.0], 1)).is_err());
    assert!(authenticity(points(&[0.0, 0.0], 2), points(&[0.0, 1.0], 1)).is_err());
}

#[test]
fn data_copying_tells_copies_from_fresh_points_from_blurred_ones() {
    for dim in [2, 8] {
        let (train, test, fresh) =
            (numbers(400 * dim, 1), numbers(300 * dim, 2), numbers(350 * dim, 3));
        let noise = numbers(350 * dim, 4);
        let blurred: Vec<f64> = fresh.iter().zip(&noise).map(|(x, e)| x + 1.5 * e).collect();
        let near: Vec<f64> = train.iter().zip(&noise).map(|(x, e)| x + 0.02 * e).collect();
        let value = |fake: &[f64]| copying(fake, &train, &test, dim).value;
        assert!(value(&train) < -8.0 && value(&near) < -8.0, "{} {}", value(&train), value(&near));
        assert!(value(&fresh).abs() < 2.0, "{}", value(&fresh));
        assert!(value(&blurred) > 3.0, "{}", value(&blurred));
    }
}

#[test]
fn without_copying_the_statistic_has_the_stated_error() {
    let runs = 300;
    let (mut squares, mut total) = (0.0, 0.0);
    for seed in 0..runs {
        let sets = [0, 1, 2].map(|set| numbers(360, 3 * seed + set));
        let found = copying(&sets[0], &sets[1], &sets[2], 2);
        let z = found.value / found.standard_error.unwrap();
        (squares, total) = (squares + z * z, total + z);
    }
    // Five standard errors of either moment.
    let count = runs as f64;
    assert!((total / count).abs() < 5.0 / count.sqrt(), "{}", total / count);
    assert!((squares / count - 1.0).abs() < 5.0 * (2.0 / count).sqrt(), "{}", squares / count);
}

#[test]
fn small_cells_are_left_out_and_none_at_all_is_an_error() {
    // Thirty training and test points around 0, 100 and 200; the fakes around 200 are too few.
    let around = |counts: [usize; 3], shift: f64| -> Vec<f64> {
        let at = |(cell, &n): (usize, &usize)| {
            (0..n).map(move |i| 100.0 * cell as f64 + i as f64 + shift).collect::<Vec<_>>()
        };
        counts.iter().enumerate().flat_map(at).collect()
    };
    let train = around([30; 3], 0.0);
    let test = around([30, 10, 30], 0.3);
    let found = copying(&around([20, 25, 19], 0.1), &train, &test, 1);
    // U = 0 in both cells that stay; their weights are 3/4 and 1/4.
    let z = |n: f64, m: f64| -0.5 * n * m / (n * m * (n + m + 1.0) / 12.0).sqrt();
    let expected = 0.75 * z(30.0, 20.0) + 0.25 * z(10.0, 25.0);
    assert!((found.value - expected).abs() < 1e-14, "{} {expected}", found.value);
    assert!((found.standard_error.unwrap() - 0.625f64.sqrt()).abs() < 1e-15);
    assert_eq!(found.estimator, "C_T in 2 of 3 cells, seed 0");
    let error = |fake: &[f64], test: &[f64], options| {
        data_copying(points(fake, 1), points(&train, 1), points(test, 1), options).unwrap_err()
    };
    let what = "the cell with the most fake points";
    let few = around([19; 3], 0.1);
    assert_eq!(
        error(&few, &test, OPTIONS),
        DivergenceError::TooFew { what, minimum: 20, found: 19 }
    );
    let message = error(&around([20, 0, 0], 0.1), &around([0, 9, 9], 0.3), OPTIONS).to_string();
    assert!(message.contains("has 0 samples, expected at least 1"), "{message}");
    assert!(error(&few, &test, DataCopying { cells: 0, seed: 0 }).to_string().contains("cells"));
    let message = error(&few, &test, DataCopying { cells: 91, seed: 0 }).to_string();
    assert_eq!(message, "the training set has 90 samples, expected at least 91");
}

#[test]
fn the_order_of_the_points_changes_nothing() {
    let reversed = |set: Points<'_>| gather(set, &(0..set.len()).rev().collect::<Vec<_>>());
    for dim in [2, 6] {
        let (fake, train, test) =
            (numbers(80 * dim, 1), numbers(90 * dim, 2), numbers(70 * dim, 3));
        let [fake, train, test] = [&fake, &train, &test].map(|set| points(set, dim));
        let (faker, trainer, tester) = (reversed(fake), reversed(train), reversed(test));
        let [faker, trainer, tester] = [&faker, &trainer, &tester].map(|set| points(set, dim));
        assert_eq!(authenticity(fake, train).unwrap(), authenticity(faker, trainer).unwrap());
        let one = |fake, train, test, cells| {
            data_copying(fake, train, test, DataCopying { cells, seed: 5 }).unwrap()
        };
        assert_eq!(one(fake, train, test, 3), one(faker, train, tester, 3));
        assert_eq!(one(fake, train, test, 1), one(faker, trainer, tester, 1));
        assert_eq!(near_duplicates(fake, 0.5).unwrap(), near_duplicates(faker, 0.5).unwrap());
        let backwards: Vec<f64> = nearest_distances(faker, trainer).unwrap();
        let forwards = nearest_distances(fake, train).unwrap();
        assert!(forwards.iter().eq(backwards.iter().rev()));
    }
}

#[test]
fn near_duplicates_are_counted_as_a_double_loop_does() {
    for (n, dim) in [(2, 1), (90, 2), (700, 3), (1300, 6)] {
        let x: Vec<f64> = numbers(n * dim, 7).iter().map(|v| (v * 4.0).round() / 4.0).collect();
        let set = points(&x, dim);
        let own = nearest_distances_within(set).unwrap();
        for radius in [0.0, 0.25, 0.25 * 2f64.sqrt(), 1.0] {
            let near =
                |i: usize, j: usize| squared_distance(set.row(i), set.row(j)).sqrt() <= radius;
            let pairs = (0..n).map(|i| (0..i).filter(|&j| near(i, j)).count()).sum::<usize>();
            let found = near_duplicates(set, radius).unwrap();
            assert_eq!(found.pairs, pairs as u64);
            let share = own.iter().filter(|&&d| d <= radius).count() as f64 / n as f64;
            assert_eq!(found.share, share);
        }
    }
}

#[test]
fn the_support_is_the_number_of_different_points() {
    let copies: Vec<f64> = (0..1000).map(|i| f64::from(i % 20)).collect();
    let found = near_duplicates(points(&copies, 1), 0.5).unwrap();
    // Fifty copies of twenty points: (50·20 − 1)/(50 − 1).
    assert!((found.support - 999.0 / 49.0).abs() < 1e-12 && found.share == 1.0);
    let mut rng = ChaCha8Rng::seed_from_u64(9);
    let drawn: Vec<f64> = (0..2000).map(|_| index(5000, &mut rng) as f64).collect();
    let found = near_duplicates(points(&drawn, 1), 0.0).unwrap();
    let error = found.support_error.unwrap();
    assert!((found.support - 5000.0).abs() < 4.0 * error && error < 400.0, "{found:?}");
    let none = near_duplicates(points(&[0.0, 1.0], 1), 0.5).unwrap();
    assert_eq!((none.pairs, none.support, none.support_error), (0, f64::INFINITY, None));
    assert!(near_duplicates(points(&[0.0], 1), 0.5).is_err());
    for radius in [-1.0, f64::NAN, f64::INFINITY] {
        assert!(near_duplicates(points(&[0.0, 1.0], 1), radius).is_err());
    }
}

#[test]
fn the_errors_of_the_four_scores_are_their_formulas() {
    let (real, fake) = pair();
    let s = precision_recall_density_coverage(real, fake, 1, Comparison::Less).unwrap();
    let binomial = (0.8 * 0.2 / 5.0f64).sqrt();
    for error in [s.errors.precision, s.errors.recall, s.errors.coverage] {
        assert!((error - binomial).abs() < 1e-15, "{error}");
    }
    // The fake points lie in this many balls of radius 1, 1, 1, 1 and √2.
    let inside = [2.0, 2.0, 2.0, 0.0, 4.0];
    let deviation = inside.iter().map(|x| (x - 2.0f64).powi(2)).sum::<f64>() / 4.0;
    assert!((s.errors.density - (deviation / 5.0).sqrt()).abs() < 1e-15, "{}", s.errors.density);
}
