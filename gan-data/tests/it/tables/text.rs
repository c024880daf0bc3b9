use std::io::Write as _;

use gan_data::SampleSet as _;
use gan_data::{CellHint, DataError, Header, Points, TableConfig, TableFault};
use proptest::prelude::*;

use super::{fault, open};
use crate::errors::check;

fn csv(text: &str) -> Points {
    open("points.csv", text, &TableConfig::default()).unwrap()
}

fn line(text: &str) -> String {
    csv(text).inventory().to_string()
}

fn refused(text: &str, config: &TableConfig) -> DataError {
    open("points.csv", text, config).unwrap_err()
}

fn columns(names: &[&str]) -> TableConfig {
    let columns = names.iter().map(ToString::to_string).collect();
    TableConfig { columns, ..TableConfig::default() }
}

#[test]
fn separators_and_decimal_commas_are_recognized() {
    let expected = csv("x,y\n1.5,-2\n0.25,4\n");
    for text in [
        "x;y\n1.5;-2\n0.25;4\n",
        "x;y\n1,5;-2\n0,25;4\n",
        "x\ty\r\n1,5\t-2\r\n0,25\t4\r\n",
        "x|y\n1.5|-2\n0.25|4",
        "  x    y\n  1.5  -2\n 0.25 \t 4\n",
        "1,5 -2\r0,25 4\r",
        "# x,y\n1.5,-2\n# a comment\n0.25,4\n",
        "\u{feff}\"x\";\"y\"\n\"1,5\";\"-2\"\n\n  \n\"0,25\";\"4\"\n",
    ] {
        assert_eq!(csv(text), expected, "{text:?}");
    }
    assert!(line("1,5;2\n").contains("separated by `;`"), "{}", line("1,5;2\n"));
    assert!(line("1,5;2\n").contains("decimal comma"));
}

#[test]
fn names_end_in_any_case_and_may_be_compressed() {
    let expected = csv("1,2\n3,4\n");
    for name in ["UPPER.CSV", "a.tsv", "a.Txt", "a.DAT"] {
        assert_eq!(open(name, "1,2\n3,4\n", &TableConfig::default()).unwrap(), expected);
    }
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gz.write_all(b"1,2\n3,4\n").unwrap();
    let gz = gz.finish().unwrap();
    assert_eq!(open("a.csv.gz", &gz, &TableConfig::default()).unwrap(), expected);
    assert!(matches!(
        open("a.csv.gz", &gz[..gz.len() - 4], &TableConfig::default()),
        Err(DataError::Read { .. })
    ));
}

#[test]
fn other_formats_are_told_by_their_first_bytes() {
    for (bytes, part) in [
        (&b"\xff\xfe1\x00,\x002\x00"[..], "UTF-16"),
        (b"1\x00,\x002\x00", "UTF-16"),
        (b"\x93NUMPY\x01\x00", "name it .npy"),
        (b"PK\x03\x04", "zip"),
        (b"\x1f\x8b\x08", "gzip"),
    ] {
        let error = open("points.csv", bytes, &TableConfig::default()).unwrap_err();
        check(&error, &["points.csv", part]);
    }
}

#[test]
fn a_header_of_years_or_numbers_is_told_from_a_point() {
    let years = "1990,2000\n-1.5,0.5\n0.25,1.75\n";
    let points = csv(years);
    assert_eq!(points.as_slice(), [-1.5, 0.5, 0.25, 1.75]);
    let said = points.inventory().to_string();
    assert!(said.starts_with("2 points of 2 coordinates (1990, 2000), header"), "{said}");
    assert!(said.contains("`data.header` = \"no\""), "{said}");
    assert_eq!(csv("0,1,2\n0.5,1.5,2.5\n1.5,2.5,3.5\n").as_slice().len(), 6);
    let no = TableConfig { header: Header::No, ..TableConfig::default() };
    assert_eq!(open("a.csv", years, &no).unwrap().as_slice().len(), 6);
    // Whole numbers below, years within the range below, other numbers: a point each.
    for text in [
        "1990,2000\n1991,2001\n1992,2002\n",
        "1990,2000\n1989.5,2001.5\n1991.5,1999.5\n",
        "3,4\n0.5,0.5\n0.25,0.75\n",
        "1,0\n0.5,0.5\n0.25,0.75\n",
        "0\n0.5\n0.25\n",
        "0,1\n0.5,0.5\n",
    ] {
        let said = line(text);
        assert!(said.contains(", no header"), "{said}");
        assert_eq!(csv(text).as_slice()[0].to_string(), text.split([',', '\n']).next().unwrap());
    }
    let yes = TableConfig { header: Header::Yes, ..TableConfig::default() };
    assert_eq!(open("a.csv", "3,4\n0.5,0.5\n", &yes).unwrap().as_slice(), [0.5, 0.5]);
}

#[test]
fn an_index_column_without_a_name_is_left_out_and_said() {
    for text in [
        ",x,y\n0,1.5,2.5\n1,3.5,4.5\n",
        "Unnamed: 0,x,y\n7,1.5,2.5\n3,3.5,4.5\n",
        ",0,1\n0,1.5,2.5\n1,3.5,4.5\n",
    ] {
        let points = csv(text);
        assert_eq!(points.as_slice(), [1.5, 2.5, 3.5, 4.5], "{text}");
        let said = points.inventory().to_string();
        assert!(said.contains("passed over: 1 (index column 1)"), "{said}");
    }
    let said = line(",x,y\n0,1.5,2.5\n1,3.5,4.5\n");
    assert!(said.starts_with("2 points of 2 coordinates (x, y), header"), "{said}");
    // Asked for, it is kept; with decimals it is no index; with a name it is a column.
    let kept = open("a.csv", ",x\n0,1.5\n1,3.5\n", &columns(&["1", "x"])).unwrap();
    assert_eq!(kept.as_slice(), [0.0, 1.5, 1.0, 3.5]);
    assert_eq!(csv(",x\n0.5,1.5\n1.5,3.5\n").dim(), 2);
    assert_eq!(csv("i,x\n0,1.5\n1,3.5\n").dim(), 2);
}

