//! The network of published FIDs: Inception v3 with weights from a file of the user's.
//!
//! A Fréchet distance is called FID only in the features of one network: the Inception of 2015 that TensorFlow
//! published, whose weights the FID community has ported to PyTorch. This module has its form; the weights, 95 MB,
//! come from a file that the user gives, and nothing is ever downloaded. Every other quantity of this crate can
//! be computed in these features as well.
//!
//! `FID = ‖μᵣ − μ_f‖² + Tr(Σᵣ + Σ_f − 2·(Σᵣ·Σ_f)^½)` with means `μ` and covariances `Σ` of 2,048 features, those
//! behind global average pooling ([`frechet_distance`](gan_divergence::gaussian::frechet_distance)). Range `[0, ∞)`,
//! 0 for equal moments, no unit.
//!
//! # The file
//! [`Inception::from_file`] reads a state dict of PyTorch (`.pth`) or a `.safetensors` file, with tensors
//! named as in torchvision's `Inception3`: `Mixed_5b.branch1x1.conv.weight`, `….bn.running_mean`, `fc.weight`.
//! pytorch-fid and torch-fidelity use the same one, `pt_inception-2015-12-05-6726825d.pth`, whose SHA-256 is
//! [`PUBLISHED_SHA256`]. With it the extractor's id is `inception-6726825d0af5`. Any other file of these shapes is
//! read too, and has another id; `num_batches_tracked` and an auxiliary classifier are ignored.
//!
//! It differs from torchvision's own Inception: 1,008 classes; means around a pixel leave out the padding; the
//! last block takes the largest of the pixels around each where the others take their mean.
//!
//! # Preprocessing
//! As clean-fid has it in its mode `clean`:
//! 1. Values in `[−1, 1]` become levels `127.5·(x + 1)`, rounded to whole numbers and clamped to 0 to 255, as
//!    if the image had been saved as a PNG and read again.
//! 2. Gray images are repeated in three channels.
//! 3. Each channel is resized to 299×299 by cubic convolution (`a = −0.5`) in `f32`; where an image shrinks,
//!    the kernel is widened, which filters it (antialiasing). Nothing is rounded or clamped afterwards.
//! 4. The network sees `(level − 128)/128`, as the TorchScript network of clean-fid does. pytorch-fid itself
//!    resizes bilinearly without a filter and scales by `(level − 127.5)/127.5`: its figures differ from clean-fid's.
//!
//! # What makes a figure comparable
//! - The same number of samples: published figures are of 50,000 (some of 10,000), and a distance of fewer is
//!   larger, because its bias falls as one over their number.
//! - The same reference: which images, which split, at which size; real images that were saved as JPEG, or resized
//!   otherwise, move the figure by more than papers differ.
//! - The same preprocessing: figures of clean-fid's mode `clean` are compared with each other only.
//! - Features of photographs: for digits or drawings the number ranks less than a classifier of theirs does.
//!
//! # Cost
//! 11.4 GFLOP an image. Images are looked at [`CHUNK`] at a time; beside the weights (95 MB) that takes at most
//! about 300 MB, however many there are. The results do not depend on how images are grouped.
//!
//! # Source
//! Heusel et al. (2017), arXiv:1706.08500 (FID); Szegedy et al. (2016), arXiv:1512.00567 (the network); Parmar
//! et al. (2022), arXiv:2104.11222 (clean-fid); Keys (1981), doi:10.1109/TASSP.1981.1163711 (cubic convolution);
//! form and names of the tensors: the projects pytorch-fid and torchvision.

mod bicubic;
mod blocks;
mod layer;
mod network;
mod pooling;
mod preprocessing;
mod weights;

use std::path::Path;

use burn::tensor::{Device, Tensor, TensorData};

use network::Network;
use weights::Weights;

pub use weights::InceptionFileError;

use crate::{EvalError, FeatureExtractor};

/// Images that are looked at together: what a look holds in memory does not grow with the samples.
pub const CHUNK: usize = 16;
/// The length of a feature vector.
pub const FEATURES: usize = 2048;
/// The classes of the network's logits.
pub const CLASSES: usize = 1008;
/// The SHA-256 of the file that published FIDs are computed with, `pt_inception-2015-12-05-6726825d.pth`.
pub const PUBLISHED_SHA256: &str =
    "6726825d0af5f729cebd5821db510b11b1cfad8faad88a03f1befd49fb9129b2";
/// Hexadecimal digits of the file's SHA-256 in an id.
const DIGITS: usize = 12;

