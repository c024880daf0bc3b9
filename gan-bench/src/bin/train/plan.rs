//! What is computed in a step of a recipe: the layers of its networks, and how often a step goes
//! through them.

use gan_core::batch::Fakes;
use gan_core::constraint::Constraint;
use gan_core::critic_preprocessing::CriticPreprocessing;
use gan_core::loss::LossConfig;
use gan_core::penalty::Penalty;
use gan_core::rules::Rules;
use gan_models::{Architecture, Training};

use crate::architecture::{Label, Layers};
use crate::game::GameName;
use crate::layer::{Layer, Shape, inputs};

/// A recipe with its networks spelled out.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) batch: usize,
    pub(crate) layers: Layers,
    pub(crate) training: Training,
    pub(crate) architecture: Architecture,
}

/// How often a step goes through one layer of a player, by pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Passes {
    pub(crate) forward: usize,
    pub(crate) input_gradient: usize,
    pub(crate) weight_gradient: usize,
}

impl Plan {
    /// The plan of a recipe; `batch` replaces its own.
    pub(crate) fn of(game: GameName, batch: Option<usize>) -> Result<Self, String> {
        let recipe = game.recipe.recipe();
        let (architecture, mut training) = (recipe.architecture, recipe.training);
        ensure_measured(&training.rules)?;
        training.batch = batch.unwrap_or(training.batch);
        let mut layers = Layers::of(architecture, game.image)?;
        if training.rules.constraint == (Constraint::SpectralNorm { iterations: 1 }) {
            layers.critic.iter_mut().for_each(normalize);
        }
        Ok(Self { batch: training.batch, layers, training, architecture })
    }

    /// Classes that the players are told of; 0 for none.
    pub(crate) fn classes(&self) -> usize {
        match self.layers.label {
            Label::None => 0,
            Label::Joined { classes } | Label::Inside { classes } => classes,
        }
    }

    /// What the label adds to the input of a network.
    fn joined(&self) -> usize {
        match self.layers.label {
            Label::Joined { classes } => classes,
            Label::None | Label::Inside { .. } => 0,
        }
    }

    pub(crate) fn noise(&self) -> Shape {
        [self.layers.latent + self.joined(), 1, 1]
    }

    /// What the critic is shown of one sample.
    pub(crate) fn shown(&self) -> Shape {
        let [channels, height, width] = self.layers.sample;
        [channels + self.joined(), height, width]
    }

    pub(crate) fn critic_steps(&self) -> usize {
        self.training.rules.critic_steps as usize
    }

    /// Whether both players' updates look at the same fakes, so that the generator runs once less.
    pub(crate) fn shares_fakes(&self) -> bool {
        self.training.rules.fakes == Fakes::Shared
    }

    /// How often a step goes through the generator's layers, the `first` or another.
    pub(crate) fn through_generator(&self, first: bool) -> Passes {
        let forward = self.critic_steps() + usize::from(!self.shares_fakes());
        Passes { forward, input_gradient: usize::from(!first), weight_gradient: 1 }
    }

    /// How often a step goes through the critic's layers, penalties left out.
    pub(crate) fn through_critic(&self, first: bool) -> Passes {
        let scored = 2 * self.critic_steps();
        // The generator's update has fakes scored once more, and real samples if the loss compares.
        let compared = matches!(self.training.rules.loss, LossConfig::RelativisticPaired(_));
        Passes {
            forward: scored + 1 + usize::from(compared),
            input_gradient: if first { 1 } else { scored + 1 },
            weight_gradient: scored,
        }
    }

    /// The floating-point operations that a step cannot do without, in matrix products only.
    pub(crate) fn flops(&self) -> f64 {
        let cost = |layers, from, passes: &dyn Fn(bool) -> usize| -> usize {
            let products = |(index, (layer, from)): (usize, (Layer, Shape))| {
                layer.products(from) * passes(index == 0)
            };
            inputs(layers, from).enumerate().map(products).sum()
        };
        let all = |passes: Passes| passes.forward + passes.input_gradient + passes.weight_gradient;
        let Layers { generator, critic, .. } = &self.layers;
        let generator = cost(generator, self.noise(), &|first| all(self.through_generator(first)));
        let critic = cost(critic, self.shown(), &|first| {
            all(self.through_critic(first)) + self.through_penalties(first)
        });
        2.0 * ((generator + critic) * self.batch) as f64
    }

