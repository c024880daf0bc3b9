//! What a recipe is: networks, rules, optimizers and where they come from.

use burn::module::Module;
use burn::tensor::Device;
use gan_core::{
    GanError, LatentPrior, LossKind, OptimizerConfig, Player, Players, Rules, Seed, Span,
    WeightInit, initialize,
};
use serde::{Deserialize, Serialize};

use crate::{ConvolutionalConfig, DcganConfig, MlpConfig, ResidualConfig};

/// A system from a paper or a course, as data: what to build and how to train it.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// One line for a table.
    pub summary: &'static str,
    /// Where the numbers come from.
    pub source: Source,
    /// Where they differ from the source, one sentence each.
    pub deviations: &'static [&'static str],
    /// The networks.
    pub architecture: Architecture,
    /// How they are trained.
    pub training: Training,
}

/// What a recipe reproduces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// Authors and year, as one cites them.
    pub citation: &'static str,
    /// The title.
    pub title: &'static str,
    /// arXiv number or DOI.
    pub locator: &'static str,
}

/// The networks of both players, by kind, with their sizes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Architecture {
    /// Fully connected, for points and for images.
    Mlp(MlpConfig),
    /// The course's convolutional networks, for 32×32 images.
    Dcgan(DcganConfig),
    /// Strided 4×4 convolutions, for square images with a side of 28, 32 or 64.
    Conv(ConvolutionalConfig),
    /// Residual blocks without normalization, for square images with a side of 28, 32 or 64.
    Residual(ResidualConfig),
}

/// How the game is played: the rules, both optimizers and how long.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Samples in a batch, at least 1.
    pub batch: usize,
    /// How long to train.
    pub budget: Span,
    /// What the players minimize.
    pub loss: LossKind,
    /// Critic updates before each generator update, at least 1.
    pub critic_steps: u64,
    /// What the noise is drawn from.
    pub prior: LatentPrior,
    /// How the weights start.
    pub weights: WeightInit,
    /// The generator's optimizer.
    pub generator: OptimizerConfig,
    /// The critic's optimizer.
    pub critic: OptimizerConfig,
}

impl Training {
    /// The rules of the game.
    pub fn rules(&self) -> Rules {
        Rules { critic_steps: self.critic_steps, ..Rules::alternating(self.loss) }
    }

    /// Whether every number is in its range.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] for the first that is not, by its configuration key.
    pub fn validate(&self) -> Result<(), GanError> {
        for (name, number) in [("batch", self.batch as u64), ("critic_steps", self.critic_steps)] {
            if number == 0 {
                let name = format!("train.{name}");
                return Err(GanError::OutOfRange { name, expected: "at least 1", found: 0.0 });
            }
        }
        self.generator.validate("train.generator")?;
        self.critic.validate("train.critic")
    }

    /// Both players with their first weights, ready for step 0.
    ///
    /// The generator's weights come from the seed's stream `weights/generator`, the critic's from
    /// `weights/critic`.
    pub fn players<G: Module, C: Module>(
        &self,
        networks: Networks<G, C>,
        seed: Seed,
        device: &Device,
    ) -> Players<G, C> {
        let Networks { generator, critic } = networks;
        let device = device.clone().autodiff();
        let of_generator = seed.stream("weights/generator");
        let generator = initialize(generator, self.weights, &of_generator, &device);
        let of_critic = seed.stream("weights/critic");
        let critic = initialize(critic, self.weights, &of_critic, &device);
        Players {
            generator: Player::new(generator, &self.generator),
            critic: Player::new(critic, &self.critic),
        }
    }
}

/// A generator and the critic that it is to play against, with weights that nobody has chosen yet.
#[derive(Clone, Debug)]
pub struct Networks<G, C> {
    /// The generator.
    pub generator: G,
    /// The critic.
    pub critic: C,
}
