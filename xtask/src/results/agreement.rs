//! Whether a kept result is one of the training that an experiment asks for.

use std::collections::BTreeMap;

use anyhow::Context;
use toml::{Table, Value};

/// Settings that say only how a run is watched, or where its data lie; their digest says which they are.
const WATCHED: &[&str] =
    &["pictures.", "checkpoint.", "log.", "report", "evaluation.every", "data.dir", "data.file"];
/// Settings that are younger than some kept results, with what they were before there was the key.
const YOUNGER: &[(&str, &str)] = &[("train.shards", "1"), ("train.batch_statistics", "\"ghost\"")];
/// Relative differences that rounding to `f32` may make.
const ROUNDING: f64 = 1e-6;

/// In which settings two configurations differ, but for those that say only how a run is watched and
/// those of `except`.
///
/// # Errors
/// One of them is not TOML.
pub(super) fn differences(kept: &str, now: &str, except: &[&str]) -> anyhow::Result<Vec<String>> {
    let (mut kept, mut now) = (leaves(kept)?, leaves(now)?);
    for (key, before) in YOUNGER {
        for settings in [&mut kept, &mut now] {
            settings.entry((*key).to_owned()).or_insert_with(|| parsed(before));
        }
    }
    let counts = |key: &&String| !is_watched(key) && !except.contains(&key.as_str());
    let mut keys: Vec<&String> = kept.keys().chain(now.keys()).filter(counts).collect();
    keys.sort();
    keys.dedup();
    let text = |value: Option<&Value>| value.map_or("absent".to_owned(), Value::to_string);
    let differs = |key: &&String| match (kept.get(*key), now.get(*key)) {
        (Some(kept), Some(now)) => !is_same(kept, now),
        (kept, now) => kept != now,
    };
    let named =
        |key: &String| format!("{key}: was {}, now {}", text(kept.get(key)), text(now.get(key)));
    Ok(keys.into_iter().filter(differs).map(named).collect())
}

/// Which settings of an experiment a configuration does not have, but for those that say only how a
/// run is watched.
///
/// # Errors
/// The configuration is not TOML.
pub(super) fn contradictions(settings: &[String], config: &str) -> anyhow::Result<Vec<String>> {
    let config = Value::Table(toml::from_str(config).context("a configuration is not TOML")?);
    let mut stated = Value::Table(Table::new());
    for (key, value) in settings.iter().filter_map(|setting| setting.split_once('=')) {
        if !is_watched(key) {
            set(&mut stated, key, parsed(value));
        }
    }
    let mut found = Vec::new();
    compare("", &stated, Some(&config), &mut found);
    Ok(found)
}

/// The last budget that settings state.
pub(super) fn budget(settings: &[String]) -> Option<Value> {
    let of = |setting: &String| {
        let value = setting.strip_prefix("train.budget=")?;
        Some(parsed(value))
    };
    settings.iter().rev().find_map(of)
}

/// Whether a configuration has this budget.
///
/// # Errors
/// It is not TOML.
pub(super) fn has_budget(config: &str, budget: &Value) -> anyhow::Result<bool> {
    Ok(leaves(config)?.get("train.budget").is_some_and(|own| is_same(budget, own)))
}

fn is_watched(key: &str) -> bool {
    WATCHED.iter().any(|watched| key.starts_with(watched))
}

/// A value as `--set` takes it: TOML, or a word without quotes.
fn parsed(text: &str) -> Value {
    let table: Result<Table, _> = toml::from_str(&format!("value = {text}"));
    let value = table.ok().and_then(|mut table| table.remove("value"));
    value.unwrap_or_else(|| Value::String(text.trim().to_owned()))
}

fn set(into: &mut Value, key: &str, value: Value) {
    if !into.is_table() {
        *into = Value::Table(Table::new());
    }
    let Value::Table(table) = into else { return };
    match key.split_once('.') {
        None => {
            if key == "kind" {
                // What was set for another kind goes with it.
                table.clear();
            }
            table.insert(key.to_owned(), value);
        }
        Some((first, rest)) => {
            let inner = table.entry(first.to_owned()).or_insert_with(|| Value::Table(Table::new()));
            set(inner, rest, value);
        }
    }
}

/// Names every part of `stated` that `found` does not have; it may have more.
fn compare(key: &str, stated: &Value, found: Option<&Value>, contradictions: &mut Vec<String>) {
    match (stated, found) {
        (Value::Table(stated), Some(Value::Table(found))) => {
            for (name, value) in stated {
                let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                compare(&key, value, found.get(name), contradictions);
            }
        }
        (Value::Array(stated), Some(Value::Array(found))) if stated.len() == found.len() => {
            for (idx, (one, other)) in stated.iter().zip(found).enumerate() {
                compare(&format!("{key}[{idx}]"), one, Some(other), contradictions);
            }
        }
        // The name of a kind is short for a table of it.
        (Value::String(_), Some(Value::Table(table))) if table.get("kind") == Some(stated) => {}
        (_, Some(found)) if is_same(stated, found) => {}
        (_, found) => {
            let found = found.map_or("absent".to_owned(), Value::to_string);
            contradictions.push(format!("{key} is {found}, the experiment has {stated}"));
        }
    }
}

