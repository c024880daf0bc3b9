//! Digits against digits, noise, one digit, and features of the wrong shape.

use burn::tensor::{Device, Distribution, TensorData};
use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet};

use super::*;
use crate::Pixels;
use crate::quantities::{Found, quantities};

/// The mean of each of the 16 squares of 7×7 pixels of a digit.
struct Ink;

impl FeatureExtractor<4> for Ink {
    fn id(&self) -> String {
        "ink-1".to_owned()
    }

    fn features(&self, images: Tensor<4>) -> Tensor<2> {
        let n = images.dims()[0];
        let squares: Tensor<6> = images.reshape([n, 1, 4, 7, 4, 7]);
        squares.mean_dim(5).mean_dim(3).reshape([n, 16])
    }
}

/// Test digits from the `first` on.
fn digits(first: usize, n: usize) -> Tensor<4> {
    let set = Mnist::shipped(MnistSplit::Test, MnistSize::Original28).unwrap();
    let indices: Vec<usize> = (first..first + n).collect();
    let data = TensorData::new(set.values(&indices), [n, 1, 28, 28]);
    Tensor::from_data(data, &Device::default())
}

fn probe() -> FeatureProbe<Ink> {
    FeatureProbe::new(Ink, digits(0, 600), digits(600, 600)).unwrap()
}

fn value(measured: &[Measurement], name: &str) -> f64 {
    measured.iter().find(|each| each.quantity.name == name).unwrap().value
}

#[test]
fn held_out_digits_score_what_they_score_beside_everything() {
    let measured = probe().evaluate(digits(600, 600)).unwrap();
    for (each, quantity) in measured.iter().zip(quantities(Card::Brief, Found::FEATURES)) {
        assert_eq!((each.quantity, each.of_real), (quantity, Some(each.value)));
    }
}

#[test]
fn digits_are_near_the_floor_and_noise_is_far_from_it() {
    let probe = probe();
    let real = probe.evaluate(digits(1_200, 600)).unwrap();
    let shape = [600, 1, 28, 28];
    let noise = Tensor::random(shape, Distribution::Uniform(-1.0, 1.0), &Device::default());
    let noise = probe.evaluate(noise).unwrap();
    let far = |name| value(&noise, name) / value(&real, name);
    assert!(far("samples/frechet") > 20.0, "{noise:?} {real:?}");
    assert!(value(&noise, "samples/kernel_distance") > 0.1, "{noise:?}");
    assert!(value(&noise, "samples/coverage") < 0.05 && value(&real, "samples/coverage") > 0.8);
    assert!(value(&noise, "samples/precision") < 0.05 && value(&real, "samples/precision") > 0.6);
}

#[test]
fn one_digit_repeated_is_precise_and_covers_nothing() {
    let one = digits(0, 1).repeat_dim(0, 600);
    let measured = probe().evaluate(one).unwrap();
    assert_eq!(value(&measured, "samples/precision"), 1.0);
    assert!(value(&measured, "samples/recall") < 0.01, "{measured:?}");
    assert!(value(&measured, "samples/coverage") < 0.1, "{measured:?}");
}

#[test]
fn the_order_of_the_samples_does_not_matter() {
    let probe = probe();
    let (there, back) = (digits(1_200, 600), digits(1_200, 600).flip([0]));
    let (there, back) = (probe.evaluate(there).unwrap(), probe.evaluate(back).unwrap());
    for name in ["samples/frechet", "samples/precision", "samples/recall", "samples/coverage"] {
        let (a, b) = (value(&there, name), value(&back, name));
        assert!((a - b).abs() <= 1e-9 * a.abs(), "{name}: {a} and {b}");
    }
}

#[test]
fn pixels_are_the_values_of_a_sample() {
    let features = Pixels.features(digits(0, 3));
    assert_eq!(features.dims(), [3, 784]);
    assert_eq!(features.into_data(), digits(0, 3).reshape([3, 784]).into_data());
    assert_eq!(FeatureExtractor::<4>::id(&Pixels), "pixels-1");
}

#[test]
fn features_without_a_row_for_each_sample_are_refused() {
    struct Mean;
    impl FeatureExtractor<4> for Mean {
        fn id(&self) -> String {
            "mean".to_owned()
        }
        fn features(&self, images: Tensor<4>) -> Tensor<2> {
            images.mean_dim(0).reshape([1, 784])
        }
    }
    let error = FeatureProbe::new(Mean, digits(0, 8), digits(8, 8)).err().unwrap().to_string();
    assert_eq!(error, "the features `mean` have 1 rows for 8 samples, expected one a sample");
}

#[test]
fn too_few_samples_are_refused_with_both_numbers() {
    let error = FeatureProbe::new(Ink, digits(0, 5), digits(5, 5)).err().unwrap();
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains('5') && cause.contains('6'), "{cause}");
}
