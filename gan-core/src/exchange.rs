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
//! | `gan-nccl`'s `Gpu` | threads of one process, each with a GPU; NCCL sums, in an order of its own |

pub(crate) mod agreement;
mod threads;
mod tree;

use std::rc::Rc;

use burn::tensor::Tensor;

pub use threads::Threads;

use crate::GanError;

/// Why bytes did not come from one rank to another.
pub type ExchangeError = Box<dyn std::error::Error + Send + Sync>;

/// The connection of a rank to the others of a game.
///
/// All ranks call the same methods in the same order. An implementation has to carry bytes from one
/// rank to another and nothing else: the order of every sum is decided here. One whose devices have a
/// sum of their own may take that instead, and says what it does to the bits.
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

    /// The sums of `values` over all ranks, entry by entry. Every rank gives as many, off the autodiff
    /// side, and gets the same sums.
    ///
    /// Unless an implementation has its own, they are made by the fixed tree from what
    /// [`swap`](Self::swap) carries, and have the same bits with any number of ranks.
    ///
    /// # Errors
    /// [`GanError::Exchange`].
    fn sum(&self, values: Tensor<1>) -> Result<Tensor<1>, GanError> {
        tree::sum(self, values)
    }
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

    fn sum(&self, values: Tensor<1>) -> Result<Tensor<1>, GanError> {
        (**self).sum(values)
    }
}

/// Each of these lists, off the autodiff side, summed over all ranks: all of them in one [`Exchange::sum`].
pub(crate) fn sum_each(
    exchange: &dyn Exchange,
    own: Vec<Tensor<1>>,
) -> Result<Vec<Tensor<1>>, GanError> {
    if own.is_empty() {
        return Ok(own);
    }
    let lengths = own.iter().map(|values| values.dims()[0]).collect();
    let sums = exchange.sum(Tensor::cat(own, 0))?;
    Ok(sums.split_with_sizes(lengths, 0))
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
fn partners<E: Exchange + ?Sized>(exchange: &E) -> impl Iterator<Item = u64> + use<E> {
    let (rank, ranks) = (exchange.rank(), exchange.ranks());
    (0..ranks.ilog2()).map(move |round| rank ^ (1 << round))
}

fn swap<E: Exchange + ?Sized>(
    exchange: &E,
    partner: u64,
    sent: &[u8],
    received: &mut [u8],
) -> Result<(), GanError> {
    let lost = |source| GanError::Exchange { partner, source };
    exchange.swap(partner, sent, received).map_err(lost)
}
