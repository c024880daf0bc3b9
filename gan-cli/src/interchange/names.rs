//! From Burn's names and layouts to PyTorch's.

use burn::module::Module;
use burn_store::burn_pack::Tensor;
use burn_store::{BurnToPyTorchAdapter, ModuleAdapter, ModuleContext, ModuleSnapshot as _};

/// What PyTorch calls the parameters of a normalization layer.
const PARAMETERS: [(&str, &str); 2] = [("gamma", "weight"), ("beta", "bias")];

/// Translates linear layers by Burn's own adapter and normalization layers of every type, of which
/// that adapter knows some.
#[derive(Clone)]
pub(super) struct ToPyTorch;

impl ModuleAdapter for ToPyTorch {
    fn adapt(&self, tensor: Tensor, context: ModuleContext<'_>) -> Tensor {
        let mut tensor = BurnToPyTorchAdapter.adapt(tensor, context);
        for (burn, pytorch) in PARAMETERS {
            match tensor.name.strip_suffix(burn) {
                Some(layer) if layer.is_empty() || layer.ends_with('.') => {
                    tensor.name = format!("{layer}{pytorch}");
                }
                _ => {}
            }
        }
        tensor
    }

    fn clone_box(&self) -> Box<dyn ModuleAdapter> {
        Box::new(self.clone())
    }
}

/// A tensor of a module under both of its names.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) burn: String,
    pub(super) pytorch: String,
    /// In PyTorch's layout.
    pub(super) shape: Vec<usize>,
}

/// Every tensor of `module` that PyTorch has too, in the order of the fields.
pub(super) fn tensors_of<M: Module>(module: &M) -> Vec<Named> {
    let here = module.collect(None, None, true);
    let there = module.collect(None, Some(Box::new(ToPyTorch)), true);
    let named = |(here, there): (Tensor, Tensor)| Named {
        burn: here.name,
        pytorch: there.name,
        shape: there.shape.to_vec(),
    };
    here.into_iter().zip(there).map(named).collect()
}
