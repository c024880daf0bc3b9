//! One step of the game: its updates, and what they are dealt.

use std::time::Instant;

use gan_kernels::autocast;

use super::{Game, Learner};
use crate::GanError;
use crate::batch::micro_batch::Generated;
use crate::batch::{Batch, BatchSource, Fakes, MicroBatch};
use crate::critic_preprocessing::Side;
use crate::kernels::Precision;
use crate::penalty::self_check;
use crate::player::{Critic, Generator};
use crate::rules::Rules;
use crate::step::lockstep::Pace;
use crate::step::running_statistics::RunningStatistics;
use crate::step::{CriticReport, GeneratorReport, critic_step, descend_generator, pace_of_both};

impl<G, C, S, const D: usize> Learner<G, C, S, D>
where
    G: Generator<D>,
    C: Critic<D>,
    S: BatchSource<D>,
{
    /// The algorithm box: `critic_steps` updates of the critic, then one of the generator.
    ///
    /// The generator's update has the real samples of the last critic update: their labels are
    /// those of its fakes, and relativistic losses compare with them.
    pub(super) fn play_one_step(
        mut self,
    ) -> Result<(Self, CriticReport, GeneratorReport), GanError> {
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
        // The generator's step may need graphs of their own though this one does not.
        let copies =
            pace_of_both(&self.game.players, rules, n, exchange).copies(generator.clone(), n);
        let pace = Pace::of(rules, &generator, n, exchange);
        let mut statistics = RunningStatistics::before(&generator, n, exchange, &pace);
        let mut generated = Vec::with_capacity(n);
        let dealt = copies.zip(self.micro_batches.deal(first, real));
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
                let pace = pace_of_both(&players, rules, n, exchange);
                let real = generated.into_iter().map(|each| each.micro_batch.real).collect();
                let dealt = pace.copies(generator, n).zip(self.micro_batches.deal(first, real));
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
}
