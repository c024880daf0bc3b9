//! The README's tables are those of the code.

use gan_doctor::{RULES, SERIES, Supplier};

const README: &str = include_str!("../../README.md");

fn table_after(heading: &str) -> Vec<String> {
    let (_, after) = README.split_once(&format!("\n# {heading}\n")).unwrap();
    let rows = after.lines().skip_while(|line| !line.starts_with("|---"));
    rows.skip(1).take_while(|line| line.starts_with('|')).map(str::to_owned).collect()
}

#[test]
fn every_rule_has_its_row() {
    let rows: Vec<String> =
        RULES.iter().map(|rule| format!("| `{}` | {} |", rule.id(), rule.page().title())).collect();
    assert_eq!(table_after("Rules"), rows, "\n{}", rows.join("\n"));
}

#[test]
fn every_series_that_needs_a_probe_has_its_row() {
    let needed = SERIES.iter().filter(|series| series.supplier == Supplier::Players);
    let row = |series: &gan_doctor::Series| {
        let name = series.name;
        format!("| `{name}` | {} | {} |", series.unit, series.meaning.trim_end_matches('.'))
    };
    let rows: Vec<String> = needed.map(row).collect();
    assert_eq!(table_after("Series that have no probe yet"), rows, "\n{}", rows.join("\n"));
}
