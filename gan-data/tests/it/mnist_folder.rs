//! IDX files of a user's own folder, sound and broken.

use std::fs;
use std::io::Write;
use std::path::Path;

use burn_dataset::Dataset;
use flate2::Compression;
use flate2::write::GzEncoder;
use gan_data::{DataError, IdxError, Mnist, MnistSize, MnistSplit, SampleSet};
use tempfile::TempDir;

use crate::errors::check;

fn idx(magic: u32, axes: &[u32], payload: &[u8]) -> Vec<u8> {
    let words = std::iter::once(&magic).chain(axes).flat_map(|word| word.to_be_bytes());
    words.chain(payload.iter().copied()).collect()
}

/// `n` images; the pixel at (row, column) of image `i` is `i + 2·row + column`.
fn images(n: u32) -> Vec<u8> {
    let pixels = (0..n * 784).map(|p| (p / 784 + 2 * (p % 784 / 28) + p % 28) as u8);
    idx(0x803, &[n, 28, 28], &pixels.collect::<Vec<u8>>())
}

fn labels(n: u32) -> Vec<u8> {
    idx(0x801, &[n], &(0..n).map(|i| (i % 10) as u8).collect::<Vec<u8>>())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn folder(files: &[(&str, Vec<u8>)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    folder
}

fn open(folder: &Path, split: MnistSplit) -> Result<Mnist, DataError> {
    Mnist::from_dir(folder, split, MnistSize::Original28)
}

/// The error of a training split in which one of two sound files is replaced.
fn broken(name: &str, bytes: Vec<u8>) -> DataError {
    let mut files =
        vec![("train-images-idx3-ubyte", images(3)), ("train-labels-idx1-ubyte", labels(3))];
    files.retain(|(sound, _)| !name.starts_with(sound));
    files.push((name, bytes));
    open(folder(&files).path(), MnistSplit::Train).unwrap_err()
}

const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";

#[test]
fn plain_and_compressed_files_are_read_alike() {
    let mixed = folder(&[
        ("train-images-idx3-ubyte", images(12)),
        ("train-labels-idx1-ubyte.gz", gzip(&labels(12))),
        ("t10k-images-idx3-ubyte.gz", gzip(&images(4))),
        ("t10k-labels-idx1-ubyte", labels(4)),
        ("README.md", b"unrelated".to_vec()),
    ]);
    let all = open(mixed.path(), MnistSplit::All).unwrap();
    assert_eq!((all.len(), all.label(11), all.label(12)), (16, Some(1), Some(0)));
    assert_eq!(all.levels(11)[..3], [11, 12, 13]);
    assert_eq!(all.levels(13)[28], 3);
    assert_eq!(open(mixed.path(), MnistSplit::Test).unwrap().len(), 4);
}

#[test]
fn a_split_needs_only_its_own_files() {
    let train = folder(&[(IMAGES, images(2)), (LABELS, labels(2))]);
    assert_eq!(open(train.path(), MnistSplit::Train).unwrap().len(), 2);
    let error = open(train.path(), MnistSplit::All).unwrap_err();
    check(&error, &[&train.path().display().to_string(), "t10k-images-idx3-ubyte", ".gz"]);
    assert!(matches!(error, DataError::Idx(IdxError::FileMissing { .. })));
}

#[test]
fn a_plain_file_wins_over_its_compressed_twin() {
    let twins = folder(&[
        (IMAGES, images(2)),
        ("train-images-idx3-ubyte.gz", b"half a download".to_vec()),
        (LABELS, labels(2)),
    ]);
    assert_eq!(open(twins.path(), MnistSplit::Train).unwrap().len(), 2);
}

#[test]
fn names_of_emnist_are_known_and_its_images_are_transposed() {
    let emnist = folder(&[
        ("emnist-digits-train-images-idx3-ubyte.gz", gzip(&images(5))),
        ("emnist-digits-train-labels-idx1-ubyte.gz", gzip(&labels(5))),
        ("emnist-digits-test-images-idx3-ubyte", images(2)),
        ("emnist-digits-test-labels-idx1-ubyte", labels(2)),
    ]);
    let all = open(emnist.path(), MnistSplit::All).unwrap();
    assert_eq!(all.len(), 7);
    assert_eq!(all.levels(0)[..3], [0, 2, 4]);
    assert_eq!(all.levels(0)[28], 1);
}

#[test]
fn files_of_two_datasets_are_ambiguous() {
    let two = folder(&[
        ("emnist-digits-train-images-idx3-ubyte", images(2)),
        ("kmnist-train-images-idx3-ubyte.gz", gzip(&images(2))),
    ]);
    let error = open(two.path(), MnistSplit::Train).unwrap_err();
    check(&error, &["one train-images-idx3-ubyte", "emnist-digits-", "kmnist-train", ".gz"]);
    assert!(matches!(error, DataError::Idx(IdxError::FileAmbiguous { .. })));
}

#[test]
fn a_missing_directory_is_named() {
    let parent = TempDir::new().unwrap();
    let error = open(&parent.path().join("nowhere"), MnistSplit::Train).unwrap_err();
    check(&error, &["cannot list the folder", "nowhere"]);
    assert!(matches!(error, DataError::Folder { .. }));
}

#[test]
fn a_truncated_file_is_an_error_with_both_lengths() {
    for cut in [1, 784, 3 * 784] {
        let bytes = images(3);
        let length = bytes.len() - cut;
        let error = broken(IMAGES, bytes[..length].to_vec());
        check(&error, &[IMAGES, &format!("{length} bytes"), "expected 2368"]);
        assert!(matches!(error, DataError::Idx(IdxError::Length { expected: 2368, .. })));
    }
    for length in [0, 3, 7, 15] {
        let error = broken(IMAGES, images(3)[..length].to_vec());
        check(&error, &[IMAGES, &format!("has {length} bytes"), "expected 16"]);
    }
}

#[test]
fn bytes_after_the_last_item_are_an_error() {
    let mut bytes = labels(3);
    bytes.push(0);
    check(&broken(LABELS, bytes), &[LABELS, "12 bytes", "expected 11"]);
}

#[test]
fn a_header_that_announces_absurd_sizes_is_an_error() {
    let error = broken(IMAGES, idx(0x803, &[u32::MAX; 3], &[]));
    assert!(matches!(
        error,
        DataError::Idx(IdxError::Length { expected: u64::MAX, found: 16, .. })
    ));
}

#[test]
fn a_wrong_magic_number_is_an_error_with_both() {
    let error = broken(IMAGES, labels(3));
    check(&error, &[IMAGES, "0x00000801", "0x00000803"]);
    assert!(matches!(error, DataError::Idx(IdxError::Magic { expected: 0x803, found: 0x801, .. })));
    check(&broken(LABELS, images(3)), &[LABELS, "0x00000803", "0x00000801"]);
}

#[test]
fn images_of_another_size_are_an_error() {
    let error = broken(IMAGES, idx(0x803, &[3, 20, 21], &[0; 3 * 20 * 21]));
    check(&error, &[IMAGES, "20x21", "28x28"]);
    assert!(matches!(error, DataError::Idx(IdxError::Side { found: [20, 21], .. })));
}

#[test]
fn as_many_labels_as_images_are_needed() {
    let error = broken(LABELS, labels(2));
    check(&error, &[LABELS, IMAGES, "2 labels", "expected 3"]);
    assert!(matches!(
        error,
        DataError::Idx(IdxError::CountMismatch { n_images: 3, n_labels: 2, .. })
    ));
}

#[test]
fn a_label_that_is_no_digit_is_an_error_with_its_place() {
    let error = broken(LABELS, idx(0x801, &[3], &[0, 26, 1]));
    check(&error, &[LABELS, "label 1 of", "is 26", "0 to 9"]);
    assert!(matches!(error, DataError::Idx(IdxError::Label { index: 1, found: 26, .. })));
}

#[test]
fn a_file_named_gz_must_be_gzip() {
    let error = broken("train-images-idx3-ubyte.gz", images(3));
    check(&error, &["train-images-idx3-ubyte.gz", "[00, 00]", "[1f, 8b]"]);
    assert!(matches!(error, DataError::Idx(IdxError::NotGzip { .. })));
    check(&broken("train-images-idx3-ubyte.gz", Vec::new()), &["starts with []"]);
}

#[test]
fn a_cut_off_gzip_file_is_an_error_that_names_it() {
    let whole = gzip(&images(3));
    let error = broken("train-images-idx3-ubyte.gz", whole[..whole.len() / 2].to_vec());
    check(&error, &["cannot read", "train-images-idx3-ubyte.gz"]);
    assert!(matches!(error, DataError::Read { .. }));
}

#[test]
fn files_without_images_are_empty() {
    let nothing = folder(&[(IMAGES, images(0)), (LABELS, labels(0))]);
    let error = open(nothing.path(), MnistSplit::Train).unwrap_err();
    check(&error, &[IMAGES, "empty", "expected images"]);
    assert!(matches!(error, DataError::Empty { .. }));
}

#[test]
fn a_gzip_bomb_is_read_only_as_far_as_its_header_announces() {
    use std::io::Write;
    let folder = tempfile::TempDir::new().unwrap();
    let pack = |name: &str, header: &[u8], zeros: usize| {
        let file = std::fs::File::create(folder.path().join(name)).unwrap();
        let mut gz = flate2::write::GzEncoder::new(file, flate2::Compression::fast());
        gz.write_all(header).unwrap();
        gz.write_all(&vec![0; zeros]).unwrap();
        gz.finish().unwrap();
    };
    let header = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28];
    pack("train-images-idx3-ubyte.GZ", &header, 50_000_000);
    pack("train-labels-idx1-ubyte.gz", &[0, 0, 8, 1, 0, 0, 0, 1], 1);
    let read = || Mnist::from_dir(folder.path(), MnistSplit::Train, MnistSize::Original28);
    crate::errors::check(&read().unwrap_err(), &["has 801 bytes when unpacked, expected 800"]);
    pack("train-images-idx3-ubyte.GZ", &header, 784);
    let inventory = gan_data::SampleSet::inventory(&read().unwrap());
    assert_eq!((inventory.noun, inventory.samples, inventory.range), ("digits", 1, [-1.0; 2]));
    assert_eq!(inventory.classes[0].samples, 1);
}

#[test]
fn images_that_only_a_header_promises_do_not_fill_the_memory() {
    let announced: u32 = 1_000_000;
    let mut bytes = idx(0x803, &[announced, 28, 28], &[]);
    bytes.resize(16 + 300_000_000, 0);
    let files = [
        ("train-images-idx3-ubyte.gz", gzip(&bytes)),
        ("train-labels-idx1-ubyte.gz", gzip(&labels(3))),
    ];
    let folder = folder(&files);
    let error = Mnist::from_dir(folder.path(), MnistSplit::Train, MnistSize::Original28);
    // 256 MiB and one byte behind the header, not all that is there.
    check(&error.unwrap_err(), &["has 268435473 bytes when unpacked, expected 784000016"]);
}

#[test]
fn a_folder_of_pictures_instead_of_idx_files_is_told_the_key() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("cats")).unwrap();
    image::RgbImage::new(4, 4).save(folder.path().join("cats/0.png")).unwrap();
    let error = Mnist::from_dir(folder.path(), MnistSplit::Train, MnistSize::Original28);
    let expected = "images (cats/0.png): --set data.kind=images --set data.dir=";
    crate::errors::check(&error.unwrap_err(), &[expected]);
}
