//! Residual players (ResNets) without any normalization, after R3GAN.

mod block;
mod critic;
mod generator;

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

pub use critic::ResidualCritic;
pub use generator::ResidualGenerator;

use crate::bounds::{ensure_convolutional, ensure_sizes};
use crate::error::{ensure_conditioning, ensure_positive};
use crate::image_shape::ImageShape;
use crate::{ModelError, Networks};

/// Maps do not double any more after this many halvings of the image.
const WIDENINGS: usize = 2;
/// Maps that a 3×3 kernel of a residual block sees at once, as in the paper.
const GROUP: usize = 16;

/// Sizes of the residual players.
///
/// A stage on maps of the image's own size has `width` channels, the next one twice as many, all
/// others four times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResidualConfig {
    /// Coordinates of the noise, at least 1.
    pub latent: usize,
    /// Maps of the generator's last stage: below 16, or a multiple of 16.
    pub generator_width: usize,
    /// Maps of the critic's first stage: below 16, or a multiple of 16.
    pub critic_width: usize,
    /// Residual blocks in each stage of either player, at least 1.
    pub blocks: usize,
}

impl Default for ResidualConfig {
    fn default() -> Self {
        Self { latent: 64, generator_width: 16, critic_width: 16, blocks: 1 }
    }
}

impl ResidualConfig {
    /// Networks for samples of `sample_shape` (without the batch): `[channels, side, side]` with
    /// a side of 4 to 7 times a power of two, from 16 to 256
    /// ([`Architecture::image_sides`](crate::Architecture::image_sides)).
    ///
    /// The critic sees `packing` images at once, their channels joined.
    ///
    /// # Errors
    /// [`ModelError::ImageShape`] for any other shape; [`ModelError::Zero`] for an empty layer;
    /// [`ModelError::TooLarge`], [`ModelError::Memory`];
    /// [`ModelError::Groups`] for a width that does not fall into groups.
    pub fn init(
        &self,
        sample_shape: &[usize],
        packing: usize,
        device: &Device,
    ) -> Result<Networks<ResidualGenerator, ResidualCritic>, ModelError> {
        ensure_positive([
            ("model.latent", self.latent),
            ("model.generator_width", self.generator_width),
            ("model.critic_width", self.critic_width),
            ("model.blocks", self.blocks),
        ])?;
        ensure_convolutional(self.latent, [self.generator_width, self.critic_width], self.blocks)?;
        ensure_sizes([("train.packing", packing)])?;
        ensure_conditioning(0, packing)?;
        for (name, width) in [
            ("model.generator_width", self.generator_width),
            ("model.critic_width", self.critic_width),
        ] {
            if width > GROUP && width % GROUP != 0 {
                return Err(ModelError::Groups { name, group: GROUP, found: width });
            }
        }
        let image = ImageShape::of("residual", sample_shape)?;
        let inputs = ImageShape { channels: packing * image.channels, ..image };
        Ok(Networks {
            generator: ResidualGenerator::new(self, image, device),
            critic: ResidualCritic::new(self, inputs, device),
        })
    }
}

/// Maps of a stage after `halvings` of the image's size.
fn width_after(halvings: usize, width: usize) -> usize {
    width << halvings.min(WIDENINGS)
}
