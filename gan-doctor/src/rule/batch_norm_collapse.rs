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
//! nothing, precision rises to 1. One seed of four has a few patterns left for an epoch: the Fréchet
//! distance is four times what it was before the spread says anything.
//!
//! # Why it happens
//! It is seen in three of five seeds of the course's DCGAN between epochs 10 and 14. Of a run that
//! falls in its tenth epoch (seed 3), branches were trained from the end of the ninth, with one change
//! each. Noise on what the critic sees keeps the digits, and they become better than they had ever been
//! (Fréchet distance 4.1 before, 2.6 five epochs later; begun two epochs earlier, 1.3 in epoch 31);
//! one-sided labels of 0.9 keep them as they are (4.6); with a critic that learns at a quarter of the
//! rate, or with R1 of weight 10 and the batch normalization left in, it falls all the same (45 and 23
//! two epochs later, where the run itself has 33). On this seed, then, neither a slower nor a flatter
//! critic helps, but one that cannot tell real and generated batches apart without doubt.
//!
//! What foretells it is not known. Seeds 0 and 3, which fall, are ahead of seeds 1 and 2, which had
//! not fallen after 18 and 11 epochs: in epoch 7 the critic's slope is 67 and 21 against 11 and 11,
//! the generator's gradient norm 108 and 61 against 23 and 22, the critic's loss 0.10 and 0.21
//! against 0.29 and 0.45. But seed 1 has a slope of 31, a norm of 87 and a loss of 0.05 in epoch
//! 17, and lives: the pace differs, no level does. The distance stands still for four epochs before
//! one fall (5.8 to 5.6) and for three before the other (4.0 to 4.1); that of seed 1 does so from
//! epoch 7 on. Batches' coupling is 2.3 before one fall and 5.4 in the run that lives; scores
//! hardly overlap after epoch 7 in any of them. The gap to held-out samples is 0.4 to 0.5 before
//! both falls and 0 in seed 1, but it is so from the third epoch on, 0.3 now and then in seed 2,
//! and no less in the cured run: the probe keeps its batches, and which digits are in them matters
//! more.
//!
//! # Told apart from
//! `mode-collapse` is what it comes to, here with its reason; at more than ten times DCGAN's learning
//! rate that may be another one, and it stands alone. A game that converges has smaller
//! gradients too, with a critic's loss near that of indifference, and samples that stay near the data.
//! Runs that keep their digits have dips in which both gradients fall to a third for half an epoch
//! while the distance doubles. `generator-gradient-gone`: the generator's norm alone falls, to nothing.
//! Norms that rise again are no recovery while samples are alike: the verdict stands until they are
//! not.
//!
//! # Cure
//! From the last checkpoint before: instance noise. Then the rules of R3GAN; another normalization in
//! the critic; the best checkpoint limits the loss.
//!
//! # Source
//! Recorded runs of the course's DCGAN, seeds 0 to 3 (of seed 3, before: norms of 15 and 90; after:
//! 2.7 and 11), and branches of seed 3 from step 8433 on, in single precision; seed 0 in bfloat16,
//! which collapses in its second epoch and has both norms back in its third. Radford et al.
//! (2016), arXiv:1511.06434, §3, say of batch normalization that it keeps the generator from
//! "collapsing all samples to a single point": in these runs it does not.

use super::{Need, Rule};
use crate::alike::Alike;
use crate::cure::USUAL_LR;
use crate::series::{CRITIC_GRADIENT_NORM, CRITIC_LOSS, FRECHET, GENERATOR_GRADIENT_NORM, SPREAD};
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Marks, Patient, Remedy, Series, Severity, Signal,
    cure, plot,
};

