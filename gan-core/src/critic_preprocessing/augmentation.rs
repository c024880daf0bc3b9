//! Differentiable augmentation: random changes of images that the generator learns through.

use burn::tensor::{Device, Tensor, TensorData};
use rand::{Rng, RngExt};
use serde::{Deserialize, Serialize};

/// A random change of every image of a batch, each by draws of its own. Applied to real and fake
/// images alike, in the critic's steps and in the generator's, it keeps the critic from learning
/// the training set by heart without teaching the generator to make changed images.
///
/// # Shapes
/// Images `[batch, channels, height, width]`, and no other rank.
///
/// # Source
/// Zhao et al. (2020), arXiv:2006.10738, §4; the ranges are those of its reference code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Augmentation {
    /// Moved by up to an eighth of the size in each direction; what comes in is 0.
    Translation,
    /// A square of half the size, at a random place, partly outside perhaps, is set to 0.
    Cutout,
    /// The same number from `[−½, ½)` added to every pixel.
    Brightness,
}

impl Augmentation {
    /// Every augmentation.
    pub const ALL: [Self; 3] = [Self::Translation, Self::Cutout, Self::Brightness];

    /// The name in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Translation => "translation",
            Self::Cutout => "cutout",
            Self::Brightness => "brightness",
        }
    }

    /// The images, changed. The caller has checked that `D` is 4.
    pub(crate) fn apply<const D: usize>(self, images: Tensor<D>, rng: &mut impl Rng) -> Tensor<D> {
        let dims: [usize; D] = images.dims();
        let shape = [dims[0], dims[1], dims[D - 2], dims[D - 1]];
        let images = images.reshape(shape);
        let changed = match self {
            Self::Translation => translate(images, rng),
            Self::Cutout => cut_out(images, rng),
            Self::Brightness => brighten(images, rng),
        };
        changed.reshape(dims)
    }
}

/// Moving is a product with a matrix of zeros and ones from each side: `R·X·C`.
fn translate(images: Tensor<4>, rng: &mut impl Rng) -> Tensor<4> {
    let [batch, _, height, width] = images.dims();
    let device = images.device().inner();
    let mut shifts = |size: usize| -> Vec<i64> {
        let most = (size as f64 / 8.0).round() as i64;
        (0..batch).map(|_| rng.random_range(-most..=most)).collect()
    };
    let (down, right) = (shifts(height), shifts(width));
    let rows = shift_matrices(&down, height, &device);
    // A column matrix moves as the transpose of a row matrix does.
    let columns = shift_matrices(&right, width, &device).swap_dims(2, 3);
    rows.matmul(images).matmul(columns)
}

/// For each shift, the matrix with ones where `row − column = shift`: `[batch, 1, size, size]`.
fn shift_matrices(shifts: &[i64], size: usize, device: &Device) -> Tensor<4> {
    let one_hot = |&shift: &i64| {
        (0..size * size).map(move |i| {
            let (row, column) = ((i / size) as i64, (i % size) as i64);
            if row - column == shift { 1.0_f32 } else { 0.0 }
        })
    };
    let values: Vec<f32> = shifts.iter().flat_map(one_hot).collect();
    Tensor::from_data(TensorData::new(values, [shifts.len(), 1, size, size]), device)
}

fn cut_out(images: Tensor<4>, rng: &mut impl Rng) -> Tensor<4> {
    let [batch, _, height, width] = images.dims();
    let (hole_height, hole_width) = (height.div_ceil(2), width.div_ceil(2));
    let mut kept = vec![1.0_f32; batch * height * width];
    for image in kept.chunks_exact_mut(height * width) {
        // The hole's center is anywhere in the image.
        let top = rng.random_range(0..height) as i64 - hole_height as i64 / 2;
        let left = rng.random_range(0..width) as i64 - hole_width as i64 / 2;
        let inside = |at: usize, first: i64, length: usize| {
            (first..first + length as i64).contains(&(at as i64))
        };
        for (i, pixel) in image.iter_mut().enumerate() {
            if inside(i / width, top, hole_height) && inside(i % width, left, hole_width) {
                *pixel = 0.0;
            }
        }
    }
    let mask = TensorData::new(kept, [batch, 1, height, width]);
    images.clone() * Tensor::from_data(mask, &images.device().inner())
}

fn brighten(images: Tensor<4>, rng: &mut impl Rng) -> Tensor<4> {
    let batch = images.dims()[0];
    let lighter: Vec<f32> = (0..batch).map(|_| rng.random::<f32>() - 0.5).collect();
    let lighter = TensorData::new(lighter, [batch, 1, 1, 1]);
    images.clone() + Tensor::from_data(lighter, &images.device().inner())
}

#[cfg(test)]
mod tests {
    use rand_chacha::ChaCha8Rng;

    use super::*;
    use crate::seed::Seed;

    fn rng() -> ChaCha8Rng {
        Seed(3).stream("augmentation").draw(0)
    }

    /// Sixteen images of 8×8 pixels, all ones but for a 5 in the middle.
    fn images() -> Tensor<4> {
        let pixels = (0..16 * 64).map(|i| if i % 64 == 28 { 5.0 } else { 1.0 });
        let data = TensorData::new(pixels.collect::<Vec<f32>>(), [16, 1, 8, 8]);
        Tensor::from_data(data, &Device::flex())
    }

    fn each(images: Tensor<4>) -> Vec<Vec<f32>> {
        let values = images.into_data().try_to_vec_as::<f32>().unwrap();
        values.chunks_exact(64).map(<[f32]>::to_vec).collect()
    }

    fn count(image: &[f32], value: f32) -> usize {
        image.iter().filter(|pixel| **pixel == value).count()
    }

    #[test]
    fn a_translation_moves_by_at_most_an_eighth_and_fills_with_zeros() {
        let mut places = Vec::new();
        for image in each(Augmentation::Translation.apply(images(), &mut rng())) {
            let place = image.iter().position(|pixel| *pixel == 5.0).unwrap() as i64;
            let (down, right) = (place / 8 - 3, place % 8 - 4);
            assert!(down.abs() <= 1 && right.abs() <= 1, "{down} {right}");
            let lost = 8 * (down.abs() + right.abs()) - down.abs() * right.abs();
            assert_eq!(count(&image, 0.0) as i64, lost);
            places.push(place);
        }
        places.sort_unstable();
        places.dedup();
        assert!(places.len() > 4, "every image moves by its own draw: {places:?}");
    }

    #[test]
    fn a_cutout_is_at_most_a_quarter_of_the_image() {
        let cut = each(Augmentation::Cutout.apply(images(), &mut rng()));
        assert!(cut.iter().all(|image| (1..=16).contains(&count(image, 0.0))));
        assert!(cut.iter().any(|image| count(image, 0.0) == 16));
    }

    #[test]
    fn brightness_is_one_number_an_image() {
        for image in each(Augmentation::Brightness.apply(images(), &mut rng())) {
            let lighter = image[0] - 1.0;
            assert!((-0.5..0.5).contains(&lighter));
            assert!((image[28] - 5.0 - lighter).abs() < 1e-6);
        }
    }

    #[test]
    fn gradients_pass_through_every_augmentation() {
        for augmentation in Augmentation::ALL {
            let images = images().autodiff().require_grad();
            let changed = augmentation.apply(images.clone(), &mut rng());
            let gradient = images.grad(&changed.sum().backward()).unwrap();
            let reached = gradient.sum().into_scalar::<f32>();
            assert!(reached > 16.0 * 32.0, "{}: {reached}", augmentation.name());
        }
    }
}
