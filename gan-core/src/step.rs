//! The two training steps of the game, one function for each player, and the critic's loss without a step.
//!
//! What a step does with a micro-batch reads as the paper's algorithm box. It does one `backward` a
//! micro-batch, leaves the other player's weights as they were and, unless several ranks share it or
//! batch statistics are synchronized, never reads a number from the device.

mod gradient_clip;
mod gradient_norm;
pub(crate) mod lockstep;
mod mean_gradient;
mod report;
pub(crate) mod running_statistics;
mod tree_sum;

use std::iter::repeat_with;

use burn::module::Module;
use burn::tensor::Tensor;

use gradient_clip::clipped;
pub use gradient_norm::GradientNorm;
use lockstep::Pace;
use mean_gradient::MeanGradient;
pub use report::{CriticReport, GeneratorReport};
use report::{CriticReports, GeneratorReports};
use running_statistics::RunningStatistics;

use crate::GanError;
use crate::batch::micro_batch::Generated;
use crate::batch::{Batch, MicroBatch};
use crate::batch_statistics::KEY;
use crate::critic_preprocessing::Side;
use crate::ema::Ema;
use crate::exchange::Exchange;
use crate::loss::{Objective, Scores};
use crate::penalty::PenaltyInputs;
use crate::player::{Critic, Generator, Players};
use crate::progress::Progress;
use crate::rules::Rules;

/// One critic update: score real and fake batches, descend the critic's loss and its penalties,
/// project its weights onto the constraint.
///
/// Fakes are constants to it, whatever graph they are on. The update follows the mean gradient over
/// all micro-batches, those of other ranks included, of which there must be one at least.
///
/// # Errors
/// What [`Penalty::evaluate`](crate::penalty::Penalty::evaluate) reports; [`GanError::Exchange`].
///
/// # Panics
/// Without a micro-batch.
pub fn critic_step<G: Generator<D>, C: Critic<D>, const D: usize>(
    mut players: Players<G, C>,
    rules: &Rules,
    objective: &Objective<C, D>,
    progress: Progress,
    exchange: &dyn Exchange,
    micro_batches: impl IntoIterator<Item = MicroBatch<D>, IntoIter: ExactSizeIterator>,
) -> Result<(Players<G, C>, CriticReport), GanError> {
    let critic = &players.critic.module;
    let micro_batches = micro_batches.into_iter();
    let n = micro_batches.len();
    let pace = Pace::of(rules, critic, n, exchange);
    let mut gradient = MeanGradient::over(n, exchange);
    let mut statistics = RunningStatistics::before(critic, n, exchange, &pace);
    let mut reports = CriticReports::default();
    let share = gradient.share();
    let compute = |(critic, micro_batch): (C, MicroBatch<D>)| {
        let key = micro_batch.key;
        let Scored { real, fake, real_scores, fake_scores } =
            Scored::by(&critic, rules, progress, micro_batch);
        let loss = objective.loss.critic(&real_scores, &fake_scores);
        let inputs = PenaltyInputs {
            critic: &critic,
            real: &real,
            fake: &fake,
            real_scores: &real_scores,
            fake_scores: &fake_scores,
        };
        let penalty = objective.penalize(&inputs, progress, &key)?;

        let surrogate = penalty.as_ref().map(|penalty| penalty.surrogate.clone());
        let descended = surrogate.into_iter().fold(loss.clone(), Tensor::add);
        let penalty = penalty.map(|penalty| penalty.value);
        let scored = CriticReports::of(loss, penalty, real_scores, fake_scores);
        Ok((share.of(&critic, descended), scored))
    };
    pace.each(pace.copies(critic.clone(), n).zip(micro_batches), compute, |(term, report)| {
        gradient.add(critic, term);
        statistics.note(critic);
        reports.add(report);
    })?;
    statistics.settle(critic, exchange)?;
    let gradients = clipped(critic, gradient.total(critic, exchange)?, rules.clip_norm);
    let report = reports.total(GradientNorm::of(critic, &gradients), exchange)?;
    players.critic = players.critic.update(gradients, rules.schedule.factor(progress));
    players.critic.module = rules.constraint.project(players.critic.module);
    Ok((players, report))
}

/// One generator update: let a frozen critic score fakes, descend the generator's loss; the
/// EMA follows.
///
/// The fakes are on the graph of the generator as it is: it may not have moved since it made them.
/// Gradients pass through the critic to the fakes; its own weight gradients are not computed. The
/// real samples are scored only if the loss asks for them (the relativistic ones do).
///
/// # Panics
/// Without a micro-batch.
///
/// # Errors
/// [`GanError::Ema`] if the EMA is not one of this generator; [`GanError::Exchange`];
/// [`GanError::Rules`] where batch statistics are to be synchronized with those of other micro-batches:
/// a [`Learner`](crate::learner::Learner) does that.
pub fn generator_step<G: Generator<D>, C: Critic<D>, const D: usize>(
    players: Players<G, C>,
    rules: &Rules,
    objective: &Objective<C, D>,
    progress: Progress,
    exchange: &dyn Exchange,
    micro_batches: impl IntoIterator<Item = MicroBatch<D>, IntoIter: ExactSizeIterator>,
) -> Result<(Players<G, C>, GeneratorReport), GanError> {
    let generator = players.generator.module.clone();
    let micro_batches = micro_batches.into_iter();
    let n = micro_batches.len();
    let is_late = Pace::of(rules, &generator, n, exchange).is_lockstep();
    if is_late || n > 1 && pace_of_both(&players, rules, n, exchange).is_lockstep() {
        let why = "fakes have to be made in lockstep, each micro-batch's on a graph of its own, as a \
                   `Learner` does: expected `ghost`";
        return Err(GanError::Rules { key: KEY.to_owned(), why: why.to_owned() });
    }
    let given = micro_batches.map(move |micro_batch| {
        let by = generator.clone();
        move || Generated { by, micro_batch }
    });
    descend_generator(players, rules, objective, progress, exchange, given)
}

