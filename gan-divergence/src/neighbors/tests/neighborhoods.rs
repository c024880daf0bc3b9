//! Neighbors that are searched once give the bits of the functions that search them each time.

use super::*;
use crate::error::DivergenceError;

fn sample(n: usize, dim: usize, seed: u64) -> Vec<f64> {
    let mut values = numbers(n * dim, seed);
    // Rounding makes duplicates and ties.
    values.iter_mut().for_each(|v| *v = (*v * 2.0).round() / 2.0);
    values
}

#[test]
fn all_scores_have_the_bits_of_the_functions() {
    for (n, m, dim, k) in [(90, 70, 2, 3), (300, 300, 7, 5), (700, 40, 3, 1), (900, 700, 24, 5)] {
        let (real, fake) = (sample(n, dim, 1), sample(m, dim, 2));
        let (real, fake) = (Points::new(&real, dim).unwrap(), Points::new(&fake, dim).unwrap());
        let (known, other) =
            (Neighborhoods::new(k, real).unwrap(), Neighborhoods::new(k, fake).unwrap());
        for comparison in [Comparison::Less, Comparison::LessOrEqual] {
            let expected = precision_recall_density_coverage(real, fake, k, comparison).unwrap();
            assert_eq!(known.prdc(&other, comparison).unwrap(), expected);
            let scores = known.scores(&other, comparison).unwrap();
            assert_eq!(scores.prdc, expected);
            assert_eq!(scores.authenticity, authenticity(fake, real).unwrap());
        }
        assert_eq!(known.authenticity(fake).unwrap(), authenticity(fake, real).unwrap());
        assert_eq!(known.nearest_distances(), nearest_distances_within(real).unwrap());
    }
}

#[test]
fn near_duplicates_are_counted_whether_the_known_neighbors_suffice_or_not() {
    for dim in [2, 6, 30] {
        // A third of the points stand on one spot, which no neighborhood of two holds.
        let mut x = numbers(240 * dim, 3);
        x[..80 * dim].fill(0.25);
        let set = Points::new(&x, dim).unwrap();
        let known = Neighborhoods::new(2, set).unwrap();
        for radius in [0.0, 0.05, 0.3, 1.0, 1e3] {
            let expected = near_duplicates(set, radius).unwrap();
            assert_eq!(known.near_duplicates(radius).unwrap(), expected, "{dim} {radius}");
        }
        assert!(known.near_duplicates(-1.0).is_err() && known.near_duplicates(f64::NAN).is_err());
    }
}

#[test]
fn samples_that_do_not_belong_together_are_refused() {
    let (x, y) = pair();
    let known = Neighborhoods::new(2, x).unwrap();
    let what = "the neighborhood of a fake point";
    let other = Neighborhoods::new(1, y).unwrap();
    let mismatch = DivergenceError::LengthMismatch { what, expected: 2, found: 1 };
    assert_eq!(known.prdc(&other, Comparison::Less), Err(mismatch.clone()));
    assert_eq!(known.scores(&other, Comparison::Less), Err(mismatch));
    let line = Points::new(&X, 1).unwrap();
    assert!(known.authenticity(line).is_err());
    assert!(known.prdc(&Neighborhoods::new(2, line).unwrap(), Comparison::Less).is_err());
    assert!(Neighborhoods::new(0, x).is_err() && Neighborhoods::new(5, x).is_err());
}

#[test]
fn a_reference_for_copies_serves_many_samples() {
    for dim in [2, 7] {
        let (train, test) = (numbers(120 * dim, 1), numbers(90 * dim, 2));
        let (train, test) = (Points::new(&train, dim).unwrap(), Points::new(&test, dim).unwrap());
        let options = DataCopying { cells: 3, seed: 4 };
        let reference = CopyingReference::new(train, test, options).unwrap();
        for seed in 3..6 {
            let fake = numbers(100 * dim, seed);
            let fake = Points::new(&fake, dim).unwrap();
            let expected = data_copying(fake, train, test, options).unwrap();
            assert_eq!(reference.data_copying(fake).unwrap(), expected);
        }
        assert!(reference.data_copying(Points::new(&[0.0], 1).unwrap()).is_err());
        assert!(CopyingReference::new(train, Points::new(&[0.0], 1).unwrap(), options).is_err());
    }
}
