//! The weights in a file of the user's, by the names that PyTorch gives them.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{fs, io};

use burn::tensor::Device;
use burn_store::burn_pack::Tensor;
use burn_store::{ModuleStore as _, PytorchStore, SafetensorsStore, bridge};
use sha2::{Digest, Sha256};

use super::{CLASSES, FEATURES};
use crate::EvalError;

/// The first layer: whatever stands before it in a file stands before every name.
const FIRST: &str = "Conv2d_1a_3x3.conv.weight";
/// The longest header that a file of safetensors may have.
const LONGEST_HEADER: u64 = 100_000_000;
/// A file of PyTorch begins with one of these: a zip archive, or a pickle.
const PYTORCH: [&[u8]; 2] = [b"PK", b"\x80"];
/// What a program of TorchScript has in its archive, and a state dict has not.
const TORCH_SCRIPT: &[u8] = b"/constants.pkl";
/// Letters of a foreign text that a message repeats.
const EXCERPT: usize = 120;

/// Why no Inception network can be made from a file.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum InceptionFileError {
    /// The operating system does not give it.
    #[error("cannot be read: {why}")]
    Unreadable {
        /// What it says.
        why: String,
    },
    /// It begins as no file of weights does.
    #[error("holds no weights: expected a file of PyTorch or of safetensors, found {found}")]
    NoWeights {
        /// How it begins.
        found: String,
    },
    /// It begins as a file of weights and cannot be read as one.
    #[error("is not a whole file of {format}, copy it again: {why}")]
    Broken {
        /// PyTorch or safetensors.
        format: &'static str,
        /// What its reader says.
        why: String,
    },
    /// A program of TorchScript, such as `inception-2015-12-05.pt`.
    #[error(
        "is a program of TorchScript, expected a state dict: the same weights are in pytorch-fid's \
         pt_inception-2015-12-05-6726825d.pth"
    )]
    TorchScript,
    /// The first layer is missing.
    #[error(
        "is another network: none of its {tensors} tensors (the first is {first}) is {FIRST}, expected the \
         weights of pytorch-fid's Inception"
    )]
    OtherNetwork {
        /// Tensors in the file.
        tensors: usize,
        /// The name of the first.
        first: String,
    },
    /// The first layer is there several times.
    #[error("has {FIRST} {places} times, expected one network: save its state dict alone")]
    SeveralNetworks {
        /// How often.
        places: usize,
    },
    /// The Inception of another training, torchvision's for example, which has 1,000 classes.
    #[error(
        "has {found} classes, expected {CLASSES}: an Inception that FID is not computed with; \
         pytorch-fid's is"
    )]
    Classes {
        /// Rows of `fc.weight`.
        found: usize,
    },
    /// A tensor is not there.
    #[error(
        "has no {name}, expected one of shape {expected:?}: the weights of pytorch-fid's Inception"
    )]
    Missing {
        /// Its name.
        name: String,
        /// The shape that it has there.
        expected: Vec<usize>,
    },
    /// A tensor has another shape.
    #[error(
        "has {name} of shape {found:?}, expected {expected:?}: the weights of pytorch-fid's Inception"
    )]
    OtherShape {
        /// Its name.
        name: String,
        /// Its shape there.
        expected: Vec<usize>,
        /// Its shape here.
        found: Vec<usize>,
    },
    /// A tensor holds no floating-point numbers.
    #[error("has {name} of type {found}, expected floating point")]
    NoFloats {
        /// Its name.
        name: String,
        /// What it holds.
        found: String,
    },
    /// A number that no trained network has.
    #[error("has {value} in {name}, expected finite numbers, in variances none below 0")]
    Value {
        /// The tensor.
        name: String,
        /// The first such number.
        value: f32,
    },
}

/// The tensors of a file.
pub(super) struct Weights<'a> {
    pub(super) device: &'a Device,
    pub(super) sha256: String,
    path: PathBuf,
    tensors: BTreeMap<String, Tensor>,
    /// What stands before every name.
    prefix: String,
}

impl<'a> Weights<'a> {
    /// Reads a file of PyTorch or of safetensors, recognized by its content; nothing that a pickle asks for
    /// is executed.
    pub(super) fn read(path: &Path, device: &'a Device) -> Result<Self, EvalError> {
        let tensors = read(path).and_then(|(sha256, tensors)| {
            let prefix = prefix(&tensors)?;
            Ok(Self { device, sha256, path: path.to_owned(), tensors, prefix })
        });
        let weights = tensors
            .map_err(|problem| EvalError::InceptionFile { path: path.to_owned(), problem })?;
        weights.check_classes()?;
        Ok(weights)
    }

    fn check_classes(&self) -> Result<(), EvalError> {
        let fc = self.tensors.get(&format!("{}fc.weight", self.prefix));
        match fc.map(|tensor| tensor.shape.to_vec()).as_deref() {
            Some(&[found, FEATURES]) if found != CLASSES => {
                Err(self.error(InceptionFileError::Classes { found }))
            }
            _ => Ok(()),
        }
    }

