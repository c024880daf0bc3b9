//! Mini-batches: an endless, shuffled stream of batches from a finite set of samples.

use std::fmt;
use std::sync::Arc;

use burn::tensor::{Device, Int, Tensor, TensorData};
use gan_batch::{Batch, BatchSource, Seed};

use crate::order::EpochOrder;
use crate::{DataError, SampleSet};

/// An endless, reshuffled stream of batches of rank `D`, on a device.
///
/// Each epoch goes through the samples in an order of its own, a function of the seed's stream
/// `data-order` and the epoch's number. All batches have the same size: the samples that are left
/// over at the end of an epoch, too few for a batch, are **dropped**, and since the order changes
/// they are others in the next epoch. With 60,000 digits in batches of 64 that is 937 batches and
/// 32 digits left out.
///
/// # Example
/// ```
/// use burn::tensor::Device;
/// use gan_batch::{BatchSource, Seed};
/// use gan_data::{Batches, Moons};
///
/// let moons = Moons::new(1000, 0.05, Seed(1))?;
/// let mut batches = Batches::<_, 2>::new(moons, 64, Seed(1), &Device::default())?;
/// assert_eq!(batches.next_batch()?.samples.dims(), [64, 2]);
/// assert_eq!((batches.position(), batches.batches_per_epoch()), (1, 15));
/// # Ok::<(), gan_data::DataError>(())
/// ```
pub struct Batches<S: ?Sized, const D: usize> {
    set: Arc<S>,
    batch_size: usize,
    order: EpochOrder,
    device: Device,
    labeled: bool,
    position: u64,
}

impl<S: SampleSet + ?Sized, const D: usize> Batches<S, D> {
    /// Batches of `batch_size` samples without labels. The set may be given in an [`Arc`] to go
    /// on using it elsewhere, also as `Arc<dyn SampleSet>`.
    ///
    /// # Errors
    /// [`DataError::Rank`] unless `D` is the rank of a sample and 1 for the batch;
    /// [`DataError::NoSamples`], [`DataError::BatchSize`].
    pub fn new(
        set: impl Into<Arc<S>>,
        batch_size: usize,
        seed: Seed,
        device: &Device,
    ) -> Result<Self, DataError> {
        let set = set.into();
        let (shape, n_samples) = (set.shape(), set.len());
        if shape.len() + 1 != D {
            let (shape, expected) = (shape.to_vec(), shape.len() + 1);
            return Err(DataError::Rank { shape, expected, found: D });
        }
        if n_samples == 0 {
            return Err(DataError::NoSamples { batch_size });
        }
        if !(1..=n_samples).contains(&batch_size) {
            return Err(DataError::BatchSize { batch_size, n_samples });
        }
        let order = EpochOrder::new(seed.stream("data-order"), n_samples);
        let device = device.clone();
        Ok(Self { set, batch_size, order, device, labeled: false, position: 0 })
    }

    /// The same batches, each with the labels of its samples.
    ///
    /// # Errors
    /// [`DataError::Unlabeled`] when the set has no classes.
    pub fn with_labels(self) -> Result<Self, DataError> {
        if self.set.classes() == 0 {
            return Err(DataError::Unlabeled);
        }
        Ok(Self { labeled: true, ..self })
    }

    /// The set that the samples come from.
    pub fn set(&self) -> &Arc<S> {
        &self.set
    }

    /// The samples of the next batch, by their index in the set.
    fn next_indices(&mut self) -> Vec<usize> {
        let per_epoch = self.batches_per_epoch();
        let (epoch, batch) = (self.position / per_epoch, self.position % per_epoch);
        let first = batch as usize * self.batch_size;
        self.position += 1;
        self.order.of(epoch)[first..first + self.batch_size].to_vec()
    }

    fn samples(&self, indices: &[usize]) -> Tensor<D> {
        let shape = std::iter::once(&self.batch_size).chain(self.set.shape()).copied();
        let data = TensorData::new(self.set.values(indices), shape.collect::<Vec<usize>>());
        Tensor::from_data(data, &self.device)
    }

    fn labels(&self, indices: &[usize]) -> Option<Tensor<1, Int>> {
        let labels = indices.iter().map(|&i| self.set.label(i).map(|label| label as i64));
        let labels: Vec<i64> = labels.collect::<Option<_>>()?;
        Some(Tensor::from_data(TensorData::new(labels, [self.batch_size]), &self.device))
    }
}

impl<S: SampleSet + ?Sized, const D: usize> BatchSource<D> for Batches<S, D> {
    type Error = DataError;

    fn next_batch(&mut self) -> Result<Batch<D>, DataError> {
        let indices = self.next_indices();
        let labels = if self.labeled { self.labels(&indices) } else { None };
        Ok(Batch { samples: self.samples(&indices), labels })
    }

    fn batch_size(&self) -> usize {
        self.batch_size
    }

    fn batches_per_epoch(&self) -> u64 {
        (self.set.len() / self.batch_size) as u64
    }

    fn position(&self) -> u64 {
        self.position
    }

    fn seek(&mut self, position: u64) {
        self.position = position;
    }
}

/// Without the set, which need not be printable and would be long.
impl<S: ?Sized, const D: usize> fmt::Debug for Batches<S, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Batches")
            .field("batch_size", &self.batch_size)
            .field("device", &self.device)
            .field("labeled", &self.labeled)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}