/// Both norms fall to less than this share of what they were; recorded: 1/5 and 1/8, and 1/3 and ⅔
/// in the dip of a run that recovered.
const FALLEN: f64 = 0.25;
/// What a norm was: the quantile of all points before the recent ones.
const FORMER: f64 = 0.9;
/// A critic that is ahead has less than this share of the loss of indifference; recorded: 0.06 of
/// 1.39.
const AHEAD: f64 = 0.4;
/// Samples have gone away from the data at this many times the least distance there was; recorded: 4
/// and 7 at the first measurement after a fall, and 2 in the deepest dip of a run that recovered.
const FAR: f64 = 3.0;
/// Times DCGAN's learning rate up to which the critic's normalization is held responsible; runs that
/// collapse at fifty times that rate have norms that fall as well, and rise again.
const FAST: f64 = 10.0;
/// Looks back at norms, at most; each takes three medians.
const LOOKS: usize = 32;

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
        &[&SPREAD, &FRECHET]
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss, Fact::CriticBatchNorm]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let lrs = [case.generator.optimizer.lr, case.critic.optimizer.lr];
        if lrs.into_iter().flatten().any(|lr| lr > FAST * USUAL_LR) {
            return Some("at such a learning rate a run has other reasons to collapse");
        }
        let is_logistic = case.objective.loss?.is_logistic();
        match case.critic.batch_norm? {
            false => Some("the critic has no batch normalization"),
            true => (!is_logistic).then_some("seen with logistic losses only"),
        }
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "mode-collapse",
            "mode-dropping",
            "checkerboard",
            "late-decline",
            "critic-won",
            "generator-gradient-gone",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let samples = Samples::of(patient)?;
        let found =
            samples.looks(patient).into_iter().find_map(|step| Fall::seen(patient, step))?;
        let generator = patient.signal(&GENERATOR_GRADIENT_NORM)?;
        let threshold = Some(found.in_generator.threshold);
        // Norms sink for a while before anything happens: it did between two looks at samples.
        let since = samples.between.map_or(found.since, |(well, ill)| found.since.clamp(well, ill));
        let cause =
            "both gradients fell together while a critic with batch normalization was ahead";
        let diagnosis = Diagnosis::new(Severity::Severe, samples.certainty(), cause)
            .since(since)
            .with([found.in_generator, found.in_critic, found.low])
            .with(samples.evidence)
            .chart(plot(&generator, Marks { threshold, since: Some(since) }));
        Some(cured(diagnosis, patient))
    }
}

/// What samples say of a collapse.
struct Samples {
    /// That they are alike, or have gone away from the data; nothing where neither was measured.
    evidence: Option<Evidence>,
    /// The last measurement that found them well, and the first that did not.
    between: Option<(u64, u64)>,
}

impl Samples {
    /// `None` where samples were measured and are well.
    fn of(patient: &Patient<'_>) -> Option<Self> {
        let alike = Alike::of(patient).filter(|alike| alike.fell);
        let found = alike.map(|alike| (alike.evidence, alike.since)).or_else(|| far(patient));
        let Some(measured) = patient.any(&[&SPREAD, &FRECHET]) else {
            return Some(Self { evidence: None, between: None });
        };
        let (evidence, ill) = found?;
        let well = measured.before(ill).last_step().unwrap_or(ill);
        Some(Self { evidence: Some(evidence), between: Some((well, ill)) })
    }

    fn certainty(&self) -> Certainty {
        if self.evidence.is_some() { Certainty::Certain } else { Certainty::Suspected }
    }

    /// The steps at which one looks whether the norms have fallen: now, and every so often since before
    /// samples were found to be ill, for norms may be back while samples are not.
    fn looks(&self, patient: &Patient<'_>) -> Vec<u64> {
        let steps = |signal: Signal| signal.points().iter().map(|(step, _)| *step).collect();
        let now = patient.trace.last_step().unwrap_or(u64::MAX);
        let norms = patient.signal(&GENERATOR_GRADIENT_NORM);
        let later = self.between.zip(norms).map(|((well, _), norms)| norms.from_step(well));
        let mut looks: Vec<u64> = later.map_or_else(Vec::new, steps);
        let apart = looks.len().div_ceil(LOOKS).max(1);
        looks = looks.into_iter().step_by(apart).collect();
        looks.push(now);
        looks
    }
}

/// The Fréchet distance, if it is far above the least that there was.
fn far(patient: &Patient<'_>) -> Option<(Evidence, u64)> {
    let distance = patient.signal(&FRECHET)?;
    let (best_at, best) = distance.lowest()?;
    let limit = FAR * best;
    let evidence = distance.last(1).all_above(limit)?;
    Some((evidence, distance.from_step(best_at).since(|value| value > limit)))
}

/// Both norms fallen while the critic is ahead.
struct Fall {
    in_generator: Evidence,
    in_critic: Evidence,
    low: Evidence,
    since: u64,
}

impl Fall {
    /// As it looks from a step of the run.
    fn seen(patient: &Patient<'_>, step: u64) -> Option<Self> {
        let until = |series: &Series| {
            let signal = patient.signal(series)?.before(step.saturating_add(1));
            (signal.len() >= Need::DENSE).then_some(signal)
        };
        let ahead = AHEAD * patient.case.objective.loss?.of_indifference()?;
        let low = until(&CRITIC_LOSS)?.recent().median_below(ahead)?;
        let (in_generator, since) = fallen(&until(&GENERATOR_GRADIENT_NORM)?)?;
        let (in_critic, also) = fallen(&until(&CRITIC_GRADIENT_NORM)?)?;
        // They fall together: the earlier of two onsets is the one that noise has not moved.
        Some(Self { in_generator, in_critic, low, since: since.min(also) })
    }
}

/// The fall of a norm, if it fell, and since when.
fn fallen(norm: &Signal) -> Option<(Evidence, u64)> {
    let recent = norm.recent();
    let former = norm.before(recent.window().from).quantile(FORMER);
    let evidence = recent.median_below(FALLEN * former)?;
    Some((evidence, norm.since(|value| value < FALLEN * former)))
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
