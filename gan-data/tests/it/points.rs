//! Tables of numbers, sound and broken.

use std::fs;

use burn_dataset::Dataset;
use gan_data::{DataError, Points, SampleSet, TableFault};
use proptest::prelude::*;
use tempfile::TempDir;

use crate::errors::check;
use crate::tables::fault;

/// Write a file of this name and open it as points.
fn open(name: &str, bytes: impl AsRef<[u8]>) -> Result<Points, DataError> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    Points::open(path)
}

fn csv(text: &str) -> Result<Points, DataError> {
    open("points.csv", text)
}

/// An array file, format version 1.0.
fn npy(descr: &str, fortran: bool, shape: &str, values: &[u8]) -> Result<Points, DataError> {
    let order = if fortran { "True" } else { "False" };
    let header = format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}");
    let header = format!("{header:<117}\n");
    let mut bytes = b"\x93NUMPY\x01\x00\x76\x00".to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend(values);
    open("points.npy", bytes)
}

fn doubles(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

#[test]
fn csv_is_read_with_and_without_a_header() {
    let plain = csv("1,2.5\n-3e-2, 4 \n").unwrap();
    assert_eq!((plain.dim(), plain.len(), plain.shape()), (2, 2, &[2][..]));
    assert_eq!(plain.as_slice(), [1.0, 2.5, -0.03, 4.0]);
    assert_eq!((plain.classes(), plain.get(1).unwrap().label), (0, None));
    for text in ["x,y\n1,2.5\n-0.03,4", "\u{feff}x,y\r\n1,2.5\r\n\r\n-0.03,4\r\n"] {
        assert_eq!(csv(text).unwrap(), plain);
    }
}

#[test]
fn points_of_any_dimension_are_kept_as_given() {
    assert_eq!(csv("7\n8\n900\n").unwrap().shape(), [1]);
    let wide = csv("1,2,3,4,5\n6,7,8,9,10\n").unwrap();
    assert_eq!(wide.values(&[1, 0]), [6.0, 7.0, 8.0, 9.0, 10.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
}

/// Check that a file is refused for the text in one of its cells.
fn check_text_cell(text: &str, line: u64, column: usize) {
    let error = csv(text).unwrap_err();
    check(&error, &["points.csv", &format!("line {line}, column {column}"), "a finite number"]);
    assert!(matches!(fault(&error), TableFault::Cell { .. }));
}

#[test]
fn a_text_cell_is_an_error_with_its_line() {
    check(&csv("x,y\n1,2\n3,four\n").unwrap_err(), &["line 3, column 2", "\"four\""]);
    // A first line with a number in it is no header, and there is only one header.
    check_text_cell("1,two\n3,4\n", 1, 2);
    check_text_cell("x,y\nm,s\n1,2\n", 2, 1);
    // An empty cell is text, too.
    check_text_cell("1,2\n3,\n", 2, 2);
}

#[test]
fn lines_are_counted_whatever_the_line_breaks_and_blank_lines() {
    check_text_cell("x,y\n1,2\n\n3,four\n", 4, 2);
    check_text_cell("\n\n1,2\n3,four", 4, 2);
    check_text_cell("\r\n\r\n1,2\r\n3,four\r\n", 4, 2);
    check_text_cell("1,2\r\r\r3,four\r", 4, 2);
    check_text_cell("1,2\n3,\"4\n\"\n5,four\n", 4, 2);
}

#[test]
fn a_csv_cell_that_is_not_finite_is_an_error_with_its_line() {
    for cell in ["nan", "inf", "-Infinity", "1e99"] {
        let error = csv(&format!("1,2\n{cell},4\n")).unwrap_err();
        check(&error, &["line 2", "column 1", cell]);
    }
}

#[test]
fn a_ragged_row_is_an_error_with_its_line() {
    let error = csv("x,y\n1,2\n3,4,5\n").unwrap_err();
    check(&error, &["points.csv", "line 3", "has 3 columns", "expected 2"]);
    assert!(matches!(fault(&error), TableFault::Ragged { line: 3, expected: 2, found: 3 }));
    let error = csv("1,2\n3\n").unwrap_err();
    assert!(matches!(fault(&error), TableFault::Ragged { line: 2, found: 1, .. }));
}

#[test]
fn a_file_without_points_is_empty() {
    for text in ["", "\n\n", "x,y\n"] {
        check(&csv(text).unwrap_err(), &["points.csv", "is empty", "a line of numbers"]);
    }
    for shape in ["(0, 2)", "(2, 0)"] {
        let error = npy("<f4", false, shape, &[]).unwrap_err();
        check(&error, &["points.npy", "is empty"]);
        assert!(matches!(error, DataError::Empty { .. }));
    }
}

#[test]
fn bytes_that_are_no_text_are_an_error() {
    let error = open("points.csv", b"1,2\n\xff\xfe,3\n").unwrap_err();
    check(&error, &["points.csv", "line 2 is not UTF-8 text"]);
    assert!(matches!(fault(&error), TableFault::NotText { line: 2 }));
}

#[test]
fn a_missing_file_and_an_unknown_ending_are_named() {
    for name in ["nowhere.csv", "nowhere.npy"] {
        let error = Points::open(TempDir::new().unwrap().path().join(name)).unwrap_err();
        check(&error, &["cannot read", name]);
        assert!(matches!(error, DataError::Read { .. }));
    }
    let error = Points::open("points.xlsx").unwrap_err();
    check(&error, &["points.xlsx", ".csv", ".npy", ".npz"]);
    assert!(matches!(error, DataError::UnknownFormat { .. }));
}

#[test]
fn npy_of_either_precision_and_byte_order_is_read() {
    let values = [1.0, -2.5, 0.5, 4.0, 1e9, -0.0];
    let expected = values.map(|value| value as f32);
    let big: Vec<u8> = values.iter().flat_map(|value: &f64| value.to_be_bytes()).collect();
    let singles: Vec<u8> = expected.iter().flat_map(|value| value.to_le_bytes()).collect();
    for (descr, bytes) in [("<f8", doubles(&values)), (">f8", big), ("<f4", singles)] {
        let points = npy(descr, false, "(3, 2)", &bytes).unwrap();
        assert_eq!((points.dim(), points.as_slice()), (2, &expected[..]));
    }
}

#[test]
fn a_file_that_numpy_saved_is_read() {
    let points = open("p.npy", include_bytes!("../fixtures/numpy_2x3_f4.npy")).unwrap();
    assert_eq!((points.dim(), points.as_slice()), (3, &[0.0, 0.5, 1.0, 1.5, 2.0, 2.5][..]));
}

#[test]
fn an_npy_file_that_is_cut_off_or_no_npy_file_is_an_error() {
    let error = npy("<f4", false, "(2, 2)", &[0; 15]).unwrap_err();
    check(&error, &["points.npy", "15 bytes", "expected 16"]);
    assert!(matches!(fault(&error), TableFault::NpyLength { expected: 16, found: 15 }));

    for shape in ["(18446744073709551615, 2)", "(4611686018427387904, 4)", "(1", "(-1, 2)"] {
        let error = npy("<f4", false, shape, &[0; 16]).unwrap_err();
        check(&error, &["points.npy"]);
    }

    let error = open("points.npy", "1,2\n").unwrap_err();
    check(&error, &["points.npy", "NPY format"]);
    assert!(matches!(fault(&error), TableFault::NpyHeader));
}

#[test]
fn an_npy_value_that_is_not_finite_is_an_error_with_its_place() {
    for value in [f64::NAN, f64::NEG_INFINITY, 1e300] {
        let error = npy("<f8", false, "(2, 2)", &doubles(&[0.0, 1.0, 2.0, value])).unwrap_err();
        check(&error, &["[1, 1]", "points.npy", &value.to_string(), "finite"]);
        assert!(matches!(fault(&error), TableFault::NpyNotFinite { row: 1, column: 1, .. }));
    }
}

#[test]
fn values_in_memory_must_be_whole_finite_points() {
    let error = Points::new(2, vec![1.0, 2.0, 3.0]).unwrap_err();
    check(&error, &["3 values", "2 coordinates"]);
    assert!(matches!(error, DataError::PointLength { dim: 2, found: 3 }));
    assert!(Points::new(2, Vec::new()).is_err());
    assert!(Points::new(0, vec![1.0]).is_err());

    let error = Points::new(2, vec![1.0, 2.0, 3.0, f32::NAN]).unwrap_err();
    check(&error, &["coordinate 1 of point 1", "NaN", "finite"]);
    assert!(matches!(error, DataError::NotFinite { row: 1, column: 1, .. }));
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_points_or_an_error(bytes: Vec<u8>) {
        for name in ["any.csv", "any.npy"] {
            if let Ok(points) = open(name, &bytes) {
                prop_assert!(points.as_slice().iter().all(|value| value.is_finite()));
            }
        }
    }

    #[test]
    fn every_f32_survives_csv(values in prop::collection::vec(-1e30_f32..1e30, 2..40)) {
        let text: String = values.iter().map(|value| format!("{value}\n")).collect();
        let points = csv(&text)?;
        prop_assert_eq!(points.as_slice(), &values[..]);
    }
}
