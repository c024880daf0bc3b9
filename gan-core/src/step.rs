//! The two training steps of the game, one function for each player, and the critic's loss without a step.
//!
//! Each step does one `backward` a batch, never reads a number from the device and leaves the other
//! player's weights as they were.

mod gradient_clip;
mod gradient_norm;

use burn::module::Module;
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::Tensor;

use gradient_clip::clip_to_norm;
pub use gradient_norm::GradientNorm;

use crate::GanError;
use crate::batch::{Batch, MicroBatch};
use crate::critic_preprocessing::Side;
use crate::ema::Ema;
use crate::loss::{Objective, Scores};
use crate::penalty::PenaltyInputs;
use crate::player::{Critic, Generator, Players};
use crate::progress::Progress;
use crate::rules::Rules;

/// What a critic step leaves behind, unread; of its last batch where there are several.
#[derive(Clone, Debug)]
pub struct CriticReport {
    /// The adversarial loss, without penalties, shape `[1]`.
    pub loss: Tensor<1>,
    /// The sum of all penalties, shape `[1]`; `None` if the rules have none.
    pub penalty: Option<Tensor<1>>,
    /// Scores of the real batch, `[batch, 1]`.
    pub real: Scores,
    /// Scores of the fake batch, `[batch, 1]`.
    pub fake: Scores,
    /// The gradients of the critic's weights.
    pub gradients: GradientNorm,
}

/// What a generator step leaves behind, unread; of its last batch where there are several.
#[derive(Clone, Debug)]
pub struct GeneratorReport {
    /// What the generator minimized, shape `[1]`.
    pub loss: Tensor<1>,
    /// The gradients of the generator's weights.
    pub gradients: GradientNorm,
}

/// One critic update: score real and fake batches, descend the critic's loss and its penalties,
/// project its weights onto the constraint.
///
/// Fakes are constants to it, whatever graph they are on. The update follows the mean gradient over
/// all micro-batches, of which there must be one at least.
///
/// # Errors
/// What [`Penalty::evaluate`](crate::penalty::Penalty::evaluate) reports.
///
/// # Panics
/// Without a micro-batch.
pub fn critic_step<G: Generator<D>, C: Critic<D>, const D: usize>(
    mut players: Players<G, C>,
    rules: &Rules,
    objective: &Objective<C, D>,
    progress: Progress,
    micro_batches: impl IntoIterator<Item = MicroBatch<D>, IntoIter: ExactSizeIterator>,
) -> Result<(Players<G, C>, CriticReport), GanError> {
    let critic = &players.critic.module;
    let micro_batches = micro_batches.into_iter();
    let mut gradients = MeanGradient::over(micro_batches.len());
    let mut last = None;
    for micro_batch in micro_batches {
        let key = micro_batch.key;
        let Scored { real, fake, real_scores, fake_scores } =
            Scored::by(critic, rules, progress, micro_batch);
        let loss = objective.loss.critic(&real_scores, &fake_scores);
        let inputs = PenaltyInputs {
            critic,
            real: &real,
            fake: &fake,
            real_scores: &real_scores,
            fake_scores: &fake_scores,
        };
        let penalty = objective.penalize(&inputs, progress, &key)?;

        let surrogate = penalty.as_ref().map(|penalty| penalty.surrogate.clone());
        gradients.add(critic, surrogate.into_iter().fold(loss.clone(), Tensor::add));
        last = Some((loss.inner(), penalty, real_scores.detach(), fake_scores.detach()));
    }
    let gradients = gradients.clipped(critic, rules.clip_norm);
    let (loss, penalty, real, fake) =
        last.unwrap_or_else(|| unreachable!("a step needs a micro-batch"));
    let penalty = penalty.map(|penalty| penalty.value);
    let gradient_norm = GradientNorm::of(critic, &gradients);
    players.critic = players.critic.update(gradients, rules.schedule.factor(progress));
    players.critic.module = rules.constraint.project(players.critic.module);
    Ok((players, CriticReport { loss, penalty, real, fake, gradients: gradient_norm }))
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
/// [`GanError::Ema`] if the EMA is not one of this generator.
pub fn generator_step<G: Generator<D>, C: Critic<D>, const D: usize>(
    mut players: Players<G, C>,
    rules: &Rules,
    objective: &Objective<C, D>,
    progress: Progress,
    micro_batches: impl IntoIterator<Item = MicroBatch<D>, IntoIter: ExactSizeIterator>,
) -> Result<(Players<G, C>, GeneratorReport), GanError> {
    let critic = players.critic.frozen();
    let generator = &players.generator.module;
    let micro_batches = micro_batches.into_iter();
    let mut gradients = MeanGradient::over(micro_batches.len());
    let mut last = None;
    for MicroBatch { real, fake, key } in micro_batches {
        let preprocess = |batch, side| rules.preprocessing.apply(batch, side, progress, &key);
        let fake = critic.score(preprocess(fake, Side::Fake));
        let real = || critic.score(preprocess(real.clone(), Side::Real));
        let loss = objective.loss.generator(&real, &fake);

        gradients.add(generator, loss.clone());
        last = Some(loss.inner());
    }
    let gradients = gradients.clipped(generator, rules.clip_norm);
    let loss = last.unwrap_or_else(|| unreachable!("a step needs a micro-batch"));
    let report = GeneratorReport { loss, gradients: GradientNorm::of(generator, &gradients) };
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

/// The mean over several batches of the gradient of a player's loss.
struct MeanGradient<M> {
    batches: usize,
    sum: GradientsAccumulator<M>,
    only: Option<GradientsParams>,
}

impl<M: Module> MeanGradient<M> {
    fn over(batches: usize) -> Self {
        Self { batches, sum: GradientsAccumulator::new(), only: None }
    }

    fn add(&mut self, module: &M, loss: Tensor<1>) {
        // A single batch needs neither a sum nor a division, and then makes the very bits that
        // it made before there was an accumulation.
        if self.batches == 1 {
            self.only = Some(GradientsParams::from_grads(loss.backward(), module));
            return;
        }
        let share = loss / self.batches as f64;
        self.sum.accumulate(module, GradientsParams::from_grads(share.backward(), module));
    }

    fn clipped(mut self, module: &M, max_norm: Option<f64>) -> GradientsParams {
        let gradients = self.only.unwrap_or_else(|| self.sum.grads());
        match max_norm {
            Some(max_norm) => clip_to_norm(module, gradients, max_norm),
            None => gradients,
        }
    }
}
