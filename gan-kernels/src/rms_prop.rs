//! RMSProp, fused into one pass over each tensor.

use crate::channels::in_stretches;
use crate::lanes::{for_each_vector, read, write};
use crate::simd::{Level, Simd, at_level};
use crate::threads::Shared;

/// One step of RMSProp: Tieleman & Hinton (2012).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct RmsPropStep {
    /// Step size.
    pub lr: f32,
    /// Decay of the mean of squared gradients.
    pub alpha: f32,
    /// Added to the root of that mean.
    pub epsilon: f32,
}

impl RmsPropStep {
    /// Moves `weights` along `gradient`, and the mean of squares with them.
    ///
    /// `θ ← θ − lr·g / (√v + ε)` with `v ← α·v + (1 − α)·g²`.
    ///
    /// # Panics
    /// If the three have different lengths.
    pub(crate) fn step(&self, weights: &mut [f32], gradient: &[f32], squares: &mut [f32]) {
        let length = weights.len();
        assert!(gradient.len() == length && squares.len() == length, "one length");
        let (weights, squares) = (Shared::new(weights), Shared::new(squares));
        let level = Level::here();
        in_stretches(length, |first, n| {
            // SAFETY: the level is the processor's; each stretch is written by one task.
            unsafe {
                let places = (weights.at(first), squares.at(first));
                step_at_level(level, self, places, gradient.as_ptr().add(first), n);
            }
        });
    }
}

at_level! {
    fn step_at_level(
        rule: &RmsPropStep,
        places: (*mut f32, *mut f32),
        gradient: *const f32,
        length: usize,
    ) = moved
}

#[inline(always)]
unsafe fn moved<S: Simd>(
    rule: &RmsPropStep,
    (weights, squares): (*mut f32, *mut f32),
    gradient: *const f32,
    length: usize,
) {
    let &RmsPropStep { lr, alpha, epsilon } = rule;
    // SAFETY: the caller's, for `length` numbers of each.
    unsafe {
        let (decay, rest) = (S::splat(alpha), S::splat(1.0 - alpha));
        let (rate, epsilon) = (S::splat(-lr), S::splat(epsilon));
        for_each_vector!(S, length, |at, n| {
            let g = read::<S>(gradient.add(at), n);
            let mean = read::<S>(squares.add(at), n);
            let mean = S::mul_add(decay, mean, S::mul(rest, S::mul(g, g)));
            let step = S::div(g, S::add(S::sqrt(mean), epsilon));
            let moved = S::mul_add(rate, step, read::<S>(weights.add(at), n));
            write::<S>(squares.add(at), mean, n);
            write::<S>(weights.add(at), moved, n);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::{assert_within, numbers, wide};

    /// Three steps from nothing, against the same loops in `f64`.
    #[test]
    fn steps_are_those_of_plain_loops() {
        for length in [0, 1, 7, 16, 33, 70_001] {
            let step = RmsPropStep { lr: 0.5, alpha: 0.9, epsilon: 1e-4 };
            let gradients: Vec<_> = (0..3).map(|time| numbers(length, 2 + time)).collect();
            let start = numbers(length, 1);
            let (mut weights, mut squares) = (wide(&start), vec![0.0; length]);
            for (i, weight) in weights.iter_mut().enumerate() {
                for gradient in &gradients {
                    let (g, alpha) = (f64::from(gradient[i]), f64::from(step.alpha));
                    squares[i] = alpha * squares[i] + (1.0 - alpha) * g * g;
                    *weight -= f64::from(step.lr) * g / (squares[i].sqrt() + 1e-4);
                }
            }
            Level::each(|| {
                let (mut found, mut found_squares) = (start.clone(), vec![0.0; length]);
                for gradient in &gradients {
                    step.step(&mut found, gradient, &mut found_squares);
                }
                assert_within(5e-6, &format!("{length} weights"), &found, &weights);
                assert_within(5e-6, &format!("{length} squares"), &found_squares, &squares);
                [found, found_squares]
            });
        }
    }
}
