//! Every recipe against PyTorch: the same weights and samples give the same outputs, losses,
//! gradients, and weights after three rounds. `tests/fixtures/recipes.py` recorded the other side,
//! in double precision: with few samples, which fill no vector of the kernels, and with many.
//!
//! Tensors are compared by their relative distance `|a − b| / |b|`, which has to be below 1e-4.

mod recorded;

use std::collections::BTreeMap;

use burn::optim::SgdConfig;
use burn::tensor::{Device, Int, Tensor};
use gan_core::batch::{Batch, MicroBatch};
use gan_core::constraint::Constraint;
use gan_core::exchange::Alone;
use gan_core::latent::Latents;
use gan_core::loss::Objective;
use gan_core::player::{Critic, Generator, Player, Players};
use gan_core::progress::Progress;
use gan_core::rules::Rules;
use gan_core::seed::{RngKey, Seed};
use gan_core::step::{critic_step, generator_step};
use gan_models::{
    ConvolutionalConfig, CriticNorm, DcganConfig, MlpConfig, Networks, RecipeKind, ResidualConfig,
    Training,
};

use recorded::{Recorded, state};

const ROUNDS: usize = 3;
/// Samples that fill a vector of any processor.
const MANY: usize = 16;
const TOLERANCE: f64 = 1e-4;
const PROGRESS: Progress = Progress { step: 0, steps_per_epoch: 1 };

fn norm(values: impl IntoIterator<Item = f32>) -> f64 {
    values.into_iter().map(|value| f64::from(value).powi(2)).sum::<f64>().sqrt()
}

/// `found` is `expected` but for rounding and a `slack` that is explained where it is given.
fn ensure_near(what: &str, found: &[f32], expected: &[f32], slack: f64) {
    assert_eq!(found.len(), expected.len(), "{what}");
    let distance = norm(found.iter().zip(expected).map(|(a, b)| a - b));
    let size = norm(expected.iter().copied());
    assert!(
        distance <= TOLERANCE * size + slack,
        "{what}: {distance:e} apart at a size of {size:e}"
    );
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec_as::<f32>().unwrap()
}

/// The numbers of those fakes that are recorded: about four of a batch.
fn of_recorded_fakes<const D: usize>(fakes: Tensor<D>) -> Vec<f32> {
    const FAKES: usize = 4;
    let samples = fakes.dims()[0];
    let (numbers, each) = (numbers(fakes.clone()), fakes.shape().num_elements() / samples);
    numbers.chunks_exact(each).step_by(samples / FAKES).flatten().copied().collect()
}

/// One recipe at reduced widths.
struct Fixture<F> {
    recorded: Recorded,
    training: Training,
    networks: F,
    /// The device under test; `BURN_DEVICE` may choose another one.
    device: Device,
}

impl<F> Fixture<F> {
    fn new(kind: RecipeKind, samples: &str, networks: F) -> Self {
        let training = kind.recipe().training;
        let recorded = Recorded::of(kind.name(), samples);
        let device = Device::default().autodiff();
        Self { recorded, training, networks, device }
    }

    /// Both players with PyTorch's weights.
    fn players<G: Generator<D>, C: Critic<D>, const D: usize>(&self) -> Players<G, C>
    where
        F: Fn(&Device) -> Networks<G, C>,
    {
        let networks = (self.networks)(&self.device);
        let players = self.training.players(networks, Seed(0), &self.device);
        let (generator, critic) = (players.generator, players.critic);
        let vectors = Seed(0).stream("constraint");
        let attached = self.training.rules.constraint.attach(critic.module, &vectors);
        let critic = Player { module: self.recorded.load("critic", attached), ..critic };
        let module = self.recorded.load("generator", generator.module);
        Players::new(Player { module, ..generator }, critic)
    }

    /// Fakes of `generator` from the noise recorded for `player`.
    fn micro_batch<G: Generator<D>, const D: usize>(
        &self,
        generator: &G,
        round: usize,
        player: &str,
    ) -> MicroBatch<D> {
        let labels = format!("labels/{round}");
        let labels: Option<Tensor<1, Int>> = self
            .recorded
            .has(&labels)
            .then(|| self.recorded.tensor::<1>(&labels, &self.device).int());
        let noise = self.recorded.tensor(&format!("noise/{round}/{player}"), &self.device);
        let samples = self.recorded.tensor(&format!("real/{round}"), &self.device);
        let index = 2 * round as u64 + u64::from(player == "generator");
        MicroBatch {
            real: Batch { samples, labels: labels.clone() },
            fake: generator.generate(Latents { noise, labels }),
            key: RngKey::new(Seed(0), index),
        }
    }

    fn expect(&self, what: &str, found: &[f32]) {
        let expected = self.recorded.values(&format!("expected/{what}"));
        ensure_near(&format!("{}: {what}", self.recorded.file), found, expected, 0.0);
    }
}

