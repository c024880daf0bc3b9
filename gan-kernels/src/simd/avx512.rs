//! AVX-512: sixteen lanes.

use std::arch::x86_64::{
    __m512, __mmask16, _CMP_LE_OQ, _MM_HINT_T0, _mm_prefetch, _mm512_add_ps, _mm512_castpd_ps,
    _mm512_castps_pd, _mm512_cmp_ps_mask, _mm512_div_ps, _mm512_fmadd_ps, _mm512_loadu_ps,
    _mm512_mask_blend_ps, _mm512_mask_storeu_ps, _mm512_maskz_loadu_ps, _mm512_mul_ps,
    _mm512_roundscale_ps, _mm512_scalef_ps, _mm512_set1_ps, _mm512_setzero_ps,
    _mm512_shuffle_f32x4, _mm512_sqrt_ps, _mm512_storeu_ps, _mm512_sub_ps, _mm512_unpackhi_pd,
    _mm512_unpackhi_ps, _mm512_unpacklo_pd, _mm512_unpacklo_ps,
};

use super::Simd;

/// AVX-512F.
#[derive(Clone, Copy)]
pub(crate) struct Avx512;

fn first(n: usize) -> __mmask16 {
    if n >= 16 { !0 } else { (1 << n) - 1 }
}

// SAFETY: each function is one instruction on AVX-512F, which the caller vouches for, and touches
// the memory that the trait states.
unsafe impl Simd for Avx512 {
    type V = __m512;
    const LANES: usize = 16;
    const ROWS: usize = 12;

    #[inline(always)]
    unsafe fn prefetch(at: *const f32) {
        unsafe { _mm_prefetch::<_MM_HINT_T0>(at.cast()) }
    }
    #[inline(always)]
    unsafe fn splat(x: f32) -> __m512 {
        unsafe { _mm512_set1_ps(x) }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> __m512 {
        unsafe { _mm512_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f32, n: usize) -> __m512 {
        unsafe { _mm512_maskz_loadu_ps(first(n), from) }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: __m512) {
        unsafe { _mm512_storeu_ps(to, v) }
    }
    #[inline(always)]
    unsafe fn store_first(to: *mut f32, v: __m512, n: usize) {
        unsafe { _mm512_mask_storeu_ps(to, first(n), v) }
    }
    #[inline(always)]
    unsafe fn mul_add(a: __m512, b: __m512, c: __m512) -> __m512 {
        unsafe { _mm512_fmadd_ps(a, b, c) }
    }
    #[inline(always)]
    unsafe fn add(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_add_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sub(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_sub_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn mul(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_mul_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn div(a: __m512, b: __m512) -> __m512 {
        unsafe { _mm512_div_ps(a, b) }
    }
    #[inline(always)]
    unsafe fn sqrt(a: __m512) -> __m512 {
        unsafe { _mm512_sqrt_ps(a) }
    }
    #[inline(always)]
    unsafe fn where_not_positive(x: __m512, yes: __m512, no: __m512) -> __m512 {
        unsafe {
            let chosen = _mm512_cmp_ps_mask::<_CMP_LE_OQ>(x, _mm512_setzero_ps());
            _mm512_mask_blend_ps(chosen, no, yes)
        }
    }

    #[inline(always)]
    unsafe fn round(a: __m512) -> __m512 {
        unsafe { _mm512_roundscale_ps::<0>(a) }
    }
    #[inline(always)]
    unsafe fn power_of_two(n: __m512) -> __m512 {
        unsafe { _mm512_scalef_ps(_mm512_set1_ps(1.0), n) }
    }

    /// Pairs, then quadruples of rows are interleaved within 128 bits, then the 128-bit blocks are
    /// themselves transposed.
    #[inline(always)]
    unsafe fn transpose_16(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize) {
        unsafe {
            let row = |r: usize| _mm512_loadu_ps(from.add(r * from_stride));
            let zero = _mm512_setzero_ps();
            let mut quads = [zero; 16];
            for q in 0..4 {
                let (a, b, c, d) = (row(4 * q), row(4 * q + 1), row(4 * q + 2), row(4 * q + 3));
                let pd = |x| _mm512_castps_pd(x);
                let (ab_low, ab_high) =
                    (pd(_mm512_unpacklo_ps(a, b)), pd(_mm512_unpackhi_ps(a, b)));
                let (cd_low, cd_high) =
                    (pd(_mm512_unpacklo_ps(c, d)), pd(_mm512_unpackhi_ps(c, d)));
                quads[q] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_low, cd_low));
                quads[4 + q] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_low, cd_low));
                quads[8 + q] = _mm512_castpd_ps(_mm512_unpacklo_pd(ab_high, cd_high));
                quads[12 + q] = _mm512_castpd_ps(_mm512_unpackhi_pd(ab_high, cd_high));
            }
            // `quads[4·j + q]` has, in its 128-bit block `b`, column `4·b + j` of rows `4q..4q+4`.
            for j in 0..4 {
                let [a, b, c, d] =
                    [quads[4 * j], quads[4 * j + 1], quads[4 * j + 2], quads[4 * j + 3]];
                let ab_even = _mm512_shuffle_f32x4::<0b10_00_10_00>(a, b);
                let ab_odd = _mm512_shuffle_f32x4::<0b11_01_11_01>(a, b);
                let cd_even = _mm512_shuffle_f32x4::<0b10_00_10_00>(c, d);
                let cd_odd = _mm512_shuffle_f32x4::<0b11_01_11_01>(c, d);
                let column = |b: usize, v| _mm512_storeu_ps(to.add((4 * b + j) * to_stride), v);
                column(0, _mm512_shuffle_f32x4::<0b10_00_10_00>(ab_even, cd_even));
                column(1, _mm512_shuffle_f32x4::<0b10_00_10_00>(ab_odd, cd_odd));
                column(2, _mm512_shuffle_f32x4::<0b11_01_11_01>(ab_even, cd_even));
                column(3, _mm512_shuffle_f32x4::<0b11_01_11_01>(ab_odd, cd_odd));
            }
        }
    }
}
