//! Parts of the data are missing among samples.
//!
//! # What it means
//! Some classes or modes are never made, or far too rarely, while the others are made well.
//!
//! # What one sees
//! A class with less than a fifth of its share; modes of a known density without a sample; coverage
//! that has fallen while the spread of samples has not.
//!
//! # Why it happens
//! The critic does not miss what is never shown to it. Rare modes, and modes near to others, go
//! first.
//!
//! # Told apart from
//! `mode-collapse`: the spread is gone with them. `near-empty-class`: the data hardly has the
//! class. A class that still becomes more frequent, or samples that still come nearer to the data,
//! are being learned.
//!
//! # Cure
//! Two samples at a time for the critic; R1 and R2; smaller steps; where there are labels, a
//! conditional game.
//!
//! # Source
//! Srivastava et al. (2017), arXiv:1705.07761, and Lin et al. (2018), arXiv:1712.04086, count
//! modes; a class with less than a fifth of its share is 1/(5K) of K equal classes.

use super::{Need, Rule};
use crate::series::{COVERAGE, MODES_COVERED, RECALL, SMALLEST_CLASS};
use crate::{Certainty, Diagnosis, Marks, Patient, Series, Severity, Signal, cure, plot};

/// What counts as missing, and of what it is a share.
const SIGNS: [(&Series, Bound); 4] = [
    (&SMALLEST_CLASS, Bound::Absolute(0.2)),
    (&MODES_COVERED, Bound::ShareOfReal(0.9)),
    (&COVERAGE, Bound::ShareOfBest(0.5)),
    (&RECALL, Bound::ShareOfBest(0.5)),
];
/// Kendall's tau of what still becomes better.
const IMPROVING: f64 = 0.4;
/// Points from which it can be seen whether anything becomes better, or was better once.
const HISTORY: usize = 5;
/// Newest measurements that have to miss the same: a class of a few hundred samples is rare in two
/// of them by chance.
const NEWEST: usize = 3;
/// A run is young until one part in this many of its planned steps is over: short trials on points
/// found their last modes in the newer half.
const YOUNG: u64 = 2;
/// The best that there was, by a quantile, because the very best is noise.
const BEST: f64 = 0.8;

/// A threshold, by what it is relative to.
#[derive(Clone, Copy)]
enum Bound {
    Absolute(f64),
    ShareOfReal(f64),
    ShareOfBest(f64),
}

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct ModeDropping;

impl Rule for ModeDropping {
    fn id(&self) -> &'static str {
        "mode-dropping"
    }

    fn source(&self) -> &'static str {
        include_str!("mode_dropping.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const {
            &[Need {
                any_of: &[&SMALLEST_CLASS, &MODES_COVERED, &COVERAGE, &RECALL],
                points: HISTORY,
            }]
        }
    }

    fn explains(&self) -> &'static [&'static str] {
        &["late-decline"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        SIGNS.iter().find_map(|(series, bound)| missing(patient, series, *bound))
    }
}

fn missing(patient: &Patient<'_>, series: &Series, bound: Bound) -> Option<Diagnosis> {
    let signal = patient.signal(series)?;
    let threshold = bound.of(&signal, patient)?;
    let evidence = signal.last(NEWEST).all_below(threshold)?;
    if is_still_learning(patient, &signal) {
        return None;
    }
    let since = signal.since(|value| value < threshold);
    let cause = format!("part of the data is missing among samples, by {}", signal.name());
    let case = patient.case;
    Some(
        Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
            .since(since)
            .with([evidence])
            .chart(plot(&signal, Marks { threshold: Some(threshold), since: Some(since) }))
            .cure(cure::larger_latent(case))
            .cure(cure::less_momentum(case))
            .cure(cure::packing(case))
            .cure(cure::relativistic(case))
            .cure(cure::lower_both_lrs(case).because("smaller steps leave fewer modes behind")),
    )
}

/// Whether what is missing becomes more in the newer half of the run; or, of what was never there,
/// whether samples still come nearer to the data or the run is young.
fn is_still_learning(patient: &Patient<'_>, signal: &Signal) -> bool {
    // Of fewer than five points any direction is chance.
    let newer = |signal: &Signal| signal.last(signal.len().div_ceil(2).max(HISTORY));
    let quality = patient.quality().filter(|quality| quality.len() >= HISTORY);
    let comes_nearer = quality.is_some_and(|quality| newer(&quality).falls_notably(IMPROVING));
    let step = patient.trace.last_step().unwrap_or(0);
    let is_young = patient.case.run.planned_steps.is_some_and(|planned| step < planned / YOUNG);
    let was_there = signal.highest().is_some_and(|(_, best)| best > 2.0 * newest(signal));
    newer(signal).rises_notably(IMPROVING) || (!was_there && (comes_nearer || is_young))
}

fn newest(signal: &Signal) -> f64 {
    signal.last(Need::SPARSE).median()
}

impl Bound {
    fn of(self, signal: &Signal, patient: &Patient<'_>) -> Option<f64> {
        match self {
            Self::Absolute(value) => Some(value),
            Self::ShareOfReal(share) => Some(share * patient.of_real(signal.name())?),
            Self::ShareOfBest(share) => {
                (signal.len() >= HISTORY).then_some(share * signal.quantile(BEST))
            }
        }
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::SPREAD;
    let dropped = |t: f64| if t < 0.4 { 0.6 } else { 0.05 };
    Examples {
        ill: (Run::healthy().sparse(&SMALLEST_CLASS, dropped), 4_000),
        healthy: Run::healthy().sparse(&SMALLEST_CLASS, |t| 0.01 + 0.3 * t).until(6_000),
        look_alike: (
            Run::healthy().sparse(&SPREAD, |t| if t < 0.4 { 0.3 } else { 0.01 }),
            Some("mode-collapse"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;
    use crate::series::FRECHET;

    #[test]
    fn modes_of_a_known_density_and_a_fallen_coverage_count() {
        let bare = Run::healthy().without(&SMALLEST_CLASS).sparse(&FRECHET, |_| 300.0);
        let modes = bare.clone().sparse(&MODES_COVERED, |_| 6.0).of_real(&MODES_COVERED, 8.0);
        let coverage = bare.clone().sparse(&COVERAGE, |t| if t < 0.7 { 0.4 } else { 0.1 });
        for run in [modes, coverage] {
            assert!(matches!(run.judged_by(&ModeDropping), Verdict::Found(_)));
        }
        assert_eq!(bare.judged_by(&ModeDropping), Verdict::Healthy);
    }

    #[test]
    fn the_direction_of_three_measurements_is_no_learning() {
        // A class that is gone, by six measurements of which the newest three happen to rise.
        let rare = [0.6, 0.06, 0.07, 0.05, 0.06, 0.07];
        let run =
            Run::healthy().sparse(&SMALLEST_CLASS, |t| rare[((20.0 * t).round() as usize).min(5)]);
        let verdict = run.until(2_500).judged_by(&ModeDropping);
        assert!(matches!(verdict, Verdict::Found(_)), "{verdict:?}");
        let learned = |t: f64| if t < 0.05 { 0.6 } else { 0.6 * t };
        let run = Run::healthy().sparse(&SMALLEST_CLASS, learned).until(2_500);
        assert_eq!(run.judged_by(&ModeDropping), Verdict::Healthy);
    }
}
