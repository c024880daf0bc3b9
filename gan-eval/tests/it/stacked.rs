//! Generators of stacked digits whose modes are known.

use std::sync::OnceLock;

use burn::tensor::{Device, Tensor, TensorData};
use gan_batch::Seed;
use gan_core::measurement::Measurement;
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet, StackedMnist};
use gan_eval::stacked::{CONFIDENT, CONFIDENT_MODES, MODES_FOUND, MODES_KL, StackedLooked};
use gan_eval::{
    Classifier, Control, Corruption, EvalError, KnownDensity, Pixels, StackedProbe, density,
    stacked,
};

use super::{CLASSIFIER, N};

static OF_REAL: OnceLock<Vec<Measurement>> = OnceLock::new();
/// Samples that are looked at at once.
const CHUNK: usize = 250;

fn set(split: MnistSplit, seed: u64) -> StackedMnist {
    let digits = Mnist::shipped(split, MnistSize::Original28).unwrap();
    StackedMnist::new(digits, N, Seed(seed)).unwrap()
}

fn images(set: &StackedMnist, indices: &[usize]) -> Tensor<4> {
    let data = TensorData::new(set.values(indices), [indices.len(), 3, 28, 28]);
    Tensor::from_data(data, &Device::default())
}

/// A probe that knows what real test digits score.
fn probe() -> StackedProbe<Classifier> {
    let probe = StackedProbe::new(CLASSIFIER.clone(), N).unwrap();
    let of_real = OF_REAL
        .get_or_init(|| probe.measure(&look(&probe, |indices| images(&test(), indices))).unwrap());
    probe.knowing(of_real.clone())
}

fn test() -> StackedMnist {
    set(MnistSplit::Test, 1)
}

fn look(probe: &StackedProbe<Classifier>, draw: impl Fn(&[usize]) -> Tensor<4>) -> StackedLooked {
    let all: Vec<usize> = (0..N).collect();
    let mut pass = probe.pass();
    all.chunks(CHUNK).for_each(|indices| pass.add(draw(indices), None).unwrap());
    pass.finish()
}

fn of(measured: &[Measurement], quantity: gan_core::measurement::Quantity) -> Measurement {
    *measured.iter().find(|each| each.quantity == quantity).unwrap()
}

#[test]
fn real_stacked_digits_score_what_real_ones_score() {
    let (probe, training) = (probe(), set(MnistSplit::Train, 2));
    let looked = look(&probe, |indices| images(&training, indices));
    let measured = probe.measure(&looked).unwrap();
    // Of 1000 samples of equally frequent modes, 632 modes are expected, with a deviation of 10.
    for quantity in [MODES_FOUND, CONFIDENT_MODES] {
        let Measurement { value, of_real, standard_error, .. } = of(&measured, quantity);
        assert!((560.0..680.0).contains(&value), "{measured:?}");
        assert!((value - of_real.unwrap()).abs() < 50.0, "{measured:?}");
        assert!((8.0..13.0).contains(&standard_error.unwrap()), "{measured:?}");
    }
    let kl = of(&measured, MODES_KL);
    assert!((kl.value - kl.of_real.unwrap()).abs() < 6.0 * kl.standard_error.unwrap(), "{kl:?}");
    assert!(of(&measured, CONFIDENT).value > 0.95);
    let labels = (0..N).map(|index| training.label(index).unwrap());
    let modes = looked.classes.iter().map(|&[a, b, c]| 100 * a + 10 * b + c);
    let hits = modes.zip(labels).filter(|(mode, label)| mode == label).count();
    assert!(hits > 98 * N / 100, "{hits}");
}

#[test]
fn one_triple_over_and_over_is_one_mode() {
    let probe = probe();
    let looked = look(&probe, |indices| images(&test(), &vec![7; indices.len()]));
    let measured = probe.measure(&looked).unwrap();
    assert_eq!(of(&measured, MODES_FOUND).value, 1.0);
    assert_eq!(of(&measured, MODES_FOUND).standard_error, Some(0.0));
    assert!((of(&measured, MODES_KL).value - 1_000_f64.ln()).abs() < 1e-9);
}

