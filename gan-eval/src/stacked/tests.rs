//! Samplers whose modes are known, and stacked digits themselves.

use gan_core::seed::Seed;
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet, StackedMnist};
use rand::Rng;

use super::*;

fn of_modes(modes: impl Iterator<Item = usize>) -> StackedModes {
    let classes: Vec<_> = modes.map(|mode| [mode / 100, mode / 10 % 10, mode % 10]).collect();
    stacked_modes(&classes, &vec![[0.99; 3]; classes.len()]).unwrap()
}

/// Samples of equally frequent modes.
fn uniform(samples: usize, seed: u64) -> StackedModes {
    let mut rng = Seed(seed).stream("test").draw(0);
    of_modes((0..samples).map(|_| (rng.next_u64() % 1_000) as usize))
}

#[test]
fn a_perfect_sampler_finds_all_modes_and_has_the_divergence_of_chance() {
    for seed in 0..5 {
        let found = uniform(PROTOCOL_SAMPLES, seed);
        assert_eq!((found.modes, found.samples), (1_000, 26_000));
        assert!((found.kl - 999.0 / 52_000.0).abs() < 0.003, "{found:?}");
        assert!((found.kl - found.of_perfect.kl).abs() < 0.003, "{found:?}");
    }
}

#[test]
fn the_expectation_is_the_mean_of_perfect_samplers() {
    for samples in [1, 50, 1_000, 5_000] {
        let runs: Vec<StackedModes> = (0..100).map(|seed| uniform(samples, seed)).collect();
        let mean = |of: fn(&StackedModes) -> f64| runs.iter().map(of).sum::<f64>() / 100.0;
        let expected = PerfectModes::of(samples);
        let (kl, modes) = (mean(|run| run.kl), mean(|run| run.modes as f64));
        assert!((kl / expected.kl - 1.0).abs() < 0.01, "{samples}: {kl} {expected:?}");
        assert!((modes / expected.modes - 1.0).abs() < 0.01, "{samples}: {modes} {expected:?}");
    }
}

#[test]
fn the_expectation_tends_to_its_limit_and_is_finite_throughout() {
    let protocol = PerfectModes::of(PROTOCOL_SAMPLES);
    assert!((protocol.kl - 0.019_34).abs() < 0.000_01, "{protocol:?}");
    assert!((protocol.modes - 1_000.0).abs() < 1e-6, "{protocol:?}");
    let many = PerfectModes::of(10_000_000);
    assert!((many.kl * 2e7 / 999.0 - 1.0).abs() < 1e-3, "{many:?}");
    let one = PerfectModes::of(1);
    assert!((one.kl - 1_000_f64.ln()).abs() < 1e-9 && (one.modes - 1.0).abs() < 1e-9, "{one:?}");
    assert_eq!(PerfectModes::of(0), PerfectModes { modes: 0.0, kl: 0.0 });
}

#[test]
fn one_mode_and_every_mode_once_are_the_extremes() {
    let one = of_modes(std::iter::repeat_n(123, 500));
    assert_eq!(one.modes, 1);
    assert!((one.kl - 1_000_f64.ln()).abs() < 1e-12);
    let all = of_modes(0..1_000);
    assert_eq!(all.modes, 1_000);
    assert!(all.kl.abs() < 1e-12);
}

#[test]
fn the_order_of_the_samples_does_not_matter() {
    let there = of_modes((0..700).chain(0..300));
    let back = of_modes((0..300).rev().chain((0..700).rev()));
    assert_eq!(there, back);
}

/// Digits of the training split are not equally frequent, which costs `3·Σ q·ln(10·q)` = 0.0043 nats.
#[test]
fn stacked_digits_cover_all_modes_with_the_frequencies_of_mnist() {
    let digits = Mnist::shipped(MnistSplit::Train, MnistSize::Original28).unwrap();
    let set = StackedMnist::new(digits, PROTOCOL_SAMPLES, Seed(7)).unwrap();
    let found = of_modes((0..PROTOCOL_SAMPLES).map(|index| set.label(index).unwrap()));
    assert_eq!(found.modes, 1_000);
    assert!((found.kl - found.of_perfect.kl - 0.0043).abs() < 0.003, "{found:?}");
}

