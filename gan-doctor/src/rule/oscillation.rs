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
//! the same period twice. A cycle that is quieter than the noise of single steps shows in medians of
//! neighbors. `labels-in-order` has the period of an epoch, from the data. In the first
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
/// Points from which a period is taken: values, or medians of two, four, … neighbors each, in which
/// a slow cycle stands out of noise that drowns it in single values.
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
    let scales = std::iter::successors(Some(1), |n| Some(2 * n));
    let mut scales = scales.take_while(|n| newer.len() / n >= LEAST);
    let (period, evidence) = scales.find_map(|n| {
        let smooth = newer.medians(n);
        let (period, strength) = smooth.cycle().filter(|(period, _)| *period >= SHORTEST)?;
        let peak = "autocorrelation at its peak";
        Some((n * period, smooth.evidence(peak, strength, Relation::Above, STRONG)?))
    })?;
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

    #[test]
    fn latents_that_hop_and_a_loss_with_a_period_are_certain() {
        let cycling = Run::healthy().dense(&CRITIC_LOSS, |t| 1.0 + 0.4 * (62.8 * t).sin());
        let hopping = |late: f64| move |t: f64| if t < 0.4 { 0.7 } else { late };
        let Verdict::Found(found) =
            cycling.clone().sparse(&HOPPING, hopping(0.6)).judged_by(&Oscillation)
        else {
            panic!()
        };
        assert_eq!((found.certainty, found.evidence.len()), (Certainty::Certain, 2));
        // Latents change their class while classes are learned, and stay then.
        let settled = Run::healthy().sparse(&HOPPING, hopping(0.1));
        assert_eq!(settled.judged_by(&Oscillation), Verdict::Healthy);
    }

    /// A number in [−1, 1) that looks random.
    fn noise(state: &mut u64) -> f64 {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (*state >> 11) as f64 / (1_u64 << 52) as f64 - 1.0
    }

    fn found(values: impl Iterator<Item = f64>) -> bool {
        let mut trace = crate::Trace::new();
        for (step, value) in values.enumerate() {
            trace.push("critic/loss", step as u64, value).unwrap();
        }
        let verdict = crate::judge(&Oscillation, &Case::default(), &trace);
        matches!(verdict, Verdict::Found(_))
    }

    #[test]
    fn a_cycle_that_is_quieter_than_the_noise_is_found() {
        let mut state = 7;
        // The noise has a deviation of 0.23, the cycle one of 0.14.
        let quiet = |step: u32| 1.0 + 0.2 * (f64::from(step) * 0.05).sin();
        assert!(found((0..1500).map(|step| quiet(step) + 0.4 * noise(&mut state))));
    }

    #[test]
    fn noise_is_no_cycle_on_any_scale() {
        let mut state = 0x9E37_79B9_7F4A_7C15;
        for (memory, n) in [(0.0, 1000), (0.8, 1000), (0.95, 1000), (0.8, 200)] {
            let mut times = 0;
            for _ in 0..40 {
                let mut level = 0.0;
                times += usize::from(found((0..n).map(|_| {
                    level = memory * level + noise(&mut state);
                    level
                })));
            }
            assert!(times <= 1, "{times} of 40 with a memory of {memory}");
        }
    }
}
