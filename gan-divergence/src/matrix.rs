//! The linear algebra that Gaussians need, on row-major slices.

mod band;
mod chase;
mod cholesky;
mod packed;
mod pivoted;
mod product;
mod singular;
mod tridiagonal;

pub(crate) use cholesky::Cholesky;
pub(crate) use packed::{Packed, Rows, pack_columns};
pub(crate) use pivoted::pivoted_factor;
pub(crate) use product::{Part, add_products, products};
#[cfg(test)]
pub(crate) use singular::few_singular_values;
pub(crate) use singular::{nuclear_norm, nuclear_norm_by_doubling, trace_of_root};

/// From this dimension on products of matrices are worth their blocks; below, plain loops are as fast.
pub(crate) const MANY: usize = 128;

/// `Σ xᵢ·yᵢ` in eight lanes.
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    if x.len() < lanes.len() {
        // What the lanes would add up to, without adding them.
        return 0.0 + x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
    }
    let (x_blocks, y_blocks) = (x.chunks_exact(8), y.chunks_exact(8));
    let rest: f64 = x_blocks.remainder().iter().zip(y_blocks.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in x_blocks.zip(y_blocks) {
        for ((lane, x), y) in lanes.iter_mut().zip(x).zip(y) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f64>() + rest
}

/// `y += scale·x`.
pub(crate) fn add_scaled(y: &mut [f64], scale: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}
