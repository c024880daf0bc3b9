//! Defaults, then a file, then `--set`, then flags: each key may replace what came before.
//!
//! Keys are applied one by one, so that an error can say which key it is and where it was set.

use std::fmt;
use std::path::PathBuf;

use anyhow::{Context as _, anyhow, bail, ensure};
use toml::{Table, Value};

use super::{RunConfig, did_you_mean, recipe_called};

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
}

impl Layers {
    /// The defaults of a recipe.
    pub(crate) fn of_recipe(name: &str) -> anyhow::Result<Self> {
        Self::of_config(RunConfig::of_recipe(recipe_called(name)?))
    }

    /// A configuration that is whole already, such as that of a run: a key that its file does not
    /// have yet is what it was before there was the key, whatever the recipe now has.
    pub(crate) fn of_config(config: RunConfig) -> anyhow::Result<Self> {
        Ok(Self { table: Table::try_from(&config)?, config })
    }

    /// A file over the defaults of the recipe that it names.
    pub(crate) fn of_file(path: PathBuf) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("cannot read {}", path.display()))?;
        let table: Table =
            toml::from_str(&text).with_context(|| format!("{} is not TOML", path.display()))?;
        let Some(Value::String(recipe)) = table.get("recipe") else {
            bail!("{} must name its recipe, for example: recipe = \"dcgan\"", path.display());
        };
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
        let (key, text) = setting
            .split_once('=')
            .with_context(|| format!("expected key=value after --set, found `{setting}`"))?;
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

    /// Give one key a value; "none" switches off what a run can do without.
    pub(crate) fn apply(&mut self, key: &str, value: Value, origin: &Origin) -> anyhow::Result<()> {
        let is_none = value.as_str() == Some("none");
        match self.replace(key, value, origin) {
            Err(_) if is_none && self.switch_off(key) => Ok(()),
            result => result,
        }
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
        replace(&mut table, key, value)
            .map_err(|parent| anyhow!("`{key}` {origin} is not a key: `{parent}` is a value"))?;
        let config: RunConfig = Value::Table(table)
            .try_into()
            .map_err(|error: toml::de::Error| anyhow!("{}", error.message()))
            .with_context(|| format!("`{key}` {origin} has an unusable value"))?;
        // What the configuration does not write back, it did not understand.
        let understood = Table::try_from(&config)?;
        if look_up(&understood, key).is_none() {
            let mut known = Vec::new();
            collect_leaves(&understood, "", &mut known);
            let known: Vec<String> = known.into_iter().map(|(key, _)| key).collect();
            bail!("`{key}` {origin} is not a configuration key{}", did_you_mean(key, &known));
        }
        (self.table, self.config) = (understood, config);
        Ok(())
    }

    /// The configuration, all numbers in range.
    pub(crate) fn finish(self) -> anyhow::Result<RunConfig> {
        self.config.validate()?;
        Ok(self.config)
    }
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
mod tests {
    use gan_core::{FGanDivergence, Fakes, LossConfig, OptimizerConfig, Span};

    use super::*;
    use crate::config::DataConfig;

    fn layers(recipe: &str, settings: &[&str]) -> anyhow::Result<RunConfig> {
        let mut layers = Layers::of_recipe(recipe)?;
        settings.iter().try_for_each(|setting| layers.set(setting))?;
        layers.finish()
    }

    fn complaint(recipe: &str, setting: &str) -> String {
        format!("{:#}", layers(recipe, &[setting]).unwrap_err())
    }

    #[test]
    fn settings_replace_defaults_and_leave_the_rest() {
        let config =
            layers("gan", &["train.batch=250", "train.budget=40 epochs", "seed = 7"]).unwrap();
        assert_eq!((config.train.batch, config.train.budget), (250, Span::Epochs(40)));
        assert_eq!((config.seed, config.data), (7, DataConfig::moons()));
    }

    #[test]
    fn a_new_kind_brings_its_own_defaults() {
        let config = layers("gan", &["data.kind=ring", "data.points=500"]).unwrap();
        assert_eq!(config.data, DataConfig::Ring { points: 500, sigma: 0.01 });
        let config =
            layers("gan", &["train.critic.kind=rms-prop", "train.critic.lr=5e-5"]).unwrap();
        let rms_prop = OptimizerConfig::RmsProp { lr: 5e-5, alpha: 0.99, epsilon: 1e-8 };
        assert_eq!(config.train.critic, rms_prop);
    }

    #[test]
    fn the_name_of_a_kind_stands_for_its_table() {
        let loss = |settings: &[&str]| layers("gan", settings).unwrap().train.loss;
        assert_eq!(loss(&["train.loss=hinge"]), LossConfig::Hinge);
        let kl = LossConfig::f_gan(FGanDivergence::Kl);
        assert_eq!(loss(&["train.loss.kind=f-gan", "train.loss.divergence=kl"]), kl);
        assert_eq!(loss(&["train.loss=f-gan", "train.loss.divergence=kl"]), kl);
        // The kind that it already has leaves its numbers alone.
        let smooth = ["train.loss.smoothing=0.1", "train.loss=non-saturating"];
        assert_eq!(loss(&smooth), LossConfig::NonSaturating { smoothing: 0.1 });
        let critic = layers("gan", &["train.critic=rms-prop"]).unwrap().train.critic;
        assert!(matches!(critic, OptimizerConfig::RmsProp { .. }));
    }

