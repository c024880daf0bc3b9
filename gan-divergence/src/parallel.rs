//! Fork-join parallelism: the only module that uses threads.
//!
//! Work is cut into pieces whose number depends on the input alone, and the pieces come back in
//! order, so a result never depends on how many threads there were.

use std::ops::Range;

/// Pieces of fewer numbers together are not worth waking threads for.
#[cfg(feature = "rayon")]
const FEW: usize = 1 << 13;

/// The results of `work` on `0..count`, in order.
pub(crate) fn map_indices<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IntoParallelIterator, ParallelIterator};
        // A copy of rayon's machinery for each kind of result, not for each caller: it is a third
        // of what there is to compile.
        let work: &(dyn Fn(usize) -> T + Sync) = &work;
        (0..count).into_par_iter().map(work).collect()
    }
    #[cfg(not(feature = "rayon"))]
    {
        (0..count).map(work).collect()
    }
}

/// The results of `work` on consecutive pieces of `0..len`, each `chunk` long but the last.
pub(crate) fn map_chunks<T: Send>(
    len: usize,
    chunk: usize,
    work: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    map_indices(len.div_ceil(chunk), |i| work(i * chunk..((i + 1) * chunk).min(len)))
}

/// Calls `work` with the number of every piece of a slice, each `chunk` long but the last, and the piece.
pub(crate) fn for_each_piece(
    slice: &mut [f64],
    chunk: usize,
    work: impl Fn(usize, &mut [f64]) + Sync,
) {
    if slice.is_empty() {
        // A matrix without columns has rows of no length.
        return;
    }
    #[cfg(feature = "rayon")]
    {
        use rayon::iter::{IndexedParallelIterator, ParallelIterator};
        use rayon::slice::ParallelSliceMut;
        let work: &(dyn Fn(usize, &mut [f64]) + Sync) = &work;
        if slice.len() < FEW {
            return slice.chunks_mut(chunk).enumerate().for_each(|(i, piece)| work(i, piece));
        }
        slice.par_chunks_mut(chunk).enumerate().for_each(|(i, piece)| work(i, piece));
    }
    #[cfg(not(feature = "rayon"))]
    {
        slice.chunks_mut(chunk).enumerate().for_each(|(i, piece)| work(i, piece));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_the_range_once_and_in_order() {
        let pieces = map_chunks(10, 4, |range| range.collect::<Vec<_>>());
        assert_eq!(pieces, [vec![0, 1, 2, 3], vec![4, 5, 6, 7], vec![8, 9]]);
        assert!(map_chunks(0, 4, |range| range.len()).is_empty());
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn no_result_depends_on_the_number_of_threads() {
        use crate::gaussian::Moments;
        use crate::kernel::{EnergyEstimator, energy_distance};
        use crate::neighbors::DataCopying;
        use crate::points::Points;
        use crate::transport::{Sinkhorn, Slicing, sinkhorn_sharp, sliced_wasserstein};
        let wave = |a: f64| (0..1800).map(|i| (f64::from(i) * a).sin()).collect::<Vec<f64>>();
        let (x, y) = (wave(0.37), wave(1.91));
        let values = || {
            let (p, q) = (Points::new(&x, 6).unwrap(), Points::new(&y, 6).unwrap());
            [
                energy_distance(EnergyEstimator::Biased, p, q),
                sinkhorn_sharp(2.0, p, q, Sinkhorn { epsilon: 1.0, ..Sinkhorn::default() }),
                sliced_wasserstein(2.0, p, q, Slicing::default()),
                crate::neighbors::knn_kl(3, p, q),
                crate::gaussian::frechet_distance(p, q),
                crate::gaussian::frechet_to_moments(&Moments::of(p).unwrap(), q),
                crate::neighbors::authenticity(q, p),
                crate::neighbors::data_copying(q, p, p, DataCopying::default()),
            ]
            .map(|estimate| estimate.unwrap().value.to_bits())
        };
        let with_threads = |n: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
            pool.install(values)
        };
        assert_eq!(with_threads(1), with_threads(5));
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn no_comparison_with_a_density_depends_on_the_number_of_threads() {
        use crate::density::{Density, DensityCells, NoisyMoons, sample_kl_to_density};
        use crate::neighbors::KnnReference;
        use crate::points::Points;
        use crate::transport::{SlicedReference, Slicing};
        use rand::SeedableRng;
        let moons = NoisyMoons::new(0.2).unwrap();
        let draw = |seed| moons.sample_n(900, &mut rand_chacha::ChaCha8Rng::seed_from_u64(seed));
        let (x, y) = (draw(1), draw(2));
        let values = || {
            let (p, q) = (Points::new(&x, 2).unwrap(), Points::new(&y, 2).unwrap());
            let lines = SlicedReference::new(p, Slicing::default()).unwrap();
            [
                DensityCells::new(&moons, 12).unwrap().js(q).unwrap().estimate,
                sample_kl_to_density(5, q, &moons).unwrap(),
                KnnReference::new(5, p).unwrap().kl(q).unwrap(),
                lines.sliced_wasserstein(2.0, q).unwrap(),
            ]
        };
        let with_threads = |n: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
            pool.install(values)
        };
        assert_eq!(with_threads(1), with_threads(5));
    }
}
