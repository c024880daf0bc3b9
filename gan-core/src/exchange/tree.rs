//! Sums over all ranks by a fixed tree.
//!
//! Recursive halving and doubling: in round `k` a rank swaps with the one whose number differs in bit
//! `k`, gives away one half of what it sums and adds what it gets to the other half; then the finished
//! pieces go back the same way. Each entry is summed by the tree of pairs, pairs of pairs, and so on,
//! which is the upper part of the tree over micro-batches (of two numbers, the order makes no
//! difference to a bit). A rank sends `2·(ranks − 1)/ranks` times the values.
//!
//! # Source
//! Rabenseifner (2004), "Optimization of collective reduction operations", ICCS, with the partners of
//! the first rounds next to each other.

use burn::tensor::{Tensor, TensorData};

use super::{Exchange, partners, swap};
use crate::GanError;

/// The sums of `values` over all ranks, entry by entry.
pub(super) fn sum<E: Exchange + ?Sized>(
    exchange: &E,
    values: Tensor<1>,
) -> Result<Tensor<1>, GanError> {
    if exchange.ranks() == 1 {
        return Ok(values);
    }
    let device = values.device();
    let mut numbers: Vec<f32> = values.into_data().iter::<f32>().collect();
    sum_numbers(exchange, &mut numbers)?;
    let count = numbers.len();
    Ok(Tensor::from_data(TensorData::new(numbers, [count]), &device))
}

fn sum_numbers<E: Exchange + ?Sized>(exchange: &E, values: &mut [f32]) -> Result<(), GanError> {
    let mut sums = values.to_vec();
    sums.resize(values.len().next_multiple_of(exchange.ranks() as usize), 0.0);
    let mut received = vec![0.0_f32; sums.len() / 2];
    let mut own = 0..sums.len();
    let mut given_away = Vec::new();
    for partner in partners(exchange) {
        let middle = usize::midpoint(own.start, own.end);
        let (lower, upper) = (own.start..middle, middle..own.end);
        let is_first = exchange.rank() < partner;
        let (kept, sent) = if is_first { (lower, upper) } else { (upper, lower) };
        let theirs = &mut received[..kept.len()];
        swap_numbers(exchange, partner, &sums[sent.clone()], theirs)?;
        sums[kept.clone()].iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += *theirs);
        own = kept;
        given_away.push((partner, sent));
    }
    for (partner, sent) in given_away.into_iter().rev() {
        let theirs = &mut received[..own.len()];
        swap_numbers(exchange, partner, &sums[own.clone()], theirs)?;
        sums[sent.clone()].copy_from_slice(theirs);
        own = own.start.min(sent.start)..own.end.max(sent.end);
    }
    values.copy_from_slice(&sums[..values.len()]);
    Ok(())
}

fn swap_numbers<E: Exchange + ?Sized>(
    exchange: &E,
    partner: u64,
    sent: &[f32],
    received: &mut [f32],
) -> Result<(), GanError> {
    swap(exchange, partner, bytemuck::cast_slice(sent), bytemuck::cast_slice_mut(received))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::Threads;

    /// Numbers of very different sizes: any other order would round another way.
    fn values(rank: u64, len: usize) -> Vec<f32> {
        let size = |index: usize| ((index as u64 * 7 + rank * 5) % 40) as i32 - 20;
        (0..len).map(|index| (1.0 + index as f32 / 3.0) * 2.0_f32.powi(size(index))).collect()
    }

    /// The sum over these ranks, by halves of them.
    fn by_tree(ranks: std::ops::Range<u64>, len: usize) -> Vec<f32> {
        if ranks.end - ranks.start == 1 {
            return values(ranks.start, len);
        }
        let middle = u64::midpoint(ranks.start, ranks.end);
        let (first, second) = (by_tree(ranks.start..middle, len), by_tree(middle..ranks.end, len));
        first.iter().zip(second).map(|(a, b)| a + b).collect()
    }

    #[test]
    fn every_rank_has_the_sum_by_the_tree_whatever_the_length() {
        for ranks in [1, 2, 4, 8] {
            for len in [0, 1, 3, 8, 1_001] {
                let expected = by_tree(0..ranks, len);
                let found: Vec<Vec<f32>> = std::thread::scope(|scope| {
                    let all: Vec<_> = Threads::all(ranks as usize)
                        .into_iter()
                        .map(|threads| {
                            scope.spawn(move || {
                                let mut own = values(threads.rank(), len);
                                sum_numbers(&threads, &mut own).unwrap();
                                own
                            })
                        })
                        .collect();
                    all.into_iter().map(|rank| rank.join().unwrap()).collect()
                });
                let bits = |all: &[f32]| all.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                for own in found {
                    assert_eq!(bits(&own), bits(&expected), "{len} numbers on {ranks} ranks");
                }
            }
        }
    }
}
