//! Batch normalization with a fused activation: two passes over the map forward, two backward.
//!
//! `y = activation(γ·x̂ + β)` with `x̂ = (x − mean) / √(variance + ε)`, mean and variance of each
//! channel over the pixels and samples of the batch.

mod conditional;

use crate::activation::Activation;
use crate::channels::{BLOCK, Map};
use crate::lanes::{Sum, first_lanes, for_each_vector, read, write};
use crate::simd::{Level, Simd, at_level};
use crate::threads::Shared;

/// Batch normalization of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct BatchNorm {
    /// The shape of the map.
    pub map: Map,
    /// Added to the variance.
    pub epsilon: f32,
    /// What follows.
    pub activation: Activation,
}

/// What the batch normalization of a map makes.
#[derive(Clone, Debug)]
pub(crate) struct Normalized {
    /// The normalized map.
    pub y: Vec<f32>,
    /// The mean of each channel.
    pub mean: Vec<f32>,
    /// The variance of each channel, over all of its numbers (not one less).
    pub variance: Vec<f32>,
}

/// The gradients of a normalization.
#[derive(Clone, Debug)]
pub(crate) struct Gradients {
    /// Of the map.
    pub x: Vec<f32>,
    /// Of the scale of each channel.
    pub gamma: Vec<f32>,
    /// Of the shift of each channel.
    pub beta: Vec<f32>,
}

impl BatchNorm {
    /// Normalizes `x`.
    ///
    /// # Numerics
    /// The variance is taken around the mean of the first pixel, so that a large mean does not
    /// swallow it.
    ///
    /// # Panics
    /// If the length of a slice differs from that of the map.
    pub(crate) fn forward(&self, x: &[f32], gamma: &[f32], beta: &[f32]) -> Normalized {
        let map = &self.map;
        assert_eq!(x.len(), map.len(), "numbers of the map");
        assert!(gamma.len() == map.channels && beta.len() == map.channels, "one for each channel");
        let mut y = Vec::with_capacity(map.len());
        let (mut mean, mut variance) = (vec![0.0; map.channels], vec![0.0; map.channels]);
        let place = Shared::new(y.spare_capacity_mut());
        let (means, variances) = (Shared::new(&mut mean), Shared::new(&mut variance));
        let level = Level::here();
        map.for_each_block(2, |first, n| {
            // SAFETY: the level is the processor's; each task writes its own channels.
            unsafe {
                let statistics = (means.at(first), variances.at(first));
                let of_block = (gamma.as_ptr().add(first), beta.as_ptr().add(first));
                let y = place.at(0).cast::<f32>();
                forward_at_level(level, self, (first, n), x.as_ptr(), of_block, y, statistics);
            }
        });
        // SAFETY: every channel was written.
        unsafe { y.set_len(map.len()) };
        Normalized { y, mean, variance }
    }

    /// The gradients, given the gradient of the result and what went in.
    ///
    /// # Panics
    /// If the length of a slice differs from that of the map.
    pub(crate) fn backward(
        &self,
        x: &[f32],
        [gamma, beta]: [&[f32]; 2],
        [mean, variance]: [&[f32]; 2],
        gradient: &[f32],
    ) -> Gradients {
        let map = &self.map;
        assert!(x.len() == map.len() && gradient.len() == map.len(), "numbers of the map");
        for of_channels in [gamma, beta, mean, variance] {
            assert_eq!(of_channels.len(), map.channels, "one for each channel");
        }
        let mut dx = Vec::with_capacity(map.len());
        let (mut of_gamma, mut of_beta) = (vec![0.0; map.channels], vec![0.0; map.channels]);
        let place = Shared::new(dx.spare_capacity_mut());
        let (gammas, betas) = (Shared::new(&mut of_gamma), Shared::new(&mut of_beta));
        let level = Level::here();
        map.for_each_block(3, |first, n| {
            let channels = std::array::from_fn(|c| {
                let c = first + c.min(n - 1);
                let deviation = 1.0 / (variance[c] + self.epsilon).sqrt();
                Channel { gamma: gamma[c], beta: beta[c], mean: mean[c], per_deviation: deviation }
            });
            // SAFETY: the level is the processor's; each task writes its own channels.
            unsafe {
                let sums = (gammas.at(first), betas.at(first));
                let given = (x.as_ptr(), gradient.as_ptr());
                let dx = place.at(0).cast::<f32>();
                backward_at_level(level, self, (first, n), &channels, given, dx, sums);
            }
        });
        // SAFETY: every channel was written.
        unsafe { dx.set_len(map.len()) };
        Gradients { x: dx, gamma: of_gamma, beta: of_beta }
    }
}