/// Steps of this length along the gradient show it in what the weights lose: a power of two, which
/// rounds nothing, and so long that the weights themselves hardly count.
const STRIDE: f32 = (1 << 20) as f32;

fn striding<M>(player: Player<M>) -> Player<M> {
    Player { optimizer: SgdConfig::new().init(), lr: f64::from(STRIDE), ..player }
}

type State = BTreeMap<String, Vec<f32>>;

fn lost(before: &State, after: &State) -> State {
    let per_stride = |(a, b): (&f32, &f32)| (a - b) / STRIDE;
    let lost = |(name, values): (&String, &Vec<f32>)| {
        (name.clone(), values.iter().zip(&after[name]).map(per_stride).collect())
    };
    before.iter().map(lost).collect()
}

/// The first step of both players: samples, scores, losses and gradients.
fn first_step_agrees<F, G: Generator<D>, C: Critic<D>, const D: usize>(fixture: &Fixture<F>)
where
    F: Fn(&Device) -> Networks<G, C>,
{
    let mut players = fixture.players();
    let rules = fixture.training.rules.clone();
    let micro_batch: MicroBatch<D> = fixture.micro_batch(&players.generator.frozen(), 0, "critic");
    fixture.expect("fake", &of_recorded_fakes(micro_batch.fake.samples.clone().inner()));

    let free = Rules { constraint: Constraint::None, ..rules.clone() };
    players.critic = striding(players.critic);
    let before = state(&players.critic.module);
    let (players, report) =
        critic_step(players, &free, &Objective::of(&free), PROGRESS, &Alone, [micro_batch.clone()])
            .unwrap();
    fixture.expect("real_scores", &numbers(report.real.raw()));
    fixture.expect("fake_scores", &numbers(report.fake.raw()));
    let gradient = lost(&before, &state(&players.critic.module));
    gradients_agree(&fixture.recorded, "gradient/critic", &gradient);

    let (mut players, _) = critic_step(
        fixture.players(),
        &rules,
        &Objective::of(&rules),
        PROGRESS,
        &Alone,
        [micro_batch],
    )
    .unwrap();
    players.generator = striding(players.generator);
    let before = state(&players.generator.module);
    let micro_batch = fixture.micro_batch(&players.generator.module, 0, "generator");
    let (players, _) =
        generator_step(players, &rules, &Objective::of(&rules), PROGRESS, &Alone, [micro_batch])
            .unwrap();
    let gradient = lost(&before, &state(&players.generator.module));
    gradients_agree(&fixture.recorded, "gradient/generator", &gradient);
}

/// Gradients of all trained weights. A bias before batch normalization has none but rounding.
fn gradients_agree(recorded: &Recorded, prefix: &str, found: &State) {
    let (expected, all) = (recorded.under(prefix), length(recorded, prefix));
    for (name, expected) in expected {
        let slack = if is_idle(expected, all) { 1e-6 * all } else { 0.0 };
        let what = format!("{}: {prefix}/{name}", recorded.file);
        ensure_near(&what, &found[&name], expected, slack);
    }
}

/// Of everything under `prefix` together.
fn length(recorded: &Recorded, prefix: &str) -> f64 {
    norm(recorded.under(prefix).values().flat_map(|values| values.iter().copied()))
}

/// Whether a gradient is nothing but the rounding of double precision, beside `all` of them.
fn is_idle(gradient: &[f32], all: f64) -> bool {
    norm(gradient.iter().copied()) < 1e-9 * all
}

/// Three rounds: losses, penalties, and where the weights are in the end.
fn three_rounds_agree<F, G: Generator<D>, C: Critic<D>, const D: usize>(fixture: &Fixture<F>)
where
    F: Fn(&Device) -> Networks<G, C>,
{
    let mut players = fixture.players();
    let rules = fixture.training.rules.clone();
    let mut losses = [Vec::new(), Vec::new(), Vec::new()];
    for round in 0..ROUNDS {
        let micro_batch: MicroBatch<D> =
            fixture.micro_batch(&players.generator.frozen(), round, "critic");
        let (critic, generator);
        (players, critic) =
            critic_step(players, &rules, &Objective::of(&rules), PROGRESS, &Alone, [micro_batch])
                .unwrap();
        let micro_batch = fixture.micro_batch(&players.generator.module, round, "generator");
        (players, generator) = generator_step(
            players,
            &rules,
            &Objective::of(&rules),
            PROGRESS,
            &Alone,
            [micro_batch],
        )
        .unwrap();
        let penalty = critic.penalty.map_or(0.0, |penalty| penalty.into_scalar());
        let read = [critic.loss.into_scalar(), penalty, generator.loss.into_scalar()];
        losses.iter_mut().zip(read).for_each(|(losses, loss)| losses.push(loss));
    }
    for (what, losses) in ["critic_loss", "penalty", "generator_loss"].into_iter().zip(&losses) {
        fixture.expect(what, losses);
    }
    // What is for inference has settled its running statistics.
    let generator = state(&players.generator.for_inference());
    weights_agree(fixture, "generator", &generator, players.generator.lr);
    weights_agree(fixture, "critic", &state(&players.critic.for_inference()), players.critic.lr);
}

