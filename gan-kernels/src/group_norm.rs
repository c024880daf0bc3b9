//! Group normalization with the activation behind it, and its derivative along a direction.
//!
//! `n = (x − x̄)/s` with `s = √(variance + ε)`, mean and variance of each sample over the pixels and
//! the channels of a group; `y = activation(γ·n + β)`. Samples lie side by side in memory, so each
//! lane of a vector is a sample with statistics of its own.

use crate::activation::Activation;
use crate::channels::Map;
use crate::lanes::{read, write};
use crate::simd::{Level, Simd, at_level};
use crate::threads::{STREAMED, for_each};

/// Group normalization of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct GroupNorm {
    /// The shape of the map.
    pub map: Map,
    /// Groups of channels; 1 is layer normalization. Divides the channels.
    pub groups: usize,
    /// Added to the variance.
    pub epsilon: f32,
    /// What follows.
    pub activation: Activation,
}

/// Samples that one task takes along.
const SAMPLES: usize = 16;

/// Where the numbers of a map, and those of each channel, are read and written.
#[derive(Clone, Copy)]
struct Places {
    x: *const f32,
    /// The direction, of a tangent.
    v: *const f32,
    gradient: *const f32,
    gamma: *const f32,
    beta: *const f32,
    first: *mut f32,
    second: *mut f32,
    /// Sums for each channel and sample of a task, `[channels][SAMPLES]`.
    of_gamma: *mut f32,
    of_beta: *mut f32,
}

// SAFETY: addresses only; every task writes to places of its own.
unsafe impl Sync for Places {}

/// Which of the four passes is meant.
#[derive(Clone, Copy)]
enum Pass {
    Forward,
    Backward,
    Tangent,
    TangentBackward,
}

impl GroupNorm {
    /// `activation(γ·n + β)`.
    ///
    /// # Panics
    /// If a slice has another length than the map says.
    pub(crate) fn forward(&self, x: &[f32], gamma: &[f32], beta: &[f32]) -> Vec<f32> {
        let [y, ..] = self.run(Pass::Forward, [x, x, x], [gamma, beta]).0;
        y
    }

    /// The gradients of `x`, `γ` and `β`, given that of the result.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub(crate) fn backward(
        &self,
        x: &[f32],
        [gamma, beta]: [&[f32]; 2],
        gradient: &[f32],
    ) -> [Vec<f32>; 3] {
        let ([of_x, _], [of_gamma, of_beta]) =
            self.run(Pass::Backward, [x, x, gradient], [gamma, beta]);
        [of_x, of_gamma, of_beta]
    }

    /// The derivative of `γ·n + β` along `v`: `γ·ṅ` with `ṅ = (v − v̄ − n·m)/s`, `m = mean(n·v)`.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub(crate) fn tangent(&self, x: &[f32], v: &[f32], gamma: &[f32]) -> Vec<f32> {
        let [derivative, ..] = self.run(Pass::Tangent, [x, v, x], [gamma, gamma]).0;
        derivative
    }

    /// The gradients of `x`, `v` and `γ`, given that of the derivative.
    ///
    /// With `b = γ·gradient`, `P(u) = u − ū − n·mean(u·n)` and `h = −(b·m + mean(b·n)·v)/s`:
    /// `∂v = P(b)/s` and `∂x = (P(h) − n·mean(b·ṅ))/s`.
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    pub(crate) fn tangent_backward(
        &self,
        x: &[f32],
        v: &[f32],
        gamma: &[f32],
        gradient: &[f32],
    ) -> [Vec<f32>; 3] {
        let ([of_x, of_v], [of_gamma, _]) =
            self.run(Pass::TangentBackward, [x, v, gradient], [gamma, gamma]);
        [of_x, of_v, of_gamma]
    }

    /// One of the passes: two maps and two numbers for each channel, as far as it makes them.
    fn run(
        &self,
        pass: Pass,
        [x, v, gradient]: [&[f32]; 3],
        [gamma, beta]: [&[f32]; 2],
    ) -> ([Vec<f32>; 2], [Vec<f32>; 2]) {
        let Map { channels, batch, .. } = self.map;
        for map in [x, v, gradient] {
            assert_eq!(map.len(), self.map.len(), "numbers of the map");
        }
        assert!(gamma.len() == channels && beta.len() == channels, "one for each channel");
        assert_eq!(channels % self.groups, 0, "groups of equally many channels");
        let blocks = batch.div_ceil(SAMPLES);
        let mut first: Vec<f32> = Vec::with_capacity(self.map.len());
        let pair = matches!(pass, Pass::TangentBackward);
        let mut second: Vec<f32> = Vec::with_capacity(if pair { self.map.len() } else { 0 });
        let sums = match pass {
            Pass::Forward | Pass::Tangent => 0,
            Pass::Backward | Pass::TangentBackward => blocks * channels * SAMPLES,
        };
        let (mut of_gamma, mut of_beta) = (vec![0.0; sums], vec![0.0; sums]);
        let places = Places {
            x: x.as_ptr(),
            v: v.as_ptr(),
            gradient: gradient.as_ptr(),
            gamma: gamma.as_ptr(),
            beta: beta.as_ptr(),
            first: first.as_mut_ptr(),
            second: second.as_mut_ptr(),
            of_gamma: of_gamma.as_mut_ptr(),
            of_beta: of_beta.as_mut_ptr(),
        };
        let level = Level::here();
        let places = &places;
        for_each(self.groups * blocks, 3 * STREAMED * self.map.len(), |task| {
            // SAFETY: the level is the processor's; a task has its samples of its group to itself,
            // and all places are as large as the map and the channels.
            unsafe { pass_at_level(level, self, pass, task, *places) };
        });
        // SAFETY: every group of every sample was written.
        unsafe {
            first.set_len(self.map.len());
            second.set_len(if pair { self.map.len() } else { 0 });
        }
        ([first, second], [of_gamma, of_beta].map(|sums| self.add_up(&sums)))
    }

    /// The sum over all samples of each channel, in their order.
    fn add_up(&self, sums: &[f32]) -> Vec<f32> {
        let mut of_channels = vec![0.0; self.map.channels];
        for block in sums.chunks_exact(self.map.channels * SAMPLES) {
            for (sum, samples) in of_channels.iter_mut().zip(block.chunks_exact(SAMPLES)) {
                *sum += samples.iter().sum::<f32>();
            }
        }
        of_channels
    }
}

