//! Portable SIMD: eight lanes in plain Rust, for every processor.

use super::Simd;

/// No instructions but the target's own.
#[derive(Clone, Copy)]
pub(crate) struct Portable;

type V = [f32; 8];

#[inline(always)]
fn each(a: V, b: V, f: impl Fn(f32, f32) -> f32) -> V {
    std::array::from_fn(|lane| f(a[lane], b[lane]))
}

#[inline(always)]
pub(super) unsafe fn transpose_16_plainly(
    from: *const f32,
    from_stride: usize,
    to: *mut f32,
    to_stride: usize,
) {
    for r in 0..16 {
        for c in 0..16 {
            // SAFETY: the caller's, for every `r, c < 16`.
            unsafe { *to.add(c * to_stride + r) = *from.add(r * from_stride + c) }
        }
    }
}

// SAFETY: needs no instructions; touches the memory that the trait states.
unsafe impl Simd for Portable {
    type V = V;
    const LANES: usize = 8;
    const ROWS: usize = 4;

    #[inline(always)]
    unsafe fn splat(x: f32) -> V {
        [x; 8]
    }
    #[inline(always)]
    unsafe fn load(from: *const f32) -> V {
        unsafe { from.cast::<V>().read_unaligned() }
    }
    #[inline(always)]
    unsafe fn load_first(from: *const f32, n: usize) -> V {
        std::array::from_fn(|lane| if lane < n { unsafe { *from.add(lane) } } else { 0.0 })
    }
    #[inline(always)]
    unsafe fn store(to: *mut f32, v: V) {
        unsafe { to.cast::<V>().write_unaligned(v) }
    }
    #[inline(always)]
    unsafe fn store_first(to: *mut f32, v: V, n: usize) {
        for (lane, x) in v.into_iter().enumerate().take(n) {
            unsafe { *to.add(lane) = x }
        }
    }
    /// Rounded twice: fused multiplication is a call into a library where there is no instruction.
    #[inline(always)]
    unsafe fn mul_add(a: V, b: V, c: V) -> V {
        std::array::from_fn(|lane| a[lane] * b[lane] + c[lane])
    }
    #[inline(always)]
    unsafe fn add(a: V, b: V) -> V {
        each(a, b, |a, b| a + b)
    }
    #[inline(always)]
    unsafe fn sub(a: V, b: V) -> V {
        each(a, b, |a, b| a - b)
    }
    #[inline(always)]
    unsafe fn mul(a: V, b: V) -> V {
        each(a, b, |a, b| a * b)
    }
    #[inline(always)]
    unsafe fn div(a: V, b: V) -> V {
        each(a, b, |a, b| a / b)
    }
    #[inline(always)]
    unsafe fn sqrt(a: V) -> V {
        a.map(f32::sqrt)
    }
    #[inline(always)]
    unsafe fn where_not_positive(x: V, yes: V, no: V) -> V {
        std::array::from_fn(|lane| if x[lane] <= 0.0 { yes[lane] } else { no[lane] })
    }
    #[inline(always)]
    unsafe fn round(a: V) -> V {
        a.map(f32::round_ties_even)
    }
    #[inline(always)]
    unsafe fn power_of_two(n: V) -> V {
        n.map(|n| f32::from_bits(((n as i32 + 127) as u32) << 23))
    }
    #[inline(always)]
    unsafe fn transpose_16(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize) {
        unsafe { transpose_16_plainly(from, from_stride, to, to_stride) }
    }
}