/// Weights, running statistics and power-iteration vectors after all rounds.
///
/// A bias before batch normalization has no gradient; Adam makes full steps of its rounding noise,
/// so it may be anywhere within `ROUNDS` steps, and the running mean behind it follows.
fn weights_agree<F>(fixture: &Fixture<F>, player: &str, found: &State, lr: f64) {
    let recorded = &fixture.recorded;
    let prefix = format!("gradient/{player}");
    let (gradients, all) = (recorded.under(&prefix), length(recorded, &prefix));
    let any_idle = gradients.values().any(|gradient| is_idle(gradient, all));
    let expected = recorded.under(&format!("after/{player}"));
    assert_eq!(expected.len(), found.len(), "every tensor has its counterpart");
    for (name, expected) in expected {
        let wanders = gradients.get(&name).is_some_and(|gradient| is_idle(gradient, all))
            || any_idle && name.ends_with("running_mean");
        // An entry whose gradient is rounding alone moves by the learning rate all the same.
        let idle = gradients
            .get(&name)
            .map_or(0, |gradient| gradient.iter().filter(|entry| is_idle(&[**entry], all)).count());
        let wandering = if wanders { expected.len() } else { idle };
        let slack = 2.0 * ROUNDS as f64 * lr * (wandering as f64).sqrt();
        let what = format!("{}: {player} {name}", recorded.file);
        ensure_near(&what, &found[&name], expected, slack);
    }
}

fn agrees<G: Generator<D>, C: Critic<D>, const D: usize>(
    kind: RecipeKind,
    networks: impl Fn(&Device) -> Networks<G, C>,
) {
    for samples in ["few", "many"] {
        let fixture = Fixture::new(kind, samples, &networks);
        let are_many = fixture.recorded.samples() >= MANY;
        assert_eq!(are_many, samples == "many", "{}", fixture.recorded.file);
        first_step_agrees(&fixture);
        three_rounds_agree(&fixture);
    }
}

fn convolutional(
    side: usize,
    critic_norm: CriticNorm,
    classes: usize,
) -> impl Fn(&Device) -> Networks<gan_models::ConvolutionalGenerator, gan_models::ConvolutionalCritic>
{
    let (generator_width, critic_width) = (2, 2);
    let config =
        ConvolutionalConfig { latent: 5, generator_width, critic_width, critic_norm, classes };
    move |device| config.init(&[1, side, side], 1, device).unwrap()
}

#[test]
fn gan_agrees_with_pytorch() {
    let config = MlpConfig { latent: 4, hidden: 8, ..MlpConfig::default() };
    agrees::<_, _, 2>(RecipeKind::Gan, |device| config.init(&[2], 1, device).unwrap());
}

#[test]
fn cgan_agrees_with_pytorch() {
    let config = MlpConfig { latent: 5, hidden: 6, classes: 3, ..MlpConfig::default() };
    agrees::<_, _, 4>(RecipeKind::Cgan, |device| config.init(&[1, 10, 10], 1, device).unwrap());
}

#[test]
fn cdcgan_agrees_with_pytorch() {
    agrees(RecipeKind::Cdcgan, convolutional(28, CriticNorm::None, 3));
}

#[test]
fn dcgan_agrees_with_pytorch() {
    let config = DcganConfig { latent: 5, generator_width: 2, critic_width: 2 };
    agrees(RecipeKind::Dcgan, |device| config.init(&[1, 32, 32], 1, device).unwrap());
}

#[test]
fn dcgan_classic_agrees_with_pytorch() {
    agrees(RecipeKind::DcganClassic, convolutional(32, CriticNorm::Batch, 0));
}

#[test]
fn lsgan_agrees_with_pytorch() {
    agrees(RecipeKind::Lsgan, convolutional(28, CriticNorm::Batch, 0));
}

#[test]
fn wgan_agrees_with_pytorch() {
    agrees(RecipeKind::Wgan, convolutional(28, CriticNorm::Batch, 0));
}

#[test]
fn wgan_gp_agrees_with_pytorch() {
    agrees(RecipeKind::WganGp, convolutional(28, CriticNorm::Layer, 0));
}

#[test]
fn sngan_agrees_with_pytorch() {
    agrees(RecipeKind::Sngan, convolutional(28, CriticNorm::None, 0));
}

#[test]
fn r3gan_agrees_with_pytorch() {
    let config = ResidualConfig { latent: 5, generator_width: 2, critic_width: 2, blocks: 1 };
    agrees(RecipeKind::R3gan, |device| config.init(&[1, 28, 28], 1, device).unwrap());
}
