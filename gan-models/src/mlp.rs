//! MLPs: fully connected players, for points and for images.

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::tensor::{Device, Int, Tensor};
use gan_core::forward_mode::{Mode, Primal};
use gan_core::latent::Latents;
use gan_core::player::{ForwardPass, Generator};
use serde::{Deserialize, Serialize};

use crate::bounds::{ensure_memory, ensure_sizes};
use crate::error::{ensure_conditioning, ensure_positive};
use crate::labels::one_hot;
use crate::{Activation, ModelError, Networks};

/// Sizes of the fully connected players.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MlpConfig {
    /// Coordinates of the noise, from 1 to 65,536.
    pub latent: usize,
    /// Units of each hidden layer of both players, from 1 to 65,536.
    pub hidden: usize,
    /// Hidden layers of each player, from 1 to 1024.
    pub depth: usize,
    /// What follows each hidden layer of the generator.
    pub generator_activation: Activation,
    /// What follows each hidden layer of the critic.
    pub critic_activation: Activation,
    /// Classes that both players are conditioned on, joined to their input as unit vectors; 0 for no labels.
    pub classes: usize,
}

impl Default for MlpConfig {
    /// The sizes of the recipe `gan`: 32 coordinates of noise, one hidden layer of 128 ReLU units.
    fn default() -> Self {
        Self {
            latent: 32,
            hidden: 128,
            depth: 1,
            generator_activation: Activation::Relu,
            critic_activation: Activation::Relu,
            classes: 0,
        }
    }
}

impl MlpConfig {
    /// Networks for samples of `sample_shape` (without the batch): `[coordinates]` for points
    /// anywhere in space, `[channels, height, width]` for images in `[−1, 1]`.
    ///
    /// The critic sees `packing` samples at once, joined along their first axis.
    ///
    /// # Errors
    /// [`ModelError::SampleShape`] for any other shape; [`ModelError::Zero`] for an empty layer;
    /// [`ModelError::TooLarge`], [`ModelError::Memory`]; [`ModelError::OneClass`],
    /// [`ModelError::PackedLabels`].
    pub fn init(
        &self,
        sample_shape: &[usize],
        packing: usize,
        device: &Device,
    ) -> Result<Networks<MlpGenerator, MlpCritic>, ModelError> {
        ensure_positive([
            ("model.latent", self.latent),
            ("model.hidden", self.hidden),
            ("model.depth", self.depth),
        ])?;
        ensure_sizes([
            ("model.latent", self.latent),
            ("model.hidden", self.hidden),
            ("model.depth", self.depth),
            ("model.classes", self.classes),
            ("train.packing", packing),
        ])?;
        ensure_conditioning(self.classes, packing)?;
        let (shape, range) = match *sample_shape {
            [coordinates] => ([coordinates, 1, 1], Range::Unbounded),
            [channels, height, width] => ([channels, height, width], Range::Symmetric),
            _ => {
                return Err(ModelError::SampleShape {
                    architecture: "mlp",
                    expected: "[coordinates] or [channels, height, width]",
                    found: sample_shape.to_vec(),
                });
            }
        };
        let features: usize = shape.iter().product();
        self.ensure_memory(features, packing)?;
        Ok(Networks {
            generator: MlpGenerator {
                config: *self,
                shape,
                range,
                hidden: self.hidden_layers(self.latent + self.classes, device),
                output: LinearConfig::new(self.hidden, features).init(device),
            },
            critic: MlpCritic {
                config: *self,
                hidden: self.hidden_layers(packing * features + self.classes, device),
                score: LinearConfig::new(self.hidden, 1).init(device),
            },
        })
    }

    /// Refuse more weights than a machine holds.
    fn ensure_memory(&self, features: usize, packing: usize) -> Result<(), ModelError> {
        let [latent, hidden, depth, classes, features, packing] =
            [self.latent, self.hidden, self.depth, self.classes, features, packing]
                .map(|size| size as f64);
        let ends = latent + 2.0 * classes + features * (packing + 1.0) + 1.0;
        ensure_memory(hidden * (ends + 2.0 * (depth - 1.0) * hidden), "model.hidden")
    }

