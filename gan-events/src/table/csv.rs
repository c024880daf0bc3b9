//! The table as CSV.

use csv::Writer;

use super::{Row, Table};
use crate::error::EventsError;

impl Table {
    /// The table as CSV with a header: `step`, `epoch`, then the quantities.
    ///
    /// Numbers have as few digits as give the same number again; `nan`, `inf` and `-inf` are written so, and
    /// what was not measured is empty.
    ///
    /// # Errors
    /// [`EventsError::Encode`], which no table is known to cause.
    pub fn to_csv(&self) -> Result<Vec<u8>, EventsError> {
        self.encode().map_err(|error| EventsError::Encode { format: "CSV", source: error.into() })
    }

    fn encode(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = Writer::from_writer(Vec::new());
        let head = ["step", "epoch"].into_iter().chain(self.columns.iter().map(String::as_str));
        writer.write_record(head)?;
        for row in &self.rows {
            writer.write_record(texts(row))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

fn texts(row: &Row) -> impl Iterator<Item = String> {
    let place = [row.step.to_string(), row.epoch.to_string()];
    place.into_iter().chain(row.cells.iter().map(|cell| cell.map_or_else(String::new, text)))
}

fn text(number: f64) -> String {
    // `{:?}` has an exponent where `{}` would have hundreds of zeros.
    if number.is_nan() { "nan".to_owned() } else { format!("{number:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gan_run::MetricsLine;

    #[test]
    fn numbers_are_kept_and_what_was_not_measured_is_empty() {
        let line = |step, numbers: &[(&str, f64)]| {
            let numbers = numbers.iter().map(|&(name, number)| (name.to_owned(), number)).collect();
            MetricsLine { step, epoch: step / 2, numbers }
        };
        let table = Table::of(&[
            line(1, &[("critic/loss", 1.420_349_836_349_487_3), ("odd, \"name\"", f64::NAN)]),
            line(2, &[("samples/js", f64::INFINITY), ("critic/loss", 1e-300)]),
            line(3, &[("samples/js", f64::NEG_INFINITY)]),
        ]);
        let text = String::from_utf8(table.to_csv().unwrap()).unwrap();
        let expected = "step,epoch,critic/loss,\"odd, \"\"name\"\"\",samples/js\n\
                        1,0,1.4203498363494873,nan,\n2,1,1e-300,,inf\n3,1,,,-inf\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_run_without_measurements_has_a_header() {
        assert_eq!(Table::of(&[]).to_csv().unwrap(), b"step,epoch\n");
    }
}
