//! Products and sums in one order, where Burn's own depends on how wide a processor's vectors are.

use burn::tensor::Tensor;

use super::{maps, run, take};
use crate::activation::Activation;
use crate::backend::{Layer, Resampling};
use crate::geometry::Geometry;
use crate::precision::Precision;

/// Numbers that are added up side by side in a sum over everything.
const ABREAST: usize = 16;

/// The product of two matrices, in `f32` whatever the precision of layers is.
///
/// # Shapes
/// `[n, k]` and `[k, m]` to `[n, m]`.
///
/// # Panics
/// As `Tensor::matmul` does.
pub fn matmul(a: Tensor<2>, b: Tensor<2>) -> Tensor<2> {
    if !take(&a) || a.dims()[1] != b.dims()[0] {
        return a.matmul(b);
    }
    let one = [1, 1];
    let geometry = Geometry { fine: one, coarse: one, kernel: one, stride: one, padding: [0, 0] };
    let (resampling, precision) = (Resampling::Upsample, Precision::F32);
    run(
        a,
        b,
        None,
        Layer { geometry, resampling, groups: 1, activation: Activation::Identity, precision },
    )
}

/// The sum of every row.
///
/// # Shapes
/// `[n, k]` to `[n, 1]`.
pub fn sum_rows(x: Tensor<2>) -> Tensor<2> {
    let [rows, entries] = x.dims();
    maps::sum_pixels(x.reshape([rows, 1, entries, 1]))
}

/// The sum of all numbers, shape `[1]`.
pub fn sum<const D: usize>(x: Tensor<D>) -> Tensor<1> {
    let numbers = x.shape().num_elements();
    let whole = numbers - numbers % ABREAST;
    let x = x.reshape([numbers]);
    let of = |x: Tensor<1>, rows: usize| {
        let entries = x.dims()[0] / rows;
        sum_rows(x.reshape([rows, entries]))
    };
    let total = |x: Tensor<1>| of(x, 1).reshape([1]);
    if whole == 0 {
        return total(x);
    }
    let abreast = of(x.clone().narrow(0, 0, whole), ABREAST).reshape([ABREAST]);
    match numbers - whole {
        0 => total(abreast),
        _ => total(abreast) + total(x.narrow(0, whole, numbers - whole)),
    }
}