/// What a channel is normalized by.
#[derive(Clone, Copy)]
struct Channel {
    gamma: f32,
    beta: f32,
    mean: f32,
    per_deviation: f32,
}

/// Places of numbers that there is one of for each channel.
type TwoOf<T> = (T, T);

at_level! {
    fn forward_at_level(
        norm: &BatchNorm,
        block: (usize, usize),
        x: *const f32,
        gamma_beta: TwoOf<*const f32>,
        y: *mut f32,
        mean_variance: TwoOf<*mut f32>,
    ) = forward
}

#[inline(always)]
unsafe fn forward<S: Simd>(
    norm: &BatchNorm,
    (first, n): (usize, usize),
    x: *const f32,
    (gamma, beta): TwoOf<*const f32>,
    y: *mut f32,
    (mean, variance): TwoOf<*mut f32>,
) {
    let &BatchNorm { map, epsilon, activation } = norm;
    let row = |pixel: usize, c: usize| (pixel * map.channels + first + c) * map.batch;
    // SAFETY: the caller's; rows stay inside the map.
    unsafe {
        statistics::<S>(&map, (first, n), x, (mean, variance));
        let (mut scale, mut offset) = ([0.0; BLOCK], [0.0; BLOCK]);
        for c in 0..n {
            scale[c] = *gamma.add(c) / (*variance.add(c) + epsilon).sqrt();
            offset[c] = *beta.add(c);
        }
        for pixel in 0..map.pixels {
            for c in 0..n {
                let (from, to) = (x.add(row(pixel, c)), y.add(row(pixel, c)));
                let (mean, scale) = (S::splat(*mean.add(c)), S::splat(scale[c]));
                let offset = S::splat(offset[c]);
                for_each_vector!(S, map.batch, |at, n| {
                    let d = S::sub(read::<S>(from.add(at), n), mean);
                    let z = S::mul_add(d, scale, offset);
                    write::<S>(to.add(at), activation.apply::<S>(z), n);
                });
            }
        }
    }
}

/// Mean and variance of the channels of a block.
#[inline(always)]
unsafe fn statistics<S: Simd>(
    map: &Map,
    (first, n): (usize, usize),
    x: *const f32,
    (mean, variance): TwoOf<*mut f32>,
) {
    let row = |pixel: usize, c: usize| (pixel * map.channels + first + c) * map.batch;
    let count = (map.pixels * map.batch) as f32;
    // SAFETY: the caller's; rows stay inside the map.
    unsafe {
        let mut shift = [0.0; BLOCK];
        for c in 0..n {
            let mut sum = Sum::<S>::zero();
            for_each_vector!(S, map.batch, |at, n| {
                sum.add(at, read::<S>(x.add(row(0, c) + at), n));
            });
            shift[c] = sum.total() / map.batch as f32;
        }
        let (mut sums, mut squares) = ([Sum::<S>::zero(); BLOCK], [Sum::<S>::zero(); BLOCK]);
        for pixel in 0..map.pixels {
            for c in 0..n {
                let (row, shift) = (x.add(row(pixel, c)), S::splat(shift[c]));
                for_each_vector!(S, map.batch, |at, n| {
                    let mut d = S::sub(read::<S>(row.add(at), n), shift);
                    if n < S::LANES {
                        d = first_lanes::<S>(d, n);
                    }
                    sums[c].add(at, d);
                    squares[c].add_product(at, d, d);
                });
            }
        }
        for c in 0..n {
            let from_shift = sums[c].total() / count;
            let around_mean = squares[c].total() / count - from_shift * from_shift;
            *mean.add(c) = shift[c] + from_shift;
            *variance.add(c) = around_mean.max(0.0);
        }
    }
}