/// Equal, but for the type of a number and for the number of an interval's unit.
fn is_same(one: &Value, other: &Value) -> bool {
    let number = |value: &Value| match value {
        Value::Integer(n) => Some(*n as f64),
        Value::Float(x) => Some(*x),
        _ => None,
    };
    match (number(one), number(other), one.as_str(), other.as_str()) {
        (Some(a), Some(b), ..) => (a - b).abs() <= ROUNDING * a.abs().max(b.abs()),
        (.., Some(a), Some(b)) => a.trim_end_matches('s') == b.trim_end_matches('s'),
        _ => one == other,
    }
}

fn leaves(text: &str) -> anyhow::Result<BTreeMap<String, Value>> {
    fn collect(prefix: &str, table: Table, leaves: &mut BTreeMap<String, Value>) {
        for (name, value) in table {
            let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
            match value {
                Value::Table(inner) => collect(&key, inner, leaves),
                value => drop(leaves.insert(key, value)),
            }
        }
    }
    let mut all = BTreeMap::new();
    collect("", toml::from_str(text).context("a configuration is not TOML")?, &mut all);
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CONFIG: &str = r#"
        recipe = "gan"
        seed = 3
        [data]
        kind = "moons"
        noise = 0.1
        dir = ""
        [train]
        batch = 250
        budget = "1 epoch"
        penalties = [{ kind = "r1", weight = 0.1, schedule = { kind = "constant" } }]
        [train.generator]
        kind = "adam"
        lr = 0.0001
        [log]
        every = "50 steps"
    "#;

    fn complaints(settings: &[&str]) -> Vec<String> {
        let settings: Vec<String> = settings.iter().map(|setting| (*setting).to_owned()).collect();
        contradictions(&settings, CONFIG).unwrap()
    }

    #[test]
    fn how_a_run_is_watched_is_no_difference() {
        let now = CONFIG.replace("50 steps", "9 steps").replace("dir = \"\"", "dir = \"d\"");
        assert!(differences(CONFIG, &now, &[]).unwrap().is_empty());
        let now = CONFIG.replace("batch = 250", "batch = 250.0").replace("0.0001", "1e-4");
        assert!(differences(CONFIG, &now, &[]).unwrap().is_empty());
        let now = CONFIG.replace("seed = 3", "seed = 4").replace("batch = 250", "batch = 64");
        let found = differences(CONFIG, &now, &["seed"]).unwrap();
        assert_eq!(found, ["train.batch: was 250, now 64"]);
        let now = CONFIG.replace("noise = 0.1", "");
        assert_eq!(differences(CONFIG, &now, &[]).unwrap(), ["data.noise: was 0.1, now absent"]);
    }

    #[test]
    fn settings_are_found_in_a_configuration_however_they_are_written() {
        let settings = [
            "data.kind=ring",
            "data.points=100000",
            "data.kind=moons",
            "train.generator=adam",
            "train.batch=250",
            "train.budget=\"1 epochs\"",
            "train.generator={kind = 'adam', lr = 1e-4}",
            "train.generator.lr=1e-4",
            "train.penalties=[{kind = \"r1\", weight = 0.1}]",
            "log.every=\"9 steps\"",
        ];
        assert_eq!(complaints(&settings), Vec::<String>::new());
    }

    #[test]
    fn settings_that_a_configuration_does_not_have_are_named() {
        assert_eq!(
            complaints(&["train.batch=64", "train.penalties=[]"]),
            [
                "train.batch is 250, the experiment has 64",
                "train.penalties is [{ kind = \"r1\", schedule = { kind = \"constant\" }, weight = 0.1 }], \
                 the experiment has []",
            ]
        );
        assert_eq!(complaints(&["train.batch=64", "train.batch=250"]), Vec::<String>::new());
        let absent = complaints(&["model.kind=mlp"]);
        assert_eq!(absent, ["model is absent, the experiment has { kind = \"mlp\" }"]);
        let loss = complaints(&["train.generator=rmsprop"]);
        assert!(loss.len() == 1 && loss[0].ends_with("the experiment has \"rmsprop\""), "{loss:?}");
        let penalty = complaints(&["train.penalties=[{kind = 'r2', weight = 0.1}]"]);
        assert_eq!(penalty, ["train.penalties[0].kind is \"r1\", the experiment has \"r2\""]);
    }

    #[test]
    fn the_last_budget_counts() {
        let settings = ["train.budget=\"9 steps\"", "train.budget=\"1 epochs\"", "a=1"];
        let budget = budget(&settings.map(str::to_owned)).unwrap();
        assert!(has_budget(CONFIG, &budget).unwrap());
        assert!(!has_budget(CONFIG, &parsed("\"2 epochs\"")).unwrap());
    }
}
