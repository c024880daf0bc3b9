//! The operands of a contraction: `f32` numbers, or pairs of bfloat16.

use std::borrow::Cow;

use crate::simd::{Portable, Simd};
use crate::threads::{STREAMED, Shared, for_each};

/// 32 bits that stand for one number or more along what is summed.
pub(crate) trait Operand: Copy + Default + Send + Sync + 'static {
    /// Products that the multiplication of two operands adds up.
    const PRODUCTS: usize;

    /// Factors that `depth` numbers make.
    fn of(depth: usize) -> usize {
        depth.div_ceil(Self::PRODUCTS)
    }

    /// Whether the operands of a row should be neighbors along `depth`; elsewhere those of a depth along
    /// the rows.
    fn by_row() -> bool {
        false
    }

    /// `[outer][depth][lanes]` as `[outer][operands][lanes]`.
    fn of_rows(numbers: &[f32], depth: usize, lanes: usize) -> Cow<'_, [Self]>;

    /// `[outer][depth]` as `[outer][operands]`.
    fn of_columns(numbers: &[f32], depth: usize) -> Cow<'_, [Self]>;
}

/// How vectors of operands are multiplied.
///
/// # Safety
/// As [`Simd`]; a lane holds the bits of one operand.
pub(crate) unsafe trait Multiply<S: Simd>: Operand {
    /// The products of the operands of each lane of `a` and `b`, and `sum`.
    unsafe fn mul_add(a: S::V, b: S::V, sum: S::V) -> S::V;
}

impl Operand for f32 {
    const PRODUCTS: usize = 1;

    fn of_rows(numbers: &[f32], _: usize, _: usize) -> Cow<'_, [f32]> {
        Cow::Borrowed(numbers)
    }

    fn of_columns(numbers: &[f32], _: usize) -> Cow<'_, [f32]> {
        Cow::Borrowed(numbers)
    }
}

// SAFETY: the vectors' own multiplication.
unsafe impl<S: Simd> Multiply<S> for f32 {
    #[inline(always)]
    unsafe fn mul_add(a: S::V, b: S::V, sum: S::V) -> S::V {
        // SAFETY: the caller's.
        unsafe { S::mul_add(a, b, sum) }
    }
}

/// Two neighbors along what is summed, rounded to bfloat16, the first in the lower half; where there
/// is no second one, 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(transparent)]
pub(crate) struct Bf16x2(u32);

/// Whether the processor multiplies [`Bf16x2`]s; elsewhere it is done in plain Rust, slowly.
pub(crate) fn processor_has_bf16() -> bool {
    #[cfg(target_arch = "x86_64")]
    {
        is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bf16")
    }
    #[cfg(not(target_arch = "x86_64"))]
    false
}

impl Bf16x2 {
    /// The nearest pair; of two that are equally near, the even ones.
    fn nearest(low: f32, high: f32) -> Self {
        let round = |x: f32| {
            let bits = x.to_bits();
            let even = bits >> 16 & 1;
            if x.is_nan() { bits >> 16 | 0x40 } else { bits.wrapping_add(0x7fff + even) >> 16 }
        };
        Self(round(low) | round(high) << 16)
    }

    fn numbers(self) -> [f32; 2] {
        [f32::from_bits(self.0 << 16), f32::from_bits(self.0 & 0xffff_0000)]
    }
}

impl Operand for Bf16x2 {
    const PRODUCTS: usize = 2;

    /// In tiles they must be.
    fn by_row() -> bool {
        crate::contraction::multiplies_in_tiles()
    }

    fn of_rows(numbers: &[f32], depth: usize, lanes: usize) -> Cow<'_, [Self]> {
        let (operands, sample) = (Self::of(depth), depth * lanes);
        let outer = numbers.len().checked_div(sample).unwrap_or(0);
        assert_eq!(numbers.len(), outer * sample, "whole matrices");
        let zeros = vec![0.0; lanes];
        let bf16 = processor_has_bf16();
        Cow::Owned(rows_of_pairs(outer * operands, lanes, |row, to| {
            let first = row / operands * sample + 2 * (row % operands) * lanes;
            let low = &numbers[first..first + lanes];
            let has_second = 2 * (row % operands) + 1 < depth;
            let high = if has_second { &numbers[first + lanes..][..lanes] } else { &zeros };
            // SAFETY: the processor was asked; both rows are as long as the row of pairs.
            unsafe { interleave(bf16, low, high, to) };
        }))
    }

    fn of_columns(numbers: &[f32], depth: usize) -> Cow<'_, [Self]> {
        let rows = numbers.len().checked_div(depth).unwrap_or(0);
        assert_eq!(numbers.len(), rows * depth, "whole rows");
        let bf16 = processor_has_bf16();
        Cow::Owned(rows_of_pairs(rows, Self::of(depth), |row, to| {
            // SAFETY: the processor was asked; the row of pairs has room for one more than half.
            unsafe { condense(bf16, &numbers[row * depth..][..depth], to) };
        }))
    }
}

