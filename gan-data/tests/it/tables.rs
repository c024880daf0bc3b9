//! Tables as other programs write them: separators, headers, indexes, types, orders, archives.

mod arrays;
mod text;

use std::fs;

use gan_data::{DataError, Points, Table, TableConfig, TableFault};
use tempfile::TempDir;

/// What is wrong in the file of a table.
pub(crate) fn fault(error: &DataError) -> &TableFault {
    match error {
        DataError::Table { fault, .. } => fault,
        other => panic!("{other}"),
    }
}

/// Write a file of this name and open it, as points and as a table, which must agree.
fn open(name: &str, bytes: impl AsRef<[u8]>, config: &TableConfig) -> Result<Points, DataError> {
    let folder = TempDir::new().unwrap();
    let file = folder.path().join(name.split(".npz:").next().unwrap());
    let path = folder.path().join(name);
    let file = if name.contains(".npz:") { file.with_extension("npz") } else { file };
    fs::write(file, bytes).unwrap();
    let points = Points::open_with(&path, config)?;
    let table: Table = config.open(&path)?;
    assert_eq!(
        (table.columns(), table.rows()),
        (points.dim(), points.as_slice().len() / points.dim())
    );
    let singles: Vec<f32> = table.values().iter().map(|&value| value as f32).collect();
    assert_eq!(singles, points.as_slice());
    Ok(points)
}
