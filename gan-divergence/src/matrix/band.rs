//! A symmetric matrix brought to band form by blocks of reflections, in products of matrices.

use std::ops::Range;

use crate::lanes::{BAND_WIDTH as BAND, add_multiple, inner_product};
use crate::matrix::product::{Packed, Part, Rows, add_products, add_strip};
use crate::parallel::map_chunks;

/// Brings a symmetric matrix to band form with the same eigenvalues.
///
/// Reads the lower triangle, of which only the band is of use then, and fills blocks on the diagonal. Every
/// `BAND` columns are made zero below the band by `Q = 1 − V·T·Vᵀ`, and the rest becomes
/// `A − V·Wᵀ − W·Vᵀ` with `W = X − ½·V·Tᵀ·Vᵀ·X` and `X = A·V·T`: `4/3·n³` operations, nearly all of them
/// in products of matrices.
///
/// Source: Bischof, Lang and Sun (2000), doi:10.1145/365723.365735; for `T`, Schreiber and Van Loan
/// (1989), doi:10.1137/0910005.
pub(crate) fn reduce_to_band(matrix: &mut [f64], dim: usize) {
    for i in 0..dim {
        for j in i / BAND * BAND..i {
            matrix[j * dim + i] = matrix[i * dim + j];
        }
    }
    let mut start = 0;
    while start + BAND + 1 < dim {
        let from = start + BAND;
        let mut reflectors = panel(matrix, dim, start);
        let triangle = factor(&mut reflectors, dim - from, |i, column, value| {
            matrix[(from + i) * dim + start + column] = value;
        });
        let corner = from * (dim + 1);
        rotate(&mut matrix[corner..], dim, dim - from, &reflectors, &triangle);
        start = from;
    }
}

/// The columns `start..start + BAND` below the band, each as a row.
fn panel(matrix: &[f64], dim: usize, start: usize) -> Vec<f64> {
    let len = dim - start - BAND;
    let mut panel = vec![0.0; BAND * len];
    for (i, row) in matrix[(start + BAND) * dim..].chunks_exact(dim).enumerate() {
        for (c, &x) in row[start..start + BAND].iter().enumerate() {
            panel[c * len + i] = x;
        }
    }
    panel
}

/// Turns columns (given as rows) into reflectors; tells the triangular factor, returns `T`, by rows.
fn factor(
    columns: &mut [f64],
    len: usize,
    mut tell: impl FnMut(usize, usize, f64),
) -> [f64; BAND * BAND] {
    let mut triangle = [0.0; BAND * BAND];
    for c in 0..BAND {
        let (earlier, later) = columns.split_at_mut(c * len);
        let (column, later) = later.split_at_mut(len);
        column[..c.min(len)].iter().enumerate().for_each(|(i, &x)| tell(i, c, x));
        column[..c.min(len)].fill(0.0);
        if c >= len {
            continue;
        }
        let (head, scale) = reflector(&mut column[c..]);
        tell(c, c, head);
        for other in later.chunks_exact_mut(len) {
            let amount = inner_product(&column[c..], &other[c..]);
            add_multiple(&mut other[c..], -scale * amount, &column[c..]);
        }
        let overlaps: Vec<f64> =
            earlier.chunks_exact(len).map(|v| inner_product(&v[c..], &column[c..])).collect();
        for i in 0..c {
            let row = &triangle[i * BAND..][..c];
            let sum: f64 = row.iter().zip(&overlaps).map(|(t, o)| t * o).sum();
            triangle[i * BAND + c] = -scale * sum;
        }
        triangle[c * (BAND + 1)] = scale;
    }
    triangle
}

/// Turns `x` into `v` with `v₀ = 1` for which `(1 − scale·v·vᵀ)·x = (head, 0, …)`.
fn reflector(x: &mut [f64]) -> (f64, f64) {
    let first = x[0];
    let rest = inner_product(&x[1..], &x[1..]);
    x[0] = 1.0;
    if rest == 0.0 {
        x[1..].fill(0.0);
        return (first, 0.0);
    }
    let norm = (first * first + rest).sqrt();
    let head = if first > 0.0 { -norm } else { norm };
    let divisor = 1.0 / (first - head);
    x[1..].iter_mut().for_each(|x| *x *= divisor);
    (head, (head - first) / head)
}

