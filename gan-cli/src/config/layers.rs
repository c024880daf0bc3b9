//! Layered configuration: defaults, a file, `--set`, then flags; each key may replace what came before.
//!
//! Keys are applied one by one, so that an error can state which key it is and where it was set.

mod whole;

use std::collections::HashSet;
use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail, ensure};
use toml::{Table, Value};

use super::excerpt::cut_message;
use super::synonyms::{self, Meaning};
use super::{DataConfig, RunConfig, did_you_mean, excerpt, expand_home, recipe_called};

/// Where a key was set.
#[derive(Clone, Debug)]
pub(crate) enum Origin {
    /// In a configuration file.
    File(PathBuf),
    /// By `--set`.
    Set,
    /// By a flag of its own.
    Flag(&'static str),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File(path) => write!(f, "in {}", path.display()),
            Self::Set => f.write_str("in --set"),
            Self::Flag(flag) => write!(f, "in {flag}"),
        }
    }
}

/// A configuration being put together.
pub(crate) struct Layers {
    table: Table,
    config: RunConfig,
    /// The keys that were given a value, in place of the recipe's.
    given: HashSet<String>,
    /// Whether the defaults are those of a run that was begun.
    of_run: bool,
    /// What synonyms were taken for, one sentence each.
    notes: Vec<String>,
}

/// A key, a text and a list that are longer than these are no part of a configuration.
const LONGEST_KEY: usize = 200;
const LONGEST_TEXT: usize = 4096;
const LONGEST_LIST: usize = 1024;

impl Layers {
    /// The defaults of a recipe.
    pub(crate) fn of_recipe(name: &str) -> anyhow::Result<Self> {
        Self::of_config(RunConfig::of_recipe(recipe_called(name)?))
    }

    /// A configuration that is whole already, such as that of a run: a key that its file does not
    /// have yet is what it was before there was the key, whatever the recipe now has.
    pub(crate) fn of_config(config: RunConfig) -> anyhow::Result<Self> {
        let table = Table::try_from(&config)?;
        Ok(Self { table, config, given: HashSet::new(), of_run: false, notes: Vec::new() })
    }

    /// The configuration of a run that was begun.
    pub(crate) fn of_run(config: RunConfig) -> anyhow::Result<Self> {
        Ok(Self { of_run: true, ..Self::of_config(config)? })
    }

    /// Whether this began as the configuration of a run.
    pub(crate) fn is_of_run(&self) -> bool {
        self.of_run
    }

