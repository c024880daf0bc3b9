//! Mixtures of narrow Gaussians: data whose modes can be counted.

use std::f64::consts::TAU;

use gan_batch::{Seed, Stream};

use crate::normal::normal_pair;
use crate::sample_set::samples_in_field;
use crate::{DataError, Points};

/// How to make a [`Ring`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RingConfig {
    /// Points of all modes together. At least 1, default 10,000.
    pub n_samples: usize,
    /// Gaussians on the circle. At least 1, default 8.
    pub n_modes: usize,
    /// Radius of the circle of mode centers. Not negative, default 1.
    pub radius: f64,
    /// Standard deviation of every Gaussian, in both directions. Not negative, default 0.01.
    pub sigma: f64,
}

impl Default for RingConfig {
    fn default() -> Self {
        Self { n_samples: 10_000, n_modes: 8, radius: 1.0, sigma: 0.01 }
    }
}

/// Gaussians evenly spaced on a circle; mode 0 is at angle 0. The label is the mode's index.
///
/// Sample `i` belongs to mode `i % n_modes`, so the modes' shares differ by at most one sample.
/// The same configuration and seed give the same bytes on every machine.
#[derive(Clone, Debug)]
pub struct Ring {
    points: Points,
    mode_centers: Vec<[f64; 2]>,
    sigma: f64,
}

samples_in_field!(Ring, points);

impl RingConfig {
    /// Draw the points from stream `ring`.
    ///
    /// # Errors
    /// [`DataError::Parameter`] when a field is out of its range.
    pub fn sample(&self, seed: Seed) -> Result<Ring, DataError> {
        DataError::check_n_samples(self.n_samples)?;
        DataError::check_at_least_one("n_modes", self.n_modes)?;
        DataError::check_not_negative("radius", self.radius)?;
        DataError::check_not_negative("sigma", self.sigma)?;
        let angle = |mode: usize| TAU * mode as f64 / self.n_modes as f64;
        let mode_centers: Vec<[f64; 2]> = (0..self.n_modes)
            .map(|mode| [libm::cos(angle(mode)), libm::sin(angle(mode))].map(|u| self.radius * u))
            .collect();
        let points = around(&mode_centers, self.sigma, self.n_samples, &seed.stream("ring"));
        Ok(Ring { points, mode_centers, sigma: self.sigma })
    }
}

impl Ring {
    /// Eight Gaussians with σ 0.01 on the unit circle.
    ///
    /// # Errors
    /// [`DataError::Parameter`] when `n_samples` is 0.
    pub fn new(n_samples: usize, seed: Seed) -> Result<Self, DataError> {
        RingConfig { n_samples, ..RingConfig::default() }.sample(seed)
    }

    /// The centers of the modes; the position is the label.
    pub fn mode_centers(&self) -> &[[f64; 2]] {
        &self.mode_centers
    }

    /// The standard deviation of every mode.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The points, for plots and metrics.
    pub fn points(&self) -> &Points {
        &self.points
    }
}

/// How to make a [`Grid`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GridConfig {
    /// Points of all modes together. At least 1, default 10,000.
    pub n_samples: usize,
    /// Gaussians along each side of the square. At least 1, default 5.
    pub modes_per_side: usize,
    /// Distance between neighboring mode centers. Not negative, default 2.
    pub spacing: f64,
    /// Standard deviation of every Gaussian, in both directions. Not negative, default 0.05.
    pub sigma: f64,
}

impl Default for GridConfig {
    fn default() -> Self {
        Self { n_samples: 10_000, modes_per_side: 5, spacing: 2.0, sigma: 0.05 }
    }
}

/// Gaussians on a square lattice around the origin. The label is the mode's index, row by row
/// from the smallest coordinates.
///
/// Sample `i` belongs to mode `i % n_modes`, so the modes' shares differ by at most one sample.
/// The same configuration and seed give the same bytes on every machine.
#[derive(Clone, Debug)]
pub struct Grid {
    points: Points,
    mode_centers: Vec<[f64; 2]>,
    sigma: f64,
}

samples_in_field!(Grid, points);

impl GridConfig {
    /// Draw the points from stream `grid`.
    ///
    /// # Errors
    /// [`DataError::Parameter`] when a field is out of its range.
    pub fn sample(&self, seed: Seed) -> Result<Grid, DataError> {
        DataError::check_n_samples(self.n_samples)?;
        DataError::check_at_least_one("modes_per_side", self.modes_per_side)?;
        DataError::check_not_negative("spacing", self.spacing)?;
        DataError::check_not_negative("sigma", self.sigma)?;
        let middle = (self.modes_per_side - 1) as f64 / 2.0;
        let at = |step: usize| (step as f64 - middle) * self.spacing;
        let mode_centers: Vec<[f64; 2]> = (0..self.modes_per_side)
            .flat_map(|row| (0..self.modes_per_side).map(move |column| [column, row].map(at)))
            .collect();
        let points = around(&mode_centers, self.sigma, self.n_samples, &seed.stream("grid"));
        Ok(Grid { points, mode_centers, sigma: self.sigma })
    }
}