#[test]
fn digits_that_agree_in_their_channels_are_at_most_ten_modes() {
    let probe = probe();
    let gray = |indices: &[usize]| images(&test(), indices).narrow(1, 0, 1).repeat_dim(1, 3);
    let measured = probe.measure(&look(&probe, gray)).unwrap();
    assert_eq!(of(&measured, MODES_FOUND).value, 10.0);
    assert!((of(&measured, MODES_KL).value - 100_f64.ln()).abs() < 0.05);
}

/// What the classifier takes noise for is its own affair, and it may be sure of it.
#[test]
fn noise_and_shuffled_digits_are_few_modes() {
    let probe = probe();
    for control in [Control::Noise, Control::ShuffledValues] {
        let draw = |indices: &[usize]| {
            control.samples_of_part(&images(&test(), indices), (indices[0] / CHUNK) as u64)
        };
        let measured = probe.measure(&look(&probe, draw)).unwrap();
        assert!(of(&measured, MODES_FOUND).value < 50.0, "{control:?}: {measured:?}");
        assert!(of(&measured, MODES_KL).value > 6.0, "{control:?}: {measured:?}");
    }
}

#[test]
fn twisted_digits_cover_the_modes_and_only_confidence_shows_it() {
    let probe = probe();
    let twisted = |indices: &[usize]| Corruption::Swirl.apply(images(&test(), indices), 0.6);
    let measured = probe.measure(&look(&probe, twisted)).unwrap();
    let beside_real = |quantity| {
        let Measurement { value, of_real, .. } = of(&measured, quantity);
        value / of_real.unwrap()
    };
    assert!(beside_real(MODES_FOUND) > 0.9, "{measured:?}");
    assert!(beside_real(CONFIDENT_MODES) < 0.7, "{measured:?}");
    assert!(beside_real(CONFIDENT) < 0.6, "{measured:?}");
}

#[test]
fn the_parts_of_a_control_differ_and_the_first_is_the_whole() {
    let real = images(&test(), &[0, 1]);
    for control in [Control::Noise, Control::ShuffledValues] {
        let part = |part| control.samples_of_part(&real, part).into_data();
        assert_eq!(part(0), control.samples(&real).into_data());
        assert_ne!(part(0), part(1));
    }
}

#[test]
fn what_are_no_stacked_digits_is_refused_by_its_shape() {
    let probe = probe();
    let device = Device::default();
    let message = |result: Result<(), EvalError>| result.unwrap_err().to_string();
    let gray = message(probe.pass().add(Tensor::<4>::zeros([2, 1, 28, 28], &device), None));
    assert!(gray.contains("3 channels") && gray.contains("1×28×28"), "{gray}");
    let points = message(probe.pass().add(Tensor::<2>::zeros([2, 3], &device), None));
    assert!(points.ends_with("found samples of 3"), "{points}");
    let small = message(probe.pass().add(Tensor::<4>::zeros([2, 3, 4, 4], &device), None));
    assert!(small.contains("at least 8×8 pixels"), "{small}");
    let Err(error) = StackedProbe::new(Pixels, 10) else { panic!("pixels know no classes") };
    assert!(error.to_string().contains("10 classes, `pixels-1` has 0"), "{error}");
}

#[test]
fn no_quantity_has_the_name_of_another_one_of_points() {
    let points = KnownDensity::ring(8, 1.0, 0.02).unwrap();
    let of_points: Vec<&str> =
        density::quantities(&points).iter().map(|quantity| quantity.name).collect();
    let of_stacked = stacked::quantities();
    assert!(of_stacked.iter().all(|quantity| !of_points.contains(&quantity.name)));
    assert!(of_stacked.iter().all(|quantity| quantity.better.is_some()));
}
