//! Images in an array of NumPy's, as other programs write them.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::Path;

use anyhow::{Context as _, anyhow, bail, ensure};
use gan_data::NpyHeader;
use zip::ZipArchive;

use crate::digest::sha256_digits;

/// The largest array that is read.
const MOST_VALUES: u64 = 1 << 31;

/// Images in memory, channels first, in `[−1, 1]`.
#[derive(Debug)]
pub(crate) struct ImageArray {
    shape: [usize; 3],
    values: Vec<f32>,
    labels: Vec<usize>,
    reading: String,
}

impl ImageArray {
    /// Read `.npy`, or `.npz` with the images in `arr_0` and, if they have any, their labels in `arr_1`.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let file = File::open(path).with_context(|| {
            format!("cannot read {name}, expected .npy, .npz or a folder of images")
        })?;
        let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
        let (array, labels) = match ending.to_lowercase().as_str() {
            "npy" => (read(BufReader::new(file)), Ok(Vec::new())),
            "npz" => open_archive(file),
            _ => bail!("{name} ends in neither .npy nor .npz, and is no folder of images"),
        };
        let array = array.with_context(|| format!("{name} cannot be used"))?;
        let labels = labels.with_context(|| format!("the labels of {name} cannot be used"))?;
        Self::new(array, labels).with_context(|| format!("{name} cannot be used"))
    }

    fn new(array: Array, labels: Vec<usize>) -> anyhow::Result<Self> {
        let (n, shape, channels_last) = layout(&array.shape)?;
        ensure!(
            labels.is_empty() || labels.len() == n,
            "it has {n} images and {} labels",
            labels.len()
        );
        ensure!(
            array.values.iter().all(|value| value.is_finite()),
            "it has a value that is infinite or not a number"
        );
        let (scaled, range) = scaled(array.values, array.is_whole)?;
        let values = if channels_last { channels_first(&scaled, shape) } else { scaled };
        let [channels, height, width] = shape;
        let reading = format!("{n} images of {channels}×{height}×{width}, {range}");
        Ok(Self { shape, values, labels, reading })
    }

    /// What the array was taken for.
    pub(crate) fn reading(&self) -> &str {
        &self.reading
    }

    pub(crate) fn shape(&self) -> &[usize] {
        &self.shape
    }

    pub(crate) fn len(&self) -> usize {
        self.values.len() / self.shape.iter().product::<usize>().max(1)
    }

    pub(crate) fn values(&self, indices: &[usize]) -> Vec<f32> {
        let of_each: usize = self.shape.iter().product();
        indices
            .iter()
            .flat_map(|&i| &self.values[i * of_each..(i + 1) * of_each])
            .copied()
            .collect()
    }

    pub(crate) fn label(&self, index: usize) -> Option<usize> {
        self.labels.get(index).copied()
    }

    /// The SHA-256 of shape and values.
    pub(crate) fn fingerprint(&self) -> String {
        let shape = self.shape.iter().flat_map(|&length| (length as u64).to_le_bytes());
        let values = self.values.iter().flat_map(|value| value.to_le_bytes());
        sha256_digits(&shape.chain(values).collect::<Vec<u8>>())
    }
}

/// Numbers as they are in a file.
struct Array {
    shape: Vec<u64>,
    values: Vec<f32>,
    /// Whether the file has them as whole numbers.
    is_whole: bool,
}

fn open_archive(file: File) -> (anyhow::Result<Array>, anyhow::Result<Vec<usize>>) {
    let mut archive = match ZipArchive::new(BufReader::new(file)) {
        Ok(archive) => archive,
        Err(error) => return (Err(anyhow!(error).context("it is no archive")), Ok(Vec::new())),
    };
    let images = entry(&mut archive, "arr_0.npy");
    let has_labels = archive.index_for_name("arr_1.npy").is_some();
    let labels =
        if has_labels { entry(&mut archive, "arr_1.npy").and_then(labels) } else { Ok(Vec::new()) };
    (images, labels)
}

fn entry(archive: &mut ZipArchive<impl Read + Seek>, name: &str) -> anyhow::Result<Array> {
    let names: Vec<String> = archive.file_names().flatten().map(Cow::into_owned).collect();
    let entry = archive
        .by_name(name)
        .with_context(|| format!("it has no array `{name}`, only {}", names.join(", ")))?;
    read(entry)
}

