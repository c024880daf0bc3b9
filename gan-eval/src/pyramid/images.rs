//! A checked view of images.

use gan_divergence::DivergenceError;

use super::patches::SIDE;
use crate::EvalError;

/// `n` images of `c` channels, `h` rows and `w` columns, one after the other in one slice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Images<'a> {
    values: &'a [f32],
    shape: [usize; 4],
}

impl<'a> Images<'a> {
    /// Checks a slice of images.
    ///
    /// # Shapes
    /// `n·c·h·w` values, row-major; `n` and `c` at least 1, `h` and `w` at least 7.
    ///
    /// # Errors
    /// [`EvalError::ImageValues`] for another number of values, or for images without room for a patch;
    /// [`EvalError::Divergence`] naming the first value that is infinite or not a number.
    ///
    /// # Example
    /// ```
    /// use gan_eval::pyramid::Images;
    /// assert!(Images::new(&[0.0; 2 * 3 * 8 * 8], [2, 3, 8, 8]).is_ok());
    /// assert!(Images::new(&[0.0; 2 * 3 * 8 * 8], [2, 1, 8, 8]).is_err());
    /// ```
    pub fn new(values: &'a [f32], shape: [usize; 4]) -> Result<Self, EvalError> {
        let [n, channels, height, width] = shape;
        let expected = shape.iter().try_fold(1_usize, |product, &axis| product.checked_mul(axis));
        let too_small = n.min(channels) == 0 || height.min(width) < SIDE;
        if too_small || expected != Some(values.len()) {
            return Err(EvalError::ImageValues { shape, found: values.len() });
        }
        if let Some(index) = values.iter().position(|value| !value.is_finite()) {
            let (what, value) = ("the images", f64::from(values[index]));
            return Err(DivergenceError::NotFinite { what, index, value }.into());
        }
        Ok(Self { values, shape })
    }

    /// Images, channels, rows, columns.
    #[must_use]
    pub fn shape(&self) -> [usize; 4] {
        self.shape
    }

    /// The images one after the other, each with all of its channels.
    pub(super) fn each(&self) -> impl ExactSizeIterator<Item = &'a [f32]> + use<'a> {
        self.values.chunks_exact(self.shape[1..].iter().product())
    }

    /// All values, in double precision.
    pub(super) fn planes(&self) -> Vec<f64> {
        self.values.iter().copied().map(f64::from).collect()
    }
}
