//! The generator falls to one pattern against a critic with batch normalization.
//!
//! # What it means
//! Within a few hundred steps all latents come to make the same picture. The critic, which sees
//! only statistics of a batch of equal pictures, goes on being a little unsure, and neither player
//! gets out.
//!
//! # What one sees
//! A critic that is ahead (loss near 0.1, D(G(z)) near 0.05) and whose loss shows nothing; then
//! both gradient norms fall to a fraction within an epoch and stay, the spread of samples falls to
//! nothing, precision rises to 1.
//!
//! # Why it happens
//! It is seen in three of five seeds of the course's DCGAN between epochs 10 and 14. Why some seeds
//! fall and others do not is not known: low losses and a generator's gradient of 50 occur in both. Of
//! a run that falls in its tenth epoch (seed 3), branches were trained from the end of the ninth, with
//! one change each. Noise on what the critic sees keeps the digits, and they become better than they
//! had ever been (Fréchet distance 4.1 before, 2.6 five epochs later; begun two epochs earlier, 2.0 in
//! epoch 21); one-sided labels of 0.9 keep them as they are (4.6); with a critic that learns at a
//! quarter of the rate, or with R1 of weight 10 and the batch normalization left in, it falls all the
//! same (45 and 23 two epochs later, where the run itself has 33). On this seed, then, neither a slower
//! nor a flatter critic helps, but one that cannot tell real and generated batches apart without doubt.
//!
//! # Told apart from
//! `mode-collapse` is what it comes to, here with its reason. A game that converges has smaller
//! gradients too, with a critic's loss near that of indifference. `generator-gradient-gone`: the
//! generator's norm alone falls, to nothing.
//!
//! # Cure
//! From the last checkpoint before: instance noise. Then the rules of R3GAN; another normalization in
//! the critic; the best checkpoint limits the loss.
//!
//! # Source
//! Recorded runs of the course's DCGAN, seeds 1 and 3, epochs 1 to 15 (before: norms of 15 and 90;
//! after: 2.7 and 11), and branches of seed 3 from step 8433 on, in single precision. Radford et al.
//! (2016), arXiv:1511.06434, §3, say of batch normalization that it keeps the generator from
//! "collapsing all samples to a single point": in these runs it does not.

use super::{Need, Rule};
use crate::series::{CRITIC_GRADIENT_NORM, CRITIC_LOSS, GENERATOR_GRADIENT_NORM, SPREAD};
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Marks, Patient, Relation, Remedy, Series, Severity,
    Signal, cure, plot,
};

/// Both norms fall to less than this share of what they were; recorded: 1/5 and 1/8, and 1/3 and ⅔
/// in the dip of a run that recovered.
const FALLEN: f64 = 0.25;
/// What a norm was: the quantile of all points before the recent ones.
const FORMER: f64 = 0.9;
/// A critic that is ahead has less than this share of the loss of indifference; recorded: 0.06 of
/// 1.39.
const AHEAD: f64 = 0.4;
/// Share of the data's spread below which samples are too much alike.
const ALIKE: f64 = 0.5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct BatchNormCollapse;

impl Rule for BatchNormCollapse {
    fn id(&self) -> &'static str {
        "batch-norm-collapse"
    }

    fn source(&self) -> &'static str {
        include_str!("batch_norm_collapse.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const {
            &[
                Need::dense(&[&CRITIC_GRADIENT_NORM]),
                Need::dense(&[&GENERATOR_GRADIENT_NORM]),
                Need::dense(&[&CRITIC_LOSS]),
            ]
        }
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        &[&SPREAD]
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss, Fact::CriticBatchNorm]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let is_logistic = case.objective.loss?.is_logistic();
        match case.critic.batch_norm? {
            false => Some("the critic has no batch normalization"),
            true => (!is_logistic).then_some("seen with logistic losses only"),
        }
    }

    fn explains(&self) -> &'static [&'static str] {
        &["mode-collapse", "mode-dropping", "late-decline", "critic-won", "generator-gradient-gone"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let generator = patient.signal(&GENERATOR_GRADIENT_NORM)?;
        let (in_generator, since) = fallen(&generator)?;
        let (in_critic, also) = fallen(&patient.signal(&CRITIC_GRADIENT_NORM)?)?;
        // They fall together: the earlier of two onsets is the one that noise has not moved.
        let since = since.min(also);
        let ahead = AHEAD * patient.case.objective.loss?.of_indifference()?;
        let low = patient.signal(&CRITIC_LOSS)?.recent().median_below(ahead)?;
        let (certainty, alike) = match spread(patient) {
            Some((evidence, true)) => (Certainty::Certain, Some(evidence)),
            Some((_, false)) => return None,
            None => (Certainty::Suspected, None),
        };
        let threshold = Some(in_generator.threshold);
        let cause =
            "both gradients fell together while a critic with batch normalization was ahead";
        let found = Diagnosis::new(Severity::Severe, certainty, cause)
            .since(since)
            .with([in_generator, in_critic, low])
            .with(alike)
            .chart(plot(&generator, Marks { threshold, since: Some(since) }));
        Some(cured(found, patient))
    }
}

/// The fall of a norm, if it fell, and since when.
fn fallen(norm: &Signal) -> Option<(Evidence, u64)> {
    let recent = norm.recent();
    let former = norm.before(recent.window().from).quantile(FORMER);
    let evidence = recent.median_below(FALLEN * former)?;
    Some((evidence, norm.since(|value| value < FALLEN * former)))
}

/// The newest spread, and whether samples are too much alike; of an epoch or two ago, if it is
/// measured rarely.
fn spread(patient: &Patient<'_>) -> Option<(Evidence, bool)> {
    let spread = patient.signal(&SPREAD)?;
    let real = patient.of_real(spread.name()).or_else(|| Some(spread.highest()?.1))?;
    let newest = spread.last(1);
    let value = newest.last_value()?;
    let side = if value < ALIKE * real { Relation::Below } else { Relation::Above };
    let evidence = newest.evidence("newest", value, side, ALIKE * real)?;
    Some((evidence, side == Relation::Below))
}

fn cured(found: Diagnosis, patient: &Patient<'_>) -> Diagnosis {
    let case = patient.case;
    found
        .cure(cure::instance_noise(case))
        .cure(cure::relativistic(case))
        .cure(cure::gradient_penalty(case, "a bounded critic stays beatable"))
        .cure(
            Remedy::set("model.critic_norm", "layer").because(
                "the critic then scores samples and no batches, where the model has a choice",
            ),
        )
        .cure(cure::keep_best(patient))
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let step =
        |before: f64, after: f64| move |t: f64| if t < 0.6 { before * (0.2 + t) } else { after };
    let norms = |run: Run| {
        run.dense(&CRITIC_GRADIENT_NORM, step(18.0, 2.0))
            .dense(&GENERATOR_GRADIENT_NORM, step(110.0, 13.0))
    };
    let ahead = |run: Run| run.dense(&CRITIC_LOSS, |t| 0.05 + 0.9 * (-5.0 * t).exp());
    let alike = |t: f64| if t < 0.6 { 0.33 } else { 0.02 };
    Examples {
        ill: (ahead(norms(Run::healthy())).sparse(&SPREAD, alike), 6_000),
        healthy: ahead(Run::healthy().dense(&GENERATOR_GRADIENT_NORM, |t| 2.0 + 55.0 * t)),
        // A game that converges, of which both gradients become small.
        look_alike: (norms(Run::healthy()), None),
    }
}
