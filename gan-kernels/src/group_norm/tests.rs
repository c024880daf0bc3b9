//! Group normalization and its derivative along a direction against plain loops in `f64`, and the
//! gradients of both against their differences.

use proptest::prelude::*;

use super::*;
use crate::reference::{
    ACTIVATIONS, activated, assert_near, assert_near_sums, gradient, is_smooth, numbers, wide,
};

impl GroupNorm {
    /// Sums over the numbers of the group and sample that each place belongs to.
    fn means(&self, numbers: &[f64]) -> Vec<f64> {
        let Map { pixels, channels, batch } = self.map;
        let of_group = channels / self.groups;
        let row = |place: usize| place / batch % channels / of_group * batch + place % batch;
        let mut means = vec![0.0; self.groups * batch];
        for (place, number) in numbers.iter().enumerate() {
            means[row(place)] += number / (pixels * of_group) as f64;
        }
        (0..numbers.len()).map(|place| means[row(place)]).collect()
    }

    fn centered(&self, numbers: &[f64]) -> Vec<f64> {
        numbers.iter().zip(self.means(numbers)).map(|(number, mean)| number - mean).collect()
    }

    /// The deviation at each place.
    fn deviations(&self, x: &[f64]) -> Vec<f64> {
        let squares: Vec<f64> = self.centered(x).iter().map(|x| x * x).collect();
        let variances = self.means(&squares);
        variances.iter().map(|variance| (variance + f64::from(self.epsilon)).sqrt()).collect()
    }

    fn normalized(&self, x: &[f64]) -> Vec<f64> {
        self.centered(x).iter().zip(self.deviations(x)).map(|(x, s)| x / s).collect()
    }

    /// The number of its channel for each place.
    fn spread(&self, of_channels: &[f64]) -> Vec<f64> {
        let Map { channels, batch, .. } = self.map;
        (0..self.map.len()).map(|place| of_channels[place / batch % channels]).collect()
    }

    fn before_activation(&self, x: &[f64], gamma: &[f64], beta: &[f64]) -> Vec<f64> {
        let scaled = self.normalized(x).into_iter().zip(self.spread(gamma));
        scaled.zip(self.spread(beta)).map(|((n, gamma), beta)| gamma * n + beta).collect()
    }

    fn derivative(&self, x: &[f64], v: &[f64], gamma: &[f64]) -> Vec<f64> {
        let (n, v) = (self.normalized(x), self.centered(v));
        let products: Vec<f64> = n.iter().zip(&v).map(|(n, v)| n * v).collect();
        let (m, s, gamma) = (self.means(&products), self.deviations(x), self.spread(gamma));
        (0..x.len()).map(|i| gamma[i] * (v[i] - n[i] * m[i]) / s[i]).collect()
    }
}

fn weighted(numbers: impl IntoIterator<Item = f64>, weights: &[f32]) -> f64 {
    numbers.into_iter().zip(weights).map(|(number, weight)| number * f64::from(*weight)).sum()
}

/// Samples, a direction, scales, shifts and weights of the result.
struct Case {
    x: Vec<f32>,
    v: Vec<f32>,
    gamma: Vec<f32>,
    beta: Vec<f32>,
    weights: Vec<f32>,
}

impl Case {
    fn of(norm: &GroupNorm) -> Self {
        let Map { channels, .. } = norm.map;
        let of_map = |salt| numbers(norm.map.len(), salt);
        Self {
            x: of_map(1).iter().map(|x| 2.0 * x + 0.5).collect(),
            v: of_map(2),
            gamma: numbers(channels, 3).iter().map(|x| x + 1.5).collect(),
            beta: numbers(channels, 4),
            weights: of_map(5),
        }
    }
}

/// `false` if differences would cross a kink.
fn check(norm: &GroupNorm, case: &Case) -> bool {
    let Case { x, gamma, beta, weights, .. } = case;
    let [x_64, gamma_64, beta_64] = [x, gamma, beta].map(|numbers| wide(numbers));
    let z = norm.before_activation(&x_64, &gamma_64, &beta_64);
    if !is_smooth(norm.activation, &z) {
        return false;
    }
    let activated = |z: f64| activated(norm.activation, z);
    let sum = |x: &[f64], gamma: &[f64], beta: &[f64]| {
        weighted(norm.before_activation(x, gamma, beta).into_iter().map(activated), weights)
    };
    let expected = [
        gradient(&x_64, |x| sum(x, &gamma_64, &beta_64)),
        gradient(&gamma_64, |gamma| sum(&x_64, gamma, &beta_64)),
        gradient(&beta_64, |beta| sum(&x_64, &gamma_64, beta)),
    ];
    let y: Vec<f64> = z.into_iter().map(activated).collect();
    let terms = norm.map.pixels * norm.map.batch;
    Level::each(|| {
        let map = norm.forward(x, gamma, beta);
        assert_near("the map", &map, &y);
        let found = norm.backward(x, [gamma, beta], weights);
        let [of_map, others @ ..] = &found;
        assert_near("the gradient of the map", of_map, &expected[0]);
        for ((found, expected), of) in others.iter().zip(&expected[1..]).zip(["scale", "shift"]) {
            assert_near_sums(&format!("the gradient of the {of}"), found, expected, terms);
        }
        let [of_map, of_scale, of_shift] = found;
        [map, of_map, of_scale, of_shift]
    });
    true
}

