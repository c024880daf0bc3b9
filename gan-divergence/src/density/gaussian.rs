//! The multivariate normal as a known density.

use std::f64::consts::PI;

use rand::Rng;

use crate::density::{Density, REACH};
use crate::gaussian::Gaussian;
use crate::matrix::dot;
use crate::random::standard_normal;

impl Density for Gaussian {
    fn dim(&self) -> usize {
        self.moments().dim()
    }

    /// `−½·‖L⁻¹(x − μ)‖² − Σ ln Lᵢᵢ − (d/2)·ln 2π`.
    fn ln_pdf(&self, x: &[f64]) -> f64 {
        let constant = 0.5 * self.dim() as f64 * (2.0 * PI).ln();
        -0.5 * self.squared_deviations(x) - self.factor().log_root_determinant() - constant
    }

    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> Vec<f64> {
        let z: Vec<f64> = (0..self.dim()).map(|_| standard_normal(rng)).collect();
        let rows = self.factor().lower().chunks_exact(self.dim());
        rows.zip(self.moments().mean()).map(|(row, mean)| mean + dot(row, &z)).collect()
    }

    fn bounds(&self) -> Vec<(f64, f64)> {
        let dim = self.dim();
        let reach = |i: usize| REACH * self.moments().covariance()[i * (dim + 1)].sqrt();
        let means = self.moments().mean().iter().enumerate();
        means.map(|(i, mean)| (mean - reach(i), mean + reach(i))).collect()
    }

    /// The smallest diagonal entry of the Cholesky factor, a conditional standard deviation.
    fn length_scale(&self) -> f64 {
        self.factor().diagonal().fold(f64::INFINITY, f64::min)
    }
}
