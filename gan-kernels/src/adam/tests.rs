//! Adam against the same loops in `f64`.

use proptest::prelude::*;

use super::*;
use crate::reference::{assert_within, numbers, wide};

/// Weights and both moments.
type State<T> = [Vec<T>; 3];

fn step_in_f64(adam: &AdamStep, [weights, m, v]: &mut State<f64>, gradient: &[f64]) {
    let [lr, beta_1, beta_2, epsilon] =
        [adam.lr, adam.beta_1, adam.beta_2, adam.epsilon].map(f64::from);
    for i in 0..gradient.len() {
        m[i] = beta_1 * m[i] + (1.0 - beta_1) * gradient[i];
        v[i] = beta_2 * v[i] + (1.0 - beta_2) * gradient[i] * gradient[i];
        let m_hat = m[i] / (1.0 - beta_1.powi(adam.time));
        let v_hat = v[i] / (1.0 - beta_2.powi(adam.time));
        weights[i] -= lr * m_hat / (v_hat.sqrt() + epsilon);
    }
}

/// Steps `first..first + 5`, from moments as they may be then.
fn check(length: usize, first: i32, betas: [f32; 2]) {
    let start = [numbers(length, 1), numbers(length, 2), numbers(length, 3)];
    let [weights, m, v] = start;
    let earlier = |moment: &f32| if first == 1 { 0.0 } else { *moment };
    let start = [
        weights,
        m.iter().map(earlier).collect(),
        v.iter().map(|v| earlier(v).abs() + if first == 1 { 0.0 } else { 0.1 }).collect(),
    ];
    // A rate at which no digit of a step is lost beside its weight.
    let at = |time| AdamStep { lr: 1.0, beta_1: betas[0], beta_2: betas[1], epsilon: 1e-4, time };
    let gradient = |time: i32| numbers(length, 4 + time.unsigned_abs() as usize);
    let mut expected: State<f64> = start.each_ref().map(|numbers| wide(numbers));
    for time in first..first + 5 {
        step_in_f64(&at(time), &mut expected, &wide(&gradient(time)));
    }
    Level::each(|| {
        let [mut weights, mut m, mut v] = start.clone();
        for time in first..first + 5 {
            at(time).step(&mut weights, &gradient(time), &mut m, &mut v);
        }
        let found = [weights, m, v];
        for (found, expected) in found.iter().zip(&expected) {
            assert_within(5e-6, &format!("{betas:?}, from step {first}"), found, expected);
        }
        found
    });
}

proptest! {
    #[test]
    fn steps_are_those_of_plain_loops(
        length in 0usize..70,
        first in prop_oneof![Just(1), 2i32..3000],
        betas in prop_oneof![Just([0.9, 0.999]), Just([0.5, 0.999]), Just([0.0, 0.99])],
    ) {
        check(length, first, betas);
    }
}

/// More numbers than one task takes.
#[test]
fn long_tensors_are_moved_to_their_ends() {
    check(70_001, 1, [0.5, 0.9]);
}
