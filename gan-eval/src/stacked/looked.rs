//! One pass over stacked digits, chunk by chunk: the digits that a classifier finds, the images not among it.

use burn::tensor::Tensor;

use super::{CHANNELS, DIGITS, StackedModes, stacked_modes};
use crate::observed::argmax;
use crate::packed::{Packed, Packer, Unpacker};
use crate::{EvalError, FeatureExtractor};

/// The digits that a classifier has found in the channels of samples: 60 bytes a sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackedLooked {
    /// The most probable digit of each channel.
    pub classes: Vec<[usize; CHANNELS]>,
    /// Its probability.
    pub probabilities: Vec<[f64; CHANNELS]>,
    /// The class of each sample as it was asked for or labeled, 0 to 999; none without labels.
    pub labels: Vec<usize>,
}

impl StackedLooked {
    /// The number of samples.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// Which modes they are in.
    ///
    /// # Errors
    /// As [`stacked_modes`].
    pub fn modes(&self) -> Result<StackedModes, EvalError> {
        stacked_modes(&self.classes, &self.probabilities)
    }

    /// The share of the samples that are in the mode of their label; none without labels.
    pub fn agreement(&self) -> Option<f64> {
        let pairs = self.labels.iter().zip(&self.classes);
        let hits = pairs.filter(|(label, classes)| **label == super::mode(classes)).count();
        (!self.labels.is_empty()).then(|| hits as f64 / self.labels.len() as f64)
    }
}

/// Looks at stacked digits chunk by chunk, at each channel as one gray digit.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor};
/// use gan_eval::digits;
/// use gan_eval::stacked::StackedPass;
///
/// let classifier = digits::classifier(&Device::default());
/// let mut pass = StackedPass::new(&classifier);
/// for _ in 0..2 {
///     pass.add(Tensor::<4>::zeros([5, 3, 28, 28], &Device::default()), None)?;
/// }
/// assert_eq!(pass.finish().modes()?.modes, 1);
/// # Ok::<(), gan_eval::EvalError>(())
/// ```
pub struct StackedPass<'a, E> {
    classifier: &'a E,
    looked: StackedLooked,
}

impl<'a, E: FeatureExtractor<4>> StackedPass<'a, E> {
    /// Nothing has been looked at.
    pub fn new(classifier: &'a E) -> Self {
        Self { classifier, looked: StackedLooked::default() }
    }

    /// Look at images `[n, 3, height, width]`, off the autodiff side, of these classes if they have any.
    ///
    /// # Errors
    /// [`EvalError::StackedShape`] for samples of another shape, [`EvalError::StackedClasses`] for a classifier that
    /// does not tell ten classes apart, and what [`FeatureExtractor::check`] says of one channel.
    pub fn add<const D: usize>(
        &mut self,
        samples: Tensor<D>,
        labels: Option<&[usize]>,
    ) -> Result<(), EvalError> {
        self.take(look(self.classifier, samples, labels)?);
        Ok(())
    }

    /// A chunk that was looked at, here or by another rank.
    pub(super) fn take(&mut self, chunk: StackedLooked) {
        self.looked.classes.extend(chunk.classes);
        self.looked.probabilities.extend(chunk.probabilities);
        self.looked.labels.extend(chunk.labels);
    }

    /// What was found.
    pub fn finish(self) -> StackedLooked {
        self.looked
    }
}

/// What is found in one chunk of samples; see [`StackedPass::add`].
pub(crate) fn look<E: FeatureExtractor<4>, const D: usize>(
    classifier: &E,
    samples: Tensor<D>,
    labels: Option<&[usize]>,
) -> Result<StackedLooked, EvalError> {
    let shape = samples.dims();
    let &[n, CHANNELS, height, width] = shape.as_slice() else {
        return Err(EvalError::StackedShape { found: shape[1..].to_vec() });
    };
    let digits = samples.reshape([CHANNELS * n, 1, height, width]);
    classifier.check(digits.dims())?;
    let mut looked =
        StackedLooked { labels: labels.unwrap_or_default().to_vec(), ..Default::default() };
    for logits in logits(classifier, digits)?.chunks_exact(CHANNELS * DIGITS) {
        let channels = [0, 1, 2].map(|channel| &logits[channel * DIGITS..][..DIGITS]);
        looked.classes.push(channels.map(argmax));
        looked.probabilities.push(channels.map(probability));
    }
    Ok(looked)
}

/// Ten logits of each digit, one after the other.
fn logits<E: FeatureExtractor<4>>(
    classifier: &E,
    digits: Tensor<4>,
) -> Result<Vec<f32>, EvalError> {
    let (id, expected) = (classifier.id(), digits.dims()[0]);
    let Some(logits) = classifier.look(digits).logits else {
        return Err(EvalError::StackedClasses { id, found: 0 });
    };
    match logits.dims() {
        [found, DIGITS] if found == expected => Ok(logits.into_data().iter::<f32>().collect()),
        [found, DIGITS] => Err(EvalError::FeatureRows { id, expected, found }),
        [_, found] => Err(EvalError::StackedClasses { id, found }),
    }
}

impl Packed for StackedLooked {
    fn pack(&self) -> Vec<u8> {
        Packer::default()
            .sizes(self.classes.as_flattened())
            .doubles(self.probabilities.as_flattened())
            .sizes(&self.labels)
            .finish()
    }

    fn unpack(bytes: &[u8]) -> Option<Self> {
        let mut lists = Unpacker(bytes);
        let (classes, probabilities, labels) = (lists.sizes()?, lists.doubles()?, lists.sizes()?);
        let (classes, _) = classes.as_chunks::<CHANNELS>();
        let (probabilities, _) = probabilities.as_chunks::<CHANNELS>();
        Some(Self { classes: classes.to_vec(), probabilities: probabilities.to_vec(), labels })
    }
}

/// The probability of the most probable class.
fn probability(logits: &[f32]) -> f64 {
    let most = f64::from(logits[argmax(logits)]);
    1.0 / logits.iter().map(|&logit| (f64::from(logit) - most).exp()).sum::<f64>()
}