    /// A file over the defaults of the recipe that it names; one that states everything, as the program
    /// writes it, as it stands.
    pub(crate) fn of_file(path: PathBuf) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let table: Table = toml::from_str(&text)
            .map_err(|error| anyhow!("{} is not TOML: {}", path.display(), place(&error, &text)))?;
        let Some(Value::String(recipe)) = table.get("recipe") else {
            bail!("{} must name its recipe, for example: recipe = \"dcgan\"", path.display());
        };
        if let Some(layers) = Self::of_whole(&table)? {
            return Ok(layers);
        }
        let mut layers =
            Self::of_recipe(recipe).with_context(|| format!("`recipe` in {}", path.display()))?;
        let origin = Origin::File(path);
        let mut leaves = Vec::new();
        collect_leaves(&table, "", &mut leaves);
        for (key, value) in leaves {
            layers.apply(&key, value, &origin)?;
        }
        Ok(layers)
    }

    /// A setting of the form `key=value`; what is not TOML is taken as text.
    pub(crate) fn set(&mut self, setting: &str) -> anyhow::Result<()> {
        let (key, text) = setting.split_once('=').with_context(|| {
            format!("expected key=value after --set, found `{}`", excerpt(setting))
        })?;
        let text = text.trim();
        // Every other key has its default from the recipe.
        ensure!(
            key.trim() != "recipe",
            "`recipe` in --set cannot be changed: name the recipe itself, for example: gan train dcgan"
        );
        let parsed = toml::from_str::<Table>(&format!("value = {text}"));
        let value = parsed.ok().and_then(|mut table| table.remove("value"));
        self.apply(
            key.trim(),
            value.unwrap_or_else(|| Value::String(text.to_owned())),
            &Origin::Set,
        )
    }

    /// Give one key, or what a synonym stands for, a value; "none" switches off what a run can do
    /// without.
    pub(crate) fn apply(&mut self, key: &str, value: Value, origin: &Origin) -> anyhow::Result<()> {
        ensure!(
            key.len() <= LONGEST_KEY,
            "`{}` {origin} is not a configuration key: it has {} characters",
            excerpt(key),
            key.chars().count()
        );
        ensure_short(&value).with_context(|| format!("`{}` {origin}", excerpt(key)))?;
        let own = synonyms::canonical(key);
        let meaning = match self.has(&own) {
            true => None,
            false => synonyms::meaning(&own),
        };
        let Some(meaning) = meaning else {
            return self.apply_own(&own, value, origin);
        };
        let settings = self.settings_of(meaning, value).map_err(|instead| {
            anyhow!("`{}` {origin} is not a configuration key; use {instead}", excerpt(key))
        })?;
        let mut keys: Vec<String> = settings.iter().map(|(key, _)| key.clone()).collect();
        for (own, value) in settings {
            self.apply_own(&own, value, origin)
                .with_context(|| format!("`{}` {origin} means `{own}`", excerpt(key)))?;
        }
        keys.dedup();
        self.notes.push(format!("`{}` means {}", excerpt(key), keys.join(" and ")));
        Ok(())
    }

    /// Whether the configuration has such a key now.
    fn has(&self, key: &str) -> bool {
        look_up(&self.table, key).is_some()
    }

    /// The settings that a synonym stands for, or what to use in its place.
    fn settings_of(&self, meaning: Meaning, value: Value) -> Result<Vec<(String, Value)>, String> {
        let one = |key: &str, value: Value| vec![(key.to_owned(), value)];
        Ok(match meaning {
            Meaning::Keys(keys) => {
                keys.iter().map(|key| ((*key).to_owned(), value.clone())).collect()
            }
            Meaning::Budget(unit) => {
                let count = synonyms::other_reading(&value).unwrap_or(value);
                one("train.budget", Value::String(format!("{count} {unit}")))
            }
            Meaning::WeightClip => {
                let mut settings = one("train.constraint.kind", Value::String("clip".to_owned()));
                settings.extend(one("train.constraint.bound", value));
                settings
            }
            Meaning::DataPath => one(self.data_path_key()?, value),
            Meaning::Refused(instead) => return Err(instead.to_owned()),
        })
    }

    /// The key of the data's location, for the present kind of data.
    pub(crate) fn data_path_key(&self) -> Result<&'static str, String> {
        match self.config.data {
            DataConfig::Points { .. } => Ok("data.file"),
            DataConfig::Mnist { .. }
            | DataConfig::StackedMnist { .. }
            | DataConfig::Images { .. } => Ok("data.dir"),
            _ => Err("`data.kind=images` and `data.dir`, or `data.kind=points` and `data.file`, \
                      in this order: the present kind of data is made by the program"
                .to_owned()),
        }
    }

    fn apply_own(&mut self, key: &str, value: Value, origin: &Origin) -> anyhow::Result<()> {
        let value = match (&value, key) {
            (Value::String(text), "data.dir" | "data.file" | "evaluation.features") => {
                let path =
                    expand_home(Path::new(text)).with_context(|| format!("`{key}` {origin}"))?;
                Value::String(path.to_string_lossy().into_owned())
            }
            (Value::String(text), _) => {
                Value::String(synonyms::canonical_value(key, text).unwrap_or_else(|| text.clone()))
            }
            _ => value,
        };
        let is_none = value.as_str() == Some("none");
        let other = synonyms::other_reading(&value);
        if let Err(error) = self.replace(key, value, origin) {
            let switched_off = is_none && self.switch_off(key);
            let read = || other.is_some_and(|other| self.replace(key, other, origin).is_ok());
            if !switched_off && !read() {
                return Err(error);
            }
        }
        self.given.insert(key.to_owned());
        Ok(())
    }

    /// Whether a key was given a value, in place of the recipe's.
    pub(crate) fn was_given(&self, key: &str) -> bool {
        self.given.contains(key)
    }

    /// What synonyms were taken for, one sentence each.
    pub(crate) fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Take out a key that the configuration can do without: a moving average, a list of
    /// penalties. Whether that could be done.
    fn switch_off(&mut self, key: &str) -> bool {
        let mut table = self.table.clone();
        if !remove(&mut table, key) {
            return false;
        }
        let Ok(config) = Value::Table(table).try_into::<RunConfig>() else { return false };
        let Ok(understood) = Table::try_from(&config) else { return false };
        (self.table, self.config) = (understood, config);
        true
    }

    fn replace(&mut self, key: &str, value: Value, origin: &Origin) -> anyhow::Result<()> {
        let mut table = self.table.clone();
        replace(&mut table, key, value).map_err(|parent| {
            let (key, parent) = (excerpt(key), excerpt(&parent));
            anyhow!("`{key}` {origin} is not a key: `{parent}` is a value")
        })?;
        let config: RunConfig = Value::Table(table)
            .try_into()
            .map_err(|error: toml::de::Error| anyhow!("{}", cut_message(error.message())))
            .with_context(|| format!("`{}` {origin} has an unusable value", excerpt(key)))?;
        // What the configuration does not write back, it did not understand.
        let understood = Table::try_from(&config)?;
        if look_up(&understood, key).is_none() {
            let mut known = Vec::new();
            collect_leaves(&understood, "", &mut known);
            let known: Vec<String> = known.into_iter().map(|(key, _)| key).collect();
            let (shown, nearest) = (excerpt(key), did_you_mean(key, &known));
            bail!("`{shown}` {origin} is not a configuration key{nearest}");
        }
        (self.table, self.config) = (understood, config);
        Ok(())
    }

    /// The configuration, all numbers in range.
    pub(crate) fn finish(mut self) -> anyhow::Result<RunConfig> {
        if !self.of_run {
            self.config.suit_data(|key| self.given.contains(key));
        }
        self.config.validate()?;
        Ok(self.config)
    }
}

