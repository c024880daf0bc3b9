//! The duality gap of a game: what its players would gain if each moved alone.
//!
//! The critic's loss defines a zero-sum game with the value `M(G, D) = −(the critic's loss)`, which the critic
//! maximizes and the generator minimizes. The gap is
//!
//! ```text
//! DG(G, D) = max_D' M(G, D') − min_G' M(G', D)
//! ```
//!
//! It is 0 at an equilibrium, where neither player gains by moving, and above 0 elsewhere: where the generator has
//! collapsed, which another critic finds out, and where the players cycle. It needs no density, no labels and no
//! network of features, whatever the data are.
//!
//! | Quantity | Formula | Range, better | Bias |
//! |---|---|---|---|
//! | [`game/duality_gap`](DUALITY_GAP) | `M(G, D*) − M(G*, D)` | from 0, lower; without an upper end where `M` has no lower one | downwards: both responses fall short |
//! | [`game/worst_critic`](WORST_CRITIC) | `M(G, D*)`: of the generator alone | from `v`, lower | downwards |
//! | [`game/best_generator`](BEST_GENERATOR) | `M(G*, D)`: of the critic alone | up to `v`, near `v` is best | upwards |
//!
//! `D*` is the critic after `K` steps of its own against the generator as it is, `G*` the generator after `K` steps
//! against the critic as it is: lower bounds of what each could gain, and the closer the larger `K`. `v` is `M` where
//! the critic cannot tell samples from data:
//!
//! | Loss, without label smoothing | `v` | `max_D' M(G, D')` over all critics |
//! |---|---|---|
//! | minimax, non-saturating | −2·ln 2 | `v + 2·JS(data, samples)` |
//! | least squares | −¼ | `v + ⅛ ∫ (p − q)²/(p + q)` for densities `p` and `q` |
//! | hinge | −2 | `v + 2·TV(data, samples)` |
//! | Wasserstein | 0 | `c·W₁(data, samples)` for critics of slope `c` at most |
//! | f-GAN | 0, or −2·ln 2 of the row `gan` | `D_f(data ‖ samples)`, of the row `gan` as the first line |
//! | relativistic, paired and average | −ln 2 and −2·ln 2 | a divergence without a name |
//!
//! # For which losses
//! For all: `M` is made of the critic's loss alone, as the game has it, label smoothing included. What the generator
//! minimizes in training may be another function (the non-saturating one, that of least squares or hinge); its best
//! response descends `M` itself, for only then are both sides of one game. Penalties are terms of the critic's
//! response and no part of `M`, constraints hold after each of its steps: of a Wasserstein game the response is a
//! critic of bounded slope, as in training. Gaps of different losses, penalties, batch sizes or `K` are not comparable.
//!
//! # How responses are made
//! Each begins with a copy of the players, live weights both and not the EMA, which never plays. Optimizers are
//! those of the run with fresh state, at the full learning rate: a schedule that has faded would leave both players
//! where they are. Everything else is as in the game at that step: micro-batches, preprocessing, schedules of penalties,
//! statistics of batch normalization, precision. Responses are made on training samples, `M` is evaluated on
//! held-out ones, in batches as large as in the game, with the same latents for both terms. Every measurement has the
//! same real samples and the same latents, from streams of its own: it changes no bit of the training, apart from layers
//! with a random generator of their backend such as Burn's dropout.
//!
//! # Negative values
//! They say that a response has failed: steps that are too large or too few, a critic that has learned its training
//! samples by heart, or one that its penalty drew away from a larger `M`. Where the held-out samples are those of
//! training, learning by heart makes the gap larger instead.
//!
//! # Standard errors
//! Of the mean over held-out batches (of differences between the terms on the same batch, for the gap), taking both
//! responses as given; none of a single batch.
//!
//! # Choosing `K`
//! A response goes no farther than `K` steps at the run's learning rate. With Adam at 10⁻³ and `K = 200` a collapsed
//! generator of points has a gap of 1.2 to 1.9 nats and a converged one of less than 0.002; at 10⁻⁴ with `K = 50` the
//! collapsed one has only 0.15. Numbers of one run, with one `K`, are comparable whatever it is.
//!
//! # Cost
//! `K` steps of either player, that is about `K` steps of a game with one critic step each, and a forward pass of both
//! players over twice [`HELD_OUT_BATCHES`] batches. With `K = 50` that is the time of 80 training steps of the recipe
//! `dcgan`.
//!
//! # Source
//! Grnarova, Levy, Lucchi, Perraudin, Goodfellow, Hofmann and Krause (2019), "A domain agnostic measure for monitoring
//! and evaluating GANs", arXiv:1811.05512. Games whose end is no equilibrium, of which the gap stays above 0: Sidheekh
//! et al. (2021), arXiv:2105.04801.

mod zero_sum;

use std::cell::RefCell;
use std::num::NonZeroU64;

