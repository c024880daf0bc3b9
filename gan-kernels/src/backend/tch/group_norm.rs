//! Group normalization by libtorch's kernels, and its derivative along a direction in tensor
//! operations, which libtorch has no kernel for.

use tch::{Kind, Tensor};

use super::{activated, script};
use crate::backend::GroupNormalization;

/// What a forward pass makes.
pub(super) struct Normalized {
    /// `activation(γ·n + β)`.
    pub y: Tensor,
    mean: Tensor,
    /// One over the deviation.
    rate: Tensor,
}

/// Samples, channels and pixels.
fn sizes(x: &Tensor) -> [i64; 3] {
    let sizes = x.size();
    [sizes[0], sizes[1], sizes[2..].iter().product()]
}

/// `activation(γ·n + β)`.
pub(super) fn forward(
    x: &Tensor,
    [gamma, beta]: [&Tensor; 2],
    norm: GroupNormalization,
) -> Normalized {
    let GroupNormalization { groups, epsilon, activation } = norm;
    let [batch, channels, pixels] = sizes(x);
    let (groups, epsilon) = (groups as i64, f64::from(epsilon));
    let (y, mean, rate) = x.contiguous().native_group_norm(
        Some(gamma),
        Some(beta),
        batch,
        channels,
        pixels,
        groups,
        epsilon,
    );
    Normalized { y: activated(y, activation), mean, rate }
}

impl Normalized {
    /// The gradients of `x`, `γ` and `β`, given that before the activation.
    pub(super) fn backward(
        &self,
        x: &Tensor,
        gamma: &Tensor,
        gradient: &Tensor,
        norm: GroupNormalization,
    ) -> [Tensor; 3] {
        let (x, gradient) = (&x.contiguous(), gradient.contiguous());
        let statistics = [&self.mean, &self.rate];
        script::group_norm(&gradient, [x, gamma], statistics, sizes(x), norm.groups as i64)
    }
}

/// `n` of each group of each sample, in a row each, and its deviation.
struct Rows {
    n: Tensor,
    deviation: Tensor,
}

impl Rows {
    fn of(x: &Tensor, norm: GroupNormalization) -> Self {
        let rows = x.reshape([x.size()[0] * norm.groups as i64, -1]);
        let centered = &rows - mean(&rows);
        let deviation = (mean(&centered.square()) + f64::from(norm.epsilon)).sqrt_();
        Self { n: centered / &deviation, deviation }
    }

    /// In rows like these.
    fn rows(&self, map: &Tensor) -> Tensor {
        map.reshape(self.n.size())
    }

    /// `P(u) = u − ū − n·mean(u·n)`.
    fn project(&self, u: &Tensor) -> Tensor {
        u - mean(u) - &self.n * mean(&(u * &self.n))
    }
}

fn mean(rows: &Tensor) -> Tensor {
    rows.mean_dim([1].as_slice(), true, Kind::Float)
}

/// One number for each channel, beside a map.
fn beside(of_channels: &Tensor, map: &Tensor) -> Tensor {
    let mut shape = vec![1; map.dim()];
    shape[1] = -1;
    of_channels.reshape(shape)
}

/// `γ·ṅ` with `ṅ = P(v)/s`.
pub(super) fn tangent(x: &Tensor, v: &Tensor, gamma: &Tensor, norm: GroupNormalization) -> Tensor {
    let rows = Rows::of(x, norm);
    let derivative = rows.project(&rows.rows(v)) / &rows.deviation;
    derivative.reshape(x.size()) * beside(gamma, x)
}

/// The gradients of `x`, `v` and `γ`, given that of the derivative.
///
/// With `b = γ·gradient`, `m = mean(n·v)` and `h = −(b·m + mean(b·n)·v)/s`: `∂v = P(b)/s` and
/// `∂x = (P(h) − n·mean(b·ṅ))/s`.
pub(super) fn tangent_backward(
    [x, v, gamma]: [&Tensor; 3],
    gradient: &Tensor,
    norm: GroupNormalization,
) -> [Tensor; 3] {
    let rows = Rows::of(x, norm);
    let (n, s) = (&rows.n, &rows.deviation);
    let (b, v) = (rows.rows(&(gradient * beside(gamma, x))), rows.rows(v));
    let along = rows.project(&v) / s;
    let h = -(&b * mean(&(n * &v)) + mean(&(&b * n)) * &v) / s;
    let of_x = (rows.project(&h) - n * mean(&(&b * &along))) / s;
    let of_v = rows.project(&b) / s;
    let others: Vec<i64> = (0..x.dim() as i64).filter(|axis| *axis != 1).collect();
    let of_gamma = (gradient * along.reshape(x.size())).sum_dim_intlist(others, false, Kind::Float);
    [of_x.reshape(x.size()), of_v.reshape(x.size()), of_gamma]
}
