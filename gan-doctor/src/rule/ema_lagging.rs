//! The average of the weights lags behind the generator.
//!
//! # What it means
//! Samples are drawn with weights that are mostly from long ago. They are worse than those of the
//! step itself, for no reason of the game.
//!
//! # What one sees
//! Blurred or unfinished samples beside good live ones; a Fréchet distance of the average well
//! above that of the live weights.
//!
//! # Why it happens
//! A half-life (or a decay such as 0.9999) made for millions of steps, in a run of a few thousand.
//!
//! # Told apart from
//! `batch-norm-gap`: statistics do not fit, the weights are new. In the first two half-lives every
//! average lags, which is a note and no fault.
//!
//! # Cure
//! A half-life of a twentieth of the run; the live weights, for now.
//!
//! # Source
//! Karras et al. (2020), arXiv:1912.04958, give the average as a half-life; Yazıcı et al. (2019),
//! arXiv:1806.04498. A third of the run and the factor of 1.5 are chosen here.

use super::{Need, Rule};
use crate::series::{FRECHET, LIVE_FRECHET};
use crate::{
    Averaging, Case, Certainty, Diagnosis, Evidence, Fact, Marks, Patient, Relation, Remedy,
    Series, Severity, cure, plot,
};

/// A half-life of a third of the run leaves an eighth of the first weights in at its end.
const SHARE: f64 = 1.0 / 3.0;
/// Half-lives after which the first weights are a quarter of the average.
const YOUNG: f64 = 2.0;
/// How much worse the average's samples may be.
const WORSE: f64 = 1.5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct EmaLagging;

impl Rule for EmaLagging {
    fn id(&self) -> &'static str {
        "ema-lagging"
    }

    fn source(&self) -> &'static str {
        include_str!("ema_lagging.rs")
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        &[&FRECHET, &LIVE_FRECHET]
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Averaging]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.objective.averaging? == Averaging::None).then_some("no average is kept")
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "critic-weak",
            "mode-collapse",
            "mode-dropping",
            "noise-ignored",
            "label-ignored",
            "checkerboard",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let (measured, planned) = (worse_than_live(patient), long_half_life(patient.case));
        let certainty = match (&measured, &planned) {
            (Some(_), Some(_)) => Certainty::Certain,
            _ => Certainty::Likely,
        };
        let since = measured.as_ref().map_or(0, |(_, since, _)| *since);
        let chart = measured.as_ref().map_or_else(String::new, |(_, _, chart)| chart.clone());
        let evidence: Vec<_> = planned.into_iter().chain(measured.map(|found| found.0)).collect();
        let cause = "samples are of weights that are mostly from long ago";
        if evidence.is_empty() {
            return not_yet_representative(patient);
        }
        Some(
            Diagnosis::new(Severity::Warning, certainty, cause)
                .since(since)
                .with(evidence)
                .chart(chart)
                .cure(cure::ema(patient.case)),
        )
    }
}

/// The average scores worse than the live weights: evidence, onset, chart.
fn worse_than_live(patient: &Patient<'_>) -> Option<(Evidence, u64, String)> {
    let live = patient.signal(&LIVE_FRECHET)?;
    let ratio = patient.signal(&FRECHET)?.ratio_to(&live);
    let evidence = ratio.last(Need::SPARSE).all_above(WORSE)?;
    let since = ratio.since(|value| value > WORSE);
    let is_early = ratio.len() <= Need::SPARSE;
    let chart = plot(&ratio, Marks { threshold: Some(WORSE), since: Some(since) });
    (!is_early).then_some((evidence, since, chart))
}

/// The run is young against the half-life: nothing is wrong, and the average says little yet.
fn not_yet_representative(patient: &Patient<'_>) -> Option<Diagnosis> {
    let Averaging::Ema { half_life } = patient.case.objective.averaging? else { return None };
    let step = patient.trace.last_step()? as f64;
    let evidence = Evidence::of_fact("newest step", step, Relation::Below, YOUNG * half_life)?;
    let cause = "a quarter or more of the average is still the weights of the first step";
    let wait = Remedy::advise("look at the live weights until the run is older (--weights live)");
    Some(Diagnosis::new(Severity::Note, Certainty::Certain, cause).with([evidence]).cure(wait))
}

/// The half-life is long against the whole run.
fn long_half_life(case: &Case) -> Option<Evidence> {
    let Averaging::Ema { half_life } = case.objective.averaging? else { return None };
    let planned = case.run.planned_steps? as f64;
    Evidence::of_fact("EMA half-life", half_life, Relation::Above, SHARE * planned)
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::TRAIN_EVAL_GAP;
    let long =
        |case: &mut Case| case.objective.averaging = Some(Averaging::Ema { half_life: 7_000.0 });
    Examples {
        ill: (Run::healthy().case(long), 0),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().sparse(&TRAIN_EVAL_GAP, |_| 0.8), Some("batch-norm-gap")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;

    #[test]
    fn a_young_average_is_noted() {
        let Verdict::Found(found) = Run::healthy().until(800).judged_by(&EmaLagging) else {
            panic!()
        };
        assert_eq!(found.severity, Severity::Note);
    }

    /// A run whose half-life is short, by what its average and its live weights score.
    fn measured(average: impl Fn(f64) -> f64, live: f64) -> Verdict {
        let run = Run::healthy().sparse(&FRECHET, average).sparse(&LIVE_FRECHET, move |_| live);
        run.judged_by(&EmaLagging)
    }

    #[test]
    fn an_average_that_scores_worse_than_the_live_weights_lags_whatever_its_half_life() {
        let Verdict::Found(found) = measured(|t| if t < 0.5 { 100.0 } else { 300.0 }, 100.0) else {
            panic!()
        };
        assert_eq!((found.since, found.certainty), (5_000, Certainty::Likely));
        assert_eq!(found.evidence[0].series, "|samples/frechet| ÷ |live/frechet|");
        assert!(!found.remedies.is_empty());
    }

    #[test]
    fn an_average_that_is_as_bad_as_the_live_weights_does_not_lag() {
        assert_eq!(measured(|_| 430.0, 400.0), Verdict::Healthy);
        assert_eq!(measured(|_| 80.0, 130.0), Verdict::Healthy);
        // It lags at first, as every average does, and catches up.
        assert_eq!(measured(|t| 100.0 + 900.0 * (-20.0 * t).exp(), 100.0), Verdict::Healthy);
    }
}
