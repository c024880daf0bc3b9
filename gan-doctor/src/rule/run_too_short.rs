//! The run is too short to say anything.
//!
//! # What it means
//! The players have hardly begun. Whatever is seen now, good or bad, may be gone in a minute, and
//! every other verdict has to be read with that in mind.
//!
//! # What one sees
//! Less than an epoch, or a few hundred steps.
//!
//! # Why it happens
//! A run that has just begun, a trial, or a budget in steps that was meant in epochs.
//!
//! # Told apart from
//! A log whose steps are epochs looks short and is not: that cannot be told from its numbers, so
//! that this is a note. Rules with too few points say so by themselves, one by one.
//! `learning-rate-too-low` has had its steps and did not use them.
//!
//! # Cure
//! More steps; until then, no verdict.
//!
//! # Source
//! Recorded runs of the course's DCGAN: the first epoch of 938 steps ends with a checkerboard in
//! healthy runs too. The bound of 200 steps is chosen here.

use super::{Need, Rule};
use crate::series::{CRITIC_LOSS, FAKE_PROBABILITY, GENERATOR_LOSS, REAL_PROBABILITY};
use crate::{Certainty, Diagnosis, Evidence, Patient, Relation, Remedy, Severity};

/// Steps before which even small games on points have learned next to nothing.
const FEW: u64 = 200;
/// The same of images: an epoch, and no more than this.
const FEW_OF_IMAGES: u64 = 500;
/// After which digits of most recipes can be told from noise, and points from a blob.
const IMAGES: &str = "5 epochs";
const POINTS: &str = "5000 steps";
/// Any of them tells the length of the run.
const NEEDS: [Need; 1] = [Need {
    any_of: &[&CRITIC_LOSS, &GENERATOR_LOSS, &REAL_PROBABILITY, &FAKE_PROBABILITY],
    points: 0,
}];

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct RunTooShort;

impl Rule for RunTooShort {
    fn id(&self) -> &'static str {
        "run-too-short"
    }

    fn source(&self) -> &'static str {
        include_str!("run_too_short.rs")
    }

    fn needs(&self) -> &'static [Need] {
        &NEEDS
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "critic-weak",
            "mode-collapse",
            "mode-dropping",
            "noise-ignored",
            "label-ignored",
            "checkerboard",
            "ema-lagging",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let steps = patient.trace.last_step()?;
        let run = patient.case.run;
        let are_points = patient.case.data.are_images == Some(false);
        let most = if are_points { FEW } else { FEW_OF_IMAGES };
        let least = run.steps_per_epoch.map_or(FEW, |epoch| epoch.clamp(FEW, most));
        let evidence =
            Evidence::of_fact("newest step", steps as f64, Relation::Below, least as f64)?;
        let is_planned = run.planned_steps.is_some_and(|planned| planned >= least);
        let remedy = if is_planned {
            Remedy::advise("wait: the run is to become longer")
        } else {
            longer(patient.case.data.are_images)
        };
        let cause = format!("{steps} steps are too few to say anything");
        Some(
            Diagnosis::new(Severity::Note, Certainty::Certain, cause).with([evidence]).cure(remedy),
        )
    }
}

/// A budget, by what is learned.
fn longer(are_images: Option<bool>) -> Remedy {
    match are_images {
        Some(false) => {
            Remedy::set("train.budget", POINTS).because("as long as a short run on points")
        }
        _ => Remedy::set("train.budget", IMAGES).because(
            "digits can be read from then on, and quality can be told; a log that counts epochs needs none",
        ),
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::GENERATOR_UPDATE_RATIO;
    Examples {
        ill: (Run::healthy().until(150), 0),
        healthy: Run::healthy(),
        look_alike: (
            Run::healthy().dense(&GENERATOR_UPDATE_RATIO, |_| 1e-6),
            Some("learning-rate-too-low"),
        ),
    }
}
