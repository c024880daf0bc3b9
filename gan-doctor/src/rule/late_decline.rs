//! The best is behind, and it is getting worse.
//!
//! # What it means
//! Samples came nearest to the data some time ago and have moved away since, by more than the noise of the
//! measurement.
//!
//! # What one sees
//! A distance with a minimum; "30 epochs were better than 100".
//!
//! # Why it happens
//! A GAN does not minimize a loss and has no reason to stay at its best. A critic that goes on learning, learns by
//! heart, or escalates with its opponent leads the generator away.
//!
//! # Told apart from
//! `mode-collapse`, `batch-norm-collapse`, `memorizing-critic` and `oscillation` are reasons, under which it is listed
//! where one of them is found. A last value that is worse than the best by the noise of the measurement is no decline:
//! the best of many values is always a lucky one.
//!
//! # Cure
//! Keep the best checkpoint and stop there; let the learning rates fall to 0; an average of the weights.
//!
//! # Source
//! The course whose experiments are reproduced: "epoch 100 is worse than epoch 30, I do not understand why"; threads
//! pytorch-GAN #3, stylegan2-ada-pytorch #159; Li & Gao (2025), TMLR, on early stopping. The bounds are chosen here.

use super::{Need, Rule};
use crate::patient::QUALITY;
use crate::{Certainty, Diagnosis, Marks, Patient, Relation, Remedy, Severity, Signal, cure, plot};

/// The best lies at least one part in this many of the run back.
const BACK: u128 = 5;
/// Standard errors by which it is worse: with three, chance has one in 700 for each look.
const ERRORS: f64 = 3.0;
/// And a share of the best, below which it does not matter.
const MATTERS: f64 = 0.1;
/// Measurements that a level is the median of.
const LEVEL: usize = 3;
/// As bad as this many times the best is a failure.
const GRAVE: f64 = 2.0;
/// Two levels, and one in between.
const NEEDS: [Need; 1] = [Need { any_of: QUALITY, points: 7 }];

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct LateDecline;

impl Rule for LateDecline {
    fn id(&self) -> &'static str {
        "late-decline"
    }

    fn source(&self) -> &'static str {
        include_str!("late_decline.rs")
    }

    fn needs(&self) -> &'static [Need] {
        &NEEDS
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let quality = patient.quality()?;
        let levels = levels(&quality);
        let (step, best) = levels.lowest()?;
        let window = quality.window();
        if u128::from(window.to - step) * BACK < u128::from(window.to - window.from) {
            return None;
        }
        let error = patient.standard_error(quality.name()).unwrap_or_else(|| noise(&quality));
        let threshold = best + (ERRORS * error).max(MATTERS * best.abs());
        let evidence = quality.last(LEVEL).median_above(threshold)?;
        let least =
            quality.last(LEVEL).evidence("best level before", best, Relation::Below, threshold);
        let severity =
            if evidence.value > GRAVE * best { Severity::Severe } else { Severity::Warning };
        let certainty = if quality.last(LEVEL).all_above(threshold).is_some() {
            Certainty::Certain
        } else {
            Certainty::Likely
        };
        let cause =
            format!("{} was best at step {step} and has become worse since", quality.name());
        let found = Diagnosis::new(severity, certainty, cause)
            .since(quality.from_step(step).since(|value| value > threshold))
            .with([evidence])
            .with(least)
            .chart(plot(&quality, Marks { threshold: Some(threshold), since: Some(step) }));
        Some(cured(found, patient, step))
    }
}

/// Medians of three neighbors: the best single value is a lucky one.
fn levels(quality: &Signal) -> Signal {
    let level = |window: &[(u64, f64)]| {
        let values = Signal::new("", window.iter().copied());
        (window[LEVEL / 2].0, values.median())
    };
    Signal::new(quality.name(), quality.points().windows(LEVEL).map(level))
}

/// The deviation of one measurement, from the differences of neighbors.
fn noise(quality: &Signal) -> f64 {
    let differences = quality.points().windows(2).map(|pair| (pair[1].0, pair[1].1 - pair[0].1));
    Signal::new("", differences).deviation() / std::f64::consts::SQRT_2
}

fn cured(found: Diagnosis, patient: &Patient<'_>, step: u64) -> Diagnosis {
    let case = patient.case;
    let schedule =
        format!("{{kind=\"linear\",end=0.0,over=\"{} steps\"}}", step.saturating_mul(2).max(1));
    found
        .cure(cure::keep_best(patient))
        .cure(
            Remedy::set("train.schedule", schedule)
                .because("players whose steps shrink stay where they are"),
        )
        .cure(cure::begin_ema(case))
        .cure(cure::gradient_penalty(case).because("a bounded critic does not escalate"))
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::FRECHET;
    let turning = |t: f64| 120.0 + 700.0 * (t - 0.4).powi(2) + 600.0 * (-12.0 * t).exp();
    let flat = |t: f64| 130.0 + 800.0 * (-15.0 * t).exp();
    Examples {
        ill: (Run::healthy().sparse(&FRECHET, turning), 7_500),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().sparse(&FRECHET, flat), None),
    }
}
