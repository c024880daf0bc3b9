//! The crate's error type: everything that can be wrong with data.

use std::io;
use std::path::PathBuf;

use crate::text::shown;
use crate::{IdxError, ImageFolderError, ShippedError, TableFault};

/// Why a dataset could not be made or split into batches.
///
/// The message states what was expected and what was found; a cause from below is in `source` and
/// not repeated in the message. Errors that only one format can have are in an enum of that
/// format: [`TableFault`], [`IdxError`], [`ImageFolderError`], [`ShippedError`].
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A parameter of a dataset is out of its range.
    #[error("{name} is {found}, expected {expected}")]
    Parameter {
        /// The parameter's name.
        name: &'static str,
        /// The range it should be in.
        expected: &'static str,
        /// Its value.
        found: f64,
    },

    /// A file could not be read or unpacked.
    #[error("cannot read {}", shown(path))]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },

    /// A folder is missing, is not a folder, or may not be listed.
    #[error("cannot list the folder {}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The operating system's error.
        source: io::Error,
    },

    /// A subset was asked to hold more samples than there are, or none.
    #[error("a subset of {requested} samples was asked for, expected 1 to {available}")]
    Subset {
        /// Samples asked for.
        requested: usize,
        /// Samples there are.
        available: usize,
    },

    /// A file or folder holds no samples.
    #[error("{} is empty, expected {expected}", shown(path))]
    Empty {
        /// The file or folder.
        path: PathBuf,
        /// What should be in it.
        expected: &'static str,
    },

    /// A file of numbers has an extension of no known format.
    #[error(
        "{} has no known format, expected a name that ends with .csv, .tsv, .txt or .dat \
        (also .gz), .npy or .npz",
        shown(path)
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
    },

    /// A coordinate given in memory is infinite or not a number.
    #[error("coordinate {column} of point {row} is {found}, expected a finite number")]
    NotFinite {
        /// The point, from 0.
        row: usize,
        /// The coordinate, from 0.
        column: usize,
        /// The value.
        found: f32,
    },

    /// Values given in memory do not divide into points.
    #[error("{found} values make no points of {dim} coordinates, expected a positive multiple")]
    PointLength {
        /// Coordinates of a point.
        dim: usize,
        /// Values given.
        found: usize,
    },

    /// Batches were asked for from a dataset without samples.
    #[error("the dataset has 0 samples, expected at least the {batch_size} of one batch")]
    NoSamples {
        /// Samples in a batch.
        batch_size: usize,
    },

    /// A batch is larger than the dataset, or empty.
    #[error("the batch size is {batch_size}, expected 1 to {n_samples}, the samples there are")]
    BatchSize {
        /// Samples in a batch.
        batch_size: usize,
        /// Samples in the dataset.
        n_samples: usize,
    },

    /// The rank of the batches does not fit the shape of the samples.
    #[error(
        "batches of rank {found} were asked for, expected {expected}: \
        the batch and samples of shape {shape:?}"
    )]
    Rank {
        /// The shape of one sample.
        shape: Vec<usize>,
        /// The rank that fits.
        expected: usize,
        /// The rank asked for.
        found: usize,
    },

    /// Labels were asked for from a dataset without classes.
    #[error("labels were asked for, expected a dataset with classes but this one has 0")]
    Unlabeled,

    /// A file does not hold the table of numbers that it should.
    #[error("{}: {fault}", shown(path))]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where in it.
        fault: Box<TableFault>,
    },

    /// The IDX files of a folder are missing, damaged or do not belong together.
    #[error(transparent)]
    Idx(#[from] IdxError),

    /// The images of a folder are missing, damaged, of unclear classes or too large for the memory.
    #[error(transparent)]
    Images(#[from] ImageFolderError),

    /// A file that ships with the crate is damaged.
    #[error(transparent)]
    Shipped(#[from] ShippedError),
}

impl DataError {
    pub(crate) fn check_n_samples(n_samples: usize) -> Result<(), Self> {
        Self::check_at_least_one("n_samples", n_samples)
    }

    pub(crate) fn check_at_least_one(name: &'static str, found: usize) -> Result<(), Self> {
        let error = Self::Parameter { name, expected: "at least 1", found: found as f64 };
        if found == 0 { Err(error) } else { Ok(()) }
    }

    pub(crate) fn check_not_negative(name: &'static str, found: f64) -> Result<(), Self> {
        let expected = "a finite number that is not negative";
        let fits = found.is_finite() && found >= 0.0;
        if fits { Ok(()) } else { Err(Self::Parameter { name, expected, found }) }
    }
}
