//! The game played to its end: draw, step, tell, save.

use std::cell::OnceCell;
use std::path::PathBuf;
use std::time::Instant;

use burn::tensor::Device;
use gan_kernels::autocast;

use crate::checkpoint::{self, Checkpoint, CheckpointPlan, GameState};
use crate::deal::{Dealer, Turn};
use crate::penalty::self_check;
use crate::presentation::Side;
use crate::step::{critic_step, generator_step};
use crate::{
    Average, Batch, BatchSource, Clock, Control, Critic, CriticReport, Deal, Event, Fakes,
    GanError, Generator, GeneratorReport, LatentPrior, Observer, Players, Precision, Readings,
    Rules, Seed, Span, Stepped,
};

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
    dealer: Dealer,
    step: u64,
    /// Whether the critic's derivative has been checked against its slope, once in a learner's life.
    slope_checked: bool,
}

/// A game that ended without an error.
pub struct Fitted<L> {
    /// The learner, ready to go on.
    pub learner: L,
    /// Why training ended before its time, if an observer stopped it.
    pub stopped: Option<String>,
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
    /// What [`Rules::validate`] and [`Rules::check`] say of this source and these players.
    pub fn new(mut game: Game<G, C, S>) -> Result<Self, GanError> {
        let generator = &game.players.generator.module;
        game.rules.validate(game.source.batch_size())?;
        game.rules.check(generator, &game.players.critic.module)?;
        let vectors = game.seed.stream("constraint");
        game.players.critic.module =
            game.rules.constraint.attach(game.players.critic.module, &vectors);
        if let (Some(half_life), None) = (game.rules.average, &game.players.average) {
            game.players.average = Some(Average::new(generator, half_life));
        }
        game.device = game.device.autodiff();
        let shape = [game.source.batch_size(), game.players.generator.module.latent_dim()];
        let dealer = Dealer::new(game.seed, &game.rules, game.prior, shape, game.device.clone());
        let slope_checked = !game.rules.uses_exact_slopes();
        Ok(Self { game, dealer, step: 0, slope_checked })
    }

    /// Continue from `checkpoint`: exactly what the run that wrote it would have done next.
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
    pub fn clock(&self) -> Clock {
        let Rules { critic_steps, accumulation, .. } = self.game.rules;
        let per_epoch = self.game.source.batches_per_epoch() / (critic_steps * accumulation);
        Clock { step: self.step, steps_per_epoch: per_epoch.max(1) }
    }

    /// Play until the game is `until` long in all, telling `observers` of everything.
    ///
    /// With a plan, a checkpoint is saved at its cadence and at the end, whichever way it ends
    /// except by divergence: a game whose numbers are no longer finite is not worth saving.
    ///
    /// # Errors
    /// [`GanError::NonFinite`] when a reading is infinite or not a number (readings are taken
    /// when an observer asks for them, before every checkpoint and at the end);
    /// [`GanError::Source`], [`GanError::Observer`], [`GanError::Checkpoint`].
    pub fn fit(
        mut self,
        until: Span,
        plan: Option<&CheckpointPlan>,
        observers: &mut [&mut dyn Observer<G, C>],
    ) -> Result<Fitted<Self>, GanError> {
        let (began, first) = (Instant::now(), self.step);
        let mut last_finite = None;
        let until = until.steps(self.clock().steps_per_epoch);
        let mut stopped = {
            let players = &self.game.players;
            tell(observers, &Event::Started { clock: self.clock(), until, players })?
        };
        while self.step < until && stopped.is_none() {
            let (critic, generator);
            let precision = self.game.rules.precision;
            (self, critic, generator) = autocast(precision, || self.play_one_step())?;
            let clock = self.clock();
            let stepped = Stepped {
                clock,
                until,
                players: &self.game.players,
                critic: &critic,
                generator: &generator,
                steps_per_second: (self.step - first) as f64 / began.elapsed().as_secs_f64(),
                readings: OnceCell::new(),
            };
            let told = tell(observers, &Event::Stepped(&stepped));
            let ends = self.step == until || !matches!(told, Ok(None));
            let recorded = !matches!(told, Err(GanError::Unrecorded(_)));
            let saves = plan.filter(|plan| recorded && (ends || plan.every.falls_on(clock)));
            if saves.is_some() || ends {
                let _ = stepped.readings();
            }
            if let Some(readings) = stepped.readings.get() {
                last_finite = Some(ensure_finite(clock.step, *readings, last_finite)?);
            }
            if let Some(plan) = saves {
                self.save_and_tell(plan, observers, told.is_ok())?;
            }
            stopped = told?;
        }
        let (clock, players) = (self.clock(), &self.game.players);
        tell(observers, &Event::Finished { clock, stopped: stopped.as_deref(), players })?;
        Ok(Fitted { learner: self, stopped })
    }

