//! Where the time of a step goes: every layer on its own, pass by pass, then what is not a layer.
//!
//! A layer is timed alone, at the shapes of the recipe, and counted as often as a step goes through
//! it. What the step takes in all is measured too, under the learner; the difference is what the
//! parts leave out: losses, readings, the graph's own bookkeeping, and memory that is cold in a
//! step and warm in a repetition.
//!
//! A backward pass alone begins with Burn's gradient of ones in the order of the axes. In a step no layer
//! but the last is given such a gradient: the layer behind it leaves one that lies as the kernels have it, the
//! batch innermost. So each is timed behind a permutation of the axes to that order, whose gradient of
//! ones comes back as a view, and what filling it takes is subtracted.

use std::time::{Duration, Instant};

use burn::module::Module;
use burn::tensor::{Device, Distribution, Tensor};
use gan_core::forward_mode::{Mode, Primal};
use gan_core::kernels::Activation;
use gan_core::loss::{LossConfig, NonSaturating};
use gan_core::seed::Seed;

use crate::built::{Built, Value, told};
use crate::class::unit_labels;
use crate::layer::{Layer, SLOPE, Shape, inputs};
use crate::learner::{AfterwardsSeconds, StepSeconds, UpdateSeconds, with_networks};
use crate::plan::{Passes, Plan};
use crate::residual::Block;
use crate::timer::{median_pair, median_seconds};

/// How long a whole step is measured.
const WINDOW: Duration = Duration::from_secs(3);

/// Whose layers they are.
#[derive(Clone, Copy)]
enum Player {
    Generator,
    Critic,
}

/// Seconds of one pass through a layer.
struct Seconds {
    forward: f64,
    input_gradient: f64,
    weight_gradient: f64,
}

/// Tab-separated lines, seconds in one step each:
/// `layer PLAYER NAME FORWARD INPUT_GRADIENT WEIGHT_GRADIENT`, `part NAME SECONDS`, and
/// `step SECONDS`, the whole of it.
pub(crate) fn lines(plan: &Plan) -> Result<Vec<String>, String> {
    let mut lines = layers(plan, Player::Generator);
    lines.extend(layers(plan, Player::Critic));
    let [generator, critic] = with_networks(plan, UpdateSeconds)?;
    lines.push(format!("part\toptimizer of the generator\t{generator}"));
    lines.push(format!("part\toptimizer of the critic\t{critic}"));
    let [constraint, average] = with_networks(plan, AfterwardsSeconds)?;
    lines.extend(constraint.map(|seconds| format!("part\tconstraint of the critic\t{seconds}")));
    lines.extend(average.map(|seconds| format!("part\taverage of the generator\t{seconds}")));
    lines.push(format!("part\tlatents\t{}", latents(plan)));
    let step = with_networks(plan, StepSeconds(WINDOW))?;
    if !plan.training.rules.penalties.is_empty() {
        let mut without = plan.clone();
        without.training.rules.penalties.clear();
        // Some losses are not allowed without a penalty; this one always is, and costs as little.
        without.training.rules.loss = LossConfig::NonSaturating(NonSaturating { smoothing: 0.0 });
        let rest = with_networks(&without, StepSeconds(WINDOW))?;
        lines.push(format!("part\tpenalty\t{}", (step - rest).max(0.0)));
    }
    lines.push(format!("step\t{step}"));
    Ok(lines)
}

fn layers(plan: &Plan, player: Player) -> Vec<String> {
    let (layers, from) = match player {
        Player::Generator => (&plan.layers.generator, plan.noise()),
        Player::Critic => (&plan.layers.critic, plan.shown()),
    };
    let timed = inputs(layers, from).enumerate().filter_map(|(index, (layer, from))| {
        // Timed with the layer before it.
        if layer.activation().is_some() {
            return None;
        }
        let behind = layers.get(index + 1).filter(|next| next.activation().is_some());
        let (first, owner) = (index == 0, player.name());
        let Passes { forward, input_gradient, weight_gradient } = match player {
            Player::Generator => plan.through_generator(first),
            Player::Critic => plan.through_critic(first),
        };
        let activation = behind.and_then(|next| next.activation()).unwrap_or_default();
        let seconds = time(layer, activation, from, plan, first);
        let behind = behind.map_or(String::new(), |next| format!(", {}", next.name(from)));
        Some(format!(
            "layer\t{owner}\t{}{behind}\t{}\t{}\t{}",
            layer.name(from),
            seconds.forward * forward as f64,
            seconds.input_gradient * input_gradient as f64,
            seconds.weight_gradient * weight_gradient as f64,
        ))
    });
    timed.collect()
}

impl Player {
    fn name(self) -> &'static str {
        match self {
            Self::Generator => "generator",
            Self::Critic => "critic",
        }
    }
}

