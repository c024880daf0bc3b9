//! Reads the options of the kernel distances.

use crate::catalog::{Input, Options};
use crate::error::DivergenceError;
use crate::estimate::Estimate;
use crate::kernel::{
    EnergyEstimator, Kernel, KernelDistance, MmdEstimator, PermutationTest, energy_distance,
    kernel_distance, mmd_squared, permutation_p_value,
};

fn kernel(input: &Input<'_>, options: &Options) -> Result<Kernel, DivergenceError> {
    let (p, q) = input.rows()?;
    let text = options.text("bandwidth").unwrap_or("median");
    if text == "median" {
        return Kernel::median(p, q, &[1.0], options.seed()?);
    }
    let bandwidths: Result<Vec<f64>, _> = text.split(',').map(|b| b.trim().parse()).collect();
    let bandwidths = bandwidths.map_err(|_| DivergenceError::OptionValue {
        option: "bandwidth",
        expected: "positive numbers separated by commas, or median",
        found: text.to_owned(),
    })?;
    Ok(Kernel::Rbf { bandwidths })
}

pub(super) fn mmd(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let (p, q) = input.rows()?;
    let choices = [
        ("unbiased", MmdEstimator::Unbiased),
        ("biased", MmdEstimator::Biased),
        ("paired", MmdEstimator::PairedUnbiased),
    ];
    let estimator = options.choice("estimator", "unbiased, biased or paired", &choices)?;
    mmd_squared(estimator, &kernel(input, options)?, p, q)
}

pub(super) fn kid(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let (real, fake) = input.rows()?;
    let settings = KernelDistance {
        subsets: options.count("subsets", 100)?,
        subset_size: options.count("subset-size", 1000)?,
        seed: options.seed()?,
    };
    kernel_distance(&Kernel::kid(), real, fake, settings)
}

pub(super) fn mmd_test(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let (p, q) = input.rows()?;
    let permutations = options.count("permutations", 199)?;
    let settings = PermutationTest { permutations, seed: options.seed()? };
    permutation_p_value(&kernel(input, options)?, p, q, settings)
}

pub(super) fn energy(input: &Input<'_>, options: &Options) -> Result<Estimate, DivergenceError> {
    let choices = [("biased", EnergyEstimator::Biased), ("unbiased", EnergyEstimator::Unbiased)];
    let estimator = options.choice("estimator", "biased or unbiased", &choices)?;
    energy_distance(estimator, input.rows()?.0, input.rows()?.1)
}
