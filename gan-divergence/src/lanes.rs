//! The SIMD inner loops, compiled once for each vector width.
//!
//! This is the one module with `unsafe`: calling a function that was compiled for AVX after the
//! processor was found to have it. Every loop is ordinary safe Rust over eight lanes, so all versions
//! return the same bits. A multiplication is fused with an addition only where a loop says `mul_add`,
//! as products of matrices do. AArch64 needs no version of its own: NEON and its fused multiplication
//! are what everything is compiled for there.

#![cfg_attr(
    target_arch = "x86_64",
    expect(unsafe_code, reason = "functions with target features are called after detection")
)]

/// Width of all loops, in numbers.
pub(crate) const LANES: usize = 8;

/// How many rows a tile holds.
pub(crate) const TILE_ROWS: usize = 4;

/// Declares a function that picks the widest compiled version of `body` at run time.
macro_rules! widest {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $ty:ty),*) $(-> $ret:ty)? = $body:path) => {
        widest! { $(#[$doc])* fn $name($($arg: $ty),*) $(-> $ret)? = $body, AVX-512: $body }
    };
    (
        $(#[$doc:meta])*
        fn $name:ident($($arg:ident: $ty:ty),*) $(-> $ret:ty)? = $body:path, AVX-512: $wide:path
    ) => {
        $(#[$doc])*
        pub(crate) fn $name($($arg: $ty),*) $(-> $ret)? {
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx2,fma")]
                fn avx2($($arg: $ty),*) $(-> $ret)? {
                    $body($($arg),*)
                }
                #[target_feature(enable = "fma,avx512f,avx512dq,avx512vl")]
                fn avx512($($arg: $ty),*) $(-> $ret)? {
                    $wide($($arg),*)
                }
                if is_x86_feature_detected!("fma")
                    && is_x86_feature_detected!("avx512f")
                    && is_x86_feature_detected!("avx512dq")
                    && is_x86_feature_detected!("avx512vl")
                {
                    // SAFETY: the four features that the callee is compiled for were detected.
                    return unsafe { avx512($($arg),*) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: the two features that the callee is compiled for were detected.
                    return unsafe { avx2($($arg),*) };
                }
            }
            $body($($arg),*)
        }
    };
}

mod arc;
mod chase;
mod counts;
mod product;
mod screen;
mod search;

pub(crate) use arc::{CIRCLE_NODES, along_circle};
pub(crate) use chase::{BAND_WIDTH, chase_column};
pub(crate) use counts::{compare_row, count_below};
pub(crate) use product::{
    PRODUCT_GROUPS, add_inner_products, add_multiple, add_tile, inner_product, solve_group,
};
pub(crate) use screen::{SCREEN_LANES, near_groups, screened, squared_group};
pub(crate) use search::{relax, two_smallest};

widest! {
    /// Squared Euclidean distances from four rows to all packed columns.
    ///
    /// `packed` holds groups of eight points, coordinate after coordinate; row `r` of the result
    /// starts at `r · columns`. Each distance is summed in the order of the coordinates.
    fn squared_distances(rows: [&[f64]; TILE_ROWS], packed: &[f64], out: &mut [f64])
        = squared_distances_body
}

widest! {
    /// Inner products of four rows with all packed columns, laid out as the distances are.
    fn inner_products(rows: [&[f64]; TILE_ROWS], packed: &[f64], out: &mut [f64])
        = inner_products_body
}

widest! {
    /// Replaces every `x` by `exp(x)`, for `x ≤ 709`.
    fn exp_in_place(values: &mut [f64]) = exp_in_place_body
}

widest! {
    /// `Σ exp(aᵢ + bᵢ − shift)`, for exponents of at most 709.
    fn sum_exp(a: &[f64], b: &[f64], shift: f64) -> f64 = sum_exp_body
}

widest! {
    /// The largest `aᵢ + bᵢ`.
    fn max_of_sums(a: &[f64], b: &[f64]) -> f64 = max_of_sums_body
}

widest! {
    /// `Σ pᵢ·ln(pᵢ/qᵢ)` over positive normal numbers.
    fn relative_entropy(p: &[f64], q: &[f64]) -> f64 = relative_entropy_body
}

widest! {
    /// Adds `Σₖ aₖᵢ·bₖⱼ` to a matrix, for `rows` of `a` and `b` of `dim` numbers each.
    fn add_gram(rows: &[f64], dim: usize, matrix: &mut [f64]) = add_gram_body
}

widest! {
    /// The smallest `costⱼ − priceⱼ` (`+∞` for no entries).
    fn min_of_differences(cost: &[f64], price: &[f64]) -> f64 = min_of_differences_body
}

widest! {
    /// The inner product of a row with factors; adds `mass/product` times the row to the sums.
    fn scale_row(row: &[f64], factors: &[f64], mass: f64, sums: &mut [f64]) -> f64 = scale_row_body
}

widest! {
    /// `Σ √valueᵢ`.
    fn sum_of_roots(values: &[f64]) -> f64 = sum_of_roots_body
}

#[inline(always)]
fn tile(
    rows: [&[f64]; TILE_ROWS],
    packed: &[f64],
    out: &mut [f64],
    term: impl Fn(f64, f64) -> f64,
) {
    let dim = rows[0].len();
    let rows = rows.map(|row| &row[..dim]);
    let columns = out.len() / TILE_ROWS;
    for (group, block) in packed.chunks_exact(dim * LANES).enumerate() {
        let mut sums = [[0.0; LANES]; TILE_ROWS];
        for (d, y) in block.chunks_exact(LANES).enumerate() {
            for (sum, row) in sums.iter_mut().zip(rows) {
                for (s, &y) in sum.iter_mut().zip(y) {
                    *s += term(row[d], y);
                }
            }
        }
        for (r, sum) in sums.iter().enumerate() {
            let start = r * columns + group * LANES;
            out[start..start + LANES].copy_from_slice(sum);
        }
    }
}

#[inline(always)]
fn squared_distances_body(rows: [&[f64]; TILE_ROWS], packed: &[f64], out: &mut [f64]) {
    tile(rows, packed, out, |x, y| (x - y) * (x - y));
}

#[inline(always)]
fn inner_products_body(rows: [&[f64]; TILE_ROWS], packed: &[f64], out: &mut [f64]) {
    tile(rows, packed, out, |x, y| x * y);
}

/// `exp(x)` to about one unit in the last place; 0 below the normal range.
///
/// `x = n·ln 2 + r` with `|r| ≤ ½·ln 2`, a Taylor polynomial for `exp(r)`, and `2ⁿ` from its bits.
#[inline(always)]
fn exp(x: f64) -> f64 {
    const SHIFT: f64 = 6_755_399_441_055_744.0; // 1.5·2⁵²: adding it rounds to an integer.
    const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
    const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
    const LEAST: f64 = -708.0;
    const INVERSE_FACTORIALS: [f64; 14] = [
        1.0 / 6_227_020_800.0,
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
        1.0,
        1.0,
    ];
    let inside = if x < LEAST { LEAST } else { x };
    let shifted = inside * std::f64::consts::LOG2_E + SHIFT;
    let n = shifted - SHIFT;
    let r = (inside - n * LN_2_HIGH) - n * LN_2_LOW;
    let mut series = INVERSE_FACTORIALS[0];
    for &coefficient in &INVERSE_FACTORIALS[1..] {
        series = series * r + coefficient;
    }
    let exponent = shifted.to_bits().wrapping_sub(SHIFT.to_bits()).wrapping_add(1023);
    let power = f64::from_bits(exponent << 52);
    if x < LEAST { 0.0 } else { series * power }
}

#[inline(always)]
fn exp_in_place_body(values: &mut [f64]) {
    for value in values {
        *value = exp(*value);
    }
}

/// A reduction over two slices in eight lanes, then over the lanes in order.
#[inline(always)]
fn fold_pairs(
    a: &[f64],
    b: &[f64],
    start: f64,
    term: impl Fn(f64, f64) -> f64,
    join: impl Fn(f64, f64) -> f64,
) -> f64 {
    let mut lanes = [start; LANES];
    let (a_blocks, b_blocks) = (a.chunks_exact(LANES), b.chunks_exact(LANES));
    let rest = a_blocks.remainder().iter().zip(b_blocks.remainder());
    for (a, b) in a_blocks.zip(b_blocks) {
        for ((lane, &a), &b) in lanes.iter_mut().zip(a).zip(b) {
            *lane = join(*lane, term(a, b));
        }
    }
    let total = lanes.into_iter().fold(start, &join);
    rest.fold(total, |total, (&a, &b)| join(total, term(a, b)))
}

#[inline(always)]
fn sum_exp_body(a: &[f64], b: &[f64], shift: f64) -> f64 {
    fold_pairs(a, b, 0.0, |a, b| exp(a + b - shift), |x, y| x + y)
}

#[inline(always)]
fn max_of_sums_body(a: &[f64], b: &[f64]) -> f64 {
    fold_pairs(a, b, f64::NEG_INFINITY, |a, b| a + b, |x, y| if x > y { x } else { y })
}

#[inline(always)]
fn min_of_differences_body(cost: &[f64], price: &[f64]) -> f64 {
    fold_pairs(cost, price, f64::INFINITY, |c, v| c - v, |x, y| if x < y { x } else { y })
}

/// `ln(p/q)` for positive normal `p` and `q`, to about one unit in the last place.
///
/// `ln(p/q) = k·ln 2 + 2·artanh((p′ − q′)/(p′ + q′))` where `p′/q′` lies in `[√½, √2]`. The quotient
/// itself is never formed, so it cannot overflow, and `p′ − q′` is exact for close `p` and `q`.
#[inline(always)]
pub(crate) fn ln_ratio(p: f64, q: f64) -> f64 {
    const MANTISSA: u64 = (1 << 52) - 1;
    const ONE: u64 = 1023 << 52;
    const INTEGER: u64 = 0x433 << 52; // 2⁵², whose mantissa counts in ones.
    const LN_2_HIGH: f64 = f64::from_bits(0x3fe6_2e42_fee0_0000);
    const LN_2_LOW: f64 = f64::from_bits(0x3dea_39ef_3579_3c76);
    let exponent = |x: f64| f64::from_bits((x.to_bits() >> 52) | INTEGER);
    let mantissa = |x: f64| f64::from_bits((x.to_bits() & MANTISSA) | ONE);
    let (mut k, mut a, mut b) = (exponent(p) - exponent(q), mantissa(p), mantissa(q));
    let above = a > b * std::f64::consts::SQRT_2;
    let below = b > a * std::f64::consts::SQRT_2;
    k += if above { 1.0 } else { 0.0 } - if below { 1.0 } else { 0.0 };
    b = if above { 2.0 * b } else { b };
    a = if below { 2.0 * a } else { a };
    let s = (a - b) / (a + b);
    let square = s * s;
    let mut series = 1.0 / 21.0;
    for odd in [19.0, 17.0, 15.0, 13.0, 11.0, 9.0, 7.0, 5.0, 3.0] {
        series = series * square + 1.0 / odd;
    }
    let artanh = 2.0 * s + 2.0 * s * square * series;
    k * LN_2_HIGH + (artanh + k * LN_2_LOW)
}

#[inline(always)]
fn relative_entropy_body(p: &[f64], q: &[f64]) -> f64 {
    fold_pairs(p, q, 0.0, |p, q| p * ln_ratio(p, q), |x, y| x + y)
}

/// The first `N` numbers of a slice that has them.
#[inline(always)]
fn cut<const N: usize>(from: &[f64]) -> [f64; N] {
    std::array::from_fn(|i| from[i])
}

/// Four rows and eight columns of the matrix at a time, over all samples.
#[inline(always)]
fn add_gram_body(rows: &[f64], dim: usize, matrix: &mut [f64]) {
    for i in (0..dim).step_by(TILE_ROWS) {
        for j in (i / LANES * LANES..dim).step_by(LANES) {
            let (height, width) = (TILE_ROWS.min(dim - i), LANES.min(dim - j));
            let mut sums = [[0.0; LANES]; TILE_ROWS];
            let mut add = |x: &[f64; TILE_ROWS], y: &[f64; LANES]| {
                for (sum, x) in sums.iter_mut().zip(x) {
                    for (s, y) in sum.iter_mut().zip(y) {
                        *s += x * y;
                    }
                }
            };
            if height == TILE_ROWS && width == LANES {
                for row in rows.chunks_exact(dim) {
                    add(&cut(&row[i..]), &cut(&row[j..]));
                }
            } else {
                for row in rows.chunks_exact(dim) {
                    let (mut x, mut y) = ([0.0; TILE_ROWS], [0.0; LANES]);
                    x[..height].copy_from_slice(&row[i..i + height]);
                    y[..width].copy_from_slice(&row[j..j + width]);
                    add(&x, &y);
                }
            }
            for (r, sum) in sums.iter().enumerate().take(height) {
                let target = &mut matrix[(i + r) * dim + j..][..width];
                target.iter_mut().zip(sum).for_each(|(t, s)| *t += s);
            }
        }
    }
}

#[inline(always)]
fn scale_row_body(row: &[f64], factors: &[f64], mass: f64, sums: &mut [f64]) -> f64 {
    let product = fold_pairs(row, factors, 0.0, |x, v| x * v, |x, y| x + y);
    if product > 0.0 {
        let scale = mass / product;
        sums.iter_mut().zip(row).for_each(|(sum, x)| *sum += scale * x);
    }
    product
}

#[inline(always)]
fn sum_of_roots_body(values: &[f64]) -> f64 {
    fold_pairs(values, values, 0.0, |v, _| v.sqrt(), |x, y| x + y)
}

#[cfg(test)]
mod tests;
