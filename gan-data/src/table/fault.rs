//! What can be wrong inside the file of a table.

use std::fmt;
use std::path::Path;

use crate::DataError;

/// Why a file holds no table of numbers; [`DataError::Table`] has the file's name beside it.
///
/// Texts from the file are shortened to about 80 characters, control characters in them escaped.
/// Where a setting of [`TableConfig`](crate::TableConfig) mends it, the message names it as the
/// program's configuration does: `data.header`, `data.delimiter`, `data.decimal`, `data.columns`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TableFault {
    /// A text file holds something else, by its first bytes.
    #[error("looks like {found}, expected a table in UTF-8 text")]
    Encoding {
        /// What it looks like, and what to do about it.
        found: &'static str,
    },

    /// A text file has bytes that are no text.
    #[error("line {line} is not UTF-8 text, expected a table saved as UTF-8")]
    NotText {
        /// Line of the file, from 1.
        line: u64,
    },

    /// A compressed text is longer than is unpacked in memory.
    #[error("unpacks to more than {limit} bytes, the most that is read: unpack it or split it")]
    TooLong {
        /// The limit.
        limit: u64,
    },

    /// The CSV reader gave up.
    #[error("cannot be parsed: {cause}")]
    Csv {
        /// The reader's error.
        cause: String,
    },

    /// A cell is not a finite number.
    #[error("line {line}, column {column}{name} is {found}, expected a finite number{hint}")]
    Cell {
        /// Line of the file, from 1.
        line: u64,
        /// Column, from 1.
        column: usize,
        /// The name of the column in brackets, or nothing.
        name: String,
        /// The text of the cell in quotes, or `empty`.
        found: String,
        /// What mends it.
        hint: CellHint,
    },

    /// A row is longer or shorter than the first.
    #[error("line {line} has {found} columns, expected {expected} as in the first row")]
    Ragged {
        /// Line of the file, from 1.
        line: u64,
        /// Columns of the first row.
        expected: usize,
        /// Columns of this row.
        found: usize,
    },

    /// A setting makes no sense.
    #[error("`data.{option}` is {found:?}, expected {expected}")]
    Option {
        /// The setting.
        option: &'static str,
        /// What it may be.
        expected: &'static str,
        /// Its value.
        found: String,
    },

    /// A column was asked for that the file does not have.
    #[error("has no column `{wanted}` for `data.columns`, expected one of: {known}{nearest}")]
    UnknownColumn {
        /// The name or number asked for.
        wanted: String,
        /// The columns there are.
        known: String,
        /// The nearest name, as a question, or nothing.
        nearest: String,
    },

    /// A column was asked for by a name that several columns have.
    #[error(
        "has {count} columns `{wanted}`, expected one: `data.columns` takes numbers from 1, too"
    )]
    AmbiguousColumn {
        /// The name asked for.
        wanted: String,
        /// How many have it.
        count: usize,
    },

    /// A column was asked for twice.
    #[error("`data.columns` asks for column `{wanted}` twice, expected each column once")]
    RepeatedColumn {
        /// The name or number asked for.
        wanted: String,
    },

    /// The header of an NPY file makes no sense.
    #[error("starts with no header that makes sense, expected one of the NPY format")]
    NpyHeader,

    /// The values of an array have a type that is no real number.
    #[error(
        "holds values of type {found}, expected booleans, integers, float16, float32 or float64{hint}"
    )]
    NpyType {
        /// NumPy's description of the type.
        found: String,
        /// What to do about it, or nothing.
        hint: &'static str,
    },

    /// An array has no axis, or more than a table of named fields may have.
    #[error("holds an array of shape {found}, expected {expected}")]
    NpyShape {
        /// The array's shape.
        found: String,
        /// What would be read.
        expected: &'static str,
    },

    /// An array is truncated, or continues after its last value.
    #[error("has {found} bytes of values, expected {expected}")]
    NpyLength {
        /// The length that the header announces.
        expected: u64,
        /// The length of what follows the header.
        found: u64,
    },

    /// A value of an array is infinite or not a number in the precision that it is read in.
    #[error("value [{row}, {column}] is {found}, expected a finite {precision}")]
    NpyNotFinite {
        /// Row, from 0 as NumPy counts.
        row: usize,
        /// Column after flattening, from 0.
        column: usize,
        /// The value.
        found: f64,
        /// `f32` for points, `f64` for tables.
        precision: &'static str,
    },

    /// An NPZ archive is damaged, encrypted or compressed in a way that NumPy does not use.
    #[error("is no NPZ archive that can be read: {cause}")]
    Archive {
        /// The reader's error.
        cause: String,
    },

    /// An NPZ archive holds several arrays, or none, and none was named.
    #[error("holds {count} arrays ({names}), expected one: name one as in FILE.npz:NAME")]
    ArchiveMany {
        /// How many.
        count: usize,
        /// Their names.
        names: String,
    },

    /// An NPZ archive does not hold the array that was named.
    #[error("holds no array `{wanted}`, expected one of: {names}{nearest}")]
    ArchiveName {
        /// The name.
        wanted: String,
        /// The names there are.
        names: String,
        /// The nearest name, as a question, or nothing.
        nearest: String,
    },
}

/// What mends a cell that is no number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum CellHint {
    /// Nothing that a setting could mend.
    #[default]
    None,
    /// A value is missing.
    Missing,
    /// The first line may hold the names of columns.
    Header,
    /// Other columns may hold numbers.
    Columns,
    /// The cells look separated by another character than the one that was set.
    Delimiter(char),
    /// The number has the other decimal sign.
    Decimal,
}

impl fmt::Display for CellHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Missing => f.write_str("; drop rows with missing values first"),
            Self::Header => {
                f.write_str("; `data.header` = \"yes\" if the first line names the columns")
            }
            Self::Columns => f.write_str("; `data.columns` picks others"),
            Self::Delimiter(delimiter) => {
                write!(f, "; the cells look separated by {delimiter:?}: `data.delimiter`")
            }
            Self::Decimal => f.write_str("; `data.decimal` sets the decimal sign, \".\" or \",\""),
        }
    }
}

impl TableFault {
    /// The error that names the file, too.
    pub(crate) fn at(self, path: &Path) -> DataError {
        DataError::Table { path: path.into(), fault: Box::new(self) }
    }
}
