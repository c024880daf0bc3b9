//! Which columns of a file are read.

use super::TableFault;
use crate::PassedOver;
use crate::text::{listed, shortened};

/// Names of columns beyond this many are not compared for a suggestion.
const COMPARED: usize = 1000;

/// The columns of a file by their names, where it has any.
pub(super) struct Columns<'a> {
    pub(super) names: Option<&'a [String]>,
    pub(super) count: usize,
}

impl Columns<'_> {
    /// The positions of the columns that are asked for; all of them where none is.
    pub(super) fn pick(&self, wanted: &[String]) -> Result<Vec<usize>, TableFault> {
        if wanted.is_empty() {
            return Ok((0..self.count).collect());
        }
        let mut picked = Vec::new();
        for name in wanted {
            let column = self.find(name)?;
            if picked.contains(&column) {
                return Err(TableFault::RepeatedColumn { wanted: shortened(name) });
            }
            picked.push(column);
        }
        Ok(picked)
    }

    /// The report of the columns that are not among those picked.
    pub(super) fn passed_over(&self, picked: &[usize]) -> Vec<PassedOver> {
        let mut is_picked = vec![false; self.count];
        picked.iter().for_each(|&column| is_picked[column] = true);
        let left: Vec<usize> = (0..self.count).filter(|&column| !is_picked[column]).collect();
        let examples = left.iter().take(3).map(|&column| shortened(&self.name(column))).collect();
        let passed = PassedOver { kind: "other columns".into(), count: left.len(), examples };
        if left.is_empty() { Vec::new() } else { vec![passed] }
    }

    /// The name of a column, or its number where it has none.
    pub(super) fn name(&self, column: usize) -> String {
        match self.names.and_then(|names| names.get(column)) {
            Some(name) if !name.is_empty() => name.clone(),
            _ => format!("column {}", column + 1),
        }
    }

    fn find(&self, wanted: &str) -> Result<usize, TableFault> {
        let names = self.names.unwrap_or_default();
        let mut named = (0..names.len()).filter(|&column| names[column] == wanted);
        if let Some(column) = named.next() {
            return match named.count() {
                0 => Ok(column),
                more => {
                    Err(TableFault::AmbiguousColumn { wanted: shortened(wanted), count: more + 1 })
                }
            };
        }
        let is_called = |column: &usize| {
            names[*column].is_empty()
                && [format!("column {}", column + 1), format!("Unnamed: {column}")]
                    .contains(&wanted.to_owned())
        };
        if let Some(column) = (0..names.len()).find(is_called) {
            return Ok(column);
        }
        match wanted.parse::<usize>() {
            Ok(number) if (1..=self.count).contains(&number) => Ok(number - 1),
            _ => Err(self.unknown(wanted)),
        }
    }

    fn unknown(&self, wanted: &str) -> TableFault {
        let known = match self.names {
            Some(names) => {
                let names: Vec<String> = (0..names.len()).map(|column| self.name(column)).collect();
                listed(names.iter().map(String::as_str))
            }
            None => format!("1 to {}, as the columns have no names", self.count),
        };
        let names = self.names.unwrap_or_default().iter().map(String::as_str);
        TableFault::UnknownColumn {
            wanted: shortened(wanted),
            known,
            nearest: nearest(wanted, names),
        }
    }
}

/// `; did you mean …?` with the nearest of the names, or nothing if none is near.
pub(super) fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    let wanted = shortened(wanted);
    let likeness = |name: &str| {
        let (wanted, name) = (wanted.to_lowercase(), name.to_lowercase());
        strsim::normalized_damerau_levenshtein(&wanted, &name)
    };
    let best = names
        .take(COMPARED)
        .map(shortened)
        .map(|name| (likeness(&name), name))
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match best {
        Some((likeness, name)) if likeness >= 0.4 => format!("; did you mean `{name}`?"),
        _ => String::new(),
    }
}
