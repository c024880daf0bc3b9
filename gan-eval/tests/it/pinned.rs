//! The classifier that comes with the crate: its file, and what it was trained for.

use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_data::{Inspection, Mnist, MnistSize, MnistSplit, SampleSet};
use gan_eval::{FeatureExtractor, digits};
use sha2::{Digest, Sha256};

#[test]
fn the_file_is_the_one_that_is_named() {
    let digest: [u8; 32] = Sha256::digest(digits::FILE).into();
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(digest, digits::SHA256);
    assert!(digits::FILE.len() < 400_000);
    let classifier = digits::classifier(&Device::default());
    assert!(classifier.id().starts_with(&format!("{}-", digits::VERSION)));
    assert!((60_000..=100_000).contains(&classifier.n_parameters()));
    assert_eq!((classifier.channels(), classifier.classes(), classifier.dim()), (1, 10, 64));
    let least = digits::TEST_ACCURACY.iter().map(|(_, share)| *share).fold(1.0, f64::min);
    assert_eq!(classifier.test_accuracy(), Some(least));
}

#[test]
fn it_tells_the_ten_thousand_test_digits_apart_at_both_sizes() {
    let classifier = digits::classifier(&Device::default());
    for (side, share) in digits::TEST_ACCURACY {
        let size = MnistSize::try_from(side).unwrap();
        let set = Mnist::shipped(MnistSplit::Test, size).unwrap();
        let indices: Vec<usize> = (0..10_000).collect();
        let data = TensorData::new(set.values(&indices), [10_000, 1, side, side]);
        let images = Tensor::from_data(data, &Device::default());
        let labels: Vec<i64> = indices.iter().map(|&i| set.label(i).unwrap() as i64).collect();
        let labels = TensorData::new(labels, [10_000]);
        let labels = Tensor::<1, Int>::from_data(labels, &Device::default());
        let accuracy = classifier.accuracy(images, labels).unwrap();
        assert!(share >= 0.995, "{side}: {share}");
        // Another processor may round another way, which moves a digit on the border.
        assert!((accuracy - share).abs() < 3e-4, "{side}: {accuracy}");
    }
}

#[test]
fn the_median_value_is_that_of_the_digits() {
    let set = Mnist::shipped(MnistSplit::Test, MnistSize::Original28).unwrap();
    assert_eq!(Inspection::of(&set, &set.inventory()).median, digits::MEDIAN_VALUE);
}
