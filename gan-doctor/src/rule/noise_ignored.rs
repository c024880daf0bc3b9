//! The generator has never used its noise.
//!
//! # What it means
//! Its samples depend on the label alone, or on nothing. What varies in the data beside the label
//! is left out.
//!
//! # What one sees
//! One picture for each label, whatever the noise; samples that differ by a tenth of what data of
//! one class do.
//!
//! # Why it happens
//! Noise of very few coordinates, noise that enters where it is drowned by the label's embedding, a
//! reconstruction term that makes noise a disturbance.
//!
//! # Told apart from
//! `mode-collapse` of an unconditional game: there samples differed once. `label-ignored` is the
//! other way round. `latent-too-small`: the noise is used, and there is too little of it.
//!
//! # Cure
//! More coordinates of noise; noise that is as large as the label's embedding; two samples at a
//! time for the critic.
//!
//! # Source
//! Isola et al. (2017), arXiv:1611.07004, §3.1: "the generator simply learned to ignore the noise";
//! Yang et al. (2019), arXiv:1901.09024. The bound of a tenth is chosen here.

use super::{Need, Rule};
use crate::series::NOISE_SENSITIVITY;
use crate::{Certainty, Diagnosis, Marks, Patient, Remedy, Severity, cure, plot};

/// A tenth of the distance between real samples of one class is less than what handwriting of one
/// person varies.
const DEAF: f64 = 0.1;
/// Coordinates of noise that recipes for pictures have.
const USUAL_LATENT: u64 = 100;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct NoiseIgnored;

impl Rule for NoiseIgnored {
    fn id(&self) -> &'static str {
        "noise-ignored"
    }

    fn source(&self) -> &'static str {
        include_str!("noise_ignored.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&NOISE_SENSITIVITY])] }
    }

    fn explains(&self) -> &'static [&'static str] {
        &["mode-collapse", "mode-dropping"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let sensitivity = patient.signal(&NOISE_SENSITIVITY)?;
        let evidence = sensitivity.last(Need::SPARSE).all_below(DEAF)?;
        let since = sensitivity.since(|value| value < DEAF);
        let is_conditional = patient.case.objective.classes.is_some_and(|classes| classes > 0);
        let never_used_it = since == sensitivity.window().from;
        if !(is_conditional || never_used_it) {
            return None;
        }
        let latent = patient.case.generator.latent;
        let cause = match latent {
            Some(latent) => format!("samples hardly depend on their {latent} coordinates of noise"),
            None => "samples hardly depend on their noise".to_owned(),
        };
        Some(
            Diagnosis::new(Severity::Severe, Certainty::Likely, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&sensitivity, Marks { threshold: Some(DEAF), since: Some(since) }))
                .cure(more_noise(latent))
                .cure(cure::packing(patient.case)),
        )
    }
}

/// More coordinates; an advice where there are enough.
fn more_noise(latent: Option<u64>) -> Remedy {
    if latent.is_some_and(|latent| latent >= USUAL_LATENT) {
        return Remedy::advise("look at where noise enters: it may be small beside what it joins");
    }
    Remedy::set("model.latent", USUAL_LATENT.to_string()).because("there is more to be used")
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::SPREAD;
    let lost = |t: f64| if t < 0.5 { 0.9 } else { 0.02 };
    Examples {
        ill: (Run::conditional().sparse(&NOISE_SENSITIVITY, |_| 0.03), 0),
        healthy: Run::conditional(),
        look_alike: (
            Run::healthy().sparse(&NOISE_SENSITIVITY, lost).sparse(&SPREAD, lost),
            Some("mode-collapse"),
        ),
    }
}
