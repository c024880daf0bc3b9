//! The crate's error type: everything that can be wrong with data.

use std::io;
use std::path::PathBuf;

use crate::TableFault;
use crate::text::shown;

/// Why a dataset could not be made or split into batches.
///
/// The message states what was expected and what was found; a cause from below is in `source` and
/// not repeated in the message.
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

    /// A folder lacks one of the IDX files.
    #[error("{} holds no file {expected}, neither plain nor .gz (data.dir)", directory.display())]
    FileMissing {
        /// The folder.
        directory: PathBuf,
        /// The plain name of the file.
        expected: &'static str,
    },

    /// A folder holds the IDX files of several datasets.
    #[error("expected one {expected} in {}, found {first} and {second}", directory.display())]
    FileAmbiguous {
        /// The folder.
        directory: PathBuf,
        /// The plain name of the file.
        expected: &'static str,
        /// The first match by name.
        first: String,
        /// The second match by name.
        second: String,
    },

    /// A file whose name ends with `.gz` is not compressed with gzip.
    #[error("{} starts with {found:02x?}, expected the gzip mark [1f, 8b]", path.display())]
    NotGzip {
        /// The file.
        path: PathBuf,
        /// Its first two bytes, or fewer.
        found: Vec<u8>,
    },

    /// An IDX file starts with another magic number.
    #[error("{} starts with {found:#010x}, expected the IDX magic {expected:#010x}", path.display())]
    IdxMagic {
        /// The file.
        path: PathBuf,
        /// The magic number of the kind of file that was asked for.
        expected: u32,
        /// The first four bytes, big-endian.
        found: u32,
    },

    /// An IDX file is truncated, or continues after its last item.
    #[error("{} has {found} bytes when unpacked, expected {expected}", path.display())]
    IdxLength {
        /// The file.
        path: PathBuf,
        /// The length that the header announces; the header's own when that is cut off.
        expected: u64,
        /// The length of the unpacked file.
        found: u64,
    },

    /// The images of an IDX file have another size.
    #[error(
        "{} has images of {}x{} pixels, expected 28x28; a folder of image files may have any size \
        (data.kind=images)",
        path.display(), found[0], found[1]
    )]
    IdxSide {
        /// The file.
        path: PathBuf,
        /// Rows and columns.
        found: [u32; 2],
    },

    /// A label is not a digit.
    #[error("label {index} of {} is {found}, expected 0 to 9", path.display())]
    IdxLabel {
        /// The file.
        path: PathBuf,
        /// Position of the label, from 0.
        index: usize,
        /// The label.
        found: u8,
    },

    /// There are not as many labels as images.
    #[error("{} has {n_labels} labels, expected {n_images} as {} has images",
        labels.display(), images.display())]
    CountMismatch {
        /// The file of images.
        images: PathBuf,
        /// The file of labels.
        labels: PathBuf,
        /// Images found.
        n_images: usize,
        /// Labels found.
        n_labels: usize,
    },

    /// A file that ships with the crate is damaged.
    #[error("the shipped {name} has the SHA-256 {found}, expected {expected}")]
    Checksum {
        /// The file's name.
        name: &'static str,
        /// The digest that the authors' file has.
        expected: &'static str,
        /// The digest of what was decoded.
        found: String,
    },

    /// A file that ships with the crate cannot be unpacked.
    #[error("cannot unpack the shipped {name}")]
    Shipped {
        /// The file's name.
        name: &'static str,
        /// The decoder's error.
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

    /// A file does not hold the table of numbers that it should.
    #[error("{}: {fault}", shown(path))]
    Table {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where in it.
        fault: Box<TableFault>,
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

    /// Images of a folder cannot be read: all of them in one list.
    #[error("{}", crate::image_folder::broken_message(path, files, *n_images))]
    BrokenImages {
        /// The folder.
        path: PathBuf,
        /// Every image that cannot be read, in the order of the samples.
        files: Vec<crate::BrokenImage>,
        /// Images of the folder, the broken ones included.
        n_images: usize,
    },

    /// A folder has files, but no images.
    #[error(
        "{} holds no images, expected {expected}; passed over: {passed_over}",
        path.display()
    )]
    NoImages {
        /// The folder.
        path: PathBuf,
        /// What should be in it.
        expected: &'static str,
        /// What is in it, by kind.
        passed_over: String,
    },

    /// The only classes of a folder would be the parts of a split data set, or one folder between.
    #[error(
        "{} has no images directly below, found {example} {levels}; name one folder by \
        data.dir={}, or take {names} as classes by data.classes",
        path.display(), suggestion.display()
    )]
    NotClasses {
        /// The folder.
        path: PathBuf,
        /// The first image, seen from the folder.
        example: String,
        /// How deep the first image is: `two levels down`.
        levels: String,
        /// The folder that was probably meant.
        suggestion: PathBuf,
        /// The sub-folders with images.
        names: String,
    },

    /// A class was chosen that is no sub-folder with images.
    #[error("{} has no class {found:?}{nearest}; it has {available}", path.display())]
    UnknownClass {
        /// The folder.
        path: PathBuf,
        /// The name that was asked for.
        found: String,
        /// `, did you mean "cats"?`, or nothing.
        nearest: String,
        /// The classes there are.
        available: String,
    },

    /// A class was chosen twice.
    #[error("data.classes names {found:?} twice, expected each class once")]
    ClassTwice {
        /// The name.
        found: String,
    },

    /// The images of a folder do not fit in memory at the size asked for.
    #[error(
        "{n_images} images of {} at {side}x{side} pixels do not fit in memory; \
        a smaller data.size needs less",
        path.display()
    )]
    FolderTooLarge {
        /// The folder.
        path: PathBuf,
        /// Images of the folder.
        n_images: usize,
        /// Rows, and columns, of an image.
        side: usize,
    },

    /// A folder of pictures was given where IDX files are expected.
    #[error(
        "{} holds no IDX files but images ({example}): --set data.kind=images --set data.dir={}",
        path.display(), path.display()
    )]
    ImagesNotIdx {
        /// The folder.
        path: PathBuf,
        /// The first image, seen from the folder.
        example: String,
    },

    /// A folder has images beside sub-folders with images, so their labels are unclear.
    #[error(
        "expected images in {} or in its sub-folders, found both {image:?} and {sub_folder:?}; \
        data.classes chooses sub-folders",
        path.display()
    )]
    MixedFolder {
        /// The folder.
        path: PathBuf,
        /// An image directly in it.
        image: String,
        /// A sub-folder with images.
        sub_folder: String,
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
