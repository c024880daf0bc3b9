//! Whether the first row of a file names its columns.

use crate::table::{Header, TableConfig};

/// The columns as the first lines describe them.
#[derive(Debug, PartialEq)]
pub(super) struct Head {
    /// The names of all columns, if the file has any; empty ones among them.
    pub(super) names: Option<Vec<String>>,
    pub(super) first_row: FirstRow,
}

/// What the first row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FirstRow {
    /// The names of the columns.
    Names,
    /// A row of numbers.
    Data,
    /// A row of numbers that may be names: the rows below decide.
    Doubtful,
}

/// Texts that stand for a missing value; a row of them is no row of names.
const MISSING: [&str; 8] = ["", "na", "n/a", "nan", "null", "none", "-", "?"];

impl Head {
    /// What the first row is, below a comment that may name the columns as `numpy.savetxt` does.
    pub(super) fn of(first: &[String], comment: Option<Vec<String>>, config: &TableConfig) -> Self {
        let comment = comment.filter(|names| names.len() == first.len());
        let names_above = comment.filter(|names| !names.iter().any(|name| is_number(name)));
        let data = |names| Self { names, first_row: FirstRow::Data };
        let is_header = match config.header {
            Header::No => return data(None),
            Header::Yes => names_above.is_none() || !first.iter().all(|cell| is_number(cell)),
            Header::Auto => is_text(first) || has_nameless_index(first) || is_named(first, config),
        };
        if is_header {
            return Self { names: Some(first.to_vec()), first_row: FirstRow::Names };
        }
        if names_above.is_none() && looks_like_names(first) {
            return Self { names: None, first_row: FirstRow::Doubtful };
        }
        data(names_above)
    }
}

fn is_number(cell: &str) -> bool {
    cell.replacen(',', ".", 1).parse::<f64>().is_ok()
}

/// No cell is a number, and not all of them are missing values.
fn is_text(first: &[String]) -> bool {
    let is_missing = |cell: &String| MISSING.contains(&cell.to_ascii_lowercase().as_str());
    !first.iter().any(|cell| is_number(cell)) && !first.iter().all(is_missing)
}

/// Nothing, then whole numbers or texts: pandas' header of an index column without a name. As a
/// point it would be an error.
fn has_nameless_index(first: &[String]) -> bool {
    let is_name = |cell: &String| !cell.is_empty() && (is_whole(cell) || !is_number(cell));
    first.len() > 1 && is_nameless(&first[0]) && first[1..].iter().all(is_name)
}

/// Whether a column's name is that which pandas gives to an index without one.
pub(super) fn is_nameless(name: &str) -> bool {
    name.is_empty() || name == "Unnamed: 0"
}

pub(super) fn is_whole(cell: &str) -> bool {
    !cell.is_empty() && cell.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether columns were asked for by what stands in the first row.
fn is_named(first: &[String], config: &TableConfig) -> bool {
    let is_position =
        |name: &str| name.parse().is_ok_and(|n: usize| (1..=first.len()).contains(&n));
    config.columns.iter().any(|name| first.contains(name) && !is_position(name))
}

/// Years that grow, or 0, 1, 2, …: the names that pandas gives to columns of numbers.
fn looks_like_names(first: &[String]) -> bool {
    if first.len() < 2 || !first.iter().all(|cell| is_whole(cell) && cell.len() <= 9) {
        return false;
    }
    let numbers: Vec<usize> = first.iter().filter_map(|cell| cell.parse().ok()).collect();
    are_years(&numbers) || numbers.iter().enumerate().all(|(column, number)| column == *number)
}

/// Four digits each, from 1000 to 2999, and growing.
pub(super) fn are_years(numbers: &[usize]) -> bool {
    let grow = numbers.windows(2).all(|pair| pair[0] < pair[1]);
    grow && numbers.iter().all(|year| (1000..3000).contains(year))
}
