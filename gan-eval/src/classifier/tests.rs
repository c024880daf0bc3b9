//! A small classifier on real digits: what it learns, what its file keeps, what it refuses.

use std::sync::LazyLock;

use burn::tensor::TensorData;
use gan_core::seed::Seed;
use gan_data::{Batches, Mnist, MnistSize, MnistSplit, SampleSet};

use super::*;

fn device() -> Device {
    Device::default()
}

/// Batches of the first training digits at a size.
fn batches(n: usize, size: MnistSize) -> Batches<Mnist, 4> {
    let digits = Mnist::shipped(MnistSplit::Train, size).unwrap().subset(n).unwrap();
    Batches::new(digits, 50, Seed(1), &device()).unwrap().with_labels().unwrap()
}

/// The first test digits at a size, with their labels.
fn test_digits(n: usize, size: MnistSize) -> (Tensor<4>, Tensor<1, Int>) {
    let set = Mnist::shipped(MnistSplit::Test, size).unwrap();
    let indices: Vec<usize> = (0..n).collect();
    let data = TensorData::new(set.values(&indices), [n, 1, size.side(), size.side()]);
    let labels: Vec<i64> = indices.iter().map(|&i| set.label(i).unwrap() as i64).collect();
    let labels = Tensor::from_data(TensorData::new(labels, [n]), &device());
    (Tensor::from_data(data, &device()), labels)
}

/// A classifier that has hardly begun to learn: any will do.
fn untaught() -> Classifier {
    let config = ClassifierConfig { width: 4, epochs: 1, ..ClassifierConfig::default() };
    let mut source = [batches(200, MnistSize::Original28)];
    config.train("test", &mut source, &device(), |_, _| true).unwrap()
}

static CLASSIFIER: LazyLock<Classifier> = LazyLock::new(untaught);

#[test]
fn it_learns_digits_of_both_sizes_from_two_thousand() {
    let config = ClassifierConfig { width: 8, epochs: 8, lr: 1e-2, ..ClassifierConfig::default() };
    let mut sources = [batches(2_000, MnistSize::Original28), batches(2_000, MnistSize::Resized32)];
    let classifier = config.train("test", &mut sources, &device(), |_, _| true).unwrap();
    for size in [MnistSize::Original28, MnistSize::Resized32] {
        let (images, labels) = test_digits(1_000, size);
        let accuracy = classifier.accuracy(images, labels).unwrap();
        assert!(accuracy > 0.9, "{size:?}: {accuracy}");
    }
    assert_eq!((classifier.classes(), classifier.channels(), classifier.dim()), (10, 1, 32));
}

#[test]
fn a_file_gives_back_the_same_classifier() {
    let bytes = CLASSIFIER.to_bytes();
    let read = Classifier::from_bytes(&bytes, &device()).unwrap();
    let (images, _) = test_digits(20, MnistSize::Original28);
    let (features, logits) = read.features_and_logits(images.clone()).unwrap();
    let (expected, expected_logits) = CLASSIFIER.features_and_logits(images).unwrap();
    assert_eq!(features.into_data(), expected.into_data());
    assert_eq!(logits.into_data(), expected_logits.into_data());
    assert_eq!(read.id(), CLASSIFIER.id());
    assert!(read.id().starts_with("test-"), "{}", read.id());
    assert_eq!(read.to_bytes(), bytes);
}

#[test]
fn damaged_files_are_refused_by_what_is_wrong() {
    let bytes = CLASSIFIER.to_bytes();
    let refused = |bytes: &[u8]| Classifier::from_bytes(bytes, &device()).unwrap_err().to_string();
    assert!(refused(b"PK").contains("the mark of a classifier"));
    assert!(refused(&[]).contains("the mark of a classifier"));
    let n = bytes.len();
    assert_eq!(refused(&bytes[..n - 1]), format!("has {} bytes, expected {n}", n - 1));
    assert_eq!(refused(&bytes[..12]), "has 12 bytes, expected 32");
    let mut flipped = bytes.clone();
    flipped[n / 2] ^= 1;
    assert!(refused(&flipped).contains("SHA-256"));
    let mut wide = bytes;
    wide[16..20].copy_from_slice(&u32::MAX.to_le_bytes());
    assert!(refused(&wide).contains("a width of 4294967295"));
}

#[test]
fn features_are_a_space_to_compare_samples_in() {
    let (digits, _) = test_digits(300, MnistSize::Original28);
    let (first, second) = (digits.clone().narrow(0, 0, 100), digits.clone().narrow(0, 100, 100));
    let probe = crate::FeatureProbe::new(CLASSIFIER.clone(), first, second).unwrap();
    let third = digits.clone().narrow(0, 200, 100);
    let real = probe.evaluate(third.clone()).unwrap();
    let same = probe.evaluate(digits.narrow(0, 0, 1).repeat_dim(0, 100)).unwrap();
    assert!(same[0].value > 3.0 * real[0].value, "{same:?} {real:?}");
}

#[test]
fn images_of_other_channels_or_too_small_are_refused() {
    let refused = |shape: [usize; 4]| {
        CLASSIFIER.features_and_logits(Tensor::zeros(shape, &device())).unwrap_err().to_string()
    };
    assert!(refused([2, 3, 28, 28]).contains("3×28×28"), "{}", refused([2, 3, 28, 28]));
    assert!(refused([2, 1, 7, 28]).contains("1×7×28"));
}

#[test]
fn what_cannot_be_trained_is_named() {
    let small = ClassifierConfig { width: 2, epochs: 1, ..ClassifierConfig::default() };
    let refused = |config: ClassifierConfig, sources: &mut [Batches<Mnist, 4>]| {
        config.train("x", sources, &device(), |_, _| true).unwrap_err().to_string()
    };
    assert!(refused(small, &mut []).contains("at least one source"));
    let none = ClassifierConfig { classes: 0, ..small };
    assert_eq!(refused(none, &mut []), "`classes` of a classifier is 0, expected at least 1");
    let wild = ClassifierConfig { lr: f64::NAN, ..small };
    assert!(refused(wild, &mut []).starts_with("`lr` of a classifier is NaN"));
    let digits = Mnist::shipped(MnistSplit::Test, MnistSize::Original28).unwrap();
    let unlabeled = Batches::new(digits, 50, Seed(1), &device()).unwrap();
    assert!(refused(small, &mut [unlabeled]).contains("needs labels"));
    let mut source = [batches(100, MnistSize::Original28)];
    let stopped = small.train("x", &mut source, &device(), |_, _| false).unwrap_err();
    assert_eq!(stopped.to_string(), "the training of the classifier was stopped after step 2");
}

#[test]
fn the_same_configuration_makes_the_same_weights() {
    let small = ClassifierConfig { width: 4, epochs: 2, ..ClassifierConfig::default() };
    let made = |seed| {
        let mut source = [batches(200, MnistSize::Original28)];
        let config = ClassifierConfig { seed: Seed(seed), ..small };
        config.train("x", &mut source, &device(), |_, _| true).unwrap().to_bytes()
    };
    assert_eq!(made(1), made(1));
    assert_ne!(made(1), made(2));
}
