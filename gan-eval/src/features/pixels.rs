//! Features without a network: the values of a sample as they are.

use burn::tensor::Tensor;

use crate::FeatureExtractor;

/// The values of a sample themselves, as many as it has.
///
/// For points that is the space that they live in. For images, distances between pixels are no
/// distances between pictures: a digit that is shifted by two pixels is far from itself. Numbers in this
/// space tell a change of a run from none, and rank nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pixels;

impl<const D: usize> FeatureExtractor<D> for Pixels {
    fn id(&self) -> String {
        "pixels-1".to_owned()
    }

    fn features(&self, samples: Tensor<D>) -> Tensor<2> {
        let n = samples.dims()[0];
        let values = samples.shape().num_elements() / n.max(1);
        samples.reshape([n, values])
    }
}
