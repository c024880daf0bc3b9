//! Measurements as one wide table: a row a step, a column a quantity.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;

use std::collections::HashMap;

use gan_run::MetricsLine;

/// A table of measurements.
///
/// Columns stand in the order in which their quantities were first measured; a cell is empty where a quantity
/// was not measured at a step.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: Vec<String>,
    rows: Vec<Row>,
}

/// What was measured at a step.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    step: u64,
    epoch: u64,
    /// As many as there are columns.
    cells: Vec<Option<f64>>,
}

impl Table {
    /// The table of some lines. A name that a line has twice has its last number.
    pub fn of(lines: &[MetricsLine]) -> Self {
        let mut columns: Vec<String> = Vec::new();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (name, _) in lines.iter().flat_map(|line| &line.numbers) {
            places.entry(name).or_insert_with(|| {
                columns.push(name.clone());
                columns.len() - 1
            });
        }
        let row = |line: &MetricsLine| {
            let mut cells = vec![None; columns.len()];
            for (name, number) in &line.numbers {
                cells[places[name.as_str()]] = Some(*number);
            }
            Row { step: line.step, epoch: line.epoch, cells }
        };
        let rows = lines.iter().map(row).collect();
        Self { columns, rows }
    }

    /// The quantities, beside `step` and `epoch`.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// How many rows there are.
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }
}
