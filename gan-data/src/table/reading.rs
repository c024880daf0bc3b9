//! The result of reading a file.

use super::Precision;
use crate::{PassedOver, TableLayout};

/// Numbers row by row, with how they were read.
#[derive(Debug)]
pub(crate) struct Reading<T> {
    /// Numbers in a row.
    pub(crate) columns: usize,
    /// All numbers; none at all where the file holds none.
    pub(crate) values: Vec<T>,
    pub(crate) account: Account,
}

/// How a file was read: what a user has to know of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Account {
    pub(crate) layout: TableLayout,
    pub(crate) precision: Precision,
    /// The axes of an array; `None` for text.
    pub(crate) axes: Option<usize>,
    pub(crate) passed_over: Vec<PassedOver>,
    pub(crate) remarks: Vec<String>,
}

impl<T> Reading<T> {
    /// What a file without a row is read as.
    pub(crate) fn of_nothing() -> Self {
        Self { columns: 0, values: Vec::new(), account: Account::default() }
    }
}
