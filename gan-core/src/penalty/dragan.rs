//! DRAGAN: an input gradient of norm `k` in the neighborhood of real samples.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt;

use super::gradient_penalty::one_a_sample;
use crate::batch::Batch;
use crate::seed::RngKey;

/// `x + α·s/2·u`: see [`Penalty::Dragan`](crate::penalty::Penalty::Dragan).
pub(super) fn perturbed<const D: usize>(real: &Batch<D>, key: &RngKey) -> Batch<D> {
    let x = real.samples.clone().inner();
    let mean = x.clone().mean().expand(x.shape());
    let deviation = (x.clone() - mean).square().mean().sqrt().expand(x.shape());
    let mut rng = key.rng("dragan noise");
    let values = (0..x.shape().num_elements()).map(|_| rng.random::<f32>()).collect();
    let noise = Tensor::from_data(TensorData::new::<f32, _>(values, x.dims()), &x.device());
    let share = one_a_sample(&x, key, "dragan share");
    Batch { samples: x + deviation * noise * share * 0.5, labels: real.labels.clone() }
}
