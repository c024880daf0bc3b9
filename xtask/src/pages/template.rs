//! What a template can ask for.

use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use anyhow::Context;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Kwargs;
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};

use super::chart::{Chart, Horizontal, Scale};
use super::kept::{Kept, halves};
use super::language::{Language, Word};
use super::moment::Asked;
use super::{cell, chart, gallery, table, verdicts};
use crate::claim::State;

/// What is shared by the functions of a template.
pub(super) struct Composer {
    /// What is kept.
    pub(super) kept: Kept,
    /// The language of the page.
    pub(super) language: Language,
    /// The folder that the page is written for.
    pub(super) folder: PathBuf,
    /// The charts that pages have asked for.
    pub(super) charts: Vec<Chart>,
}

/// A composer that functions can hold.
pub(super) type Shared = Arc<Mutex<Composer>>;

/// The page that a template comes to.
///
/// # Errors
/// A function, a claim, a run or a quantity that does not exist, with the line of the template.
pub(super) fn rendered(shared: &Shared, name: &str, text: &str) -> anyhow::Result<String> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.context("the syntax of templates")?);
    add_claims(&mut environment, shared);
    add_numbers(&mut environment, shared);
    add_tables(&mut environment, shared);
    add_pictures(&mut environment, shared);
    let page = environment
        .render_named_str(name, text, ())
        .map_err(|error| anyhow::anyhow!("{}", one_line(&error)))?;
    Ok(tidied(&page))
}

/// A page without the blank lines that blocks of its template leave, and without breaks between Chinese
/// characters, which would be read as spaces.
fn tidied(page: &str) -> String {
    let mut tidy = String::with_capacity(page.len());
    let mut n_blank = 0;
    for line in page.lines().map(str::trim_end) {
        n_blank = if line.is_empty() { n_blank + 1 } else { 0 };
        if n_blank > 1 {
            continue;
        }
        let text = line.strip_prefix("> ").unwrap_or(line).trim_start();
        let ends_wide =
            tidy.strip_suffix('\n').and_then(|before| before.chars().last()).is_some_and(is_wide);
        if ends_wide && text.starts_with(is_wide) {
            tidy.pop();
            tidy += text;
        } else {
            tidy += line;
        }
        tidy.push('\n');
    }
    tidy
}

/// Chinese characters and their punctuation.
fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{3000}'..='\u{303f}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}' | '“' | '”')
}

/// `held(ID)`, `refuted(ID)`, `open(ID)`, `claims(LIST)`.
fn add_claims(environment: &mut Environment<'static>, shared: &Shared) {
    for (name, wanted) in [("held", State::Held), ("refuted", State::NotHeld)] {
        let shared = Arc::clone(shared);
        environment.add_function(name, move |id: &str| {
            let state = lock(&shared).kept.claim(id).map_err(refused)?.verdict.state;
            Ok::<bool, Error>(state == wanted)
        });
    }
    let own = Arc::clone(shared);
    environment.add_function("open", move |id: &str| {
        let composer = &mut *lock(&own);
        verdicts::open(&mut composer.kept, composer.language, id).map_err(refused)
    });
    let own = Arc::clone(shared);
    environment.add_function("claims", move |list: Vec<Vec<String>>| {
        let composer = &mut *lock(&own);
        verdicts::table(&mut composer.kept, composer.language, &list).map_err(refused)
    });
}

/// `spread(RUN, QUANTITY, at=MOMENT)`, `origins(EXPERIMENTS)`.
fn add_numbers(environment: &mut Environment<'static>, shared: &Shared) {
    let own = Arc::clone(shared);
    environment.add_function("spread", move |path: &str, quantity: &str, options: Kwargs| {
        let asked = moment(&options)?;
        let composer = &mut *lock(&own);
        let language = composer.language;
        let found = (|| {
            let run = composer.kept.run(path)?;
            cell::spread(&run, quantity, asked, language)
        })();
        let (experiment, _) = halves(path).map_err(refused)?;
        Ok::<String, Error>(found.map_err(refused)?.unwrap_or_else(|| language.not_run(experiment)))
    });
    let own = Arc::clone(shared);
    environment.add_function("origins", move |experiments: Vec<String>| {
        origins(&mut lock(&own), &experiments).map_err(refused)
    });
}

/// `table(ROWS, COLUMNS)`, `by_seed(RUN, COLUMNS)`, `grid(CORNER, RUN, ROWS, COLUMNS, quantity=, at=MOMENT)`,
/// `own_table(RUN)`.
fn add_tables(environment: &mut Environment<'static>, shared: &Shared) {
    let own = Arc::clone(shared);
    environment.add_function("table", move |rows: Vec<Vec<String>>, columns: Vec<Vec<String>>| {
        let composer = &mut *lock(&own);
        table::by_run(&mut composer.kept, composer.language, &rows, &columns).map_err(refused)
    });
    let own = Arc::clone(shared);
    environment.add_function("by_seed", move |path: &str, columns: Vec<Vec<String>>| {
        let composer = &mut *lock(&own);
        table::by_seed(&mut composer.kept, composer.language, path, &columns).map_err(refused)
    });
    let own = Arc::clone(shared);
    let grid = move |corner: &str,
                     path: &str,
                     rows: Vec<String>,
                     columns: Vec<String>,
                     options: Kwargs| {
        let quantity: String = options.get("quantity")?;
        let asked = (quantity.as_str(), moment(&options)?);
        let composer = &mut *lock(&own);
        let (kept, language) = (&mut composer.kept, composer.language);
        table::grid(kept, language, (corner, path), (&rows, &columns), asked).map_err(refused)
    };
    environment.add_function("grid", grid);
    let own = Arc::clone(shared);
    environment.add_function("own_table", move |path: &str| {
        let composer = &mut *lock(&own);
        gallery::own_table(&mut composer.kept, composer.language, path).map_err(refused)
    });
}

