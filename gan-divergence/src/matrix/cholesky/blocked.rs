//! Cholesky factors of large matrices, in products of matrices.

use std::ops::Range;

use crate::lanes::{LANES, solve_group};
use crate::matrix::cholesky::rows;
use crate::matrix::packed::{Packed, Rows, pack_rows};
use crate::matrix::product::{Part, add_products};

/// How many columns are found before the rest of the matrix is brought up to date.
const BLOCK: usize = 64;

/// Replaces the lower triangle of a matrix by that of its factor; or tells the first pivot that is at most
/// `least` of its index, and its value.
///
/// Source: Golub and Van Loan (2013), *Matrix Computations*, algorithm 4.2.7.
pub(super) fn factor(
    lower: &mut [f64],
    dim: usize,
    least: impl Fn(usize) -> f64,
) -> Result<(), (usize, f64)> {
    let mut memory = Vec::new();
    for start in (0..dim).step_by(BLOCK) {
        let end = (start + BLOCK).min(dim);
        let (done, below) = lower.split_at_mut(end * dim);
        let corner = &mut done[start * dim..];
        rows::factor(&mut corner[start..], dim, |i| least(start + i))
            .map_err(|(i, value)| (start + i, value))?;
        let corner: Vec<f64> =
            corner.chunks_exact(dim).flat_map(|row| &row[start..end]).copied().collect();
        let panel = Packed::by_group(memory, dim - end, end - start, |group, place| {
            let rows = &below[start..];
            let rows = Rows { data: rows, stride: dim, count: dim - end, len: end - start };
            pack_rows(rows, group * LANES, place);
            solve_group(place, &corner);
        });
        for (i, row) in below.chunks_exact_mut(dim).enumerate() {
            let solved = panel.group(i / LANES)[i % LANES..].iter().step_by(LANES);
            row[start..end].iter_mut().zip(solved).for_each(|(entry, &x)| *entry = x);
        }
        let left = |rows: Range<usize>| Part { columns: 0..rows.end, depth: 0..BLOCK };
        if !below.is_empty() {
            add_products(&mut below[end..], dim, -1.0, &panel, &panel, left);
        }
        memory = panel.into_memory();
    }
    Ok(())
}
