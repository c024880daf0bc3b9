//! Training takes the samples class by class.
//!
//! # What it means
//! Each batch holds one class. The critic learns that only the class of the last batches is real,
//! the generator follows it from class to class, and batch normalization sees statistics of one
//! class.
//!
//! # What one sees
//! Samples that are all of one class, another one every few hundred steps; losses that jump where
//! the class changes.
//!
//! # Why it happens
//! Data stored in folders, one for each class, and a loader that does not shuffle; a subset made of
//! the first samples.
//!
//! # Told apart from
//! `oscillation` has the same pictures where batches are mixed. `mode-dropping`: a class is gone
//! for good.
//!
//! # Cure
//! Shuffle. The batches of this program are in another random order in every epoch.
//!
//! # Source
//! Bottou (2012), "Stochastic gradient descent tricks", on shuffling; TheDeepChecker (Ben
//! Braiek & Khomh 2023) checks the labels of batches.

use super::Rule;
use crate::{Diagnosis, Evidence, Fact, LabelOrder, Patient, Relation, Remedy, Severity};

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct LabelsInOrder;

impl Rule for LabelsInOrder {
    fn id(&self) -> &'static str {
        "labels-in-order"
    }

    fn source(&self) -> &'static str {
        include_str!("labels_in_order.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Order]
    }

    fn explains(&self) -> &'static [&'static str] {
        &["oscillation", "mode-dropping", "mode-collapse", "learning-rate-too-high"]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        let in_order = patient.case.data.order? == LabelOrder::ClassByClass;
        let evidence = Evidence::of_fact(
            "data.order is class-by-class",
            f64::from(u8::from(in_order)),
            Relation::Equal,
            1.0,
        )?;
        Some(
            Diagnosis::of_case(Severity::Severe, "a batch holds samples of one class only")
                .with([evidence])
                .cure(Remedy::advise("shuffle the data before every epoch")),
        )
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::HOPPING;
    let ordered = |order| move |case: &mut crate::Case| case.data.order = Some(order);
    Examples {
        ill: (Run::healthy().case(ordered(LabelOrder::ClassByClass)), 0),
        healthy: Run::healthy().case(ordered(LabelOrder::Stored)),
        look_alike: (Run::healthy().sparse(&HOPPING, |_| 0.6), Some("oscillation")),
    }
}
