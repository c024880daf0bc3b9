//! The generator's output sticks at the ends of its range.
//!
//! # What it means
//! Where tanh or a sigmoid is flat, no gradient comes back: pixels that are fully black or white
//! stay so.
//!
//! # What one sees
//! Pictures of black and white without gray, far more so than the data.
//!
//! # Why it happens
//! Large weights before the last activation, driven there by large steps or by a critic that likes
//! contrast.
//!
//! # Told apart from
//! Data may lie at the ends itself: four fifths of the pixels of MNIST are background. The share is
//! compared with the data's. `data-range`: the ends are not where the data's are.
//!
//! # Cure
//! Smaller steps of the generator; weights that start smaller; data scaled a little inside of the
//! range.
//!
//! # Source
//! TheDeepChecker (Ben Braiek & Khomh 2023) on saturated activations. Half of the way from the
//! data's share to 1 is chosen here.

use super::{Need, Rule};
use crate::cure::{LR_FACTOR, Player, scale_lr};
use crate::number::percent;
use crate::series::SATURATED_OUTPUTS;
use crate::{Case, Certainty, Diagnosis, Marks, Output, Patient, Remedy, Severity, plot};

/// Share of the way from the data's share to all values.
const HALFWAY: f64 = 0.5;
/// The data's share, where it is not known: the bound is then 0.95.
const UNKNOWN: f64 = 0.9;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct SaturatedOutput;

impl Rule for SaturatedOutput {
    fn id(&self) -> &'static str {
        "saturated-output"
    }

    fn source(&self) -> &'static str {
        include_str!("saturated_output.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&SATURATED_OUTPUTS])] }
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.generator.output == Some(Output::Unbounded)).then_some("the output has no ends")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["generator-gradient-gone"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let share = patient.signal(&SATURATED_OUTPUTS)?;
        let real = patient.of_real(share.name()).unwrap_or(UNKNOWN);
        let threshold = real + HALFWAY * (1.0 - real);
        let evidence = share.last(Need::SPARSE).all_above(threshold)?;
        let since = share.since(|value| value > threshold);
        let cause = format!(
            "{} of all values of samples are at an end of their range",
            percent(evidence.value)
        );
        let lower = scale_lr(Player::Generator, patient.case, 1.0 / LR_FACTOR);
        Some(
            Diagnosis::new(Severity::Warning, Certainty::Likely, cause)
                .since(since)
                .with([evidence])
                .chart(plot(&share, Marks { threshold: Some(threshold), since: Some(since) }))
                .cure(lower.because("smaller steps drive weights less far"))
                .cure(Remedy::set("train.weights", "dcgan").because("weights start at 0.02")),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let digits =
        Run::healthy().sparse(&SATURATED_OUTPUTS, |_| 0.79).of_real(&SATURATED_OUTPUTS, 0.8);
    Examples {
        ill: (
            Run::healthy().sparse(&SATURATED_OUTPUTS, |t| if t < 0.5 { 0.7 } else { 0.98 }),
            5_000,
        ),
        healthy: Run::healthy(),
        look_alike: (digits, None),
    }
}
