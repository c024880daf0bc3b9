//! Which column is which series.

use std::str::FromStr;

use super::alias::{alias, is_step};
use crate::nearest::nearest;
use crate::series::SERIES;
use crate::{DoctorError, find_series};

/// The name of the column of steps, and what stands for the number of the line.
const STEP: &str = "step";
const LINE: &str = "#";
/// What may follow the name of a series.
const BESIDE: [&str; 2] = ["/of_real", "/standard_error"];

/// Which columns of a log are which series: `ours=theirs`, separated by commas.
///
/// `step` stands for the step; `step=#` takes the number of the line. A column whose name has a
/// comma stands in quotation marks: `critic/loss="a, b"`.
///
/// # Example
/// ```
/// use gan_doctor::reader::Columns;
///
/// let columns: Columns = "step=iter,critic/loss=d_loss,samples/frechet=fid".parse()?;
/// assert!("critic/los=d_loss".parse::<Columns>().is_err());
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    mapped: Vec<(String, String)>,
}

impl FromStr for Columns {
    type Err = DoctorError;

    fn from_str(text: &str) -> Result<Self, DoctorError> {
        let pairs = split(text).into_iter().map(str::trim).filter(|pair| !pair.is_empty());
        let mapped: Vec<(String, String)> = pairs.map(mapping).collect::<Result<_, _>>()?;
        for (index, (ours, second)) in mapped.iter().enumerate() {
            if let Some((_, first)) = mapped[..index].iter().find(|(other, _)| other == ours) {
                let (ours, first, second) = (ours.clone(), first.clone(), second.clone());
                return Err(DoctorError::MappedTwice { ours, first, second });
            }
        }
        Ok(Self { mapped })
    }
}

/// Parts between commas, those within quotation marks excepted.
fn split(text: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let is_comma = |c: char| {
        is_quoted ^= c == '"';
        c == ',' && !is_quoted
    };
    text.split(is_comma).collect()
}

/// A mapping as it is typed: a column with a comma in its name has quotation marks.
fn typed(ours: &str, theirs: &str) -> String {
    let mark = if theirs.contains(',') { "\"" } else { "" };
    format!("{ours}={mark}{theirs}{mark}")
}

fn mapping(pair: &str) -> Result<(String, String), DoctorError> {
    let malformed = || DoctorError::Mapping { found: pair.to_owned() };
    let (ours, theirs) = pair.split_once('=').ok_or_else(malformed)?;
    let (ours, theirs) = (ours.trim(), theirs.trim());
    let quoted = theirs.strip_prefix('"').and_then(|theirs| theirs.strip_suffix('"'));
    let theirs = quoted.unwrap_or(theirs);
    if theirs.is_empty() {
        return Err(malformed());
    }
    if ours != STEP && !is_known(ours) {
        let nearest = nearest(ours, SERIES.iter().map(|series| series.name));
        return Err(DoctorError::UnknownSeries { name: ours.to_owned(), nearest });
    }
    Ok((ours.to_owned(), theirs.to_owned()))
}

/// Whether a rule reads a series of this name, or what stands beside one.
fn is_known(name: &str) -> bool {
    let alone = BESIDE.iter().find_map(|beside| name.strip_suffix(beside)).unwrap_or(name);
    find_series(alone).is_some()
}

/// Where a table has what.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Places {
    /// The column of the step; `None` for the number of the line.
    pub(super) step: Option<usize>,
    /// Columns and the series that they hold.
    pub(super) series: Vec<(usize, String)>,
    pub(super) notes: Vec<String>,
}

