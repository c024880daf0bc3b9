//! A small convolutional classifier: class probabilities, and a feature space behind global average pooling.
//!
//! Five 3×3 convolutions, each with batch normalization and ReLU, two of them with stride 2; the mean over
//! the pixels of the last maps is the feature vector, four times the width long; a linear layer makes the
//! logits. In a trained [`Classifier`] the normalizations are folded into the convolutions. It takes
//! images of any size from 8×8 pixels, of the channels that it was trained on.

mod augmentation;
mod file;
mod network;
mod training;

use burn::tensor::{Device, Int, Tensor};

use network::Folded;

pub use file::ClassifierFileError;
pub use training::{ClassifierConfig, TrainingError};

use crate::features::Looked;
use crate::{EvalError, FeatureExtractor};

/// Images that one pass takes: what a pass holds in memory does not grow with the samples.
const CHUNK: usize = 500;
/// The smallest image: a pixel of the last maps stands for 4×4 of its own.
const LEAST_SIDE: usize = 8;

/// A trained classifier, ready for inference.
///
/// # Example
/// ```no_run
/// use burn::tensor::Device;
/// use gan_eval::classifier::Classifier;
///
/// let bytes = std::fs::read("classifier.bin")?;
/// let classifier = Classifier::from_bytes(&bytes, &Device::default())?;
/// println!("{} classes, {} features", classifier.classes(), classifier.dim());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Classifier {
    id: String,
    /// The share of test images that it told apart, if that is known.
    test_accuracy: Option<f64>,
    network: Folded,
}

impl Classifier {
    /// Channels of the images.
    pub fn channels(&self) -> usize {
        self.network.channels()
    }

    /// The number of classes.
    pub fn classes(&self) -> usize {
        self.network.classes()
    }

    /// The length of a feature vector.
    pub fn dim(&self) -> usize {
        self.network.dim()
    }

    /// Weights and biases in all.
    pub fn n_parameters(&self) -> usize {
        self.network.values().len()
    }

    /// The share of test images whose class it found, as whoever trained it has noted.
    pub fn test_accuracy(&self) -> Option<f64> {
        self.test_accuracy
    }

    /// The same classifier with the share of test images whose class it found, which its file keeps.
    #[must_use]
    pub fn with_test_accuracy(self, share: f64) -> Self {
        Self { test_accuracy: Some(share), ..self }
    }

    /// Whether images of this shape, `[n, channels, height, width]`, can be looked at.
    ///
    /// # Errors
    /// [`EvalError::ImageShape`] for other channels, or a side below 8 pixels.
    pub fn check(&self, shape: [usize; 4]) -> Result<(), EvalError> {
        let [_, channels, height, width] = shape;
        if channels != self.channels() || height.min(width) < LEAST_SIDE {
            let (id, expected, found) =
                (self.id.clone(), self.channels(), [channels, height, width]);
            return Err(EvalError::ImageShape { id, expected, found });
        }
        Ok(())
    }

    /// Features and logits of each image from one pass.
    ///
    /// # Shapes
    /// Images `[n, channels, height, width]` in `[−1, 1]`, off the autodiff side; features `[n, dim]`,
    /// logits `[n, classes]`.
    ///
    /// # Errors
    /// As [`Classifier::check`].
    pub fn features_and_logits(
        &self,
        images: Tensor<4>,
    ) -> Result<(Tensor<2>, Tensor<2>), EvalError> {
        self.check(images.dims())?;
        let n = images.dims()[0];
        let (mut features, mut logits) = (Vec::new(), Vec::new());
        for first in (0..n).step_by(CHUNK) {
            let chunk = images.clone().narrow(0, first, CHUNK.min(n - first));
            let pooled = self.network.features(chunk);
            logits.push(self.network.logits(pooled.clone()));
            features.push(pooled);
        }
        Ok((Tensor::cat(features, 0), Tensor::cat(logits, 0)))
    }

    /// The share of images whose largest logit is that of their label.
    ///
    /// # Shapes
    /// Images as in [`Classifier::features_and_logits`], labels `[n]`.
    ///
    /// # Errors
    /// As [`Classifier::check`].
    pub fn accuracy(&self, images: Tensor<4>, labels: Tensor<1, Int>) -> Result<f64, EvalError> {
        let (_, logits) = self.features_and_logits(images)?;
        let found = logits.argmax(1).flatten::<1>(0, 1).into_data();
        let labels = labels.into_data();
        let (found, labels) = (found.iter::<i64>(), labels.iter::<i64>());
        let hits: Vec<bool> = found.zip(labels).map(|(found, label)| found == label).collect();
        Ok(hits.iter().filter(|hit| **hit).count() as f64 / hits.len().max(1) as f64)
    }

    /// The classifier as a file; [`Classifier::from_bytes`] reads it.
    pub fn to_bytes(&self) -> Vec<u8> {
        file::write(&self.id, self.test_accuracy, &self.network)
    }

    /// The classifier in a file of [`Classifier::to_bytes`].
    ///
    /// # Errors
    /// [`ClassifierFileError`]: the bytes are no such file, are cut off, or are damaged.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self, ClassifierFileError> {
        file::read(bytes, device)
    }
}

impl FeatureExtractor<4> for Classifier {
    /// The name that it was trained under and the beginning of its weights' SHA-256.
    fn id(&self) -> String {
        self.id.clone()
    }

    /// # Panics
    /// The images have another shape than [`Classifier::check`] accepts.
    fn features(&self, samples: Tensor<4>) -> Tensor<2> {
        FeatureExtractor::look(self, samples).features
    }

    fn check(&self, shape: [usize; 4]) -> Result<(), EvalError> {
        Self::check(self, shape)
    }

    fn classes(&self) -> usize {
        Self::classes(self)
    }

    /// # Panics
    /// As [`FeatureExtractor::features`].
    #[expect(clippy::expect_used, reason = "the shape is the caller's to check")]
    fn look(&self, samples: Tensor<4>) -> Looked {
        let found = self.features_and_logits(samples);
        let (features, logits) = found.expect("images of the classifier's channels");
        Looked { features, logits: Some(logits) }
    }
}

#[cfg(test)]
mod tests;
