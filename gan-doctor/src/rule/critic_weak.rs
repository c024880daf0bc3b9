//! The critic has not learned to tell anything apart.
//!
//! # What it means
//! Its loss is that of a critic that answers the same to everything. Without a critic the generator
//! has no teacher.
//!
//! # What one sees
//! A critic's loss pinned to 2·ln 2 = 1.386 (logistic), ¼ (least squares with targets 0 and 1) or 2
//! (hinge) from the beginning, beside samples that are far from the data.
//!
//! # Why it happens
//! A learning rate of nearly 0, a critic too small, weights that are not trained at all, real and
//! fake batches exchanged or mixed, a penalty that holds the critic flat.
//!
//! # Told apart from
//! A relativistic critic stays near ln 2 while it learns, and a Wasserstein loss of 0 is no mark:
//! neither is judged. At the end of a good game the critic cannot tell either: then it could at
//! first (its loss was below 0.8 of that level), or samples have come a good deal nearer to the
//! data than they were, or they are in all of its modes, or cover half of what real samples cover:
//! a generator without a teacher does not find them. `penalty-overwhelming`,
//! `learning-rate-too-low`, `unequal-learning-rates`, `instance-noise-too-strong` and `clip-wall` are
//! reasons of their own.
//!
//! # Cure
//! A faster critic; more critic steps; check that the real batches are real.
//!
//! # Source
//! Goodfellow et al. (2014), arXiv:1406.2661, theorem 1: −ln 4 where the critic cannot tell; Heusel
//! et al. (2017), arXiv:1706.08500; thread StyleNAT #11, "1.39 is ln 4".

use super::{Need, Rule};
use crate::cure::{Player, scale_lr};
use crate::series::{COVERAGE, CRITIC_LOSS, MODES_COVERED, RECALL};
use crate::{
    Case, Certainty, Diagnosis, Evidence, Fact, Loss, Marks, Patient, QUALITY, Relation, Remedy,
    Series, Severity, plot,
};

/// Within this share of the loss of indifference, nothing is told apart.
const PINNED: f64 = 0.03;
/// The share of all points that have to be pinned: a healthy game is not from its first steps on.
const SHARE: f64 = 0.95;
/// A critic that ever had less than this share of the loss of indifference has told samples apart.
const TOLD: f64 = 0.8;
/// Samples within this factor of what real ones score are good.
const GOOD: f64 = 3.0;
/// Kendall's tau of a distance that falls.
const IMPROVING: f64 = 0.4;
/// What samples cover that a generator without a teacher would not, as a share of what real samples
/// cover: nearly all modes, half of the neighborhoods.
const TAUGHT: [(&Series, f64); 3] = [(&MODES_COVERED, 0.9), (&COVERAGE, 0.5), (&RECALL, 0.5)];
/// How much faster a critic is made: the ratio of two time scales that Heusel et al. use.
const FASTER: f64 = 4.0;
/// Critic steps of Wasserstein recipes, the most that is common.
const STEPS: u64 = 5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct CriticWeak;

impl Rule for CriticWeak {
    fn id(&self) -> &'static str {
        "critic-weak"
    }

    fn source(&self) -> &'static str {
        include_str!("critic_weak.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&CRITIC_LOSS])] }
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        QUALITY
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Loss]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        use Loss::{Hinge, LeastSquares, Minimax, NonSaturating};
        let has_level =
            [Minimax, NonSaturating, LeastSquares, Hinge].contains(&case.objective.loss?);
        (!has_level).then_some("a critic that learns has such a loss as well")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["generator-gradient-gone", "mode-dropping", "late-decline"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let level = patient.case.objective.loss?.of_indifference()?;
        let loss = patient.signal(&CRITIC_LOSS)?;
        let is_pinned = |value: f64| (value - level).abs() < PINNED * level;
        let pinned = loss.values().into_iter().filter(|value| is_pinned(*value)).count();
        let share = pinned as f64 / loss.len() as f64;
        let evidence = loss.evidence("share at indifference", share, Relation::Above, SHARE)?;
        // However long a game goes on at rest, its beginning is not forgotten.
        if loss.values().into_iter().any(|value| value < TOLD * level) {
            return None;
        }
        // Without a look at samples it may be a game at rest.
        let (severity, certainty) = match far_from_data(patient) {
            Some(true) => (Severity::Severe, Certainty::Likely),
            Some(false) => return None,
            None => (Severity::Warning, Certainty::Suspected),
        };
        let case = patient.case;
        let cause = format!(
            "the critic's loss is {level:.3}, that of one that answers the same to everything"
        );
        Some(
            Diagnosis::new(severity, certainty, cause)
                .since(loss.window().from)
                .with([evidence])
                .with(quality(patient))
                .chart(plot(&loss, Marks { threshold: Some(level), since: None }))
                .cure(
                    scale_lr(Player::Critic, case, FASTER)
                        .because("a critic four times as fast (TTUR)"),
                )
                .cure(more_steps(case))
                .cure(Remedy::advise("look at a batch of real samples as the critic gets it")),
        )
    }
}

