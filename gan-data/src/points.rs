//! Points of any dimension: a user's own, and those of the crate's synthetic sets.

use std::path::Path;

use burn_dataset::{Dataset, DatasetError};

use crate::table::{Axes, csv_file, npy_file};
use crate::{DataError, Fingerprint, Sample, SampleSet};

/// Points in the plane or in any other number of dimensions, kept exactly as they are given.
///
/// Nothing is rescaled: a generator that ends in `tanh` reaches only `[−1, 1]`, so bring the data
/// to a range that fits the generator first. `f64` values are rounded to `f32`.
#[derive(Clone, Debug, PartialEq)]
pub struct Points {
    shape: [usize; 1],
    values: Vec<f32>,
    /// One a point, or none at all.
    labels: Vec<u32>,
    classes: usize,
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
        Ok(Self { shape: [dim], values, labels: Vec::new(), classes: 0 })
    }

    /// Points of a `.csv` or `.npy` file, by the end of its name.
    ///
    /// # Errors
    /// [`DataError::UnknownFormat`], and those of [`from_csv`](Self::from_csv) and
    /// [`from_npy`](Self::from_npy).
    pub fn open(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        match path.extension().and_then(|extension| extension.to_str()) {
            Some("csv") => Self::from_csv(path),
            Some("npy") => Self::from_npy(path),
            _ => Err(DataError::UnknownFormat { path: path.into() }),
        }
    }

    /// Points of a CSV file: a line for each point, commas between the coordinates.
    ///
    /// A first line in which no cell is a number is a header and left out. Empty lines and spaces
    /// around a number mean nothing.
    ///
    /// # Errors
    /// [`DataError::CsvCell`] and [`DataError::CsvRagged`] with the line;
    /// [`DataError::Empty`], [`DataError::Read`] and [`DataError::Csv`].
    pub fn from_csv(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let (dim, values) = csv_file::read(path)?;
        Self::new(dim, values)
    }

    /// Points of a NumPy array file: `float32` or `float64`, in C order, of shape
    /// `[points, coordinates]`.
    ///
    /// # Errors
    /// The `Npy…` variants of [`DataError`], [`DataError::Empty`] and [`DataError::Read`].
    pub fn from_npy(path: impl AsRef<Path>) -> Result<Self, DataError> {
        let path = path.as_ref();
        let (dim, values) = npy_file::read(path, Axes::Two)?;
        Self::new(dim, values)
    }

    /// Planar points with the class of each.
    pub(crate) fn labeled(
        points: impl IntoIterator<Item = ([f64; 2], u32)>,
        classes: usize,
    ) -> Self {
        let (values, labels): (Vec<[f32; 2]>, Vec<u32>) =
            points.into_iter().map(|(point, label)| (point.map(|x| x as f32), label)).unzip();
        Self { shape: [2], values: values.into_flattened(), labels, classes }
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

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of_samples(&self.shape, self.len(), &self.labels, |hash| {
            use sha2::Digest;
            for value in &self.values {
                hash.update(value.to_le_bytes());
            }
        })
    }
}
