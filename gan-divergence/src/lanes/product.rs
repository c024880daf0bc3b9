//! The inner loops of products of matrices.

use crate::lanes::{LANES, TILE_ROWS, cut, fold_pairs};

/// How many groups of the second factor's vectors a tile of a product takes.
pub(crate) const PRODUCT_GROUPS: usize = 2;

widest! {
    /// `Σ xᵢ·yᵢ` in eight lanes.
    fn inner_product(x: &[f64], y: &[f64]) -> f64 = inner_product_body
}

widest! {
    /// `y += scale·x`.
    fn add_multiple(y: &mut [f64], scale: f64, x: &[f64]) = add_multiple_body
}

widest! {
    /// Adds `scale·⟨aᵢ, bⱼ⟩` to row `i` of `target`, for eight packed vectors `a` and two groups of eight
    /// `b`, as far as the rows of `target` go. Sums are in the order of the coordinates, each term fused.
    fn add_tile(
        a: &[f64],
        b: [&[f64]; PRODUCT_GROUPS],
        scale: f64,
        target: [&mut [f64]; LANES]
    ) = add_tile_in_parts, AVX-512: add_tile_at_once
}

widest! {
    /// Adds `⟨aᵢ, bⱼ⟩` to entry `j` of row `i` of `target`, for four vectors each that are as long, summed up
    /// in eight lanes, each term fused.
    fn add_inner_products(
        a: [&[f64]; TILE_ROWS],
        b: [&[f64]; TILE_ROWS],
        target: [&mut [f64]; TILE_ROWS]
    ) = add_inner_products_body
}

widest! {
    /// Solves `L·xᵢ = aᵢ` for eight packed vectors `a` in place, where `lower` has the rows of `L`.
    fn solve_group(group: &mut [f64], lower: &[f64]) = solve_group_body
}

#[inline(always)]
fn inner_product_body(x: &[f64], y: &[f64]) -> f64 {
    fold_pairs(x, y, 0.0, |x, y| x * y, |x, y| x + y)
}

#[inline(always)]
fn add_multiple_body(y: &mut [f64], scale: f64, x: &[f64]) {
    y.iter_mut().zip(x).for_each(|(y, x)| *y += scale * x);
}

/// The inner products of four vectors with groups of eight.
type Sums<const GROUPS: usize> = [[[f64; LANES]; GROUPS]; TILE_ROWS];

/// All sums of a tile, in sixteen registers of eight numbers.
#[cfg(any(test, target_arch = "x86_64"))]
#[inline(always)]
fn add_tile_at_once(
    a: &[f64],
    b: [&[f64]; PRODUCT_GROUPS],
    scale: f64,
    target: [&mut [f64]; LANES],
) {
    let [mut top, mut bottom]: [Sums<PRODUCT_GROUPS>; 2] = Default::default();
    let b = b.map(|group| &group[..a.len()]);
    for (d, x) in a.chunks_exact(LANES).enumerate() {
        let y = std::array::from_fn(|g| cut(&b[g][d * LANES..]));
        add_outer(&mut top, x, &y);
        add_outer(&mut bottom, &x[TILE_ROWS..], &y);
    }
    let scaled = [top, bottom].map(|sums| scaled(scale, sums));
    for (target, sums) in target.into_iter().zip(scaled.iter().flatten()) {
        add_to_line(target, sums);
    }
}

/// The sums of four vectors and one group at a time, in eight registers of four numbers.
#[inline(always)]
fn add_tile_in_parts(
    a: &[f64],
    b: [&[f64]; PRODUCT_GROUPS],
    scale: f64,
    mut target: [&mut [f64]; LANES],
) {
    for (group, b) in b.into_iter().enumerate() {
        for (half, target) in target.chunks_exact_mut(TILE_ROWS).enumerate() {
            let mut sums: Sums<1> = Default::default();
            for (x, y) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
                add_outer(&mut sums, &x[half * TILE_ROWS..], &[cut(y)]);
            }
            for (target, sums) in target.iter_mut().zip(&scaled(scale, sums)) {
                let first = (group * LANES).min(target.len());
                add_to_line(&mut target[first..], sums);
            }
        }
    }
}

