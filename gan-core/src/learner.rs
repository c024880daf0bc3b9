//! The training loop: draw, step, notify observers, save checkpoints.

mod after_step;
mod play;

use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use gan_kernels::autocast;

use crate::GanError;
use crate::batch::BatchSource;
use crate::batch::micro_batch::MicroBatches;
use crate::batch_statistics::BatchStatistics;
use crate::checkpoint::{self, Checkpoint, CheckpointPlan, GameState};
use crate::ema::Ema;
use crate::event::{Ending, Event, Stepped};
use crate::exchange::agreement::all_go_on;
use crate::exchange::{Alone, Exchange};
use crate::latent::LatentPrior;
use crate::loss::{AdversarialLoss, Objective};
use crate::measurement::Quantity;
use crate::penalty::CriticPenalty;
use crate::player::{Critic, Generator, Players};
use crate::progress::{Progress, Span};
use crate::rules::Rules;
use crate::seed::Seed;
use crate::session::Session;

/// Everything that a game needs before its first step.
pub struct Game<G, C, S> {
    /// Both players, on `device`'s autodiff side.
    pub players: Players<G, C>,
    /// What they minimize and how often each moves.
    pub rules: Rules,
    /// Where real batches come from.
    pub source: S,
    /// What the noise is drawn from.
    pub prior: LatentPrior,
    /// The seed that the latents follow from.
    pub seed: Seed,
    /// Where the game is played.
    pub device: Device,
    /// The configuration of the run in the caller's own words; saved in every checkpoint.
    pub config: String,
}

/// Plays a [`Game`] of rank-`D` samples and knows how far it has come.
pub struct Learner<G, C, S, const D: usize> {
    game: Game<G, C, S>,
    objective: Objective<C, D>,
    micro_batches: MicroBatches,
    exchange: Box<dyn Exchange>,
    step: u64,
    /// How long the steps of this training have waited for real batches.
    data_wait: Duration,
    /// Whether the critic's Jacobian–vector product has been checked, once in a learner's life.
    jvp_checked: bool,
}

/// A game that ended without an error.
pub struct Fitted<L> {
    /// The learner, ready to continue.
    pub learner: L,
    /// How the training ended.
    pub ending: Ending,
}

