//! Planted faults: healthy trainings, the same ones spoiled on purpose, and what the doctor says of each.
//!
//! What is planted is data ([`definition`]); the runs are trained like those of any experiment.
//! Then every run is examined and, where a fault was planted and something was found, cured
//! ([`suite`]). Runs are read from their folders ([`record`]), judged against the verdicts that were
//! accepted beforehand ([`score`], [`tally`]), and written down ([`table`], [`recordings`]).

mod data;
mod definition;
mod figures;
mod record;
mod recordings;
mod score;
mod suite;
mod table;
mod tally;

pub(crate) use definition::Planted;
pub(crate) use suite::{Suite, data_folder};
