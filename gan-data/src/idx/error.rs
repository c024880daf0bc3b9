//! What can be wrong with IDX files.

use std::path::PathBuf;

/// Why the IDX files of a folder are no data set;
/// [`DataError::Idx`](crate::DataError::Idx) holds it.
///
/// Files that cannot be read, or have no images, are general variants of
/// [`DataError`](crate::DataError).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IdxError {
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

    /// A folder of pictures was given where IDX files are expected.
    #[error(
        "{} holds no IDX files but images ({example}): --set data.kind=images --set data.dir={}",
        path.display(), path.display()
    )]
    ImagesInstead {
        /// The folder.
        path: PathBuf,
        /// The first image, seen from the folder.
        example: String,
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
    Magic {
        /// The file.
        path: PathBuf,
        /// The magic number of the kind of file that was asked for.
        expected: u32,
        /// The first four bytes, big-endian.
        found: u32,
    },

    /// An IDX file is truncated, or goes on after its last item.
    #[error("{} has {found} bytes when unpacked, expected {expected}", path.display())]
    Length {
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
    Side {
        /// The file.
        path: PathBuf,
        /// Rows and columns.
        found: [u32; 2],
    },

    /// A label is not a digit.
    #[error("label {index} of {} is {found}, expected 0 to 9", path.display())]
    Label {
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
}