    /// Passes of any sort for the penalties on the input gradient `g`.
    ///
    /// Each takes `g`, a pass down; its derivative by the weights takes the tangent `∂P/∂g`, a pass
    /// up, and a gradient of the weights. Layers that bend, normalizations, add the way through
    /// the values: another gradient of the weights, and a pass down to where they lie. Points that
    /// have not been scored are, first.
    fn through_penalties(&self, first: bool) -> usize {
        let bent = self.layers.critic.iter().any(|layer| layer.bends());
        let through_values = if bent { 1 + usize::from(!first) } else { 0 };
        let each = |penalty: &Penalty| {
            let scored = usize::from(matches!(penalty, Penalty::GradientPenalty(_)));
            scored + 3 + through_values
        };
        let together: usize = self.training.rules.penalties.iter().map(each).sum();
        together * self.critic_steps()
    }
}

/// The layer as spectral normalization has it; biases and activations stay as they are.
fn normalize(layer: &mut Layer) {
    if let Layer::Conv(kernel) = *layer {
        *layer = Layer::SpectralConv(kernel);
    }
}

/// Whether the step in plain Burn and its twins follow these rules.
fn ensure_measured(rules: &Rules) -> Result<(), String> {
    let penalties = rules.penalties.iter().all(|penalty| {
        matches!(penalty, Penalty::GradientPenalty(_) | Penalty::R1(_) | Penalty::R2(_))
    });
    let loss = matches!(
        rules.loss,
        LossConfig::NonSaturating(_)
            | LossConfig::Wasserstein(_)
            | LossConfig::Hinge(_)
            | LossConfig::LeastSquares(_)
            | LossConfig::RelativisticPaired(_)
    );
    let constraint = matches!(
        rules.constraint,
        Constraint::None | Constraint::Clip { .. } | Constraint::SpectralNorm { iterations: 1 }
    );
    let plain = rules.preprocessing == CriticPreprocessing::default()
        && rules.accumulation == 1
        && rules.clip_norm.is_none();
    if penalties && loss && constraint && plain {
        return Ok(());
    }
    Err("rules like these are not measured".to_owned())
}

#[cfg(test)]
mod tests {
    use gan_models::RecipeKind;

    use super::*;

    fn plan(word: &str) -> Plan {
        Plan::of(word.parse().unwrap(), Some(1)).unwrap()
    }

    #[test]
    fn every_recipe_has_a_plan_whose_layers_fit() {
        for recipe in RecipeKind::ALL {
            let plan = Plan::of(GameName { recipe, image: None }, Some(2)).unwrap();
            let Layers { generator, critic, sample, .. } = &plan.layers;
            let ends = |layers, from| {
                inputs(layers, from).last().map(|(layer, from): (Layer, _)| layer.output(from))
            };
            assert_eq!(ends(generator, plan.noise()), Some(*sample), "{}", recipe.name());
            assert_eq!(ends(critic, plan.shown()), Some([1, 1, 1]), "{}", recipe.name());
        }
    }

    /// Generator 32–128–2 (4,352 products) and critic 2–128–1 (384), no biases counted.
    #[test]
    fn a_step_of_the_moons_costs_what_is_counted_by_hand() {
        // Two passes forward, the gradient of the weights, and from the second layer that of its input.
        let generator = 3 * (32 * 128) + 4 * (128 * 2);
        // Real, fake and the generator's fake forward, two gradients of the weights, and down to the
        // input once; through the second layer three times.
        let critic = (3 + 2 + 1) * (2 * 128) + (3 + 2 + 3) * 128;
        assert_eq!(plan("gan").flops(), f64::from(2 * (generator + critic)));
    }

    #[test]
    fn passes_are_those_of_the_rules() {
        let passes = |word: &str| {
            let plan = plan(word);
            (plan.through_generator(false).forward, plan.through_critic(false).forward)
        };
        assert_eq!(passes("dcgan"), (1, 3));
        assert_eq!(passes("lsgan"), (2, 3));
        assert_eq!(passes("sngan"), (6, 11));
        assert_eq!(passes("r3gan"), (2, 4));
        let penalty = |word: &str| [true, false].map(|first| plan(word).through_penalties(first));
        assert_eq!(penalty("lsgan"), [0, 0]);
        // A critic with layer normalization, five times; one without, at real samples and at fakes.
        assert_eq!(penalty("wgan-gp"), [25, 30]);
        assert_eq!(penalty("r3gan"), [6, 6]);
    }

    #[test]
    fn images_may_have_another_shape_where_networks_do() {
        assert_eq!(plan("dcgan-classic:3x64x64").layers.sample, [3, 64, 64]);
        for word in ["dcgan:3x64x64", "gan:3x64x64"] {
            assert!(Plan::of(word.parse().unwrap(), None).is_err(), "{word}");
        }
    }
}
