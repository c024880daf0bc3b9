//! Estimates from nearest neighbors: KL, and precision, recall, density and coverage.

mod k_smallest;
mod kd_tree;
mod kl;
mod nearest;
mod prdc;

pub use kl::{KnnReference, jittered, knn_kl};
pub(crate) use nearest::kth_squared_distances;
pub use prdc::{Comparison, Prdc, precision_recall_density_coverage};

#[cfg(test)]
mod tests;
