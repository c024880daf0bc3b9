//! What a data set was read as: the first thing that a user should see.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use crate::SampleSet;
use crate::text::shortened;

/// What a [`SampleSet`] holds and what was left out of it on the way.
///
/// Its [`Display`](fmt::Display) is one line for a user: how many samples of which shape, the
/// classes with their counts, the columns of a table, the range of the values, what was passed over.
#[derive(Clone, Debug, PartialEq)]
pub struct Inventory {
    /// What a sample is, in the plural: `images`, `points`, `digits`.
    pub noun: &'static str,
    /// The number of samples.
    pub samples: usize,
    /// The shape of one sample, without the batch.
    pub shape: Vec<usize>,
    /// The classes in the order of their labels; empty where there are none.
    pub classes: Vec<ClassCount>,
    /// The smallest and the largest value, as a batch sees them.
    pub range: [f32; 2],
    /// How the file of a table was read; `None` for sets that are none.
    pub table: Option<TableLayout>,
    /// What was found and not read, most frequent kind first.
    pub passed_over: Vec<PassedOver>,
    /// What else was done to the data, a phrase each: axes flattened, images resized.
    pub remarks: Vec<String>,
}

/// A class and how many samples it has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassCount {
    /// The name: that of a sub-folder, or the number of the class.
    pub name: String,
    /// Samples in it.
    pub samples: usize,
}

/// How a table's file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableLayout {
    /// Whether the first row named the columns; `None` for formats without such rows.
    pub header: Option<bool>,
    /// The names of the columns that were read, where the file has any.
    pub columns: Vec<String>,
    /// The byte between two cells; `None` for formats without one.
    pub delimiter: Option<char>,
}

/// Files, columns or rows of one kind that were found and not read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    /// The kind: an ending such as `.webp`, or a reason such as `damaged`.
    pub kind: String,
    /// How many there are.
    pub count: usize,
    /// The first few, by name.
    pub examples: Vec<String>,
}

/// How many of each kind that is passed over are named.
const EXAMPLES: usize = 3;

/// Counts what is passed over, by kind.
#[derive(Debug, Default)]
pub(crate) struct PassedOverTally(BTreeMap<String, (usize, Vec<String>)>);

impl PassedOverTally {
    pub(crate) fn add(&mut self, kind: impl Into<String>, example: &Path) {
        let (count, examples) = self.0.entry(kind.into()).or_default();
        *count += 1;
        if examples.len() < EXAMPLES {
            examples.push(shortened(&example.display().to_string()));
        }
    }

    /// The most frequent kind first; of equally frequent ones the first by name.
    pub(crate) fn into_list(self) -> Vec<PassedOver> {
        let kinds = self.0.into_iter();
        let mut list: Vec<PassedOver> =
            kinds.map(|(kind, (count, examples))| PassedOver { kind, count, examples }).collect();
        list.sort_by_key(|passed| std::cmp::Reverse(passed.count));
        list
    }
}

impl Inventory {
    /// What can be reported of any set: its samples are counted by class and their values looked at.
    pub fn of<S: SampleSet + ?Sized>(set: &S) -> Self {
        let mut counts = vec![0; set.classes()];
        let mut range = [f32::INFINITY, f32::NEG_INFINITY];
        let mut values = vec![0.0; set.shape().iter().product()];
        for index in 0..set.len() {
            if let Some(count) = set.label(index).and_then(|label| counts.get_mut(label)) {
                *count += 1;
            }
            set.write_values(index, &mut values);
            range = values.iter().fold(range, |[low, high], &x| [low.min(x), high.max(x)]);
        }
        let classes = counts.into_iter().enumerate();
        Self {
            noun: "samples",
            samples: set.len(),
            shape: set.shape().to_vec(),
            classes: classes
                .map(|(label, samples)| ClassCount { name: label.to_string(), samples })
                .collect(),
            range,
            table: None,
            passed_over: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// Classes beyond this many are counted rather than named.
const NAMED_CLASSES: usize = 10;

impl fmt::Display for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.samples, self.noun)?;
        match self.shape.as_slice() {
            [1] => f.write_str(" of 1 coordinate")?,
            [dim] => write!(f, " of {dim} coordinates")?,
            axes => {
                let axes: Vec<String> = axes.iter().map(usize::to_string).collect();
                write!(f, " {}", axes.join("×"))?;
            }
        }
        if let Some(table) = &self.table {
            write!(f, "{table}")?;
        }
        self.write_classes(f)?;
        let [low, high] = self.range;
        write!(f, ", values {low} to {high}")?;
        for remark in &self.remarks {
            write!(f, "; {remark}")?;
        }
        if !self.passed_over.is_empty() {
            let total: usize = self.passed_over.iter().map(|passed| passed.count).sum();
            let kinds: Vec<String> = self.passed_over.iter().map(PassedOver::to_string).collect();
            write!(f, "; passed over: {total} ({})", kinds.join(", "))?;
        }
        Ok(())
    }
}

impl Inventory {
    fn write_classes(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.classes.is_empty() {
            return Ok(());
        }
        let named = self.classes.iter().take(NAMED_CLASSES);
        let named: Vec<String> =
            named.map(|class| format!("{} {}", shortened(&class.name), class.samples)).collect();
        let rest = match self.classes.len().saturating_sub(NAMED_CLASSES) {
            0 => String::new(),
            rest => format!(", and {rest} more"),
        };
        let plural = if self.classes.len() == 1 { "class" } else { "classes" };
        write!(f, " in {} {plural} ({}{rest})", self.classes.len(), named.join(", "))
    }
}

impl fmt::Display for TableLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.columns.is_empty() {
            let names: Vec<String> =
                self.columns.iter().take(NAMED_CLASSES).map(|name| shortened(name)).collect();
            let more = if self.columns.len() > NAMED_CLASSES { ", …" } else { "" };
            write!(f, " ({}{more})", names.join(", "))?;
        }
        match self.header {
            Some(true) => f.write_str(", header")?,
            Some(false) => f.write_str(", no header")?,
            None => {}
        }
        match self.delimiter {
            None | Some(',') => Ok(()),
            Some('\t') => f.write_str(", separated by tabs"),
            Some(' ') => f.write_str(", separated by blanks"),
            Some(delimiter) => write!(f, ", separated by `{delimiter}`"),
        }
    }
}

impl fmt::Display for PassedOver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind, self.count)
    }
}