/// More critic steps; nothing for a game that has them.
fn more_steps(case: &Case) -> Option<Remedy> {
    let is_few = case.objective.critic_steps.is_none_or(|steps| steps < STEPS);
    let remedy = Remedy::set("train.critic_steps", STEPS.to_string());
    is_few.then(|| remedy.because("the critic catches up between steps"))
}

/// Whether samples are far from the data, do not come nearer and do not cover it, if that was
/// measured.
fn far_from_data(patient: &Patient<'_>) -> Option<bool> {
    let quality = patient.quality()?;
    let is_good = quality.last_value()? < GOOD * patient.of_real(quality.name()).unwrap_or(0.0);
    let learns = patient.has_come_nearer() || quality.falls_notably(IMPROVING);
    Some(!is_good && !learns && !covers(patient))
}

/// Whether samples are where the data is, in at least two measurements.
fn covers(patient: &Patient<'_>) -> bool {
    TAUGHT.iter().any(|(series, share)| {
        let signal = patient.signal(series).filter(|signal| signal.len() >= Need::SPARSE);
        let least = patient.of_real(series.name).filter(|real| *real > 0.0);
        let both = signal.zip(least.map(|real| share * real));
        both.is_some_and(|(signal, least)| signal.last(Need::SPARSE).median() >= least)
    })
}

fn quality(patient: &Patient<'_>) -> Option<Evidence> {
    let quality = patient.quality()?;
    quality.last(1).median_above(GOOD * patient.of_real(quality.name())?)
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::FRECHET;
    let pinned = || Run::healthy().dense(&CRITIC_LOSS, |_| 2.0 * std::f64::consts::LN_2 - 0.01);
    // The end of a good game: indifferent now, not at first, and near the data.
    let even = Run::healthy()
        .dense(&CRITIC_LOSS, |t| 1.386 - 0.6 * (-9.0 * t).exp())
        .sparse(&FRECHET, |t| 6.0 + 800.0 * (-9.0 * t).exp());
    Examples {
        ill: (pinned().sparse(&FRECHET, |_| 900.0), 0),
        healthy: Run::healthy(),
        look_alike: (even, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;
    use crate::series::FRECHET;

    /// Indifferent from the fiftieth part of the run on; nothing is known of real samples.
    fn early_at_rest() -> Run {
        let loss = |t: f64| if t < 0.02 { 0.9 } else { 1.376 };
        let run = Run::healthy().dense(&CRITIC_LOSS, loss).without(&FRECHET);
        let near = |t: f64| if t < 0.05 { 0.6 } else { 0.06 };
        run.sparse(&FRECHET, near)
    }

    #[test]
    fn a_game_that_comes_to_rest_early_is_no_dead_critic_however_long_it_goes_on() {
        assert_eq!(early_at_rest().judged_by(&CriticWeak), Verdict::Healthy);
        let unmeasured = early_at_rest().without(&FRECHET);
        assert_eq!(unmeasured.judged_by(&CriticWeak), Verdict::Healthy);
        let learned = early_at_rest().dense(&CRITIC_LOSS, |_| 1.376);
        assert_eq!(learned.judged_by(&CriticWeak), Verdict::Healthy);
    }

    #[test]
    fn losses_alone_are_a_suspicion_and_no_failure() {
        let run = Run::healthy().dense(&CRITIC_LOSS, |_| 1.376).without(&FRECHET);
        let Verdict::Found(found) = run.judged_by(&CriticWeak) else { panic!() };
        assert_eq!((found.severity, found.certainty), (Severity::Warning, Certainty::Suspected));
    }

    /// A packed game on eight Gaussians that came to rest before it was measured first: by JS it is
    /// far, because its modes are narrow.
    #[test]
    fn samples_in_all_modes_had_a_teacher() {
        let bare = Run::healthy().without(&FRECHET).without(&COVERAGE).without(&RECALL);
        let run = bare.dense(&CRITIC_LOSS, |_| 1.386).sparse(&crate::series::JS, |_| 0.3);
        let modes =
            |n: f64| run.clone().sparse(&MODES_COVERED, move |_| n).of_real(&MODES_COVERED, 8.0);
        assert_eq!(modes(7.9).judged_by(&CriticWeak), Verdict::Healthy);
        assert!(matches!(modes(3.0).judged_by(&CriticWeak), Verdict::Found(_)));
    }
}
