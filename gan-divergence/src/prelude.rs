//! The prelude, for programs that compare distributions: `use gan_divergence::prelude::*;`.

pub use crate::density::{
    Density, Mixture, NoisyMoons, sample_js_to_density, sample_kl_to_density,
};
pub use crate::discrete::{entropy, js_distance, js_divergence, kl, total_variation};
pub use crate::gaussian::{Gaussian, frechet_distance, frechet_infinity};
pub use crate::histogram::{Binning, histogram_js};
pub use crate::kernel::{Kernel, energy_distance, kernel_distance, mmd_squared};
pub use crate::neighbors::{knn_kl, precision_recall_density_coverage};
pub use crate::score::mode_quality;
pub use crate::transport::{sliced_wasserstein, wasserstein_1d};
pub use crate::{DivergenceError, Estimate, LogBase, LogPmf, Pmf, Points, Warning};
