//! Numbers from a user's file, for statistics: a list or a table, in double precision.

use std::path::Path;

use anyhow::{Context as _, anyhow, bail, ensure};
use gan_data::{DataError, Precision, TableConfig};
use serde_json::Value;

use crate::config::excerpt;

/// Rows of numbers of one length; a list is a table of one column.
#[derive(Debug)]
pub(crate) struct Numbers {
    pub(crate) columns: usize,
    pub(crate) values: Vec<f64>,
    /// What the file has its numbers in.
    pub(crate) precision: Precision,
    /// What was done to them and what was left out, a phrase each.
    pub(crate) notes: Vec<String>,
}

impl Numbers {
    /// Read a `.json` file or a table, by the end of its name.
    pub(crate) fn open(path: &Path, config: &TableConfig) -> anyhow::Result<Self> {
        if path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            return Self::from_json(path);
        }
        let table = config.open(path).map_err(by_flags)?;
        let passed_over = table
            .passed_over()
            .iter()
            .map(|passed| format!("passed over: {passed} ({})", passed.examples.join(", ")));
        Ok(Self {
            columns: table.columns(),
            values: table.values().to_vec(),
            precision: table.precision(),
            notes: table.remarks().iter().cloned().chain(passed_over).collect(),
        })
    }

    /// A JSON array of numbers, or of arrays of numbers.
    fn from_json(path: &Path) -> anyhow::Result<Self> {
        let name = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
        let value: Value =
            serde_json::from_str(&text).with_context(|| format!("{name} is not JSON"))?;
        let Value::Array(rows) = value else {
            bail!("{name} holds no array, expected one of numbers or of rows of numbers");
        };
        ensure!(!rows.is_empty(), "{name} is empty, expected at least one number");
        let (precision, notes) = (Precision::Text, Vec::new());
        let mut numbers = Self { columns: 0, values: Vec::new(), precision, notes };
        for (index, row) in rows.iter().enumerate() {
            let cells = match row {
                Value::Array(cells) => cells.as_slice(),
                cell => std::slice::from_ref(cell),
            };
            if index == 0 {
                numbers.columns = cells.len();
                ensure!(numbers.columns > 0, "entry 0 of {name} is empty");
            }
            let (found, expected) = (cells.len(), numbers.columns);
            ensure!(
                found == expected,
                "entry {index} of {name} has {found} numbers, expected {expected}"
            );
            for cell in cells {
                let number = cell.as_f64().with_context(|| {
                    format!(
                        "entry {index} of {name} holds {}, expected a number",
                        excerpt(&cell.to_string())
                    )
                })?;
                numbers.values.push(number);
            }
        }
        Ok(numbers)
    }

    pub(crate) fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// The numbers as one list, if they are one: a single column or a single row.
    pub(crate) fn as_list(&self) -> Option<&[f64]> {
        (self.columns == 1 || self.rows() == 1).then_some(self.values.as_slice())
    }
}

/// The error with the names of this command's flags for those of the configuration's keys.
fn by_flags(error: DataError) -> anyhow::Error {
    let is_about_format = matches!(error, DataError::UnknownFormat { .. });
    let mut message = format!("{:#}", anyhow!(error));
    for key in ["columns", "header", "delimiter", "decimal"] {
        message = message.replace(&format!("`data.{key}`"), &format!("`--{key}`"));
    }
    if is_about_format {
        message += ", or .json";
    }
    anyhow!(message)
}

/// The beginning of a text from a file, control characters escaped.
pub(crate) fn brief(text: &str) -> String {
    const LONGEST: usize = 80;
    let shown: String = text.chars().take(LONGEST).collect::<String>().escape_debug().collect();
    let shown = shown.replace("\\\"", "\"");
    if text.chars().nth(LONGEST).is_some() { shown + "…" } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> anyhow::Result<Numbers> {
        let dir = tempfile::tempdir()?;
        let path = dir.path().join("numbers.json");
        std::fs::write(&path, text)?;
        Numbers::open(&path, &TableConfig::default())
    }

    #[test]
    fn lists_and_tables_are_read_from_json() {
        let list = json("[0.25, 0.75]").unwrap();
        assert_eq!((list.columns, list.as_list()), (1, Some(&[0.25, 0.75][..])));
        let table = json("[[1, 2], [3, 4]]").unwrap();
        assert_eq!((table.rows(), table.columns, table.as_list()), (2, 2, None));
    }

    #[test]
    fn json_that_is_no_table_names_the_entry() {
        for (text, expected) in [
            ("[[1, 2], [3]]", "entry 1 of"),
            ("[1, \"two\"]", "holds \"two\", expected a number"),
            ("[]", "is empty"),
            ("{\"p\": 1}", "holds no array"),
            ("[1, 2", "is not JSON"),
        ] {
            let message = format!("{:#}", json(text).unwrap_err());
            assert!(message.contains(expected), "{text}: {message}");
        }
    }
}
