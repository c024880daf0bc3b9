//! `gan divergence`: how far two distributions are apart, from two files.

use std::path::Path;

use anyhow::{Context as _, bail};
use gan_divergence::{
    Entry, Estimate, Input, InputKind, LogBase, Options, Pmf, Points, catalog, find_divergence,
};
use serde_json::{Value, json};

use crate::args::{Base, DivergenceArguments};
use crate::config::did_you_mean;
use crate::numbers::Numbers;
use crate::streams;
use crate::table::table;

pub(crate) fn run(arguments: &DivergenceArguments) -> anyhow::Result<()> {
    let text = if arguments.list {
        if arguments.json { pretty(&list_as_json())? } else { list_as_tables() }
    } else {
        compare(arguments)?
    };
    streams::print(&text)?;
    Ok(())
}

fn compare(arguments: &DivergenceArguments) -> anyhow::Result<String> {
    let (Some(name), Some(p), Some(q)) = (&arguments.name, &arguments.p, &arguments.q) else {
        bail!("expected a name with --p FILE and --q FILE, or --list");
    };
    let entry = find(name)?;
    let (mut options, mut normalizes) = (Options::default(), false);
    for option in &arguments.options {
        let (key, value) = option
            .split_once('=')
            .with_context(|| format!("expected key=value after --option, found `{option}`"))?;
        let (key, value) = (key.trim(), value.trim());
        normalizes |= (key, value) == ("normalize", "true");
        options.set(key, value);
    }
    let (of_p, of_q) = (Numbers::open(p)?, Numbers::open(q)?);
    let estimate = with_input(entry, (p, &of_p), (q, &of_q), &options, normalizes)
        .with_context(|| format!("cannot compare {} (p) with {} (q)", p.display(), q.display()))?;
    let base = arguments.base.into();
    if arguments.json {
        pretty(&as_json(entry, &estimate, base))
    } else {
        Ok(as_text(entry, &estimate, base))
    }
}

/// The entry of that name, or an error that suggests the nearest.
fn find(name: &str) -> anyhow::Result<&'static Entry> {
    find_divergence(name).map_err(|error| {
        let names: Vec<&str> = catalog().map(|entry| entry.name).collect();
        anyhow::anyhow!("{error}{}; see gan divergence --list", did_you_mean(name, &names))
    })
}

fn with_input(
    entry: &Entry,
    (p_path, p): (&Path, &Numbers),
    (q_path, q): (&Path, &Numbers),
    options: &Options,
    normalizes: bool,
) -> anyhow::Result<Estimate> {
    let lists = || Ok::<_, anyhow::Error>((list(entry, p_path, p)?, list(entry, q_path, q)?));
    let points = || {
        let of_p = Points::new(&p.values, p.columns)?;
        Ok::<_, anyhow::Error>((of_p, Points::new(&q.values, q.columns)?))
    };
    let input = match entry.input {
        InputKind::Masses => {
            let (p, q) = lists()?;
            if !normalizes {
                ensure_masses(p_path, p)?;
                ensure_masses(q_path, q)?;
            }
            Input::Masses { p, q }
        }
        InputKind::Scores => lists().map(|(real, fake)| Input::Scores { real, fake })?,
        InputKind::Points => points().map(|(p, q)| Input::Points { p, q })?,
        InputKind::Logits => points().map(|(real, fake)| Input::Logits { real, fake })?,
    };
    Ok(entry.run(&input, options)?)
}

/// The same check that every divergence makes, but by the name of the file.
fn ensure_masses(path: &Path, masses: &[f64]) -> anyhow::Result<()> {
    Pmf::new(masses.to_vec()).map(|_| ()).with_context(|| format!("in {}", path.display()))
}

fn list<'a>(entry: &Entry, path: &Path, numbers: &'a Numbers) -> anyhow::Result<&'a [f64]> {
    numbers.as_list().with_context(|| {
        format!(
            "{} compares {}, a list; {} is a table of {} rows and {} columns",
            entry.name,
            entry.input.name(),
            path.display(),
            numbers.rows(),
            numbers.columns
        )
    })
}

fn as_text(entry: &Entry, estimate: &Estimate, base: LogBase) -> String {
    let value = entry.unit.convert(estimate.value, base);
    let mut text = format!("{value} {}\n", entry.unit.name(base));
    text += &format!("estimator: {}\n", estimate.estimator);
    text += &match estimate.m {
        0 => format!("n: {}\n", estimate.n),
        m => format!("n: {}, m: {m}\n", estimate.n),
    };
    if let Some(error) = estimate.standard_error {
        text += &format!("standard error: {}\n", entry.unit.convert(error, base));
    }
    for warning in &estimate.warnings {
        text += &format!("warning: {warning}\n");
    }
    text
}

fn as_json(entry: &Entry, estimate: &Estimate, base: LogBase) -> Value {
    let warnings: Vec<String> = estimate.warnings.iter().map(ToString::to_string).collect();
    let error = estimate.standard_error.map(|error| entry.unit.convert(error, base));
    json!({
        "name": entry.name,
        "value": number(entry.unit.convert(estimate.value, base)),
        "unit": entry.unit.name(base),
        "n": estimate.n,
        "m": estimate.m,
        "estimator": estimate.estimator,
        "standard_error": error.map(number),
        "warnings": warnings,
    })
}

/// JSON has no infinity: what is not finite becomes a text such as `"inf"`.
fn number(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { json!(value.to_string()) }
}

fn list_as_json() -> Value {
    let entry = |entry: &Entry| {
        let options: Vec<Value> = entry
            .options
            .iter()
            .map(|o| json!({ "key": o.key, "default": o.default, "meaning": o.meaning }))
            .collect();
        json!({
            "name": entry.name,
            "summary": entry.summary,
            "range": entry.range,
            "unit": entry.unit.name(LogBase::Nats),
            "input": entry.input.name(),
            "cost": entry.cost,
            "options": options,
        })
    };
    Value::Array(catalog().map(entry).collect())
}

/// A table for each kind of input, each line with name, range, unit, cost and summary.
fn list_as_tables() -> String {
    let kinds = [InputKind::Masses, InputKind::Points, InputKind::Scores, InputKind::Logits];
    let table_of = |kind: InputKind| {
        let heading = ["name", "range", "unit", "input", "cost", "what"].map(str::to_owned);
        let rows = catalog().filter(|entry| entry.input == kind).map(|entry| {
            let unit = entry.unit.name(LogBase::Nats);
            let cells = [entry.name, entry.range, &unit, entry.input.name(), entry.cost];
            cells.into_iter().chain([entry.summary]).map(str::to_owned).collect()
        });
        let rows: Vec<Vec<String>> = std::iter::once(heading.to_vec()).chain(rows).collect();
        table(&format!("Between {}", kind.name()), &rows)
    };
    let options = catalog().flat_map(|entry| {
        entry.options.iter().map(|option| {
            let key = format!("{}={}", option.key, option.default);
            vec![entry.name.to_owned(), key, option.meaning.to_owned()]
        })
    });
    let options = table("Options, with their defaults", &options.collect::<Vec<_>>());
    kinds.map(table_of).join("\n") + "\n" + &options
}

fn pretty(value: &Value) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(value)? + "\n")
}

impl From<Base> for LogBase {
    fn from(base: Base) -> Self {
        match base {
            Base::Nats => Self::Nats,
            Base::Bits => Self::Bits,
            Base::Hartleys => Self::Hartleys,
        }
    }
}
