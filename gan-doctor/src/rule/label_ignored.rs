//! The generator does not do what its label says.
//!
//! # What it means
//! A sample of class 3 is a 3 no more often than by chance: the label has no effect, or another one
//! than it should.
//!
//! # What one sees
//! Agreement of the classes found with the classes asked for near one in K; samples that stay the
//! same when their label changes.
//!
//! # Why it happens
//! Labels that do not belong to the samples they stand beside; a critic that does not see the
//! label, or a label that is one number among a thousand pixels; labels drawn anew between the two
//! players.
//!
//! # Told apart from
//! `mode-collapse` makes one sample whatever the label, and `noise-ignored` one for each. Bad
//! samples are recognized rarely: an agreement that still rises is no fault. A game without labels
//! has none to ignore.
//!
//! # Cure
//! Look at labels and samples side by side; then a critic whose score depends on the label more
//! strongly.
//!
//! # Source
//! Miyato & Koyama (2018), arXiv:1802.05637; TF-GAN's conditional evaluation; thread
//! Self-Attention-GAN #4, labels wired wrong.

use super::{Need, Rule};
use crate::series::{LABEL_AGREEMENT, LABEL_SENSITIVITY};
use crate::{Case, Certainty, Diagnosis, Fact, Marks, Patient, Remedy, Severity, plot};

/// A tenth of the way from chance to perfection.
const ABOVE_CHANCE: f64 = 0.1;
/// A label that changes a sample by a tenth of what noise does.
const DEAF: f64 = 0.1;
/// Kendall's tau of an agreement that still rises.
const RISING: f64 = 0.4;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct LabelIgnored;

impl Rule for LabelIgnored {
    fn id(&self) -> &'static str {
        "label-ignored"
    }

    fn source(&self) -> &'static str {
        include_str!("label_ignored.rs")
    }

    fn needs(&self) -> &'static [Need] {
        const { &[Need::sparse(&[&LABEL_AGREEMENT, &LABEL_SENSITIVITY])] }
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Classes]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.objective.classes? < 2).then_some("the game has no labels")
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let chance = 1.0 / patient.case.objective.classes? as f64;
        let (signal, threshold) = match patient.signal(&LABEL_AGREEMENT) {
            Some(agreement) => (agreement, chance + ABOVE_CHANCE * (1.0 - chance)),
            None => (patient.signal(&LABEL_SENSITIVITY)?, DEAF),
        };
        let evidence = signal.last(Need::SPARSE).all_below(threshold)?;
        if signal.len() > Need::SPARSE && signal.rises_notably(RISING) {
            return None;
        }
        let since = signal.since(|value| value < threshold);
        Some(
            Diagnosis::new(
                Severity::Severe,
                Certainty::Likely,
                "samples do not follow the label they are asked for",
            )
            .since(since)
            .with([evidence])
            .chart(plot(&signal, Marks { threshold: Some(threshold), since: Some(since) }))
            .cure(Remedy::advise(
                "look at real samples and their labels side by side: they may be shuffled",
            ))
            .cure(
                Remedy::set("model.kind", "conv")
                    .because("its critic projects the features of a sample on its label"),
            ),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    Examples {
        ill: (Run::conditional().sparse(&LABEL_AGREEMENT, |_| 0.11), 0),
        healthy: Run::conditional(),
        look_alike: (
            Run::conditional().sparse(&LABEL_AGREEMENT, |t| 0.1 + 0.4 * t).until(2_000),
            None,
        ),
    }
}
