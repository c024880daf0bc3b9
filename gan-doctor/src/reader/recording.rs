//! Rows becoming a trace.

use super::columns::Places;
use crate::{DoctorError, Trace, number};

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

/// A trace being read, row by row.
pub(super) struct Recording<'a> {
    places: &'a Places,
    header: &'a [String],
    newest: u64,
    pub(super) trace: Trace,
}

impl<'a> Recording<'a> {
    pub(super) fn new(places: &'a Places, header: &'a [String]) -> Self {
        Self { places, header, newest: 0, trace: Trace::new() }
    }

    /// Takes the measurements of a row, all of them or none.
    pub(super) fn take(&mut self, row: &Row) -> Result<(), DoctorError> {
        let step = self.step_of(row)?;
        let goes_back = |after| DoctorError::StepGoesBack { line: row.line, step, after };
        if step < self.newest {
            return Err(goes_back(self.newest));
        }
        let mut measured = Vec::with_capacity(self.places.series.len());
        for (place, series) in &self.places.series {
            match row.cell(*place) {
                Some(Cell::Number(value)) => measured.push((series, *value)),
                Some(Cell::Text(found)) if self.places.is_read(series) => {
                    let (line, found) = (row.line, found.clone());
                    let column = self.header[*place].clone();
                    return Err(DoctorError::Cell { line, column, found });
                }
                Some(Cell::Text(_)) | None => {}
            }
        }
        self.newest = step;
        for (series, value) in measured {
            self.trace.push(series, step, value).map_err(|_| goes_back(step))?;
        }
        Ok(())
    }

    fn step_of(&self, row: &Row) -> Result<u64, DoctorError> {
        // Above 2⁵³ a float does not hold every step.
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let Some(place) = self.places.step else { return Ok(row.line) };
        match row.cell(place) {
            Some(Cell::Number(step)) if step.fract() == 0.0 && (0.0..=LARGEST).contains(step) => {
                Ok(*step as u64)
            }
            found => {
                let found = found.map_or_else(String::new, Cell::shown);
                Err(DoctorError::Step { line: row.line, found })
            }
        }
    }
}
