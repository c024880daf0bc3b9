//! Runs for every combination of the entries of some axes.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;

use super::seeds::Seeds;
use super::{DefinitionProblem, MOST, RunEntry};

/// A `[[sweep]]`. `{word}` in the name, the recipe or the settings stands for the value that an
/// axis's entry gives the word.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Sweep {
    name: String,
    recipe: String,
    #[serde(default)]
    set: Vec<String>,
    seeds: Option<Seeds>,
    /// Axes, of which the last runs fastest; each entry gives values to the same words. Words that
    /// change together share an axis.
    axes: Vec<Vec<Entry>>,
}

/// Words and what stands for them.
type Entry = BTreeMap<String, String>;

impl Sweep {
    /// The runs, in the order of their axes.
    pub(super) fn runs(&self) -> Result<Vec<RunEntry>, DefinitionProblem> {
        self.check()?;
        self.combinations().iter().map(|entry| self.filled(entry)).collect()
    }

    fn check(&self) -> Result<(), DefinitionProblem> {
        let sweep = || self.name.clone();
        if self.axes.is_empty() {
            return Err(DefinitionProblem::NoAxes { sweep: sweep() });
        }
        let mut seen = HashSet::new();
        for (idx, entries) in self.axes.iter().enumerate() {
            let words = |entry: &Entry| entry.keys().cloned().collect::<Vec<_>>();
            let first = entries.first().map(words).unwrap_or_default();
            if first.is_empty() || entries.iter().any(|entry| words(entry) != first) {
                return Err(DefinitionProblem::Axis { axis: idx + 1, sweep: sweep() });
            }
            if let Some(word) = first.iter().find(|word| !seen.insert((*word).clone())) {
                return Err(DefinitionProblem::WordTwice { sweep: sweep(), word: word.clone() });
            }
        }
        let found =
            self.axes.iter().fold(1_usize, |so_far, axis| so_far.saturating_mul(axis.len()));
        if found > MOST {
            return Err(DefinitionProblem::TooMany { found, most: MOST });
        }
        let texts = || self.set.iter().chain([&self.name, &self.recipe]);
        let is_unused = |word: &&String| !texts().any(|text| text.contains(&braced(word)));
        match self.axes.iter().flat_map(|axis| axis[0].keys()).find(is_unused) {
            Some(word) => Err(DefinitionProblem::UnusedWord { sweep: sweep(), word: word.clone() }),
            None => Ok(()),
        }
    }

    /// Every choice of one entry of each axis, as one entry.
    fn combinations(&self) -> Vec<Entry> {
        self.axes.iter().fold(vec![Entry::new()], |begun, axis| {
            let with = |entry: &Entry, more: &Entry| {
                entry
                    .iter()
                    .chain(more)
                    .map(|(word, value)| (word.clone(), value.clone()))
                    .collect()
            };
            begun.iter().flat_map(|entry| axis.iter().map(move |more| with(entry, more))).collect()
        })
    }

    fn filled(&self, entry: &Entry) -> Result<RunEntry, DefinitionProblem> {
        Ok(RunEntry {
            name: fill(&self.name, entry)?,
            recipe: fill(&self.recipe, entry)?,
            set: self.set.iter().map(|text| fill(text, entry)).collect::<Result<_, _>>()?,
            seeds: self.seeds.clone(),
        })
    }
}

fn braced(word: &str) -> String {
    format!("{{{word}}}")
}

/// `text` with every `{word}` replaced; braces around anything but a word, as TOML has them, stay.
fn fill(text: &str, entry: &Entry) -> Result<String, DefinitionProblem> {
    let replaced =
        |text: String, (word, value): (&String, &String)| text.replace(&braced(word), value);
    let filled = entry.iter().fold(text.to_owned(), replaced);
    let is_word = |inside: &str| {
        !inside.is_empty() && inside.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    let mut left = filled.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    match left.find(|(inside, _)| is_word(inside)) {
        Some((word, _)) => {
            Err(DefinitionProblem::UnknownWord { word: word.to_owned(), text: text.to_owned() })
        }
        None => Ok(filled),
    }
}
