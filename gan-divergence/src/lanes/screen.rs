//! The inner loops that tell near pairs from far ones in single precision.

use crate::lanes::{LANES, TILE_ROWS};

/// Width of the loops in single precision, in numbers.
pub(crate) const SCREEN_LANES: usize = 16;

widest! {
    /// `‖x‖² + ‖y‖² − 2⟨x, y⟩` from four rows to packed columns, with the products in single precision.
    ///
    /// `packed` holds groups of sixteen points, coordinate after coordinate; row `r` of the result starts at
    /// `r · columns`, a multiple of sixteen. Beyond the last norm nothing is written.
    fn screened(
        rows: [&[f32]; TILE_ROWS],
        packed: &[f32],
        row_norms: [f64; TILE_ROWS],
        column_norms: &[f64],
        out: &mut [f64]
    ) = screened_body
}

widest! {
    /// The groups of eight values, a bit each, of which one is at most the larger of both limits and the error.
    ///
    /// There are up to 64 groups, and as many limits of columns as values, or none.
    fn near_groups(values: &[f64], limit: f64, limits: &[f64], error: f64) -> u64 = near_groups_body
}

widest! {
    /// Squared distances from a row to a packed group of eight, each summed in the order of the coordinates.
    fn squared_group(row: &[f64], packed: &[f64]) -> [f64; LANES] = squared_group_body
}

#[inline(always)]
fn screened_body(
    rows: [&[f32]; TILE_ROWS],
    packed: &[f32],
    row_norms: [f64; TILE_ROWS],
    column_norms: &[f64],
    out: &mut [f64],
) {
    let dim = rows[0].len();
    let rows = rows.map(|row| &row[..dim]);
    let columns = out.len() / TILE_ROWS;
    let groups = packed.chunks_exact(dim * SCREEN_LANES).zip(column_norms.chunks(SCREEN_LANES));
    for (group, (block, norms)) in groups.enumerate() {
        let mut sums = [[0.0f32; SCREEN_LANES]; TILE_ROWS];
        for (d, y) in block.as_chunks::<SCREEN_LANES>().0.iter().enumerate() {
            let y = *y;
            for (sum, row) in sums.iter_mut().zip(rows) {
                let x = row[d];
                for (s, y) in sum.iter_mut().zip(y) {
                    *s += x * y;
                }
            }
        }
        // Indexed by constants alone, so that the sums above can be registers.
        let products = sums.map(|sum| sum.map(|s| 2.0 * f64::from(s)));
        for (r, (products, row_norm)) in products.iter().zip(row_norms).enumerate() {
            let out = &mut out[r * columns + group * SCREEN_LANES..][..norms.len()];
            for ((out, product), norm) in out.iter_mut().zip(products).zip(norms) {
                *out = row_norm + norm - product;
            }
        }
    }
}

#[inline(always)]
fn near_groups_body(values: &[f64], limit: f64, limits: &[f64], error: f64) -> u64 {
    let mut groups = 0;
    if limits.is_empty() {
        let limit = limit + error;
        for (group, values) in values.chunks(LANES).enumerate() {
            let near = values.iter().fold(false, |near, &value| near | (value <= limit));
            groups |= u64::from(near) << group;
        }
        return groups;
    }
    for (group, (values, limits)) in values.chunks(LANES).zip(limits.chunks(LANES)).enumerate() {
        let pairs = values.iter().zip(limits);
        let near = pairs.fold(false, |near, (&value, &own)| {
            let larger = if own > limit { own } else { limit };
            near | (value <= larger + error)
        });
        groups |= u64::from(near) << group;
    }
    groups
}

#[inline(always)]
fn squared_group_body(row: &[f64], packed: &[f64]) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for (&x, y) in row.iter().zip(packed.chunks_exact(LANES)) {
        for (sum, &y) in sums.iter_mut().zip(y) {
            *sum += (x - y) * (x - y);
        }
    }
    sums
}
