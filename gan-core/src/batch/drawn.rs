//! Real mini-batches drawn from a distribution rather than read from a data set.

use std::convert::Infallible;

use rand_chacha::ChaCha8Rng;

use crate::batch::{Batch, BatchSource};
use crate::seed::Stream;

/// Batches that a function draws, each from a generator of random numbers of its own: the n-th
/// batch is the same whenever it is asked for.
///
/// # Example
/// ```
/// use burn::tensor::Device;
/// use gan_core::batch::{Batch, BatchSource, Drawn};
/// use gan_core::latent::LatentPrior;
/// use gan_core::seed::Seed;
///
/// // Sixteen draws from a normal distribution with mean 3 a batch; 100 batches are an epoch.
/// let mut source = Drawn::new(Seed(1).stream("data"), 16, 100, |rng| {
///     let noise = LatentPrior::Normal.draw([16, 1], rng, &Device::default());
///     Batch::unlabeled(noise + 3.0)
/// });
/// assert_eq!(source.next_batch()?.samples.dims(), [16, 1]);
/// # Ok::<(), std::convert::Infallible>(())
/// ```
#[derive(Clone, Debug)]
pub struct Drawn<F> {
    stream: Stream,
    batch_size: usize,
    batches_per_epoch: u64,
    position: u64,
    draw: F,
}

impl<F> Drawn<F> {
    /// Batches of `batch_size` samples from `draw`; `batches_per_epoch` of them are called an epoch.
    pub fn new<const D: usize>(
        stream: Stream,
        batch_size: usize,
        batches_per_epoch: u64,
        draw: F,
    ) -> Self
    where
        F: FnMut(&mut ChaCha8Rng) -> Batch<D>,
    {
        Self { stream, batch_size, batches_per_epoch, position: 0, draw }
    }
}

impl<F, const D: usize> BatchSource<D> for Drawn<F>
where
    F: FnMut(&mut ChaCha8Rng) -> Batch<D>,
{
    type Error = Infallible;

    fn next_batch(&mut self) -> Result<Batch<D>, Infallible> {
        let mut rng = self.stream.draw(self.position);
        self.position += 1;
        Ok((self.draw)(&mut rng))
    }

    fn batch_size(&self) -> usize {
        self.batch_size
    }

    fn batches_per_epoch(&self) -> u64 {
        self.batches_per_epoch
    }

    fn position(&self) -> u64 {
        self.position
    }

    fn seek(&mut self, position: u64) {
        self.position = position;
    }
}
