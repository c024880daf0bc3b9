//! The shipped digits are MNIST's.

use std::sync::LazyLock;

use burn_dataset::Dataset;
use gan_data::{DataError, Mnist, MnistSize, MnistSplit, SampleSet};

use crate::errors::check;

static ALL: LazyLock<Mnist> =
    LazyLock::new(|| Mnist::shipped(MnistSplit::All, MnistSize::Original28).unwrap());
static TEST_32: LazyLock<Mnist> =
    LazyLock::new(|| Mnist::shipped(MnistSplit::Test, MnistSize::Resized32).unwrap());

/// Training image 0 in the levels 0 to 255, resized to 32×32 by PyTorch 2.9.0's
/// `interpolate(mode="bilinear", align_corners=False)`, as little-endian `f32`.
const TRAIN_0_BY_PYTORCH: &[u8] = include_bytes!("../fixtures/mnist_train_0_bilinear_32.f32");

fn counts(indices: std::ops::Range<usize>) -> [usize; 10] {
    let mut counts = [0; 10];
    for i in indices {
        counts[ALL.label(i).unwrap()] += 1;
    }
    counts
}

#[test]
fn each_digit_is_there_as_often_as_the_authors_say() {
    assert_eq!((ALL.len(), ALL.classes(), ALL.shape()), (70_000, 10, &[1, 28, 28][..]));
    let train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    assert_eq!(counts(0..60_000), train);
    assert_eq!(counts(60_000..70_000), [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]);
}

#[test]
fn the_first_labels_and_the_mean_level_are_right() {
    let labels: Vec<_> = (0..5).map(|i| ALL.label(i).unwrap()).collect();
    assert_eq!(labels, [5, 0, 4, 1, 9]);
    let sum: u64 = (0..60_000).flat_map(|i| ALL.levels(i)).map(|&level| u64::from(level)).sum();
    assert_eq!(sum, 1_567_298_545);
    // 0.1307 of the full level, the number in every PyTorch example.
    assert!((sum as f64 / 255.0 / (60_000.0 * 784.0) - 0.130_66).abs() < 1e-5);
}

#[test]
fn values_go_from_minus_one_to_one() {
    let values = ALL.values(&[0, 1, 2, 69_999]);
    assert_eq!(values.len(), 4 * 784);
    let (low, high) = values.iter().fold((0.0_f32, 0.0_f32), |(l, h), &v| (l.min(v), h.max(v)));
    assert_eq!((low, high), (-1.0, 1.0));
    for (value, &level) in values.iter().zip(ALL.levels(0)) {
        assert_eq!(*value, f32::from(level) / 127.5 - 1.0);
    }
}

#[test]
fn a_resized_digit_is_the_one_that_pytorch_makes() {
    let train = Mnist::shipped(MnistSplit::Train, MnistSize::Resized32).unwrap();
    assert_eq!((train.len(), train.shape()), (60_000, &[1, 32, 32][..]));
    let levels = TRAIN_0_BY_PYTORCH.as_chunks::<4>().0.iter().map(|&b| f32::from_le_bytes(b));
    let sample = train.get(0).unwrap();
    assert_eq!(sample.label, Some(5));
    assert_eq!(sample.values.len(), levels.len());
    for (found, level) in sample.values.into_iter().zip(levels) {
        let expected = level / 127.5 - 1.0;
        assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
    }
}

#[test]
fn resizing_is_what_a_batch_sees_and_not_what_is_held() {
    assert_eq!(TEST_32.shape(), [1, 32, 32]);
    assert_eq!(TEST_32.levels(7), ALL.levels(60_007));
    assert_ne!(TEST_32.fingerprint(), ALL.fingerprint());
}

#[test]
fn a_subset_is_the_first_images() {
    let subset = TEST_32.clone().subset(1000).unwrap();
    assert_eq!(subset.len(), 1000);
    assert_eq!(subset.get(999).unwrap(), TEST_32.get(999).unwrap());
    assert_ne!(subset.fingerprint(), TEST_32.fingerprint());
    let seen: std::collections::BTreeSet<_> = (0..1000).map(|i| subset.label(i)).collect();
    assert_eq!(seen.len(), 10);

    for requested in [0, 10_001] {
        let error = TEST_32.clone().subset(requested).unwrap_err();
        check(&error, &[&requested.to_string(), "1 to 10000"]);
        assert!(matches!(error, DataError::Subset { available: 10_000, .. }));
    }
}
