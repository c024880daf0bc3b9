//! `gan divergence`: how far two distributions are apart, from two files.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail};
use gan_data::{Header, TableConfig};
use gan_divergence::catalog::{
    Alias, Entry, Input, InputKind, Options, aliases, catalog, find_alias, find_divergence,
};
use gan_divergence::{DivergenceError, Estimate, LogBase, Pmf, Points};
use serde_json::{Value, json};

use crate::args::{Base, DivergenceArguments, HeaderChoice, TableArguments};
use crate::config::did_you_mean;
use crate::numbers::{Numbers, brief};
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
    let (entry, alias) = find(name)?;
    let (mut options, mut normalizes) = (Options::default(), false);
    for (key, value) in alias.map(|alias| alias.options).unwrap_or_default() {
        options.set(*key, *value);
    }
    for option in &arguments.options {
        let (key, value) = option
            .split_once('=')
            .with_context(|| format!("expected key=value after --option, found `{option}`"))?;
        let (key, value) = (key.trim(), value.trim());
        normalizes |= (key, value) == ("normalize", "true");
        options.set(key, value);
    }
    let config = table_config(&arguments.table);
    let (mut of_p, mut of_q) = (Numbers::open(p, &config)?, Numbers::open(q, &config)?);
    let mut notes: Vec<String> = alias.map(note_of).into_iter().collect();
    let found = (|| {
        if entry.input == InputKind::Masses && !normalizes {
            notes.extend(to_masses(entry, p, &mut of_p)?);
            notes.extend(to_masses(entry, q, &mut of_q)?);
        }
        with_input(entry, (p, &of_p), (q, &of_q), &options)
    })();
    let estimate = found
        .with_context(|| format!("cannot compare {} (p) with {} (q)", p.display(), q.display()))?;
    for (path, numbers) in [(p, &of_p), (q, &of_q)] {
        notes.extend(numbers.notes.iter().map(|note| format!("{}: {note}", path.display())));
    }
    let base = arguments.base.into();
    if arguments.json {
        pretty(&as_json(entry, &estimate, base, &notes))
    } else {
        Ok(as_text(entry, &estimate, base, &notes))
    }
}

fn table_config(arguments: &TableArguments) -> TableConfig {
    TableConfig {
        header: match arguments.header {
            HeaderChoice::Auto => Header::Auto,
            HeaderChoice::Yes => Header::Yes,
            HeaderChoice::No => Header::No,
        },
        delimiter: arguments.delimiter,
        decimal: arguments.decimal,
        columns: arguments.columns.clone(),
    }
}

/// The entry of that name, here or elsewhere, or an error that suggests the nearest.
fn find(name: &str) -> anyhow::Result<(&'static Entry, Option<&'static Alias>)> {
    let plain = name.to_lowercase().replace('_', "-");
    let found = find_divergence(&plain).map(|entry| (entry, None)).or_else(|error| {
        let alias = find_alias(name).ok_or(error)?;
        Ok::<_, DivergenceError>((find_divergence(alias.stands_for)?, Some(alias)))
    });
    found.map_err(|_| {
        let names = catalog().map(|entry| entry.name);
        let names: Vec<&str> = names.chain(aliases().iter().map(|alias| alias.name)).collect();
        let name = brief(name);
        let nearest = did_you_mean(&name, &names);
        anyhow!("no divergence is called `{name}`{nearest}; see gan divergence --list")
    })
}

/// What a name from elsewhere stands for.
fn note_of(alias: &Alias) -> String {
    let options: String =
        alias.options.iter().map(|(key, value)| format!(" --option {key}={value}")).collect();
    let note = if alias.note.is_empty() { String::new() } else { format!("; {}", alias.note) };
    format!("{} is `{}{options}`{note}", alias.name, alias.stands_for)
}

/// Masses that sum to 1 as nearly as the precision of their file allows are divided by their sum,
/// and a note states so.
fn to_masses(entry: &Entry, path: &Path, numbers: &mut Numbers) -> anyhow::Result<Option<String>> {
    let masses = list(entry, path, numbers)?.to_vec();
    let sum: f64 = masses.iter().sum();
    let tolerance = numbers.precision.epsilon() * (4.0 + (masses.len() as f64).sqrt());
    let read = Pmf::rounded(masses, tolerance.min(LARGEST_TOLERANCE)).map_err(|error| {
        let hint = match error {
            DivergenceError::NotNormalized { .. } => "; --option normalize=true divides by the sum",
            _ => "",
        };
        anyhow!("in {}: {error}{hint}", path.display())
    })?;
    let is_divided = read.masses() != numbers.values;
    numbers.values = read.masses().to_vec();
    let name = path.display();
    Ok(is_divided.then(|| format!("{name}: the masses sum to {sum} and were divided by it")))
}

/// However coarse the numbers of a file are, masses that are farther off than this are none.
const LARGEST_TOLERANCE: f64 = 0.01;

fn with_input(
    entry: &Entry,
    (p_path, p): (&Path, &Numbers),
    (q_path, q): (&Path, &Numbers),
    options: &Options,
) -> anyhow::Result<Estimate> {
    let lists = || Ok::<_, anyhow::Error>((list(entry, p_path, p)?, list(entry, q_path, q)?));
    let points = || {
        let of_p = Points::new(&p.values, p.columns)?;
        Ok::<_, anyhow::Error>((of_p, Points::new(&q.values, q.columns)?))
    };
    let input = match entry.input {
        InputKind::Masses => lists().map(|(p, q)| Input::Masses { p, q })?,
        InputKind::Scores => lists().map(|(real, fake)| Input::Scores { real, fake })?,
        InputKind::Points => points().map(|(p, q)| Input::Points { p, q })?,
        InputKind::Logits => points().map(|(real, fake)| Input::Logits { real, fake })?,
    };
    entry.run(&input, options).map_err(|error| {
        let hint = hint(entry, &error);
        anyhow!("{error}{hint}")
    })
}

/// The option that mends an error, if there is one.
fn hint(entry: &Entry, error: &DivergenceError) -> String {
    let has = |key: &str| entry.options.iter().any(|option| option.key == key);
    match error {
        DivergenceError::NoBandwidth => ": give --option bandwidth=NUMBER".into(),
        DivergenceError::TooFew { found, .. } if has("subset-size") && *found > 1 => {
            format!(": give --option subset-size={found} or less")
        }
        DivergenceError::TooFew { .. } if has("k") => ": give a smaller --option k=NUMBER".into(),
        _ => String::new(),
    }
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

fn as_text(entry: &Entry, estimate: &Estimate, base: LogBase, notes: &[String]) -> String {
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
    for note in notes {
        text += &format!("note: {note}\n");
    }
    text
}

fn as_json(entry: &Entry, estimate: &Estimate, base: LogBase, notes: &[String]) -> Value {
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
        "notes": notes,
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
            "aliases": aliases().iter().filter(|alias| alias.stands_for == entry.name)
                .map(|alias| alias.name).collect::<Vec<_>>(),
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
    let aliases = aliases().iter().map(|alias| vec![alias.name.to_owned(), note_of(alias)]);
    let aliases = table("Names from elsewhere", &aliases.collect::<Vec<_>>());
    kinds.map(table_of).join("\n") + "\n" + &options + "\n" + &aliases
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
