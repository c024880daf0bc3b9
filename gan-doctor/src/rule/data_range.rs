//! The data's range is not the range of the generator's output.
//!
//! # What it means
//! The generator cannot make values that the data has, or has to keep away from values that the
//! data never takes. The critic needs to look at nothing else.
//!
//! # What one sees
//! A critic that wins within a few hundred steps; gray or washed-out pictures.
//!
//! # Why it happens
//! Pixels from 0 to 1, or from 0 to 255, and a generator that ends with tanh, whose range is −1 to
//! 1.
//!
//! # Told apart from
//! `saturated-output`: there the ranges agree, and the output sticks at their ends.
//! `wrong-polarity`: there they agree, and black and white are exchanged. A generator without an
//! activation at its end has no range.
//!
//! # Cure
//! Scale the data to the range of the output; nothing else helps. The data sets of this program do
//! so.
//!
//! # Source
//! ganhacks (Chintala et al. 2016), §1: "normalize the images between −1 and 1, tanh as the last
//! layer"; threads DCGAN-Keras #3, Keras-GAN #118, wiseodd #36.

use super::Rule;
use crate::{Case, Diagnosis, Evidence, Fact, Output, Patient, Relation, Remedy, Severity};

/// An end of the data's range may be this share of the output's width away from the output's own:
/// real data need not reach the very ends.
const TOLERATED: f64 = 0.05;
/// From this share on the mismatch is a failure and no blemish: data from 0 to 1 under tanh has ½.
const GRAVE: f64 = 0.25;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct DataRange;

impl Rule for DataRange {
    fn id(&self) -> &'static str {
        "data-range"
    }

    fn source(&self) -> &'static str {
        include_str!("data_range.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Output, Fact::DataRange]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        (case.generator.output == Some(Output::Unbounded)).then_some("the output has no range")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["critic-won", "saturated-output", "mode-collapse", "generator-gradient-gone"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let data = &patient.case.data;
        let (low, high) = patient.case.generator.output?.range()?;
        let (min, max) = (data.min?, data.max?);
        let away = |found: f64, end: f64| (found - end).abs() / (high - low);
        let evidence = [
            ("|data.min − low end| ÷ width", away(min, low)),
            ("|data.max − high end| ÷ width", away(max, high)),
        ];
        let worst = evidence[0].1.max(evidence[1].1);
        let evidence = evidence
            .into_iter()
            .filter_map(|(name, value)| Evidence::of_fact(name, value, Relation::Above, TOLERATED));
        let severity = if worst >= GRAVE { Severity::Severe } else { Severity::Warning };
        let cause =
            format!("the data lie in [{min}, {max}] and the generator's output in [{low}, {high}]");
        let found = Diagnosis::of_case(severity, cause).with(evidence);
        let advice = format!("scale the data to [{low}, {high}] before training");
        (!found.evidence.is_empty()).then(|| found.cure(Remedy::advise(advice)))
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    let range =
        |min, max| move |case: &mut Case| (case.data.min, case.data.max) = (Some(min), Some(max));
    Examples {
        ill: (Run::healthy().case(range(0.0, 1.0)), 0),
        healthy: Run::healthy().case(range(-0.98, 0.99)),
        look_alike: (
            Run::healthy().case(|case| {
                range(-5.0, 5.0)(case);
                case.generator.output = Some(Output::Unbounded);
            }),
            None,
        ),
    }
}
