//! Mini-batches of samples, and the sources that they come from.

use burn::tensor::{Int, Tensor};

/// A batch of samples, real or generated, with the class labels that condition the game, if any.
///
/// # Shapes
/// `samples` is `[batch, ..]` of rank `D`; `labels` is `[batch]`, each in `0..classes`.
#[derive(Clone, Debug)]
pub struct Batch<const D: usize> {
    /// The samples, batch first.
    pub samples: Tensor<D>,
    /// One class index a sample; `None` in an unconditional game.
    pub labels: Option<Tensor<1, Int>>,
}

impl<const D: usize> Batch<D> {
    /// A batch without labels.
    pub fn unlabeled(samples: Tensor<D>) -> Self {
        Self { samples, labels: None }
    }

    /// The number of samples.
    pub fn len(&self) -> usize {
        self.samples.dims()[0]
    }

    /// Whether there is no sample.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The same batch, detached from the graph that made it: a constant for autodiff.
    pub fn detach(self) -> Self {
        Self { samples: self.samples.detach(), ..self }
    }

    /// The same batch, on the device's autodiff side.
    ///
    /// Burn's layers take the autodiff side of their *input* for "training": a batch on the plain
    /// side would silently switch batch normalization to its running statistics.
    pub fn tracked(self) -> Self {
        if self.samples.is_autodiff() {
            return self;
        }
        Self { samples: self.samples.autodiff(), ..self }
    }
}

/// An endless stream of real batches, all of the same size, whose position can be saved.
///
/// The stream is a function of its position alone: after `seek(p)` it yields what it yielded
/// after `p` batches the first time. That is what lets a resumed run see the very batches that
/// the uninterrupted run would have seen.
pub trait BatchSource<const D: usize> {
    /// Why a batch could not be made (such as a file that became unreadable).
    type Error: std::error::Error + Send + Sync + 'static;

    /// The next batch, of [`batch_size`](Self::batch_size) samples.
    ///
    /// # Errors
    /// When the samples cannot be read.
    fn next_batch(&mut self) -> Result<Batch<D>, Self::Error>;

    /// Samples in every batch.
    fn batch_size(&self) -> usize;

    /// Batches in one pass over the data.
    fn batches_per_epoch(&self) -> u64;

    /// Batches drawn since the beginning of the stream.
    fn position(&self) -> u64;

    /// Continue as if `position` batches had been drawn.
    fn seek(&mut self, position: u64);
}

impl<S: BatchSource<D> + ?Sized, const D: usize> BatchSource<D> for Box<S> {
    type Error = S::Error;

    fn next_batch(&mut self) -> Result<Batch<D>, S::Error> {
        (**self).next_batch()
    }

    fn batch_size(&self) -> usize {
        (**self).batch_size()
    }

    fn batches_per_epoch(&self) -> u64 {
        (**self).batches_per_epoch()
    }

    fn position(&self) -> u64 {
        (**self).position()
    }

    fn seek(&mut self, position: u64) {
        (**self).seek(position);
    }
}
