//! The four passes over a few samples of one group.

use super::{GroupNorm, Places, SAMPLES};
use crate::channels::Map;
use crate::lanes::{read, write};
use crate::simd::Simd;

/// `n` samples of one group.
#[derive(Clone, Copy)]
pub(super) struct Lanes<'a> {
    pub(super) norm: &'a GroupNorm,
    pub(super) group: usize,
    pub(super) block: usize,
    pub(super) sample: usize,
    pub(super) n: usize,
}

/// Mean and inverse deviation of each sample.
#[derive(Clone, Copy)]
struct Statistics<S: Simd> {
    mean: S::V,
    per_deviation: S::V,
}

/// Runs a block for each pixel and channel of a group: `at` is where its samples begin, `c` the
/// channel. A macro, because a closure would be compiled without its caller's vector instructions.
macro_rules! for_each_row {
    ($lanes:expr, |$at:ident, $c:ident| $body:block) => {{
        let Lanes { norm, group, sample, .. } = *$lanes;
        let Map { pixels, channels, batch } = norm.map;
        let of_group = channels / norm.groups;
        for pixel in 0..pixels {
            for $c in group * of_group..(group + 1) * of_group {
                let $at = (pixel * channels + $c) * batch + sample;
                $body
            }
        }
    }};
}

