//! Rows of cells, before anything is known of their meaning.

use crate::number;

/// What a file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Table {
    /// The columns, in the order in which they were first seen.
    pub(super) header: Vec<String>,
    /// The rows.
    pub(super) rows: Vec<Row>,
    /// What was left out.
    pub(super) notes: Vec<String>,
}

/// A line of the file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    /// Its number, from 1.
    pub(super) line: u64,
    /// Its cells that hold anything, by the index of their column.
    pub(super) cells: Vec<(usize, Cell)>,
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Text(String),
}

impl Cell {
    /// A text that may be a number, in any spelling.
    pub(super) fn of_text(text: &str) -> Self {
        number::parse(text).map_or_else(|| Self::Text(text.trim().to_owned()), Self::Number)
    }

    /// As it stands there.
    pub(super) fn shown(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        }
    }
}

impl Row {
    pub(super) fn cell(&self, column: usize) -> Option<&Cell> {
        self.cells.iter().find(|(index, _)| *index == column).map(|(_, cell)| cell)
    }
}

/// A note on lines that were left out.
pub(super) fn left_out(lines: &[u64], why: &str) -> Option<String> {
    let first = lines.first()?;
    Some(match lines.len() {
        1 => format!("line {first} was left out: {why}"),
        n => format!("{n} lines were left out, the first is line {first}: {why}"),
    })
}

/// A note on the last line, which its writer did not finish.
pub(super) fn torn(line: u64) -> String {
    format!("line {line}, the last, is torn and was left out: the run may be in progress")
}
