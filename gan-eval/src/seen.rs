//! One chunk of samples, looked at.

use burn::tensor::Tensor;

use crate::packed::{Packed, Packer, Unpacker};
use crate::{EvalError, FeatureExtractor};

/// What was found in a chunk of samples, and the samples themselves.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seen {
    /// The shape of the samples `[n, ..]`.
    pub(crate) shape: Vec<usize>,
    pub(crate) values: Vec<f32>,
    pub(crate) labels: Vec<usize>,
    pub(crate) features: Vec<f32>,
    /// The length of a row of features.
    pub(crate) dim: usize,
    pub(crate) logits: Vec<f32>,
    /// The number of classes; 0 without.
    pub(crate) classes: usize,
    /// How many images the extractor keeps in all.
    pub(crate) kept: usize,
}

impl Seen {
    /// Samples `[n, ..]`, off the autodiff side, of these classes if they have any.
    ///
    /// # Errors
    /// The extractor takes no samples of this shape ([`FeatureExtractor::check`]), or has not one row of
    /// features for each.
    pub(crate) fn of<E: FeatureExtractor<D>, const D: usize>(
        extractor: &E,
        samples: Tensor<D>,
        labels: Option<&[usize]>,
    ) -> Result<Self, EvalError> {
        extractor.check(samples.dims())?;
        let expected = samples.dims()[0];
        let looked = extractor.look(samples.clone());
        let [found, dim] = looked.features.dims();
        if found != expected {
            return Err(EvalError::FeatureRows { id: extractor.id(), expected, found });
        }
        let numbers = |tensor: Tensor<2>| tensor.into_data().iter::<f32>().collect();
        Ok(Self {
            shape: samples.dims().to_vec(),
            labels: labels.unwrap_or_default().to_vec(),
            features: numbers(looked.features),
            dim,
            classes: looked.logits.as_ref().map_or(0, |logits| logits.dims()[1]),
            logits: looked.logits.map(numbers).unwrap_or_default(),
            values: samples.into_data().iter::<f32>().collect(),
            kept: extractor.kept_images(),
        })
    }
}

impl Packed for Seen {
    fn pack(&self) -> Vec<u8> {
        Packer::default()
            .sizes(&self.shape)
            .sizes(&[self.dim, self.classes, self.kept])
            .sizes(&self.labels)
            .floats(&self.values)
            .floats(&self.features)
            .floats(&self.logits)
            .finish()
    }

    fn unpack(bytes: &[u8]) -> Option<Self> {
        let mut lists = Unpacker(bytes);
        let shape = lists.sizes()?;
        let [dim, classes, kept] = lists.sizes()?.try_into().ok()?;
        let labels = lists.sizes()?;
        let (values, features, logits) = (lists.floats()?, lists.floats()?, lists.floats()?);
        Some(Self { shape, values, labels, features, dim, logits, classes, kept })
    }
}
