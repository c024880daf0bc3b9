//! The noise on what the critic sees drowns the data.
//!
//! # What it means
//! The critic compares two clouds of noise. What is finer than the noise it cannot tell, and the
//! generator is not taught.
//!
//! # What one sees
//! Before the first step: the deviation of the noise against the range of the data. Later a critic
//! that is undecided, samples without details, labels or modes that are left out.
//!
//! # Why it happens
//! A deviation meant for pixels of 0 to 255 on data of −1 to 1; noise that was to fade out and does
//! not.
//!
//! # Told apart from
//! `critic-weak` sees an undecided critic, for whatever reason. A tenth of the range, which cures a
//! critic that is too sure, is far below.
//!
//! # Cure
//! A deviation of 0.1 on data of −1 to 1.
//!
//! # Source
//! Arjovsky & Bottou (2017), arXiv:1701.04862, §3, and Sønderby et al. (2017), arXiv:1610.04490,
//! add noise that fades; Roth et al. (2017), arXiv:1705.09367. No data has a deviation of more than
//! half of its range: from there on there is more noise than data.

use super::Rule;
use crate::{Case, Diagnosis, Evidence, Fact, Patient, Relation, Severity, cure};

/// Share of the data's range that no deviation of data exceeds.
const DROWNING: f64 = 0.5;
/// From a deviation of the whole range on, nothing is left to tell apart.
const GRAVE: f64 = 1.0;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct InstanceNoiseTooStrong;

impl Rule for InstanceNoiseTooStrong {
    fn id(&self) -> &'static str {
        "instance-noise-too-strong"
    }

    fn source(&self) -> &'static str {
        include_str!("instance_noise_too_strong.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::InstanceNoise, Fact::DataRange]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.objective.instance_noise? == 0.0).then_some("the critic sees samples as they are")
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "critic-weak",
            "mode-collapse",
            "mode-dropping",
            "noise-ignored",
            "label-ignored",
            "dead-units",
            "checkerboard",
            "generator-gradient-gone",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let case = patient.case;
        let (noise, range) = (case.objective.instance_noise?, case.data.max? - case.data.min?);
        let share = noise / range;
        let name = "objective.instance_noise ÷ range of the data";
        let evidence = Evidence::of_fact(name, share, Relation::Above, DROWNING)?;
        let severity = if share > GRAVE { Severity::Severe } else { Severity::Warning };
        let cause = format!("noise of {noise} on data in a range of {range:.3}");
        Some(Diagnosis::of_case(severity, cause).with([evidence]).cure(cure::less_noise(range)))
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::{CRITIC_LOSS, FRECHET};
    let noise = |noise| move |case: &mut Case| case.objective.instance_noise = Some(noise);
    let undecided = |run: Run| run.dense(&CRITIC_LOSS, |_| 1.386).sparse(&FRECHET, |_| 900.0);
    Examples {
        ill: (Run::healthy().case(noise(5.0)), 0),
        healthy: Run::healthy().case(noise(0.3)),
        look_alike: (undecided(Run::healthy().case(noise(0.1))), Some("critic-weak")),
    }
}
