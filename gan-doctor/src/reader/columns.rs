//! Which column is which series.

use std::str::FromStr;

use super::table::{Cell, Row, Table};
use crate::nearest::nearest;
use crate::series::SERIES;
use crate::{DoctorError, Trace, find_series};

/// The name of the column of steps, and what stands for the number of the line.
const STEP: &str = "step";
const LINE: &str = "#";
/// What other programs call the step, without separators.
const STEP_ALIASES: &[&str] = &[
    "step",
    "steps",
    "iteration",
    "iterations",
    "iter",
    "iters",
    "it",
    "globalstep",
    "niter",
    "batchidx",
];
/// What may follow the name of a series.
const BESIDE: [&str; 2] = ["/of_real", "/standard_error"];

/// Which columns of a log are which series: `ours=theirs`, separated by commas.
///
/// `step` stands for the step; `step=#` takes the number of the line.
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
        let pairs = text.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        let mapped = pairs.map(mapping).collect::<Result<_, _>>()?;
        Ok(Self { mapped })
    }
}

fn mapping(pair: &str) -> Result<(String, String), DoctorError> {
    let malformed = || DoctorError::Mapping { found: pair.to_owned() };
    let (ours, theirs) = pair.split_once('=').ok_or_else(malformed)?;
    let (ours, theirs) = (ours.trim(), theirs.trim());
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
    step: Option<usize>,
    /// Columns and the series that they hold.
    series: Vec<(usize, String)>,
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
        let unused =
            header.iter().enumerate().filter(|(index, name)| is_free(*index, name, &series));
        let notes = unused.filter_map(|(_, name)| {
            let ours = alias(name).filter(|ours| !series.iter().any(|(_, taken)| taken == ours))?;
            Some(format!("the column `{name}` is not read; if it is {ours}, map it: {ours}={name}"))
        });
        let notes = notes.collect();
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
        if place(header, STEP).is_none() {
            let step = header.iter().find(|name| STEP_ALIASES.contains(&plain(name).as_str()));
            suggested.push(format!("{STEP}={}", step.map_or(LINE, String::as_str)));
        }
        let aliases = header.iter().filter_map(|name| Some(format!("{}={name}", alias(name)?)));
        suggested.extend(aliases);
        DoctorError::MissingColumn { wanted, found: header.to_vec(), suggested }
    }
}

fn place(header: &[String], name: &str) -> Option<usize> {
    header.iter().position(|column| column == name)
}

/// A name in lower case without separators.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The series that a column of another program probably is.
fn alias(name: &str) -> Option<&'static str> {
    let plain = plain(name);
    let is_called = |series: &&crate::Series| series.aliases.contains(&plain.as_str());
    let known = SERIES.iter().find(is_called).map(|series| series.name);
    let same = || SERIES.iter().map(|series| series.name).find(|ours| self::plain(ours) == plain);
    known.or_else(same).or_else(|| nearest(name, SERIES.iter().map(|series| series.name)))
}

impl Places {
    /// The measurements of a table.
    pub(super) fn trace(&self, table: &Table) -> Result<Trace, DoctorError> {
        let mut trace = Trace::new();
        let mut newest = 0;
        for row in &table.rows {
            let step = self.step_of(row)?;
            let goes_back = |after| DoctorError::StepGoesBack { line: row.line, step, after };
            if step < newest {
                return Err(goes_back(newest));
            }
            newest = step;
            for (place, series) in &self.series {
                let value = match row.cell(*place) {
                    Some(Cell::Number(value)) => *value,
                    None => continue,
                    Some(Cell::Text(found)) if is_known(series) => {
                        let column = table.header[*place].clone();
                        return Err(DoctorError::Cell {
                            line: row.line,
                            column,
                            found: found.clone(),
                        });
                    }
                    Some(Cell::Text(_)) => continue,
                };
                trace.push(series, step, value).map_err(|_| goes_back(step))?;
            }
        }
        Ok(trace)
    }

    fn step_of(&self, row: &Row) -> Result<u64, DoctorError> {
        let Some(place) = self.step else { return Ok(row.line) };
        let found = row.cell(place);
        // Above 2⁵³ a float does not hold every step.
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        match found {
            Some(Cell::Number(step)) if step.fract() == 0.0 && (0.0..=LARGEST).contains(step) => {
                Ok(*step as u64)
            }
            _ => {
                let found = found.map_or_else(String::new, Cell::shown);
                Err(DoctorError::Step { line: row.line, found })
            }
        }
    }
}
