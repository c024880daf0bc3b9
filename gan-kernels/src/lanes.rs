//! SIMD loops over a row of numbers, a vector at a time.

use crate::simd::Simd;

/// Runs a block for each place `at` where the next `n` of `length` numbers begin: full vectors, then
/// those that are left, if any.
///
/// A macro, because a closure would be compiled without the vector instructions of its caller.
macro_rules! for_each_vector {
    ($S:ty, $length:expr, |$at:ident, $n:ident| $body:block) => {{
        let length = $length;
        let mut $at = 0;
        while $at + <$S as $crate::simd::Simd>::LANES <= length {
            let $n = <$S as $crate::simd::Simd>::LANES;
            $body;
            $at += $n;
        }
        if $at < length {
            let $n = length - $at;
            $body;
        }
    }};
}
pub(crate) use for_each_vector;

/// The `n` numbers at `from`, and zeros behind them.
///
/// # Safety
/// Those of [`Simd`].
#[inline(always)]
pub(crate) unsafe fn read<S: Simd>(from: *const f32, n: usize) -> S::V {
    // SAFETY: the caller's.
    unsafe { if n == S::LANES { S::load(from) } else { S::load_first(from, n) } }
}

/// Writes the first `n` lanes.
///
/// # Safety
/// Those of [`Simd`].
#[inline(always)]
pub(crate) unsafe fn write<S: Simd>(to: *mut f32, v: S::V, n: usize) {
    // SAFETY: the caller's.
    unsafe { if n == S::LANES { S::store(to, v) } else { S::store_first(to, v, n) } }
}

/// A running sum of rows: sixteen partial sums whatever the width of a vector, so that all processors
/// add up in the same order, to the same bits.
#[derive(Clone, Copy)]
pub(crate) struct Sum<S: Simd>([S::V; 2]);

impl<S: Simd> Sum<S> {
    const VECTORS: usize = 16 / S::LANES;

    /// # Safety
    /// Those of [`Simd`].
    #[inline(always)]
    pub(crate) unsafe fn zero() -> Self {
        const { assert!(S::LANES == 8 || S::LANES == 16) };
        // SAFETY: the caller's.
        unsafe { Self([S::splat(0.0); 2]) }
    }

    /// The partial sums that the vector at `at` of a row belongs to.
    #[inline(always)]
    fn of(&mut self, at: usize) -> &mut S::V {
        &mut self.0[at / S::LANES % Self::VECTORS]
    }

    /// Adds the vector at `at` of a row.
    ///
    /// # Safety
    /// Those of [`Simd`].
    #[inline(always)]
    pub(crate) unsafe fn add(&mut self, at: usize, v: S::V) {
        let sum = self.of(at);
        // SAFETY: the caller's.
        *sum = unsafe { S::add(*sum, v) };
    }

    /// Adds `a·b` at `at` of a row.
    ///
    /// # Safety
    /// Those of [`Simd`].
    #[inline(always)]
    pub(crate) unsafe fn add_product(&mut self, at: usize, a: S::V, b: S::V) {
        let sum = self.of(at);
        // SAFETY: the caller's.
        *sum = unsafe { S::mul_add(a, b, *sum) };
    }

    /// All partial sums, added in their order.
    ///
    /// # Safety
    /// Those of [`Simd`].
    #[inline(always)]
    pub(crate) unsafe fn total(self) -> f32 {
        let mut lanes = [0.0; 16];
        for (part, v) in self.0.into_iter().enumerate().take(Self::VECTORS) {
            // SAFETY: there are 16 lanes in all; the rest is the caller's.
            unsafe { S::store(lanes.as_mut_ptr().add(part * S::LANES), v) };
        }
        lanes.iter().sum()
    }
}

/// `v` with zeros behind its first `n` lanes.
///
/// # Safety
/// Those of [`Simd`].
#[inline(always)]
pub(crate) unsafe fn first_lanes<S: Simd>(v: S::V, n: usize) -> S::V {
    let mut lanes = [0.0; 16];
    // SAFETY: no implementation has more than 16 lanes; the rest is the caller's.
    unsafe {
        S::store(lanes.as_mut_ptr(), v);
        S::load_first(lanes.as_ptr(), n)
    }
}
