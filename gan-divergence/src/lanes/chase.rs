//! Reflections of a symmetric band, in blocks that stay in registers and the first-level cache.

use crate::lanes::LANES;

/// How many diagonals below the main one a band has.
pub(crate) const BAND_WIDTH: usize = 32;

/// From a number of a band to the one below it.
const STEP: usize = 2 * BAND_WIDTH - 1;

type Vector = [f64; BAND_WIDTH];
type Block = [Vector; BAND_WIDTH];

widest! {
    /// Makes a column of a band zero below the subdiagonal and chases what that fills in.
    ///
    /// Row `r` of the band ends with its diagonal entry at `(r + 1)·64 − 1`.
    fn chase_column(band: &mut [f64], dim: usize, column: usize) = chase_column_body
}

/// Where a number of the lower triangle stands.
#[inline(always)]
fn place(row: usize, column: usize) -> usize {
    row * STEP + column + STEP
}

#[inline(always)]
fn chase_column_body(band: &mut [f64], dim: usize, column: usize) {
    let mut rows = column + 1..(column + 1 + BAND_WIDTH).min(dim);
    let mut vector = [0.0; BAND_WIDTH];
    for (v, row) in vector.iter_mut().zip(rows.clone()) {
        *v = band[place(row, column)];
    }
    let (head, mut scale) = reflect(&mut vector);
    band[place(column + 1, column)] = head;
    loop {
        rotate_diagonal(band, rows.start, rows.len(), &vector, scale);
        let next = rows.end..(rows.end + BAND_WIDTH).min(dim);
        if next.is_empty() {
            return;
        }
        (vector, scale) = rotate_below(band, rows.start, rows.len(), next.len(), &vector, scale);
        rows = next;
    }
}

/// Turns `x` into `v` with `v₀ = 1` for which `(1 − scale·v·vᵀ)·x = (head, 0, …)`.
#[inline(always)]
fn reflect(x: &mut Vector) -> (f64, f64) {
    let first = x[0];
    x[0] = 0.0;
    let rest = product(x, x);
    let norm = (first * first + rest).sqrt();
    let head = if first > 0.0 { -norm } else { norm };
    let divisor = if rest == 0.0 { 0.0 } else { 1.0 / (first - head) };
    x.iter_mut().for_each(|x| *x *= divisor);
    x[0] = 1.0;
    if rest == 0.0 { (first, 0.0) } else { (head, (head - first) / head) }
}

#[inline(always)]
fn product(x: &Vector, y: &Vector) -> f64 {
    let mut lanes = [0.0; LANES];
    for (x, y) in x.chunks_exact(LANES).zip(y.chunks_exact(LANES)) {
        lanes.iter_mut().zip(x.iter().zip(y)).for_each(|(lane, (x, y))| *lane += x * y);
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

#[inline(always)]
fn add(y: &mut Vector, scale: f64, x: &Vector) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}

/// `H·A·H` of a block on the diagonal, where `H = 1 − scale·v·vᵀ`.
#[inline(always)]
fn rotate_diagonal(band: &mut [f64], start: usize, len: usize, vector: &Vector, scale: f64) {
    let mut block: Block = [[0.0; BAND_WIDTH]; BAND_WIDTH];
    let mut diagonal = [0.0; BAND_WIDTH];
    for i in 0..len {
        let row = &band[place(start + i, start)..][..=i];
        block[i][..i].copy_from_slice(&row[..i]);
        diagonal[i] = row[i];
    }
    let mut image = [0.0; BAND_WIDTH];
    let mut left = [0.0; BAND_WIDTH];
    for i in 0..BAND_WIDTH {
        left[i] = product(&block[i], vector) + diagonal[i] * vector[i];
        add(&mut image, vector[i], &block[i]);
    }
    for i in 0..BAND_WIDTH {
        image[i] = scale * (image[i] + left[i]);
    }
    let half = -0.5 * scale * product(&image, vector);
    add(&mut image, half, vector);
    for i in 0..len {
        let row = &mut band[place(start + i, start)..][..=i];
        for j in 0..i {
            row[j] = block[i][j] - (vector[i] * image[j] + image[i] * vector[j]);
        }
        row[i] = diagonal[i] - 2.0 * vector[i] * image[i];
    }
}

/// `A·H` of the block below one on the diagonal, and its first column made zero below its head by a
/// reflection from the left, which is returned.
#[inline(always)]
fn rotate_below(
    band: &mut [f64],
    start: usize,
    len: usize,
    height: usize,
    vector: &Vector,
    scale: f64,
) -> (Vector, f64) {
    let mut block: Block = [[0.0; BAND_WIDTH]; BAND_WIDTH];
    let mut column = [0.0; BAND_WIDTH];
    for i in 0..height {
        block[i][..len].copy_from_slice(&band[place(start + len + i, start)..][..len]);
        let amount = product(&block[i], vector);
        add(&mut block[i], -scale * amount, vector);
        column[i] = block[i][0];
    }
    let (head, scale) = reflect(&mut column);
    let mut sums = [0.0; BAND_WIDTH];
    for i in 0..BAND_WIDTH {
        add(&mut sums, column[i], &block[i]);
    }
    for i in 0..height {
        add(&mut block[i], -scale * column[i], &sums);
        block[i][0] = if i == 0 { head } else { 0.0 };
        band[place(start + len + i, start)..][..len].copy_from_slice(&block[i][..len]);
    }
    (column, scale)
}
