//! The inner loops of products of matrices.

use crate::lanes::{LANES, TILE_ROWS, cut, fold_pairs};

/// Vectors in groups of eight, coordinate after coordinate, of which only a range counts.
#[derive(Clone, Copy)]
pub(crate) struct Groups<'a> {
    /// The groups, one after another.
    pub(crate) data: &'a [f64],
    /// How many numbers a group has.
    pub(crate) len: usize,
    /// Where the first number that counts stands in a group.
    pub(crate) start: usize,
}

widest! {
    /// `Σ xᵢ·yᵢ` in eight lanes.
    fn inner_product(x: &[f64], y: &[f64]) -> f64 = inner_product_body
}

widest! {
    /// `y += scale·x`.
    fn add_multiple(y: &mut [f64], scale: f64, x: &[f64]) = add_multiple_body
}

widest! {
    /// Adds `scale·⟨aᵢ, bⱼ⟩` to row `i` of `target`, for four rows `a` and as many packed vectors `b` as
    /// the rows of `target` are long. Sums are in the order of the coordinates.
    fn add_tile(a: [&[f64]; TILE_ROWS], b: Groups<'_>, scale: f64, target: [&mut [f64]; TILE_ROWS])
        = add_tile_body
}

#[inline(always)]
fn inner_product_body(x: &[f64], y: &[f64]) -> f64 {
    fold_pairs(x, y, 0.0, |x, y| x * y, |x, y| x + y)
}

#[inline(always)]
fn add_multiple_body(y: &mut [f64], scale: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}

#[inline(always)]
fn add_tile_body(
    a: [&[f64]; TILE_ROWS],
    b: Groups<'_>,
    scale: f64,
    mut target: [&mut [f64]; TILE_ROWS],
) {
    let depth = a[0].len();
    let a = a.map(|row| &row[..depth]);
    for (group, packed) in b.data.chunks_exact(b.len).enumerate() {
        let mut sums = [[0.0; LANES]; TILE_ROWS];
        for (d, y) in packed[b.start..][..depth * LANES].chunks_exact(LANES).enumerate() {
            let y: [f64; LANES] = cut(y);
            for (sum, row) in sums.iter_mut().zip(a) {
                for (s, y) in sum.iter_mut().zip(y) {
                    *s += row[d] * y;
                }
            }
        }
        // Indexed by constants alone, so that the sums above can be registers.
        let scaled = sums.map(|sum| sum.map(|s| scale * s));
        for (target, scaled) in target.iter_mut().zip(&scaled) {
            let at = (group * LANES).min(target.len());
            let entries = &mut target[at..];
            if let Some(entries) = entries.first_chunk_mut::<LANES>() {
                entries.iter_mut().zip(scaled).for_each(|(entry, s)| *entry += s);
            } else {
                add_rest(entries, scaled);
            }
        }
    }
}

#[inline(never)]
fn add_rest(entries: &mut [f64], scaled: &[f64; LANES]) {
    entries.iter_mut().zip(scaled).for_each(|(entry, s)| *entry += s);
}