fn check_tangent(norm: &GroupNorm, case: &Case) {
    let Case { x, v, gamma, weights, .. } = case;
    let [x_64, v_64, gamma_64] = [x, v, gamma].map(|numbers| wide(numbers));
    let sum = |x: &[f64], v: &[f64], gamma: &[f64]| weighted(norm.derivative(x, v, gamma), weights);
    let expected = [
        gradient(&x_64, |x| sum(x, &v_64, &gamma_64)),
        gradient(&v_64, |v| sum(&x_64, v, &gamma_64)),
        gradient(&gamma_64, |gamma| sum(&x_64, &v_64, gamma)),
    ];
    let derivative = norm.derivative(&x_64, &v_64, &gamma_64);
    Level::each(|| {
        let tangent = norm.tangent(x, v, gamma);
        assert_near("the derivative", &tangent, &derivative);
        let found = norm.tangent_backward(x, v, gamma, weights);
        let [of_x, of_v, of_gamma] = &found;
        assert_near("the derivative's gradient of the map", of_x, &expected[0]);
        assert_near("the derivative's gradient of the direction", of_v, &expected[1]);
        let terms = norm.map.pixels * norm.map.batch;
        assert_near_sums("the derivative's gradient of the scale", of_gamma, &expected[2], terms);
        let [of_x, of_v, of_gamma] = found;
        [tangent, of_x, of_v, of_gamma]
    });
}

fn norms() -> impl Strategy<Value = GroupNorm> {
    let activation = prop::sample::select(&ACTIVATIONS[..]);
    let sizes = (1usize..=4, 1usize..=3, 1usize..=9, 1usize..=40, activation);
    let norm = |(pixels, groups, of_group, batch, activation)| {
        let map = Map { pixels, channels: groups * of_group, batch };
        GroupNorm { map, groups, epsilon: 1e-5, activation }
    };
    sizes.prop_map(norm).prop_filter("a map that can be moved in each of its numbers", |norm| {
        norm.map.pixels * norm.map.channels / norm.groups >= 4 && norm.map.len() <= 400
    })
}

/// Whether every group of every sample has a deviation to speak of.
fn varies(norm: &GroupNorm, case: &Case) -> bool {
    norm.deviations(&wide(&case.x)).iter().all(|deviation| *deviation > 0.3)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn results_and_gradients_are_those_of_plain_loops(norm in norms()) {
        let case = Case::of(&norm);
        prop_assume!(varies(&norm, &case));
        let checked = check(&norm, &case);
        prop_assume!(checked);
    }

    #[test]
    fn derivatives_and_their_gradients_are_those_of_plain_loops(norm in norms()) {
        let case = Case::of(&norm);
        prop_assume!(varies(&norm, &case));
        check_tangent(&norm, &case);
    }
}

/// The loops' formula is the derivative of the loops.
#[test]
fn the_derivative_is_the_limit_of_differences() {
    let map = Map { pixels: 3, channels: 6, batch: 5 };
    let norm = GroupNorm { map, groups: 2, epsilon: 1e-5, activation: Activation::Identity };
    let Case { x, v, gamma, beta, weights } = Case::of(&norm);
    let [x, v, gamma, beta] = [&x, &v, &gamma, &beta].map(|numbers| wide(numbers));
    let along = |step: &[f64]| {
        let moved: Vec<f64> = x.iter().zip(&v).map(|(x, v)| x + step[0] * v).collect();
        weighted(norm.before_activation(&moved, &gamma, &beta), &weights)
    };
    let expected = gradient(&[0.0], along)[0];
    let found = weighted(norm.derivative(&x, &v, &gamma), &weights);
    assert!((found - expected).abs() < 1e-8 * expected.abs(), "{found} for {expected}");
}
