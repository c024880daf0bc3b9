//! Maps that are added, pooled, repeated and given other shapes.

use std::borrow::Cow;

use burn::backend::flex::FlexTensor;
use burn::tensor::Shape;

use crate::backend::layout::{batch_innermost, from_batch_innermost, map_of, with_shape};
use crate::channels::{self, Map};
use crate::pooling::Pooling;

/// `[batch, features]` as `[batch, channels, height, width]`.
pub(super) fn unflatten(x: FlexTensor, [channels, height, width]: [usize; 3]) -> FlexTensor {
    let batch = map_of(&x).batch;
    let shape = Shape::new([batch, channels, height, width]);
    swap_rows(x, [channels, height * width], shape)
}

/// `[batch, channels, height, width]` as `[batch, features]`.
pub(super) fn flatten(x: FlexTensor) -> FlexTensor {
    let Map { pixels, channels, batch } = map_of(&x);
    swap_rows(x, [pixels, channels], Shape::new([batch, channels * pixels]))
}

/// Rows of a sample each, `[outer][inner]`, as `[inner][outer]` and of another shape.
fn swap_rows(x: FlexTensor, [outer, inner]: [usize; 2], shape: Shape) -> FlexTensor {
    if outer == 1 || inner == 1 {
        return with_shape(x, shape);
    }
    let batch = map_of(&x).batch;
    let numbers = batch_innermost(&x);
    let mut swapped = Vec::with_capacity(numbers.len());
    for i in 0..inner {
        for o in 0..outer {
            let row = (o * inner + i) * batch;
            swapped.extend_from_slice(&numbers[row..row + batch]);
        }
    }
    from_batch_innermost(swapped, shape)
}

/// `a + b`, in the place of one of them if it is not needed elsewhere.
pub(super) fn sum(a: FlexTensor, b: FlexTensor) -> FlexTensor {
    let (mut to, other) = if is_free(&a) { (a, b) } else { (b, a) };
    if is_free(&to) {
        channels::add_to(to.storage_mut::<f32>(), &batch_innermost(&other));
        return to;
    }
    let numbers = channels::sum(&batch_innermost(&to), &batch_innermost(&other));
    from_batch_innermost(numbers, to.layout().shape().clone())
}

/// Whether the numbers of a map are in the layout of the kernels, all of its memory, and its own.
fn is_free(x: &FlexTensor) -> bool {
    let numbers = map_of(x).len();
    let whole = x.storage::<f32>().len() == numbers;
    whole && x.is_unique() && matches!(batch_innermost(x), Cow::Borrowed(_))
}

/// The windows' sums, times a factor.
pub(super) fn pool(x: FlexTensor, pooling: Pooling) -> FlexTensor {
    let Map { channels, batch, .. } = map_of(&x);
    let numbers = pooling.pool(&batch_innermost(&x), channels * batch);
    let [height, width] = pooling.coarse();
    from_batch_innermost(numbers, Shape::new([batch, channels, height, width]))
}

/// Each pixel all over its window, times a factor.
pub(super) fn repeat(x: FlexTensor, pooling: Pooling) -> FlexTensor {
    let Map { channels, batch, .. } = map_of(&x);
    let numbers = pooling.repeat(&batch_innermost(&x), channels * batch);
    let [height, width] = pooling.fine;
    from_batch_innermost(numbers, Shape::new([batch, channels, height, width]))
}
