//! The tensors of a file, whose format is recognized by its content, not by its name.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail, ensure};
use burn_store::burn_pack::Tensor;
use burn_store::pytorch_reader::{PickleValue, PytorchReader};
use burn_store::{
    ModuleStore as _, PytorchStore, PytorchStoreError, SafetensorsStore, SafetensorsStoreError,
};

use crate::config::{cut_message, excerpt};

/// This many bytes distinguish every format: the magic number of a tar archive ends here.
const BEGINNING: u64 = 262;
/// The longest header that a file of safetensors may have.
const LONGEST_HEADER: u64 = 100_000_000;

/// PyTorch's magic number in the oldest protocol of pickles.
const OLDEST_PICKLE: &[u8] = b"L119547037146038801333356";

/// What users pass as weights, by how it begins.
const STRANGERS: [(&[u8], &str); 8] = [
    (b"version https://git-lfs", "a pointer of Git LFS: the weights themselves are elsewhere"),
    (b"\x89HDF", "an HDF5 file, as Keras writes it"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x1f\x8b", "a gzip file: unpack it first"),
    (b"BZh", "a bzip2 file: unpack it first"),
    (b"<", "a web page or XML"),
    (b"{", "JSON, perhaps the index of a model in several files"),
    (b"\x08", "a protocol buffer, perhaps ONNX"),
];

/// What a file of weights holds.
pub(super) struct WeightsFile {
    /// By the path of keys that leads to each, with dots between them.
    pub(super) tensors: BTreeMap<String, Tensor>,
    /// Keys of the outermost dictionary that lead to no tensor, in order.
    pub(super) others: Vec<String>,
}

impl WeightsFile {
    /// Read a file of safetensors or of PyTorch. Nothing that a pickle asks for is executed.
    pub(super) fn read(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let about = fs::metadata(path).with_context(|| format!("cannot read {name}"))?;
        ensure!(!about.is_dir(), "{name} is a folder, expected a file of weights");
        ensure!(about.is_file(), "{name} is a pipe or a device, expected a file of weights");
        let mut beginning = Vec::new();
        let read =
            File::open(path).and_then(|file| file.take(BEGINNING).read_to_end(&mut beginning));
        read.with_context(|| format!("cannot read {name}"))?;
        if is_safetensors(&beginning) {
            return Self::of_safetensors(path);
        }
        if is_pytorch(&beginning) {
            return Self::of_pytorch(path);
        }
        bail!(
            "{name} has no weights: expected a file of safetensors or of PyTorch, found {}",
            kind_of(&beginning)
        )
    }

    fn of_safetensors(path: &Path) -> anyhow::Result<Self> {
        let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        let mut store = SafetensorsStore::from_bytes(Some(bytes));
        let tensors = store.get_all_tensors().map_err(|error| match error {
            SafetensorsStoreError::Safetensors(inner) => root_cause(inner),
            other => root_cause(other),
        });
        let broken = || format!("{} is not a whole file of safetensors", path.display());
        Ok(Self { tensors: tensors.with_context(broken)?.clone(), others: Vec::new() })
    }

    fn of_pytorch(path: &Path) -> anyhow::Result<Self> {
        // The indices of a sequence are names like any others.
        let mut store = PytorchStore::from_file(path).map_indices_contiguous(false);
        let tensors = store.get_all_tensors().map_err(|error| match error {
            PytorchStoreError::Reader(inner) => root_cause(inner),
            other => root_cause(other),
        });
        let broken = || format!("{} is not a file of PyTorch that can be read", path.display());
        let tensors = tensors.with_context(broken)?.clone();
        let others = match PytorchReader::read_pickle_data(path, None) {
            Ok(PickleValue::Dict(root)) => root.into_keys().collect(),
            _ => Vec::new(),
        };
        Ok(Self { others: without_tensors(others, &tensors), tensors })
    }
}

/// The keys, in order, that are the path of no tensor and lead to none.
fn without_tensors(mut keys: Vec<String>, tensors: &BTreeMap<String, Tensor>) -> Vec<String> {
    keys.retain(|key| {
        let inside = format!("{key}.");
        let mut from_here = tensors.range(inside.clone()..);
        let leads_to_one = from_here.next().is_some_and(|(name, _)| name.starts_with(&inside));
        !leads_to_one && !tensors.contains_key(key)
    });
    keys.sort();
    keys
}

/// The length of a header of JSON, and the beginning of that.
fn is_safetensors(beginning: &[u8]) -> bool {
    let length = beginning.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
    length.is_some_and(|length| length <= LONGEST_HEADER) && beginning.get(8) == Some(&b'{')
}

/// A zip archive, a tar archive or a pickle; that it has tensors is for the reader to find.
fn is_pytorch(beginning: &[u8]) -> bool {
    let starts = |mark: &[u8]| beginning.starts_with(mark);
    let is_tar = beginning.len() as u64 == BEGINNING && beginning.ends_with(b"ustar");
    starts(b"PK") || starts(b"\x80") || starts(OLDEST_PICKLE) || is_tar
}

fn kind_of(beginning: &[u8]) -> String {
    if beginning.is_empty() {
        return "an empty file".to_owned();
    }
    match STRANGERS.iter().find(|(mark, _)| beginning.starts_with(mark)) {
        Some((_, kind)) => (*kind).to_owned(),
        None => {
            let first = &beginning[..beginning.len().min(16)];
            format!("one that begins with `{}`", excerpt(&first.escape_ascii().to_string()))
        }
    }
}

/// The root cause: the errors in between only state that something failed.
fn root_cause(error: impl std::error::Error + Send + Sync + 'static) -> anyhow::Error {
    anyhow!("{}", cut_message(&anyhow::Error::new(error).root_cause().to_string()))
}
