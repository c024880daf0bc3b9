use gan_core::seed::Seed;

use super::*;

const SIZES: Sizes = Sizes { samples: 2_000, of_modes: 2_000 };

fn moons() -> KnownDensity {
    KnownDensity::moons(0.05).unwrap()
}

fn ring() -> KnownDensity {
    KnownDensity::ring(8, 1.0, 0.01).unwrap()
}

fn grid() -> KnownDensity {
    KnownDensity::grid(5, 2.0, 0.05).unwrap()
}

fn draw(density: &KnownDensity, index: u64) -> Vec<f64> {
    density.draw(SIZES.samples, &Seed(3).stream("evaluation/real"), index)
}

/// Compares samples with the density and the first real samples of it.
fn measure(density: &KnownDensity, samples: &[f64]) -> Result<Vec<Measurement>, EvalError> {
    DensityReference::new(density.clone(), &draw(density, 0), SIZES)?.measure(samples)
}

fn value(measured: &[Measurement], quantity: Quantity) -> f64 {
    measured.iter().find(|each| each.quantity == quantity).unwrap().value
}

#[test]
fn what_is_measured_is_what_was_announced() {
    for density in [moons(), ring(), grid(), KnownDensity::moons(1e-3).unwrap()] {
        let measured = measure(&density, &draw(&density, 1)).unwrap();
        let found: Vec<Quantity> = measured.iter().map(|each| each.quantity).collect();
        assert_eq!(found, quantities(&density));
    }
}

#[test]
fn real_samples_score_nearly_nothing() {
    for density in [moons(), ring(), grid()] {
        let real = measure(&density, &draw(&density, 1)).unwrap();
        assert!(value(&real, JS) < 0.03, "{density:?} {real:?}");
        for kl in [KL_MODEL_TO_DATA, KL_DATA_TO_MODEL] {
            assert!(value(&real, kl).abs() < 0.15, "{density:?} {real:?}");
        }
        assert!(value(&real, SLICED_W2) < 0.25, "{density:?} {real:?}");
    }
}

/// Within 3 deviations of a plane mode is 1 − e^(−4.5) of its mass; the histogram of N samples has a
/// divergence of (K − 1)/(2N) by chance.
#[test]
fn a_perfect_grid_reaches_the_ceilings_of_the_protocol() {
    let density = grid();
    let real = measure(&density, &draw(&density, 1)).unwrap();
    assert_eq!(value(&real, MODES_COVERED), 25.0);
    assert!((value(&real, HIGH_QUALITY) - 0.988_9).abs() < 0.01, "{real:?}");
    assert!((0.001..0.015).contains(&value(&real, MODE_KL)), "{real:?}");
}

#[test]
fn a_collapsed_generator_is_told_from_a_blurred_one() {
    let density = ring();
    let real = draw(&density, 1);
    let nearest_is_right = |point: &&[f64]| point[0] > 0.9;
    let one: Vec<f64> = real.chunks(2).filter(nearest_is_right).flatten().copied().collect();
    let collapsed = measure(&density, &one).unwrap();
    assert_eq!(value(&collapsed, MODES_COVERED), 1.0);
    assert!((value(&collapsed, MODE_KL) - 8f64.ln()).abs() < 1e-12);
    assert!((value(&collapsed, KL_MODEL_TO_DATA) - 8f64.ln()).abs() < 0.3, "{collapsed:?}");
    assert!(value(&collapsed, KL_DATA_TO_MODEL) > 2.0, "{collapsed:?}");

    let blurred: Vec<f64> = real.iter().enumerate().map(|(i, x)| x + 0.1 * wave(i)).collect();
    let blurred = measure(&density, &blurred).unwrap();
    assert_eq!(value(&blurred, MODES_COVERED), 8.0);
    assert!(value(&blurred, HIGH_QUALITY) < 0.3, "{blurred:?}");
    let [to_data, to_model] = [KL_MODEL_TO_DATA, KL_DATA_TO_MODEL].map(|kl| value(&blurred, kl));
    assert!(to_data > to_model, "{blurred:?}");
}

/// Anything that moves neighbors apart.
fn wave(i: usize) -> f64 {
    (i as f64 * 12.9898).sin()
}

/// However narrow the density: what is left is measured, and soon.
#[test]
fn a_narrow_density_is_measured_without_cells() {
    for noise in [5e-3, 1e-3, 1e-5] {
        let density = KnownDensity::moons(noise).unwrap();
        let real = measure(&density, &draw(&density, 1)).unwrap();
        assert!(value(&real, KL_MODEL_TO_DATA).is_finite(), "{noise} {real:?}");
        assert!(real.iter().all(|each| each.quantity != JS));
    }
}

#[test]
fn points_that_coincide_are_infinitely_far_and_no_error() {
    let same = measure(&moons(), &[0.0; 40]).unwrap();
    assert_eq!(value(&same, KL_MODEL_TO_DATA), f64::INFINITY);
    assert!(value(&same, JS) > 0.6);
    assert!(same.iter().all(|each| each.quantity != MODE_KL));
}

#[test]
fn a_point_that_is_not_a_number_is_an_error() {
    let EvalError::Divergence(error) = measure(&moons(), &[f64::NAN; 40]).unwrap_err() else {
        panic!("another error");
    };
    assert!(error.to_string().contains("NaN"), "{error}");
}