/// `pictures(LIST)`, `picture(RUN, FILE, ALT)`, `curves(NAME, TITLE, RUNS, QUANTITY, x=, y=)`.
fn add_pictures(environment: &mut Environment<'static>, shared: &Shared) {
    let own = Arc::clone(shared);
    environment.add_function("pictures", move |list: Vec<Vec<String>>| {
        let composer = &mut *lock(&own);
        let folder = composer.folder.clone();
        gallery::row(&mut composer.kept, composer.language, &list, &folder).map_err(refused)
    });
    let own = Arc::clone(shared);
    environment.add_function("picture", move |path: &str, file: &str, alt: &str| {
        let composer = &mut *lock(&own);
        let (folder, language) = (composer.folder.clone(), composer.language);
        gallery::single(&mut composer.kept, language, (path, file), (alt, &folder)).map_err(refused)
    });
    let own = Arc::clone(shared);
    let curves =
        move |name: &str, title: &str, runs: Vec<Vec<String>>, quantity: &str, options: Kwargs| {
            let word = |key, default: &str| -> Result<String, Error> {
                Ok(options.get::<Option<String>>(key)?.unwrap_or_else(|| default.to_owned()))
            };
            let x = Horizontal::of(&word("x", "step")?).map_err(refused)?;
            let scale = Scale::of(&word("y", "linear")?).map_err(refused)?;
            options.assert_all_used()?;
            let composer = &mut *lock(&own);
            let language = composer.language;
            let table = chart::table(&mut composer.kept, language, &runs, (quantity, x))
                .map_err(refused)?;
            Ok::<String, Error>(match table {
                Err(experiment) => language.not_run_sentence(&experiment),
                Ok(table) => {
                    let name = format!("{name}{}", language.suffix());
                    let link = format!("![{title}](charts/{name}.svg)");
                    composer.charts.push(Chart { name, title: title.to_owned(), scale, table });
                    link
                }
            })
        };
    environment.add_function("curves", curves);
}

/// Kernels and builds of what is kept of experiments, an item each.
fn origins(composer: &mut Composer, experiments: &[String]) -> anyhow::Result<String> {
    let language = composer.language;
    let mut text = String::new();
    for name in experiments {
        let shown = composer.kept.all_trainings(name).with_context(|| format!("`{name}`"))?;
        let own = || shown.iter().filter_map(|shown| shown.provenance.as_ref());
        let distinct = |mut words: Vec<&str>| {
            words.sort_unstable();
            words.dedup();
            words.join(", ")
        };
        let (kernels, build) = (language.word(Word::Kernels), language.word(Word::Build));
        text += &match (shown.is_empty(), own().next()) {
            (true, _) => format!("- `{name}`: {}\n", language.not_run(name)),
            (false, None) => format!("- `{name}`\n"),
            (false, Some(_)) => format!(
                "- `{name}`: {kernels} {}; {build} {}\n",
                distinct(own().map(|own| own.kernels.as_str()).collect()),
                distinct(own().map(|own| own.build.as_str()).collect())
            ),
        };
    }
    Ok(text)
}

fn moment(options: &Kwargs) -> Result<Asked, Error> {
    let at: Option<String> = options.get("at")?;
    options.assert_all_used()?;
    Asked::of(at.as_deref().unwrap_or("end")).map_err(refused)
}

fn refused(error: impl Display) -> Error {
    Error::new(ErrorKind::InvalidOperation, format!("{error:#}"))
}

/// What is wrong with a template, and where, without the engine's own words for the kind of error.
fn one_line(error: &Error) -> String {
    let place = match (error.name(), error.line()) {
        (Some(name), Some(line)) => format!("{name}:{line}: "),
        (Some(name), None) => format!("{name}: "),
        _ => String::new(),
    };
    match error.detail() {
        Some(detail) => format!("{place}{detail}"),
        None => format!("{place}{}", error.kind()),
    }
}

/// A composer is whole even after a function that panicked.
pub(super) fn lock(shared: &Shared) -> MutexGuard<'_, Composer> {
    shared.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

/// The file of a template.
pub(super) fn file(root: &Path, language: Language, page: &str) -> PathBuf {
    root.join("xtask").join("pages").join(language.folder()).join(format!("{page}.md"))
}

#[cfg(test)]
mod tests;
