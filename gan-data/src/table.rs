//! Tables of numbers from files, in double precision.

pub(crate) mod csv_file;
mod fault;
mod file_kind;
pub(crate) mod npy_file;
pub(crate) mod npz_file;
mod number;
mod pick;
mod reading;

use std::path::Path;

pub use fault::{CellHint, TableFault};
pub(crate) use file_kind::FileKind;
pub use npy_file::NpyHeader;
pub(crate) use number::Number;
pub use number::Precision;
pub(crate) use reading::{Account, Reading};

use crate::{DataError, PassedOver, TableLayout};

/// Whether the first line of a text file names the columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Header {
    /// It does if no cell of it is a number, or if its cells are the years or the numbers 0, 1, 2, …
    /// that pandas writes above columns of numbers with a decimal point.
    #[default]
    Auto,
    /// It does.
    Yes,
    /// It is a row of numbers as all others.
    No,
}

/// How a file of numbers is to be read; the default recognizes everything by itself.
///
/// NumPy arrays have neither header nor separators, so only `columns` means anything to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableConfig {
    /// Whether the first line names the columns.
    pub header: Header,
    /// The character between two cells; `' '` stands for any number of blanks. `None`: recognized
    /// among `,`, `;`, tab, `|` and blanks.
    pub delimiter: Option<char>,
    /// `'.'` or `','`. `None`: recognized where cells are not separated by commas.
    pub decimal: Option<char>,
    /// The columns to read, in this order, by name or by number from 1; empty for all but a
    /// nameless index column.
    pub columns: Vec<String>,
}

impl TableConfig {
    /// The numbers of a file.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Table, DataError> {
        let Reading { columns, values, account } = self.read(path.as_ref())?;
        Ok(Table { columns, values, account })
    }

    /// The numbers of a file in either precision, by the end of its name.
    pub(crate) fn read<T: Number>(&self, path: &Path) -> Result<Reading<T>, DataError> {
        let (kind, file) =
            FileKind::of(path).ok_or_else(|| DataError::UnknownFormat { path: path.into() })?;
        match kind {
            FileKind::Text => csv_file::read(&file, false, self),
            FileKind::TextGz => csv_file::read(&file, true, self),
            FileKind::Npy => npy_file::read(&file, self),
            FileKind::Npz(array) => npz_file::read(&file, array.as_deref(), self),
        }
    }
}

/// Numbers in rows and columns, as a file has them: for statistics rather than for batches, which
/// are made of [`Points`](crate::Points).
#[derive(Clone, Debug)]
pub struct Table {
    columns: usize,
    values: Vec<f64>,
    account: Account,
}

impl Table {
    /// The numbers of a file, by the end of its name in upper or lower case: `.csv`, `.tsv`,
    /// `.txt`, `.dat`, each also with `.gz`; `.npy`; `.npz` with one array, or `FILE.npz:NAME`.
    ///
    /// Axes of an array after the first are flattened; with one axis it is a single column.
    ///
    /// # Errors
    /// [`DataError::UnknownFormat`]; [`DataError::Table`] with the place in the file;
    /// [`DataError::Empty`], [`DataError::Read`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        TableConfig::default().open(path)
    }

    /// Numbers in a row, at least 1.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// The number of rows, at least 1.
    pub fn rows(&self) -> usize {
        self.values.len() / self.columns
    }

    /// All numbers, row after row.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The precision that the file has its numbers in.
    pub fn precision(&self) -> Precision {
        self.account.precision
    }

    /// Header, names of the columns and separator, as far as the file has them.
    pub fn layout(&self) -> &TableLayout {
        &self.account.layout
    }

    /// Columns that were not read.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.account.passed_over
    }

    /// What was done to the numbers on the way, a phrase each.
    pub fn remarks(&self) -> &[String] {
        &self.account.remarks
    }
}
