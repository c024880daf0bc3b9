//! A feature space of images and points, whatever the rank of the tensor that they come in.

use burn::tensor::{Device, Tensor};
use gan_eval::classifier::Classifier;
use gan_eval::pca::PcaPixels;
use gan_eval::{EvalError, FeatureExtractor, Inception, Looked, Standardized};

/// What maps samples to features.
#[derive(Clone, Debug)]
pub(crate) enum Space {
    /// A classifier's last maps.
    Classifier(Classifier),
    /// Pixels along the directions in which the real images vary most.
    Pixels(PcaPixels),
    /// Values in units of the real ones' deviations.
    Values(Standardized),
    /// The network of published FIDs.
    Inception(Inception),
}

/// A space that looks at samples in `f32`, off the autodiff side.
#[derive(Clone, Debug)]
pub(crate) struct SampleFeatures {
    pub(crate) space: Space,
    pub(crate) device: Device,
}

/// The sizes of the last four dimensions.
fn image_shape<const D: usize>(shape: [usize; D]) -> [usize; 4] {
    let mut four = [1; 4];
    for (to, from) in four.iter_mut().zip(shape) {
        *to = from;
    }
    four
}

impl Space {
    /// Whichever it is.
    pub(crate) fn as_extractor(&self) -> &dyn FeatureExtractor<4> {
        match self {
            Self::Classifier(classifier) => classifier,
            Self::Pixels(pixels) => pixels,
            Self::Values(values) => values,
            Self::Inception(inception) => inception,
        }
    }
}

impl<const D: usize> FeatureExtractor<D> for SampleFeatures {
    fn id(&self) -> String {
        self.space.as_extractor().id()
    }

    fn check(&self, shape: [usize; D]) -> Result<(), EvalError> {
        self.space.as_extractor().check(image_shape(shape))
    }

    fn features(&self, samples: Tensor<D>) -> Tensor<2> {
        self.look(samples).features
    }

    fn classes(&self) -> usize {
        self.space.as_extractor().classes()
    }

    fn kept_images(&self) -> usize {
        self.space.as_extractor().kept_images()
    }

    fn look(&self, samples: Tensor<D>) -> Looked {
        let shape = image_shape(samples.dims());
        self.space.as_extractor().look(samples.reshape(shape).to_device(&self.device))
    }
}
