//! Options as text, read by the divergence that has them.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::error::DivergenceError;

/// An option of a divergence, for a list of what there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionSpec {
    /// The key.
    pub key: &'static str,
    /// Its value if it is not given.
    pub default: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// Options given by key and value.
///
/// # Example
/// ```
/// let mut options = gan_divergence::catalog::Options::default();
/// options.set("seed", "7");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    values: BTreeMap<String, String>,
}

impl Options {
    /// Sets an option; the last value of a key counts.
    ///
    /// # Example
    /// ```
    /// let mut options = gan_divergence::catalog::Options::default();
    /// options.set("order", "1");
    /// options.set("order", "2");
    /// ```
    pub fn set(&mut self, key: impl Into<String>, value: impl Into<String>) {
        self.values.insert(key.into(), value.into());
    }

    pub(super) fn check_against(&self, known: &[OptionSpec]) -> Result<(), DivergenceError> {
        let unknown = self.values.keys().find(|key| known.iter().all(|spec| spec.key != **key));
        let Some(option) = unknown else { return Ok(()) };
        let names: Vec<&str> = known.iter().map(|spec| spec.key).collect();
        let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
        Err(DivergenceError::UnknownOption { option: option.clone(), known })
    }

    /// The text of an option, if it was given.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.values.get(key).map(String::as_str)
    }

    fn parsed<T: FromStr>(
        &self,
        option: &'static str,
        expected: &'static str,
        default: T,
    ) -> Result<T, DivergenceError> {
        let Some(text) = self.text(option) else {
            return Ok(default);
        };
        let error = |_| DivergenceError::OptionValue { option, expected, found: text.to_owned() };
        text.parse().map_err(error)
    }

    pub(super) fn number(&self, key: &'static str, default: f64) -> Result<f64, DivergenceError> {
        self.parsed(key, "a number", default)
    }

    pub(super) fn count(
        &self,
        key: &'static str,
        default: usize,
    ) -> Result<usize, DivergenceError> {
        self.parsed(key, "a whole number", default)
    }

    pub(super) fn seed(&self) -> Result<u64, DivergenceError> {
        self.parsed("seed", "a whole number", 0)
    }

    pub(super) fn flag(&self, key: &'static str) -> Result<bool, DivergenceError> {
        self.parsed(key, "true or false", false)
    }

    /// One of a few words; the first is the default.
    pub(super) fn choice<T: Copy>(
        &self,
        option: &'static str,
        expected: &'static str,
        choices: &[(&str, T)],
    ) -> Result<T, DivergenceError> {
        let Some(text) = self.text(option) else {
            return Ok(choices[0].1);
        };
        let found = choices.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        let error = || DivergenceError::OptionValue { option, expected, found: text.to_owned() };
        found.ok_or_else(error)
    }
}
