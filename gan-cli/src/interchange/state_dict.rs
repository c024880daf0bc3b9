//! A PyTorch model's state dict, on its way into a module.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};
use burn::module::Module;
use burn::tensor::DType;
use burn_store::burn_pack::Tensor;
use burn_store::{
    FloatCastAdapter, ModuleAdapter as _, ModuleSnapshot as _, ModuleStore as _,
    PyTorchToBurnAdapter, PytorchStore, PytorchStoreError, SafetensorsStore, SafetensorsStoreError,
    bridge,
};

use crate::config::{cut_message, excerpt};

use super::names::{Named, tensors_of};

/// Counts the batches that a normalization layer has seen; no result depends on it.
const COUNTER: &str = "num_batches_tracked";

/// The tensors of a file, by name.
pub(crate) struct StateDict {
    path: PathBuf,
    tensors: BTreeMap<String, Tensor>,
}

impl StateDict {
    /// Read a `.safetensors`, `.pth` or `.pt` file, by the end of its name.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let ending = path.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let cannot_read = || format!("cannot read {name}");
        let tensors = match ending.as_str() {
            "safetensors" => {
                let bytes = fs::read(path).with_context(cannot_read)?;
                let mut store = SafetensorsStore::from_bytes(Some(bytes));
                let tensors = store.get_all_tensors().map_err(|error| match error {
                    SafetensorsStoreError::Safetensors(inner) => root_cause(inner),
                    other => root_cause(other),
                });
                tensors.with_context(|| format!("{name} is not a safetensors file"))?.clone()
            }
            "pth" | "pt" => {
                fs::File::open(path).with_context(cannot_read)?;
                // The indices of a sequence are names like any others.
                let mut store = PytorchStore::from_file(path).map_indices_contiguous(false);
                let tensors = store.get_all_tensors().map_err(|error| match error {
                    PytorchStoreError::Reader(inner) => root_cause(inner),
                    other => root_cause(other),
                });
                tensors.with_context(|| format!("{name} is not a file of PyTorch"))?.clone()
            }
            _ => bail!("expected a file that ends in .safetensors, .pth or .pt, found {name}"),
        };
        Ok(Self { path: path.to_owned(), tensors })
    }

    /// `module` with the weights of the file, every one of them.
    ///
    /// Weights of another precision become single precision. A tensor that is missing, has no
    /// place, has another shape or is no number is an error, which names all that there are.
    pub(crate) fn load_into<M: Module>(mut self, mut module: M) -> anyhow::Result<M> {
        let expected = tensors_of(&module);
        self.tensors.retain(|name, _| name.rsplit('.').next() != Some(COUNTER));
        let problems = self.problems(&expected)?;
        ensure!(
            problems.is_empty(),
            "{} does not fit this architecture: {}",
            self.path.display(),
            listed(&problems)
        );
        let renamed = expected.into_iter().filter_map(|named| {
            let mut tensor = self.tensors.remove(&named.pytorch)?;
            tensor.name = named.burn;
            Some(tensor)
        });
        let adapter = PyTorchToBurnAdapter.chain(FloatCastAdapter::to(DType::F32));
        let applied = module.apply(renamed.collect(), None, Some(Box::new(adapter)), true);
        let is_whole = applied.missing.is_empty() && applied.errors.is_empty();
        ensure!(is_whole, "cannot use the weights of {}: {applied}", self.path.display());
        Ok(module)
    }

    /// What keeps the tensors from being those that are `expected`.
    fn problems(&self, expected: &[Named]) -> anyhow::Result<Vec<String>> {
        let mut problems = Vec::new();
        for Named { pytorch: name, shape, .. } in expected {
            match self.tensors.get(name) {
                None => problems.push(format!("{name} {shape:?} is missing")),
                Some(tensor) if *shape != *tensor.shape => {
                    let found = tensor.shape.to_vec();
                    problems.push(format!("{name} must be {shape:?}, found {found:?}"));
                }
                Some(tensor) if !tensor.dtype.is_float() => {
                    let found = tensor.dtype;
                    problems.push(format!("{name} must be floating point, found {found:?}"));
                }
                Some(tensor) if !self.is_finite(tensor)? => {
                    problems.push(format!("{name} has values that are not finite"));
                }
                Some(_) => {}
            }
        }
        let has_a_place = |name: &str| expected.iter().any(|named| named.pytorch == name);
        for (name, tensor) in self.tensors.iter().filter(|(name, _)| !has_a_place(name)) {
            let name = excerpt(name);
            let shape = tensor.shape.to_vec();
            problems.push(format!("{name} {shape:?} has no place in it"));
        }
        Ok(problems)
    }

    fn is_finite(&self, tensor: &Tensor) -> anyhow::Result<bool> {
        let data = bridge::to_data(tensor).map_err(|error| {
            let (name, why) = (excerpt(&tensor.name), cut_message(&error.to_string()));
            anyhow!("cannot read {name} of {}: {why}", self.path.display())
        })?;
        Ok(data.iter::<f32>().all(f32::is_finite))
    }
}

/// As many of the problems as a line has room for, and how many more there are.
fn listed(problems: &[String]) -> String {
    const LONGEST: usize = 300;
    let mut line = String::new();
    for (index, problem) in problems.iter().enumerate() {
        if line.len() > LONGEST {
            return line + &format!("; and {} more", problems.len() - index);
        }
        line += if index == 0 { "" } else { "; " };
        line += problem;
    }
    line
}

/// What went wrong in the end: those in between say only that something did.
fn root_cause(error: impl std::error::Error + Send + Sync + 'static) -> anyhow::Error {
    anyhow!("{}", cut_message(&anyhow::Error::new(error).root_cause().to_string()))
}
