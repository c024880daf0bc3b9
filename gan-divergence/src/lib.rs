#![doc = include_str!("../README.md")]

mod catalog;
mod critic;
mod density;
mod discrete;
mod error;
mod estimate;
mod f_divergence;
mod gaussian;
mod histogram;
mod kernel;
mod lanes;
mod matrix;
mod neighbors;
mod pairwise;
mod parallel;
mod pmf;
mod points;
mod random;
mod score;
mod sort;
mod sum;
mod transport;
mod unit;

pub use catalog::{
    Alias, Entry, Input, InputKind, OptionSpec, Options, Unit, aliases, catalog, find_alias,
    find_divergence,
};
pub use critic::{
    js_from_logistic_scores, kl_donsker_varadhan, kl_from_log_ratios, reverse_kl_from_log_ratios,
    wasserstein_1_from_critic,
};
pub use density::{
    Density, DensityCells, DensityJs, Integral, Mixture, NoisyMoons, Quadrature, density_js,
    density_kl, integrate_density, sample_js_to_density, sample_kl_to_density,
};
pub use discrete::{
    alpha_divergence, bhattacharyya_coefficient, bhattacharyya_distance, cross_entropy, entropy,
    entropy_from_logs, hellinger, jeffreys, js_distance, js_divergence, js_from_logs, kl,
    kl_from_logs, neyman_chi_squared, pearson_chi_squared, rel_entr, renyi, reverse_kl,
    total_variation, tsallis, weighted_js,
};
pub use error::DivergenceError;
pub use estimate::{Estimate, Warning};
pub use f_divergence::{
    Domain, Elementary, FDivergence, Gan, Jeffreys, JensenShannon, KullbackLeibler,
    NeymanChiSquared, PearsonChiSquared, ReverseKullbackLeibler, ScoreMap, SquaredHellinger, Term,
    TotalVariation, WeightedJensenShannon, f_divergence, f_divergence_rows, variational_bound,
};
pub use gaussian::{
    Extrapolation, Gaussian, Moments, bures_squared, frechet_distance, frechet_from_moments,
    frechet_infinity, gaussian_kl, gaussian_wasserstein_2,
};
pub use histogram::{
    Binning, HistogramEstimate, bin_counts, histogram_js, histogram_kl, histogram_total_variation,
};
pub use kernel::{
    EnergyEstimator, Kernel, KernelDistance, MmdEstimator, PermutationTest, energy_distance,
    kernel_distance, median_distance, mmd_squared, permutation_p_value,
};
pub use neighbors::{
    Comparison, KnnReference, Prdc, jittered, knn_kl, precision_recall_density_coverage,
};
pub use pmf::{LogPmf, Pmf, SUM_TOLERANCE};
pub use points::Points;
pub use score::{ClassBalance, ModeQuality, class_balance, classifier_score, mode_quality};
pub use transport::{
    Assignment, Atoms, MAX_EXACT, Sinkhorn, SinkhornSolution, SlicedReference, Slicing,
    TransportPlan, assign, energy_distance_1d, max_sliced_wasserstein, sinkhorn, sinkhorn_debiased,
    sinkhorn_debiased_sharp, sinkhorn_regularized, sinkhorn_sharp, sliced_wasserstein,
    transport_plan, wasserstein_1d, wasserstein_1d_power, wasserstein_matched,
    wasserstein_weighted,
};
pub use unit::LogBase;
