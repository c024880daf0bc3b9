//! `gan plot`: the columns of a table as curves.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, ensure};
use csv::{ReaderBuilder, StringRecord};
use gan_plot::{Series, curves};

use crate::args::PlotArguments;
use crate::streams;
use crate::unfinished::{ensure_free, write_out};

pub(crate) fn run(arguments: &PlotArguments) -> anyhow::Result<()> {
    let out = &arguments.out;
    ensure!(
        out.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg")),
        "expected a file that ends in .svg after --out, found {}",
        out.display()
    );
    ensure_free(out, arguments.force)?;
    let (x_label, series) = read(&arguments.file)?;
    let svg = curves(&arguments.title, &x_label, arguments.y.into(), &series);
    write_out(out, svg.as_bytes())?;
    streams::print_path(out)?;
    Ok(())
}

/// The name of the first column, and a curve for each of the others.
fn read(path: &Path) -> anyhow::Result<(String, Vec<Series>)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    curves_of(&bytes).with_context(|| path.display().to_string())
}

fn curves_of(bytes: &[u8]) -> anyhow::Result<(String, Vec<Series>)> {
    let mut reader = ReaderBuilder::new().from_reader(bytes);
    let header = reader.headers().context("its header cannot be read")?.clone();
    ensure!(
        header.len() >= 2,
        "expected a column for the horizontal axis and one for each curve, found {} in the header",
        header.len()
    );
    let named = |name: &str| Series { name: name.to_owned(), points: Vec::new() };
    let mut series: Vec<Series> = header.iter().skip(1).map(named).collect();
    let mut before = f64::NEG_INFINITY;
    for record in reader.records() {
        let record = record.context("a line cannot be read")?;
        let x = number(&record, 0, &header)?;
        let x = x.with_context(|| {
            format!("line {} has no place on the horizontal axis", line(&record))
        })?;
        ensure!(
            x >= before,
            "line {} goes back from {before} to {x}: sort the table",
            line(&record)
        );
        before = x;
        for (idx, one) in series.iter_mut().enumerate() {
            let value = number(&record, idx + 1, &header)?;
            one.points.extend(value.map(|value| (x, value)));
        }
    }
    Ok((header[0].to_owned(), series))
}

/// The number in a cell; `None` in an empty one.
fn number(record: &StringRecord, idx: usize, header: &StringRecord) -> anyhow::Result<Option<f64>> {
    let cell = record[idx].trim();
    if cell.is_empty() {
        return Ok(None);
    }
    let found = || {
        format!("expected a number in `{}` of line {}, found `{cell}`", &header[idx], line(record))
    };
    cell.parse().map(Some).with_context(found)
}

fn line(record: &StringRecord) -> u64 {
    record.position().map_or(0, csv::Position::line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_a_curve_and_an_empty_cell_a_gap() {
        let (x_label, series) =
            curves_of(b"epoch,seed 0,\"a, b\"\n1,0.5,\n2,,7\n2.5,0.25,inf\n").unwrap();
        assert_eq!(x_label, "epoch");
        assert_eq!((series[0].name.as_str(), series[1].name.as_str()), ("seed 0", "a, b"));
        assert_eq!(series[0].points, [(1.0, 0.5), (2.5, 0.25)]);
        assert_eq!(series[1].points, [(2.0, 7.0), (2.5, f64::INFINITY)]);
    }

    #[test]
    fn what_is_no_table_of_curves_is_named() {
        let complaint = |text: &str| format!("{:#}", curves_of(text.as_bytes()).unwrap_err());
        assert!(complaint("step\n1\n").contains("found 1 in the header"));
        assert!(
            complaint("step,a\n1,x\n").contains("expected a number in `a` of line 2, found `x`")
        );
        assert!(complaint("step,a\n,1\n").contains("line 2 has no place on the horizontal axis"));
        assert!(complaint("step,a\n2,1\n1,1\n").contains("line 3 goes back from 2 to 1"));
        assert!(complaint("step,a\n1,1,1\n").contains("a line cannot be read"));
    }
}
