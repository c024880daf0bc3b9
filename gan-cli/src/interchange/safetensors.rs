//! A player's weights as the bytes of a `.safetensors` file.

use anyhow::Context as _;
use burn::module::Module;
use burn_store::{ModuleSnapshot as _, SafetensorsStore};
use serde_json::Value;

use super::names::ToPyTorch;

/// The weights and running statistics of `module` in PyTorch's names and layouts.
///
/// The module must be a copy for inference. What computes a weight from others (such as a spectral
/// norm) is folded into it: PyTorch gets the weight that the player really uses. `about` is stored in
/// the header, as the JSON text of the one entry `gan` in `__metadata__`: the order of several
/// entries would be another each time.
pub(crate) fn safetensors<M: Module>(module: M, about: &Value) -> anyhow::Result<Vec<u8>> {
    let mut store = SafetensorsStore::from_bytes(None)
        .clear_metadata()
        .metadata("gan", about.to_string())
        .with_to_adapter(ToPyTorch)
        .skip_enum_variants(true);
    module.materialize().save_into(&mut store).context("cannot write the weights")?;
    store.get_bytes().context("cannot write the weights")
}
