//! Measurements from files: `metrics.jsonl` of this program, and the logs of others.
//!
//! Columns that have the names of [`SERIES`](crate::SERIES) are read as they are. Those of another
//! program are mapped by hand ([`Columns`]), because equal words need not be equal numbers (the
//! critic's loss of some programs is half of that of others); where a name looks like one, the
//! mapping is suggested.

mod alias;
mod columns;
mod csv_table;
mod json_lines;
mod note;
mod recording;
mod text;

pub use columns::Columns;

use crate::{DoctorError, Trace};

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The measurements.
    pub trace: Trace,
    /// What a reader should know: lines left out, columns that may be meant.
    pub notes: Vec<String>,
}

/// Reads a table with a header, separated by commas, semicolons or tabs.
///
/// Empty cells were not measured; `NaN`, `nan`, `inf`, `-Infinity` and the like are values. A last
/// line that is torn is left out and noted, as are lines with another number of cells.
///
/// # Errors
/// [`DoctorError::Format`], [`DoctorError::MissingColumn`] with what is there and what may be
/// meant, [`DoctorError::Cell`], [`DoctorError::Step`], [`DoctorError::StepGoesBack`],
/// [`DoctorError::Empty`].
///
/// # Example
/// ```
/// use gan_doctor::reader::{Columns, read_csv};
///
/// let log = b"iter,d_loss,g_loss\n0,1.38,0.70\n100,0.91,nan\n200,0.8";
/// let error = read_csv(log, &Columns::default()).unwrap_err().to_string();
/// assert!(error.contains("step=iter,critic/loss=d_loss,generator/loss=g_loss"), "{error}");
///
/// let columns: Columns = "step=iter,critic/loss=d_loss,generator/loss=g_loss".parse()?;
/// let read = read_csv(log, &columns)?;
/// assert_eq!(read.trace.last_step(), Some(100));
/// assert!(read.notes[0].contains("torn"));
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
pub fn read_csv(bytes: &[u8], columns: &Columns) -> Result<Reading, DoctorError> {
    csv_table::read(bytes, columns)
}

/// Reads one JSON object a line.
///
/// This program writes what is not finite as `"nan"`, `"inf"` and `"-inf"`; Python's bare `NaN` and
/// `Infinity` are read too. `null` is taken as not measured, and noted. A last line that is torn is
/// left out and noted, as are lines that are damaged.
///
/// # Errors
/// As of [`read_csv`].
///
/// # Example
/// ```
/// use gan_doctor::reader::{Columns, read_json_lines};
///
/// let lines = br#"{"step":0,"epoch":0,"critic/loss":1.39,"samples/js":"inf"}
/// {"step":50,"epoch":1,"critic/loss":NaN}
/// "#;
/// let read = read_json_lines(lines, &Columns::default())?;
/// assert_eq!(read.trace.recorded("critic/loss").map(|series| series.count()), Some(2));
/// # Ok::<(), gan_doctor::DoctorError>(())
/// ```
pub fn read_json_lines(bytes: &[u8], columns: &Columns) -> Result<Reading, DoctorError> {
    json_lines::read(bytes, columns)
}

#[cfg(test)]
mod tests;
