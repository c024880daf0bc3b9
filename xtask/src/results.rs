//! What was measured is kept: `results/NAME/RUN-seedN/` of the repository.
//!
//! A training that took long is not repeated: when it ends, its series, thinned ([`series`]), and
//! what it was ([`public`], [`provenance`]) are kept ([`mod@keep`]), and an experiment takes them as
//! finished where configuration and kernels agree ([`agreement`], [`mod@take`]).

mod agreement;
mod claims;
mod folder;
mod keep;
mod provenance;
mod public;
mod record;
mod series;
mod take;

pub(crate) use claims::{Listing, claims, evidence, trainings};
pub(crate) use folder::{FIGURES, results_in};
pub(crate) use keep::{keep, keep_figures};
pub(crate) use provenance::Provenance;
pub(crate) use record::{Recording, record};
pub(crate) use take::{Taking, Unmixed, take};
