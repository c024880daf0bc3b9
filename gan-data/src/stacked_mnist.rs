//! Stacked MNIST: three digits as the channels of one image, which makes 1000 modes that can be counted.

use burn_dataset::{Dataset, DatasetError};
use gan_batch::Seed;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use crate::{
    ClassCount, DataError, Fingerprint, Inventory, Mnist, MnistSize, MnistSplit, Sample, SampleSet,
};

/// Digits in an image, one a channel.
const CHANNELS: usize = 3;
/// Classes of a digit, and so the base of a label.
const DIGITS: usize = 10;
/// Classes of an image: one for each combination of three digits.
const CLASSES: usize = DIGITS * DIGITS * DIGITS;

/// Images of three digits, of shape `[3, 28, 28]` or `[3, 32, 32]`, labeled 0 to 999.
///
/// Each channel is a digit of MNIST that is drawn uniformly and independently, with replacement;
/// digits `a`, `b` and `c` in red, green and blue have the label `100·a + 10·b + c`. Values are those
/// of [`Mnist`]: in `[−1, 1]`, background −1. MNIST's digits are not equally frequent, and so
/// neither are the 1000 classes: of the training split, label 111 has 0.142 % and label 555 0.074 %.
///
/// The same digits, number and seed give the same bytes on every machine, and a shorter set is the
/// beginning of a longer one. Held are the digits themselves and 12 bytes an image.
///
/// # Source
/// Metz et al. (2017), arXiv:1611.02163; the number of images is that of Lin et al. (2018),
/// PacGAN, arXiv:1712.04086.
///
/// # Example
/// ```
/// use gan_batch::Seed;
/// use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet, StackedMnist};
///
/// let digits = Mnist::shipped(MnistSplit::Test, MnistSize::Original28)?;
/// let stacked = StackedMnist::new(digits.clone(), 5_000, Seed(1))?;
/// let [red, green, blue] = stacked.digits_of(7).map(|digit| digits.label(digit).unwrap());
/// assert_eq!(stacked.label(7), Some(100 * red + 10 * green + blue));
/// assert_eq!(stacked.shape(), [3, 28, 28]);
/// # Ok::<(), gan_data::DataError>(())
/// ```
#[doc(alias = "PacGAN")]
#[doc(alias = "VEEGAN")]
#[derive(Clone, Debug)]
pub struct StackedMnist {
    digits: Mnist,
    /// The digits of each image.
    triples: Vec<[u32; CHANNELS]>,
    shape: [usize; 3],
}

impl StackedMnist {
    /// Images in the protocol's training set.
    pub const PROTOCOL_SAMPLES: usize = 128_000;

    /// The protocol's number of images, of the digits that ship with this crate.
    ///
    /// # Errors
    /// As [`Mnist::shipped`].
    pub fn shipped(split: MnistSplit, size: MnistSize, seed: Seed) -> Result<Self, DataError> {
        Self::new(Mnist::shipped(split, size)?, Self::PROTOCOL_SAMPLES, seed)
    }

    /// `n_samples` images of `digits`, which may be any set in MNIST's format, drawn one after the
    /// other from draw 0 of stream `stacked-mnist`.
    ///
    /// # Errors
    /// [`DataError::Parameter`] when `n_samples` is 0.
    pub fn new(digits: Mnist, n_samples: usize, seed: Seed) -> Result<Self, DataError> {
        DataError::check_n_samples(n_samples)?;
        let mut rng = seed.stream("stacked-mnist").draw(0);
        let n_digits = digits.len() as u64;
        let triple = |_| [(); CHANNELS].map(|()| below(n_digits, &mut rng));
        let triples = (0..n_samples).map(triple).collect();
        let &[_, rows, columns] = digits.shape() else {
            unreachable!("a digit has one channel, rows and columns")
        };
        Ok(Self { digits, triples, shape: [CHANNELS, rows, columns] })
    }

    /// The digits that images are made of.
    pub fn digits(&self) -> &Mnist {
        &self.digits
    }

    /// Which of the [`digits`](Self::digits) are the red, green and blue channel of an image.
    ///
    /// # Panics
    /// If `index` is not below `len()`, as slices do.
    pub fn digits_of(&self, index: usize) -> [usize; CHANNELS] {
        self.triples[index].map(|digit| digit as usize)
    }

    fn class(&self, index: usize) -> usize {
        let digit = |digit| self.digits.label(digit).unwrap_or_default();
        self.digits_of(index).into_iter().fold(0, |label, each| DIGITS * label + digit(each))
    }
}

/// A number below `n`, from one `u64`, written out for the same reason as the shuffling of epochs.
fn below(n: u64, rng: &mut ChaCha8Rng) -> u32 {
    ((u128::from(rng.next_u64()) * u128::from(n)) >> 64) as u32
}

impl Dataset<Sample> for StackedMnist {
    fn get(&self, index: usize) -> Result<Sample, DatasetError> {
        Ok(Sample { values: self.values(&[index]), label: self.label(index) })
    }

    fn len(&self) -> usize {
        self.triples.len()
    }
}

impl SampleSet for StackedMnist {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn write_values(&self, index: usize, out: &mut [f32]) {
        let channels = out.chunks_exact_mut(out.len() / CHANNELS);
        for (digit, channel) in self.digits_of(index).into_iter().zip(channels) {
            self.digits.write_values(digit, channel);
        }
    }

    fn label(&self, index: usize) -> Option<usize> {
        Some(self.class(index))
    }

    fn classes(&self) -> usize {
        CLASSES
    }

    /// Of the levels of all digits, then of the triples (`u32`), as they are held; no image
    /// is made.
    fn fingerprint(&self) -> Fingerprint {
        use sha2::Digest;
        let labels: Vec<u32> = (0..self.len()).map(|index| self.class(index) as u32).collect();
        Fingerprint::of_samples(&self.shape, self.len(), &labels, |hash| {
            for digit in 0..self.digits.len() {
                hash.update(self.digits.levels(digit));
            }
            for digit in self.triples.as_flattened() {
                hash.update(digit.to_le_bytes());
            }
        })
    }

    /// From the labels and the range of the digits; no image is made.
    fn inventory(&self) -> Inventory {
        let mut counts = vec![0; CLASSES];
        for index in 0..self.len() {
            counts[self.class(index)] += 1;
        }
        let named = |(label, samples)| ClassCount { name: format!("{label:03}"), samples };
        Inventory {
            noun: "stacked digits",
            samples: self.len(),
            shape: self.shape.to_vec(),
            classes: counts.into_iter().enumerate().map(named).collect(),
            range: self.digits.inventory().range,
            table: None,
            passed_over: Vec::new(),
            remarks: vec![format!("each of three of {} digits", self.digits.len())],
        }
    }
}
