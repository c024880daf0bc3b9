//! Distances from kernels and from pairwise distances: MMD, KID and the energy distance.

mod energy;
mod function;
mod kid;
mod mmd;
mod permutation;

pub use energy::{EnergyEstimator, energy_distance};
pub use function::{Kernel, median_distance};
pub use kid::{KernelDistance, kernel_distance};
pub use mmd::{MmdEstimator, mmd_squared};
pub use permutation::{PermutationTest, permutation_p_value};

#[cfg(test)]
mod tests;
