//! Group normalization with a fused activation, and its Jacobian–vector product.
//!
//! `n = (x − x̄)/s` with `s = √(variance + ε)`, mean and variance of each sample over the pixels and
//! the channels of a group; `y = activation(γ·n + β)`. Samples are contiguous in memory, so each
//! lane of a vector is a sample with statistics of its own.

mod samples;

use crate::activation::Activation;
use crate::channels::Map;
use crate::simd::{Level, Simd, at_level};
use crate::threads::{STREAMED, for_each};
use samples::Lanes;

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
    /// If the length of a slice differs from that of the map.
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

#[cfg(test)]
mod tests;
