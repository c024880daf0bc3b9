//! Seeded shuffling, with a result that does not change between versions.

use gan_batch::Stream;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// Shuffle in place (Fisher–Yates), drawing one `u64` for each item but the first.
///
/// It is written out rather than taken from `rand`, which may change the order that a generator
/// leads to from one version to the next; every recorded run depends on it.
pub(crate) fn shuffle<T>(items: &mut [T], rng: &mut ChaCha8Rng) {
    for last in (1..items.len()).rev() {
        let choices = last as u128 + 1;
        let chosen = (u128::from(rng.next_u64()) * choices) >> 64;
        items.swap(last, chosen as usize);
    }
}

/// The order of the samples in each epoch: a function of the stream and the epoch's number.
#[derive(Clone, Debug)]
pub(crate) struct EpochOrder {
    stream: Stream,
    n_samples: usize,
    current: Option<(u64, Vec<usize>)>,
}

impl EpochOrder {
    pub(crate) fn new(stream: Stream, n_samples: usize) -> Self {
        Self { stream, n_samples, current: None }
    }

    /// The indices of all samples in the order of `epoch`; kept until another epoch is asked for.
    pub(crate) fn of(&mut self, epoch: u64) -> &[usize] {
        let kept = self.current.take().filter(|(of, _)| *of == epoch);
        let current = kept.unwrap_or_else(|| {
            let mut indices: Vec<usize> = (0..self.n_samples).collect();
            shuffle(&mut indices, &mut self.stream.draw(epoch));
            (epoch, indices)
        });
        &self.current.insert(current).1
    }
}

#[cfg(test)]
mod tests {
    use gan_batch::Seed;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_order_is_pinned() {
        let mut order = EpochOrder::new(Seed(42).stream("data-order"), 10);
        assert_eq!(order.of(0), [9, 6, 0, 1, 5, 2, 8, 3, 4, 7]);
        assert_eq!(order.of(1), [6, 4, 0, 5, 8, 3, 9, 2, 1, 7]);
    }

    #[test]
    fn every_order_of_three_items_is_equally_likely() {
        let mut counts = std::collections::BTreeMap::new();
        let mut order = EpochOrder::new(Seed(1).stream("data-order"), 3);
        for epoch in 0..6000 {
            *counts.entry(order.of(epoch).to_vec()).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 6);
        assert!(counts.values().all(|&n| (850..1150).contains(&n)), "{counts:?}");
    }

    proptest! {
        #[test]
        fn shuffling_loses_and_repeats_nothing(n in 0_usize..300, seed: u64) {
            let mut items: Vec<usize> = (0..n).collect();
            shuffle(&mut items, &mut Seed(seed).stream("test").draw(0));
            items.sort_unstable();
            prop_assert!(items.into_iter().eq(0..n));
        }
    }
}
