//! A table of trainings written as its axes.

use std::collections::BTreeMap;

use anyhow::{bail, ensure};
use serde::Deserialize;

use crate::experiment::definition::{Care, Run, RunEntry};

/// Trainings for every combination of the entries of some axes.
///
/// `{word}` in the name, the recipe, the settings or the command stands for the value that an
/// axis's entry gives the word.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sweep {
    /// Of each training; has to be unique.
    name: String,
    recipe: Option<String>,
    command: Option<Vec<String>>,
    #[serde(default)]
    set: Vec<String>,
    #[serde(default)]
    quick: Vec<String>,
    #[serde(default)]
    care: Care,
    /// Axes, of which the last runs fastest; each entry gives values to the same words. Words that
    /// change together share an axis.
    axes: Vec<Vec<Entry>>,
}

/// Words and what stands for them.
type Entry = BTreeMap<String, String>;

impl Sweep {
    /// The trainings, in the order of their axes.
    ///
    /// # Errors
    /// An axis without entries or with entries of different words, a word that no axis gives a value
    /// or that is used nowhere, and whatever is wrong with the trainings themselves.
    pub(crate) fn runs(&self) -> anyhow::Result<Vec<Run>> {
        let name = &self.name;
        ensure!(!self.axes.is_empty(), "the sweep `{name}` has no axes");
        for (axis, entries) in self.axes.iter().enumerate() {
            let words = entries.first().map(|entry| entry.keys().collect::<Vec<_>>());
            ensure!(
                words.as_ref().is_some_and(|words| !words.is_empty())
                    && entries.iter().all(|e| Some(e.keys().collect()) == words),
                "axis {} of the sweep `{name}` needs entries that all have the same words",
                axis + 1
            );
        }
        self.combinations().iter().map(|entry| self.filled(entry)?.try_into()).collect()
    }

    /// Every choice of one entry of each axis, as one entry.
    fn combinations(&self) -> Vec<Entry> {
        self.axes.iter().fold(vec![Entry::new()], |begun, axis| {
            let with = |entry: &Entry, more: &Entry| {
                entry.iter().chain(more).map(|(k, v)| (k.clone(), v.clone())).collect()
            };
            begun.iter().flat_map(|e| axis.iter().map(move |more| with(e, more))).collect()
        })
    }

    fn filled(&self, entry: &Entry) -> anyhow::Result<RunEntry> {
        let fill = |text: &String| fill(text, entry);
        let all = |texts: &[String]| texts.iter().map(fill).collect::<anyhow::Result<Vec<_>>>();
        let texts = self.set.iter().chain(&self.quick).chain(self.command.iter().flatten());
        let texts: Vec<&String> = texts.chain([&self.name]).chain(&self.recipe).collect();
        if let Some(word) =
            entry.keys().find(|word| !texts.iter().any(|text| text.contains(&braced(word))))
        {
            bail!("the sweep `{}` gives `{word}` values, but uses it nowhere", self.name);
        }
        Ok(RunEntry {
            name: fill(&self.name)?,
            recipe: self.recipe.as_ref().map(fill).transpose()?,
            command: self.command.as_deref().map(all).transpose()?,
            set: all(&self.set)?,
            quick: all(&self.quick)?,
            branch: None,
            seed: None,
            care: self.care,
        })
    }
}

fn braced(word: &str) -> String {
    format!("{{{word}}}")
}

/// `text` with every `{word}` replaced; braces around anything but a word, as TOML has them, stay.
fn fill(text: &String, entry: &Entry) -> anyhow::Result<String> {
    let filled =
        entry.iter().fold(text.clone(), |text, (word, value)| text.replace(&braced(word), value));
    let is_word = |inside: &str| {
        !inside.is_empty() && inside.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    let unknown = filled.split('{').skip(1).filter_map(|rest| rest.split_once('}'));
    if let Some((word, _)) = unknown.into_iter().find(|(inside, _)| is_word(inside)) {
        bail!("no axis gives `{{{word}}}` in `{text}` a value");
    }
    Ok(filled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::Task;

    const GOOD: &str = r#"
        name = "lr-{lr}-batch-{batch}"
        recipe = "gan"
        set = ['train.lr={lr}', 'train.batch={batch}', 'train.budget="{steps} steps"', 'p=[{kind="r1"}]']
        axes = [
            [{ lr = "1e-4" }, { lr = "1e-3" }],
            [{ batch = "50", steps = "500" }, { batch = "250", steps = "100" }],
        ]
    "#;

    fn runs(text: &str) -> anyhow::Result<Vec<Run>> {
        toml::from_str::<Sweep>(text).unwrap().runs()
    }

    fn complaint(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from));
        format!("{:#}", runs(&GOOD.replace(from, to)).unwrap_err())
    }

    #[test]
    fn the_last_axis_runs_fastest_and_braces_of_toml_stay() {
        let runs = runs(GOOD).unwrap();
        let names: Vec<_> = runs.iter().map(|run| run.name.as_str()).collect();
        assert_eq!(
            names,
            ["lr-1e-4-batch-50", "lr-1e-4-batch-250", "lr-1e-3-batch-50", "lr-1e-3-batch-250"]
        );
        let Task::Train { recipe, set, .. } = &runs[1].task else { panic!("{runs:?}") };
        assert_eq!(recipe, "gan");
        let expected =
            ["train.lr=1e-4", "train.batch=250", "train.budget=\"100 steps\"", "p=[{kind=\"r1\"}]"];
        assert_eq!(set[..], expected);
    }

    #[test]
    fn words_without_values_and_values_without_use_are_named() {
        assert!(complaint("{lr}-b", "{rate}-b").contains("no axis gives `{rate}`"));
        assert!(complaint("{steps}", "9").contains("gives `steps` values, but uses it nowhere"));
        assert!(complaint(", steps = \"500\"", "").contains("axis 2 of the sweep"));
        assert!(complaint("{ lr = \"1e-4\" }, { lr = \"1e-3\" }", "").contains("axis 1"));
    }
}