impl Grid {
    /// Twenty-five Gaussians with σ 0.05 at −4, −2, 0, 2, 4 in both directions.
    ///
    /// # Errors
    /// [`DataError::Parameter`] when `n_samples` is 0.
    pub fn new(n_samples: usize, seed: Seed) -> Result<Self, DataError> {
        GridConfig { n_samples, ..GridConfig::default() }.sample(seed)
    }

    /// The centers of the modes; the position is the label.
    pub fn mode_centers(&self) -> &[[f64; 2]] {
        &self.mode_centers
    }

    /// The standard deviation of every mode.
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The points, for plots and metrics.
    pub fn points(&self) -> &Points {
        &self.points
    }
}

/// Points normally distributed around the centers, which take turns.
fn around(centers: &[[f64; 2]], sigma: f64, n_samples: usize, stream: &Stream) -> Points {
    let mut rng = stream.draw(0);
    let draw = |i: usize| {
        let mode = i % centers.len();
        let ([x, y], [dx, dy]) = (centers[mode], normal_pair(&mut rng));
        ([x + sigma * dx, y + sigma * dy], mode as u32)
    };
    Points::labeled((0..n_samples).map(draw), centers.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SampleSet;

    /// Per mode: the share of the samples, the deviation of their mean, their root mean square.
    fn check_modes(set: &impl SampleSet, centers: &[[f64; 2]], sigma: f64) {
        let n_per_mode = set.len() / centers.len();
        for (mode, [x, y]) in centers.iter().enumerate() {
            let members = (0..set.len()).filter(|&i| set.label(i) == Some(mode));
            let offsets: Vec<[f64; 2]> = members
                .map(|i| set.values(&[i]))
                .map(|v| [f64::from(v[0]) - x, f64::from(v[1]) - y])
                .collect();
            assert_eq!(offsets.len(), n_per_mode);
            let mean = offsets.iter().flatten().sum::<f64>() / (2 * n_per_mode) as f64;
            let square = offsets.iter().flatten().map(|d| d * d).sum::<f64>();
            let deviation = (square / (2 * n_per_mode) as f64).sqrt();
            assert!(mean.abs() < 0.1 * sigma, "mode {mode}: {mean}");
            assert!((deviation / sigma - 1.0).abs() < 0.1, "mode {mode}: {deviation}");
        }
    }

    #[test]
    fn the_ring_has_eight_narrow_modes_on_the_unit_circle() {
        let ring = Ring::new(8 * 1000, Seed(1)).unwrap();
        let centers = ring.mode_centers();
        assert_eq!((centers.len(), ring.classes(), ring.sigma()), (8, 8, 0.01));
        let half = std::f64::consts::FRAC_1_SQRT_2;
        for (center, expected) in centers.iter().zip([[1.0, 0.0], [half, half], [0.0, 1.0]]) {
            assert!(center.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15));
        }
        check_modes(&ring, centers, 0.01);
    }

    #[test]
    fn the_grid_has_twenty_five_modes_from_minus_four_to_four() {
        let grid = Grid::new(25 * 1000, Seed(1)).unwrap();
        let centers = grid.mode_centers();
        assert_eq!((centers.len(), grid.classes(), grid.sigma()), (25, 25, 0.05));
        assert_eq!(centers[..3], [[-4.0, -4.0], [-2.0, -4.0], [0.0, -4.0]]);
        assert_eq!(centers[24], [4.0, 4.0]);
        check_modes(&grid, centers, 0.05);
    }

    #[test]
    fn the_bytes_of_a_seed_are_pinned() {
        let ring = Ring::new(1000, Seed(42)).unwrap().fingerprint().to_string();
        let grid = Grid::new(1000, Seed(42)).unwrap().fingerprint().to_string();
        assert_eq!(ring, "1cf1b1e72cefe06334cd75b5c210855885ec532ab9a6a1f4420eb629a38a36b2");
        assert_eq!(grid, "0735a9015f249f197a281c03ac868dcf1f0800f46f5cd4b3c4756b12fc62bb12");
    }

    #[test]
    fn impossible_parameters_are_named() {
        let ring = |config: RingConfig| config.sample(Seed(0)).unwrap_err();
        let grid = |config: GridConfig| config.sample(Seed(0)).unwrap_err();
        let (r, g) = (RingConfig::default(), GridConfig::default());
        for (error, name) in [
            (ring(RingConfig { n_samples: 0, ..r }), "n_samples"),
            (ring(RingConfig { n_modes: 0, ..r }), "n_modes"),
            (ring(RingConfig { radius: f64::INFINITY, ..r }), "radius"),
            (ring(RingConfig { sigma: -0.1, ..r }), "sigma"),
            (grid(GridConfig { n_samples: 0, ..g }), "n_samples"),
            (grid(GridConfig { modes_per_side: 0, ..g }), "modes_per_side"),
            (grid(GridConfig { spacing: -1.0, ..g }), "spacing"),
            (grid(GridConfig { sigma: f64::NAN, ..g }), "sigma"),
        ] {
            assert!(matches!(error, DataError::Parameter { name: found, .. } if found == name));
        }
    }
}
