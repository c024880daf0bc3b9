//! Conditional batch normalization: each sample is scaled and shifted by numbers of its own, such as
//! those of its class.
//!
//! `y = activation(s·x̂ + t)` with `x̂` as in batch normalization, over the whole batch, and `s` and
//! `t` of a channel and a sample. They lie in memory as a pixel of the map does.

use super::{BatchNorm, Channel, Normalized, TwoOf, statistics};
use crate::activation::Activation;
use crate::channels::BLOCK;
use crate::lanes::{for_each_vector, read, write};
use crate::simd::{Level, Simd, at_level};
use crate::threads::Shared;

/// The gradients of a conditional normalization.
#[derive(Clone, Debug)]
pub(crate) struct ConditionalGradients {
    /// Of the map.
    pub x: Vec<f32>,
    /// Of the scale of each channel and sample.
    pub scale: Vec<f32>,
    /// Of the shift of each channel and sample.
    pub shift: Vec<f32>,
}

impl BatchNorm {
    /// Normalizes `x`, then scales and shifts each sample by numbers of its own,
    /// `[channels][batch]`.
    ///
    /// # Panics
    /// If the length of a slice differs from that of the map, or of a pixel of it.
    pub(crate) fn forward_by_sample(&self, x: &[f32], scale: &[f32], shift: &[f32]) -> Normalized {
        let map = &self.map;
        assert_eq!(x.len(), map.len(), "numbers of the map");
        self.check_by_sample([scale, shift]);
        let mut y = Vec::with_capacity(map.len());
        let (mut mean, mut variance) = (vec![0.0; map.channels], vec![0.0; map.channels]);
        let place = Shared::new(y.spare_capacity_mut());
        let (means, variances) = (Shared::new(&mut mean), Shared::new(&mut variance));
        let level = Level::here();
        map.for_each_block(2, |first, n| {
            // SAFETY: the level is the processor's; each task writes its own channels.
            unsafe {
                let of_block = (means.at(first), variances.at(first));
                let affine = (scale.as_ptr(), shift.as_ptr());
                let y = place.at(0).cast::<f32>();
                forward_at_level(level, self, (first, n), x.as_ptr(), affine, y, of_block);
            }
        });
        // SAFETY: every channel was written.
        unsafe { y.set_len(map.len()) };
        Normalized { y, mean, variance }
    }

    /// The gradients, given the gradient of the result and what went in.
    ///
    /// # Panics
    /// As [`forward_by_sample`](Self::forward_by_sample).
    pub(crate) fn backward_by_sample(
        &self,
        x: &[f32],
        [scale, shift]: [&[f32]; 2],
        [mean, variance]: [&[f32]; 2],
        gradient: &[f32],
    ) -> ConditionalGradients {
        let map = &self.map;
        assert!(x.len() == map.len() && gradient.len() == map.len(), "numbers of the map");
        self.check_by_sample([scale, shift]);
        assert!(mean.len() == map.channels && variance.len() == map.channels, "channels");
        let mut dx = Vec::with_capacity(map.len());
        let numbers = map.channels * map.batch;
        let (mut of_scale, mut of_shift) = (vec![0.0; numbers], vec![0.0; numbers]);
        let place = Shared::new(dx.spare_capacity_mut());
        let (scales, shifts) = (Shared::new(&mut of_scale), Shared::new(&mut of_shift));
        let level = Level::here();
        map.for_each_block(3, |first, n| {
            let channels = std::array::from_fn(|c| {
                let c = first + c.min(n - 1);
                let per_deviation = 1.0 / (variance[c] + self.epsilon).sqrt();
                Channel { gamma: 1.0, beta: 0.0, mean: mean[c], per_deviation }
            });
            // SAFETY: the level is the processor's; each task writes its own channels.
            unsafe {
                let sums = (scales.at(0), shifts.at(0));
                let given = (x.as_ptr(), gradient.as_ptr());
                let affine = (scale.as_ptr(), shift.as_ptr());
                let dx = place.at(0).cast::<f32>();
                backward_at_level(level, self, (first, n, &channels), given, affine, dx, sums);
            }
        });
        // SAFETY: every channel was written.
        unsafe { dx.set_len(map.len()) };
        ConditionalGradients { x: dx, scale: of_scale, shift: of_shift }
    }

    fn check_by_sample(&self, affine: [&[f32]; 2]) {
        let numbers = self.map.channels * self.map.batch;
        let fits = affine.iter().all(|of_samples| of_samples.len() == numbers);
        assert!(fits, "one for each channel of each sample");
    }
}

at_level! {
    fn forward_at_level(
        norm: &BatchNorm,
        block: (usize, usize),
        x: *const f32,
        scale_shift: TwoOf<*const f32>,
        y: *mut f32,
        mean_variance: TwoOf<*mut f32>,
    ) = forward
}