/// The Inception network of FID, ready for inference.
///
/// # Example
/// ```no_run
/// use burn::tensor::{Device, Tensor};
/// use gan_eval::{FeatureExtractor, Inception};
///
/// let device = Device::default();
/// let inception = Inception::from_file("pt_inception-2015-12-05-6726825d.pth".as_ref(), &device)?;
/// let features = inception.features(Tensor::<4>::zeros([10, 3, 32, 32], &device));
/// assert_eq!(features.dims(), [10, 2048]);
/// # Ok::<(), gan_eval::EvalError>(())
/// ```
#[doc(alias = "FID")]
#[derive(Clone, Debug)]
pub struct Inception {
    sha256: String,
    device: Device,
    network: Network,
}

impl Inception {
    /// The network with the weights of a file of PyTorch or safetensors, which is recognized by its content.
    ///
    /// The tensors may all be behind one prefix, such as `module.`, and of any floating-point type. Batch
    /// normalizations are folded into the convolutions. Nothing that a pickle asks for is executed.
    ///
    /// # Errors
    /// [`EvalError::InceptionFile`]: the file cannot be read, is of another format, or holds another network.
    pub fn from_file(path: &Path, device: &Device) -> Result<Self, EvalError> {
        let weights = Weights::read(path, device)?;
        let network = Network::load(&weights)?;
        Ok(Self { sha256: weights.sha256, device: device.clone(), network })
    }

    /// The SHA-256 of the file, 64 hexadecimal digits.
    pub fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Whether the weights are those of published FIDs: the file is the one of [`PUBLISHED_SHA256`].
    pub fn is_published(&self) -> bool {
        self.sha256 == PUBLISHED_SHA256
    }

    /// Whether images of this shape, `[n, channels, height, width]`, can be looked at.
    ///
    /// # Errors
    /// [`EvalError::InceptionImages`] unless they have one or three channels and at least a pixel.
    pub fn check(&self, shape: [usize; 4]) -> Result<(), EvalError> {
        let [_, channels, height, width] = shape;
        if !matches!(channels, 1 | 3) || height.min(width) == 0 {
            let (id, found) = (self.id(), [channels, height, width]);
            return Err(EvalError::InceptionImages { id, found });
        }
        Ok(())
    }

    /// Features and logits of each image from one pass.
    ///
    /// # Shapes
    /// Images `[n, channels, height, width]` in `[−1, 1]`, on any device; features `[n, 2048]` and logits
    /// `[n, 1008]` on the network's. The row of an image that has a value infinite or not a number is not a number.
    ///
    /// # Errors
    /// As [`Inception::check`].
    pub fn features_and_logits(
        &self,
        images: Tensor<4>,
    ) -> Result<(Tensor<2>, Tensor<2>), EvalError> {
        let features = self.looked_at(images)?;
        let logits = self.network.logits(features.clone());
        Ok((features, logits))
    }

    fn looked_at(&self, images: Tensor<4>) -> Result<Tensor<2>, EvalError> {
        let [n, channels, height, width] = images.dims();
        self.check(images.dims())?;
        let mut features = Vec::new();
        for first in (0..n).step_by(CHUNK) {
            let chunk = CHUNK.min(n - first);
            let values = images.clone().narrow(0, first, chunk).into_data();
            let values: Vec<f32> = values.iter::<f32>().collect();
            let shape = [chunk, channels, height, width];
            let input = preprocessing::network_input(&values, shape, &self.device);
            features.push(self.network.features(input) + self.flaws(&values, chunk));
        }
        match features.is_empty() {
            true => Ok(Tensor::empty([0, FEATURES], &self.device)),
            false => Ok(Tensor::cat(features, 0)),
        }
    }

    /// `[n, 1]`: 0 for an image of finite values, not a number for any other. A rectifier would hide it.
    fn flaws(&self, values: &[f32], n: usize) -> Tensor<2> {
        let of_image = |image: &[f32]| match image.iter().all(|value| value.is_finite()) {
            true => 0.0,
            false => f32::NAN,
        };
        let flaws: Vec<f32> = values.chunks_exact(values.len() / n).map(of_image).collect();
        Tensor::from_data(TensorData::new(flaws, [n, 1]), &self.device)
    }
}

impl FeatureExtractor<4> for Inception {
    /// `inception-` and the first twelve digits of the file's SHA-256.
    fn id(&self) -> String {
        format!("inception-{}", &self.sha256[..DIGITS])
    }

    /// # Panics
    /// The images have another shape than [`Inception::check`] accepts.
    #[expect(clippy::expect_used, reason = "the shape is the caller's to check")]
    fn features(&self, samples: Tensor<4>) -> Tensor<2> {
        self.looked_at(samples).expect("images of one or three channels")
    }

    fn check(&self, shape: [usize; 4]) -> Result<(), EvalError> {
        Self::check(self, shape)
    }
}

#[cfg(test)]
mod tests;
