//! Data parallelism: what the processes that train one game tell each other between a backward pass and
//! the optimizer.
//!
//! Every process, a *rank*, has the same players and makes the same updates. An update's micro-batches
//! are shared out: each rank has as many, next to each other. What they add up to (gradients, running
//! statistics of batch normalization) is the sum over **all** micro-batches by a fixed binary tree:
//! halves, halves of halves, and so on down to single micro-batches, the earlier operand first. A rank
//! has a whole subtree of it, so that the sum has the same bits with 1, 2, 4 or 8 ranks; with a
//! library's reduction, whose order depends on sizes and algorithms, it has not.
//!
//! Weights are never sent: a rank whose weights are no longer those of the others is found by a hash,
//! and named.
//!
//! | Implementation | Ranks |
//! |---|---|
//! | [`Alone`] | one process |
//! | [`Threads`] | threads of one process |
//! | `gan-mpi`'s `World` | the processes of an `mpirun` |

pub(crate) mod agreement;
mod threads;

use std::rc::Rc;

pub use threads::Threads;

use crate::GanError;

/// Why bytes did not come from one rank to another.
pub type ExchangeError = Box<dyn std::error::Error + Send + Sync>;

/// The connection of a rank to the others of a game.
///
/// All ranks call the same methods in the same order. An implementation has to carry bytes from one
/// rank to another and nothing else: the order of every sum is decided here.
pub trait Exchange {
    /// The number of this rank, from 0.
    fn rank(&self) -> u64;

    /// How many ranks there are: a power of two.
    fn ranks(&self) -> u64;

    /// Sends `sent` to the rank `partner` and fills `received` with what that rank sends, which is as
    /// long. Both call it at once.
    ///
    /// # Errors
    /// The connection to `partner` is lost.
    fn swap(&self, partner: u64, sent: &[u8], received: &mut [u8]) -> Result<(), ExchangeError>;
}

/// The one rank of a game that is played by one process.
#[derive(Clone, Copy, Debug, Default)]
pub struct Alone;

impl Exchange for Alone {
    fn rank(&self) -> u64 {
        0
    }

    fn ranks(&self) -> u64 {
        1
    }

    fn swap(&self, _partner: u64, _sent: &[u8], _received: &mut [u8]) -> Result<(), ExchangeError> {
        unreachable!("one rank has no partner")
    }
}

impl<E: Exchange + ?Sized> Exchange for Rc<E> {
    fn rank(&self) -> u64 {
        (**self).rank()
    }

    fn ranks(&self) -> u64 {
        (**self).ranks()
    }

    fn swap(&self, partner: u64, sent: &[u8], received: &mut [u8]) -> Result<(), ExchangeError> {
        (**self).swap(partner, sent, received)
    }
}

/// Puts into `values` their sums over all ranks, entry by entry.
///
/// Recursive halving and doubling: in round `k` a rank swaps with the one whose number differs in bit
/// `k`, gives away one half of what it sums and adds what it gets to the other half; then the finished
/// pieces go back the same way. Each entry is summed by the tree of pairs, pairs of pairs, and so on,
/// which is the upper part of the tree over micro-batches (of two numbers, the order makes no
/// difference to a bit). A rank sends `2·(ranks − 1)/ranks` times the values.
///
/// # Source
/// Rabenseifner (2004), "Optimization of collective reduction operations", ICCS, with the partners of
/// the first rounds next to each other.
pub(crate) fn sum(exchange: &dyn Exchange, values: &mut [f32]) -> Result<(), GanError> {
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

fn swap_numbers(
    exchange: &dyn Exchange,
    partner: u64,
    sent: &[f32],
    received: &mut [f32],
) -> Result<(), GanError> {
    swap(exchange, partner, bytemuck::cast_slice(sent), bytemuck::cast_slice_mut(received))
}

/// The bytes of every rank, one after the other in the order of their numbers; each gives as many.
///
/// # Errors
/// [`GanError::Exchange`].
pub fn gather(exchange: &dyn Exchange, own: &[u8]) -> Result<Vec<u8>, GanError> {
    let mut all = own.to_vec();
    for partner in partners(exchange) {
        let mut received = vec![0; all.len()];
        swap(exchange, partner, &all, &mut received)?;
        all = if exchange.rank() < partner { [all, received] } else { [received, all] }.concat();
    }
    Ok(all)
}

/// What every rank gives, in the order of their numbers, as long as it may be.
///
/// # Errors
/// [`GanError::Exchange`].
pub fn gather_each(exchange: &dyn Exchange, own: &[u8]) -> Result<Vec<Vec<u8>>, GanError> {
    let lengths = gather(exchange, &(own.len() as u64).to_le_bytes())?;
    let length = |bytes: &[u8]| {
        let bytes = bytes.try_into().unwrap_or_default();
        u64::from_le_bytes(bytes) as usize
    };
    let lengths: Vec<usize> = lengths.chunks_exact(size_of::<u64>()).map(length).collect();
    let longest = lengths.iter().copied().max().unwrap_or(0);
    let padded = [own, &vec![0; longest - own.len()]].concat();
    let all = gather(exchange, &padded)?;
    let of_rank = |(rank, length): (usize, usize)| all[rank * longest..][..length].to_vec();
    Ok(lengths.into_iter().enumerate().map(of_rank).collect())
}

/// The rank that this one swaps with in each round.
fn partners(exchange: &dyn Exchange) -> impl Iterator<Item = u64> + use<> {
    let (rank, ranks) = (exchange.rank(), exchange.ranks());
    (0..ranks.ilog2()).map(move |round| rank ^ (1 << round))
}

fn swap(
    exchange: &dyn Exchange,
    partner: u64,
    sent: &[u8],
    received: &mut [u8],
) -> Result<(), GanError> {
    let lost = |source| GanError::Exchange { partner, source };
    exchange.swap(partner, sent, received).map_err(lost)
}

#[cfg(test)]
mod tests {
    use super::*;

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
                                sum(&threads, &mut own).unwrap();
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
