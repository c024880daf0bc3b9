//! The table for programs.

use std::fmt::Write as _;

use super::Collection;

impl Collection {
    /// A line for each setting and quantity: how many of how many seeds, mean, the ends of its interval,
    /// the smallest and the largest value. What there is not is empty.
    pub fn csv(&self) -> String {
        let mut text = String::from("run,quantity,n,of,mean,low,high,min,max\n");
        for run in &self.runs {
            for (name, quantity) in &run.quantities {
                let n = quantity.values.len();
                let mut cells =
                    vec![run.run.clone(), name.clone(), n.to_string(), run.seeds.len().to_string()];
                let spread = quantity.spread.as_ref();
                let mean = spread.and_then(|spread| spread.mean);
                let end = |sign: f64| {
                    let half = spread.and_then(|spread| spread.half_width)?;
                    mean.map(|mean| mean + sign * half)
                };
                let (min, max) = (spread.map(|spread| spread.min), spread.map(|spread| spread.max));
                let numbers = [mean, end(-1.0), end(1.0), min, max];
                cells.extend(numbers.map(|value| value.map(number).unwrap_or_default()));
                let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
                // Writing to a string does not fail.
                let _ = writeln!(text, "{}", line.join(","));
            }
        }
        text
    }
}

/// A cell; in quotes where it would be read as several (RFC 4180).
fn quoted(cell: &str) -> String {
    match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.to_owned(),
    }
}

/// The shortest text that is read as the same number again.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() { "nan".to_owned() } else { format!("{value}") }
}