    fn hidden_layers(&self, inputs: usize, device: &Device) -> Vec<Linear> {
        let widths = (0..self.depth).map(|layer| if layer == 0 { inputs } else { self.hidden });
        widths.map(|inputs| LinearConfig::new(inputs, self.hidden).init(device)).collect()
    }
}

/// The hidden layers of either player, on its features and the labels that it is conditioned on.
fn run_hidden<M: Mode>(
    mode: &M,
    (layers, activation): (&[Linear], Activation),
    features: M::T<2>,
    (labels, classes): (Option<Tensor<1, Int>>, usize),
) -> M::T<2> {
    let input = if classes > 0 {
        mode.cat(vec![features, mode.constant(one_hot(labels, classes))], 1)
    } else {
        features
    };
    layers.iter().fold(input, |x, layer| activation.of_linear(mode, layer, x))
}

/// The range of the generated numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Range {
    /// Anywhere: coordinates.
    Unbounded,
    /// In `[−1, 1]`, by a hyperbolic tangent: pixels.
    Symmetric,
}

/// Noise, and the label asked for, to a point anywhere in space or to an image in `[−1, 1]`.
#[derive(Module, Debug)]
pub struct MlpGenerator {
    #[module(skip)]
    config: MlpConfig,
    /// Channels, height and width; points have the latter two 1.
    shape: [usize; 3],
    #[module(skip)]
    range: Range,
    hidden: Vec<Linear>,
    output: Linear,
}

impl MlpGenerator {
    fn features(&self, latents: Latents) -> Tensor<2> {
        let MlpConfig { generator_activation, classes, .. } = self.config;
        let Latents { noise, labels } = latents;
        let layers = (&self.hidden[..], generator_activation);
        let hidden = run_hidden(&Primal, layers, noise, (labels, classes));
        match self.range {
            Range::Unbounded => Primal.linear(&self.output, hidden),
            Range::Symmetric => {
                Primal.linear_then(&self.output, hidden, gan_core::kernels::Activation::Tanh)
            }
        }
    }
}

impl Generator<2> for MlpGenerator {
    fn latent_dim(&self) -> usize {
        self.config.latent
    }

    fn classes(&self) -> usize {
        self.config.classes
    }

    fn forward(&self, latents: Latents) -> Tensor<2> {
        self.features(latents)
    }
}

impl Generator<4> for MlpGenerator {
    fn latent_dim(&self) -> usize {
        self.config.latent
    }

    fn classes(&self) -> usize {
        self.config.classes
    }

    fn forward(&self, latents: Latents) -> Tensor<4> {
        gan_kernels::unflatten(self.features(latents), self.shape)
    }
}

/// Points or flattened images, and the label each is shown under, to a score.
#[derive(Module, Debug)]
pub struct MlpCritic {
    #[module(skip)]
    config: MlpConfig,
    hidden: Vec<Linear>,
    score: Linear,
}

impl ForwardPass<2> for MlpCritic {
    fn forward<M: Mode>(
        &self,
        mode: &M,
        samples: M::T<2>,
        labels: Option<Tensor<1, Int>>,
    ) -> M::T<2> {
        let MlpConfig { critic_activation, classes, .. } = self.config;
        let layers = (&self.hidden[..], critic_activation);
        mode.linear(&self.score, run_hidden(mode, layers, samples, (labels, classes)))
    }
}

impl ForwardPass<4> for MlpCritic {
    fn forward<M: Mode>(
        &self,
        mode: &M,
        samples: M::T<4>,
        labels: Option<Tensor<1, Int>>,
    ) -> M::T<2> {
        let features = mode.flatten(samples);
        ForwardPass::<2>::forward(self, mode, features, labels)
    }
}