use burn::module::Module;
use burn::tensor::Tensor;
use gan_core::GanError;
use gan_core::batch::{Batch, BatchSource, MicroBatch};
use gan_core::batch_statistics::BatchStatistics;
use gan_core::exchange::Alone;
use gan_core::latent::{LatentPrior, Latents};
use gan_core::loss::Objective;
use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_core::optimizer::OptimizerConfig;
use gan_core::player::{Critic, Generator, Player, Players};
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::progress::Progress;
use gan_core::rules::{Rules, Schedule};
use gan_core::seed::{RngKey, Seed};
use gan_core::step::{critic_loss, critic_step, generator_step};
use gan_kernels::{Precision, autocast};
use rand::RngExt as _;

use zero_sum::ZeroSum;

/// That of the critic's loss: nats for the logistic ones.
const UNIT: &str = "game value";

/// What both players together would gain by moving alone.
pub const DUALITY_GAP: Quantity = Quantity::new("game/duality_gap", UNIT).better(Direction::Lower);
/// The value of the game against the critic's best response.
pub const WORST_CRITIC: Quantity =
    Quantity::new("game/worst_critic", UNIT).better(Direction::Lower);
/// The value of the game with the generator's best response.
pub const BEST_GENERATOR: Quantity = Quantity::new("game/best_generator", UNIT);

/// Held-out batches that the value of a game is the mean over; fewer where an epoch has fewer.
pub const HELD_OUT_BATCHES: u64 = 32;

/// How best responses are made: as the game is played, for some steps.
#[derive(Clone, Debug, PartialEq)]
pub struct BestResponse {
    /// `K`: updates of each player, from 1 up; 50 to 200, say.
    pub steps: NonZeroU64,
    /// The rules of the game. Batch normalization is by micro-batch, whatever they say of it.
    pub rules: Rules,
    /// What the noise is drawn from.
    pub prior: LatentPrior,
    /// The generator's optimizer.
    pub generator: OptimizerConfig,
    /// The critic's optimizer.
    pub critic: OptimizerConfig,
    /// The seed of the run: latents and other random numbers come from streams of it that no step draws from.
    pub seed: Seed,
}

/// Measures the duality gap of a game between critics `C` and generators of rank-`D` samples.
#[doc(alias = "DG")]
#[doc(alias = "minimax")]
pub struct DualityGap<C, S, const D: usize> {
    response: BestResponse,
    objective: Objective<C, D>,
    real: RefCell<S>,
    held_out: RefCell<S>,
}

impl<C: Critic<D>, S: BatchSource<D>, const D: usize> DualityGap<C, S, D> {
    /// Make responses on batches of `real`, as large as those of the game, and evaluate them on batches of `held_out`.
    ///
    /// Either source is read from its beginning at every measurement.
    ///
    /// # Errors
    /// What [`Rules::validate`] and [`OptimizerConfig::validate`] return.
    pub fn new(mut response: BestResponse, real: S, held_out: S) -> Result<Self, GanError> {
        response.rules.validate(real.batch_size())?;
        response.rules.validate(held_out.batch_size())?;
        response.generator.validate("generator")?;
        response.critic.validate("critic")?;
        response.rules.schedule = Schedule::default();
        response.rules.batch_statistics = BatchStatistics::Ghost;
        let objective = zero_sum(Objective::of(&response.rules));
        Ok(Self { response, objective, real: RefCell::new(real), held_out: RefCell::new(held_out) })
    }

    /// The same with a loss and penalties of the user's own, which the rules do not name.
    #[must_use]
    pub fn with_objective(self, objective: Objective<C, D>) -> Self {
        Self { objective: zero_sum(objective), ..self }
    }

    /// [`DUALITY_GAP`], [`WORST_CRITIC`] and [`BEST_GENERATOR`] of these players, each with its standard error.
    ///
    /// # Errors
    /// What the sources and the steps of the game return.
    pub fn evaluate<G: Generator<D>>(
        &self,
        players: &Players<G, C>,
        at: Progress,
    ) -> Result<[Measurement; 3], ProbeError> {
        let worst_critic = self.worst_critic(self.copy(players), at)?;
        let best_generator = self.best_generator(self.copy(players), at)?;
        let Players { generator, critic, .. } = self.copy(players);
        let worst = self.values(&generator, &worst_critic, at)?;
        let best = self.values(&best_generator, &critic, at)?;
        let gaps: Vec<f64> = worst.iter().zip(&best).map(|(worst, best)| worst - best).collect();
        Ok([
            mean_of(DUALITY_GAP, &gaps),
            mean_of(WORST_CRITIC, &worst),
            mean_of(BEST_GENERATOR, &best),
        ])
    }

    /// `max_D' M(G, D')`: the critic moves alone, and the generator stays.
    fn worst_critic<G: Generator<D>>(
        &self,
        mut players: Players<G, C>,
        at: Progress,
    ) -> Result<Player<C>, ProbeError> {
        let BestResponse { rules, steps, .. } = &self.response;
        let precision = precision_of(rules, &players.critic.module);
        let mut draws = self.draws("duality gap/critic", &self.real);
        for _ in 0..steps.get() {
            let given = draws.next(players.generator.frozen(), rules.accumulation)?;
            let step = || critic_step(players, rules, &self.objective, at, &Alone, given);
            (players, _) = autocast(precision, step)?;
        }
        Ok(players.critic)
    }