/// The layer and the activation behind it, as the networks of the recipes go through them; labels are
/// unit vectors.
fn forward(layer: &Built, activation: Activation, x: Value, labels: Option<&Tensor<2>>) -> Value {
    let mode = Primal;
    match (layer, x) {
        (Built::Linear(layer), x) => {
            Value::Vectors(mode.linear_then(layer, x.vectors(), activation))
        }
        (Built::Conv(layer), x) => Value::Maps(mode.conv2d_then(layer, x.maps(), activation)),
        // What its weights are divided by is no part of the layer.
        (Built::SpectralConv(layer), x) => {
            Value::Maps(mode.conv2d_then(&layer.layer, x.maps(), activation))
        }
        (Built::Up(layer), x) => {
            Value::Maps(mode.conv_transpose2d_then(layer, x.maps(), activation))
        }
        (Built::BatchNorm(layer), x) => {
            Value::Maps(mode.batch_norm_then(layer, x.maps(), activation))
        }
        (Built::GroupNorm(layer), x) => {
            Value::Maps(mode.group_norm_then(layer, x.maps(), activation))
        }
        (Built::Block(block), x) => Value::Maps(through_block(block, x.maps())),
        (Built::Halve(layer), x) => Value::Maps(mode.avg_pool2d(layer, x.maps())),
        (Built::Double(_), x) => Value::Maps(mode.upsample_nearest2d(x.maps(), 2)),
        (Built::Projection(layer), x) => {
            let maps = x.maps();
            let score = mode.flatten(mode.conv2d(&layer.score, maps.clone()));
            Value::Vectors(score + layer.agreement(maps, told(labels)))
        }
        (Built::Maps(reshape), x) => {
            Value::Maps(gan_kernels::unflatten(x.vectors(), reshape.shape))
        }
        (layer, x) => match layer.forward(x, labels) {
            Value::Vectors(y) => Value::Vectors(mode.activate(y, activation)),
            Value::Maps(y) => Value::Maps(mode.activate(y, activation)),
        },
    }
}

fn through_block(block: &Block, x: Tensor<4>) -> Tensor<4> {
    let (mode, activation) = (Primal, Activation::LeakyRelu(SLOPE as f32));
    let branch = mode.conv2d_then(&block.enter, x.clone(), activation);
    let branch = mode.conv2d_then(&block.spatial, branch, activation);
    mode.add(x, mode.conv2d(&block.leave, branch))
}

/// What each pass takes. The gradient of the weights is what a backward pass with it takes longer
/// than one without; of the first layer, which computes no other, it is measured alone.
fn time(layer: Layer, activation: Activation, from: Shape, plan: &Plan, first: bool) -> Seconds {
    let device = Device::flex().autodiff();
    let learning = layer.build(from, &device);
    let frozen = layer.build(from, &device).no_grad();
    let samples = input(from, plan.batch, first);
    let classes = plan.classes();
    let labels = (classes > 0).then(|| Tensor::from_inner(unit_labels(plan.batch, classes)));
    // Each pass has a graph of its own, which it uses up.
    let leaf = || tracked(samples.clone());
    let through = |layer, x| forward(layer, activation, x, labels.as_ref());
    let [forward, input_gradient] = passes(leaf, |x| through(&frozen, x));
    if !layer.learns() {
        return Seconds { forward, input_gradient, weight_gradient: 0.0 };
    }
    let given = || if first { samples.clone().constant() } else { leaf() };
    let [forward, backward] = passes(given, |x| through(&learning, x));
    let other = if first { 0.0 } else { input_gradient };
    Seconds { forward, input_gradient, weight_gradient: (backward - other).max(0.0) }
}

/// Seconds of the forward and of the backward pass that follows it. A graph that no backward pass
/// uses up would stay around and slow down the next ones, so that neither is timed without the other.
fn passes(samples: impl Fn() -> Value, through: impl Fn(Value) -> Value) -> [f64; 2] {
    let timed = |through: &dyn Fn(Value) -> Value, samples: &dyn Fn() -> Value| {
        median_pair(|| {
            let samples = samples();
            let began = Instant::now();
            let made = through(samples);
            let forward = began.elapsed();
            match made {
                Value::Vectors(y) => drop(y.permute([1, 0]).backward()),
                Value::Maps(y) => drop(y.permute([2, 3, 1, 0]).backward()),
            }
            [forward, began.elapsed() - forward]
        })
    };
    let made = through(samples()).inner();
    let [forward, backward] = timed(&through, &samples);
    let [_, filling] = timed(&|x| x, &|| tracked(made.clone()));
    [forward, (backward - filling).max(0.0)]
}

/// As a leaf of a graph.
fn tracked(value: Value) -> Value {
    match value.constant() {
        Value::Vectors(x) => Value::Vectors(x.require_grad()),
        Value::Maps(x) => Value::Maps(x.require_grad()),
    }
}

/// What flows into a layer; into all but the first one as the layer before leaves it in memory.
fn input([maps, height, width]: Shape, batch: usize, first: bool) -> Value {
    let device = Device::flex();
    let normal = Distribution::Normal(0.0, 1.0);
    let before = if first { Activation::Identity } else { Activation::LeakyRelu(0.5) };
    if [height, width] == [1, 1] {
        let x = Tensor::<2>::random([batch, maps], normal, &device);
        Value::Vectors(Primal.activate(x, before))
    } else {
        let x = Tensor::<4>::random([batch, maps, height, width], normal, &device);
        Value::Maps(Primal.activate(x, before))
    }
}

/// Seconds that the noise of a step takes.
fn latents(plan: &Plan) -> f64 {
    let device = Device::flex().autodiff();
    let stream = Seed(1).stream("latent");
    let draw = || {
        let mut rng = stream.draw(0);
        drop(plan.training.prior.draw([plan.batch, plan.layers.latent], &mut rng, &device));
    };
    let draws = plan.through_generator(true).forward;
    median_seconds(draw) * draws as f64
}
