//! What real images look like to an extractor, kept between two calls of the program.
//!
//! Everything here can be computed again, and is if a file is missing or damaged.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, ensure};
use gan_core::measurement::{Measurement, Quantity};
use gan_eval::Observed;
use gan_eval::pyramid::ChosenImages;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::sha256_digits;
use crate::run_folder::replace_file;
use crate::streams;

/// Raised whenever a number is computed in another way.
const VERSION: u32 = 4;
/// Hexadecimal digits of a file's name.
const NAME: usize = 32;
/// Bytes of a SHA-256.
const DIGEST: usize = 32;

/// A folder of files that may go at any time.
pub(crate) struct Cache {
    folder: Option<PathBuf>,
}

/// A number to the bit; in an object, of which a part is not another number.
#[derive(Serialize, Deserialize)]
struct Bits {
    bits: u64,
}

/// What stands before the numbers of an [`Observed`].
#[derive(Serialize, Deserialize)]
struct Head {
    dim: usize,
    classes: usize,
    features: usize,
    logits: usize,
    labels: Vec<usize>,
    spread: (f64, f64),
    /// Images, channels, rows and columns of those that were kept.
    images: Option<[usize; 4]>,
}

/// A number and its standard error, by name.
type Numbers = BTreeMap<String, (f64, Option<f64>)>;

impl Cache {
    /// `GAN_CACHE_DIR`, or `gan` in the user's folder for such files; none without a home.
    pub(crate) fn of_user() -> Self {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
        let own = set("GAN_CACHE_DIR").map(PathBuf::from);
        let of_system = || set("XDG_CACHE_HOME").map(|folder| Path::new(&folder).join("gan"));
        let of_home = || set("HOME").map(|home| Path::new(&home).join(".cache").join("gan"));
        let folder = own.or_else(of_system).or_else(of_home);
        Self { folder: folder.filter(|folder| folder.is_absolute()) }
    }

    /// What is kept under `key`, or what `look` finds.
    pub(crate) fn observed(
        &self,
        key: &str,
        look: impl FnOnce() -> anyhow::Result<Observed>,
    ) -> anyhow::Result<Observed> {
        if let Some(kept) = self.read(key, "features", from_bytes) {
            return Ok(kept);
        }
        let found = look()?;
        self.keep(key, "features", &to_bytes(&found)?);
        Ok(found)
    }

    /// The measurements of these quantities that are kept under `key`, or what `measure` finds.
    pub(crate) fn measured(
        &self,
        key: &str,
        quantities: &[Quantity],
        measure: impl FnOnce() -> anyhow::Result<Vec<Measurement>>,
    ) -> anyhow::Result<Vec<Measurement>> {
        let kept = self.read(key, "json", |bytes| {
            let numbers: Numbers = serde_json::from_slice(bytes)?;
            Ok(of_numbers(&numbers, quantities))
        });
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let found = measure()?;
        let finite = |each: &Measurement| each.value.is_finite();
        // JSON has no infinity: such numbers are worked out again.
        if found.iter().all(finite) {
            let number = |each: &Measurement| {
                (each.quantity.name.to_owned(), (each.value, each.standard_error))
            };
            let numbers: Numbers = found.iter().map(number).collect();
            self.keep(key, "json", &serde_json::to_vec_pretty(&numbers)?);
        }
        Ok(found)
    }

    /// The number that is kept under `key`, to the bit, or what `find` finds.
    pub(crate) fn number(
        &self,
        key: &str,
        find: impl FnOnce() -> anyhow::Result<f64>,
    ) -> anyhow::Result<f64> {
        if let Some(Bits { bits }) =
            self.read(key, "json", |bytes| Ok(serde_json::from_slice(bytes)?))
        {
            return Ok(f64::from_bits(bits));
        }
        let found = find()?;
        self.keep(key, "json", &serde_json::to_vec(&Bits { bits: found.to_bits() })?);
        Ok(found)
    }

    fn path(&self, key: &str, ending: &str) -> Option<PathBuf> {
        let digits = sha256_digits(format!("{VERSION} {key}").as_bytes());
        let name = &digits[..NAME];
        self.folder.as_ref().map(|folder| folder.join(format!("{name}.{ending}")))
    }

    fn read<T>(
        &self,
        key: &str,
        ending: &str,
        read: impl FnOnce(&[u8]) -> anyhow::Result<T>,
    ) -> Option<T> {
        let path = self.path(key, ending)?;
        let bytes = std::fs::read(&path).ok()?;
        read(&bytes)
            .inspect_err(|error| {
                streams::say(&format!(
                    "note: {} is damaged ({error:#}) and is made again",
                    path.display()
                ));
            })
            .ok()
    }

    /// Without room for it, it is worked out again the next time.
    fn keep(&self, key: &str, ending: &str, bytes: &[u8]) {
        let Some(path) = self.path(key, ending) else { return };
        let made = path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(Into::into);
        if let Err(error) = made.and_then(|()| replace_file(&path, bytes)) {
            streams::say(&format!(
                "note: what was found about the real images is not kept for the next time: {error:#}"
            ));
        }
    }
}

/// The measurements that have a number here.
fn of_numbers(numbers: &Numbers, quantities: &[Quantity]) -> Vec<Measurement> {
    let measurement = |quantity: &Quantity| {
        let (value, error) = numbers.get(quantity.name)?;
        Some(quantity.measured(*value).standard_error(*error))
    };
    quantities.iter().filter_map(measurement).collect()
}

/// The head as a line of JSON, the numbers, and the SHA-256 of both.
fn to_bytes(observed: &Observed) -> anyhow::Result<Vec<u8>> {
    let head = Head {
        dim: observed.dim,
        classes: observed.classes,
        features: observed.features.len(),
        logits: observed.logits.len(),
        labels: observed.labels.clone(),
        spread: observed.spread,
        images: observed.images.as_ref().map(ChosenImages::shape),
    };
    let mut bytes = serde_json::to_vec(&head)?;
    bytes.push(b'\n');
    let images = observed.images.iter().flat_map(ChosenImages::values);
    let numbers = observed.features.iter().chain(&observed.logits).chain(images);
    bytes.extend(numbers.flat_map(|number| number.to_le_bytes()));
    let digest: [u8; DIGEST] = Sha256::digest(&bytes).into();
    bytes.extend(digest);
    Ok(bytes)
}

fn from_bytes(bytes: &[u8]) -> anyhow::Result<Observed> {
    let (body, digest) =
        bytes.len().checked_sub(DIGEST).map(|at| bytes.split_at(at)).context("it is cut off")?;
    ensure!(Sha256::digest(body)[..] == *digest, "its SHA-256 is another than it says");
    let line = body.iter().position(|&byte| byte == b'\n').context("it has no head")?;
    let head: Head = serde_json::from_slice(&body[..line])?;
    let numbers: Vec<f32> = body[line + 1..]
        .chunks_exact(4)
        .map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]))
        .collect();
    let of_images = head.images.map_or(0, |shape| shape.iter().product());
    let expected = head.features + head.logits + of_images;
    ensure!(numbers.len() == expected, "its sizes do not fit");
    let (features, rest) = numbers.split_at(head.features);
    let (logits, images) = rest.split_at(head.logits);
    Ok(Observed {
        features: features.to_vec(),
        logits: logits.to_vec(),
        labels: head.labels,
        dim: head.dim,
        classes: head.classes,
        spread: head.spread,
        images: head.images.map(|shape| ChosenImages::new(images.to_vec(), shape)),
    })
}
