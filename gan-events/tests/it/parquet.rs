//! The table as Parquet, read back.

use gan_events::{Run, Table};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

use crate::run_folder;

/// What the row of a step has, by column.
type Row = Vec<(String, Field)>;

fn rows_of(bytes: Vec<u8>) -> Vec<Row> {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let reader = SerializedFileReader::new(file.into_file()).unwrap();
    let rows = reader.get_row_iter(None).unwrap();
    rows.map(|row| row.unwrap().into_columns()).collect()
}

fn expected() -> [[Field; 7]; 3] {
    let none = || Field::Null;
    let [first, second, third] = [[1, 0], [50, 0], [100, 1]].map(|place| place.map(Field::Long));
    let number = Field::Double;
    let floor = || number(0.25);
    let [a, b] = first;
    let first = [a, b, number(1.42), number(0.7), none(), none(), none()];
    let [a, b] = second;
    let second = [a, b, number(1e-300), number(f64::NAN), number(32.5), floor(), none()];
    let [a, b] = third;
    let inf = f64::INFINITY;
    let third = [a, b, number(-inf), none(), number(30.5), floor(), number(inf)];
    [first, second, third]
}

#[test]
fn a_parquet_file_has_every_number() {
    let run = tempfile::tempdir().unwrap();
    run_folder::write(run.path());
    let table = Table::of(Run::read(run.path()).unwrap().lines());
    let bytes = table.to_parquet().unwrap();
    assert_eq!(bytes, table.to_parquet().unwrap());
    let rows = rows_of(bytes);
    let mut columns = vec!["step".to_owned(), "epoch".to_owned()];
    columns.extend_from_slice(table.columns());
    assert_eq!(rows.len(), 3);
    for (row, expected) in rows.iter().zip(expected()) {
        let names: Vec<String> = row.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names, columns);
        for ((name, found), expected) in row.iter().zip(expected) {
            // As text, because NaN is not itself.
            assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{name}");
        }
    }
}