/// `rows` rows of `width` pairs each, of which `write` writes one to an address.
fn rows_of_pairs(
    rows: usize,
    width: usize,
    write: impl Fn(usize, *mut Bf16x2) + Sync,
) -> Vec<Bf16x2> {
    /// Rows that one task writes.
    const STRETCH: usize = 64;
    let mut pairs = Vec::with_capacity(rows * width);
    let place = Shared::new(pairs.spare_capacity_mut());
    for_each(rows.div_ceil(STRETCH), STREAMED * rows * width, |stretch| {
        for row in stretch * STRETCH..((stretch + 1) * STRETCH).min(rows) {
            // SAFETY: inside the capacity.
            write(row, unsafe { place.at(row * width).cast() });
        }
    });
    // SAFETY: every row was written.
    unsafe { pairs.set_len(rows * width) };
    pairs
}

/// Pairs of the numbers of two rows.
///
/// # Safety
/// Both rows are equally long and `to` has room for as many pairs; the processor has bfloat16 if
/// `bf16` is set.
unsafe fn interleave(bf16: bool, low: &[f32], high: &[f32], to: *mut Bf16x2) {
    #[cfg(target_arch = "x86_64")]
    if bf16 {
        // SAFETY: the caller's.
        unsafe { avx512::interleave(low.as_ptr(), high.as_ptr(), to.cast(), low.len()) };
        return;
    }
    let _ = bf16;
    for (at, (&low, &high)) in low.iter().zip(high).enumerate() {
        // SAFETY: the caller's.
        unsafe { to.add(at).write(Bf16x2::nearest(low, high)) };
    }
}

/// Pairs of neighbors in one row.
///
/// # Safety
/// `to` has room for half as many pairs as there are numbers, rounded up; the processor has bfloat16
/// if `bf16` is set.
unsafe fn condense(bf16: bool, numbers: &[f32], to: *mut Bf16x2) {
    #[cfg(target_arch = "x86_64")]
    if bf16 {
        // SAFETY: the caller's.
        unsafe { avx512::condense(numbers.as_ptr(), to.cast(), numbers.len()) };
        return;
    }
    let _ = bf16;
    for (at, pair) in numbers.chunks(2).enumerate() {
        // SAFETY: the caller's.
        unsafe { to.add(at).write(Bf16x2::nearest(pair[0], pair.get(1).copied().unwrap_or(0.0))) };
    }
}

// SAFETY: needs no instructions.
unsafe impl Multiply<Portable> for Bf16x2 {
    #[inline(always)]
    unsafe fn mul_add(a: [f32; 8], b: [f32; 8], sum: [f32; 8]) -> [f32; 8] {
        std::array::from_fn(|lane| {
            let numbers = |v: [f32; 8]| Self(v[lane].to_bits()).numbers();
            let ([a_low, a_high], [b_low, b_high]) = (numbers(a), numbers(b));
            sum[lane] + a_high * b_high + a_low * b_low
        })
    }
}

#[cfg(target_arch = "x86_64")]
mod avx512 {
    //! Sixteen pairs at once.

    use std::arch::x86_64::{
        __m256bh, __m256i, __m512, __m512bh, __m512i, _mm256_storeu_si256, _mm512_castsi512_ps,
        _mm512_cvtepu16_epi32, _mm512_cvtneps_pbh, _mm512_dpbf16_ps, _mm512_or_si512,
        _mm512_slli_epi32,
    };
    use std::mem::transmute;

    use super::{Bf16x2, Multiply};
    use crate::lanes::{for_each_vector, read, write};
    use crate::simd::Avx512;

    // SAFETY: one instruction of AVX512-BF16, which the caller vouches for.
    unsafe impl Multiply<Avx512> for Bf16x2 {
        #[inline(always)]
        unsafe fn mul_add(a: __m512, b: __m512, sum: __m512) -> __m512 {
            // SAFETY: the caller's; both types are 512 bits without a meaning of their own.
            unsafe {
                let bits = transmute::<__m512, __m512bh>;
                _mm512_dpbf16_ps(sum, bits(a), bits(b))
            }
        }
    }

    /// Each number rounded to bfloat16, in the lower half of its lane.
    #[target_feature(enable = "avx512f,avx512bf16")]
    fn round(v: __m512) -> __m512i {
        let halves = _mm512_cvtneps_pbh(v);
        // SAFETY: both types are 256 bits without a meaning of their own.
        _mm512_cvtepu16_epi32(unsafe { transmute::<__m256bh, __m256i>(halves) })
    }