#[test]
fn columns_are_picked_by_name_or_number_in_the_order_asked_for() {
    let text = "name,x,y\nAnn,1,2\nBob,3,4\n";
    let points = open("a.csv", text, &columns(&["y", "2"])).unwrap();
    assert_eq!(points.as_slice(), [2.0, 1.0, 4.0, 3.0]);
    let inventory = points.inventory();
    assert_eq!(inventory.table.as_ref().unwrap().columns, ["y", "x"]);
    assert_eq!(
        (inventory.passed_over[0].count, &inventory.passed_over[0].examples[0][..]),
        (1, "name")
    );
    assert_eq!(open("a.csv", "1990,2\n1,2\n", &columns(&["1990"])).unwrap().as_slice(), [1.0]);

    let error = refused(text, &columns(&["xx"]));
    check(&error, &["a.csv".trim_start_matches('a'), "`xx`", "name, x, y", "`data.columns`"]);
    check(&refused("width,height\n1,2\n", &columns(&["widht"])), &["did you mean `width`?"]);
    check(&refused("1,2\n", &columns(&["3"])), &["`3`", "1 to 2"]);
    check(&refused(text, &columns(&["x", "2"])), &["`2` twice"]);
    check(&refused("x,x\n1,2\n", &columns(&["x"])), &["2 columns `x`", "numbers from 1"]);
    let error = refused(text, &TableConfig::default());
    check(&error, &["line 2, column 1 (`name`)", "\"Ann\"", "`data.columns` picks others"]);
}

#[test]
fn what_mends_a_cell_is_said() {
    let hint = |text: &str, config: &TableConfig| match fault(&refused(text, config)) {
        TableFault::Cell { hint, .. } => *hint,
        other => panic!("{other}"),
    };
    let auto = TableConfig::default();
    assert_eq!(hint("x,y\n1,2\n,4\n", &auto), CellHint::Missing);
    assert_eq!(hint("NA,NA\n1,2\n", &auto), CellHint::Header);
    assert_eq!(hint("x,y\nnan,2\n", &auto), CellHint::Missing);
    assert_eq!(hint("x,2000\n1,2\n", &auto), CellHint::Header);
    assert_eq!(hint("\"1,5\",2\n", &auto), CellHint::Decimal);
    assert_eq!(hint("1.5;2\n1,5;2\n", &auto), CellHint::Decimal);
    let set = TableConfig { delimiter: Some('|'), ..TableConfig::default() };
    assert_eq!(hint("1;2\n3;4\n", &set), CellHint::Delimiter(';'));
    let comma = TableConfig { decimal: Some(','), ..TableConfig::default() };
    assert_eq!(open("a.csv", "\"1,5\"\n2,5\n", &comma).unwrap().as_slice(), [1.5, 2.5]);
    for (delimiter, decimal) in
        [(Some('x'), None), (Some('é'), None), (None, Some(';')), (Some(','), Some(','))]
    {
        let config = TableConfig { delimiter, decimal, ..TableConfig::default() };
        assert!(matches!(fault(&refused("1,2\n", &config)), TableFault::Option { .. }));
    }
}

#[test]
fn long_cells_and_odd_names_make_short_clean_messages() {
    let long = format!("1,2\n3,{}\u{1b}[31m\n", "x".repeat(1_000_000));
    let error = refused(&long, &TableConfig::default());
    assert!(error.to_string().len() < 500, "{}", error.to_string().len());
    let error = open("a\u{1b}[31m.csv", "1,\u{7}\n3,4\n", &TableConfig::default()).unwrap_err();
    assert!(!error.to_string().contains(char::is_control), "{error}");
    let names = format!("{}\n1,2\n", "n".repeat(1_000_000) + ",y");
    let error = refused(&names, &columns(&[&"m".repeat(1_000_000)]));
    assert!(error.to_string().len() < 700, "{}", error.to_string().len());
}

proptest! {
    #[test]
    fn a_table_is_the_same_in_every_dialect(
        rows in prop::collection::vec([-1e6_f32..1e6, -1.0..1.0_f32, 0.0..1e-3_f32], 1..20),
    ) {
        let expected: Vec<f32> = rows.concat();
        for (separator, comma) in
            [(",", false), (";", false), (";", true), ("\t", true), ("|", false), ("  ", true), (" ", false)]
        {
            let cell = |value: &f32| {
                let text = format!("{value:?}");
                if comma { text.replace('.', ",") } else { text }
            };
            let line = |row: &[f32; 3]| row.each_ref().map(cell).join(separator) + "\n";
            let body: String = rows.iter().map(line).collect();
            for head in ["", "x SEP y SEP z\n"] {
                let text = head.replace(" SEP ", separator) + &body;
                let points = csv(&text);
                prop_assert_eq!(points.as_slice(), &expected[..], "{}", text);
            }
        }
    }
}
