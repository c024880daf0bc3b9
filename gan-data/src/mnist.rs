//! Handwritten digits: MNIST itself, and the datasets made in its format.

mod folder;
mod shipped;

use std::path::Path;

pub use shipped::ShippedError;

use crate::idx::{self, IdxError};
use crate::images::Images;
use crate::parts::in_parts;
use crate::sample_set::samples_in_field;
use crate::{DataError, Inventory};

/// Which of the images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MnistSplit {
    /// The 60,000 training images.
    #[default]
    Train,
    /// The 10,000 test images.
    Test,
    /// All 70,000: the training images, then the test images.
    All,
}

/// The size at which a batch sees the images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MnistSize {
    /// 28×28 pixels, as they are.
    #[default]
    Original28,
    /// 32×32 pixels, a power of two as convolutional networks like it: resized bilinearly with
    /// half-pixel centers on levels that are not rounded, which is what PyTorch's `interpolate`
    /// with `mode="bilinear", align_corners=False` computes.
    Resized32,
}

impl MnistSize {
    /// Rows, and columns, in pixels.
    pub fn side(self) -> usize {
        match self {
            Self::Original28 => 28,
            Self::Resized32 => 32,
        }
    }
}

impl TryFrom<usize> for MnistSize {
    type Error = DataError;

    /// # Errors
    /// [`DataError::Parameter`] for a side other than 28 or 32.
    fn try_from(side: usize) -> Result<Self, DataError> {
        match side {
            28 => Ok(Self::Original28),
            32 => Ok(Self::Resized32),
            _ => {
                let (name, expected, found) = ("image side", "28 or 32", side as f64);
                Err(DataError::Parameter { name, expected, found })
            }
        }
    }
}

/// Gray images of the ten digits, of shape `[1, 28, 28]` or `[1, 32, 32]`, labeled 0 to 9.
///
/// A level of 0 to 255 becomes `level / 127.5 − 1`, which lies in `[−1, 1]`: the background is −1
/// and the stroke goes up to 1. In memory an image is 784 bytes, 55 MB for all of them; a batch
/// converts the images that it holds.
///
/// # Source
/// LeCun, Cortes and Burges, *The MNIST database of handwritten digits*. The data is licensed
/// CC BY-SA 3.0; the attribution in the README of `gan-mnist` must travel with it.
#[derive(Clone, Debug)]
pub struct Mnist {
    images: Images,
}

samples_in_field!(Mnist, images, |set| Inventory {
    noun: "digits",
    ..crate::SampleSet::inventory(&set.images)
});

impl Mnist {
    /// The digits that ship with this crate, checked against the SHA-256 of the authors' files.
    ///
    /// Only what `split` asks for is unpacked, training and test images at the same time.
    ///
    /// # Errors
    /// [`DataError::Shipped`] when the program itself is damaged.
    pub fn shipped(split: MnistSplit, size: MnistSize) -> Result<Self, DataError> {
        Ok(Self::of(Digits::load(split, shipped::read)?, size))
    }

    /// The IDX files in a folder: MNIST, Fashion-MNIST, KMNIST, EMNIST-digits or any other set
    /// of ten classes in this format. Their contents are up to the user; their form is checked.
    ///
    /// Looked for are `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
    /// `t10k-images-idx3-ubyte` and `t10k-labels-idx1-ubyte`, as far as `split` needs them. Each
    /// may be plain or end in `.gz` (plain wins), have a `.` before `idx`, have `test` instead of
    /// `t10k`, and have a prefix that ends in `-`. With the prefix `emnist-` the images are
    /// transposed, because EMNIST stores them column by column.
    ///
    /// # Errors
    /// [`DataError::Idx`] when a file is missing, there twice or not as it should be;
    /// [`DataError::Folder`], [`DataError::Read`] and [`DataError::Empty`].
    pub fn from_dir(
        directory: impl AsRef<Path>,
        split: MnistSplit,
        size: MnistSize,
    ) -> Result<Self, DataError> {
        let directory = directory.as_ref();
        Ok(Self::of(Digits::load(split, |part| folder::read(directory, part))?, size))
    }

    /// Only the first `n` images, in the order of the files, for a quick run.
    ///
    /// MNIST's authors mixed the digits, so the first thousand already hold all ten classes.
    ///
    /// # Errors
    /// [`DataError::Subset`] when `n` is 0 or more than there are.
    pub fn subset(mut self, n: usize) -> Result<Self, DataError> {
        let available = burn_dataset::Dataset::len(&self);
        if !(1..=available).contains(&n) {
            return Err(DataError::Subset { requested: n, available });
        }
        self.images.truncate(n);
        Ok(self)
    }

    /// The 28×28 levels of an image, 0 to 255, row by row, whatever size a batch sees.
    pub fn levels(&self, index: usize) -> &[u8] {
        self.images.levels(index)
    }

    fn of(digits: Digits, size: MnistSize) -> Self {
        let labels = digits.labels.into_iter().map(u32::from).collect();
        let shape = [1, idx::SIDE, idx::SIDE];
        let images = Images::new(shape, digits.pixels, labels, idx::CLASSES.into());
        match size {
            MnistSize::Original28 => Self { images },
            MnistSize::Resized32 => Self { images: images.enlarged() },
        }
    }
}

/// Half of the data: each has a file of images and a file of labels.
#[derive(Clone, Copy, Debug)]
enum Part {
    Train,
    Test,
}

/// As many labels as images of 28×28 bytes.
#[derive(Debug, Default)]
struct Digits {
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

impl Digits {
    /// Both parts are read at the same time where both are wanted.
    fn load(
        split: MnistSplit,
        read: impl Fn(Part) -> Result<Self, DataError> + Sync,
    ) -> Result<Self, DataError> {
        match split {
            MnistSplit::Train => read(Part::Train),
            MnistSplit::Test => read(Part::Test),
            MnistSplit::All => {
                let read = in_parts([Part::Train, Part::Test], read);
                let read: Result<Vec<Self>, DataError> = read.into_iter().collect();
                Ok(read?.into_iter().reduce(Self::followed_by).unwrap_or_default())
            }
        }
    }

    fn followed_by(mut self, other: Self) -> Self {
        self.pixels.reserve_exact(other.pixels.len());
        self.pixels.extend(other.pixels);
        self.labels.extend(other.labels);
        self
    }

    /// Put two unpacked files together; the paths are for errors only.
    fn parse(
        (images_path, images): (&Path, Vec<u8>),
        (labels_path, labels): (&Path, Vec<u8>),
    ) -> Result<Self, DataError> {
        let pixels = idx::images(images_path, images)?;
        let labels = idx::labels(labels_path, labels)?;
        let (n_images, n_labels) = (pixels.len() / (idx::SIDE * idx::SIDE), labels.len());
        if n_images != n_labels {
            let (images, labels) = (images_path.into(), labels_path.into());
            return Err(IdxError::CountMismatch { images, labels, n_images, n_labels }.into());
        }
        if n_images == 0 {
            return Err(DataError::Empty { path: images_path.into(), expected: "images" });
        }
        Ok(Self { pixels, labels })
    }
}
