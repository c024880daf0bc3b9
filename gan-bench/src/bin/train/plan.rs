//! The networks of a recipe as lists of layers, and how often a step goes through them.

use gan_core::loss::{LossConfig, Wasserstein};
use gan_core::optimizer::OptimizerConfig;
use gan_core::penalty::Penalty;
use gan_models::{
    Activation, Architecture, ConvolutionalConfig, CriticNorm, DcganConfig, MlpConfig, RecipeKind,
    Training,
};

use crate::layer::{Kernel, Layer, Shape, inputs};

/// The convolutional recipes are measured on digits of this many pixels a side.
const SIDE: usize = 32;
/// The pixels of a digit as the fully connected recipe for labeled images sees it.
const PIXELS: usize = 28 * 28;
const COORDINATES: usize = 2;

/// What is computed in a step of a recipe.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) batch: usize,
    pub(crate) latent: usize,
    pub(crate) classes: usize,
    /// One real sample, without its label.
    pub(crate) sample: Shape,
    pub(crate) generator: Vec<Layer>,
    pub(crate) critic: Vec<Layer>,
    pub(crate) training: Training,
    pub(crate) architecture: Architecture,
}

/// How often a step goes through one layer of a player, by pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Passes {
    pub(crate) forward: usize,
    pub(crate) input_gradient: usize,
    pub(crate) weight_gradient: usize,
}

impl Plan {
    /// The plan of a recipe; `batch` replaces its own.
    pub(crate) fn of(recipe: &str, batch: Option<usize>) -> Result<Self, String> {
        let kind = RecipeKind::from_name(recipe).ok_or_else(|| {
            let names = RecipeKind::ALL.map(RecipeKind::name).join(", ");
            format!("no recipe is called `{recipe}`; there are: {names}")
        })?;
        let recipe = kind.recipe();
        let mut plan = match recipe.architecture {
            Architecture::Mlp(config) => of_mlp(config, recipe.training, recipe.architecture)?,
            Architecture::Dcgan(config) => of_dcgan(config, recipe.training, recipe.architecture),
            Architecture::Conv(config) => of_conv(config, recipe.training, recipe.architecture)?,
            _ => return Err("residual networks are not measured".to_owned()),
        };
        plan.training.batch = batch.unwrap_or(plan.training.batch);
        plan.batch = plan.training.batch;
        let measured =
            matches!(plan.training.rules.penalties.as_slice(), [] | [Penalty::GradientPenalty(_)])
                && matches!(plan.training.generator, OptimizerConfig::Adam { .. })
                && matches!(
                    plan.training.rules.loss,
                    LossConfig::NonSaturating(_) | LossConfig::Wasserstein(Wasserstein)
                );
        if measured { Ok(plan) } else { Err("rules like these are not measured".to_owned()) }
    }

    pub(crate) fn noise(&self) -> Shape {
        [self.latent + self.classes, 1, 1]
    }

    /// What the critic is shown of one sample.
    pub(crate) fn shown(&self) -> Shape {
        let [channels, height, width] = self.sample;
        [channels + self.classes, height, width]
    }

    pub(crate) fn critic_steps(&self) -> usize {
        self.training.rules.critic_steps as usize
    }

    /// Whether both players' updates look at the same fakes, so that the generator runs once: the
    /// usual loop of a convolutional GAN.
    pub(crate) fn shares_fakes(&self) -> bool {
        self.critic_steps() == 1 && !matches!(self.architecture, Architecture::Mlp(_))
    }

    /// How often a step goes through the generator's layers, the `first` or another.
    pub(crate) fn through_generator(&self, first: bool) -> Passes {
        let forward = if self.shares_fakes() { 1 } else { self.critic_steps() + 1 };
        Passes { forward, input_gradient: usize::from(!first), weight_gradient: 1 }
    }

    /// How often a step goes through the critic's layers, penalties left out.
    pub(crate) fn through_critic(&self, first: bool) -> Passes {
        let scored = 2 * self.critic_steps();
        let input_gradient = if first { 1 } else { scored + 1 };
        Passes { forward: scored + 1, input_gradient, weight_gradient: scored }
    }

    /// The floating-point operations that a step cannot do without, in matrix products only.
    pub(crate) fn flops(&self) -> f64 {
        let cost = |layers, from, passes: &dyn Fn(bool) -> Passes| -> usize {
            let products = |(index, (layer, from)): (usize, (Layer, Shape))| {
                let Passes { forward, input_gradient, weight_gradient } = passes(index == 0);
                layer.products(from) * (forward + input_gradient + weight_gradient)
            };
            inputs(layers, from).enumerate().map(products).sum()
        };
        let generator = cost(&self.generator, self.noise(), &|first| self.through_generator(first));
        let critic = cost(&self.critic, self.shown(), &|first| {
            let passes = self.through_critic(first);
            let penalty = self.through_penalty(first);
            Passes { forward: passes.forward + penalty, ..passes }
        });
        2.0 * ((generator + critic) * self.batch) as f64
    }

