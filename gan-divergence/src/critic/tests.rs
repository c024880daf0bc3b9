use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::estimate::{Estimate, Warning};
use crate::random::standard_normal;

const N: usize = 20_000;

/// Samples of N(1, 1) as real and N(0, 1) as fake; the best log ratio is `x − ½`.
fn best_scores() -> (Vec<f64>, Vec<f64>) {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let mut draw = |mean: f64| (0..N).map(|_| mean + standard_normal(&mut rng) - 0.5).collect();
    (draw(1.0), draw(0.0))
}

#[track_caller]
fn within_errors(estimate: &Estimate, truth: f64) {
    let error = estimate.standard_error.unwrap();
    assert!(error > 0.0 && error < 0.05, "{estimate:?}");
    assert!((estimate.value - truth).abs() < 5.0 * error, "{estimate:?} {truth}");
}

#[test]
fn the_best_critic_reaches_the_truth_within_its_standard_error() {
    let (real, fake) = best_scores();
    // KL is ½ both ways; JS of two unit normals one apart, by quadrature in one dimension.
    let js = one_dimensional_js();
    within_errors(&js_from_logistic_scores(&real, &fake).unwrap(), js);
    within_errors(&kl_donsker_varadhan(&real, &fake).unwrap(), 0.5);
    within_errors(&kl_from_log_ratios(&real).unwrap(), 0.5);
    within_errors(&reverse_kl_from_log_ratios(&fake).unwrap(), 0.5);
    within_errors(&wasserstein_1_from_critic(&real, &fake, 1.0).unwrap(), 1.0);
}

fn one_dimensional_js() -> f64 {
    let pdf =
        |x: f64, mean: f64| (-0.5 * (x - mean).powi(2)).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let step = 1e-3;
    let term = |k: i32| {
        let x = -12.0 + step * f64::from(k);
        let (p, q) = (pdf(x, 1.0), pdf(x, 0.0));
        let half = |a: f64| {
            if a == 0.0 { 0.0 } else { 0.5 * a * (2.0 * a / (p + q)).ln() }
        };
        half(p) + half(q)
    };
    (0..25_000).map(term).sum::<f64>() * step
}

#[test]
fn worse_critics_stay_below() {
    let (real, fake) = best_scores();
    let spoil = |scores: &[f64]| scores.iter().map(|s| 0.3 * s + 0.4).collect::<Vec<_>>();
    let (real, fake) = (spoil(&real), spoil(&fake));
    assert!(js_from_logistic_scores(&real, &fake).unwrap().value < one_dimensional_js() - 0.01);
    assert!(kl_donsker_varadhan(&real, &fake).unwrap().value < 0.45);
}

#[test]
fn a_blind_critic_finds_nothing_and_a_perverse_one_less() {
    let blind = [0.0; 5];
    assert!(js_from_logistic_scores(&blind, &blind).unwrap().value.abs() < 1e-15);
    assert_eq!(kl_donsker_varadhan(&blind, &blind).unwrap().value, 0.0);
    assert!(js_from_logistic_scores(&[-1.0; 3], &[1.0; 3]).unwrap().value < 0.0);
    assert_eq!(wasserstein_1_from_critic(&[0.0; 3], &[4.0; 3], 2.0).unwrap().value, -2.0);
}

#[test]
fn donsker_varadhan_is_shift_invariant_and_reports_heavy_tails() {
    let (real, fake) = best_scores();
    let shift = |scores: &[f64]| scores.iter().map(|s| s + 900.0).collect::<Vec<_>>();
    let plain = kl_donsker_varadhan(&real, &fake).unwrap();
    let shifted = kl_donsker_varadhan(&shift(&real), &shift(&fake)).unwrap();
    assert!((plain.value - shifted.value).abs() < 1e-9);
    assert!(plain.warnings.is_empty());
    let mut spiky = vec![0.0; 100];
    spiky[3] = 30.0;
    let warned = kl_donsker_varadhan(&real, &spiky).unwrap();
    assert!(
        matches!(warned.warnings[..], [Warning::HeavyTail { effective_samples }] if effective_samples < 1.01)
    );
}

#[test]
fn bad_scores_are_refused() {
    assert!(js_from_logistic_scores(&[1.0], &[1.0, 2.0]).is_err());
    assert!(kl_donsker_varadhan(&[1.0, f64::INFINITY], &[1.0, 2.0]).is_err());
    assert!(kl_from_log_ratios(&[]).is_err());
    assert!(wasserstein_1_from_critic(&[1.0, 2.0], &[1.0, 2.0], 0.0).is_err());
}
