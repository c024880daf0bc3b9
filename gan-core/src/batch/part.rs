//! The share of one rank in the batches of a source.

use crate::batch::{Batch, BatchSource};
use crate::exchange::Exchange;

/// Of every `accumulation` consecutive batches of a source, which make an update, those of one rank.
///
/// Its position counts the batches of all ranks.
#[derive(Clone, Debug)]
pub struct Part<S> {
    source: S,
    /// Batches of an update.
    accumulation: u64,
    /// The first one that is this rank's.
    first: u64,
    /// How many are.
    own: u64,
    update: u64,
    /// Of this update.
    drawn: u64,
}

impl<S> Part<S> {
    /// The share of `exchange`'s rank where an update has `accumulation` batches, which the number of
    /// ranks divides: [`Learner::with_exchange`](crate::learner::Learner::with_exchange) says so where
    /// it does not.
    pub fn of(source: S, accumulation: u64, exchange: &dyn Exchange) -> Self {
        let own = (accumulation / exchange.ranks()).max(1);
        Self { source, accumulation, first: exchange.rank() * own, own, update: 0, drawn: 0 }
    }
}

impl<S: BatchSource<D>, const D: usize> BatchSource<D> for Part<S> {
    type Error = S::Error;

    fn next_batch(&mut self) -> Result<Batch<D>, S::Error> {
        if self.drawn == self.own {
            (self.update, self.drawn) = (self.update + 1, 0);
        }
        if self.drawn == 0 {
            self.source.seek(self.update * self.accumulation + self.first);
        }
        self.drawn += 1;
        self.source.next_batch()
    }

    fn batch_size(&self) -> usize {
        self.source.batch_size()
    }

    fn batches_per_epoch(&self) -> u64 {
        self.source.batches_per_epoch()
    }

    fn position(&self) -> u64 {
        let within = if self.drawn == self.own { self.accumulation } else { self.drawn };
        self.update * self.accumulation + within
    }

    /// Goes to the update that `position` is in.
    fn seek(&mut self, position: u64) {
        (self.update, self.drawn) = (position / self.accumulation, 0);
    }
}
