//! A configuration file that states everything, such as the `config.toml` of a run.

use toml::{Table, Value};

use super::{Layers, collect_leaves, ensure_short};
use crate::config::{RunConfig, recipe_called};

impl Layers {
    /// The configuration as it stands: what it does not have, or has switched off, its recipe does not
    /// bring back. None where something is missing or not understood.
    pub(super) fn of_whole(table: &Table) -> anyhow::Result<Option<Self>> {
        let whole = Value::Table(table.clone());
        if ensure_short(&whole).is_err() {
            return Ok(None);
        }
        let Ok(config) = whole.try_into::<RunConfig>() else { return Ok(None) };
        if recipe_called(&config.recipe).is_err() {
            return Ok(None);
        }
        let mut layers = Self::of_config(config)?;
        let mut leaves = Vec::new();
        collect_leaves(table, "", &mut leaves);
        if !leaves.iter().all(|(key, _)| layers.has(key)) {
            return Ok(None);
        }
        layers.given = leaves.into_iter().map(|(key, _)| key).collect();
        Ok(Some(layers))
    }
}
