//! Augmentation: each image turned, sheared, scaled and shifted a little, and half of them with a square erased.

use std::ops::Range;

use burn::tensor::{Tensor, TensorData};
use rand::{Rng, RngExt};

/// By how much a coordinate is stretched, at most.
const STRETCH: f32 = 0.12;
/// By how much one coordinate adds to the other, at most: turns and shears by up to 11 degrees.
const SHEAR: f32 = 0.2;
/// How far an image is shifted, at most, in its own sides.
const SHIFT: f32 = 0.07;

/// The share of images in which a square is erased.
const ERASED: f32 = 0.5;
/// The side of an erased square, at most, in sides of the image.
const SQUARE: f32 = 0.35;

/// Images `[n, channels, height, width]`, each read through a linear map and a shift of its own,
/// bilinearly; beyond its border, and where a square is erased, an image has its corner's value.
///
/// On the host, from `rng` alone, with sums and products only: the same bits on every machine.
///
/// Only every image at a multiple of `one_in` is moved, the others stay as they are: an image that is read
/// between its pixels is less sharp than those that a classifier is asked about.
pub(super) fn augment(images: Tensor<4>, one_in: usize, rng: &mut impl Rng) -> Tensor<4> {
    let (shape, device) = (images.dims(), images.device());
    let [n, channels, height, width] = shape;
    let values: Vec<f32> = images.into_data().iter::<f32>().collect();
    let mut moved = Vec::with_capacity(values.len());
    for (i, image) in values.chunks_exact(channels * height * width).take(n).enumerate() {
        if !i.is_multiple_of(one_in) {
            moved.extend(image);
            continue;
        }
        let map = Affine::draw(rng, [height, width]);
        let square = Square::draw(rng, [height, width]);
        for channel in image.chunks_exact(height * width) {
            let first = moved.len();
            map.read(channel, [height, width], &mut moved);
            square.erase(&mut moved[first..], width, channel[0]);
        }
    }
    Tensor::from_data(TensorData::new(moved, shape), &device)
}

/// Where a pixel of the new image lies in the old one, seen from the center.
struct Affine {
    rows: [[f32; 2]; 2],
    shift: [f32; 2],
}

impl Affine {
    fn draw(rng: &mut impl Rng, [height, width]: [usize; 2]) -> Self {
        let mut within = |most: f32| (rng.random::<f32>() * 2.0 - 1.0) * most;
        let rows = [[1.0 + within(STRETCH), within(SHEAR)], [within(SHEAR), 1.0 + within(STRETCH)]];
        Self { rows, shift: [within(SHIFT) * height as f32, within(SHIFT) * width as f32] }
    }

    fn read(&self, from: &[f32], [height, width]: [usize; 2], to: &mut Vec<f32>) {
        let center = [(height - 1) as f32 / 2.0, (width - 1) as f32 / 2.0];
        let outside = from[0];
        let at = |y: isize, x: isize| {
            let inside = (0..height as isize).contains(&y) && (0..width as isize).contains(&x);
            if inside { from[y as usize * width + x as usize] } else { outside }
        };
        for y in 0..height {
            for x in 0..width {
                let (dy, dx) = (y as f32 - center[0], x as f32 - center[1]);
                let place = |axis: usize| {
                    let [by_y, by_x] = self.rows[axis];
                    center[axis] + self.shift[axis] + by_y * dy + by_x * dx
                };
                let (v, u) = (place(0), place(1));
                let (top, left) = (v.floor(), u.floor());
                let (down, right) = (v - top, u - left);
                let (row, column) = (top as isize, left as isize);
                let upper = at(row, column) * (1.0 - right) + at(row, column + 1) * right;
                let lower = at(row + 1, column) * (1.0 - right) + at(row + 1, column + 1) * right;
                to.push(upper * (1.0 - down) + lower * down);
            }
        }
    }
}

/// The rows and columns that are erased; none in many images.
struct Square {
    rows: Range<usize>,
    columns: Range<usize>,
}

impl Square {
    fn draw(rng: &mut impl Rng, [height, width]: [usize; 2]) -> Self {
        let mut unit = || rng.random::<f32>();
        let is_erased = unit() < ERASED;
        let side = if is_erased { unit() * SQUARE } else { 0.0 };
        let mut along = |pixels: usize| {
            let (first, side) =
                ((unit() * pixels as f32) as usize, (side * pixels as f32) as usize);
            first..(first + side).min(pixels)
        };
        Self { rows: along(height), columns: along(width) }
    }

    fn erase(&self, image: &mut [f32], width: usize, value: f32) {
        for row in self.rows.clone() {
            image[row * width..][self.columns.clone()].fill(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::Device;
    use gan_core::seed::Seed;

    use super::*;

    fn blob() -> Tensor<4> {
        let pixel = |i: usize| {
            if (10..18).contains(&(i / 28)) && (8..20).contains(&(i % 28)) { 1.0 } else { -1.0 }
        };
        let values: Vec<f32> = (0..28 * 28).map(pixel).collect();
        Tensor::from_data(TensorData::new(values, [1, 1, 28, 28]), &Device::default())
    }

    #[test]
    fn an_image_is_moved_and_not_lost() {
        let (mut ink, mut changed) = (0.0, 0);
        for draw in 0..50 {
            let moved = augment(blob(), 1, &mut Seed(1).stream("test").draw(draw));
            let values: Vec<f32> = moved.clone().into_data().iter().collect();
            assert!(values.iter().all(|v| (-1.0..=1.0).contains(v)));
            ink += values.iter().map(|v| f64::from(v + 1.0) / 2.0).sum::<f64>() / 50.0;
            changed += usize::from(moved.into_data() != blob().into_data());
        }
        assert_eq!(changed, 50);
        assert!((ink / 96.0 - 1.0).abs() < 0.1, "{ink}");
    }

    #[test]
    fn the_same_draw_moves_alike() {
        let moved = || augment(blob(), 1, &mut Seed(2).stream("test").draw(7)).into_data();
        assert_eq!(moved(), moved());
    }
}