fn labels(array: Array) -> anyhow::Result<Vec<usize>> {
    ensure!(array.is_whole, "labels are whole numbers");
    let label = |value: f32| {
        ensure!(value >= 0.0, "a label is {value}, expected 0 or more");
        Ok(value as usize)
    };
    array.values.into_iter().map(label).collect()
}

fn read(mut file: impl Read) -> anyhow::Result<Array> {
    let NpyHeader { descr, shape } = NpyHeader::read(&mut file)?;
    let count = shape.iter().copied().try_fold(1, u64::checked_mul).unwrap_or(u64::MAX);
    ensure!(count <= MOST_VALUES, "it has {count} values, expected at most {MOST_VALUES}");
    let is_whole = descr.contains(['i', 'u']);
    let values = values(BufReader::new(file), count, &descr)?;
    Ok(Array { shape, values, is_whole })
}

fn values(file: impl Read, count: u64, descr: &str) -> anyhow::Result<Vec<f32>> {
    let numbers = Numbers { file, count, is_big_endian: descr.starts_with('>') };
    match descr.trim_start_matches(['<', '>', '|', '=']) {
        "f4" => numbers.read(f32::from_le_bytes),
        "f8" => numbers.read(|x| f64::from_le_bytes(x) as f32),
        "u1" => numbers.read(|x: [u8; 1]| x[0].into()),
        "i4" => numbers.read(|x| i32::from_le_bytes(x) as f32),
        "i8" => numbers.read(|x| i64::from_le_bytes(x) as f32),
        _ => bail!("its numbers are {descr}, expected f4, f8, u1, i4 or i8"),
    }
}

/// The values of an array, one after the other.
struct Numbers<R> {
    file: R,
    count: u64,
    is_big_endian: bool,
}

impl<R: Read> Numbers<R> {
    fn read<const N: usize>(mut self, number: impl Fn([u8; N]) -> f32) -> anyhow::Result<Vec<f32>> {
        let next = |_| -> anyhow::Result<f32> {
            let mut bytes = [0; N];
            self.file.read_exact(&mut bytes).context("it is cut off")?;
            if self.is_big_endian {
                bytes.reverse();
            }
            Ok(number(bytes))
        };
        (0..self.count).map(next).collect()
    }
}

/// How many images, their channels, height and width, and whether channels come last.
fn layout(shape: &[u64]) -> anyhow::Result<(usize, [usize; 3], bool)> {
    let sizes: Vec<usize> = shape.iter().map(|&length| length as usize).collect();
    Ok(match *sizes.as_slice() {
        [n, height, width] => (n, [1, height, width], false),
        [n, channels @ (1 | 3), height, width] => (n, [channels, height, width], false),
        [n, height, width, channels @ (1 | 3)] => (n, [channels, height, width], true),
        _ => bail!(
            "its shape is {sizes:?}, expected [n, height, width], [n, channels, height, width] or \
             [n, height, width, channels] with 1 or 3 channels"
        ),
    })
}

/// Values in `[−1, 1]`, and in words what they were.
fn scaled(values: Vec<f32>, is_whole: bool) -> anyhow::Result<(Vec<f32>, &'static str)> {
    let least = values.iter().copied().fold(f32::INFINITY, f32::min);
    let most = values.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let map = |scale: f32| values.iter().map(|value| value / scale - 1.0).collect();
    ensure!(!values.is_empty(), "it has no images");
    Ok(if is_whole || most > 2.0 {
        ensure!(
            least >= 0.0 && most <= 255.0,
            "its levels go from {least} to {most}, expected 0 to 255, 0 to 1, or −1 to 1"
        );
        (map(127.5), "levels from 0 to 255")
    } else if least >= 0.0 {
        ensure!(most <= 1.0 + 1e-3, "its values go up to {most}, expected 0 to 1, or −1 to 1");
        (map(0.5), "values from 0 to 1")
    } else {
        ensure!(
            least >= -1.0 - 1e-3 && most <= 1.0 + 1e-3,
            "its values go from {least} to {most}, expected −1 to 1, 0 to 1, or 0 to 255"
        );
        (values, "values from −1 to 1")
    })
}

fn channels_first(values: &[f32], [channels, height, width]: [usize; 3]) -> Vec<f32> {
    let area = height * width;
    let images = values.chunks_exact(channels * area);
    images
        .flat_map(|image| (0..channels * area).map(move |i| image[i % area * channels + i / area]))
        .collect()
}
