//! Tables of numbers as text.

use std::path::Path;

use anyhow::{Context as _, ensure};
use gan_data::{Points, Table};

use super::{Format, of_set};
use crate::draw::Draw;
use crate::input::Input;
use crate::mutate;
use crate::oracle::Reading;
use crate::text;

pub(super) const FORMAT: Format = Format { name: "csv", seeds, mutate, respell, read };

/// The name of the one file; its ending does not determine what separates the cells.
const NAME: &str = "points.csv";
/// What may stand between cells, and the decimal mark beside it.
const SEPARATORS: &[(&str, char)] =
    &[(",", '.'), (";", '.'), (";", ','), ("\t", '.'), ("\t", ','), ("|", '.'), ("  ", '.')];

fn seeds() -> Vec<Input> {
    let texts = [
        rows("", "\n", |i| format!("{i}.25,-{i}e-1")),
        rows("x,y\n", "\n", |i| format!("{i}.25,-{i}.5")),
        rows("\"left\",\"right\"\r\n", "\r\n", |i| format!("{i}.25,{i}.5")),
        rows(",x,y\n", "\n", |i| format!("{i},{i}.25,{i}.5")),
        "1\n2\n3.5\n".to_owned(),
        "a,b,c,d\n0.1,0.2,0.3,1e-12\n-1,2,3,4\n".to_owned(),
    ];
    let separated = SEPARATORS.iter().map(|(separator, mark)| {
        rows("", "\n", |i| format!("{i}.5{separator}-{i}.25{separator}0.125"))
            .replace('.', &mark.to_string())
    });
    texts.into_iter().chain(separated).map(|text| Input::file(NAME, text)).collect()
}

fn rows(header: &str, end: &str, row: impl Fn(usize) -> String) -> String {
    let rows: String = (0..24).map(|i| row(i) + end).collect();
    header.to_owned() + &rows
}

fn mutate(input: &mut Input, draw: &mut Draw) {
    let Some(bytes) = input.bytes_mut(0) else { return };
    match draw.below(3) {
        0 => {
            let mut lines: Vec<Vec<u8>> =
                bytes.split_inclusive(|&byte| byte == b'\n').map(<[u8]>::to_vec).collect();
            mutate::parts(&mut lines, draw);
            *bytes = lines.concat();
        }
        _ => text::tokens(bytes, draw),
    }
}

/// Blank lines, the ends of lines and a mark of the byte order mean nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let text = String::from_utf8(input.bytes(NAME).to_vec()).ok()?;
    let end = if draw.once_in(2) { "\r\n" } else { "\n" };
    let mut respelled = if draw.once_in(4) { "\u{feff}".to_owned() } else { String::new() };
    for line in text.lines() {
        respelled += line;
        respelled += &end.repeat(1 + usize::from(draw.once_in(4)));
    }
    Some(Input::file(NAME, respelled))
}

fn read(folder: &Path) -> anyhow::Result<Reading> {
    of_table(&folder.join(NAME))
}

/// What a file of numbers was read as, once for training and once for statistics.
pub(super) fn of_table(path: &Path) -> anyhow::Result<Reading> {
    let table = Table::open(path);
    let points = Points::open(path)?;
    let mut reading = of_set(&points);
    let agree = || {
        let table = table.context("points are read but the table is refused")?;
        let (rows, columns) = (table.rows(), table.columns());
        let n_values = table.values().len();
        ensure!(n_values == rows * columns, "{n_values} values in {rows} rows of {columns}");
        ensure!(columns == points.dim(), "{columns} columns for points of {}", points.dim());
        let are_finite = table.values().iter().all(|value| value.is_finite());
        ensure!(are_finite, "a value of the table is not finite");
        Ok(())
    };
    reading.faults.extend(agree().err().map(|error: anyhow::Error| format!("{error:#}")));
    Ok(reading)
}
