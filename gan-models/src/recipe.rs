//! Recipes: networks, rules (hyperparameters), optimizers and where they come from.

use burn::module::Module;
use burn::tensor::Device;
use gan_core::GanError;
use gan_core::best::StopRule;
use gan_core::latent::LatentPrior;
use gan_core::loss::NonSaturating;
use gan_core::optimizer::OptimizerConfig;
use gan_core::player::{Player, Players};
use gan_core::progress::Span;
use gan_core::rules::Rules;
use gan_core::seed::Seed;
use gan_core::weights::{WeightInit, initialize};
use serde::{Deserialize, Serialize};

use crate::{ConvolutionalConfig, DcganConfig, MlpConfig, ResidualConfig, Sides, dcgan};

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
    /// The convolutional networks of the recipe `dcgan`, for 32×32 images.
    Dcgan(DcganConfig),
    /// Strided 4×4 convolutions, for square images of 16 to 256 pixels a side.
    Conv(ConvolutionalConfig),
    /// Residual blocks without normalization, for square images of 16 to 256 pixels a side.
    Residual(ResidualConfig),
}

impl Architecture {
    /// The sides of the images that these networks make.
    ///
    /// Convolutional and residual networks: 4 to 7 times a power of two, from 16 to 256. The
    /// course's convolutional networks: 32. Fully connected ones: any, and any shape.
    pub fn image_sides(&self) -> Sides {
        match self {
            Self::Mlp(_) => Sides::Any,
            Self::Dcgan(_) => dcgan::SIDES,
            Self::Conv(_) | Self::Residual(_) => Sides::DOUBLED,
        }
    }

    /// The side to which images of `native` pixels a side are brought where none is chosen
    /// ([`Sides::fitting`]); of images that are not square, `native` is the shorter side.
    pub fn fitting_side(&self, native: usize) -> usize {
        self.image_sides().fitting(native)
    }

    /// Classes that both players are conditioned on; 0 for no labels.
    pub fn classes(&self) -> usize {
        match *self {
            Self::Mlp(MlpConfig { classes, .. })
            | Self::Conv(ConvolutionalConfig { classes, .. }) => classes,
            Self::Dcgan(_) | Self::Residual(_) => 0,
        }
    }

    /// The same networks for another number of classes; those that take no labels stay as they are.
    #[must_use]
    pub fn with_classes(self, classes: usize) -> Self {
        match self {
            Self::Mlp(mlp) => Self::Mlp(MlpConfig { classes, ..mlp }),
            Self::Conv(conv) => Self::Conv(ConvolutionalConfig { classes, ..conv }),
            Self::Dcgan(_) | Self::Residual(_) => self,
        }
    }
}

/// How a game is trained: the rules, both optimizers and how long.
///
/// Every field is a key of the program's configuration, under `train`, the rules' beside the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Training {
    /// Samples in a mini-batch, from 1 to 10⁶.
    pub batch: usize,
    /// Micro-batches that a mini-batch is cut into, from 1 up; they divide it. What the processes of a
    /// data-parallel training share out; batch normalization sees each by itself.
    #[serde(default = "one")]
    pub shards: u64,
    /// How long to train.
    pub budget: Span,
    /// When to stop earlier, if at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop: Option<StopRule>,
    /// What the noise is drawn from.
    pub prior: LatentPrior,
    /// How the weights start.
    pub weights: WeightInit,
    /// What is minimized, and how.
    #[serde(flatten)]
    pub rules: Rules,
    /// The generator's optimizer.
    pub generator: OptimizerConfig,
    /// The critic's optimizer.
    pub critic: OptimizerConfig,
}

fn one() -> u64 {
    1
}

impl Training {
    /// The original game: non-saturating logistic loss, one critic step, normal noise, nothing
    /// else; both players with the same optimizer.
    pub fn plain(batch: usize, budget: Span, optimizer: OptimizerConfig) -> Self {
        Self {
            batch,
            shards: 1,
            budget,
            stop: None,
            prior: LatentPrior::Normal,
            weights: WeightInit::FanIn,
            rules: Rules::alternating(NonSaturating::default()),
            generator: optimizer,
            critic: optimizer,
        }
    }

    /// Whether every number is in its range, as far as that can be checked without the networks.
    ///
    /// # Errors
    /// [`GanError::OutOfRange`] or [`GanError::Rules`] for the first that is not, by the name of its
    /// field.
    pub fn validate(&self) -> Result<(), GanError> {
        if self.batch == 0 {
            let (name, expected) = ("batch".to_owned(), "at least 1");
            return Err(GanError::OutOfRange { name, expected, found: 0.0 });
        }
        let most = [
            ("batch", self.batch as f64, 1e6, "at most 1000000"),
            ("budget", self.budget.steps(1) as f64, 1e15, "at most 1000000000000000 long"),
        ];
        if let Some((name, found, _, expected)) = most.into_iter().find(|(_, n, most, _)| n > most)
        {
            return Err(GanError::OutOfRange { name: name.to_owned(), expected, found });
        }
        if self.shards == 0 || !self.batch.is_multiple_of(self.shards as usize) {
            let (batch, shards) = (self.batch, self.shards);
            let why = format!(
                "a batch of {batch} samples cannot be cut into {shards} equal micro-batches"
            );
            return Err(GanError::Rules { key: "shards".to_owned(), why });
        }
        // By themselves first: an error names the keys of the configuration.
        self.rules.validate(self.micro_batch())?;
        self.game_rules().validate(self.micro_batch())?;
        self.stop.as_ref().map_or(Ok(()), |stop| stop.validate("stop"))?;
        self.generator.validate("generator")?;
        self.critic.validate("critic")
    }

    /// Samples in a micro-batch, which is what a source of real samples yields at a time.
    pub fn micro_batch(&self) -> usize {
        self.batch / self.shards as usize
    }

    /// The rules that the game is played by: an update has the micro-batches of every batch that is
    /// accumulated.
    pub fn game_rules(&self) -> Rules {
        let accumulation = self.rules.accumulation * self.shards;
        Rules { accumulation, ..self.rules.clone() }
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
        Players::new(Player::new(generator, &self.generator), Player::new(critic, &self.critic))
    }
}

/// A generator and the critic that it is to play against, with weights that are not initialized yet.
#[derive(Clone, Debug)]
pub struct Networks<G, C> {
    /// The generator.
    pub generator: G,
    /// The critic.
    pub critic: C,
}
