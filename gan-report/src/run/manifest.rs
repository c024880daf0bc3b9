//! `manifest.json`: what a run was made with.

use serde_json::Value;

/// A file of JSON whose entries may all be missing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Manifest {
    json: Value,
}

impl Manifest {
    /// Reads the file.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let json = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        Ok(Self { json })
    }

    /// The text or the number at a path such as `/source/title`; none if it is empty.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        match self.json.pointer(path)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// The whole number at a path.
    pub(crate) fn count(&self, path: &str) -> Option<u64> {
        self.json.pointer(path)?.as_u64()
    }

    /// The number at a path.
    pub(crate) fn number(&self, path: &str) -> Option<f64> {
        self.json.pointer(path)?.as_f64()
    }

    /// The texts and numbers of the list at a path.
    pub(crate) fn list(&self, path: &str) -> Vec<String> {
        let list = self.json.pointer(path).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(|each| match each {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
        .collect()
    }
}
