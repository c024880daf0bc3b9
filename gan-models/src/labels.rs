//! One-hot labels, as the rows of a unit matrix.

use burn::tensor::{Int, Tensor};

/// One row for each label, 1 at the label's place and 0 elsewhere: `[batch, classes]`.
///
/// # Panics
/// Without labels: a caller that builds a network with classes has to pass them.
pub(crate) fn one_hot(labels: Option<Tensor<1, Int>>, classes: usize) -> Tensor<2> {
    match labels {
        Some(labels) => labels.one_hot::<2>(classes).float(),
        None => panic!("a network with {classes} classes needs a label for each sample"),
    }
}
