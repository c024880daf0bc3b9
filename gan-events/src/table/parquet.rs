//! The table as Parquet.

use std::sync::Arc;

use parquet::basic::{Repetition, Type as Physical};
use parquet::column::writer::ColumnWriter;
use parquet::errors::{ParquetError, Result};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{Type, TypePtr};

use super::{Row, Table};
use crate::error::EventsError;

impl Table {
    /// The table as a Parquet file of one row group, not compressed: `step` and `epoch` are 64-bit integers, the
    /// quantities 64-bit floats that may be missing. NaN and the infinite are kept.
    ///
    /// # Errors
    /// [`EventsError::Encode`]: a step or an epoch is beyond 2⁶³.
    pub fn to_parquet(&self) -> std::result::Result<Vec<u8>, EventsError> {
        let about = |error: ParquetError| EventsError::Encode {
            format: "Parquet",
            source: Box::new(error),
        };
        self.encode_parquet().map_err(about)
    }

    fn encode_parquet(&self) -> Result<Vec<u8>> {
        let mut file = Vec::new();
        let properties = Arc::new(WriterProperties::builder().build());
        let mut writer = SerializedFileWriter::new(&mut file, self.schema()?, properties)?;
        let mut group = writer.next_row_group()?;
        integers(&mut group, &self.rows, |row| row.step)?;
        integers(&mut group, &self.rows, |row| row.epoch)?;
        for idx in 0..self.columns.len() {
            floats(&mut group, &self.rows, idx)?;
        }
        group.close()?;
        writer.close()?;
        Ok(file)
    }

    fn schema(&self) -> Result<TypePtr> {
        let integers =
            ["step", "epoch"].map(|name| field(name, Physical::INT64, Repetition::REQUIRED));
        let floats =
            self.columns.iter().map(|name| field(name, Physical::DOUBLE, Repetition::OPTIONAL));
        let fields = integers.into_iter().chain(floats).collect::<Result<Vec<_>>>()?;
        Ok(Arc::new(Type::group_type_builder("metrics").with_fields(fields).build()?))
    }
}

fn field(name: &str, physical: Physical, repetition: Repetition) -> Result<TypePtr> {
    let builder = Type::primitive_type_builder(name, physical).with_repetition(repetition);
    Ok(Arc::new(builder.build()?))
}

fn integers(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    rows: &[Row],
    of: impl Fn(&Row) -> u64,
) -> Result<()> {
    let integer =
        |row| i64::try_from(of(row)).map_err(|error| ParquetError::General(error.to_string()));
    let values = rows.iter().map(integer).collect::<Result<Vec<i64>>>()?;
    let mut column = next(group)?;
    if let ColumnWriter::Int64ColumnWriter(typed) = column.untyped() {
        typed.write_batch(&values, None, None)?;
    }
    column.close()
}

/// What is missing has the definition level 0 and no value.
fn floats(
    group: &mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
    rows: &[Row],
    idx: usize,
) -> Result<()> {
    let values: Vec<f64> = rows.iter().filter_map(|row| row.cells[idx]).collect();
    let levels: Vec<i16> = rows.iter().map(|row| i16::from(row.cells[idx].is_some())).collect();
    let mut column = next(group)?;
    if let ColumnWriter::DoubleColumnWriter(typed) = column.untyped() {
        typed.write_batch(&values, Some(&levels), None)?;
    }
    column.close()
}

fn next<'a>(
    group: &'a mut SerializedRowGroupWriter<'_, &mut Vec<u8>>,
) -> Result<parquet::file::writer::SerializedColumnWriter<'a>> {
    let missing =
        || ParquetError::General("the schema has fewer columns than the table".to_owned());
    group.next_column()?.ok_or_else(missing)
}
