//! The rows of a file below its names.

use super::Row;
use super::dialect::Dialect;
use super::head::{FirstRow, Head, are_years, is_nameless, is_whole};
use crate::table::pick::Columns;
use crate::table::{Account, CellHint, Number, Precision, Reading, TableConfig, TableFault};
use crate::text::shortened;
use crate::{PassedOver, TableLayout};

/// The numbers that were read so far.
pub(super) struct Body<T> {
    names: Option<Vec<String>>,
    first: Vec<String>,
    dialect: Dialect,
    /// Where the number of each column goes; `None` for columns that are not read.
    slots: Vec<Option<usize>>,
    picked: Vec<usize>,
    values: Vec<T>,
    n_rows: usize,
    /// Whether the first column may be an index without a name.
    may_be_index: bool,
    /// In doubt for as long as all numbers below have decimals.
    first_row: FirstRow,
}

impl<T: Number> Body<T> {
    pub(super) fn new(
        head: &Head,
        first: Vec<String>,
        dialect: Dialect,
        config: &TableConfig,
    ) -> Result<Self, TableFault> {
        let columns = Columns { names: head.names.as_deref(), count: first.len() };
        let picked = columns.pick(&config.columns)?;
        let mut slots = vec![None; first.len()];
        picked.iter().enumerate().for_each(|(slot, &column)| slots[column] = Some(slot));
        let is_index = |names: &Vec<String>| names.len() > 1 && is_nameless(&names[0]);
        Ok(Self {
            may_be_index: config.columns.is_empty() && head.names.as_ref().is_some_and(is_index),
            first_row: head.first_row,
            names: head.names.clone(),
            first,
            dialect,
            slots,
            picked,
            values: Vec::new(),
            n_rows: 0,
        })
    }

    /// Read a row.
    pub(super) fn push(&mut self, row: &Row<'_>) -> Result<(), TableFault> {
        let (expected, found) = (self.slots.len(), row.count());
        if found != expected {
            return Err(TableFault::Ragged { line: row.line(), expected, found });
        }
        let start = self.values.len();
        self.values.resize(start + self.picked.len(), T::from_double(0.0));
        for (column, cell) in row.cells().enumerate() {
            if column == 0 && self.may_be_index {
                self.may_be_index = is_whole(cell);
            }
            let Some(slot) = self.slots[column] else { continue };
            let number = self.number(cell).ok_or_else(|| self.fault(row, column, cell))?;
            self.values[start + slot] = number;
            if self.n_rows > 0 && !cell.contains(['.', ',', 'e', 'E']) {
                self.settle_for_data();
            }
        }
        self.n_rows += 1;
        Ok(())
    }

    fn settle_for_data(&mut self) {
        if self.first_row == FirstRow::Doubtful {
            self.first_row = FirstRow::Data;
        }
    }

    /// The number in a cell; the first that has one fixes the decimal sign.
    fn number(&mut self, cell: &str) -> Option<T> {
        if self.dialect.decimal.is_none() {
            let sign = cell.chars().find(|character| ['.', ','].contains(character));
            self.dialect.decimal = sign;
        }
        let number = match self.dialect.decimal {
            Some(',') if cell.contains('.') => None,
            Some(',') if cell.contains(',') => cell.replace(',', ".").parse().ok(),
            _ => cell.parse().ok(),
        };
        number.filter(|number: &T| number.is_finite_number())
    }

    fn fault(&self, row: &Row<'_>, column: usize, cell: &str) -> TableFault {
        let name = match self.names.as_ref().map(|names| names[column].as_str()) {
            None | Some("") => String::new(),
            Some(name) => format!(" (`{}`)", shortened(name)),
        };
        TableFault::Cell {
            line: row.line(),
            column: column + 1,
            name,
            found: if cell.is_empty() {
                "empty".into()
            } else {
                format!("\"{}\"", shortened(cell))
            },
            hint: self.hint(cell),
        }
    }

    fn hint(&self, cell: &str) -> CellHint {
        let other = cell.replacen(',', ".", 1).parse::<f64>();
        match self.dialect.looks_like {
            Some(delimiter) => CellHint::Delimiter(delimiter),
            None if cell.is_empty() || cell.parse().is_ok_and(f64::is_nan) => CellHint::Missing,
            None if cell.parse::<f64>().is_ok() => CellHint::None,
            None if other.is_ok() => CellHint::Decimal,
            None if self.n_rows == 0 && self.first_row != FirstRow::Names => CellHint::Header,
            None if self.slots.len() > 1 => CellHint::Columns,
            None => CellHint::None,
        }
    }

    /// The table, once all rows are read.
    pub(super) fn into_reading(mut self, head: Head) -> Reading<T> {
        let mut remarks = Vec::new();
        let mut has_header = head.names.is_some();
        if self.first_row_is_names() {
            self.values.drain(..self.picked.len());
            let first = self.first.join(", ");
            remarks.push(format!(
                "the first line ({}) is taken for names, `data.header` = \"no\" for a point",
                shortened(&first)
            ));
            self.names = Some(std::mem::take(&mut self.first));
            has_header = true;
        }
        if self.dialect.decimal == Some(',') {
            remarks.push("decimal comma".into());
        }
        let columns = Columns { names: self.names.as_deref(), count: self.slots.len() };
        let mut passed_over = columns.passed_over(&self.picked);
        if self.may_be_index && self.n_rows > 0 {
            self.values = without_first(&self.values, self.picked.len());
            self.picked.remove(0);
            let (kind, examples) = ("index column".into(), vec![columns.name(0)]);
            passed_over.push(PassedOver { kind, count: 1, examples });
        }
        let is_named = has_header || !passed_over.is_empty();
        let names = self.picked.iter().filter(|_| is_named).map(|&column| columns.name(column));
        let layout = TableLayout {
            header: Some(has_header),
            columns: names.collect(),
            delimiter: self.dialect.delimiter,
        };
        let precision = Precision::Text;
        let account = Account { layout, precision, axes: None, passed_over, remarks };
        Reading { columns: self.picked.len(), values: self.values, account }
    }

    /// Whether the first row of numbers is one of names: below it are two rows or more in which
    /// every number has decimals, and as years its numbers are outside the range of those below.
    fn first_row_is_names(&self) -> bool {
        if self.first_row != FirstRow::Doubtful || self.n_rows < 3 {
            return false;
        }
        let years: Vec<usize> = self.first.iter().filter_map(|cell| cell.parse().ok()).collect();
        let (first, below) = self.values.split_at(self.picked.len());
        let is_outside = |(slot, first): (usize, &T)| {
            let column = || below.iter().skip(slot).step_by(self.picked.len());
            let (low, high) = column().fold((f64::INFINITY, f64::NEG_INFINITY), |range, value| {
                (range.0.min(value.to_double()), range.1.max(value.to_double()))
            });
            !(low..=high).contains(&first.to_double())
        };
        !are_years(&years) || first.iter().enumerate().any(is_outside)
    }
}

/// The rows without their first number.
fn without_first<T: Copy>(values: &[T], columns: usize) -> Vec<T> {
    values.chunks_exact(columns).flat_map(|row| &row[1..]).copied().collect()
}
