//! Gaussians: closed forms between two of them, and distances between their fits to samples.

mod closed_form;
mod extrapolation;
mod frechet;
mod frechet_to_moments;
mod moments;
mod normal;

pub use closed_form::{bures_squared, gaussian_kl, gaussian_wasserstein_2};
pub use extrapolation::{Extrapolation, frechet_infinity};
pub use frechet::{frechet_distance, frechet_from_moments};
pub use frechet_to_moments::frechet_to_moments;
pub use moments::Moments;
pub use normal::Gaussian;

#[cfg(test)]
mod tests;