impl<G, C, S, const D: usize> Learner<G, C, S, D>
where
    G: Generator<D>,
    C: Critic<D>,
    S: BatchSource<D>,
{
    /// A learner at step 0.
    ///
    /// # Errors
    /// What [`Rules::validate`] and [`Rules::check`] return for this source and these players.
    pub fn new(mut game: Game<G, C, S>) -> Result<Self, GanError> {
        let generator = &game.players.generator.module;
        game.rules.validate(game.source.batch_size())?;
        game.rules.check(generator, &game.players.critic.module)?;
        let critic = &game.players.critic.module;
        BatchStatistics::check(&game.rules, generator, critic, &game.device)?;
        let vectors = game.seed.stream("constraint");
        game.players.critic.module =
            game.rules.constraint.attach(game.players.critic.module, &vectors);
        if let (Some(ema), None) = (game.rules.ema, &game.players.ema) {
            game.players.ema = Some(Ema::new(generator, ema.half_life));
        }
        game.device = game.device.autodiff();
        let shape = [game.source.batch_size(), game.players.generator.module.latent_dim()];
        let micro_batches =
            MicroBatches::new(game.seed, &game.rules, game.prior, shape, game.device.clone());
        let jvp_checked = !game.rules.uses_exact_input_gradients();
        let objective = Objective::of(&game.rules);
        let data_wait = Duration::ZERO;
        let exchange = Box::new(Alone);
        Ok(Self { game, objective, micro_batches, exchange, step: 0, data_wait, jvp_checked })
    }

    /// The same game with a user-defined loss in place of that of the rules.
    ///
    /// # Errors
    /// [`GanError::Rules`] if the loss needs a bound on the critic's input gradient and the rules have
    /// none.
    pub fn with_loss(mut self, loss: impl AdversarialLoss + 'static) -> Result<Self, GanError> {
        self.game.rules.ensure_consistent(loss.lipschitz_bound())?;
        self.objective.loss = Box::new(loss);
        Ok(self)
    }

    /// The same game with one more penalty on the critic.
    #[must_use]
    pub fn with_penalty(mut self, penalty: impl CriticPenalty<C, D> + 'static) -> Self {
        self.objective.penalties.push(Box::new(penalty));
        self
    }

    /// The same game played by several processes, each of which makes a share of every update's
    /// micro-batches; its source is a [`Part`](crate::batch::Part). The weights after each step are
    /// those of one process, bit for bit.
    ///
    /// Observers, checkpoints and most probes are for one rank. The others play with a session of nothing but
    /// their share of probes that measure together (`Probe::is_shared`), at the same cadence, and end where the
    /// first of them all ends.
    ///
    /// # Errors
    /// [`GanError::Rules`] unless the ranks are a power of two that divides the rules' `accumulation`.
    pub fn with_exchange(mut self, exchange: impl Exchange + 'static) -> Result<Self, GanError> {
        let (rank, ranks) = (exchange.rank(), exchange.ranks());
        let accumulation = self.game.rules.accumulation;
        if !ranks.is_power_of_two() || !accumulation.is_multiple_of(ranks) {
            let why = format!(
                "{accumulation} micro-batches of an update cannot be shared out over {ranks} processes; \
                 expected a power of two of processes that divides them"
            );
            return Err(GanError::Rules { key: "accumulation".to_owned(), why });
        }
        let own = accumulation / ranks;
        self.micro_batches = self.micro_batches.of_rank(rank * own..(rank + 1) * own);
        self.exchange = Box::new(exchange);
        Ok(self)
    }

    /// Continue from `checkpoint`: exactly what the run that wrote it would have done next.
    ///
    /// A game of other rules branches off there. An optimizer of another kind then begins without a
    /// state, and an EMA that the checkpoint does not have begins as its generator.
    ///
    /// # Errors
    /// [`GanError::Checkpoint`] if the records do not fit the players.
    pub fn resume(mut self, checkpoint: &Checkpoint) -> Result<Self, GanError> {
        self.game.players = checkpoint.restore(self.game.players)?;
        self.game.source.seek(checkpoint.state().position);
        self.step = checkpoint.state().step;
        Ok(self)
    }

    /// Both players.
    pub fn players(&self) -> &Players<G, C> {
        &self.game.players
    }

    /// How far the game has come.
    pub fn progress(&self) -> Progress {
        let Rules { critic_steps, accumulation, .. } = self.game.rules;
        let per_epoch = self.game.source.batches_per_epoch() / (critic_steps * accumulation);
        Progress { step: self.step, steps_per_epoch: per_epoch.max(1) }
    }

    /// Everything that is measured in `session`: before the first step, what a caller may want to
    /// check the names of his own against.
    ///
    /// # Errors
    /// [`GanError::DuplicateQuantity`], [`GanError::UnknownQuantity`], [`GanError::OutOfRange`].
    pub fn quantities(&self, session: &Session<'_, G, C, D>) -> Result<Vec<Quantity>, GanError> {
        session.quantities(!self.objective.penalties.is_empty())
    }

    /// Train until the game is `until` long in all, with everything that `session` asks for.
    ///
    /// With a plan, a checkpoint is saved at its cadence and at the end, whichever way it ends
    /// except by divergence: a game whose numbers are no longer finite is not worth saving.
    ///
    /// # Errors
    /// [`GanError::NonFinite`] when a built-in metric is infinite or not a number (they are read when
    /// an observer asks for them, when they are due, before every checkpoint and at the end);
    /// [`GanError::Source`], [`GanError::Probe`], [`GanError::Observer`], [`GanError::Checkpoint`];
    /// what [`quantities`](Self::quantities) returns.
    pub fn fit(
        mut self,
        until: Span,
        session: &mut Session<'_, G, C, D>,
    ) -> Result<Fitted<Self>, GanError> {
        let quantities = self.quantities(session)?;
        let (began, first) = (Instant::now(), self.step);
        self.data_wait = Duration::ZERO;
        let mut last_finite = None;
        let until = until.steps(self.progress().steps_per_epoch);
        let stopped = {
            let (progress, players) = (self.progress(), &self.game.players);
            let quantities = &quantities;
            session.notify(&Event::Started { progress, until, players, quantities })?
        };
        let mut ending = stopped.map(Ending::Stopped);
        while self.goes_on(&mut ending, first, until)? {
            let (critic, generator);
            let precision = self.game.rules.precision.on(&self.game.device).used;
            (self, critic, generator) = autocast(precision, || self.play_one_step())?;
            let stepped = Stepped {
                progress: self.progress(),
                until,
                players: &self.game.players,
                critic: &critic,
                generator: &generator,
                steps_per_second: (self.step - first) as f64 / began.elapsed().as_secs_f64(),
                data_wait: self.data_wait,
                metrics: OnceCell::new(),
            };
            ending = match self.after_step(&stepped, session, &mut last_finite) {
                Ok(ending) => ending,
                Err(error) => {
                    // The others are told before this one ends.
                    let _ = self.all_go_on(false, first, until);
                    return Err(error);
                }
            };
        }
        let (progress, players) = (self.progress(), &self.game.players);
        let ending = ending.unwrap_or(Ending::Complete);
        session.notify(&Event::Finished { progress, ending: &ending, players })?;
        Ok(Fitted { learner: self, ending })
    }

    /// Whether another step is made: this process has no reason to end, and no other one has.
    fn goes_on(
        &self,
        ending: &mut Option<Ending>,
        first: u64,
        until: u64,
    ) -> Result<bool, GanError> {
        let own = self.step < until && ending.is_none();
        let all = self.all_go_on(own, first, until)?;
        if own && !all {
            *ending = Some(Ending::Stopped("ended by another rank".to_owned()));
        }
        Ok(all)
    }

    fn all_go_on(&self, own: bool, first: u64, until: u64) -> Result<bool, GanError> {
        let (exchange, players) = (&*self.exchange, &self.game.players);
        all_go_on(exchange, own, players, self.progress(), [first, until])
    }

    /// Save the game as it stands; [`fit`](Self::fit) does so at the plan's cadence.
    ///
    /// # Errors
    /// [`GanError::Checkpoint`] if it cannot be written.
    pub fn save(&self, plan: &CheckpointPlan) -> Result<PathBuf, GanError> {
        self.save_beside(plan, None)
    }

    /// Save the game, and keep the checkpoint of the step `best` beside the newest ones.
    fn save_beside(&self, plan: &CheckpointPlan, best: Option<u64>) -> Result<PathBuf, GanError> {
        let state = GameState::new(
            self.step,
            self.game.source.position(),
            self.game.seed,
            self.game.players.ema.is_some(),
            self.game.config.clone(),
        );
        Ok(checkpoint::save(plan, &state, &self.game.players, best)?)
    }
}