    #[test]
    fn a_file_may_name_a_loss_or_write_its_table() {
        let folder = tempfile::tempdir().unwrap();
        let read = |text: &str| {
            let path = folder.path().join("mine.toml");
            std::fs::write(&path, format!("recipe = \"gan\"\n{text}")).unwrap();
            Layers::of_file(path).unwrap().finish().unwrap().train.loss
        };
        assert_eq!(read("train.loss = \"hinge\""), LossConfig::Hinge);
        assert_eq!(
            read("[train.loss]\nkind = \"minimax\""),
            LossConfig::Minimax { smoothing: 0.0 }
        );
        let smooth = "train.loss = { smoothing = 0.25, kind = \"least-squares\" }";
        assert_eq!(read(smooth), LossConfig::LeastSquares { smoothing: 0.25 });
    }

    /// A run of before there was the key `train.fakes` goes on as it was begun.
    #[test]
    fn a_key_that_a_run_lacks_is_not_taken_from_its_recipe() {
        let text = layers("dcgan", &[]).unwrap().to_toml().unwrap();
        let older = text.replace("fakes = \"shared\"\n", "");
        assert_ne!(text, older);
        let older = Layers::of_config(toml::from_str(&older).unwrap()).unwrap().finish().unwrap();
        assert_eq!(older.train.fakes, Fakes::Fresh);
    }

    #[test]
    fn none_switches_off_what_a_run_can_do_without() {
        let config = layers("r3gan", &["train.ema=none", "train.penalties=none"]).unwrap();
        assert_eq!((config.train.ema, config.train.penalties), (None, Vec::new()));
        let constraint = layers("sngan", &["train.constraint=none"]).unwrap().train.constraint;
        assert_eq!(constraint, gan_core::Constraint::None);
        let norm = layers("wgan-gp", &["model.critic_norm=none"]).unwrap().to_toml().unwrap();
        assert!(norm.contains("critic_norm = \"none\""), "{norm}");
        assert!(complaint("gan", "train.budget=none").contains("unusable value"));
    }

    #[test]
    fn unknown_keys_are_told_the_nearest() {
        let message = complaint("gan", "train.bacth=3");
        assert_eq!(
            message,
            "`train.bacth` in --set is not a configuration key; did you mean `train.batch`?"
        );
        // The noise of the moons means nothing to the digits.
        assert!(complaint("dcgan", "data.noise=0.1").contains("is not a configuration key"));
        // Only losses with labels have targets to smooth.
        let settings = ["train.loss=hinge", "train.loss.smoothing=0.1"];
        let message = format!("{:#}", layers("gan", &settings).unwrap_err());
        assert!(message.contains("`train.loss.smoothing` in --set is not"), "{message}");
        let message = complaint("gan", "seed.low=1");
        assert_eq!(message, "`seed.low` in --set is not a key: `seed` is a value");
    }

    #[test]
    fn mistyped_values_are_named_with_their_key() {
        let message = complaint("gan", "data.points=many");
        assert!(message.starts_with("`data.points` in --set has an unusable value: "), "{message}");
        let message = complaint("gan", "train.budget=soon");
        assert!(
            message.contains("such as \"2000 steps\" or \"30 epochs\", found \"soon\""),
            "{message}"
        );
        let message = complaint("gan", "train.loss=hinge-ish");
        assert!(message.contains("`non-saturating`"), "{message}");
        assert!(complaint("gan", "train.batch").contains("expected key=value"));
    }

    #[test]
    fn values_out_of_range_are_named() {
        for (setting, key) in [
            ("train.batch=0", "`train.batch` must be at least 1"),
            ("train.generator.lr=-1e-4", "`train.generator.lr` must be"),
            ("train.loss.smoothing=0.5", "`train.loss.smoothing` must be a number from 0"),
            ("train.critic.beta_2=1", "`train.critic.beta_2` must be"),
        ] {
            let message = complaint("gan", setting);
            assert!(message.starts_with(key), "{message}");
        }
    }

    #[test]
    fn differences_name_keys_and_both_values() {
        let (one, other) =
            (layers("gan", &[]).unwrap(), layers("gan", &["train.batch=64"]).unwrap());
        let difference = Difference {
            key: "train.batch".to_owned(),
            one: "50".to_owned(),
            other: "64".to_owned(),
        };
        assert_eq!(differences(&one, &other).unwrap(), [difference]);
        assert_eq!(differences(&one, &one).unwrap(), []);
    }
}
