//! Features without a network: pixels along the directions in which real samples vary most.

mod by_rows;
mod centered;
mod leading;
mod rotations;

use burn::tensor::{Tensor, TensorData};

use centered::Centered;
use leading::{Leading, leading};

use crate::digest::sha256_digits;
use crate::quantities::PYRAMID_IMAGES;
use crate::{EvalError, FeatureExtractor};

/// Components of an extractor that is asked for none in particular.
pub const COMPONENTS: usize = 64;
/// The most rows of a matrix whose eigenvectors are sought, and so the most samples that components
/// of larger samples are fitted on.
const LARGEST_SIDE: usize = 2_048;
/// Directions of a smaller share of the largest variance are rounding.
const LEAST_SHARE: f64 = 1e-10;
/// Hexadecimal digits of the digest in an id.
const DIGITS: usize = 12;

/// Samples projected on the first principal components of real ones.
///
/// `(x − μ)·W`, with the mean `μ` and the unit eigenvectors `W` of the largest eigenvalues of the
/// real samples' covariance. Features are not divided by their deviations: distances among them are
/// those among pixels, as far as real samples vary. For the Fréchet distance 64 components need far fewer
/// samples than the 784 pixels of a digit. Like [`Pixels`](crate::Pixels) they know nothing of pictures.
///
/// The fit is done on the host in `f64`, to the same bits on every machine and with any number of threads;
/// the projection in `f32` on the device of the samples.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor, TensorData};
/// use gan_eval::FeatureExtractor;
/// use gan_eval::pca::PcaPixels;
///
/// let values: Vec<f32> = (0..100 * 16).map(|i| (i * i % 31) as f32).collect();
/// let real = Tensor::<4>::from_data(TensorData::new(values, [100, 1, 4, 4]), &Device::default());
/// let extractor = PcaPixels::fit(real.clone(), 3)?;
/// assert_eq!(extractor.features(real).dims(), [100, 3]);
/// assert!(FeatureExtractor::<4>::id(&extractor).starts_with("pca-pixels-3-"));
/// # Ok::<(), gan_eval::EvalError>(())
/// ```
#[doc(alias = "principal components")]
#[derive(Clone, Debug)]
pub struct PcaPixels {
    id: String,
    sha256: String,
    mean: Vec<f32>,
    /// One component after the other.
    components: Vec<f32>,
    variances: Vec<f64>,
    total_variance: f64,
}

impl PcaPixels {
    /// The first `components` principal components of real samples; [`COMPONENTS`] is a good number.
    ///
    /// Of samples of more than 2,048 values the first 2,048 are looked at. The covariance is divided
    /// by `n − 1`; of a component, the entry largest in size is positive.
    ///
    /// # Shapes
    /// Samples `[n, ..]`, off the autodiff side.
    ///
    /// # Errors
    /// [`EvalError::Components`] unless there are more samples, and no fewer values, than components;
    /// [`EvalError::Rank`] where samples vary in fewer directions; [`EvalError::Divergence`] for values
    /// that are infinite or not a number.
    ///
    /// # Numerics
    /// Eigenvectors of the covariance, or of the samples' products where these are fewer than values, by
    /// subspace iteration of twice as many vectors until the variance that they hold stands still. Where
    /// eigenvalues are equal, any rotation among their eigenvectors is as good.
    ///
    /// # Source
    /// Hotelling (1933), doi:10.1037/h0071325; subspace iteration as in Halko et al. (2011),
    /// doi:10.1137/090771806, algorithm 4.4.
    pub fn fit<const D: usize>(samples: Tensor<D>, components: usize) -> Result<Self, EvalError> {
        let n = samples.dims()[0];
        let values = samples.shape().num_elements() / n.max(1);
        if components == 0 || components >= n || components > values {
            return Err(EvalError::Components { components, samples: n, values });
        }
        let data: Vec<f32> = samples.into_data().iter::<f32>().collect();
        let used = n.min(Self::most_samples(values));
        if components >= used {
            return Err(EvalError::Components { components, samples: used, values });
        }
        let centered = Centered::new(&data[..used * values], values)?;
        let of_gram = leading(&centered.gram(), centered.side(), components);
        let least = LEAST_SHARE * of_gram.values[0];
        let rank = of_gram.values.iter().take_while(|&&value| value > least).count();
        if rank < components {
            return Err(EvalError::Rank { components, rank });
        }
        Ok(Self::of(&centered, of_gram))
    }

