//! A PyTorch model's state dict, on its way into a module.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, ensure};
use burn::module::Module;
use burn::tensor::DType;
use burn_store::burn_pack::Tensor;
use burn_store::{
    FloatCastAdapter, ModuleAdapter as _, ModuleSnapshot as _, PyTorchToBurnAdapter, bridge,
};

use super::names::{Named, tensors_of};
use super::place::{behind, listed, place_of};
use super::weights_file::WeightsFile;
use crate::config::{cut_message, excerpt};

/// Counts the batches that a normalization layer has seen; no result depends on it.
const COUNTER: &str = "num_batches_tracked";

/// The tensors of a file, by name.
pub(crate) struct StateDict {
    path: PathBuf,
    /// The path of keys to the weights, if a user has named one.
    chosen: Option<String>,
    file: WeightsFile,
}

/// A module with the weights of a file.
#[derive(Debug)]
pub(crate) struct Loaded<M> {
    pub(crate) module: M,
    /// What was done to the file's weights, and what was passed over, a line each.
    pub(crate) notes: Vec<String>,
}

impl StateDict {
    /// Read a file of safetensors or PyTorch, by its content, or of `FILE:NAME` what is called so
    /// in it.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let (path, chosen) = file_and_name(path);
        let mut file = WeightsFile::read(&path)?;
        file.tensors.retain(|name, _| name.rsplit('.').next() != Some(COUNTER));
        Ok(Self { path, chosen, file })
    }

    /// `module` with the weights of the file, every one of them.
    ///
    /// The weights may be behind any prefix of their names, in any dictionary of dictionaries, as
    /// long as there is one place only where all of them fit. Weights of another precision become
    /// single precision. A tensor that is missing, has no place, has another shape or is no number
    /// is an error, which counts them all.
    pub(crate) fn load_into<M: Module>(mut self, mut module: M) -> anyhow::Result<Loaded<M>> {
        let expected = tensors_of(&module);
        let path = self.path.display().to_string();
        let place = place_of(&self.file.tensors, &expected, self.chosen.as_deref());
        let prefix = place.with_context(|| path.clone())?.prefix;
        let problems = self.problems(&expected, &prefix)?;
        let behind =
            if prefix.is_empty() { String::new() } else { format!(" behind {}", quoted(&prefix)) };
        ensure!(
            problems.is_empty(),
            "{path} does not fit this architecture{behind}: {}; expected the weights of this \
             recipe, with its sizes as --set model.…",
            problems.join("; ")
        );
        let notes = self.notes(&expected, &prefix);
        let renamed = expected.into_iter().filter_map(|named| {
            let mut tensor = self.file.tensors.remove(&format!("{prefix}{}", named.pytorch))?;
            tensor.name = named.burn;
            Some(tensor)
        });
        let adapter = PyTorchToBurnAdapter.chain(FloatCastAdapter::to(DType::F32));
        let applied = module.apply(renamed.collect(), None, Some(Box::new(adapter)), true);
        let is_whole = applied.missing.is_empty() && applied.errors.is_empty();
        ensure!(
            is_whole,
            "cannot use the weights of {path}: {}",
            cut_message(&applied.to_string())
        );
        Ok(Loaded { module, notes })
    }

    /// What keeps the tensors behind `prefix` from being those that are `expected`, by kind.
    fn problems(&self, expected: &[Named], prefix: &str) -> anyhow::Result<Vec<String>> {
        let mut missing = Vec::new();
        let mut other_shape = Vec::new();
        let mut no_floats = Vec::new();
        let mut not_finite = Vec::new();
        for Named { pytorch: name, shape, .. } in expected {
            match self.file.tensors.get(&format!("{prefix}{name}")) {
                None => missing.push(format!("{name} {shape:?}")),
                Some(tensor) if *shape != *tensor.shape => {
                    let found = sizes(tensor);
                    other_shape.push(format!("{name} must be {shape:?}, found {found}"));
                }
                Some(tensor) if !tensor.dtype.is_float() => {
                    no_floats.push(format!("{name}, found {:?}", tensor.dtype));
                }
                Some(tensor) if !self.is_finite(tensor)? => not_finite.push(name.clone()),
                Some(_) => {}
            }
        }
        let is_choosy = self.chosen.as_deref() == Some("");
        let homeless: Vec<String> = behind(&self.file.tensors, prefix)
            .filter(|(name, _)| !is_choosy && !is_expected(expected, &name[prefix.len()..]))
            .map(|(name, tensor)| format!("{} {}", excerpt(&name[prefix.len()..]), sizes(tensor)))
            .collect();
        let kinds = [
            ("of another shape", other_shape),
            ("with values that are not finite", not_finite),
            ("not floating point", no_floats),
            ("missing", missing),
            ("without a place in it", homeless),
        ];
        let found = kinds.into_iter().filter(|(_, names)| !names.is_empty());
        let line = |(kind, names): (&str, Vec<String>)| {
            let count = names.len();
            format!("{count} {kind} ({})", listed(names.into_iter(), count))
        };
        Ok(found.map(line).collect())
    }

    fn is_finite(&self, tensor: &Tensor) -> anyhow::Result<bool> {
        let data = bridge::to_data(tensor).map_err(|error| {
            let (name, why) = (excerpt(&tensor.name), cut_message(&error.to_string()));
            anyhow!("cannot read {name} of {}: {why}", self.path.display())
        })?;
        Ok(data.iter::<f32>().all(f32::is_finite))
    }

    /// What a user should know of how the weights behind `prefix` were read.
    fn notes(&self, expected: &[Named], prefix: &str) -> Vec<String> {
        let path = self.path.display();
        let mut notes = Vec::new();
        if !prefix.is_empty() {
            notes.push(format!("{path}: {} taken off every name", quoted(prefix)));
        }
        let mut passed_over = Vec::new();
        let is_used =
            |name: &str| name.strip_prefix(prefix).is_some_and(|name| is_expected(expected, name));
        let unused: Vec<String> =
            self.file.tensors.keys().filter(|name| !is_used(name)).map(|n| excerpt(n)).collect();
        // PyTorch puts it beside every state dict.
        let is_told = |name: &&String| name.rsplit('.').next() != Some("_metadata");
        let others = self.file.others.iter().filter(is_told).cloned().collect();
        for (kind, names) in [("tensors", unused), ("entries that are no tensors", others)] {
            if !names.is_empty() {
                let count = names.len();
                let names = listed(names.iter().map(|name| excerpt(name)), count);
                passed_over.push(format!("{count} other {kind} ({names})"));
            }
        }
        if !passed_over.is_empty() {
            notes.push(format!("{path}: passed over {}", passed_over.join(" and ")));
        }
        let mut converted: BTreeMap<String, usize> = BTreeMap::new();
        for (name, tensor) in behind(&self.file.tensors, prefix) {
            if is_used(name) && tensor.dtype != DType::F32 {
                *converted.entry(format!("{:?}", tensor.dtype)).or_default() += 1;
            }
        }
        if !converted.is_empty() {
            let counts = converted.iter().map(|(dtype, count)| format!("{count} of {dtype}"));
            let counts = counts.collect::<Vec<_>>().join(", ");
            notes.push(format!("{path}: tensors converted to F32: {counts}"));
        }
        notes
    }
}

fn is_expected(expected: &[Named], name: &str) -> bool {
    expected.iter().any(|named| named.pytorch == name)
}

fn sizes(tensor: &Tensor) -> String {
    excerpt(&format!("{:?}", tensor.shape.to_vec()))
}

fn quoted(prefix: &str) -> String {
    format!("`{}`", excerpt(prefix))
}

/// The file and the name of `FILE:NAME`; a file whose own name has a colon is a file.
fn file_and_name(path: &Path) -> (PathBuf, Option<String>) {
    let whole = || (path.to_owned(), None);
    let Some((file, name)) = path.to_str().and_then(|text| text.rsplit_once(':')) else {
        return whole();
    };
    match !path.exists() && Path::new(file).exists() {
        true => (PathBuf::from(file), Some(name.to_owned())),
        false => whole(),
    }
}
