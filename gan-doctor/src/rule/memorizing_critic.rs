//! The critic knows the training samples by heart.
//!
//! # What it means
//! It scores real samples that it has seen higher than real samples that it has not: what it calls
//! real is "seen before". Its gradient draws the generator toward single training samples.
//!
//! # What one sees
//! Scores of held-out real samples that fall away from those of training samples, toward those of
//! fakes.
//!
//! # Why it happens
//! Little data, many epochs, a large critic.
//!
//! # Told apart from
//! `critic-won` rejects fakes and accepts all real samples, held-out ones too. `tiny-data` is the
//! usual reason. A small gap that does not grow is the noise of few held-out samples.
//!
//! # Cure
//! Random changes of everything that the critic sees; R1; stop at the best. Beyond the settings: a
//! smaller critic, more data.
//!
//! # Source
//! Karras et al. (2020), arXiv:2006.06676, §2 and figure 1c; Brock et al. (2019), arXiv:1809.11096,
//! §4.2, on a critic that is right on 98 % of training images and on half of held-out ones. The
//! bound of one deviation is chosen here.

use super::{Need, Rule};
use crate::series::HELD_OUT_GAP;
use crate::{Certainty, Diagnosis, Marks, Patient, Severity, cure, plot};

/// The mean training sample scores above five of six held-out ones.
const WIDE: f64 = 1.0;
/// Kendall's tau of a gap that widens.
const GROWING: f64 = 0.3;
/// Points that a trend is taken from.
const TREND: usize = 5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct MemorizingCritic;

impl Rule for MemorizingCritic {
    fn id(&self) -> &'static str {
        "memorizing-critic"
    }

    fn source(&self) -> &'static str {
        include_str!("memorizing_critic.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&HELD_OUT_GAP])] }
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-won", "late-decline", "generator-gradient-gone", "memorizing-generator"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let gap = patient.signal(&HELD_OUT_GAP)?;
        let evidence = gap.last(Need::SPARSE).all_above(WIDE)?;
        let since = gap.since(|value| value > WIDE);
        let is_growing = gap.len() >= TREND && gap.rises_notably(GROWING);
        let certainty = if is_growing { Certainty::Likely } else { Certainty::Suspected };
        let cause =
            "the critic scores samples that it was trained on above real ones that it was not";
        Some(
            Diagnosis::new(Severity::Warning, certainty, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&gap, Marks { threshold: Some(WIDE), since: Some(since) }))
                .cure(cure::augment(patient.case))
                .cure(cure::gradient_penalty(
                    patient.case,
                    "a smoother critic learns less by heart",
                ))
                .cure(cure::keep_best(patient)),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    Examples {
        ill: (Run::healthy().sparse(&HELD_OUT_GAP, |t| 4.0 * t), 2_500),
        healthy: Run::healthy().sparse(&HELD_OUT_GAP, |t| 0.5 * t),
        look_alike: (Run::healthy().critic_wins(0.2), Some("critic-won")),
    }
}
