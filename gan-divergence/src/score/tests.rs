use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::density::{Density, Mixture};
use crate::pmf::Pmf;
use crate::points::Points;

fn identity(scale: f64) -> Vec<f64> {
    (0..9).map(|c| if c / 3 == c % 3 { scale } else { 0.0 }).collect()
}

#[test]
fn classifier_score_has_its_golden_values() {
    let golden = [(2.0, 1.541_937_290_645_967), (0.0, 1.0), (100.0, 3.0)];
    for (scale, expected) in golden {
        let logits = identity(scale);
        let found = classifier_score(Points::new(&logits, 3).unwrap(), 1, None).unwrap();
        assert!((found.value - expected).abs() < 1e-12, "{found:?}");
        assert_eq!(found.standard_error, None);
    }
}

#[test]
fn splits_average_their_own_scores() {
    let logits = [identity(2.0), identity(100.0)].concat();
    let logits = Points::new(&logits, 3).unwrap();
    let found = classifier_score(logits, 2, None).unwrap();
    let (low, high) = (1.541_937_290_645_967, 3.0);
    assert!((found.value - 0.5 * (low + high)).abs() < 1e-12);
    let deviation = 0.5 * (high - low);
    assert!((found.standard_error.unwrap() - deviation / 2f64.sqrt()).abs() < 1e-12);
    assert_ne!(classifier_score(logits, 2, Some(1)).unwrap().value, found.value);
    assert!(
        classifier_score(logits, 7, None).is_err() && classifier_score(logits, 0, None).is_err()
    );
}

#[test]
fn class_balance_is_zero_for_the_target_itself() {
    let target = Pmf::new(vec![0.5, 0.25, 0.25]).unwrap();
    let balance = class_balance(&[0, 0, 1, 2], &target).unwrap();
    assert_eq!(balance.counts, [2, 1, 1]);
    for value in [balance.kl, balance.kl_from_target, balance.js, balance.total_variation] {
        assert!(value.abs() < 1e-15);
    }
    assert!(class_balance(&[3], &target).is_err() && class_balance(&[], &target).is_err());
}

#[test]
fn a_true_sample_covers_all_modes_at_the_expected_quality() {
    let grid = Mixture::grid(5, 2.0, 0.05).unwrap();
    let sample = grid.sample_n(2500, &mut ChaCha8Rng::seed_from_u64(3));
    let centers = grid.centers();
    let centers = Points::new(&centers, 2).unwrap();
    let quality = mode_quality(Points::new(&sample, 2).unwrap(), centers, 0.05, 3.0).unwrap();
    assert_eq!((quality.modes_covered, quality.modes, quality.m), (25, 25, 2500));
    let expected = 1.0 - (-4.5f64).exp();
    assert!((quality.high_quality - expected).abs() < 0.012, "{}", quality.high_quality);
    assert_eq!(quality.counts.iter().sum::<u64>(), (quality.high_quality * 2500.0).round() as u64);
    assert!(mode_quality(Points::new(&sample, 2).unwrap(), centers, 0.0, 3.0).is_err());
}