at_level! {
    fn backward_at_level(
        norm: &BatchNorm,
        block: (usize, usize),
        channels: &[Channel; BLOCK],
        x_gradient: TwoOf<*const f32>,
        dx: *mut f32,
        gamma_beta: TwoOf<*mut f32>,
    ) = backward
}

#[inline(always)]
unsafe fn backward<S: Simd>(
    norm: &BatchNorm,
    (first, n): (usize, usize),
    channels: &[Channel; BLOCK],
    (x, gradient): TwoOf<*const f32>,
    dx: *mut f32,
    (of_gamma, of_beta): TwoOf<*mut f32>,
) {
    let &BatchNorm { map, activation, .. } = norm;
    let row = |pixel: usize, c: usize| (pixel * map.channels + first + c) * map.batch;
    let count = (map.pixels * map.batch) as f32;
    // SAFETY: the caller's; rows stay inside the map.
    unsafe {
        let (mut gammas, mut betas) = ([Sum::<S>::zero(); BLOCK], [Sum::<S>::zero(); BLOCK]);
        for pixel in 0..map.pixels {
            for c in 0..n {
                let row = row(pixel, c);
                // Behind the last sample the gradient reads as 0, and adds nothing.
                for_each_vector!(S, map.batch, |at, n| {
                    let channel = Vectors::<S>::of(&channels[c]);
                    let (normalized, dz) =
                        channel.at(activation, x.add(row + at), gradient.add(row + at), n);
                    gammas[c].add_product(at, dz, normalized);
                    betas[c].add(at, dz);
                });
            }
        }
        for c in 0..n {
            *of_gamma.add(c) = gammas[c].total();
            *of_beta.add(c) = betas[c].total();
        }
        for pixel in 0..map.pixels {
            for c in 0..n {
                let (row, channel) = (row(pixel, c), &channels[c]);
                let scale = S::splat(channel.gamma * channel.per_deviation);
                let mean_dz = S::splat(*of_beta.add(c) / count);
                let slope = S::splat(-(*of_gamma.add(c) / count));
                for_each_vector!(S, map.batch, |at, n| {
                    let vectors = Vectors::<S>::of(channel);
                    let (normalized, dz) =
                        vectors.at(activation, x.add(row + at), gradient.add(row + at), n);
                    let centered = S::mul_add(slope, normalized, S::sub(dz, mean_dz));
                    write::<S>(dx.add(row + at), S::mul(scale, centered), n);
                });
            }
        }
    }
}

/// A [`Channel`] in every lane.
struct Vectors<S: Simd> {
    gamma: S::V,
    beta: S::V,
    mean: S::V,
    per_deviation: S::V,
}

impl<S: Simd> Vectors<S> {
    #[inline(always)]
    unsafe fn of(channel: &Channel) -> Self {
        // SAFETY: the caller's.
        unsafe {
            Self {
                gamma: S::splat(channel.gamma),
                beta: S::splat(channel.beta),
                mean: S::splat(channel.mean),
                per_deviation: S::splat(channel.per_deviation),
            }
        }
    }

    /// The normalized numbers, and the gradients before the activation.
    #[inline(always)]
    unsafe fn at(
        &self,
        activation: Activation,
        x: *const f32,
        gradient: *const f32,
        n: usize,
    ) -> (S::V, S::V) {
        // SAFETY: the caller's.
        unsafe {
            let d = S::sub(read::<S>(x, n), self.mean);
            let normalized = S::mul(d, self.per_deviation);
            let y = activation.apply::<S>(S::mul_add(normalized, self.gamma, self.beta));
            (normalized, activation.backward::<S>(y, read::<S>(gradient, n)))
        }
    }
}

#[cfg(test)]
mod tests;
