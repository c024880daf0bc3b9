//! Estimates from nearest neighbors: KL; precision, recall, density and coverage; copies and duplicates.

mod authenticity;
mod data_copying;
mod distances;
mod duplicates;
mod k_means;
mod k_smallest;
mod kd_tree;
mod kl;
mod nearest;
mod neighborhoods;
mod prdc;

pub use authenticity::authenticity;
pub use data_copying::{CopyingReference, DataCopying, data_copying};
pub use distances::{nearest_distances, nearest_distances_within};
pub use duplicates::{NearDuplicates, near_duplicates};
pub use kl::{KnnReference, jittered, knn_kl};
pub(crate) use nearest::kth_squared_distances;
pub use neighborhoods::{NeighborScores, Neighborhoods};
pub use prdc::{Comparison, Prdc, PrdcErrors, precision_recall_density_coverage};

#[cfg(test)]
mod tests;
