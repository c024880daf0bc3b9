//! SIMD vectors, as wide as the processor has them.
//!
//! A kernel is written once over [`Simd`] and compiled for each of its implementations; which of
//! them runs is decided by the processor that it runs on ([`Level::here`]).

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "aarch64")]
mod neon;
mod portable;

#[cfg(target_arch = "x86_64")]
pub(crate) use avx2::Avx2;
#[cfg(target_arch = "x86_64")]
pub(crate) use avx512::Avx512;
#[cfg(target_arch = "aarch64")]
pub(crate) use neon::Neon;
pub(crate) use portable::Portable;

/// Vectors of `f32` and what kernels do with them.
///
/// # Safety
/// The processor must have the instructions of the implementing type wherever one of the functions
/// is called; pointers must be valid for as many numbers as are read or written there.
pub(crate) unsafe trait Simd: Copy + 'static {
    /// A vector.
    type V: Copy;
    /// Numbers in a vector.
    const LANES: usize;
    /// Rows of two vectors whose sums fit into the registers at once.
    const ROWS: usize;

    /// Asks for the line of cache at `at`, wherever that is; it need not be memory of ours.
    #[inline(always)]
    unsafe fn prefetch(_at: *const f32) {}
    /// `x` in every lane.
    unsafe fn splat(x: f32) -> Self::V;
    /// The `LANES` numbers from `from` on.
    unsafe fn load(from: *const f32) -> Self::V;
    /// The first `n ≤ LANES` numbers from `from` on, then zeros; no more than `n` are touched.
    unsafe fn load_first(from: *const f32, n: usize) -> Self::V;
    /// Writes `LANES` numbers.
    unsafe fn store(to: *mut f32, v: Self::V);
    /// Writes the first `n ≤ LANES` numbers; no more than `n` are touched.
    unsafe fn store_first(to: *mut f32, v: Self::V, n: usize);
    /// `a·b + c`, rounded once where the processor can.
    unsafe fn mul_add(a: Self::V, b: Self::V, c: Self::V) -> Self::V;
    /// `a + b`.
    unsafe fn add(a: Self::V, b: Self::V) -> Self::V;
    /// `a − b`.
    unsafe fn sub(a: Self::V, b: Self::V) -> Self::V;
    /// `a·b`.
    unsafe fn mul(a: Self::V, b: Self::V) -> Self::V;
    /// `a / b`.
    unsafe fn div(a: Self::V, b: Self::V) -> Self::V;
    /// `√a`.
    unsafe fn sqrt(a: Self::V) -> Self::V;
    /// `yes` in the lanes where `x ≤ 0`, `no` in the others and where `x` is not a number.
    unsafe fn where_not_positive(x: Self::V, yes: Self::V, no: Self::V) -> Self::V;
    /// The whole number nearest to each lane.
    unsafe fn round(a: Self::V) -> Self::V;
    /// `2ⁿ` for whole `n` from −126 to 127.
    unsafe fn power_of_two(n: Self::V) -> Self::V;
    /// `to[c·to_stride + r] = from[r·from_stride + c]` for `r, c < 16`.
    unsafe fn transpose_16(from: *const f32, from_stride: usize, to: *mut f32, to_stride: usize);
}

/// Which implementation of [`Simd`] the processor can run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    /// Plain loops, which the compiler may turn into whatever the target has.
    Portable,
    /// Eight lanes, with fused multiply-add.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// Sixteen lanes.
    #[cfg(target_arch = "x86_64")]
    Avx512,
    /// Eight lanes in two registers, with fused multiply-add.
    #[cfg(target_arch = "aarch64")]
    Neon,
}

impl Level {
    /// The best that this processor has; in tests, the level set by `Level::on`.
    pub(crate) fn here() -> Self {
        #[cfg(test)]
        if let Some(level) = tests::CHOSEN.get() {
            return level;
        }
        *Self::available().last().unwrap_or(&Self::Portable)
    }

    /// All that this processor has, the best last.
    pub(crate) fn available() -> &'static [Self] {
        #[cfg(target_arch = "x86_64")]
        {
            if !(is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma")) {
                return &[Self::Portable];
            }
            if !is_x86_feature_detected!("avx512f") {
                return &[Self::Portable, Self::Avx2];
            }
            &[Self::Portable, Self::Avx2, Self::Avx512]
        }
        #[cfg(target_arch = "aarch64")]
        {
            &[Self::Portable, Self::Neon]
        }
        #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
        &[Self::Portable]
    }
}

/// Declares `fn name(level, ...)`, which runs `body::<S>` for the `S` of that level, compiled with
/// the level's instructions.
macro_rules! at_level {
    ($(#[$doc:meta])* fn $name:ident($($arg:ident: $ty:ty),* $(,)?) = $body:ident) => {
        $(#[$doc])*
        unsafe fn $name(level: $crate::simd::Level, $($arg: $ty),*) {
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,fma")]
            unsafe fn avx2($($arg: $ty),*) {
                // SAFETY: the caller's.
                unsafe { $body::<$crate::simd::Avx2>($($arg),*) }
            }
            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f")]
            unsafe fn avx512($($arg: $ty),*) {
                // SAFETY: the caller's.
                unsafe { $body::<$crate::simd::Avx512>($($arg),*) }
            }
            // SAFETY: `Level` names only what the processor was found to have; the rest is the
            // caller's.
            unsafe {
                match level {
                    #[cfg(target_arch = "x86_64")]
                    $crate::simd::Level::Avx512 => avx512($($arg),*),
                    #[cfg(target_arch = "x86_64")]
                    $crate::simd::Level::Avx2 => avx2($($arg),*),
                    #[cfg(target_arch = "aarch64")]
                    $crate::simd::Level::Neon => $body::<$crate::simd::Neon>($($arg),*),
                    $crate::simd::Level::Portable => $body::<$crate::simd::Portable>($($arg),*),
                }
            }
        }
    };
}
pub(crate) use at_level;

#[cfg(test)]
mod tests;
