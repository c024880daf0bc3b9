//! Tables of runs, of seeds, and of runs that two words name.

use std::collections::BTreeSet;

use anyhow::{anyhow, bail, ensure};

use super::cell::{single, spread};
use super::kept::{Kept, RunOf};
use super::language::{Language, Word};
use super::moment::Asked;

/// A column: its headline, a quantity, and what is read of it (at the end if not given).
struct Column {
    title: String,
    quantity: String,
    asked: Asked,
}

/// A table that is being filled, and what it lacks.
struct Table {
    language: Language,
    text: String,
    /// Sentences about experiments that are not complete.
    missing: BTreeSet<String>,
    kernels: BTreeSet<String>,
}

/// A line for each `[label, EXPERIMENT/RUN]`, a column for each `[title, quantity, moment]`.
///
/// # Errors
/// A name that does not exist, a quantity that is not measured, or numbers of different kernels.
pub(super) fn by_run(
    kept: &mut Kept,
    language: Language,
    rows: &[Vec<String>],
    columns: &[Vec<String>],
) -> anyhow::Result<String> {
    let columns: Vec<Column> =
        columns.iter().map(|one| column(one)).collect::<anyhow::Result<_>>()?;
    let titles = columns.iter().map(|column| column.title.as_str());
    let heads = [language.word(Word::Spread), language.word(Word::Seeds)];
    let mut table = Table::new(language, &heads.into_iter().chain(titles).collect::<Vec<_>>());
    for row in rows {
        let [label, path] = row.as_slice() else {
            bail!("a row is a label and a run, found {row:?}");
        };
        let run = kept.run(path)?;
        let mut cells = vec![label.clone(), language.of(run.trainings.len(), run.n_planned)];
        for column in &columns {
            let cell = spread(&run, &column.quantity, column.asked, language)?;
            cells.push(cell.unwrap_or_else(|| language.not_run_cell().to_owned()));
        }
        table.note(&run);
        table.row(&cells);
    }
    table.finish()
}

/// A line for each seed of a run, a column for each `[title, quantity, moment]`.
///
/// # Errors
/// As [`by_run`].
pub(super) fn by_seed(
    kept: &mut Kept,
    language: Language,
    path: &str,
    columns: &[Vec<String>],
) -> anyhow::Result<String> {
    let columns: Vec<Column> =
        columns.iter().map(|one| column(one)).collect::<anyhow::Result<_>>()?;
    let run = kept.run(path)?;
    let titles = columns.iter().map(|column| column.title.as_str());
    let heads = [language.word(Word::Seed)];
    let mut table = Table::new(language, &heads.into_iter().chain(titles).collect::<Vec<_>>());
    table.note(&run);
    if run.trainings.is_empty() {
        return Ok(language.not_run_sentence(run.experiment) + "\n");
    }
    for (idx, shown) in run.trainings.iter().enumerate() {
        let mut cells = vec![shown.training.seed.to_string()];
        for column in &columns {
            cells.push(single(&run, idx, &column.quantity, column.asked, language)?);
        }
        table.row(&cells);
    }
    table.finish()
}

/// A cell for every word of `rows` with every word of `columns`, which the name of the run has in the
/// places of `{row}` and `{column}`.
///
/// # Errors
/// As [`by_run`].
pub(super) fn grid(
    kept: &mut Kept,
    language: Language,
    (corner, path): (&str, &str),
    (rows, columns): (&[String], &[String]),
    (quantity, asked): (&str, Asked),
) -> anyhow::Result<String> {
    ensure!(
        path.contains("{row}") && path.contains("{column}"),
        "the run of a grid has the words {{row}} and {{column}}, found `{path}`"
    );
    let heads: Vec<&str> = [corner].into_iter().chain(columns.iter().map(String::as_str)).collect();
    let mut table = Table::new(language, &heads);
    for row in rows {
        let mut cells = vec![row.clone()];
        for column in columns {
            let path = path.replace("{row}", row).replace("{column}", column);
            let run = kept.run(&path)?;
            let cell = spread(&run, quantity, asked, language)?;
            let mut cell = cell.unwrap_or_else(|| language.not_run_cell().to_owned());
            if !run.trainings.is_empty() && run.trainings.len() < run.n_planned {
                cell += &format!(", {}", language.of(run.trainings.len(), run.n_planned));
            }
            table.note(&run);
            cells.push(cell);
        }
        table.row(&cells);
    }
    table.finish()
}

fn column(words: &[String]) -> anyhow::Result<Column> {
    let (title, quantity, at) = match words {
        [title, quantity] => (title, quantity, "end"),
        [title, quantity, at] => (title, quantity, at.as_str()),
        _ => return Err(anyhow!("a column is a title, a quantity and a moment, found {words:?}")),
    };
    Ok(Column { title: title.clone(), quantity: quantity.clone(), asked: Asked::of(at)? })
}

impl Table {
    fn new(language: Language, heads: &[&str]) -> Self {
        let rule = "---|".repeat(heads.len());
        let text = format!("| {} |\n|{rule}\n", heads.join(" | "));
        Self { language, text, missing: BTreeSet::new(), kernels: BTreeSet::new() }
    }

    fn row(&mut self, cells: &[String]) {
        self.text += &format!("| {} |\n", cells.join(" | "));
    }

    /// What a run lacks, and with which kernels it was trained.
    fn note(&mut self, run: &RunOf<'_>) {
        if run.trainings.is_empty() {
            self.missing.insert(self.language.not_run_sentence(run.experiment));
        } else if run.trainings.len() < run.n_planned {
            self.missing.insert(self.language.incomplete(run.experiment));
        }
        let provenances = run.trainings.iter().filter_map(|shown| shown.provenance.as_ref());
        self.kernels.extend(provenances.map(|provenance| provenance.kernels.clone()));
    }

    fn finish(self) -> anyhow::Result<String> {
        if self.kernels.len() > 1 {
            let kernels: Vec<String> = self.kernels.into_iter().collect();
            bail!(
                "numbers of different kernels would stand in one table: {}",
                kernels.join(" and ")
            );
        }
        let mut text = self.text;
        for sentence in &self.missing {
            text += &format!("\n{sentence}\n");
        }
        Ok(text)
    }
}
