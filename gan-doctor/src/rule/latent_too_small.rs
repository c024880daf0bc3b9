//! The noise has fewer dimensions than the data.
//!
//! # What it means
//! Samples are the image of the noise: of one coordinate they make a curve, of two a surface. What
//! varies in more ways than that in the data is left out, however long one trains.
//!
//! # What one sees
//! Before the first step: the number itself. Later samples that lie on a line through the data, or
//! that turn into each other in one order; a distance that stays above what the same game reaches
//! with more noise. All classes and modes may be there.
//!
//! # Why it happens
//! A small latent that was chosen for a plot of it; a setting of another data set.
//!
//! # Told apart from
//! `noise-ignored`: there is noise enough, and samples do not depend on it. `mode-collapse` and
//! `mode-dropping` are what it may look like, and are listed under it. A latent of two for points in
//! the plane is enough.
//!
//! # Cure
//! As many coordinates as recipes have: 8 for points, 64 to 128 for images. More do not hurt.
//!
//! # Source
//! Pope et al. (2021), arXiv:2104.08894: the intrinsic dimension of MNIST is 7 to 13 by the number of
//! neighbors that it is estimated with, and that of other images is larger. Arjovsky & Bottou (2017),
//! arXiv:1701.04862, lemma 1, on what a generator can reach whose noise has fewer dimensions.

use super::Rule;
use crate::{Diagnosis, Evidence, Fact, Patient, Relation, Severity, cure};

/// See the [module](self).
#[derive(Clone, Copy, Debug)]
pub struct LatentTooSmall;

impl Rule for LatentTooSmall {
    fn id(&self) -> &'static str {
        "latent-too-small"
    }

    fn source(&self) -> &'static str {
        include_str!("latent_too_small.rs")
    }

    fn facts(&self) -> &'static [Fact] {
        &[Fact::Latent, Fact::AreImages]
    }

    fn explains(&self) -> &'static [&'static str] {
        &[
            "noise-ignored",
            "mode-collapse",
            "mode-dropping",
            "critic-won",
            "generator-gradient-gone",
            "batch-norm-collapse",
            "late-decline",
        ]
    }

    fn examine(&self, patient: &Patient<'_>) -> Option<Diagnosis> {
        // A generator without noise has no use for more of it.
        let latent = patient.case.generator.latent.filter(|latent| *latent > 0)?;
        let few = cure::few_coordinates(patient.case);
        let name = "generator.latent";
        let evidence = Evidence::of_fact(name, latent as f64, Relation::Below, few as f64)?;
        let of = if latent == 1 { "a curve" } else { "a surface of as many dimensions" };
        let cause = format!("noise of {latent} coordinates: samples lie on {of}");
        let found = Diagnosis::of_case(Severity::Warning, cause).with([evidence]);
        Some(found.cure(cure::larger_latent(patient.case)))
    }
}

#[cfg(test)]
pub(super) fn examples() -> crate::examples::Examples {
    use crate::examples::{Examples, Run};
    use crate::series::NOISE_SENSITIVITY;
    let latent = |latent| move |case: &mut crate::Case| case.generator.latent = Some(latent);
    Examples {
        ill: (Run::healthy().case(latent(1)), 0),
        // Two coordinates for points in the plane.
        healthy: Run::healthy().case(latent(2)).case(|case| case.data.are_images = Some(false)),
        look_alike: (
            Run::conditional().sparse(&NOISE_SENSITIVITY, |_| 0.03),
            Some("noise-ignored"),
        ),
    }
}