    /// Passes of any sort for the gradient penalty: the score and its slope, then the slope's
    /// derivative by the weights. That is a pass up and two gradients of the weights, and, with
    /// a normalization between the layers, a pass down along the values.
    fn through_penalty(&self, first: bool) -> usize {
        let each = if first { 5 } else { 6 };
        each * self.training.rules.penalties.len() * self.critic_steps()
    }
}

fn hidden(config: MlpConfig, activation: Activation) -> Result<Vec<Layer>, String> {
    let activation = match activation {
        Activation::Relu => Layer::Relu,
        Activation::LeakyRelu => Layer::LeakyRelu,
        _ => return Err("activations other than rectifiers are not measured".to_owned()),
    };
    Ok([Layer::Linear { to: config.hidden }, activation].repeat(config.depth))
}

fn of_mlp(
    config: MlpConfig,
    training: Training,
    architecture: Architecture,
) -> Result<Plan, String> {
    let features = if config.classes > 0 { PIXELS } else { COORDINATES };
    let mut generator = hidden(config, config.generator_activation)?;
    generator.push(Layer::Linear { to: features });
    if config.classes > 0 {
        generator.push(Layer::Tanh);
    }
    let mut critic = hidden(config, config.critic_activation)?;
    critic.push(Layer::Linear { to: 1 });
    Ok(Plan {
        batch: training.batch,
        latent: config.latent,
        classes: config.classes,
        sample: [features, 1, 1],
        generator,
        critic,
        training,
        architecture,
    })
}

fn of_dcgan(config: DcganConfig, training: Training, architecture: Architecture) -> Plan {
    let (g, c) = (config.generator_width, config.critic_width);
    let kernel = |to, side, stride, padding| Kernel { to, side, stride, padding, bias: true };
    let generator = vec![
        Layer::Linear { to: 4 * g * 16 },
        Layer::Maps([4 * g, 4, 4]),
        Layer::Up(kernel(2 * g, 3, 2, 0)),
        Layer::BatchNorm,
        Layer::Relu,
        Layer::Up(kernel(g, 3, 2, 1)),
        Layer::BatchNorm,
        Layer::Relu,
        Layer::Up(kernel(1, 4, 2, 2)),
        Layer::Tanh,
    ];
    let mut critic = vec![Layer::Conv(kernel(c, 3, 2, 1)), Layer::LeakyRelu];
    for down in [kernel(2 * c, 3, 2, 1), kernel(4 * c, 3, 2, 1), kernel(8 * c, 4, 1, 0)] {
        critic.extend([Layer::Conv(down), Layer::BatchNorm, Layer::LeakyRelu]);
    }
    critic.push(Layer::Linear { to: 1 });
    Plan {
        batch: training.batch,
        latent: config.latent,
        classes: 0,
        sample: [1, SIDE, SIDE],
        generator,
        critic,
        training,
        architecture,
    }
}

fn of_conv(
    config: ConvolutionalConfig,
    training: Training,
    architecture: Architecture,
) -> Result<Plan, String> {
    let norm = match config.critic_norm {
        CriticNorm::Batch => Layer::BatchNorm,
        CriticNorm::Layer => Layer::GroupNorm,
        _ => return Err("critics with this normalization are not measured".to_owned()),
    };
    if config.classes > 0 {
        return Err("convolutional networks that are told a class are not measured".to_owned());
    }
    let kernel = |to, bias| Kernel { to, side: 4, stride: 2, padding: 1, bias };
    let from_one_pixel = |to, bias| Kernel { to, side: 4, stride: 1, padding: 0, bias };
    let (g, c) = (config.generator_width, config.critic_width);
    let mut generator = Vec::new();
    for up in [from_one_pixel(4 * g, false), kernel(2 * g, false), kernel(g, false)] {
        generator.extend([Layer::Up(up), Layer::BatchNorm, Layer::Relu]);
    }
    generator.extend([Layer::Up(kernel(1, true)), Layer::Tanh]);
    let mut critic = vec![Layer::Conv(kernel(c, true)), Layer::LeakyRelu];
    for down in [kernel(2 * c, false), kernel(4 * c, false)] {
        critic.extend([Layer::Conv(down), norm, Layer::LeakyRelu]);
    }
    critic.push(Layer::Conv(from_one_pixel(1, true)));
    Ok(Plan {
        batch: training.batch,
        latent: config.latent,
        classes: 0,
        sample: [1, SIDE, SIDE],
        generator,
        critic,
        training,
        architecture,
    })
}