#[inline(always)]
unsafe fn forward<S: Simd>(
    norm: &BatchNorm,
    (first, n): (usize, usize),
    x: *const f32,
    (scale, shift): TwoOf<*const f32>,
    y: *mut f32,
    (mean, variance): TwoOf<*mut f32>,
) {
    let &BatchNorm { map, epsilon, activation } = norm;
    // SAFETY: the caller's; rows stay inside the map.
    unsafe {
        statistics::<S>(&map, (first, n), x, (mean, variance));
        for pixel in 0..map.pixels {
            for c in 0..n {
                let of_samples = (first + c) * map.batch;
                let row = pixel * map.channels * map.batch + of_samples;
                let rate = S::splat(1.0 / (*variance.add(c) + epsilon).sqrt());
                let mean = S::splat(*mean.add(c));
                let (scale, shift) = (scale.add(of_samples), shift.add(of_samples));
                for_each_vector!(S, map.batch, |at, n| {
                    let normalized = S::mul(S::sub(read::<S>(x.add(row + at), n), mean), rate);
                    let (scale, shift) = (read::<S>(scale.add(at), n), read::<S>(shift.add(at), n));
                    let z = S::mul_add(normalized, scale, shift);
                    write::<S>(y.add(row + at), activation.apply::<S>(z), n);
                });
            }
        }
    }
}

at_level! {
    fn backward_at_level(
        norm: &BatchNorm,
        block: (usize, usize, &[Channel; BLOCK]),
        x_gradient: TwoOf<*const f32>,
        scale_shift: TwoOf<*const f32>,
        dx: *mut f32,
        sums: TwoOf<*mut f32>,
    ) = backward
}

#[expect(clippy::too_many_lines, reason = "two passes over the same block, which share its sums")]
#[inline(always)]
unsafe fn backward<S: Simd>(
    norm: &BatchNorm,
    (first, n, channels): (usize, usize, &[Channel; BLOCK]),
    (x, gradient): TwoOf<*const f32>,
    (scale, shift): TwoOf<*const f32>,
    dx: *mut f32,
    (of_scale, of_shift): TwoOf<*mut f32>,
) {
    let &BatchNorm { map, activation, .. } = norm;
    let count = (map.pixels * map.batch) as f32;
    let row = |pixel: usize, c: usize| (pixel * map.channels + first + c) * map.batch;
    // SAFETY: the caller's; rows stay inside the map.
    unsafe {
        for pixel in 0..map.pixels {
            for c in 0..n {
                let (row, of_samples) = (row(pixel, c), (first + c) * map.batch);
                for_each_vector!(S, map.batch, |at, n| {
                    let sample = of_samples + at;
                    let given = (x.add(row + at), gradient.add(row + at));
                    let affine = (scale.add(sample), shift.add(sample));
                    let (normalized, dz, _) =
                        slopes::<S>(activation, &channels[c], given, affine, n);
                    let (scales, shifts) = (of_scale.add(sample), of_shift.add(sample));
                    let sum = S::mul_add(dz, normalized, read::<S>(scales, n));
                    write::<S>(scales, sum, n);
                    write::<S>(shifts, S::add(read::<S>(shifts, n), dz), n);
                });
            }
        }
        for c in 0..n {
            let of_samples = (first + c) * map.batch;
            let (mut slope, mut mean) = (0.0, 0.0);
            for sample in of_samples..of_samples + map.batch {
                slope += *scale.add(sample) * *of_scale.add(sample);
                mean += *scale.add(sample) * *of_shift.add(sample);
            }
            let (slope, mean) = (S::splat(-(slope / count)), S::splat(mean / count));
            let rate = S::splat(channels[c].per_deviation);
            for pixel in 0..map.pixels {
                let row = row(pixel, c);
                for_each_vector!(S, map.batch, |at, n| {
                    let given = (x.add(row + at), gradient.add(row + at));
                    let affine = (scale.add(of_samples + at), shift.add(of_samples + at));
                    let (normalized, dz, scale) =
                        slopes::<S>(activation, &channels[c], given, affine, n);
                    let centered = S::mul_add(slope, normalized, S::sub(S::mul(dz, scale), mean));
                    write::<S>(dx.add(row + at), S::mul(rate, centered), n);
                });
            }
        }
    }
}

/// The next `n` normalized numbers, the gradients before their activation, and their scales.
#[inline(always)]
unsafe fn slopes<S: Simd>(
    activation: Activation,
    channel: &Channel,
    (x, gradient): TwoOf<*const f32>,
    (scale, shift): TwoOf<*const f32>,
    n: usize,
) -> (S::V, S::V, S::V) {
    // SAFETY: the caller's.
    unsafe {
        let d = S::sub(read::<S>(x, n), S::splat(channel.mean));
        let normalized = S::mul(d, S::splat(channel.per_deviation));
        let scale = read::<S>(scale, n);
        let y = activation.apply::<S>(S::mul_add(normalized, scale, read::<S>(shift, n)));
        (normalized, activation.backward::<S>(y, read::<S>(gradient, n)), scale)
    }
}

#[cfg(test)]
mod tests;
