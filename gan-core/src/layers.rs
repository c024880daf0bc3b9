//! The layers that networks are made of.

use std::collections::BTreeSet;

use burn::module::{Module, ModuleVisitor};

/// The names of the structs that a module is made of.
pub(crate) struct Layers(BTreeSet<String>);

impl Layers {
    /// Microseconds for a network of a few dozen layers.
    pub(crate) fn of<M: Module>(module: &M) -> Self {
        let mut layers = Self(BTreeSet::new());
        module.visit(&mut layers);
        layers
    }

    pub(crate) fn contain(&self, layer: &str) -> bool {
        self.0.contains(layer)
    }
}

impl ModuleVisitor for Layers {
    fn enter_module(&mut self, _name: &str, container: &str) {
        if let Some(name) = container.strip_prefix("Struct:")
            && !self.contain(name)
        {
            self.0.insert(name.to_owned());
        }
    }
}
