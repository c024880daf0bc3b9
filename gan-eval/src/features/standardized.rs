//! Features without a network for numbers of different units.

use burn::tensor::{Tensor, TensorData};
use gan_divergence::DivergenceError;

use crate::digest::sha256_digits;
use crate::{EvalError, FeatureExtractor};

/// Hexadecimal digits of the digest in an id.
const DIGITS: usize = 12;

/// The values of a sample in units of the real ones' deviations: `(xⱼ − μⱼ)/σⱼ` for each value `j`.
///
/// So a column of a table counts as much as any other, whatever it is measured in. A value that is the same in all
/// real samples keeps its own unit.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor};
/// use gan_eval::{FeatureExtractor, Standardized};
///
/// let real = Tensor::<2>::from_floats([[0.0, 100.0], [2.0, 300.0]], &Device::default());
/// let standardized = Standardized::fit(real.clone())?;
/// let features: Vec<f32> = standardized.features(real).into_data().iter().collect();
/// assert_eq!(features, [-1.0, -1.0, 1.0, 1.0]);
/// # Ok::<(), gan_eval::EvalError>(())
/// ```
#[doc(alias = "StandardScaler")]
#[doc(alias = "z-score")]
#[derive(Clone, Debug, PartialEq)]
pub struct Standardized {
    sha256: String,
    means: Vec<f32>,
    deviations: Vec<f32>,
}

impl Standardized {
    /// Means and deviations (over `n`) of real samples.
    ///
    /// # Shapes
    /// Samples `[n, ..]`, off the autodiff side.
    ///
    /// # Errors
    /// [`EvalError::Divergence`] without samples, and for values that are infinite or not a number.
    pub fn fit<const D: usize>(real: Tensor<D>) -> Result<Self, EvalError> {
        let n = real.dims()[0];
        let data: Vec<f32> = real.into_data().iter::<f32>().collect();
        if n == 0 {
            return Err(DivergenceError::Empty { what: "the samples" }.into());
        }
        if let Some(index) = data.iter().position(|value| !value.is_finite()) {
            let (what, value) = ("the samples", f64::from(data[index]));
            return Err(DivergenceError::NotFinite { what, index, value }.into());
        }
        let width = data.len() / n;
        let (means, deviations) = (0..width).map(|j| moments(&data[j..], width)).unzip();
        Ok(Self::of(means, deviations))
    }

    fn of(means: Vec<f32>, deviations: Vec<f32>) -> Self {
        let bytes = means.iter().chain(&deviations).flat_map(|value| value.to_le_bytes());
        let sha256 = sha256_digits(&bytes.collect::<Vec<u8>>());
        Self { sha256, means, deviations }
    }

    /// The SHA-256 of means and deviations, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

/// Mean and deviation of every `width`-th number; 1 for a deviation of 0.
fn moments(values: &[f32], width: usize) -> (f32, f32) {
    let column = || values.iter().step_by(width).map(|&value| f64::from(value));
    let n = column().count() as f64;
    let mean = column().sum::<f64>() / n;
    let variance = column().map(|value| (value - mean).powi(2)).sum::<f64>() / n;
    let deviation = variance.sqrt() as f32;
    (mean as f32, if deviation > 0.0 { deviation } else { 1.0 })
}

impl<const D: usize> FeatureExtractor<D> for Standardized {
    /// The number of values and the beginning of the SHA-256 of their means and deviations.
    fn id(&self) -> String {
        format!("standardized-{}-{}", self.means.len(), &self.sha256[..DIGITS])
    }

    fn check(&self, shape: [usize; D]) -> Result<(), EvalError> {
        let (expected, found) = (self.means.len(), shape.iter().skip(1).product());
        if found == expected {
            return Ok(());
        }
        let id = FeatureExtractor::<D>::id(self);
        Err(EvalError::SampleValues { id, expected, found })
    }

    fn features(&self, samples: Tensor<D>) -> Tensor<2> {
        let (n, width, device) = (samples.dims()[0], self.means.len(), samples.device());
        let row = |values: &[f32]| {
            Tensor::<2>::from_data(TensorData::new(values.to_vec(), [1, width]), &device)
        };
        (samples.reshape([n, width]) - row(&self.means)) / row(&self.deviations)
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

    use super::*;

    #[test]
    fn columns_of_any_unit_count_alike_and_constant_ones_keep_theirs() {
        let device = Device::default();
        let real = Tensor::<2>::from_floats([[1e6, 5.0, 1.0], [3e6, 5.0, 2.0]], &device);
        let standardized = Standardized::fit(real).unwrap();
        let fake = Tensor::<2>::from_floats([[4e6, 7.0, 1.5]], &device);
        let features: Vec<f32> = standardized.features(fake).into_data().iter().collect();
        assert_eq!(features, [2.0, 2.0, 0.0]);
    }

    #[test]
    fn other_sizes_and_what_is_no_number_are_refused() {
        let device = Device::default();
        let standardized = Standardized::fit(Tensor::<2>::ones([3, 2], &device)).unwrap();
        let refused = standardized.check([1, 3]).unwrap_err().to_string();
        assert!(refused.contains("2 values, found 3"), "{refused}");
        let broken = Tensor::<2>::from_floats([[1.0, f32::NAN]], &device);
        assert!(Standardized::fit(broken).is_err());
        assert!(Standardized::fit(Tensor::<2>::empty([0, 2], &device)).is_err());
    }
}
