//! Probes of the two players: what they do with batches, beside what comes out of the generator.
//!
//! Each of them measures copies that share no running statistic and no graph with the players, on the
//! same real samples and the same latents at every step: measuring changes no bit of a training.

pub mod batch_statistics;
mod copies;
pub mod dead_units;
pub mod held_out;
pub mod scores;
pub mod sensitivity;
pub mod slopes;
pub mod updates;
pub mod weights;

#[cfg(test)]
mod tests;

pub use batch_statistics::BatchStatisticsProbe;
pub use dead_units::DeadUnitProbe;
pub use held_out::HeldOutProbe;
pub use scores::ScoreProbe;
pub use sensitivity::SensitivityProbe;
pub use slopes::SlopeProbe;
pub use updates::UpdateProbe;
pub use weights::WeightProbe;
