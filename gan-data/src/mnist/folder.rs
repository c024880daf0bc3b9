//! IDX files of a user's own folder, plain or compressed with gzip.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

use super::{Digits, Part};
use crate::DataError;
use crate::idx::{self, IdxError};
use crate::image_folder::first_image;

const GZIP_MARK: [u8; 2] = [0x1f, 0x8b];

/// A file of more values is never read to its end: 40 times the training images of MNIST.
const MAX_VALUES: u64 = 2 << 30;

/// Values of an image.
const IMAGE: u64 = (idx::SIDE * idx::SIDE) as u64;
/// This many values of images are read however few labels there are, so that the message can state how
/// many images the file has.
const UNLABELED_VALUES: u64 = 256 << 20;

/// The first is the name that errors give.
const TRAIN_IMAGES: &[&str] = &["train-images-idx3-ubyte", "train-images.idx3-ubyte"];
const TRAIN_LABELS: &[&str] = &["train-labels-idx1-ubyte", "train-labels.idx1-ubyte"];
const TEST_IMAGES: &[&str] =
    &["t10k-images-idx3-ubyte", "t10k-images.idx3-ubyte", "test-images-idx3-ubyte"];
const TEST_LABELS: &[&str] =
    &["t10k-labels-idx1-ubyte", "t10k-labels.idx1-ubyte", "test-labels-idx1-ubyte"];

pub(super) fn read(directory: &Path, part: Part) -> Result<Digits, DataError> {
    let (images, labels) = match part {
        Part::Train => (TRAIN_IMAGES, TRAIN_LABELS),
        Part::Test => (TEST_IMAGES, TEST_LABELS),
    };
    let (images, labels) = (find(directory, images)?, find(directory, labels)?);
    let (images_path, labels_path) = (directory.join(&images), directory.join(&labels));
    // Labels are small, and there are no more images than labels: a header alone fills no memory.
    let label_bytes = unpacked(&labels_path, 1, MAX_VALUES / IMAGE)?;
    let most = (4 * IMAGE * label_bytes.len() as u64).clamp(UNLABELED_VALUES, MAX_VALUES);
    let image_bytes = unpacked(&images_path, 3, most)?;
    let mut digits = Digits::parse((&images_path, image_bytes), (&labels_path, label_bytes))?;
    if images.starts_with("emnist-") {
        digits.pixels.chunks_exact_mut(idx::SIDE * idx::SIDE).for_each(transpose);
    }
    Ok(digits)
}

/// The name of the one file in the folder that goes by one of the names.
fn find(directory: &Path, names: &[&'static str]) -> Result<String, DataError> {
    let folder_error = |source| DataError::Folder { path: directory.into(), source };
    let mut matches = Vec::new();
    for entry in fs::read_dir(directory).map_err(folder_error)? {
        let entry = entry.map_err(folder_error)?;
        let file_name = entry.file_name();
        // Opening a pipe would block.
        if !entry.path().is_file() {
            continue;
        }
        if let Some(file_name) = file_name.to_str().filter(|name| goes_by(plain(name), names)) {
            matches.push(file_name.to_owned());
        }
    }
    // A plain file sorts before its compressed twin, which is then dropped.
    matches.sort_unstable();
    matches.dedup_by(|later, kept| plain(later) == plain(kept));
    let (directory, expected) = (PathBuf::from(directory), names[0]);
    match matches.as_slice() {
        [] => Err(match first_image(&directory) {
            Some(example) => IdxError::ImagesInstead { path: directory, example },
            None => IdxError::FileMissing { directory, expected },
        }
        .into()),
        [name] => Ok(name.clone()),
        [first, second, ..] => {
            let (first, second) = (first.clone(), second.clone());
            Err(IdxError::FileAmbiguous { directory, expected, first, second }.into())
        }
    }
}

fn plain(name: &str) -> &str {
    match name.len().checked_sub(3).and_then(|at| name.split_at_checked(at)) {
        Some((plain, ending)) if ending.eq_ignore_ascii_case(".gz") => plain,
        _ => name,
    }
}

fn goes_by(file_name: &str, names: &[&str]) -> bool {
    let prefixes = names.iter().filter_map(|name| file_name.strip_suffix(name));
    prefixes.into_iter().any(|prefix| prefix.is_empty() || prefix.ends_with('-'))
}

/// The bytes of a file, decompressed if its name ends in `.gz`.
///
/// The header is read first, and then one byte more than it announces at most, and of that no more
/// than `most`: a small archive cannot fill the memory.
fn unpacked(path: &Path, axes: usize, most: u64) -> Result<Vec<u8>, DataError> {
    let read_error = |source| DataError::Read { path: path.into(), source };
    let mut file = BufReader::new(fs::File::open(path).map_err(read_error)?);
    let is_compressed =
        path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("gz"));
    if is_compressed {
        let mut found = file.fill_buf().map_err(read_error)?.to_vec();
        if !found.starts_with(&GZIP_MARK) {
            found.truncate(2);
            return Err(IdxError::NotGzip { path: path.into(), found }.into());
        }
    }
    let mut reader: Box<dyn Read> =
        if is_compressed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut bytes = Vec::new();
    let header_bytes = 4 * (1 + axes as u64);
    reader.by_ref().take(header_bytes).read_to_end(&mut bytes).map_err(read_error)?;
    let n_values = idx::announced(&bytes).min(most);
    reader.take(n_values + 1).read_to_end(&mut bytes).map_err(read_error)?;
    bytes.shrink_to_fit();
    Ok(bytes)
}

fn transpose(image: &mut [u8]) {
    for row in 0..idx::SIDE {
        for column in 0..row {
            image.swap(row * idx::SIDE + column, column * idx::SIDE + row);
        }
    }
}
