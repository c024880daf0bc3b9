//! The training loop: draw, step, notify observers, save checkpoints.

mod after_step;

use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use gan_kernels::autocast;

use crate::GanError;
use crate::batch::micro_batch::{Generated, MicroBatches};
use crate::batch::{Batch, BatchSource, Fakes, MicroBatch};
use crate::batch_statistics::BatchStatistics;
use crate::checkpoint::{self, Checkpoint, CheckpointPlan, GameState};
use crate::critic_preprocessing::Side;
use crate::ema::Ema;
use crate::event::{Ending, Event, Stepped};
use crate::exchange::agreement::all_go_on;
use crate::exchange::{Alone, Exchange};
use crate::kernels::Precision;
use crate::latent::LatentPrior;
use crate::loss::{AdversarialLoss, Objective};
use crate::measurement::Quantity;
use crate::penalty::CriticPenalty;
use crate::penalty::self_check;
use crate::player::{Critic, Generator, Players};
use crate::progress::{Progress, Span};
use crate::rules::Rules;
use crate::seed::Seed;
use crate::session::Session;
use crate::step::lockstep::Pace;
use crate::step::running_statistics::RunningStatistics;
use crate::step::{CriticReport, GeneratorReport};
use crate::step::{critic_step, descend_generator};

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

    /// The algorithm box: `critic_steps` updates of the critic, then one of the generator.
    ///
    /// The generator's update has the real samples of the last critic update: their labels are
    /// those of its fakes, and relativistic losses compare with them.
    fn play_one_step(mut self) -> Result<(Self, CriticReport, GeneratorReport), GanError> {
        let mut last = None;
        for update in 0..self.game.rules.critic_steps {
            let (report, generated);
            (self, report, generated) = self.update_critic(update)?;
            last = Some((report, generated));
        }
        let Some((critic, generated)) = last else {
            unreachable!("`Rules::validate` ensures a critic step");
        };
        let generator;
        (self, generator) = self.update_generator(generated)?;
        self.step += 1;
        Ok((self, critic, generator))
    }

    /// Update number `update` of the critic in this step, with the micro-batches that it had.
    fn update_critic(
        mut self,
        update: u64,
    ) -> Result<(Self, CriticReport, Vec<Generated<G, D>>), GanError> {
        let progress = self.progress();
        let real = self.draw_real()?;
        let n = real.len();
        let Rules { fakes, critic_steps, .. } = self.game.rules;
        let shares = fakes == Fakes::Shared && update + 1 == critic_steps;
        let generator = &self.game.players.generator;
        let generator = if shares { generator.module.clone() } else { generator.frozen() };
        let first = self.micro_batches.first_of(self.updates_before() + update);
        let (rules, exchange) = (&self.game.rules, &*self.exchange);
        let pace = Pace::of(rules, &generator, n, exchange);
        let mut statistics = RunningStatistics::before(&generator, n, exchange, &pace);
        let mut generated = Vec::with_capacity(n);
        let dealt = pace.copies(&generator, n).zip(self.micro_batches.deal(first, real));
        pace.each(
            dealt,
            |(generator, dealt)| Ok(dealt.generated(generator)),
            |made| {
                statistics.note(&generator);
                generated.push(made);
            },
        )?;
        statistics.settle(&generator, exchange)?;
        if !self.jvp_checked {
            self.check_jvp(&generated[0].micro_batch)?;
            self.jvp_checked = true;
        }
        let (players, rules) = (self.game.players, &self.game.rules);
        let given = generated.iter().map(|each| each.micro_batch.clone());
        let report;
        (self.game.players, report) =
            critic_step(players, rules, &self.objective, progress, exchange, given)?;
        Ok((self, report, generated))
    }

    /// The update of the generator in this step, after the critic's last one on these micro-batches.
    fn update_generator(
        mut self,
        generated: Vec<Generated<G, D>>,
    ) -> Result<(Self, GeneratorReport), GanError> {
        let progress = self.progress();
        let update = self.updates_before() + self.game.rules.critic_steps;
        let first = self.micro_batches.first_of(update);
        let (players, rules, objective) = (self.game.players, &self.game.rules, &self.objective);
        let exchange = &*self.exchange;
        let report;
        (self.game.players, report) = match rules.fakes {
            Fakes::Shared => {
                let given = self.micro_batches.rekeyed(first, generated);
                let given = given.map(|generated| move || generated);
                descend_generator(players, rules, objective, progress, exchange, given)?
            }
            Fakes::Fresh => {
                let generator = players.generator.module.clone();
                let n = generated.len();
                let pace = Pace::of(rules, &generator, n, exchange);
                let real = generated.into_iter().map(|each| each.micro_batch.real).collect();
                let dealt = pace.copies(&generator, n).zip(self.micro_batches.deal(first, real));
                let given = dealt.map(|(generator, dealt)| move || dealt.generated(generator));
                descend_generator(players, rules, objective, progress, exchange, given)?
            }
        };
        Ok((self, report))
    }

    /// The updates of both players before this step; the generator's comes after those of the critic.
    fn updates_before(&self) -> u64 {
        self.step * (self.game.rules.critic_steps + 1)
    }

    /// On the first step under an exact gradient penalty: the critic's derivative along its own input
    /// gradient must be that gradient's squared norm. A layer with a wrong tangent is found here, in
    /// single precision.
    fn check_jvp(&self, micro_batch: &MicroBatch<D>) -> Result<(), GanError> {
        let Game { players, rules, .. } = &self.game;
        let batch = rules.preprocessing.apply(
            micro_batch.real.clone(),
            Side::Real,
            self.progress(),
            &micro_batch.key,
        );
        autocast(Precision::F32, || self_check(&players.critic.module, &batch))
    }

    /// This rank's real batches of one update.
    fn draw_real(&mut self) -> Result<Vec<Batch<D>>, GanError> {
        let (source, asked) = (&mut self.game.source, Instant::now());
        let before = source.position();
        let batches = (0..self.micro_batches.own()).map(|_| source.next_batch());
        let batches = batches.map(|batch| batch.map(Batch::tracked));
        let batches = batches.collect::<Result<_, _>>();
        self.data_wait += asked.elapsed();
        let batches = batches.map_err(|error| GanError::Source(Box::new(error)))?;
        let drawn = source.position().wrapping_sub(before);
        // Several ranks would train on the same samples, and say nothing.
        if self.exchange.ranks() > 1 && drawn != self.game.rules.accumulation {
            let why = format!(
                "the source went on by {drawn} batches, and not by those of all ranks; with several it \
                 has to be a `Part`"
            );
            return Err(GanError::Rules { key: "accumulation".to_owned(), why });
        }
        Ok(batches)
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
