//! Products and sums in one order against Burn's own.

use burn::module::Param;
use burn::tensor::{Device, Tensor};

use crate::compare::{compare, gradient, random};

/// Columns, rows and single numbers among them, as a power iteration has.
pub(crate) fn products_of_matrices(device: &Device) {
    device.seed(21);
    for [n, k, m] in [[64, 144, 1], [144, 64, 1], [1, 30, 7], [5, 3, 40], [1000, 1, 1], [33, 1, 1]]
    {
        let b = Param::from_tensor(random([k, m], device));
        compare(
            &format!("[{n}, {k}] and [{k}, {m}]"),
            random([n, k], device),
            |a| gan_kernels::matmul(a, b.val()),
            |a| a.matmul(b.val()),
            |found| vec![gradient(&b, found)],
        );
        let a = random([k, n], device);
        compare(
            &format!("[{k}, {n}], transposed, and [{k}, {m}]"),
            random([n, m], device),
            |x| x * gan_kernels::matmul(a.clone().transpose(), b.val()),
            |x| x * a.clone().transpose().matmul(b.val()),
            |found| vec![gradient(&b, found)],
        );
    }
}

pub(crate) fn sums_of_rows_and_of_everything(device: &Device) {
    device.seed(22);
    for shape in [[64, 784], [3, 17], [1, 1], [1, 1000], [20, 5]] {
        compare(
            &format!("the rows of {shape:?}"),
            random(shape, device),
            gan_kernels::sum_rows,
            |x| x.sum_dim(1),
            |_| Vec::new(),
        );
        let by_one = |x: Tensor<2>, sum: Tensor<1>| x * sum.reshape([1, 1]);
        compare(
            &format!("all of {shape:?}"),
            // Far from a sum of 0, of which no digit would be left.
            random(shape, device) + 3.0,
            |x| by_one(x.clone(), gan_kernels::sum(x)),
            |x| by_one(x.clone(), x.sum()),
            |_| Vec::new(),
        );
    }
}
