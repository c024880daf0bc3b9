//! What probes of generators have in common: samples that are made and looked at chunk by chunk, by one rank or by
//! several; numbers beside those of real ones.

use burn::tensor::Tensor;
use gan_core::exchange::{Exchange, gather_each};
use gan_core::measurement::Measurement;
use gan_core::player::Generator;
use gan_core::sampler::{Sampler, Selection};

use crate::EvalError;
use crate::packed::Packed;

/// Let `look` see about `n` samples of a generator, chunk by chunk with their labels (of a conditional one, equally
/// many of each class), and hand what it finds to `take`, in the order of the chunks.
///
/// Of several ranks each makes and looks at every `ranks`-th chunk; rank 0 takes what all have found, the others
/// nothing. It is to the bit what one rank alone would have taken.
///
/// # Errors
/// Those of `look`, and [`EvalError::Ranks`].
pub(crate) fn each_generated<G: Generator<D>, F: Packed, const D: usize>(
    sampler: &Sampler<G>,
    n: usize,
    ranks: &dyn Exchange,
    mut look: impl FnMut(Tensor<D>, Option<&[usize]>) -> Result<F, EvalError>,
    mut take: impl FnMut(F),
) -> Result<(), EvalError> {
    let selection = Selection::about(n, sampler.generator().classes());
    let (rank, count) = (ranks.rank() as usize, ranks.ranks() as usize);
    let mut play_round = |own: Option<F>| -> Result<(), EvalError> {
        if count == 1 {
            own.into_iter().for_each(&mut take);
            return Ok(());
        }
        let own = own.map(|found| found.pack()).unwrap_or_default();
        let all = gather_each(ranks, &own)?;
        for found in all.iter().filter(|found| rank == 0 && !found.is_empty()) {
            take(F::unpack(found).ok_or(EvalError::OtherRank)?);
        }
        Ok(())
    };
    sampler.each_chunk_if(
        &selection,
        |index| index % count == rank,
        |chunk: Tensor<D>, class| {
            let labels = class.map(|class| vec![class; chunk.dims()[0]]);
            play_round(Some(look(chunk, labels.as_deref())?))
        },
    )?;
    let in_last_round = selection.chunks() % count;
    if in_last_round > 0 && rank >= in_last_round {
        play_round(None)?;
    }
    Ok(())
}

/// Each number beside the same of real samples, where that is known.
pub(crate) fn beside(mut measured: Vec<Measurement>, of_real: &[Measurement]) -> Vec<Measurement> {
    for each in &mut measured {
        let real = of_real.iter().find(|real| real.quantity.name == each.quantity.name);
        each.of_real = real.map(|real| real.value);
    }
    measured
}
