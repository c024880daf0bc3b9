//! A symmetric matrix brought to band form by blocks of reflections, in products of matrices.

use std::ops::Range;

use crate::lanes::{
    BAND_WIDTH as BAND, LANES, TILE_ROWS, add_inner_products, add_multiple, inner_product,
};
use crate::matrix::packed::{Packed, Rows, pack_columns, pack_rows};
use crate::matrix::product::{DEPTH, Part, add_block, add_products, add_strip};
use crate::parallel::for_each_piece;

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
    let mut work = Work::default();
    let mut start = 0;
    while start + BAND + 1 < dim {
        let from = start + BAND;
        work.take_panel(matrix, dim, start);
        let triangle = factor(&mut work.reflectors, dim - from, |i, column, value| {
            matrix[(from + i) * dim + start + column] = value;
        });
        work.rotate(&mut matrix[from * (dim + 1)..], dim, dim - from, &triangle);
        start = from;
    }
}

/// Memory for the work on one panel after another.
#[derive(Default)]
struct Work {
    /// Columns below the band, each as a row, then the reflectors made of them.
    reflectors: Vec<f64>,
    /// `BAND` numbers for each row of the rest: `X`, then `W`.
    image: Vec<f64>,
    /// The packed reflectors, and the packed factors of the update.
    packed: [Vec<f64>; 3],
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

impl Work {
    /// Reads the columns `start..start + BAND` below the band.
    fn take_panel(&mut self, matrix: &[f64], dim: usize, start: usize) {
        let len = dim - start - BAND;
        self.reflectors.resize(BAND * len, 0.0);
        for (i, row) in matrix[(start + BAND) * dim..].chunks_exact(dim).enumerate() {
            for (c, &x) in row[start..start + BAND].iter().enumerate() {
                self.reflectors[c * len + i] = x;
            }
        }
    }

    /// `Qᵀ·A·Q` of the lower triangle of a matrix of `len` rows.
    fn rotate(&mut self, matrix: &mut [f64], stride: usize, len: usize, triangle: &[f64]) {
        let [vectors, left, right] = std::mem::take(&mut self.packed);
        let reflectors = Rows::dense(&self.reflectors, len);
        let vectors = Packed::rows_in(vectors, reflectors);
        self.image.resize(len * BAND, 0.0);
        let matrix_rows = Rows { data: matrix, stride, count: len, len };
        write_image(&mut self.image, matrix_rows, reflectors, &vectors, triangle);
        let correction = correction(Rows::dense(&self.image, BAND), &vectors, triangle);
        for_each_piece(&mut self.image, BAND * BAND, |strip, rows| {
            for (i, partner) in (strip * BAND..).zip(rows.chunks_exact_mut(BAND)) {
                for (c, row) in correction.chunks_exact(BAND).enumerate() {
                    add_multiple(partner, reflectors.data[c * len + i], row);
                }
            }
        });
        let partners = Rows::dense(&self.image, BAND);
        let pack = |memory: Vec<f64>, reflectors_at: usize, partners_at: usize| {
            Packed::by_group(memory, len, 2 * BAND, |group, place| {
                let (first, half) = (group * LANES, BAND * LANES);
                pack_columns(reflectors, first, &mut place[reflectors_at..][..half]);
                pack_rows(partners, first, &mut place[partners_at..][..half]);
            })
        };
        let (left, right) = (pack(left, 0, BAND * LANES), pack(right, BAND * LANES, 0));
        let lower = |rows: Range<usize>| Part { columns: 0..rows.end, depth: 0..2 * BAND };
        add_products(matrix, stride, -1.0, &left, &right, lower);
        self.packed = [vectors, left, right].map(Packed::into_memory);
    }
}

/// Writes `X = A·V·T`, from the lower triangle and the blocks on the diagonal.
fn write_image(
    image: &mut [f64],
    matrix: Rows<'_>,
    reflectors: Rows<'_>,
    vectors: &Packed,
    triangle: &[f64],
) {
    let triangle = Packed::columns(Rows::dense(triangle, BAND));
    for_each_piece(image, BAND * BAND, |strip, target| {
        let rows = strip * BAND..(strip * BAND + target.len() / BAND);
        let mut image = [0.0; BAND * BAND];
        add_left(&mut image, matrix, reflectors, rows.clone());
        add_below(&mut image, matrix, vectors, rows.clone());
        let image = Packed::rows(Rows::dense(&image[..target.len()], BAND));
        let all = Part { columns: 0..BAND, depth: 0..BAND };
        target.fill(0.0);
        add_strip(target, BAND, 1.0, &image, &triangle, 0..rows.len(), &all);
    });
}

/// Adds what is stored of a few rows, times the reflectors.
fn add_left(
    image: &mut [f64; BAND * BAND],
    matrix: Rows<'_>,
    reflectors: Rows<'_>,
    rows: Range<usize>,
) {
    for block in (0..rows.end).step_by(2 * DEPTH) {
        let depth = block..rows.end.min(block + 2 * DEPTH);
        for (lines, first) in
            image.chunks_exact_mut(TILE_ROWS * BAND).zip(rows.clone().step_by(TILE_ROWS))
        {
            let row = |r: usize| &matrix.row((first + r).min(rows.end - 1))[depth.clone()];
            let a = std::array::from_fn(row);
            for column in (0..BAND).step_by(TILE_ROWS) {
                let vector = |c: usize| &reflectors.row(column + c)[depth.clone()];
                let mut lines = lines.chunks_exact_mut(BAND);
                let line =
                    |_| lines.next().map_or(&mut [][..], |line| &mut line[column..][..TILE_ROWS]);
                let target = [(); TILE_ROWS].map(line);
                add_inner_products(a, std::array::from_fn(vector), target);
            }
        }
    }
}

/// Adds what lies right of the diagonal block, which is stored as the columns below it, times the
/// reflectors.
fn add_below(
    image: &mut [f64; BAND * BAND],
    matrix: Rows<'_>,
    vectors: &Packed,
    rows: Range<usize>,
) {
    let mut place = [0.0; BAND * DEPTH];
    for block in (rows.end..matrix.len).step_by(DEPTH) {
        let depth = block..(block + DEPTH).min(matrix.len);
        let data = &matrix.data[block * matrix.stride + rows.start..];
        let columns = Rows { data, count: depth.len(), len: rows.len(), ..matrix };
        for (group, place) in place.chunks_exact_mut(LANES * DEPTH).enumerate() {
            pack_columns(columns, group * LANES, place);
        }
        let depth = depth.start * LANES..depth.end * LANES;
        let packed = place.chunks_exact(LANES * DEPTH).map(|group| &group[..depth.len()]);
        let vectors = |group| &vectors.group(group)[depth.clone()];
        add_block(image, BAND, 1.0, packed, vectors, 0..BAND);
    }
}

/// `−½·Tᵀ·Vᵀ·X`, which `V` times turns `X` into `W`.
fn correction(image: Rows<'_>, vectors: &Packed, triangle: &[f64]) -> Vec<f64> {
    let mut overlap = vec![0.0; BAND * BAND];
    let all = |_| Part { columns: 0..BAND, depth: 0..image.count };
    add_products(&mut overlap, BAND, -0.5, vectors, &Packed::columns(image), all);
    let mut correction = vec![0.0; BAND * BAND];
    for (weights, row) in triangle.chunks_exact(BAND).zip(overlap.chunks_exact(BAND)) {
        for (target, &weight) in correction.chunks_exact_mut(BAND).zip(weights) {
            add_multiple(target, weight, row);
        }
    }
    correction
}
