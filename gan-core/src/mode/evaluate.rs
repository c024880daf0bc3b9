//! The plain forward pass.

use burn::tensor::Tensor;

use crate::Mode;

/// The plain forward pass: what flows is the tensor itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Evaluate;

impl Mode for Evaluate {
    type T<const D: usize> = Tensor<D>;

    fn constant<const D: usize>(&self, value: Tensor<D>) -> Tensor<D> {
        value
    }

    fn linear_map<const D: usize, const E: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Tensor<E> {
        map(x)
    }

    fn affine<const D: usize, const E: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        _linear_part: impl Fn(Tensor<D>) -> Tensor<E>,
    ) -> Tensor<E> {
        map(x)
    }

    fn elementwise<const D: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<D>,
        _derivative: impl Fn(Tensor<D>) -> Tensor<D>,
    ) -> Tensor<D> {
        map(x)
    }

    fn with_derivative<const D: usize, const E: usize>(
        &self,
        x: Tensor<D>,
        map: impl Fn(Tensor<D>) -> Tensor<E>,
        _both: impl Fn(Tensor<D>, Tensor<D>) -> (Tensor<E>, Tensor<E>),
    ) -> Tensor<E> {
        map(x)
    }

    fn add<const D: usize>(&self, a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a + b
    }

    fn mul<const D: usize>(&self, a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
        a * b
    }

    fn cat<const D: usize>(&self, parts: Vec<Tensor<D>>, axis: usize) -> Tensor<D> {
        Tensor::cat(parts, axis)
    }
}
