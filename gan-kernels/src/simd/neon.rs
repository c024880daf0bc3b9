//! NEON: eight lanes in two registers of four.
//!
//! Every AArch64 processor that the standard library runs on has these instructions, fused multiply-add
//! among them, so nothing is detected. They round as AVX2's do: the same sums have the same bits.

use std::arch::aarch64::{
    float32x4_t, vaddq_f32, vaddq_s32, vbslq_f32, vclezq_f32, vcombine_f32, vcvtnq_s32_f32,
    vdivq_f32, vdup_n_f32, vdupq_n_f32, vdupq_n_s32, vfmaq_f32, vget_low_f32, vld1_f32, vld1q_f32,
    vld1q_lane_f32, vmulq_f32, vreinterpretq_f32_s32, vrndnq_f32, vshlq_n_s32, vsqrtq_f32,
    vst1_f32, vst1q_f32, vst1q_lane_f32, vsubq_f32,
};

use super::Simd;
use super::portable::transpose_16_plainly;

/// NEON, of which AArch64 is never without.
#[derive(Clone, Copy)]
pub(crate) struct Neon;

/// Lanes 0 to 3 and lanes 4 to 7.
type V = [float32x4_t; 2];

/// The first `n ≤ 4` numbers from `from` on, then zeros.
///
/// # Safety
/// `from` is valid for `n` numbers.
#[inline(always)]
unsafe fn load_first_of_4(from: *const f32, n: usize) -> float32x4_t {
    // SAFETY: the caller's: each arm touches as many numbers as it is for.
    unsafe {
        let pair = || vcombine_f32(vld1_f32(from), vdup_n_f32(0.0));
        match n {
            0 => vdupq_n_f32(0.0),
            1 => vld1q_lane_f32::<0>(from, vdupq_n_f32(0.0)),
            2 => pair(),
            3 => vld1q_lane_f32::<2>(from.add(2), pair()),
            _ => vld1q_f32(from),
        }
    }
}

/// Writes the first `n ≤ 4` numbers.
///
/// # Safety
/// `to` is valid for `n` numbers.
#[inline(always)]
unsafe fn store_first_of_4(to: *mut f32, v: float32x4_t, n: usize) {
    // SAFETY: the caller's: each arm touches as many numbers as it is for.
    unsafe {
        match n {
            0 => {}
            1 => vst1q_lane_f32::<0>(to, v),
            2 => vst1_f32(to, vget_low_f32(v)),
            3 => {
                vst1_f32(to, vget_low_f32(v));
                vst1q_lane_f32::<2>(to.add(2), v);
            }
            _ => vst1q_f32(to, v),
        }
    }
}

// SAFETY: each function is a few instructions that the target has, and touches the memory that the
// trait states.
unsafe impl Simd for Neon {
    type V = V;
    const LANES: usize = 8;
    /// Of 32 registers, 24 have sums, four the vectors of a row, and the rest the operands.
    const ROWS: usize = 6;

    #[inline(always)]
    unsafe fn splat(x: f32) -> V {
        unsafe { [vdupq_n_f32(x); 2] }
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> V {
        unsafe { [vld1q_f32(from), vld1q_f32(from.add(4))] }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f32, n: usize) -> V {
        unsafe {
            match n {
                0..=4 => [load_first_of_4(from, n), vdupq_n_f32(0.0)],
                _ => [vld1q_f32(from), load_first_of_4(from.add(4), n - 4)],
            }
        }
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, [low, high]: V) {
        unsafe {
            vst1q_f32(to, low);
            vst1q_f32(to.add(4), high);
        }
    }
    #[inline(always)]
    unsafe fn store_first(to: *mut f32, [low, high]: V, n: usize) {
        unsafe {
            match n {
                0..=4 => store_first_of_4(to, low, n),
                _ => {
                    vst1q_f32(to, low);
                    store_first_of_4(to.add(4), high, n - 4);
                }
            }
        }
    }
    #[inline(always)]
    unsafe fn mul_add(a: V, b: V, c: V) -> V {
        unsafe { [vfmaq_f32(c[0], a[0], b[0]), vfmaq_f32(c[1], a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn add(a: V, b: V) -> V {
        unsafe { [vaddq_f32(a[0], b[0]), vaddq_f32(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn sub(a: V, b: V) -> V {
        unsafe { [vsubq_f32(a[0], b[0]), vsubq_f32(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn mul(a: V, b: V) -> V {
        unsafe { [vmulq_f32(a[0], b[0]), vmulq_f32(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn div(a: V, b: V) -> V {
        unsafe { [vdivq_f32(a[0], b[0]), vdivq_f32(a[1], b[1])] }
    }
    #[inline(always)]
    unsafe fn sqrt(a: V) -> V {
        unsafe { [vsqrtq_f32(a[0]), vsqrtq_f32(a[1])] }
    }
    #[inline(always)]
    unsafe fn where_not_positive(x: V, yes: V, no: V) -> V {
        unsafe {
            let [low, high] = [vclezq_f32(x[0]), vclezq_f32(x[1])];
            [vbslq_f32(low, yes[0], no[0]), vbslq_f32(high, yes[1], no[1])]
        }
    }
    #[inline(always)]
    unsafe fn round(a: V) -> V {
        unsafe { [vrndnq_f32(a[0]), vrndnq_f32(a[1])] }
    }
    #[inline(always)]
    unsafe fn power_of_two(n: V) -> V {
        unsafe {
            let bias = vdupq_n_s32(127);
            let exponents = [vcvtnq_s32_f32(n[0]), vcvtnq_s32_f32(n[1])];
            exponents.map(|n| vreinterpretq_f32_s32(vshlq_n_s32::<23>(vaddq_s32(n, bias))))
        }
    }
    #[inline(always)]
    unsafe fn transpose_16(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize) {
        unsafe { transpose_16_plainly(from, from_stride, to, to_stride) }
    }
}
