//! Feature spaces: maps of samples to vectors whose distances mean something.

mod pixels;
mod standardized;

use burn::tensor::Tensor;

pub use pixels::Pixels;
pub use standardized::Standardized;

use crate::EvalError;

/// What an extractor finds in samples.
#[derive(Clone, Debug)]
pub struct Looked {
    /// A row for each sample, `[n, d]`.
    pub features: Tensor<2>,
    /// The logits of an extractor that knows classes, `[n, classes]`.
    pub logits: Option<Tensor<2>>,
}

/// Maps samples to a space in which distances mean something.
///
/// Implement it for features of one's own: a function of each sample alone, the same at every call. An extractor
/// that also tells classes apart implements [`classes`](Self::classes) and [`look`](Self::look) as well.
///
/// # Example
/// ```
/// use burn::tensor::Tensor;
/// use gan_eval::FeatureExtractor;
///
/// /// Mean and spread of an image.
/// struct Moments;
///
/// impl FeatureExtractor<4> for Moments {
///     fn id(&self) -> String {
///         "moments-1".into()
///     }
///     fn features(&self, images: Tensor<4>) -> Tensor<2> {
///         let pixels: Tensor<2> = images.flatten(1, 3).swap_dims(0, 0);
///         let mean = pixels.clone().mean_dim(1);
///         let spread = (pixels - mean.clone()).square().mean_dim(1).sqrt();
///         Tensor::cat(vec![mean, spread], 1)
///     }
/// }
/// ```
#[doc(alias = "Inception")]
#[doc(alias = "embedding")]
pub trait FeatureExtractor<const D: usize> {
    /// What names this very extractor: another network, or other weights, has another.
    fn id(&self) -> String;

    /// The features of each sample.
    ///
    /// # Shapes
    /// Samples `[n, ..]` of rank `D`, without autodiff; features `[n, d]`.
    fn features(&self, samples: Tensor<D>) -> Tensor<2>;

    /// Whether samples of this shape, the first number being how many, can be looked at.
    ///
    /// # Errors
    /// The shape is none that the extractor takes; by default it takes any.
    fn check(&self, _shape: [usize; D]) -> Result<(), EvalError> {
        Ok(())
    }

    /// The number of classes that [`look`](Self::look) gives logits of; 0 by default.
    fn classes(&self) -> usize {
        0
    }

    /// How many samples, at most, are kept for the [`pyramid`](crate::pyramid) to compare, where they are images; 0 by
    /// default.
    fn kept_images(&self) -> usize {
        0
    }

    /// Features and logits from one pass; by default the features alone.
    ///
    /// # Shapes
    /// As [`features`](Self::features); logits `[n, classes]`.
    fn look(&self, samples: Tensor<D>) -> Looked {
        Looked { features: self.features(samples), logits: None }
    }
}
