//! The networks of the recipes as lists of layers.

use gan_models::{
    Activation, Architecture, ConvolutionalConfig, CriticNorm, DcganConfig, MlpConfig,
    ResidualConfig,
};

use crate::layer::{Kernel, Layer, Shape};

/// The convolutional recipes are measured on digits of this many pixels a side.
const SIDE: usize = 32;
/// The pixels of a digit as the fully connected recipe for labeled images sees it.
const PIXELS: usize = 28 * 28;
const COORDINATES: usize = 2;
/// Maps do not double any more after this many halvings of those of the first stage.
const CONV_WIDENINGS: usize = 3;
const RESIDUAL_WIDENINGS: usize = 2;

/// How both players are told a label.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Label {
    /// They are not.
    None,
    /// Its unit vector stands behind the noise and behind the sample.
    Joined { classes: usize },
    /// Some of their layers take it.
    Inside { classes: usize },
}

/// What both networks are made of.
#[derive(Clone, Debug)]
pub(crate) struct Layers {
    pub(crate) latent: usize,
    pub(crate) label: Label,
    /// One real sample, without its label.
    pub(crate) sample: Shape,
    pub(crate) generator: Vec<Layer>,
    pub(crate) critic: Vec<Layer>,
}

impl Layers {
    /// Of networks for images of this shape, or for what the recipe is measured on.
    pub(crate) fn of(architecture: Architecture, image: Option<Shape>) -> Result<Self, String> {
        let sample = image.unwrap_or([1, SIDE, SIDE]);
        match architecture {
            Architecture::Mlp(config) if image.is_none() => of_mlp(config),
            Architecture::Dcgan(config) if sample == [1, SIDE, SIDE] => Ok(of_dcgan(config)),
            Architecture::Conv(config) => of_conv(config, sample),
            Architecture::Residual(config) => Ok(of_residual(config, sample)),
            _ => Err("these networks are not measured on images of another shape".to_owned()),
        }
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

fn of_mlp(config: MlpConfig) -> Result<Layers, String> {
    let (features, label) = match config.classes {
        0 => (COORDINATES, Label::None),
        classes => (PIXELS, Label::Joined { classes }),
    };
    let mut generator = hidden(config, config.generator_activation)?;
    generator.push(Layer::Linear { to: features });
    if config.classes > 0 {
        generator.push(Layer::Tanh);
    }
    let mut critic = hidden(config, config.critic_activation)?;
    critic.push(Layer::Linear { to: 1 });
    let sample = [features, 1, 1];
    Ok(Layers { latent: config.latent, label, sample, generator, critic })
}

fn of_dcgan(config: DcganConfig) -> Layers {
    let (g, c) = (config.generator_width, config.critic_width);
    let kernel =
        |to, side, stride, padding| Kernel { side, stride, padding, ..Kernel::point_by_point(to) };
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
    let sample = [1, SIDE, SIDE];
    Layers { latent: config.latent, label: Label::None, sample, generator, critic }
}

/// How often the smallest maps, of 4 to 7 pixels a side, are doubled, and those pixels.
fn doublings(side: usize) -> (usize, usize) {
    let doublings = (side.ilog2() as usize).saturating_sub(2);
    (doublings, side >> doublings)
}

/// 4×4 kernels: halvings, or doublings where they are transposed.
fn doubling(to: usize, bias: bool) -> Kernel {
    Kernel { side: 4, stride: 2, padding: 1, bias, ..Kernel::point_by_point(to) }
}

fn of_conv(config: ConvolutionalConfig, sample: Shape) -> Result<Layers, String> {
    let ConvolutionalConfig { latent, generator_width, critic_width, critic_norm, classes } =
        config;
    let norm = match critic_norm {
        CriticNorm::None => None,
        CriticNorm::Batch => Some(Layer::BatchNorm),
        CriticNorm::Layer => Some(Layer::GroupNorm),
        _ => return Err("critics with this normalization are not measured".to_owned()),
    };
    let (doublings, start) = doublings(sample[1]);
    let whole_map = |to, bias| Kernel { side: start, bias, ..Kernel::point_by_point(to) };
    let width = |halvings: usize, width: usize| width << halvings.min(CONV_WIDENINGS);
    let mut generator = Vec::new();
    for stage in 0..doublings {
        let maps = width(doublings - 1 - stage, generator_width);
        let up = if stage == 0 { whole_map(maps, false) } else { doubling(maps, false) };
        generator.extend([Layer::Up(up), Layer::BatchNorm]);
        generator.extend((classes > 0).then_some(Layer::ClassAffine { classes }));
        generator.push(Layer::Relu);
    }
    generator.extend([Layer::Up(doubling(sample[0], true)), Layer::Tanh]);
    let mut critic = Vec::new();
    for stage in 0..doublings {
        let norm = norm.filter(|_| stage > 0);
        critic.push(Layer::Conv(doubling(width(stage, critic_width), norm.is_none())));
        critic.extend(norm);
        critic.push(Layer::LeakyRelu);
    }
    critic.push(match classes {
        0 => Layer::Conv(whole_map(1, true)),
        classes => Layer::Projection { classes },
    });
    let label = if classes > 0 { Label::Inside { classes } } else { Label::None };
    Ok(Layers { latent, label, sample, generator, critic })
}

fn of_residual(config: ResidualConfig, sample: Shape) -> Layers {
    let ResidualConfig { latent, generator_width, critic_width, blocks } = config;
    let (doublings, start) = doublings(sample[1]);
    let width = |halvings: usize, width: usize| width << halvings.min(RESIDUAL_WIDENINGS);
    let mix = |to| Layer::Conv(Kernel::point_by_point(to));
    let first = width(doublings, generator_width);
    let mut generator =
        vec![Layer::Linear { to: first * start * start }, Layer::Maps([first, start, start])];
    for stage in 0..=doublings {
        if stage > 0 {
            generator.extend([mix(width(doublings - stage, generator_width)), Layer::Double]);
        }
        generator.extend(vec![Layer::Block; blocks]);
    }
    generator.extend([mix(sample[0]), Layer::Tanh]);
    let mut critic = vec![mix(width(0, critic_width))];
    for stage in 0..=doublings {
        if stage > 0 {
            critic.extend([Layer::Halve, mix(width(stage, critic_width))]);
        }
        critic.extend(vec![Layer::Block; blocks]);
    }
    critic.push(Layer::Linear { to: 1 });
    Layers { latent, label: Label::None, sample, generator, critic }
}
