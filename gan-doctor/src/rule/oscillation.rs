//! The players go round in circles.
//!
//! # What it means
//! The generator moves from mode to mode and the critic after it; neither comes to rest. Quality
//! depends on when one looks.
//!
//! # What one sees
//! Losses with a period; latents whose samples change class from one look to the next, late in the
//! run.
//!
//! # Why it happens
//! Gradient steps of a game rotate around an equilibrium; momentum and large steps widen the
//! circle, and nothing damps it.
//!
//! # Told apart from
//! `learning-rate-too-high` has spikes and no period. Slow noise rises and falls too, but not with
//! the same period twice. `labels-in-order` has the period of an epoch, from the data. In the first
//! part of a run classes of latents change because they are being learned.
//!
//! # Cure
//! R1, which damps; no momentum; an average of the weights, which lies inside of the circle;
//! smaller steps.
//!
//! # Source
//! Mescheder et al. (2018), arXiv:1801.04406; Gidel et al. (2019), arXiv:1802.10551; Yazıcı et al.
//! (2019), arXiv:1806.04498. The bounds are chosen here.

use super::{Need, Rule};
use crate::number::percent;
use crate::series::{CRITIC_LOSS, HOPPING};
use crate::{Case, Certainty, Diagnosis, Marks, Patient, Relation, Series, Severity, cure, plot};

/// Share of latents that change class between two measurements.
const RESTLESS: f64 = 0.3;
/// Height of the autocorrelation's peak; of noise of `LEAST` points it is about 0.3.
const STRONG: f64 = 0.5;
/// Points from which a period is taken.
const LEAST: usize = 40;
/// A cycle of fewer points is alternation from one measurement to the next.
const SHORTEST: usize = 4;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct Oscillation;

impl Rule for Oscillation {
    fn id(&self) -> &'static str {
        "oscillation"
    }

    fn source(&self) -> &'static str {
        include_str!("oscillation.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::dense(&[&HOPPING, &CRITIC_LOSS])] }
    }

    fn also_reads(&self) -> &'static [&'static Series] {
        &[&CRITIC_LOSS]
    }

    fn explains(&self) -> &'static [&'static str] {
        &["late-decline"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let (restless, periodic) = (hopping(patient), cycling(patient));
        match (restless, periodic) {
            (Some(restless), Some(periodic)) => Some(
                Diagnosis { certainty: Certainty::Certain, ..restless }.with(periodic.evidence),
            ),
            (one, other) => one.or(other),
        }
    }
}

fn hopping(patient: &Patient<'_>) -> Option<Diagnosis> {
    let hopping = patient.signal(&HOPPING).filter(|hopping| hopping.len() >= Need::DENSE)?;
    let evidence = hopping.recent().all_above(RESTLESS)?;
    let since = hopping.since(|value| value > RESTLESS);
    let cause = format!(
        "{} of the latents change class from one look to the next",
        percent(evidence.value)
    );
    let found = Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
        .since(since)
        .with([evidence])
        .chart(plot(&hopping, Marks { threshold: Some(RESTLESS), since: Some(since) }));
    Some(cured(found, patient.case))
}

/// In the newer half, because a run settles first.
fn cycling(patient: &Patient<'_>) -> Option<Diagnosis> {
    let loss = patient.signal(&CRITIC_LOSS)?;
    let newer = loss.last(loss.len() / 2);
    let (period, strength) = newer.cycle().filter(|(period, _)| *period >= SHORTEST)?;
    let evidence = (newer.len() >= LEAST)
        .then(|| newer.evidence("autocorrelation at its peak", strength, Relation::Above, STRONG))
        .flatten()?;
    let since = newer.window().from;
    let cause = format!("the critic's loss has a period of about {period} points");
    let found = Diagnosis::new(Severity::Warning, Certainty::Suspected, cause)
        .since(since)
        .with([evidence])
        .chart(plot(&newer, Marks::default()));
    Some(cured(found, patient.case))
}

fn cured(found: Diagnosis, case: &Case) -> Diagnosis {
    found
        .cure(cure::gradient_penalty(case, "it damps the rotation"))
        .cure(cure::no_momentum(case))
        .cure(cure::begin_ema(case))
        .cure(cure::lower_both_lrs(case).because("smaller steps rotate less"))
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let spike = |t: f64| if (t * 200.0).round() as u64 % 20 == 10 { 40.0 } else { 1.0 };
    Examples {
        ill: (Run::healthy().sparse(&HOPPING, |t| if t < 0.5 { 0.1 } else { 0.6 }), 5_000),
        healthy: Run::healthy().sparse(&HOPPING, |t| 0.05 + 0.6 * (-5.0 * t).exp()),
        look_alike: (
            Run::healthy().dense(&crate::series::CRITIC_UPDATE_RATIO, |_| 0.3).dense(
                &CRITIC_LOSS,
                |t| {
                    if t > 0.4 && t < 0.6 { spike(t) } else { 1.0 }
                },
            ),
            Some("learning-rate-too-high"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Verdict;
    use crate::examples::Run;

    #[test]
    fn a_period_of_the_loss_is_suspicious() {
        let run = Run::healthy().dense(&CRITIC_LOSS, |t| 1.0 + 0.4 * (62.8 * t).sin());
        let Verdict::Found(found) = run.judged_by(&Oscillation) else { panic!() };
        assert_eq!(found.certainty, Certainty::Suspected);
    }
}