    /// The algorithm box: so many critic steps, then one generator step.
    ///
    /// The generator's step is dealt the real samples of the last critic step: their labels are
    /// what the fakes are asked for, and relativistic losses compare with them.
    fn play_one_step(mut self) -> Result<(Self, CriticReport, GeneratorReport), GanError> {
        let (clock, critic_steps) = (self.clock(), self.game.rules.critic_steps);
        let mut last = None;
        for turn in 0..critic_steps {
            let real = self.draw_real()?;
            let shares = self.game.rules.fakes == Fakes::Shared && turn + 1 == critic_steps;
            let generator = &self.game.players.generator;
            let generator = if shares { generator.module.clone() } else { generator.frozen() };
            let deals: Vec<_> = self.dealer.deal(generator, self.turn(turn), real).collect();
            if !self.slope_checked {
                self.check_slope(&deals[0])?;
                self.slope_checked = true;
            }
            let (players, rules) = (self.game.players, &self.game.rules);
            let report;
            (self.game.players, report) =
                critic_step(players, rules, clock, deals.iter().cloned())?;
            last = Some((report, deals));
        }
        let Some((critic, deals)) = last else {
            unreachable!("`Rules::validate` ensures a critic step");
        };
        let turn = self.turn(critic_steps);
        let (players, rules) = (self.game.players, &self.game.rules);
        let generator;
        (self.game.players, generator) = match rules.fakes {
            Fakes::Shared => {
                generator_step(players, rules, clock, self.dealer.deal_again(turn, deals))?
            }
            Fakes::Fresh => {
                let maker = players.generator.module.clone();
                let real = deals.into_iter().map(|deal| deal.real).collect();
                generator_step(players, rules, clock, self.dealer.deal(maker, turn, real))?
            }
        };
        self.step += 1;
        Ok((self, critic, generator))
    }

    /// A turn of the current step; the generator's comes after those of the critic.
    fn turn(&self, turn: u64) -> Turn {
        let Rules { critic_steps, accumulation, .. } = self.game.rules;
        Turn { first: (self.step * (critic_steps + 1) + turn) * accumulation }
    }

    /// On the first step under an exact penalty on slopes: the critic's derivative along its own
    /// slope must be the square of that slope. A layer that got its tangent wrong is found here, in
    /// single precision.
    fn check_slope(&self, deal: &Deal<D>) -> Result<(), GanError> {
        let Game { players, rules, .. } = &self.game;
        let shown =
            rules.presentation.show(deal.real.clone(), Side::Real, self.clock(), &deal.chance);
        autocast(Precision::F32, || self_check(&players.critic.module, &shown))
    }

    /// The real batches of one update.
    fn draw_real(&mut self) -> Result<Vec<Batch<D>>, GanError> {
        let source = &mut self.game.source;
        let batches = (0..self.game.rules.accumulation).map(|_| source.next_batch());
        let batches = batches.map(|batch| batch.map(Batch::tracked));
        batches.collect::<Result<_, _>>().map_err(|error| GanError::Source(Box::new(error)))
    }

    /// Save the game as it stands; [`fit`](Self::fit) does so at the plan's cadence.
    ///
    /// # Errors
    /// [`GanError::Checkpoint`] if it cannot be written.
    pub fn save(&self, plan: &CheckpointPlan) -> Result<PathBuf, GanError> {
        let state = GameState::new(
            self.step,
            self.game.source.position(),
            self.game.seed,
            self.game.players.average.is_some(),
            self.game.config.clone(),
        );
        Ok(checkpoint::save(plan, &state, &self.game.players)?)
    }

    fn save_and_tell(
        &self,
        plan: &CheckpointPlan,
        observers: &mut [&mut dyn Observer<G, C>],
        observers_work: bool,
    ) -> Result<(), GanError> {
        tell(observers, &Event::Saving { clock: self.clock() })?;
        let path = self.save(plan)?;
        if observers_work {
            tell(observers, &Event::Checkpointed { clock: self.clock(), path: &path })?;
        }
        Ok(())
    }
}

/// Tell every observer, even after one that failed; the first that wants to stop has its reason
/// returned, or the first error.
///
/// After an [`Unrecorded`](crate::Unrecorded) nobody else is told: nothing is to be saved of it.
fn tell<G, C>(
    observers: &mut [&mut dyn Observer<G, C>],
    event: &Event<'_, G, C>,
) -> Result<Option<String>, GanError> {
    let (mut stop, mut failed) = (None, None);
    for observer in observers {
        match observer.observe(event).map_err(GanError::of_observer) {
            Ok(Control::Continue) => {}
            Ok(Control::Stop(reason)) => {
                stop.get_or_insert(reason);
            }
            Err(error @ GanError::Unrecorded(_)) => return Err(error),
            Err(error) => {
                failed.get_or_insert(error);
            }
        }
    }
    failed.map_or(Ok(stop), Err)
}

/// The readings of a step, if all of them are numbers.
fn ensure_finite(
    step: u64,
    readings: Readings,
    last_finite: Option<(u64, Readings)>,
) -> Result<(u64, Readings), GanError> {
    match readings.first_non_finite() {
        None => Ok((step, readings)),
        Some((quantity, value)) => Err(GanError::NonFinite { quantity, value, step, last_finite }),
    }
}