impl Columns {
    /// Finds the columns in a header.
    pub(super) fn resolve(&self, header: &[String]) -> Result<Places, DoctorError> {
        let step = self.step(header)?;
        let mut series = Vec::new();
        for (ours, theirs) in self.mapped.iter().filter(|(ours, _)| ours != STEP) {
            let wanted = || format!("the column `{theirs}` of {ours}={theirs}");
            let place = place(header, theirs).ok_or_else(|| self.missing(wanted(), header))?;
            series.push((place, ours.clone()));
        }
        let is_free = |place: usize, name: &str, series: &[(usize, String)]| {
            !series.iter().any(|(taken, ours)| *taken == place || ours == name)
        };
        for (index, name) in header.iter().enumerate() {
            if name.contains('/') && is_free(index, name, &series) {
                series.push((index, name.clone()));
            }
        }
        if !series.iter().any(|(_, name)| is_known(name)) {
            return Err(self.missing("a column that a rule reads".to_owned(), header));
        }
        let is_unread =
            |index: usize| !series.iter().any(|(place, name)| *place == index && is_known(name));
        // Another quantity of this program, which no rule reads, is nothing to be mapped.
        let is_ours = |name: &str| SERIES.iter().any(|series| group(series.name) == group(name));
        let unused = header.iter().enumerate();
        let unused = unused.filter(|(index, name)| is_unread(*index) && !is_ours(name));
        let notes = unused.filter_map(|(_, name)| {
            let ours = alias(name).filter(|ours| !series.iter().any(|(_, taken)| taken == ours))?;
            let mapped = typed(ours, name);
            Some(format!("the column `{name}` is not read; if it is {ours}, map it: {mapped}"))
        });
        let notes = notes.chain(twice(header)).collect();
        Ok(Places { step, series, notes })
    }

    fn step(&self, header: &[String]) -> Result<Option<usize>, DoctorError> {
        let theirs =
            self.mapped.iter().find(|(ours, _)| ours == STEP).map(|(_, theirs)| theirs.as_str());
        if theirs == Some(LINE) {
            return Ok(None);
        }
        let theirs = theirs.unwrap_or(STEP);
        let found = place(header, theirs)
            .or_else(|| header.iter().position(|name| name.eq_ignore_ascii_case(theirs)));
        found
            .map(Some)
            .ok_or_else(|| self.missing(format!("the column `{theirs}` of the step"), header))
    }

    /// The error, with mappings that may be meant for all that is not mapped yet.
    fn missing(&self, wanted: String, header: &[String]) -> DoctorError {
        let mut suggested: Vec<String> = Vec::new();
        if !header.iter().any(|name| name.eq_ignore_ascii_case(STEP)) {
            let step = header.iter().find(|name| is_step(name));
            suggested.push(typed(STEP, step.map_or(LINE, String::as_str)));
        }
        let mut taken = Vec::new();
        let aliases = header.iter().filter_map(|name| {
            let ours = alias(name).filter(|ours| !taken.contains(ours))?;
            taken.push(ours);
            Some(typed(ours, name))
        });
        suggested.extend(aliases);
        if taken.is_empty() {
            let other = header.iter().rfind(|name| !is_step(name));
            let other = other.filter(|name| !name.contains(char::is_control));
            suggested.extend(other.map(|name| typed("critic/loss", name)));
        }
        DoctorError::MissingColumn { wanted, found: header.to_vec(), suggested }
    }
}

/// Notes on names that several columns have, of which the first is read.
fn twice(header: &[String]) -> impl Iterator<Item = String> {
    let again = header
        .iter()
        .enumerate()
        .filter(|(index, name)| !name.is_empty() && header[..*index].contains(name));
    again.map(|(_, name)| format!("the header has `{name}` more than once: the first is read"))
}

fn place(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|column| column == name)
}

impl Places {
    /// Whether a column is read.
    pub(super) fn reads(&self, column: usize) -> bool {
        self.step == Some(column) || self.series.iter().any(|(place, _)| *place == column)
    }

    /// Whether a rule reads a series.
    pub(super) fn is_read(&self, series: &str) -> bool {
        is_known(series)
    }
}

/// What stands before the slash, with it; all of a name that has none.
fn group(name: &str) -> &str {
    name.find('/').map_or(name, |slash| &name[..=slash])
}
