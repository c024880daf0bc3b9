//! What every dataset of this crate is: numbered samples of one shape, ready for a batch.

use burn_dataset::Dataset;

use crate::{Fingerprint, Inventory};

/// One sample, as [`Dataset::get`] returns it.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The normalized values in row-major order; their shape is [`SampleSet::shape`].
    pub values: Vec<f32>,
    /// The class index, for a set that has classes.
    pub label: Option<usize>,
}

/// A finite set of samples that all have one shape, held in memory.
///
/// Implement it (and [`Dataset<Sample>`]) for data of your own, and [`Batches`](crate::Batches)
/// splits them into batches. Methods that take an index panic when it is not below `len()`, as slices do.
pub trait SampleSet: Dataset<Sample> {
    /// The shape of one sample, without the batch: `[2]` for the moons, `[1, 28, 28]` for MNIST.
    fn shape(&self) -> &[usize];

    /// Write the normalized values of a sample to `out`, which has one slot for each.
    ///
    /// This is [`Dataset::get`] without an allocation: it writes straight into a batch.
    fn write_values(&self, index: usize, out: &mut [f32]);

    /// The class of a sample, in `0..classes()`; `None` in a set without classes.
    fn label(&self, index: usize) -> Option<usize>;

    /// The number of classes, 0 in a set without.
    fn classes(&self) -> usize;

    /// The SHA-256 of the samples and labels. It may have to read all of them.
    fn fingerprint(&self) -> Fingerprint;

    /// What was read, for a user: samples, classes, range, and what was passed over.
    ///
    /// It looks at all values, so call it once. A set that is read from files reports more than
    /// the default can.
    fn inventory(&self) -> Inventory {
        Inventory::of(self)
    }

    /// Where a sample comes from, as a user would name it: a file's path in its folder. `None` in
    /// a set that has no names for its samples.
    fn origin(&self, _index: usize) -> Option<String> {
        None
    }

    /// The values of several samples, one sample after the other.
    fn values(&self, indices: &[usize]) -> Vec<f32> {
        let n_values: usize = self.shape().iter().product();
        let mut values = vec![0.0; indices.len() * n_values];
        for (&index, out) in indices.iter().zip(values.chunks_exact_mut(n_values)) {
            self.write_values(index, out);
        }
        values
    }
}

/// Makes a set of a type that holds its samples in a field: every method asks the field,
/// apart from the inventory and the origin where others are given.
macro_rules! samples_in_field {
    ($set:ty, $field:ident) => {
        $crate::sample_set::samples_in_field!($set, $field, |set| set.$field.inventory());
    };
    ($set:ty, $field:ident, |$this:ident| $inventory:expr) => {
        $crate::sample_set::samples_in_field!($set, $field, |$this| $inventory, |set, index| {
            set.$field.origin(index)
        });
    };
    ($set:ty, $field:ident, |$this:ident| $inventory:expr, |$that:ident, $index:ident| $origin:expr) => {
        impl burn_dataset::Dataset<$crate::Sample> for $set {
            fn get(&self, index: usize) -> Result<$crate::Sample, burn_dataset::DatasetError> {
                self.$field.get(index)
            }

            fn len(&self) -> usize {
                self.$field.len()
            }
        }

        impl $crate::SampleSet for $set {
            fn shape(&self) -> &[usize] {
                self.$field.shape()
            }

            fn write_values(&self, index: usize, out: &mut [f32]) {
                self.$field.write_values(index, out);
            }

            fn label(&self, index: usize) -> Option<usize> {
                self.$field.label(index)
            }

            fn classes(&self) -> usize {
                self.$field.classes()
            }

            fn fingerprint(&self) -> $crate::Fingerprint {
                self.$field.fingerprint()
            }

            fn inventory(&self) -> $crate::Inventory {
                let $this = self;
                $inventory
            }

            fn origin(&self, $index: usize) -> Option<String> {
                let $that = self;
                $origin
            }
        }
    };
}

pub(crate) use samples_in_field;
