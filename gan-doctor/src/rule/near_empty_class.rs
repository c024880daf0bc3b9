//! A class of the data has next to no samples.
//!
//! # What it means
//! A game of a few thousand batches hardly sees that class. Unconditional generators leave it out,
//! conditional ones repeat the few samples that there are.
//!
//! # What one sees
//! The class is missing among samples, or all its samples are alike.
//!
//! # Why it happens
//! Data as it was found; a folder with a few stray files, which became a class.
//!
//! # Told apart from
//! `mode-dropping`: there the data has the class and the generator does not. Sets without labels
//! have no classes to count.
//!
//! # Cure
//! Leave the class out, join it to another, or collect more.
//!
//! # Source
//! UMLAUT (Schoop et al. 2021) and TheDeepChecker (Ben Braiek & Khomh 2023) check the balance of
//! labels; the latter's bound of ½ on their perplexity sees broad imbalance only, so the smallest
//! class is looked at here.

use super::Rule;
use crate::{Case, Diagnosis, Evidence, Fact, Patient, Relation, Remedy, Severity};

/// A class with less than a tenth of the mean is seen less than once where the others are seen ten
/// times.
const TOLERATED: f64 = 0.1;

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct NearEmptyClass;

impl Rule for NearEmptyClass {
    fn id(&self) -> &'static str {
        "near-empty-class"
    }

    fn source(&self) -> &'static str {
        include_str!("near_empty_class.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::ClassCounts]
    }

    fn exempts(&self, case: &Case) -> Option<&'static str> {
        let counts = case.data.class_counts.as_ref()?;
        (counts.len() < 2).then_some("the data has no classes")
    }

    fn explains(&self) -> &'static [&'static str] {
        &["mode-dropping", "label-ignored"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let counts = patient.case.data.class_counts.as_ref()?;
        let mean = counts.iter().map(|n| *n as f64).sum::<f64>() / counts.len() as f64;
        let (class, least) = counts.iter().enumerate().min_by_key(|(_, n)| **n)?;
        let share = *least as f64 / mean;
        let evidence = Evidence::of_fact(
            "smallest of data.class_counts ÷ mean",
            share,
            Relation::Below,
            TOLERATED,
        )?;
        let cause = format!("class {class} has {least} samples where the mean is {mean:.0}");
        let kept: Vec<_> = counts
            .iter()
            .enumerate()
            .filter(|(_, n)| **n as f64 >= TOLERATED * mean)
            .map(|(i, _)| i)
            .collect();
        let advice = format!(
            "{} of {} classes have enough samples; leave the others out, or join them",
            kept.len(),
            counts.len()
        );
        Some(
            Diagnosis::of_case(Severity::Warning, cause)
                .with([evidence])
                .cure(Remedy::advise(advice)),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::SMALLEST_CLASS;
    let few = |case: &mut Case| case.data.class_counts = Some(vec![6_000, 6_000, 12, 6_000]);
    let dropped = |t: f64| if t < 0.4 { 0.6 } else { 0.01 };
    Examples {
        ill: (Run::healthy().case(few), 0),
        healthy: Run::healthy().case(|case| case.data.class_counts = Some(vec![900, 5_000])),
        look_alike: (Run::healthy().sparse(&SMALLEST_CLASS, dropped), Some("mode-dropping")),
    }
}