    #[target_feature(enable = "avx512f,avx512bf16")]
    pub(super) unsafe fn interleave(low: *const f32, high: *const f32, to: *mut f32, n: usize) {
        for_each_vector!(Avx512, n, |at, n| {
            // SAFETY: the caller's, for `n` numbers of each.
            unsafe {
                let low = round(read::<Avx512>(low.add(at), n));
                let high = _mm512_slli_epi32::<16>(round(read::<Avx512>(high.add(at), n)));
                let pairs = _mm512_castsi512_ps(_mm512_or_si512(low, high));
                write::<Avx512>(to.add(at), pairs, n);
            }
        });
    }

    #[target_feature(enable = "avx512f,avx512bf16")]
    pub(super) unsafe fn condense(from: *const f32, to: *mut u32, n: usize) {
        for_each_vector!(Avx512, n, |at, n| {
            // SAFETY: the caller's, for `n` numbers and half as many pairs.
            unsafe {
                let halves = _mm512_cvtneps_pbh(read::<Avx512>(from.add(at), n));
                let to = to.add(at / 2);
                if n == 16 {
                    let halves = transmute::<__m256bh, __m256i>(halves);
                    _mm256_storeu_si256(to.cast(), halves);
                } else {
                    let halves = transmute::<__m256bh, [u32; 8]>(halves);
                    to.copy_from_nonoverlapping(halves.as_ptr(), n.div_ceil(2));
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of all magnitudes and signs.
    fn numbers(n: usize) -> Vec<f32> {
        (0..n).map(|i| ((i * 37 % 101) as f32 - 50.0) * 1.7_f32.powi(i as i32 % 40 - 20)).collect()
    }

    fn unpacked(pairs: &[Bf16x2]) -> Vec<[f32; 2]> {
        pairs.iter().map(|pair| pair.numbers()).collect()
    }

    /// bfloat16 has 8 bits of significance, the first of which is not stored.
    #[test]
    fn a_pair_holds_both_numbers_to_half_a_unit_in_the_last_place() {
        for (low, high) in numbers(200).into_iter().zip(numbers(300).into_iter().skip(100)) {
            let [found_low, found_high] = Bf16x2::nearest(low, high).numbers();
            assert!((found_low - low).abs() <= low.abs() / 256.0, "{found_low} for {low}");
            assert!((found_high - high).abs() <= high.abs() / 256.0, "{found_high} for {high}");
        }
        assert_eq!(
            Bf16x2::nearest(1.0 + 1.0 / 256.0, 1.0 + 3.0 / 256.0).numbers(),
            [1.0, 1.015_625]
        );
        assert_eq!(Bf16x2::nearest(-0.0, f32::INFINITY).numbers(), [0.0, f32::INFINITY]);
        assert!(Bf16x2::nearest(f32::NAN, 0.0).numbers()[0].is_nan());
    }

    #[test]
    fn rows_are_paired_with_the_next_and_a_last_one_with_zeros() {
        for (outer, depth, lanes) in [(1, 1, 1), (2, 3, 5), (3, 4, 16), (2, 5, 33), (70, 2, 48)] {
            let numbers = numbers(outer * depth * lanes);
            let pairs = Bf16x2::of_rows(&numbers, depth, lanes);
            let at = |o: usize, d: usize, l: usize| match d < depth {
                true => numbers[(o * depth + d) * lanes + l],
                false => 0.0,
            };
            let expected: Vec<_> = (0..outer)
                .flat_map(|o| (0..depth.div_ceil(2)).map(move |d| (o, 2 * d)))
                .flat_map(|(o, d)| (0..lanes).map(move |l| (o, d, l)))
                .map(|(o, d, l)| Bf16x2::nearest(at(o, d, l), at(o, d + 1, l)))
                .collect();
            assert_eq!(unpacked(&pairs), unpacked(&expected), "{outer} {depth} {lanes}");
        }
    }

    #[test]
    fn columns_are_paired_with_the_next_and_a_last_one_with_zero() {
        for (outer, depth) in [(1, 1), (3, 2), (5, 7), (70, 64), (3, 33)] {
            let numbers = numbers(outer * depth);
            let pairs = Bf16x2::of_columns(&numbers, depth);
            let expected: Vec<_> = numbers
                .chunks(depth)
                .flat_map(|row| row.chunks(2))
                .map(|pair| Bf16x2::nearest(pair[0], pair.get(1).copied().unwrap_or(0.0)))
                .collect();
            assert_eq!(unpacked(&pairs), unpacked(&expected), "{outer} {depth}");
        }
    }
}