/// A TOML error on one line: where it is and what it is, without the line itself.
pub(crate) fn place(error: &toml::de::Error, text: &str) -> String {
    let before = error.span().and_then(|span| text.get(..span.start));
    let line = before
        .map_or(String::new(), |before| format!("line {}: ", before.matches('\n').count() + 1));
    line + &cut_message(error.message())
}

/// Refuse a text or a list that is longer than any of a configuration.
fn ensure_short(value: &Value) -> anyhow::Result<()> {
    match value {
        Value::String(text) => ensure!(
            text.len() <= LONGEST_TEXT,
            "a text of {} characters, expected at most {LONGEST_TEXT}: `{}`",
            text.chars().count(),
            excerpt(text)
        ),
        Value::Array(list) => {
            let found = list.len();
            ensure!(found <= LONGEST_LIST, "a list of {found}, expected at most {LONGEST_LIST}");
            list.iter().try_for_each(ensure_short)?;
        }
        Value::Table(table) => {
            let found = table.len();
            ensure!(found <= LONGEST_LIST, "a table of {found}, expected at most {LONGEST_LIST}");
            table.values().try_for_each(ensure_short)?;
        }
        _ => {}
    }
    Ok(())
}

/// The keys in which two configurations differ, with both values.
pub(crate) fn differences(one: &RunConfig, other: &RunConfig) -> anyhow::Result<Vec<Difference>> {
    let (one, other) = (Table::try_from(one)?, Table::try_from(other)?);
    let (mut of_one, mut of_other) = (Vec::new(), Vec::new());
    collect_leaves(&one, "", &mut of_one);
    collect_leaves(&other, "", &mut of_other);
    let mut keys: Vec<String> = of_one.into_iter().chain(of_other).map(|(key, _)| key).collect();
    keys.sort();
    keys.dedup();
    let text = |value: Option<&Value>| value.map_or("absent".to_owned(), Value::to_string);
    let all = keys.into_iter().map(|key| Difference {
        one: text(look_up(&one, &key)),
        other: text(look_up(&other, &key)),
        key,
    });
    Ok(all.filter(|difference| difference.one != difference.other).collect())
}

/// A key that two configurations give different values.
#[derive(Debug, PartialEq)]
pub(crate) struct Difference {
    pub(crate) key: String,
    pub(crate) one: String,
    pub(crate) other: String,
}

/// All keys of a table in dotted form; a `kind` comes before what depends on it.
fn collect_leaves(table: &Table, prefix: &str, leaves: &mut Vec<(String, Value)>) {
    let (kinds, others): (Vec<_>, Vec<_>) = table.iter().partition(|(key, _)| *key == "kind");
    for (key, value) in kinds.into_iter().chain(others) {
        let path = if prefix.is_empty() { key.clone() } else { format!("{prefix}.{key}") };
        match value {
            Value::Table(inner) => collect_leaves(inner, &path, leaves),
            value => leaves.push((path, value.clone())),
        }
    }
}

fn look_up<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        None => table.get(key),
        Some((first, rest)) => look_up(table.get(first)?.as_table()?, rest),
    }
}

/// Take a dotted key out; whether it was there.
fn remove(table: &mut Table, key: &str) -> bool {
    match key.split_once('.') {
        None => table.remove(key).is_some(),
        Some((first, rest)) => {
            let inner = table.get_mut(first).and_then(Value::as_table_mut);
            inner.is_some_and(|inner| remove(inner, rest))
        }
    }
}

/// Set a dotted key, making tables on the way; a value where a table should be is the error.
///
/// A table that changes its `kind` starts anew: the other kind's keys mean nothing to it. Text for a
/// table that has a `kind` is that kind, `train.loss = "hinge"`.
fn replace(table: &mut Table, key: &str, value: Value) -> Result<(), String> {
    let Some((first, rest)) = key.split_once('.') else {
        if key == "kind" && table.get("kind") != Some(&value) {
            table.clear();
        }
        if let (Some(Value::Table(inner)), Value::String(_)) = (table.get_mut(key), &value)
            && inner.contains_key("kind")
        {
            return replace(inner, "kind", value);
        }
        table.insert(key.to_owned(), value);
        return Ok(());
    };
    let inner = table.entry(first).or_insert_with(|| Value::Table(Table::new()));
    match inner {
        Value::Table(inner) => {
            replace(inner, rest, value).map_err(|parent| format!("{first}.{parent}"))
        }
        _ => Err(first.to_owned()),
    }
}

#[cfg(test)]
mod tests;
