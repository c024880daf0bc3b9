//! A free check of a critic's Jacobian–vector product.

use burn::tensor::Tensor;

use super::gradient::{frozen, input_gradients};
use super::rows::rows;
use crate::GanError;
use crate::batch::Batch;
use crate::layers::Layers;
use crate::player::Critic;

/// How far off a derivative may be, relative to the squared input gradient, in single precision.
const OF_ITS_OWN: f64 = 1e-3;
/// And relative to the largest of the batch: small input gradients are differences of large numbers.
const OF_THE_LARGEST: f64 = 1e-4;

/// Whether the derivative that `critic` offers is that of its scores: along its own input gradient `g` the
/// score of a sample must rise by `‖g‖²`.
///
/// A forgotten layer, a wrong mask, a stale copy of the forward pass all break this. Critics with
/// batch normalization, whose samples are coupled, are held to the sum over the batch. Critics that
/// offer no derivative pass, and so do input gradients that are not finite: those are another error.
///
/// Reads two numbers a sample from the device. The critic stays as it is.
///
/// # Errors
/// [`GanError::WrongDerivative`] for the first sample that disagrees (sample 0 for a sum).
pub fn self_check<C: Critic<D>, const D: usize>(
    critic: &C,
    batch: &Batch<D>,
) -> Result<(), GanError> {
    let frozen = frozen(critic);
    let Some(derivative) = frozen.differentiable() else {
        return Ok(());
    };
    let input_gradients = input_gradients(&frozen, batch);
    let samples = batch.samples.clone().inner().autodiff();
    let points = Batch { samples, labels: batch.labels.clone() };
    let mut found = derivative.jvp(points, input_gradients.clone().autodiff()).inner();
    let mut expected = rows(input_gradients).square().sum_dim(1);
    if Layers::of(critic).contain("BatchNorm") {
        (found, expected) = (total(found), total(expected));
    }
    compare(&numbers(expected), &numbers(found))
}

fn total(column: Tensor<2>) -> Tensor<2> {
    column.sum_dim(0)
}

fn numbers(column: Tensor<2>) -> Vec<f64> {
    column.into_data().convert::<f64>().try_to_vec_as::<f64>().unwrap_or_default()
}

fn compare(expected: &[f64], found: &[f64]) -> Result<(), GanError> {
    let largest = expected.iter().copied().fold(0.0, f64::max);
    for (sample, (&expected, &found)) in expected.iter().zip(found).enumerate() {
        let tolerance = OF_ITS_OWN * expected + OF_THE_LARGEST * largest;
        let agrees = (found - expected).abs() <= tolerance;
        if expected.is_finite() && !agrees {
            return Err(GanError::WrongDerivative { sample, expected, found });
        }
    }
    Ok(())
}
