//! Adam, fused into one pass over each tensor.

use crate::channels::in_stretches;
use crate::lanes::{for_each_vector, read, write};
use crate::simd::{Level, Simd, at_level};
use crate::threads::Shared;

/// One step of Adam: Kingma & Ba (2015), arXiv:1412.6980, algorithm 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AdamStep {
    /// Step size.
    pub lr: f32,
    /// Decay of the mean of gradients.
    pub beta_1: f32,
    /// Decay of the mean of squared gradients.
    pub beta_2: f32,
    /// Added to the root of the second moment.
    pub epsilon: f32,
    /// Steps taken, this one included.
    pub time: i32,
}

impl AdamStep {
    /// Moves `weights` along `gradient`, and both moments with them.
    ///
    /// `θ ← θ − lr·m̂ / (√v̂ + ε)` with `m̂ = m / (1 − β₁ᵗ)`, `v̂ = v / (1 − β₂ᵗ)`.
    ///
    /// # Panics
    /// If the four have different lengths.
    pub(crate) fn step(&self, weights: &mut [f32], gradient: &[f32], m: &mut [f32], v: &mut [f32]) {
        let length = weights.len();
        assert!(gradient.len() == length && m.len() == length && v.len() == length, "one length");
        let (weights, m, v) = (Shared::new(weights), Shared::new(m), Shared::new(v));
        let level = Level::here();
        in_stretches(length, |first, n| {
            // SAFETY: the level is the processor's; each stretch is written by one task.
            unsafe {
                let places = (weights.at(first), m.at(first), v.at(first));
                step_at_level(level, self, places, gradient.as_ptr().add(first), n);
            }
        });
    }
}

/// `1 − β₁ᵗ` and `√(1 − β₂ᵗ)`, in `f64`: powers near 1 leave few digits of such a difference.
pub(crate) fn corrections([beta_1, beta_2]: [f32; 2], time: i32) -> (f64, f64) {
    let rest = |beta: f32| 1.0 - f64::from(beta).powi(time);
    (rest(beta_1), rest(beta_2).sqrt())
}

at_level! {
    fn step_at_level(
        adam: &AdamStep,
        places: (*mut f32, *mut f32, *mut f32),
        gradient: *const f32,
        length: usize,
    ) = step
}

#[inline(always)]
unsafe fn step<S: Simd>(
    adam: &AdamStep,
    (weights, m, v): (*mut f32, *mut f32, *mut f32),
    gradient: *const f32,
    length: usize,
) {
    let &AdamStep { lr, beta_1, beta_2, epsilon, time } = adam;
    let (first, root) = corrections([beta_1, beta_2], time);
    let (rate, root) = ((f64::from(lr) * root / first) as f32, root as f32);
    // SAFETY: the caller's, for `length` numbers of each.
    unsafe {
        let (decay_1, rest_1) = (S::splat(beta_1), S::splat(1.0 - beta_1));
        let (decay_2, rest_2) = (S::splat(beta_2), S::splat(1.0 - beta_2));
        let (rate, epsilon) = (S::splat(-rate), S::splat(epsilon * root));
        for_each_vector!(S, length, |at, n| {
            let g = read::<S>(gradient.add(at), n);
            let first = S::mul_add(decay_1, read::<S>(m.add(at), n), S::mul(rest_1, g));
            let second = S::mul_add(decay_2, read::<S>(v.add(at), n), S::mul(rest_2, S::mul(g, g)));
            let step = S::div(first, S::add(S::sqrt(second), epsilon));
            let moved = S::mul_add(rate, step, read::<S>(weights.add(at), n));
            write::<S>(m.add(at), first, n);
            write::<S>(v.add(at), second, n);
            write::<S>(weights.add(at), moved, n);
        });
    }
}

#[cfg(test)]
mod tests;