/// Adds the products of one coordinate, row by row: of a loop over the rows compilers make vectors.
#[inline(always)]
fn add_outer<const GROUPS: usize>(
    [a, b, c, d]: &mut Sums<GROUPS>,
    x: &[f64],
    y: &[[f64; LANES]; GROUPS],
) {
    add_row(a, x[0], y);
    add_row(b, x[1], y);
    add_row(c, x[2], y);
    add_row(d, x[3], y);
}

#[inline(always)]
fn add_row<const GROUPS: usize>(
    sums: &mut [[f64; LANES]; GROUPS],
    x: f64,
    y: &[[f64; LANES]; GROUPS],
) {
    for (sum, y) in sums.iter_mut().zip(y) {
        sum.iter_mut().zip(y).for_each(|(s, y)| *s = x.mul_add(*y, *s));
    }
}

/// A copy, indexed by constants alone, so that the sums can be registers until then.
#[inline(always)]
fn scaled<const GROUPS: usize>(scale: f64, sums: Sums<GROUPS>) -> Sums<GROUPS> {
    sums.map(|row| row.map(|sum| sum.map(|s| scale * s)))
}

#[inline(always)]
fn add_to_line<const GROUPS: usize>(line: &mut [f64], sums: &[[f64; LANES]; GROUPS]) {
    for (entries, sum) in line.chunks_mut(LANES).zip(sums) {
        if let Some(entries) = entries.first_chunk_mut::<LANES>() {
            entries.iter_mut().zip(sum).for_each(|(entry, s)| *entry += s);
        } else {
            add_rest(entries, sum);
        }
    }
}

#[inline(never)]
fn add_rest(entries: &mut [f64], sum: &[f64; LANES]) {
    entries.iter_mut().zip(sum).for_each(|(entry, s)| *entry += s);
}

#[inline(always)]
fn add_inner_products_body(
    a: [&[f64]; TILE_ROWS],
    b: [&[f64]; TILE_ROWS],
    target: [&mut [f64]; TILE_ROWS],
) {
    let len = a[0].len();
    let (a, b) = (a.map(|row| &row[..len]), b.map(|row| &row[..len]));
    let mut sums: [[[f64; LANES]; TILE_ROWS]; TILE_ROWS] = Default::default();
    let whole = len / LANES * LANES;
    for k in (0..whole).step_by(LANES) {
        let x: [[f64; LANES]; TILE_ROWS] = std::array::from_fn(|r| cut(&a[r][k..]));
        let y: [[f64; LANES]; TILE_ROWS] = std::array::from_fn(|r| cut(&b[r][k..]));
        let [first, second, third, fourth] = &mut sums;
        add_pairs(first, &x[0], &y);
        add_pairs(second, &x[1], &y);
        add_pairs(third, &x[2], &y);
        add_pairs(fourth, &x[3], &y);
    }
    let totals = sums
        .map(|row| row.map(|[a, b, c, d, e, f, g, h]| ((a + e) + (c + g)) + ((b + f) + (d + h))));
    for ((target, totals), x) in target.into_iter().zip(&totals).zip(a) {
        for ((target, total), y) in target.iter_mut().zip(totals).zip(b) {
            let rest = x[whole..].iter().zip(&y[whole..]);
            *target += rest.fold(*total, |total, (x, y)| x.mul_add(*y, total));
        }
    }
}

#[inline(always)]
fn add_pairs(
    sums: &mut [[f64; LANES]; TILE_ROWS],
    x: &[f64; LANES],
    y: &[[f64; LANES]; TILE_ROWS],
) {
    for (sum, y) in sums.iter_mut().zip(y) {
        sum.iter_mut().zip(x.iter().zip(y)).for_each(|(s, (x, y))| *s = x.mul_add(*y, *s));
    }
}

