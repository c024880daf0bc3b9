//! Fused activations, which a kernel applies where it writes.

use crate::simd::Simd;

/// What is applied to each number that a layer puts out; what is not a number stays so.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Activation {
    /// `x`.
    #[default]
    Identity,
    /// `max(x, 0)`; its derivative at 0 is 0.
    Relu,
    /// `x` where it is not negative, `slope·x` elsewhere, for a slope above 0; its derivative at 0 is
    /// 1, on LibTorch's kernels the slope.
    LeakyRelu(f32),
    /// The hyperbolic tangent, to 3e-7.
    Tanh,
}

impl Activation {
    /// The activation of `x`.
    ///
    /// # Safety
    /// Those of [`Simd`].
    #[inline(always)]
    pub(crate) unsafe fn apply<S: Simd>(self, x: S::V) -> S::V {
        // SAFETY: the caller's.
        unsafe {
            match self {
                Self::Identity => x,
                Self::Relu => S::where_not_positive(x, S::splat(0.0), x),
                Self::LeakyRelu(slope) => S::where_not_positive(x, S::mul(x, S::splat(slope)), x),
                Self::Tanh => tanh::<S>(x),
            }
        }
    }

    /// `gradient` times the derivative, as a function of the activation's result `y`.
    ///
    /// # Safety
    /// Those of [`Simd`].
    #[inline(always)]
    pub(crate) unsafe fn backward<S: Simd>(self, y: S::V, gradient: S::V) -> S::V {
        // SAFETY: the caller's.
        unsafe {
            let zero = S::splat(0.0);
            match self {
                Self::Identity => gradient,
                Self::Relu => S::where_not_positive(y, zero, gradient),
                Self::LeakyRelu(slope) => {
                    let smaller = S::mul(gradient, S::splat(slope));
                    S::where_not_positive(S::sub(zero, y), gradient, smaller)
                }
                Self::Tanh => {
                    let derivative = S::sub(S::splat(1.0), S::mul(y, y));
                    S::mul(gradient, derivative)
                }
            }
        }
    }
}

/// Beyond it, the hyperbolic tangent is ±1 in `f32`.
const SATURATED: f32 = 9.02;
/// `ln 2` in two parts; a small whole number times the first is exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;

/// `(e²ˣ − 1) / (e²ˣ + 1)`, by way of `e²ˣ − 1`, which loses nothing near 0.
#[inline(always)]
unsafe fn tanh<S: Simd>(x: S::V) -> S::V {
    // SAFETY: the caller's.
    unsafe {
        let (zero, limit) = (S::splat(0.0), S::splat(SATURATED));
        let x = S::where_not_positive(S::sub(limit, x), limit, x);
        let least = S::sub(zero, limit);
        let x = S::where_not_positive(S::sub(x, least), least, x);
        let twice = S::add(x, x);
        // e^t = 2ⁿ·e^r with |r| ≤ ln 2 / 2.
        let n = S::round(S::mul(twice, S::splat(std::f32::consts::LOG2_E)));
        let r = S::mul_add(n, S::splat(-LN_2_HIGH), twice);
        let r = S::mul_add(n, S::splat(-LN_2_LOW), r);
        // e^r − 1 by its Taylor series, whose next term is below 2e-8·r.
        let mut sum = S::splat(1.0 / 5040.0);
        for factorial in [720.0, 120.0, 24.0, 6.0, 2.0, 1.0] {
            sum = S::mul_add(sum, r, S::splat(1.0 / factorial));
        }
        let power = S::power_of_two(n);
        let minus_1 = S::mul_add(power, S::mul(sum, r), S::sub(power, S::splat(1.0)));
        S::div(minus_1, S::add(minus_1, S::splat(2.0)))
    }
}
