//! Some samples of a set.

use std::sync::Arc;

use burn_dataset::{Dataset, DatasetError};

use crate::{Fingerprint, Sample, SampleSet};

/// Some samples of a set, in an order of one's own: one part of it to learn from, say, and another to test by.
///
/// # Example
/// ```
/// use std::sync::Arc;
/// use burn_dataset::Dataset;
/// use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet, Subset};
///
/// let digits: Arc<dyn SampleSet> =
///     Arc::new(Mnist::shipped(MnistSplit::Test, MnistSize::Original28)?);
/// let two = Subset::new(digits.clone(), vec![7, 3])?;
/// assert_eq!((two.len(), two.label(1)), (2, digits.label(3)));
/// # Ok::<(), gan_data::DataError>(())
/// ```
pub struct Subset {
    set: Arc<dyn SampleSet>,
    indices: Vec<usize>,
}

impl Subset {
    /// The samples of `set` at `indices`.
    ///
    /// # Errors
    /// [`DataError::Subset`](crate::DataError::Subset) for no index at all, or for one that the set does not have.
    pub fn new(set: Arc<dyn SampleSet>, indices: Vec<usize>) -> Result<Self, crate::DataError> {
        let available = set.len();
        let largest = indices.iter().max().map_or(0, |&largest| largest + 1);
        if !(1..=available).contains(&largest) {
            return Err(crate::DataError::Subset { requested: largest, available });
        }
        Ok(Self { set, indices })
    }
}

impl Dataset<Sample> for Subset {
    fn get(&self, index: usize) -> Result<Sample, DatasetError> {
        self.set.get(self.indices[index])
    }

    fn len(&self) -> usize {
        self.indices.len()
    }
}

impl SampleSet for Subset {
    fn shape(&self) -> &[usize] {
        self.set.shape()
    }

    fn write_values(&self, index: usize, out: &mut [f32]) {
        self.set.write_values(self.indices[index], out);
    }

    fn label(&self, index: usize) -> Option<usize> {
        self.set.label(self.indices[index])
    }

    fn classes(&self) -> usize {
        self.set.classes()
    }

    fn fingerprint(&self) -> Fingerprint {
        let labels: Vec<u32> =
            (0..self.len()).filter_map(|i| self.label(i)).map(|label| label as u32).collect();
        Fingerprint::of_samples(self.shape(), self.len(), &labels, |hash| {
            for i in 0..self.len() {
                for value in self.values(&[i]) {
                    sha2::Digest::update(hash, value.to_le_bytes());
                }
            }
        })
    }

    fn origin(&self, index: usize) -> Option<String> {
        self.set.origin(self.indices[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Mnist, MnistSize, MnistSplit};

    fn digits() -> Arc<dyn SampleSet> {
        Arc::new(Mnist::shipped(MnistSplit::Test, MnistSize::Original28).unwrap())
    }

    #[test]
    fn a_subset_has_the_samples_at_its_indices() {
        let (all, some) = (digits(), Subset::new(digits(), vec![5, 0, 5]).unwrap());
        assert_eq!((some.len(), some.shape(), some.classes()), (3, all.shape(), 10));
        for (at, index) in [5, 0, 5].into_iter().enumerate() {
            assert_eq!(some.get(at).unwrap(), all.get(index).unwrap());
            assert_eq!(
                (some.label(at), some.values(&[at])),
                (all.label(index), all.values(&[index]))
            );
        }
        let other = Subset::new(digits(), vec![0, 5, 5]).unwrap();
        assert_ne!(some.fingerprint(), other.fingerprint());
    }

    #[test]
    fn no_index_and_one_that_is_not_there_are_refused() {
        for indices in [vec![], vec![3, 10_000]] {
            assert!(Subset::new(digits(), indices).is_err());
        }
    }
}