/// The pace of the generator's update, which runs both networks.
pub(crate) fn pace_of_both<'a, G: Module, C: Module>(
    players: &Players<G, C>,
    rules: &Rules,
    n: usize,
    exchange: &'a dyn Exchange,
) -> Pace<'a> {
    let of_generator = Pace::of(rules, &players.generator.module, n, exchange);
    of_generator.or(Pace::of(rules, &players.critic.module, n, exchange))
}

/// [`generator_step`] on micro-batches that are generated when their turn comes.
pub(crate) fn descend_generator<G: Generator<D>, C: Critic<D>, const D: usize>(
    mut players: Players<G, C>,
    rules: &Rules,
    objective: &Objective<C, D>,
    progress: Progress,
    exchange: &dyn Exchange,
    micro_batches: impl ExactSizeIterator<Item = impl FnOnce() -> Generated<G, D> + Send>,
) -> Result<(Players<G, C>, GeneratorReport), GanError> {
    let critic = players.critic.frozen();
    let generator = &players.generator.module;
    let n = micro_batches.len();
    let pace = pace_of_both(&players, rules, n, exchange);
    let mut gradient = MeanGradient::over(n, exchange);
    let mut of_generator = RunningStatistics::before(generator, n, exchange, &pace);
    let mut of_critic = RunningStatistics::before(&critic, n, exchange, &pace);
    let mut reports = GeneratorReports::default();
    let share = gradient.share();
    let frozen = repeat_with(|| critic.clone());
    pace.each(
        frozen.zip(micro_batches),
        |(critic, generate)| {
            let Generated { by: generator, micro_batch: MicroBatch { real, fake, key } } =
                generate();
            let preprocess = |batch, side| rules.preprocessing.apply(batch, side, progress, &key);
            let fake = critic.score(preprocess(fake, Side::Fake));
            let real = || critic.score(preprocess(real.clone(), Side::Real));
            let loss = objective.loss.generator(&real, &fake);

            Ok((share.of(&generator, loss.clone()), loss.inner()))
        },
        |(term, loss)| {
            gradient.add(generator, term);
            of_generator.note(generator);
            of_critic.note(&critic);
            reports.add(loss);
        },
    )?;
    of_generator.settle(generator, exchange)?;
    of_critic.settle(&critic, exchange)?;
    let gradients = clipped(generator, gradient.total(generator, exchange)?, rules.clip_norm);
    let report = reports.total(GradientNorm::of(generator, &gradients), exchange)?;
    players.generator = players.generator.update(gradients, rules.schedule.factor(progress));
    let follow = |ema: Ema<G>| ema.follow(&players.generator.module, progress);
    players.ema = players.ema.map(follow).transpose()?;
    Ok((players, report))
}

/// The critic's adversarial loss on a micro-batch as [`critic_step`] computes it, without penalties and
/// without a step: off the graph, shape `[1]`.
///
/// Layers behave as in training where the critic and the samples are on the autodiff side.
pub fn critic_loss<C: Critic<D>, const D: usize>(
    critic: &C,
    rules: &Rules,
    objective: &Objective<C, D>,
    progress: Progress,
    micro_batch: MicroBatch<D>,
) -> Tensor<1> {
    let scored = Scored::by(critic, rules, progress, micro_batch);
    objective.loss.critic(&scored.real_scores, &scored.fake_scores).inner()
}

/// A micro-batch as the critic sees it, with its scores.
struct Scored<const D: usize> {
    real: Batch<D>,
    fake: Batch<D>,
    real_scores: Scores,
    fake_scores: Scores,
}

impl<const D: usize> Scored<D> {
    fn by<C: Critic<D>>(
        critic: &C,
        rules: &Rules,
        progress: Progress,
        micro_batch: MicroBatch<D>,
    ) -> Self {
        let MicroBatch { real, fake, key } = micro_batch;
        let preprocess = |batch, side| rules.preprocessing.apply(batch, side, progress, &key);
        let (real, fake) = (preprocess(real, Side::Real), preprocess(fake.detach(), Side::Fake));
        let (real_scores, fake_scores) = score_both(critic, real.clone(), fake.clone());
        Self { real, fake, real_scores, fake_scores }
    }
}

/// The critic's scores of real and fake samples, in one pass where that makes no difference: the
/// layers' work is the same, what each of them costs by itself is paid once.
///
/// The generator's step has no use for it: real samples need no `backward` there.
fn score_both<C: Critic<D>, const D: usize>(
    critic: &C,
    real: Batch<D>,
    fake: Batch<D>,
) -> (Scores, Scores) {
    if critic.couples_samples() {
        return (critic.score(real), critic.score(fake));
    }
    let n_real = real.len();
    critic.score(followed_by(real, fake)).split_at(n_real)
}

/// The first samples and then the second as one batch, under their labels if both have them.
fn followed_by<const D: usize>(first: Batch<D>, second: Batch<D>) -> Batch<D> {
    let labels = first.labels.zip(second.labels).map(|(a, b)| Tensor::cat(vec![a, b], 0));
    Batch { samples: gan_kernels::cat(first.samples, second.samples, 0), labels }
}