    /// The finite numbers of a tensor.
    pub(super) fn values(&self, name: &str, expected: &[usize]) -> Result<Vec<f32>, EvalError> {
        let name = name.to_owned();
        let Some(tensor) = self.tensors.get(&format!("{}{name}", self.prefix)) else {
            let expected = expected.to_vec();
            return Err(self.error(InceptionFileError::Missing { name, expected }));
        };
        if *expected != *tensor.shape {
            let (expected, found) = (expected.to_vec(), tensor.shape.to_vec());
            return Err(self.error(InceptionFileError::OtherShape { name, expected, found }));
        }
        if !tensor.dtype.is_float() {
            let found = format!("{:?}", tensor.dtype);
            return Err(self.error(InceptionFileError::NoFloats { name, found }));
        }
        let data =
            bridge::to_data(tensor).map_err(|error| self.error(broken("weights", &error)))?;
        let values: Vec<f32> = data.iter::<f32>().collect();
        match values.iter().find(|value| !value.is_finite()) {
            Some(&value) => Err(self.error(InceptionFileError::Value { name, value })),
            None => Ok(values),
        }
    }

    /// The same of a variance.
    pub(super) fn variances(&self, name: &str, n: usize) -> Result<Vec<f32>, EvalError> {
        let values = self.values(name, &[n])?;
        match values.iter().find(|&&value| value < 0.0) {
            Some(&value) => {
                let name = name.to_owned();
                Err(self.error(InceptionFileError::Value { name, value }))
            }
            None => Ok(values),
        }
    }

    fn error(&self, problem: InceptionFileError) -> EvalError {
        EvalError::InceptionFile { path: self.path.clone(), problem }
    }
}

/// The digest of a file and its tensors.
fn read(path: &Path) -> Result<(String, BTreeMap<String, Tensor>), InceptionFileError> {
    let about = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !about.is_file() {
        let why = "it is a folder, a pipe or a device, expected a file".to_owned();
        return Err(InceptionFileError::Unreadable { why });
    }
    let bytes = fs::read(path).map_err(|error| unreadable(&error))?;
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let sha256 = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let tensors = if is_safetensors(&bytes) {
        let mut store = SafetensorsStore::from_bytes(Some(bytes));
        let tensors = store.get_all_tensors().map_err(|error| broken("safetensors", &error))?;
        tensors.clone()
    } else if PYTORCH.iter().any(|mark| bytes.starts_with(mark)) {
        let is_program = bytes.windows(TORCH_SCRIPT.len()).any(|window| window == TORCH_SCRIPT);
        if is_program {
            return Err(InceptionFileError::TorchScript);
        }
        drop(bytes);
        let mut store = PytorchStore::from_file(path).map_indices_contiguous(false);
        let tensors = store.get_all_tensors().map_err(|error| broken("PyTorch", &error))?;
        tensors.clone()
    } else {
        return Err(InceptionFileError::NoWeights { found: beginning(&bytes) });
    };
    Ok((sha256, tensors))
}

/// The length of a header of JSON, and the beginning of that.
fn is_safetensors(bytes: &[u8]) -> bool {
    let length = bytes.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    length.is_some_and(|length| length <= LONGEST_HEADER) && bytes.get(8) == Some(&b'{')
}

/// What stands before the name of the first layer, in the one place where that is.
fn prefix(tensors: &BTreeMap<String, Tensor>) -> Result<String, InceptionFileError> {
    let prefixes = tensors.keys().filter_map(|name| name.strip_suffix(FIRST));
    let prefixes: Vec<&str> =
        prefixes.filter(|prefix| prefix.is_empty() || prefix.ends_with('.')).collect();
    match prefixes[..] {
        [prefix] => Ok(prefix.to_owned()),
        [] => {
            let first = tensors.keys().next().map_or("none".to_owned(), |name| excerpt(name));
            Err(InceptionFileError::OtherNetwork { tensors: tensors.len(), first })
        }
        _ => Err(InceptionFileError::SeveralNetworks { places: prefixes.len() }),
    }
}

fn beginning(bytes: &[u8]) -> String {
    match bytes {
        [] => "an empty file".to_owned(),
        _ => {
            let first = String::from_utf8_lossy(&bytes[..bytes.len().min(EXCERPT)]);
            format!("one that begins with `{}`", excerpt(&first))
        }
    }
}

fn unreadable(error: &io::Error) -> InceptionFileError {
    InceptionFileError::Unreadable { why: error.to_string() }
}

/// The root cause on one line: the errors in between state only that something failed.
fn broken(format: &'static str, error: &dyn Error) -> InceptionFileError {
    let mut cause = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    InceptionFileError::Broken { format, why: excerpt(&cause.to_string()) }
}

/// The beginning of a text that comes from a file, as letters that cannot break a line.
fn excerpt(text: &str) -> String {
    let mut letters = text.chars().flat_map(char::escape_debug);
    let mut first: String = letters.by_ref().take(EXCERPT).collect();
    if letters.next().is_some() {
        first.push('…');
    }
    first
}
