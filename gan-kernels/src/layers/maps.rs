//! What networks do with maps between their layers.

use burn::backend::Dispatch;
use burn::nn::PaddingConfig2d;
use burn::nn::pool::AvgPool2d;
use burn::tensor::Tensor;
use burn::tensor::module::interpolate;
use burn::tensor::ops::{InterpolateMode, InterpolateOptions};

use super::take;
use crate::backend::{Kernels, Stash};
use crate::pooling::Pooling;

/// `a`, then `b` along `axis`: more samples along 0, more channels along 1.
///
/// # Shapes
/// Equal but along `axis`.
///
/// # Panics
/// As `Tensor::cat` does.
pub fn cat<const D: usize>(a: Tensor<D>, b: Tensor<D>, axis: usize) -> Tensor<D> {
    let fits = (0..D).all(|other| other == axis || a.dims()[other] == b.dims()[other]);
    if !fits || axis > 1 || (D != 2 && D != 4) || !take(&a) || !take(&b) {
        return Tensor::cat(vec![a, b], axis);
    }
    let (a, b) = (a.into_dispatch(), b.into_dispatch());
    Tensor::from_dispatch(<Dispatch as Kernels>::joined(a, b, axis))
}

/// `a + b`, such as a residual and what it is added to.
///
/// # Shapes
/// As `Tensor::add` takes them; on the kernels for rank 4 and equal shapes.
///
/// # Panics
/// As `Tensor::add` does.
pub fn add<const D: usize>(a: Tensor<D>, b: Tensor<D>) -> Tensor<D> {
    if D != 4 || a.dims() != b.dims() || !take(&a) || !take(&b) {
        return a + b;
    }
    Tensor::from_dispatch(<Dispatch as Kernels>::sum(a.into_dispatch(), b.into_dispatch()))
}

/// `x` for two uses, such as a shortcut and the residual beside it: both gradients are added by a
/// kernel, where Burn would add them by its own operation.
///
/// What is differentiated must depend on the first of both, or on neither.
///
/// # Panics
/// The backward pass of something that depends on the second alone.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor};
///
/// let x = Tensor::<4>::ones([16, 8, 4, 4], &Device::flex().autodiff()).require_grad();
/// let [residual, shortcut] = gan_kernels::fork(x.clone());
/// let y = gan_kernels::add(shortcut, residual * 2.0);
/// let gradient = x.grad(&y.sum().backward()).expect("`x` requires one");
/// assert_eq!(gradient.max().into_scalar::<f32>(), 3.0);
/// ```
pub fn fork<const D: usize>(x: Tensor<D>) -> [Tensor<D>; 2] {
    if D != 4 || !take(&x) || !x.is_autodiff() {
        return [x.clone(), x];
    }
    let stash = Stash::default();
    let first = <Dispatch as Kernels>::first_use(x.into_dispatch(), stash.clone());
    let first = Tensor::from_dispatch(first);
    let second = <Dispatch as Kernels>::second_use(first.clone().into_dispatch(), stash);
    [first, Tensor::from_dispatch(second)]
}

/// The features of each sample as maps, in their order.
///
/// # Shapes
/// `[batch, channels·height·width]` to `[batch, channels, height, width]`.
///
/// # Panics
/// If a sample has another number of features.
pub fn unflatten(x: Tensor<2>, shape: [usize; 3]) -> Tensor<4> {
    let ([batch, features], [channels, height, width]) = (x.dims(), shape);
    if !take(&x) || features != channels * height * width {
        return x.reshape([batch, channels, height, width]);
    }
    Tensor::from_dispatch(<Dispatch as Kernels>::unflatten(x.into_dispatch(), shape))
}

/// The maps of each sample as features, in their order.
///
/// # Shapes
/// `[batch, ..]` to `[batch, features]`; on the kernels for rank 4.
pub fn flatten<const D: usize>(x: Tensor<D>) -> Tensor<2> {
    if D != 4 || !take(&x) {
        return x.flatten(1, D - 1);
    }
    Tensor::from_dispatch(<Dispatch as Kernels>::flatten(x.into_dispatch()))
}

/// `layer(x)`: the mean of each window; on the kernels for windows that tile the map.
///
/// # Shapes
/// `[batch, channels, height, width]` to `[batch, channels, ..]`.
///
/// # Panics
/// As `AvgPool2d::forward` does.
pub fn avg_pool2d(layer: &AvgPool2d, x: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    let (fine, window) = ([height, width], layer.kernel_size);
    let unpadded =
        matches!(layer.padding, PaddingConfig2d::Valid | PaddingConfig2d::Explicit(0, 0, 0, 0));
    let tiles = layer.stride == window && unpadded && !layer.ceil_mode;
    let fits = (0..2).all(|axis| (1..=fine[axis]).contains(&window[axis]));
    if !tiles || !fits || !take(&x) {
        return layer.forward(x);
    }
    let scale = 1.0 / window.iter().product::<usize>() as f32;
    pool(x, Pooling { fine, window, scale })
}

/// The sum of each map.
///
/// # Shapes
/// `[batch, channels, height, width]` to `[batch, channels]`.
pub fn sum_pixels(x: Tensor<4>) -> Tensor<2> {
    let [batch, channels, height, width] = x.dims();
    if height * width == 0 || !take(&x) {
        return x.flatten::<3>(2, 3).sum_dim(2).reshape([batch, channels]);
    }
    let fine = [height, width];
    flatten(pool(x, Pooling { fine, window: fine, scale: 1.0 }))
}

/// Maps enlarged `factor` times by repeating pixels.
///
/// # Shapes
/// `[batch, channels, height, width]` to `[batch, channels, factor·height, factor·width]`.
///
/// # Panics
/// If `factor` is 0.
pub fn upsample_nearest2d(x: Tensor<4>, factor: usize) -> Tensor<4> {
    let [_, _, height, width] = x.dims();
    let fine = [height * factor, width * factor];
    if factor == 0 || height * width == 0 || !take(&x) {
        let options = InterpolateOptions::new(InterpolateMode::Nearest);
        return interpolate(x, options.with_output_size(fine));
    }
    let pooling = Pooling { fine, window: [factor; 2], scale: 1.0 };
    Tensor::from_dispatch(<Dispatch as Kernels>::repeat(x.into_dispatch(), pooling))
}

fn pool(x: Tensor<4>, pooling: Pooling) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as Kernels>::pool(x.into_dispatch(), pooling))
}
