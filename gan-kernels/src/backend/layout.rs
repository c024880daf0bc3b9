//! Memory layout: conversions between Burn's tensors (NCHW) and the batch-innermost layout of the kernels.
//!
//! A tensor `[batch, channels, ..]` that a kernel has made is stored as `[..][channels][batch]`.
//! Its strides state this, so Burn's own operations read it as they read any permuted view, and
//! the next kernel takes it without a copy.

use std::borrow::Cow;

use burn::backend::flex::{FlexTensor, Layout};
use burn::tensor::{Bytes, DType, Shape};

use crate::channels::Map;
use crate::transpose::Transpose;

/// The shape of a map, of rank 2 or 4.
pub(super) fn map_of(tensor: &FlexTensor) -> Map {
    let shape = tensor.layout().shape();
    let pixels = (2..shape.num_dims()).map(|axis| shape[axis]).product();
    Map { pixels, channels: shape[1], batch: shape[0] }
}

/// The numbers of a map as `[pixels][channels][batch]`.
pub(super) fn batch_innermost(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    let (layout, map) = (tensor.layout(), map_of(tensor));
    if lies_as(layout, &strides(layout.shape())) {
        let first = layout.start_offset();
        return Cow::Borrowed(&tensor.storage::<f32>()[first..first + map.len()]);
    }
    let plain = contiguous(tensor);
    let Map { pixels, channels, batch } = map;
    let (rows, columns) = (batch, pixels);
    let each =
        Transpose { rows, columns, from_stride: channels * pixels, to_stride: channels * batch };
    if pixels == 1 {
        let whole = Transpose::dense(batch, channels);
        return Cow::Owned(whole.run(&plain, map.len(), 1, |_| (0, 0)));
    }
    let at = |channel: usize| (channel * pixels, channel * batch);
    Cow::Owned(each.run(&plain, map.len(), channels, at))
}

/// A tensor of the given shape from numbers stored as `[pixels][channels][batch]`.
pub(super) fn from_batch_innermost(numbers: Vec<f32>, shape: Shape) -> FlexTensor {
    let layout = Layout::new(shape.clone(), strides(&shape), 0);
    FlexTensor::new(Bytes::from_elems(numbers), layout, DType::F32)
}

/// The same numbers, as they lie in memory, as a tensor of another shape.
pub(super) fn with_shape(tensor: FlexTensor, shape: Shape) -> FlexTensor {
    let first = match batch_innermost(&tensor) {
        Cow::Borrowed(_) => tensor.layout().start_offset(),
        Cow::Owned(numbers) => return from_batch_innermost(numbers, shape),
    };
    let layout = Layout::new(shape.clone(), strides(&shape), first);
    tensor.with_layout(layout)
}

/// The numbers of any tensor in the order of its axes.
pub(super) fn contiguous(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    match tensor.as_slice::<f32>() {
        Some(numbers) => Cow::Borrowed(numbers),
        None => {
            let copy = tensor.to_contiguous();
            Cow::Owned(copy.storage::<f32>().to_vec())
        }
    }
}

/// A tensor whose numbers are stored in the order of its axes.
pub(super) fn from_contiguous(numbers: Vec<f32>, shape: Shape) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(numbers), Layout::contiguous(shape), DType::F32)
}

/// Of `[batch, channels, ..]` that is stored as `[..][channels][batch]`.
fn strides(shape: &Shape) -> Vec<isize> {
    let (batch, channels) = (shape[0] as isize, shape[1] as isize);
    let mut strides = vec![1, batch];
    let mut step = batch * channels;
    for axis in (2..shape.num_dims()).rev() {
        strides.insert(2, step);
        step *= shape[axis] as isize;
    }
    strides
}

/// Whether a layout has these strides, on axes that are longer than 1.
fn lies_as(layout: &Layout, strides: &[isize]) -> bool {
    let shape = layout.shape();
    let axes = layout.strides().iter().zip(strides).enumerate();
    axes.into_iter().all(|(axis, (found, expected))| shape[axis] == 1 || found == expected)
}