    /// `min_G' M(G', D)`: the generator moves alone, and the critic stays.
    fn best_generator<G: Generator<D>>(
        &self,
        mut players: Players<G, C>,
        at: Progress,
    ) -> Result<Player<G>, ProbeError> {
        let BestResponse { rules, steps, .. } = &self.response;
        let precision = precision_of(rules, &players.generator.module);
        let mut draws = self.draws("duality gap/generator", &self.real);
        for _ in 0..steps.get() {
            let given = draws.next(players.generator.module.clone(), rules.accumulation)?;
            let step = || generator_step(players, rules, &self.objective, at, &Alone, given);
            (players, _) = autocast(precision, step)?;
        }
        Ok(players.generator)
    }

    /// `M(G, D)` on each held-out batch.
    fn values<G: Generator<D>>(
        &self,
        generator: &Player<G>,
        critic: &Player<C>,
        at: Progress,
    ) -> Result<Vec<f64>, ProbeError> {
        let (generator, critic) = (generator.frozen(), critic.frozen());
        let batches = self.held_out.borrow().batches_per_epoch().clamp(1, HELD_OUT_BATCHES);
        let given = self.draws("duality gap/held-out", &self.held_out).next(generator, batches)?;
        let loss = |each| critic_loss(&critic, &self.response.rules, &self.objective, at, each);
        let losses: Tensor<1> = Tensor::cat(given.map(loss).collect(), 0);
        Ok(losses.into_data().iter::<f64>().map(|loss| -loss).collect())
    }

    /// Both players with the weights and running statistics that they have, apart from them, and fresh optimizers.
    fn copy<G: Generator<D>>(&self, players: &Players<G, C>) -> Players<G, C> {
        let Players { generator, critic, .. } = players;
        // A clone would share the running statistics of batch normalization.
        Players::new(
            Player::new(generator.for_inference().train(), &self.response.generator),
            Player::new(critic.for_inference().train(), &self.response.critic),
        )
    }

    /// The same batches at every measurement, for one purpose.
    fn draws<'a>(&self, purpose: &str, source: &'a RefCell<S>) -> Draws<'a, S> {
        source.borrow_mut().seek(0);
        let seed = Seed(self.response.seed.stream(purpose).draw(0).random());
        Draws { source, seed, prior: self.response.prior, index: 0 }
    }
}

/// The objective of the critic's game, whose value is all that the generator minimizes.
fn zero_sum<C, const D: usize>(objective: Objective<C, D>) -> Objective<C, D> {
    let Objective { loss, penalties } = objective;
    Objective { loss: Box::new(ZeroSum(loss)), penalties }
}

/// Real batches from the beginning of a source, with random numbers of their own.
struct Draws<'a, S> {
    source: &'a RefCell<S>,
    seed: Seed,
    prior: LatentPrior,
    index: u64,
}

impl<S> Draws<'_, S> {
    /// The next `count` micro-batches; fakes are generated when the iterator reaches them.
    fn next<G: Generator<D>, const D: usize>(
        &mut self,
        generator: G,
        count: u64,
    ) -> Result<impl ExactSizeIterator<Item = MicroBatch<D>> + use<G, S, D>, ProbeError>
    where
        S: BatchSource<D>,
    {
        let mut source = self.source.borrow_mut();
        let real: Vec<Batch<D>> =
            (0..count).map(|_| source.next_batch()).collect::<Result<_, _>>()?;
        let (first, seed, prior) = (self.index, self.seed, self.prior);
        self.index += count;
        Ok(real.into_iter().enumerate().map(move |(place, real)| {
            let (real, index) = (real.tracked(), first + place as u64);
            let shape = [real.len(), generator.latent_dim()];
            let mut rng = seed.stream("latent").draw(index);
            let noise = prior.draw(shape, &mut rng, &real.samples.device());
            let fake = generator.generate(Latents { noise, labels: real.labels.clone() });
            MicroBatch { real, fake, key: RngKey::new(seed, index) }
        }))
    }
}

/// The mean over batches, with its standard error if there are several.
fn mean_of(quantity: Quantity, values: &[f64]) -> Measurement {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    let error = (values.len() > 1).then(|| (squares / (n * (n - 1.0))).sqrt());
    quantity.measured(mean).standard_error(error)
}

impl<G, C, S, const D: usize> Probe<G, C, D> for DualityGap<C, S, D>
where
    G: Generator<D>,
    C: Critic<D>,
    S: BatchSource<D>,
{
    fn name(&self) -> &str {
        "duality gap"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![DUALITY_GAP, WORST_CRITIC, BEST_GENERATOR]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        Ok(self.evaluate(game.players(), game.progress())?.to_vec())
    }
}

/// What the layers of a game multiply in on the device of `module`.
pub(crate) fn precision_of<M: Module>(rules: &Rules, module: &M) -> Precision {
    let device = module.devices().first().cloned().unwrap_or_default();
    rules.precision.on(&device).used
}

#[cfg(test)]
mod tests;