at_level! {
    /// One pass over the samples of a task.
    fn pass_at_level(norm: &GroupNorm, pass: Pass, task: usize, places: Places) = one_task
}

#[inline(always)]
unsafe fn one_task<S: Simd>(norm: &GroupNorm, pass: Pass, task: usize, places: Places) {
    let blocks = norm.map.batch.div_ceil(SAMPLES);
    let (group, block) = (task / blocks, task % blocks);
    let end = ((block + 1) * SAMPLES).min(norm.map.batch);
    let mut sample = block * SAMPLES;
    while sample < end {
        let lanes = Lanes { norm, group, block, sample, n: S::LANES.min(end - sample) };
        // SAFETY: the caller's.
        unsafe {
            match pass {
                Pass::Forward => lanes.forward::<S>(places),
                Pass::Backward => lanes.backward::<S>(places),
                Pass::Tangent => lanes.tangent::<S>(places),
                Pass::TangentBackward => lanes.tangent_backward::<S>(places),
            }
        }
        sample += S::LANES;
    }
}

/// `n` samples of one group.
#[derive(Clone, Copy)]
struct Lanes<'a> {
    norm: &'a GroupNorm,
    group: usize,
    block: usize,
    sample: usize,
    n: usize,
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
            // Around the first number, so that a large mean does not swallow the variance.
            let first = self.group * (self.norm.map.channels / self.norm.groups);
            let shift = read::<S>(x.add(first * self.norm.map.batch + self.sample), n);
            let (mut sum, mut squares) = (S::splat(0.0), S::splat(0.0));
            for_each_row!(self, |at, _c| {
                let d = S::sub(read::<S>(x.add(at), n), shift);
                sum = S::add(sum, d);
                squares = S::mul_add(d, d, squares);
            });
            let from_shift = S::mul(sum, count);
            let variance = S::sub(S::mul(squares, count), S::mul(from_shift, from_shift));
            let variance = S::where_positive(variance, variance, S::splat(0.0));
            let deviation = S::sqrt(S::add(variance, S::splat(self.norm.epsilon)));
            Statistics {
                mean: S::add(shift, from_shift),
                per_deviation: S::div(S::splat(1.0), deviation),
            }
        }
    }

    #[inline(always)]
    unsafe fn forward<S: Simd>(&self, places: Places) {
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
    unsafe fn backward<S: Simd>(&self, places: Places) {
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
    unsafe fn tangent<S: Simd>(&self, places: Places) {
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
    unsafe fn tangent_backward<S: Simd>(&self, places: Places) {
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
