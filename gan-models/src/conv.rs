//! The DCGAN players of Radford et al.: strided 4×4 convolutions in every stage.

mod critic;
mod generator;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

pub use critic::ConvolutionalCritic;
pub use generator::ConvolutionalGenerator;

use crate::bounds::{ensure_convolutional, ensure_sizes};
use crate::error::{ensure_conditioning, ensure_positive};
use crate::image_shape::ImageShape;
use crate::{ModelError, Networks};

/// Maps do not double any more after this many halvings below the first.
const WIDENINGS: usize = 3;

/// Sizes of the convolutional players.
///
/// With `s` doublings between the smallest maps and the image (2 for 28×28, 3 for 32×32, 4 for
/// 64×64 and 96×96, 6 for 256×256) the generator has `w·2^(s−1), …, 2w, w` maps and the critic the
/// same backwards, but never more than `8w`: at 64×64 and a width of 128 (generator) that is the
/// paper's 1024, 512, 256, 128, and larger images have more levels, not wider ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ConvolutionalConfig {
    /// Coordinates of the noise, at least 1.
    pub latent: usize,
    /// Maps before the generator's last layer, at least 1.
    pub generator_width: usize,
    /// Maps after the critic's first layer, at least 1.
    pub critic_width: usize,
    /// What follows the critic's convolutions, the first and the last excepted.
    pub critic_norm: CriticNorm,
    /// Classes that both players are conditioned on; 0 for no labels.
    pub classes: usize,
}

/// The normalization in a convolutional critic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CriticNorm {
    /// None; the convolutions then have biases.
    None,
    /// Batch normalization, which couples the samples of a batch.
    #[default]
    Batch,
    /// Over all maps and pixels of a sample, then a scale and a shift for each map.
    Layer,
    /// Over the pixels of each map, then a scale and a shift for each map.
    Instance,
}

impl Default for ConvolutionalConfig {
    fn default() -> Self {
        Self {
            latent: 100,
            generator_width: 64,
            critic_width: 64,
            critic_norm: CriticNorm::Batch,
            classes: 0,
        }
    }
}

impl ConvolutionalConfig {
    /// Networks for samples of `sample_shape` (without the batch): `[channels, side, side]` with
    /// a side of 4 to 7 times a power of two, from 16 to 256 ([`Architecture::image_sides`](crate::Architecture::image_sides)).
    ///
    /// The critic sees `packing` images at once, their channels joined.
    ///
    /// # Errors
    /// [`ModelError::ImageShape`] for any other shape; [`ModelError::Zero`] for an empty layer;
    /// [`ModelError::TooLarge`], [`ModelError::Memory`];
    /// [`ModelError::OneClass`], [`ModelError::PackedLabels`].
    pub fn init(
        &self,
        sample_shape: &[usize],
        packing: usize,
        device: &Device,
    ) -> Result<Networks<ConvolutionalGenerator, ConvolutionalCritic>, ModelError> {
        ensure_positive([
            ("model.latent", self.latent),
            ("model.generator_width", self.generator_width),
            ("model.critic_width", self.critic_width),
        ])?;
        ensure_convolutional(self.latent, [self.generator_width, self.critic_width], 1)?;
        ensure_sizes([("model.classes", self.classes), ("train.packing", packing)])?;
        ensure_conditioning(self.classes, packing)?;
        let image = ImageShape::of("conv", sample_shape)?;
        let inputs = ImageShape { channels: packing * image.channels, ..image };
        Ok(Networks {
            generator: ConvolutionalGenerator::new(self, image, device),
            critic: ConvolutionalCritic::new(self, inputs, device),
        })
    }
}

/// Maps of a stage this many halvings away from the one whose maps have half the image's side.
fn width_after(halvings: usize, width: usize) -> usize {
    width << halvings.min(WIDENINGS)
}