#[test]
fn unsure_samples_cover_the_modes_and_only_their_confidence_shows() {
    let mut rng = Seed(3).stream("test").draw(0);
    let mut digit = |_| (rng.next_u64() % 10) as usize;
    let classes: Vec<_> = (0..26_000).map(|_| [0, 1, 2].map(&mut digit)).collect();
    let unsure = vec![[0.3, 0.95, 0.4]; classes.len()];
    let found = stacked_modes(&classes, &unsure).unwrap();
    assert_eq!((found.modes, found.confident_modes, found.confident), (1_000, 0, 0.0));
}

#[test]
fn what_is_no_sample_is_refused_by_name() {
    let cause = |classes: &[[usize; 3]], probabilities: &[[f64; 3]]| {
        let error = stacked_modes(classes, probabilities).unwrap_err();
        std::error::Error::source(&error).unwrap().to_string()
    };
    let sure = [[1.0; 3]];
    assert!(cause(&[[0, 10, 0]], &sure).contains("class of a channel is 10"));
    assert!(cause(&[[0; 3]], &[[0.5, 0.5, 1.5]]).contains("1.5"));
    assert!(cause(&[[0; 3]], &[[0.5, f64::NAN, 0.5]]).contains("NaN"));
    assert!(cause(&[[0; 3], [1; 3]], &sure).contains("1 entries, expected 2"));
    assert!(cause(&[], &[]).contains("labels"));
}

/// The standard deviation over 100 sets of samples, and the mean of what is estimated from each, of modes and divergence.
fn deviations(draw: impl Fn(u64) -> StackedModes) -> [(f64, f64); 2] {
    let runs: Vec<StackedModes> = (0..100).map(draw).collect();
    let of = |value: fn(&StackedModes) -> f64, error: fn(ModeErrors) -> f64| {
        let mean = runs.iter().map(value).sum::<f64>() / 100.0;
        let square = runs.iter().map(|run| (value(run) - mean).powi(2)).sum::<f64>() / 99.0;
        let estimated = runs.iter().map(|run| error(run.errors.unwrap())).sum::<f64>() / 100.0;
        (square.sqrt(), estimated)
    };
    [of(|run| run.modes as f64, |errors| errors.modes), of(|run| run.kl, |errors| errors.kl)]
}

#[test]
fn standard_errors_are_the_deviations_of_equally_frequent_modes() {
    for samples in [300, 1_000, 5_000, PROTOCOL_SAMPLES] {
        let [(modes, of_modes), (kl, of_kl)] = deviations(|seed| uniform(samples, seed));
        assert!((of_modes - modes).abs() <= 0.25 * modes, "{samples}: {modes} {of_modes}");
        assert!((0.75..1.7).contains(&(of_kl / kl)), "{samples}: {kl} {of_kl}");
    }
}

/// Half of the modes are never there, and of the others each is a twentieth rarer than the one before.
#[test]
fn standard_errors_of_uneven_modes_are_no_smaller_than_their_deviations() {
    for samples in [300, 5_000] {
        let draw = |seed| {
            let mut rng = Seed(seed).stream("uneven").draw(0);
            let uniform = |_| (rng.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
            let waiting = |uniform: f64| ((1.0 - uniform).ln() / 0.95_f64.ln()) as usize;
            of_modes((0..samples).map(uniform).map(waiting).map(|mode| mode.min(499)))
        };
        let [(modes, of_modes), (kl, of_kl)] = deviations(draw);
        assert!((0.85..2.0).contains(&(of_modes / modes)), "{samples}: {modes} {of_modes}");
        assert!((0.85..1.5).contains(&(of_kl / kl)), "{samples}: {kl} {of_kl}");
    }
}

#[test]
fn a_collapsed_generator_has_no_error_and_one_sample_none_known() {
    let one = of_modes(std::iter::repeat_n(7, 500)).errors.unwrap();
    assert_eq!((one.modes, one.confident_modes, one.kl), (0.0, 0.0, 0.0));
    assert_eq!(of_modes(std::iter::once(7)).errors, None);
}