#[inline(always)]
fn solve_group_body(group: &mut [f64], lower: &[f64]) {
    let len = group.len() / LANES;
    for j in 0..len {
        let (done, rest) = group.split_at_mut((j + 1) * LANES);
        let solved = &mut done[j * LANES..];
        solved.iter_mut().for_each(|x| *x /= lower[j * (len + 1)]);
        let solved: [f64; LANES] = cut(solved);
        for (place, row) in rest.chunks_exact_mut(LANES).zip(lower.chunks_exact(len).skip(j + 1)) {
            place.iter_mut().zip(solved).for_each(|(place, x)| *place = x.mul_add(-row[j], *place));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize, step: f64) -> Vec<f64> {
        (0..n).map(|i| (i as f64 * step + 0.3).sin()).collect()
    }

    /// Rows of a target of which the first `width` entries count.
    fn lines<const N: usize>(target: &mut [f64], width: usize) -> [&mut [f64]; N] {
        let mut lines = target.chunks_exact_mut(PRODUCT_GROUPS * LANES);
        [(); N].map(|()| &mut lines.next().unwrap()[..width])
    }

    #[test]
    fn tiles_have_the_bits_of_a_plain_loop_at_every_width() {
        let depth = 37;
        let (a, b) =
            (wave(depth * LANES, 0.7), [wave(depth * LANES, 1.3), wave(depth * LANES, 2.9)]);
        let b = b.each_ref().map(Vec::as_slice);
        for width in [1, 7, 8, 9, 16] {
            let mut plain = [[0.25; PRODUCT_GROUPS * LANES]; LANES];
            for (i, row) in plain.iter_mut().enumerate() {
                for (j, entry) in row.iter_mut().enumerate().take(width) {
                    let term = |d: usize| (a[d * LANES + i], b[j / LANES][d * LANES + j % LANES]);
                    *entry +=
                        -0.5 * (0..depth).map(term).fold(0.0, |sum, (x, y)| x.mul_add(y, sum));
                }
            }
            for add in [add_tile, add_tile_at_once, add_tile_in_parts] {
                let mut target = [0.25; PRODUCT_GROUPS * LANES * LANES];
                add(&a, b, -0.5, lines(&mut target, width));
                assert_eq!(target, *plain.as_flattened(), "{width}");
            }
        }
    }

    #[test]
    fn inner_products_are_those_of_a_plain_loop_and_the_same_bits_at_every_level() {
        for len in [1, 8, 21, 64] {
            let data: [Vec<f64>; 8] = std::array::from_fn(|i| wave(len, 0.4 + i as f64));
            let (a, b) =
                (std::array::from_fn(|i| &*data[i]), std::array::from_fn(|i| &*data[4 + i]));
            let [mut found, mut plain] = [[1.0; PRODUCT_GROUPS * LANES * TILE_ROWS]; 2];
            add_inner_products(a, b, lines(&mut found, TILE_ROWS));
            add_inner_products_body(a, b, lines(&mut plain, TILE_ROWS));
            assert_eq!(found, plain);
            for (i, x) in a.iter().enumerate() {
                for (j, y) in b.iter().enumerate() {
                    let product: f64 = x.iter().zip(*y).map(|(x, y)| x * y).sum();
                    assert!((found[i * PRODUCT_GROUPS * LANES + j] - 1.0 - product).abs() < 1e-13);
                }
            }
        }
    }

    #[test]
    fn a_solved_group_multiplies_back() {
        let len = 9;
        let mut lower = wave(len * len, 0.9);
        (0..len).for_each(|i| lower[i * (len + 1)] += 3.0);
        let right = wave(len * LANES, 1.7);
        let mut group = right.clone();
        solve_group(&mut group, &lower);
        for (i, row) in lower.chunks_exact(len).enumerate() {
            for lane in 0..LANES {
                let back: f64 = (0..=i).map(|j| row[j] * group[j * LANES + lane]).sum();
                assert!((back - right[i * LANES + lane]).abs() < 1e-13);
            }
        }
    }
}
