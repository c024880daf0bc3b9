//! What probes of generators have in common: samples handed over with their labels, numbers beside those of real ones.

use burn::tensor::Tensor;
use gan_core::measurement::Measurement;
use gan_core::player::Generator;
use gan_core::sampler::{Sampler, Selection};

use crate::EvalError;

/// Hand about `n` samples of a generator to `take`, chunk by chunk with their labels; of a conditional one, equally
/// many of each class.
pub(crate) fn each_generated<G: Generator<D>, const D: usize>(
    sampler: &Sampler<G>,
    n: usize,
    mut take: impl FnMut(Tensor<D>, Option<&[usize]>) -> Result<(), EvalError>,
) -> Result<(), EvalError> {
    let selection = Selection::about(n, sampler.generator().classes());
    sampler.each_chunk(&selection, |chunk: Tensor<D>, class| {
        let labels = class.map(|class| vec![class; chunk.dims()[0]]);
        take(chunk, labels.as_deref())
    })
}

/// Each number beside the same of real samples, where that is known.
pub(crate) fn beside(mut measured: Vec<Measurement>, of_real: &[Measurement]) -> Vec<Measurement> {
    for each in &mut measured {
        let real = of_real.iter().find(|real| real.quantity.name == each.quantity.name);
        each.of_real = real.map(|real| real.value);
    }
    measured
}
