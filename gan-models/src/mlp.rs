//! Fully connected players with one hidden layer, for points.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};
use gan_core::{Batch, Critic, Generator, Latents, Scores};
use serde::{Deserialize, Serialize};

use crate::error::ensure_positive;
use crate::{ModelError, Networks};

/// Sizes of the fully connected players.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MlpConfig {
    /// Coordinates of the noise, at least 1.
    pub latent: usize,
    /// Hidden units of each player, at least 1.
    pub hidden: usize,
}

impl MlpConfig {
    /// Networks for samples of `sample_shape` (without the batch): one axis of any length.
    ///
    /// # Errors
    /// [`ModelError::SampleShape`] for any other shape; [`ModelError::Zero`] for an empty layer.
    pub fn init(
        &self,
        sample_shape: &[usize],
        device: &Device,
    ) -> Result<Networks<MlpGenerator, MlpCritic>, ModelError> {
        ensure_positive([("latent", self.latent), ("hidden", self.hidden)])?;
        let &[dim] = sample_shape else {
            return Err(ModelError::SampleShape {
                architecture: "mlp",
                expected: "[coordinates]",
                found: sample_shape.to_vec(),
            });
        };
        Ok(Networks {
            generator: MlpGenerator {
                latent: self.latent,
                hidden: LinearConfig::new(self.latent, self.hidden).init(device),
                output: LinearConfig::new(self.hidden, dim).init(device),
            },
            critic: MlpCritic {
                hidden: LinearConfig::new(dim, self.hidden).init(device),
                score: LinearConfig::new(self.hidden, 1).init(device),
            },
        })
    }
}

/// Linear, ReLU, linear: noise to a point anywhere in space.
#[derive(Module, Debug)]
pub struct MlpGenerator {
    latent: usize,
    hidden: Linear,
    output: Linear,
}

impl Generator<2> for MlpGenerator {
    fn latent_dim(&self) -> usize {
        self.latent
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        let hidden = relu(self.hidden.forward(latents.noise));
        self.output.forward(hidden)
    }
}

/// Linear, ReLU, linear: a point to a score.
#[derive(Module, Debug)]
pub struct MlpCritic {
    hidden: Linear,
    score: Linear,
}

impl Critic<2> for MlpCritic {
    fn score(&self, batch: Batch<2>) -> Scores {
        let hidden = relu(self.hidden.forward(batch.samples));
        Scores::new(self.score.forward(hidden))
    }
}
