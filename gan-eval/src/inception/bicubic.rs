//! Resizing by cubic convolution, with the kernel widened where an image shrinks: what Pillow does.

/// The kernel's parameter.
const A: f64 = -0.5;
/// How far the kernel reaches, in pixels of the coarser of the two images.
const REACH: f64 = 2.0;

/// Which pixels a resized row is made of: for each new pixel the first old one, and the weights from there on.
struct Axis {
    taps: Vec<(usize, Vec<f64>)>,
}

impl Axis {
    /// From `old` pixels to `new` ones. Weights that would reach beyond the border are left out, and the others
    /// sum to 1.
    fn new(old: usize, new: usize) -> Self {
        let scale = old as f64 / new as f64;
        let widening = scale.max(1.0);
        let taps = (0..new).map(|pixel| {
            let center = (pixel as f64 + 0.5) * scale;
            let reach = REACH * widening;
            // Casts of what lies below 0 are 0.
            let first = (center - reach + 0.5) as usize;
            let end = ((center + reach + 0.5) as usize).min(old);
            let at = |tap: usize| kernel((tap as f64 - center + 0.5) / widening);
            let weights: Vec<f64> = (first..end).map(at).collect();
            let sum: f64 = weights.iter().sum();
            (first, weights.into_iter().map(|weight| weight / sum).collect())
        });
        Self { taps: taps.collect() }
    }
}

/// Keys' kernel: 1 at 0, 0 at every other whole number, and from 2 on.
fn kernel(x: f64) -> f64 {
    let x = x.abs();
    if x < 1.0 {
        ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0
    } else if x < REACH {
        (((x - 5.0) * x + 8.0) * x - 4.0) * A
    } else {
        0.0
    }
}

/// Resizes images of one size to squares.
pub(super) struct Bicubic {
    rows: Axis,
    columns: Axis,
    width: usize,
}

impl Bicubic {
    /// From `height` × `width`, neither of them 0, to `side` × `side`.
    pub(super) fn new([height, width]: [usize; 2], side: usize) -> Self {
        Self { rows: Axis::new(height, side), columns: Axis::new(width, side), width }
    }

    /// One channel, row by row: first along its rows, then along its columns, with sums in `f64` and `f32` in
    /// between. Beside edges results leave the range of the values.
    pub(super) fn resize(&self, plane: &[f32]) -> Vec<f32> {
        let side = self.columns.taps.len();
        let narrow: Vec<f32> =
            plane.chunks_exact(self.width).flat_map(|row| self.along(row)).collect();
        let mut square = Vec::with_capacity(side * side);
        for (first, weights) in &self.rows.taps {
            let mut sums = vec![0.0_f64; side];
            let rows = narrow[first * side..].chunks_exact(side);
            for (weight, row) in weights.iter().zip(rows) {
                sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += weight * f64::from(x));
            }
            square.extend(sums.into_iter().map(|sum| sum as f32));
        }
        square
    }

    fn along<'a>(&'a self, row: &'a [f32]) -> impl Iterator<Item = f32> + 'a {
        self.columns.taps.iter().map(|(first, weights)| {
            let pixels = weights.iter().zip(&row[*first..]);
            pixels.map(|(weight, &x)| weight * f64::from(x)).sum::<f64>() as f32
        })
    }
}
