//! Optimal transport: exact on a line, exact by assignment or by simplex, sliced, and entropic.

mod assignment;
mod atoms;
mod exact;
mod line;
mod scaling;
mod simplex;
mod sinkhorn;
mod sinkhorn_values;
mod sliced;

pub use assignment::{Assignment, assign};
pub use atoms::Atoms;
pub use exact::{MAX_EXACT, wasserstein_matched, wasserstein_weighted};
pub use line::{energy_distance_1d, wasserstein_1d, wasserstein_1d_power};
pub use simplex::{TransportPlan, transport_plan};
pub use sinkhorn::{Sinkhorn, SinkhornSolution, sinkhorn};
pub use sinkhorn_values::{
    sinkhorn_debiased, sinkhorn_debiased_sharp, sinkhorn_regularized, sinkhorn_sharp,
};
pub use sliced::{SlicedReference, Slicing, max_sliced_wasserstein, sliced_wasserstein};

use crate::error::{DivergenceError, ensure_range};

/// Checks the order of a Wasserstein distance.
fn ensure_order(order: f64) -> Result<(), DivergenceError> {
    let valid = order >= 1.0 && order.is_finite();
    ensure_range(valid, "the order", "a finite number of at least 1", order)
}

/// `d^order` from `d²`.
fn power_of_square(square: f64, order: f64) -> f64 {
    if order == 2.0 {
        square
    } else if order == 1.0 {
        square.sqrt()
    } else {
        square.powf(0.5 * order)
    }
}

/// `|d|^order`.
fn power(difference: f64, order: f64) -> f64 {
    if order == 1.0 {
        difference.abs()
    } else if order == 2.0 {
        difference * difference
    } else {
        difference.abs().powf(order)
    }
}

/// The `order`-th root.
fn root(value: f64, order: f64) -> f64 {
    if order == 1.0 {
        value
    } else if order == 2.0 {
        value.sqrt()
    } else {
        value.powf(1.0 / order)
    }
}

#[cfg(test)]
mod tests;
