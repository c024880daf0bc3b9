//! Contours of a density under a scatter plot.

use crate::scatter::Axes;

/// Cells a side of the grid that a density is looked at on: on a scatter plot they are 1.5 pixels wide.
const CELLS: usize = 453;
/// A density that is lower than the highest by this factor is none, in nats.
const DEPTH: f64 = 60.0;

/// Lines of equal density: each encloses the smallest region that holds a share of the mass.
///
/// They are found on the axes that [`Scatter`](crate::Scatter) has for the same real points, once for all
/// pictures of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Contours {
    pub(crate) levels: Vec<Level>,
}

/// The lines of one share.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Level {
    /// Of the mass that the axes enclose.
    pub(crate) share: f64,
    /// Pairs of points that a stroke connects.
    pub(crate) strokes: Vec<[[f64; 2]; 2]>,
}

impl Contours {
    /// Those that hold `shares` of the mass within the axes of `real`, by the density's natural
    /// logarithm; a constant beside it does not matter. No lines without a finite real point.
    ///
    /// The density is looked at on 454 × 454 places: what is narrower than their distance, which is a
    /// 453rd of the axes, is not seen.
    ///
    /// # Example
    /// ```
    /// use gan_plot::{Contours, Scatter};
    ///
    /// let real = [[-2.0, -2.0], [2.0, 2.0]];
    /// let normal = Contours::of(&real, &[0.5, 0.9], |[x, y]| -0.5 * (x * x + y * y));
    /// let plot = Scatter { real: &real, fake: &[[0.1, 0.2]], contours: Some(&normal), title: "step 0" };
    /// assert!(plot.to_png().starts_with(b"\x89PNG"));
    /// ```
    #[must_use]
    pub fn of(real: &[[f32; 2]], shares: &[f64], ln_density: impl Fn([f64; 2]) -> f64) -> Self {
        let Some(axes) = Axes::around(real) else { return Self { levels: Vec::new() } };
        let grid = Grid::of(&axes, ln_density);
        let mut falling = grid.heights.clone();
        falling.sort_by(|one, other| other.total_cmp(one));
        let total: f64 = falling.iter().map(|height| height.exp()).sum();
        let level = |share: f64| {
            let mut mass = 0.0;
            let last = falling.iter().find(|height| {
                mass += height.exp();
                mass >= share * total
            });
            Level { share, strokes: last.map_or_else(Vec::new, |height| grid.strokes(*height)) }
        };
        Self { levels: shares.iter().copied().map(level).collect() }
    }
}

/// Heights of a density on a square grid, rows from below, relative to the highest.
struct Grid<'a> {
    axes: &'a Axes,
    heights: Vec<f64>,
}

impl<'a> Grid<'a> {
    fn of(axes: &'a Axes, ln_density: impl Fn([f64; 2]) -> f64) -> Self {
        let mut grid = Self { axes, heights: Vec::new() };
        let places = (0..=CELLS).flat_map(|row| (0..=CELLS).map(move |column| [column, row]));
        let heights: Vec<f64> =
            places.map(|[x, y]| ln_density(grid.place([x as f64, y as f64]))).collect();
        let finite = heights.iter().copied().filter(|height| height.is_finite());
        let highest = finite.fold(f64::NEG_INFINITY, f64::max);
        let relative = |height: f64| (height - highest).max(-DEPTH);
        grid.heights = heights.into_iter().map(relative).collect();
        grid
    }

    /// A place of the grid in the plane.
    fn place(&self, [column, row]: [f64; 2]) -> [f64; 2] {
        let Axes { low, extent } = self.axes;
        [low[0] + extent * column / CELLS as f64, low[1] + extent * row / CELLS as f64]
    }

    fn height(&self, column: usize, row: usize) -> f64 {
        self.heights[row * (CELLS + 1) + column]
    }

    /// The line of one height, by marching squares.
    fn strokes(&self, height: f64) -> Vec<[[f64; 2]; 2]> {
        let cells = (0..CELLS).flat_map(|row| (0..CELLS).map(move |column| [column, row]));
        cells.flat_map(|cell| self.in_cell(cell, height)).collect()
    }

    /// Its strokes within a cell: none, one, or two where it is a saddle.
    fn in_cell(&self, [column, row]: [usize; 2], height: f64) -> Vec<[[f64; 2]; 2]> {
        // The corners, once around.
        let corners = [[0, 0], [1, 0], [1, 1], [0, 1]].map(|[right, up]| {
            let (x, y) = (column + right, row + up);
            ([x as f64, y as f64], self.height(x, y))
        });
        let mut crossings = Vec::new();
        for side in 0..4 {
            let ((from, low), (to, high)) = (corners[side], corners[(side + 1) % 4]);
            if (low < height) != (high < height) {
                let share = (height - low) / (high - low);
                let between = |axis: usize| from[axis] + share * (to[axis] - from[axis]);
                crossings.push(self.place([between(0), between(1)]));
            }
        }
        match crossings[..] {
            [one, other] => vec![[one, other]],
            [bottom, right, top, left] => {
                // A saddle: its middle is on the side of the first corner, or on that of the second.
                let middle = corners.iter().map(|(_, height)| height / 4.0).sum::<f64>();
                if (middle < height) == (corners[0].1 < height) {
                    vec![[bottom, right], [top, left]]
                } else {
                    vec![[left, bottom], [right, top]]
                }
            }
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: [[f32; 2]; 2] = [[-4.0, -4.0], [4.0, 4.0]];

    fn radii(contours: &Contours, level: usize, center: [f64; 2]) -> Vec<f64> {
        let ends = contours.levels[level].strokes.iter().flatten();
        ends.map(|end| (end[0] - center[0]).hypot(end[1] - center[1])).collect()
    }

    #[test]
    fn those_of_a_normal_distribution_are_circles_of_known_radii() {
        let normal = Contours::of(&REAL, &[0.5, 0.9, 0.99], |[x, y]| 3.0 - (x * x + y * y) / 2.0);
        for (level, share) in [0.5, 0.9, 0.99_f64].into_iter().enumerate() {
            // The square of the distance is exponential with mean 2.
            let expected = (-2.0 * (1.0 - share).ln()).sqrt();
            let radii = radii(&normal, level, [0.0, 0.0]);
            assert!(radii.len() > 100);
            assert!(radii.iter().all(|radius| (radius / expected - 1.0).abs() < 0.01), "{share}");
        }
    }

    #[test]
    fn every_mode_has_its_own_and_what_is_nowhere_has_none() {
        let two = |[x, y]: [f64; 2]| {
            let of = |center: f64| (-((x - center).powi(2) + y * y) / 0.02).exp();
            (of(-2.0) + of(2.0)).ln()
        };
        let contours = Contours::of(&REAL, &[0.9], two);
        let near = |center| radii(&contours, 0, center).into_iter().filter(|r| *r < 1.0).count();
        assert!(near([-2.0, 0.0]) > 20 && near([2.0, 0.0]) > 20);
        assert_eq!(near([0.0, 0.0]), 0);
        assert!(Contours::of(&[], &[0.5], two).levels.is_empty());
        let nowhere = Contours::of(&REAL, &[0.5], |_| f64::NEG_INFINITY);
        assert!(nowhere.levels[0].strokes.is_empty());
    }

    #[test]
    fn a_saddle_is_two_strokes() {
        let contours = Contours::of(&REAL, &[0.3], |[x, y]| x * y);
        let crossed = contours.levels[0].strokes.iter().flatten();
        assert!(crossed.clone().any(|end| end[0] > 0.0) && crossed.clone().any(|end| end[0] < 0.0));
    }
}
