//! A mini-batch as a matrix with one row a sample.

use burn::tensor::Tensor;
use gan_kernels::sum_rows;

/// One row a sample.
pub(super) fn rows<const D: usize>(tensor: Tensor<D>) -> Tensor<2> {
    let batch = tensor.dims()[0];
    let entries = tensor.shape().num_elements() / batch.max(1);
    tensor.reshape([batch, entries])
}

/// The Euclidean norm of every row: `[batch, 1]`.
pub(super) fn norms(rows: Tensor<2>) -> Tensor<2> {
    sum_rows(rows.square()).sqrt()
}
