//! Black and white are exchanged against what samples are measured with.
//!
//! # What it means
//! The feature extractor was made for light strokes on dark ground, and the data has dark strokes
//! on light ground, or the other way round. The game is not hurt; its measurements are of no use.
//!
//! # What one sees
//! A large Fréchet distance of real data from itself, class shares that make no sense, beside good
//! pictures.
//!
//! # Why it happens
//! Scans and drawings are dark on light, MNIST is light on dark.
//!
//! # Told apart from
//! `data-range`: there the ends of the range differ, and the game is hurt. Dark pictures of a data
//! set of the same kind move the median by less than half of the range.
//!
//! # Cure
//! Invert the pictures, or measure in features that are made for them.
//!
//! # Source
//! Thread pytorch-fid #12 on features of another kind of picture; the bound is chosen here.

use super::Rule;
use crate::{Case, Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Severity};

/// Medians at opposite ends of the range are more than half of it apart.
const APART: f64 = 0.5;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct WrongPolarity;

impl Rule for WrongPolarity {
    fn id(&self) -> &'static str {
        "wrong-polarity"
    }

    fn source(&self) -> &'static str {
        include_str!("wrong_polarity.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Medians, Fact::DataRange]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.data.are_images == Some(false)).then_some("the samples are no images")
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let data = &patient.case.data;
        let (found, expected) = (data.median?, data.expected_median?);
        let apart = (found - expected).abs() / (data.max? - data.min?);
        let evidence =
            Evidence::of_fact("distance of medians ÷ range", apart, Relation::Above, APART)?;
        let cause = format!(
            "the median value is {found}, and {expected} in the data that samples are measured with"
        );
        Some(
            Diagnosis::of_case(Severity::Warning, cause)
                .with([evidence])
                .cure(Remedy::set("evaluation.features", "pixels").because("they know no polarity"))
                .cure(Remedy::advise("invert the pictures")),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let median = |value| move |case: &mut crate::Case| case.data.median = Some(value);
    Examples {
        ill: (Run::healthy().case(median(1.0)), 0),
        healthy: Run::healthy(),
        look_alike: (Run::healthy().case(median(-0.4)), None),
    }
}