/// `Qᵀ·A·Q` of the lower triangle of a matrix of `len` rows.
fn rotate(matrix: &mut [f64], stride: usize, len: usize, reflectors: &[f64], triangle: &[f64]) {
    let vectors = Rows::dense(reflectors, len);
    let image = image(Rows { data: matrix, stride, count: len, len }, vectors, triangle);
    let correction = correction(Rows::dense(&image, BAND), vectors, triangle);
    let (mut left, mut right) = (vec![0.0; 2 * BAND * len], vec![0.0; 2 * BAND * len]);
    for (i, (left, right)) in
        left.chunks_exact_mut(2 * BAND).zip(right.chunks_exact_mut(2 * BAND)).enumerate()
    {
        let (vector, partner) = left.split_at_mut(BAND);
        vector.iter_mut().enumerate().for_each(|(c, v)| *v = reflectors[c * len + i]);
        partner.copy_from_slice(&image[i * BAND..][..BAND]);
        for (&v, row) in vector.iter().zip(correction.chunks_exact(BAND)) {
            add_multiple(partner, v, row);
        }
        right[..BAND].copy_from_slice(partner);
        right[BAND..].copy_from_slice(vector);
    }
    let (left, right) = (Rows::dense(&left, 2 * BAND), Rows::dense(&right, 2 * BAND));
    let lower = |rows: Range<usize>| Part { columns: 0..rows.end, depth: 0..2 * BAND };
    add_products(matrix, stride, -1.0, left, &Packed::rows(right), lower);
}

/// `X = A·V·T`, from the lower triangle and the blocks on the diagonal.
fn image(matrix: Rows<'_>, vectors: Rows<'_>, triangle: &[f64]) -> Vec<f64> {
    let len = matrix.count;
    let (packed, triangle) = (Packed::rows(vectors), Packed::columns(Rows::dense(triangle, BAND)));
    let strips = map_chunks(len, BAND, |rows| {
        let (mut image, width) = (vec![0.0; rows.len() * BAND], rows.len());
        let left = Part { columns: 0..BAND, depth: 0..rows.end };
        add_strip(&mut image, BAND, 1.0, matrix, &packed, rows.clone(), &left);
        if rows.end < len {
            // What lies right of the diagonal is stored as the columns below it.
            let below = &matrix.data[rows.end * matrix.stride + rows.start..];
            let stored = Rows { data: below, count: len - rows.end, len: width, ..matrix };
            let others = Rows { data: &vectors.data[rows.end..], len: len - rows.end, ..vectors };
            let (columns, mut mirrored) = (Packed::columns(stored), vec![0.0; BAND * width]);
            let all = Part { columns: 0..width, depth: 0..others.len };
            add_strip(&mut mirrored, width, 1.0, others, &columns, 0..BAND, &all);
            for (i, row) in image.chunks_exact_mut(BAND).enumerate() {
                row.iter_mut().enumerate().for_each(|(c, x)| *x += mirrored[c * width + i]);
            }
        }
        let mut turned = vec![0.0; rows.len() * BAND];
        let all = Part { columns: 0..BAND, depth: 0..BAND };
        add_strip(&mut turned, BAND, 1.0, Rows::dense(&image, BAND), &triangle, 0..width, &all);
        turned
    });
    strips.concat()
}

/// `−½·Tᵀ·Vᵀ·X`, which `V` times turns `X` into `W`.
fn correction(image: Rows<'_>, vectors: Rows<'_>, triangle: &[f64]) -> Vec<f64> {
    let mut overlap = vec![0.0; BAND * BAND];
    let all = Part { columns: 0..BAND, depth: 0..image.count };
    add_strip(&mut overlap, BAND, -0.5, vectors, &Packed::columns(image), 0..BAND, &all);
    let mut correction = vec![0.0; BAND * BAND];
    for (weights, row) in triangle.chunks_exact(BAND).zip(overlap.chunks_exact(BAND)) {
        for (target, &weight) in correction.chunks_exact_mut(BAND).zip(weights) {
            add_multiple(target, weight, row);
        }
    }
    correction
}
