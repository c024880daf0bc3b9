//! A classifier as a feature space of images, whatever the rank of the tensor that they come in.

use burn::tensor::{Device, Tensor};
use gan_eval::classifier::Classifier;
use gan_eval::{EvalError, FeatureExtractor, Looked};

/// A classifier of images that looks at samples in `f32`, off the autodiff side.
#[derive(Clone, Debug)]
pub(crate) struct ImageFeatures {
    pub(crate) classifier: Classifier,
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

impl<const D: usize> FeatureExtractor<D> for ImageFeatures {
    fn id(&self) -> String {
        FeatureExtractor::<4>::id(&self.classifier)
    }

    fn check(&self, shape: [usize; D]) -> Result<(), EvalError> {
        self.classifier.check(image_shape(shape))
    }

    fn features(&self, samples: Tensor<D>) -> Tensor<2> {
        self.look(samples).features
    }

    fn classes(&self) -> usize {
        self.classifier.classes()
    }

    fn look(&self, samples: Tensor<D>) -> Looked {
        let shape = image_shape(samples.dims());
        self.classifier.look(samples.reshape(shape).to_device(&self.device))
    }
}
