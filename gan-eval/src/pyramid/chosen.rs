//! Images for a pyramid, chosen among samples that pass by once.

use std::collections::BinaryHeap;

use sha2::{Digest, Sha256};

use super::Images;
use super::patches::SIDE;
use crate::EvalError;

/// Some of the images that passed by: those whose SHA-256 is smallest.
///
/// So they are a random part, the same one whatever the order in which the images came.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenImages {
    values: Vec<f32>,
    shape: [usize; 4],
}

impl ChosenImages {
    /// Values of as many images as there is room for in `shape`: images, channels, rows and columns.
    pub fn new(values: Vec<f32>, shape: [usize; 4]) -> Self {
        Self { values, shape }
    }

    /// Image after image.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// Images, channels, rows, columns.
    pub fn shape(&self) -> [usize; 4] {
        self.shape
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.shape[0]
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first `n` of them, as images of a pyramid.
    pub(crate) fn first(&self, n: usize) -> Result<Images<'_>, EvalError> {
        let [_, channels, height, width] = self.shape;
        let values = &self.values[..n * channels * height * width];
        Images::new(values, [n, channels, height, width])
    }
}

/// An image and the beginning of its digest, by which it is chosen.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    digest: [u8; 32],
    bits: Vec<u32>,
}

/// Chooses while samples pass by.
#[derive(Debug)]
pub(crate) struct Choice {
    most: usize,
    shape: [usize; 3],
    nearest: BinaryHeap<Candidate>,
}

impl Choice {
    /// At most so many.
    pub(crate) fn of(most: usize) -> Self {
        Self { most, shape: [0; 3], nearest: BinaryHeap::new() }
    }

    /// The values of samples of the shape `[n, channels, height, width]`; others are no images.
    pub(crate) fn add(&mut self, shape: &[usize], values: &[f32]) {
        let &[_, channels, height, width] = shape else { return };
        if self.most == 0 || height.min(width) < SIDE {
            return;
        }
        self.shape = [channels, height, width];
        for image in values.chunks_exact(channels * height * width) {
            self.consider(image);
        }
    }

    fn consider(&mut self, image: &[f32]) {
        let bytes: Vec<u8> = image.iter().flat_map(|value| value.to_le_bytes()).collect();
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        let full = self.nearest.len() >= self.most;
        if full && self.nearest.peek().is_some_and(|last| last.digest <= digest) {
            return;
        }
        if full {
            self.nearest.pop();
        }
        let bits = image.iter().map(|value| value.to_bits()).collect();
        self.nearest.push(Candidate { digest, bits });
    }

    /// Those that were chosen, if there were images.
    pub(crate) fn finish(self) -> Option<ChosenImages> {
        let [channels, height, width] = self.shape;
        let shape = [self.nearest.len(), channels, height, width];
        let chosen = self.nearest.into_sorted_vec();
        let values = chosen.iter().flat_map(|each| &each.bits).map(|&bits| f32::from_bits(bits));
        (shape[0] > 0).then(|| ChosenImages::new(values.collect(), shape))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(most: usize, order: &[usize]) -> Option<ChosenImages> {
        let values = order.iter().flat_map(|&i| (0..64).map(move |j| (i * 64 + j) as f32));
        let values: Vec<f32> = values.collect();
        let mut choice = Choice::of(most);
        choice.add(&[order.len(), 1, 8, 8], &values);
        choice.finish()
    }

    #[test]
    fn the_order_of_the_images_does_not_matter() {
        let forward: Vec<usize> = (0..50).collect();
        let backward: Vec<usize> = (0..50).rev().collect();
        let one = chosen(7, &forward).unwrap();
        assert_eq!(one.shape(), [7, 1, 8, 8]);
        assert_eq!(Some(one), chosen(7, &backward));
    }

    #[test]
    fn of_few_images_all_are_chosen() {
        let all = chosen(7, &[3, 1, 2]).unwrap();
        let mut firsts: Vec<f32> = all.values().chunks(64).map(|image| image[0]).collect();
        firsts.sort_by(f32::total_cmp);
        assert_eq!(firsts, [64.0, 128.0, 192.0]);
    }

    #[test]
    fn none_are_chosen_of_samples_that_are_no_images() {
        let mut choice = Choice::of(7);
        choice.add(&[3, 2], &[1.0; 6]);
        assert_eq!(choice.finish(), None);
        assert_eq!(chosen(0, &[1, 2]), None);
    }
}
