//! The best is behind, and it is getting worse.
//!
//! # What it means
//! Samples came nearest to the data some time ago and have moved away since, by more than the noise
//! of the measurement.
//!
//! # What one sees
//! A distance with a minimum; "30 epochs were better than 100".
//!
//! # Why it happens
//! A GAN does not minimize a loss and has no reason to stay at its best. A critic that goes on
//! learning, learns by heart, or escalates with its opponent leads the generator away.
//!
//! # Told apart from
//! `mode-collapse`, `batch-norm-collapse`, `memorizing-critic` and `oscillation` are reasons, under
//! which it is listed where one of them is found. A last value that is worse than the best by the
//! noise of the measurement is no decline: the best of many values is always a lucky one, so that
//! levels of a tenth of the measurements are compared, and three quarters of the newest have to be
//! worse by more than their noise.
//!
//! # Cure
//! Keep the best checkpoint and stop there; let the learning rates fall to 0; an average of the
//! weights; R1.
//!
//! # Source
//! The course whose experiments are reproduced: "epoch 100 is worse than epoch 30, I do not
//! understand why"; threads stylegan2-ada #68 and stylegan2-ada-pytorch #159; Li & Gao (2025),
//! TMLR, on early stopping. The bounds are chosen here.

use super::{Need, Rule};
use crate::patient::QUALITY;
use crate::{Certainty, Diagnosis, Marks, Patient, Relation, Remedy, Severity, Signal, cure, plot};

/// The best lies at least one part in this many of the run back.
const BACK: u128 = 5;
/// Deviations by which it is worse, of what is larger, the error of a measurement or the wandering of
/// the generator between measurements: with three, chance has one in 700 for each look.
const ERRORS: f64 = 3.0;
/// Points of the differences that noise is taken from are one part in this many of the series
/// apart.
const APART: usize = 15;
/// Measurements with which noise is taken to be twice what it seems.
const FEW: f64 = 4.0;
/// And a share of the best, below which it does not matter.
const MATTERS: f64 = 0.1;
/// A level is the median of one measurement in this many, and of three at least: the best of many
/// single values is luckier the more of them there are.
const PART: usize = 10;
const LEVEL: usize = 3;
/// The quantile of the newest measurements that is worse: three quarters of them are.
const MOST: f64 = 0.25;
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
        let n = (quality.len() / PART).max(LEVEL);
        let levels = levels(&quality, n);
        let (step, best) = levels.lowest()?;
        let window = quality.window();
        if u128::from(window.to - step) * BACK < u128::from(window.to - window.from) {
            return None;
        }
        // The error of measuring a generator says nothing of how far it wanders from one
        // measurement to the next.
        let measured = patient.standard_error(quality.name()).unwrap_or(0.0);
        let error = measured.max(noise(&quality));
        let threshold = best + (ERRORS * error).max(MATTERS * best.abs());
        let newest = quality.last(n);
        let lower = newest.quantile(MOST);
        let evidence = newest.evidence("lower quartile", lower, Relation::Above, threshold)?;
        let least = levels.evidence("lowest level", best, Relation::Below, threshold);
        // An unbiased distance may be below 0, where no multiple of it is worse.
        let is_grave = best > 0.0 && evidence.value > GRAVE * best;
        let severity = if is_grave { Severity::Severe } else { Severity::Warning };
        let certainty = if newest.all_above(threshold).is_some() {
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

/// Medians of `n` neighbors: the best single value is a lucky one.
fn levels(quality: &Signal, n: usize) -> Signal {
    let level = |window: &[(u64, f64)]| {
        let values = Signal::new("", window.iter().copied());
        (window[n / 2].0, values.median())
    };
    Signal::new(quality.name(), quality.points().windows(n).map(level))
}

/// The deviation of one measurement, from differences in the newer two thirds: the first ones are
/// large because much is learned between them. Of points some way apart, because noise of neighbors
/// is alike.
fn noise(quality: &Signal) -> f64 {
    let apart = quality.len().div_ceil(APART).min(quality.len() / LEVEL);
    let newer = quality.last(2 * quality.len() / 3);
    let points = newer.points();
    let differences = points.iter().zip(points.iter().skip(apart));
    let differences = differences.map(|(before, after)| (after.0, after.1 - before.1));
    // The deviation of a few numbers is itself uncertain.
    let uncertain = 1.0 + FEW / quality.len() as f64;
    uncertain * Signal::new("", differences).deviation() / std::f64::consts::SQRT_2
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
        .cure(cure::gradient_penalty(case, "a bounded critic does not escalate"))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::examples::Run;
    use crate::series::{FRECHET, KERNEL_DISTANCE};
    use crate::{Trace, Verdict, judge};

    /// A quality of `n` measurements with noise of a share of itself.
    fn measured(n: u64, name: &str, value: impl Fn(f64) -> f64, noise: f64) -> Verdict {
        let mut trace = Trace::new();
        for index in 0..n {
            let uniform = |of: f64| ((index + 1) as f64 * of).fract().max(1e-3);
            let radius = (-2.0 * uniform(0.754_877_666).ln()).sqrt();
            let normal = radius * (std::f64::consts::TAU * uniform(0.569_840_291)).cos();
            let value = value(index as f64 / n as f64) * (1.0 + noise * normal);
            trace.push(name, index, value).unwrap();
        }
        judge(&LateDecline, &crate::Case::default(), &trace)
    }

    #[test]
    fn the_best_of_a_thousand_noisy_values_is_no_reason() {
        let flat = |t: f64| 40.0 + 800.0 * (-12.0 * t).exp();
        for n in [10, 30, 100, 1000] {
            assert_eq!(measured(n, FRECHET.name, flat, 0.2), Verdict::Healthy, "{n}");
        }
    }

    #[test]
    fn a_generator_that_wanders_by_more_than_the_error_of_measuring_it_is_no_decline() {
        let wandering = |n: u64| {
            let mut trace = Trace::new();
            for index in 0..n {
                let away = (index as f64 * 2.399_963).sin();
                trace.push(FRECHET.name, index, 40.0 + 12.0 * away).unwrap();
                trace.push("samples/frechet/standard_error", index, 0.1).unwrap();
            }
            judge(&LateDecline, &crate::Case::default(), &trace)
        };
        for n in [10, 20, 21, 22, 23, 50] {
            assert_eq!(wandering(n), Verdict::Healthy, "{n}");
        }
    }

    #[test]
    fn twice_the_distance_is_seen_in_ten_measurements() {
        let turning = |t: f64| 40.0 + 800.0 * (-12.0 * t).exp() + 100.0 * (t - 0.4).max(0.0);
        for n in [10, 30, 100, 1000] {
            let verdict = measured(n, FRECHET.name, turning, 0.03);
            assert!(matches!(verdict, Verdict::Found(_)), "{n}");
        }
    }

    #[test]
    fn nothing_is_grave_against_a_distance_below_0() {
        let turning = |t: f64| if t < 0.5 { -1e-4 } else { 1e-3 };
        let run = Run::healthy().without(&FRECHET).sparse(&KERNEL_DISTANCE, turning);
        let Verdict::Found(found) = run.judged_by(&LateDecline) else { panic!() };
        assert_eq!(found.severity, Severity::Warning);
    }
}
