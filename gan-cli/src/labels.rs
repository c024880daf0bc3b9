//! The class labels that a user requests: `3`, `1,4,7`, `0-4,7` or `cats,dogs`.

mod names;

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;

use anyhow::{bail, ensure};

pub(crate) use names::{ClassNames, safe_name};

/// Classes, by number, range of numbers or name, in the order in which they were named.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Labels(Vec<String>);

impl Labels {
    /// The classes one by one, if the run has each of them.
    pub(crate) fn among(&self, names: &ClassNames) -> anyhow::Result<Vec<usize>> {
        let mut classes = Vec::new();
        let mut seen = HashSet::new();
        for part in &self.0 {
            for class in names.select(part)? {
                ensure!(seen.insert(class), "class {} is named twice", names.describe(class));
                classes.push(class);
            }
        }
        Ok(classes)
    }
}

impl FromStr for Labels {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let parts: Vec<String> = text.split(',').map(|part| part.trim().to_owned()).collect();
        if parts.iter().any(String::is_empty) {
            bail!("expected classes such as 3 or 1,4,7 or 0-9 or their names, found ``");
        }
        Ok(Self(parts))
    }
}

impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

#[cfg(test)]
mod tests;