impl Lanes<'_> {
    /// Numbers that a mean is taken of.
    fn count(&self) -> f32 {
        (self.norm.map.pixels * (self.norm.map.channels / self.norm.groups)) as f32
    }

    /// Where the sums of channel `c` for these samples are kept.
    fn sums_at(&self, c: usize) -> usize {
        (self.block * self.norm.map.channels + c) * SAMPLES + self.sample % SAMPLES
    }

    #[inline(always)]
    unsafe fn statistics<S: Simd>(&self, x: *const f32) -> Statistics<S> {
        // SAFETY: the caller's.
        unsafe {
            let (n, count) = (self.n, S::splat(1.0 / self.count()));
            let (mut sum, mut squares) = (S::splat(0.0), S::splat(0.0));
            for_each_row!(self, |at, _c| {
                sum = S::add(sum, read::<S>(x.add(at), n));
            });
            let mean = S::mul(sum, count);
            for_each_row!(self, |at, _c| {
                let d = S::sub(read::<S>(x.add(at), n), mean);
                squares = S::mul_add(d, d, squares);
            });
            let variance = S::mul(squares, count);
            let deviation = S::sqrt(S::add(variance, S::splat(self.norm.epsilon)));
            Statistics { mean, per_deviation: S::div(S::splat(1.0), deviation) }
        }
    }

    #[inline(always)]
    pub(super) unsafe fn forward<S: Simd>(&self, places: Places) {
        // SAFETY: the caller's.
        unsafe {
            let (of, n) = (self.statistics::<S>(places.x), self.n);
            for_each_row!(self, |at, c| {
                let normalized = of.normalized(read::<S>(places.x.add(at), n));
                let (gamma, beta) = (S::splat(*places.gamma.add(c)), S::splat(*places.beta.add(c)));
                let z = S::mul_add(normalized, gamma, beta);
                write::<S>(places.first.add(at), self.norm.activation.apply::<S>(z), n);
            });
        }
    }

    #[inline(always)]
    pub(super) unsafe fn backward<S: Simd>(&self, places: Places) {
        // SAFETY: the caller's.
        unsafe {
            let (of, n) = (self.statistics::<S>(places.x), self.n);
            let (mut sum, mut product) = (S::splat(0.0), S::splat(0.0));
            for_each_row!(self, |at, c| {
                let (normalized, dz) = self.before_activation::<S>(&of, places, at, c);
                let (gammas, betas) =
                    (places.of_gamma.add(self.sums_at(c)), places.of_beta.add(self.sums_at(c)));
                let of_gamma = S::mul_add(dz, normalized, read::<S>(gammas, n));
                write::<S>(gammas, of_gamma, n);
                write::<S>(betas, S::add(dz, read::<S>(betas, n)), n);
                let a = S::mul(dz, S::splat(*places.gamma.add(c)));
                sum = S::add(sum, a);
                product = S::mul_add(a, normalized, product);
            });
            let count = S::splat(1.0 / self.count());
            let (mean, slope) = (S::mul(sum, count), S::mul(product, count));
            for_each_row!(self, |at, c| {
                let (normalized, dz) = self.before_activation::<S>(&of, places, at, c);
                let a = S::mul(dz, S::splat(*places.gamma.add(c)));
                let projected = S::sub(S::sub(a, mean), S::mul(normalized, slope));
                write::<S>(places.first.add(at), S::mul(projected, of.per_deviation), n);
            });
        }
    }

    /// The normalized numbers, and the gradients before the activation.
    #[inline(always)]
    unsafe fn before_activation<S: Simd>(
        &self,
        of: &Statistics<S>,
        places: Places,
        at: usize,
        c: usize,
    ) -> (S::V, S::V) {
        // SAFETY: the caller's.
        unsafe {
            let normalized = of.normalized(read::<S>(places.x.add(at), self.n));
            let (gamma, beta) = (S::splat(*places.gamma.add(c)), S::splat(*places.beta.add(c)));
            let y = self.norm.activation.apply::<S>(S::mul_add(normalized, gamma, beta));
            let gradient = read::<S>(places.gradient.add(at), self.n);
            (normalized, self.norm.activation.backward::<S>(y, gradient))
        }
    }

    #[inline(always)]
    pub(super) unsafe fn tangent<S: Simd>(&self, places: Places) {
        // SAFETY: the caller's.
        unsafe {
            let (of, n) = (self.statistics::<S>(places.x), self.n);
            let (mut sum, mut product) = (S::splat(0.0), S::splat(0.0));
            for_each_row!(self, |at, _c| {
                let v = read::<S>(places.v.add(at), n);
                sum = S::add(sum, v);
                let normalized = of.normalized(read::<S>(places.x.add(at), n));
                product = S::mul_add(normalized, v, product);
            });
            let count = S::splat(1.0 / self.count());
            let (mean, m) = (S::mul(sum, count), S::mul(product, count));
            for_each_row!(self, |at, c| {
                let normalized = of.normalized(read::<S>(places.x.add(at), n));
                let v = S::sub(read::<S>(places.v.add(at), n), mean);
                let moved = S::mul(S::sub(v, S::mul(normalized, m)), of.per_deviation);
                let gamma = S::splat(*places.gamma.add(c));
                write::<S>(places.first.add(at), S::mul(gamma, moved), n);
            });
        }
    }

    #[inline(always)]
    pub(super) unsafe fn tangent_backward<S: Simd>(&self, places: Places) {
        // SAFETY: the caller's.
        unsafe {
            let (of, n) = (self.statistics::<S>(places.x), self.n);
            let zero = S::splat(0.0);
            let (mut v_sum, mut nv, mut b_sum, mut bn, mut bv) = (zero, zero, zero, zero, zero);
            for_each_row!(self, |at, c| {
                let normalized = of.normalized(read::<S>(places.x.add(at), n));
                let v = read::<S>(places.v.add(at), n);
                let g = read::<S>(places.gradient.add(at), n);
                let b = S::mul(g, S::splat(*places.gamma.add(c)));
                v_sum = S::add(v_sum, v);
                nv = S::mul_add(normalized, v, nv);
                b_sum = S::add(b_sum, b);
                bn = S::mul_add(b, normalized, bn);
                bv = S::mul_add(b, v, bv);
            });
            let (count, per) = (S::splat(1.0 / self.count()), of.per_deviation);
            let (v_mean, m) = (S::mul(v_sum, count), S::mul(nv, count));
            let (b_mean, bn) = (S::mul(b_sum, count), S::mul(bn, count));
            let bv = S::mul(bv, count);
            // mean(b·ṅ), and minus the mean of h and of h·n.
            let bv_left = S::sub(S::sub(bv, S::mul(b_mean, v_mean)), S::mul(bn, m));
            let b_moved = S::mul(bv_left, per);
            let h_mean = S::mul(S::mul_add(b_mean, m, S::mul(bn, v_mean)), per);
            let h_slope = S::mul(S::mul(S::add(m, m), bn), per);
            for_each_row!(self, |at, c| {
                let normalized = of.normalized(read::<S>(places.x.add(at), n));
                let v = read::<S>(places.v.add(at), n);
                let g = read::<S>(places.gradient.add(at), n);
                let b = S::mul(g, S::splat(*places.gamma.add(c)));
                let projected = S::sub(S::sub(b, b_mean), S::mul(normalized, bn));
                write::<S>(places.second.add(at), S::mul(projected, per), n);
                // −h, and with it everything else.
                let h = S::mul(S::mul_add(b, m, S::mul(bn, v)), per);
                let projected = S::sub(S::sub(h, h_mean), S::mul(normalized, h_slope));
                let of_x = S::add(projected, S::mul(normalized, b_moved));
                write::<S>(places.first.add(at), S::mul(S::sub(zero, of_x), per), n);
                let centered = S::sub(S::sub(v, v_mean), S::mul(normalized, m));
                let gammas = places.of_gamma.add(self.sums_at(c));
                let moved = S::mul(centered, per);
                write::<S>(gammas, S::mul_add(g, moved, read::<S>(gammas, n)), n);
            });
        }
    }
}

impl<S: Simd> Statistics<S> {
    #[inline(always)]
    unsafe fn normalized(&self, x: S::V) -> S::V {
        // SAFETY: the caller's.
        unsafe { S::mul(S::sub(x, self.mean), self.per_deviation) }
    }
}
