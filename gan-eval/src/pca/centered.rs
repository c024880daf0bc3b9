//! Samples less their mean, and the smaller one of their two products.

use std::ops::Range;

use gan_divergence::DivergenceError;

use super::by_rows::{dot, for_each_block};
use super::leading::orthonormalize;

/// Columns that are converted at a time: a panel of them stays in a processor's cache.
const PANEL: usize = 256;

/// `n` samples of `d` values, `[n, d]`, of which the mean is subtracted where they are read.
pub(super) struct Centered<'a> {
    samples: &'a [f32],
    mean: Vec<f64>,
}

impl<'a> Centered<'a> {
    pub(super) fn new(samples: &'a [f32], values: usize) -> Result<Self, DivergenceError> {
        if let Some(index) = samples.iter().position(|value| !value.is_finite()) {
            let (what, value) = ("the samples", f64::from(samples[index]));
            return Err(DivergenceError::NotFinite { what, index, value });
        }
        let mut mean = vec![0.0; values];
        for sample in samples.chunks_exact(values) {
            mean.iter_mut().zip(sample).for_each(|(mean, &x)| *mean += f64::from(x));
        }
        let n = (samples.len() / values) as f64;
        mean.iter_mut().for_each(|mean| *mean /= n);
        Ok(Self { samples, mean })
    }

    pub(super) fn mean(&self) -> &[f64] {
        &self.mean
    }

    fn n(&self) -> usize {
        self.samples.len() / self.mean.len()
    }

    /// Whether the matrix is that of products of samples, of which there are fewer than values.
    fn of_samples(&self) -> bool {
        self.n() < self.mean.len()
    }

    /// Rows, and columns, of the matrix.
    pub(super) fn side(&self) -> usize {
        self.n().min(self.mean.len())
    }

    /// The covariance, or, with the same eigenvalues, the products of samples by `1/(n − 1)`.
    pub(super) fn gram(&self) -> Vec<f64> {
        let (side, length) = (self.side(), self.n().max(self.mean.len()));
        let mut gram = vec![0.0; side * side];
        for start in (0..length).step_by(PANEL) {
            let panel = self.panel(start..length.min(start + PANEL));
            let width = panel.len() / side;
            for_each_block(&mut gram, side, side * panel.len() / 2, |first, block| {
                let rows = block.len() / side;
                for (column, other) in panel.chunks_exact(width).take(first + rows).enumerate() {
                    for row in column.saturating_sub(first)..rows {
                        let this = &panel[(first + row) * width..][..width];
                        block[row * side + column] += dot(this, other);
                    }
                }
            });
        }
        let scale = 1.0 / (self.n() - 1) as f64;
        for row in 0..side {
            for column in 0..=row {
                gram[row * side + column] *= scale;
                gram[column * side + row] = gram[row * side + column];
            }
        }
        gram
    }

    /// Columns of the centered samples, or of their transpose where that has fewer rows.
    fn panel(&self, columns: Range<usize>) -> Vec<f64> {
        let d = self.mean.len();
        let at = |sample: usize, value: usize| {
            f64::from(self.samples[sample * d + value]) - self.mean[value]
        };
        let mut panel = Vec::with_capacity(self.side() * columns.len());
        for row in 0..self.side() {
            if self.of_samples() {
                panel.extend(columns.clone().map(|value| at(row, value)));
            } else {
                panel.extend(columns.clone().map(|sample| at(sample, row)));
            }
        }
        panel
    }

    /// Unit vectors among values, one after the other, from eigenvectors of the matrix.
    ///
    /// An eigenvector `u` of the samples' products stands for `Σ uᵢ·(xᵢ − μ)`.
    pub(super) fn components(&self, eigenvectors: Vec<f64>) -> Vec<f64> {
        let d = self.mean.len();
        let mut components = eigenvectors;
        if self.of_samples() {
            let (n, weights) = (self.n(), components);
            components = vec![0.0; weights.len() / n * d];
            let cost = weights.len() * d;
            for_each_block(&mut components, d, cost, |first, block| {
                for (sample, values) in self.samples.chunks_exact(d).enumerate() {
                    for (row, component) in block.chunks_exact_mut(d).enumerate() {
                        let weight = weights[(first + row) * n + sample];
                        let values = component.iter_mut().zip(values).zip(&self.mean);
                        values.for_each(|((y, &x), mean)| *y += weight * (f64::from(x) - mean));
                    }
                }
            });
            orthonormalize(&mut components, d);
        }
        components.chunks_exact_mut(d).for_each(point_forward);
        components
    }
}

/// Turn a vector so that its entry largest in size is positive, the first of equal ones.
fn point_forward(vector: &mut [f64]) {
    let largest = vector.iter().fold(0.0_f64, |a, &b| if b.abs() > a.abs() { b } else { a });
    if largest < 0.0 {
        vector.iter_mut().for_each(|value| *value = -*value);
    }
}
