//! Points of any dimension: a user's own, and those of the crate's synthetic sets.

use std::path::Path;

use burn_dataset::{Dataset, DatasetError};

use crate::table::{Account, Reading, csv_file, npy_file};
use crate::{DataError, Fingerprint, Inventory, Sample, SampleSet, TableConfig};

/// Points in the plane or in any other number of dimensions, kept exactly as they are given.
///
/// Nothing is rescaled: a generator that ends in `tanh` reaches only `[−1, 1]`, so bring the data
/// to a range that fits the generator first. `f64` values are rounded to `f32`.
///
/// Two sets are equal if their points and labels are, whatever file they were read from.
#[derive(Clone, Debug)]
pub struct Points {
    shape: [usize; 1],
    values: Vec<f32>,
    /// One a point, or none at all.
    labels: Vec<u32>,
    classes: usize,
    /// How the file was read, if there is one.
    account: Option<Account>,
}

impl PartialEq for Points {
    fn eq(&self, other: &Self) -> bool {
        (self.shape, self.classes) == (other.shape, other.classes)
            && self.values == other.values
            && self.labels == other.labels
    }
}

impl Points {
    /// Points of `dim` coordinates, one after the other in `values`, without labels.
    ///
    /// # Errors
    /// [`DataError::PointLength`] when `values` is empty or no multiple of `dim`;
    /// [`DataError::NotFinite`] names the first coordinate that is infinite or not a number.
    pub fn new(dim: usize, values: Vec<f32>) -> Result<Self, DataError> {
        if dim == 0 || values.is_empty() || !values.len().is_multiple_of(dim) {
            return Err(DataError::PointLength { dim, found: values.len() });
        }
        if let Some(i) = values.iter().position(|value| !value.is_finite()) {
            let (row, column, found) = (i / dim, i % dim, values[i]);
            return Err(DataError::NotFinite { row, column, found });
        }
        Ok(Self { shape: [dim], values, labels: Vec::new(), classes: 0, account: None })
    }

    /// Points of a file, by the end of its name; see [`Table::open`](crate::Table::open) for the
    /// formats.
    ///
    /// # Errors
    /// [`DataError::UnknownFormat`]; [`DataError::Table`] with the place in the file;
    /// [`DataError::Empty`], [`DataError::Read`].
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Self::open_with(path, &TableConfig::default())
    }

    /// Points of a file, by the end of its name, read by the settings.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_with(path: impl AsRef<Path>, config: &TableConfig) -> Result<Self, DataError> {
        Self::of(config.read(path.as_ref())?)
    }

    /// Points of a text file, whatever its name: a line for each point, the coordinates separated
    /// by commas, semicolons, tabs, `|` or blanks.
    ///
    /// A first line in which no cell is a number names the columns; so does a comment after `#`
    /// above the first row. Empty lines and spaces around a number mean nothing. An index column
    /// without a name, as pandas writes it, is left out.
    ///
    /// # Errors
    /// [`DataError::Table`] with the line; [`DataError::Empty`], [`DataError::Read`].
    pub fn from_csv(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Self::of(csv_file::read(path.as_ref(), false, &TableConfig::default())?)
    }

    /// Points of a NumPy array file, whatever its name: booleans, integers or floats in either byte
    /// order, in C or Fortran order, of shape `[points, …]`. Axes after the first are flattened;
    /// an array of one axis has points of 1 coordinate. An array of records has a coordinate for
    /// each field.
    ///
    /// # Errors
    /// [`DataError::Table`], [`DataError::Empty`] and [`DataError::Read`].
    pub fn from_npy(path: impl AsRef<Path>) -> Result<Self, DataError> {
        Self::of(npy_file::read(path.as_ref(), &TableConfig::default())?)
    }

    fn of(reading: Reading<f32>) -> Result<Self, DataError> {
        let Reading { columns, values, mut account } = reading;
        if account.axes == Some(1) && columns == 1 {
            account.remarks.push("an array of one axis: points of 1 coordinate".into());
        }
        Ok(Self { account: Some(account), ..Self::new(columns, values)? })
    }

    /// Planar points with the class of each.
    pub(crate) fn labeled(
        points: impl IntoIterator<Item = ([f64; 2], u32)>,
        classes: usize,
    ) -> Self {
        let (values, labels): (Vec<[f32; 2]>, Vec<u32>) =
            points.into_iter().map(|(point, label)| (point.map(|x| x as f32), label)).unzip();
        Self { shape: [2], values: values.into_flattened(), labels, classes, account: None }
    }

    /// Coordinates of a point.
    pub fn dim(&self) -> usize {
        self.shape[0]
    }

    /// All coordinates, point after point.
    pub fn as_slice(&self) -> &[f32] {
        &self.values
    }

    fn point(&self, index: usize) -> &[f32] {
        &self.values[index * self.dim()..][..self.dim()]
    }
}

impl Dataset<Sample> for Points {
    fn get(&self, index: usize) -> Result<Sample, DatasetError> {
        Ok(Sample { values: self.point(index).to_vec(), label: self.label(index) })
    }

    fn len(&self) -> usize {
        self.values.len() / self.dim()
    }
}

impl SampleSet for Points {
    fn shape(&self) -> &[usize] {
        &self.shape
    }

    fn write_values(&self, index: usize, out: &mut [f32]) {
        out.copy_from_slice(self.point(index));
    }

    fn label(&self, index: usize) -> Option<usize> {
        (self.classes > 0).then(|| self.labels[index] as usize)
    }

    fn classes(&self) -> usize {
        self.classes
    }

    /// What the points were read as: how many of how many coordinates, the columns and the header of
    /// their file, their range, what was done to them and what was left out.
    fn inventory(&self) -> Inventory {
        let inventory = Inventory { noun: "points", ..Inventory::of(self) };
        match &self.account {
            None => inventory,
            Some(account) => Inventory {
                table: Some(account.layout.clone()),
                passed_over: account.passed_over.clone(),
                remarks: account.remarks.clone(),
                ..inventory
            },
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_samples(&self.shape, self.len(), &self.labels, |hash| {
            use sha2::Digest;
            for value in &self.values {
                hash.update(value.to_le_bytes());
            }
        })
    }
}
