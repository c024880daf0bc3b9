use std::cell::Cell;

use super::*;

thread_local! {
    /// How often the lines of a text were counted.
    pub(super) static LINES_COUNTED: Cell<usize> = const { Cell::new(0) };
}

#[test]
fn lines_are_counted_for_an_error_only() {
    let mut text: String = (0..20_000).map(|i| format!("{i}.5,{i}\n")).collect();
    let config = TableConfig::default();
    let reading: Reading<f64> = read_text(&text, &config).unwrap();
    assert_eq!((reading.columns, reading.values.len()), (2, 40_000));
    assert_eq!(LINES_COUNTED.get(), 0);
    text += "1,two\n";
    let fault = read_text::<f64>(&text, &config).unwrap_err();
    assert!(matches!(fault, TableFault::Cell { line: 20_001, column: 2, .. }), "{fault}");
    assert_eq!(LINES_COUNTED.get(), 1);
}
