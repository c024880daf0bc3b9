//! The pinned classifier of handwritten digits, and its features: a ruler that does not change.
//!
//! Trained on the 60,000 training digits of MNIST at 28×28 and at 32×32 pixels by
//! `cargo xtask experiment digit-classifier`, which reports whether it has made these very weights again. Its 64
//! features lie behind global average pooling. Numbers of another [`VERSION`] are not comparable with those of this one.

use burn::tensor::Device;

use crate::Classifier;

/// What numbers in these features are said to be made with.
pub const VERSION: &str = "mnist-1";

/// The file with the weights.
pub const FILE: &[u8] = include_bytes!("../weights/mnist-1.bin");

/// The SHA-256 of [`FILE`].
pub const SHA256: &str = "3638c098a75e82af9dfdb0a99d6487d639363210372a61336328c8f8ac4aa70a";

/// The share of the 10,000 test digits whose class it finds: the side of an image in pixels, and the share.
pub const TEST_ACCURACY: [(usize, f64); 2] = [(28, 0.9971), (32, 0.9972)];

/// The median value of the images that it was made for, in `[−1, 1]`: white strokes on black.
pub const MEDIAN_VALUE: f32 = -1.0;

/// The classifier, on a device.
///
/// # Example
/// ```
/// use burn::tensor::Device;
///
/// let classifier = gan_eval::digits::classifier(&Device::default());
/// assert_eq!((classifier.classes(), classifier.dim()), (10, 64));
/// ```
#[expect(clippy::expect_used, reason = "a test reads the file that is compiled in")]
#[expect(clippy::missing_panics_doc, reason = "it does not panic: the file is intact")]
pub fn classifier(device: &Device) -> Classifier {
    Classifier::from_bytes(FILE, device).expect("the file is that of a classifier")
}