    /// How many samples of so many values are looked at, at most.
    pub fn most_samples(values: usize) -> usize {
        if values > LARGEST_SIDE { LARGEST_SIDE } else { usize::MAX }
    }

    fn of(centered: &Centered<'_>, of_gram: Leading) -> Self {
        let to_f32 = |values: &[f64]| values.iter().map(|&x| x as f32).collect::<Vec<f32>>();
        let components = to_f32(&centered.components(of_gram.vectors));
        let mean = to_f32(centered.mean());
        let bytes = mean.iter().chain(&components).flat_map(|value| value.to_le_bytes());
        let sha256 = sha256_digits(&bytes.collect::<Vec<u8>>());
        let id = format!("pca-pixels-{}-{}", of_gram.values.len(), &sha256[..DIGITS]);
        let total_variance = of_gram.trace;
        Self { id, sha256, mean, components, variances: of_gram.values, total_variance }
    }

    /// How many components there are: the length of a feature vector.
    pub fn dim(&self) -> usize {
        self.variances.len()
    }

    /// The SHA-256 of mean and components, in hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Values of a sample that they are made of.
    pub fn sample_values(&self) -> usize {
        self.mean.len()
    }

    /// The variance of real samples along each component, largest first.
    pub fn variances(&self) -> &[f64] {
        &self.variances
    }

    /// The share of the real samples' variance that lies along the components, in `(0, 1]`.
    pub fn explained(&self) -> f64 {
        self.variances.iter().sum::<f64>() / self.total_variance
    }

    /// The unit vectors that samples are projected on, one after the other.
    pub fn components(&self) -> impl ExactSizeIterator<Item = &[f32]> {
        self.components.chunks_exact(self.mean.len())
    }

    /// The coordinates of each sample along the components.
    ///
    /// # Shapes
    /// Samples `[n, ..]` of as many values as those fitted on; the result `[n, k]`.
    ///
    /// # Errors
    /// [`EvalError::SampleValues`] for samples of another size.
    pub fn project<const D: usize>(&self, samples: Tensor<D>) -> Result<Tensor<2>, EvalError> {
        self.check(samples.dims())?;
        let (n, expected) = (samples.dims()[0], self.mean.len());
        let device = samples.device();
        let mean = TensorData::new(self.mean.clone(), [1, expected]);
        let components = TensorData::new(self.components.clone(), [self.dim(), expected]);
        let mean = Tensor::<2>::from_data(mean, &device);
        let components = Tensor::<2>::from_data(components, &device);
        Ok((samples.reshape([n, expected]) - mean).matmul(components.transpose()))
    }
}

impl<const D: usize> FeatureExtractor<D> for PcaPixels {
    /// The number of components and the beginning of the SHA-256 of the mean and the components.
    fn id(&self) -> String {
        self.id.clone()
    }

    fn check(&self, shape: [usize; D]) -> Result<(), EvalError> {
        let (expected, found) = (self.mean.len(), shape.iter().skip(1).product());
        if found == expected {
            return Ok(());
        }
        Err(EvalError::SampleValues { id: self.id.clone(), expected, found })
    }

    /// Images are compared by their patches as well.
    fn kept_images(&self) -> usize {
        PYRAMID_IMAGES
    }

    /// # Panics
    /// The samples have another size than [`PcaPixels::project`] accepts.
    #[expect(clippy::expect_used, reason = "the size is the caller's to check")]
    fn features(&self, samples: Tensor<D>) -> Tensor<2> {
        self.project(samples).expect("samples of as many values as those fitted on")
    }
}

#[cfg(test)]
mod tests;
