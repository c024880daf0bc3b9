//! Convolutions between a finer and a coarser map, and their gradients, batch innermost.
//!
//! A map is `[height][width][channels][batch]`, weights are Burn's own
//! `[coarse channels][fine channels][kernel height][kernel width]`, for convolutions and for
//! transposed ones alike. A convolution is [`coarsen`](Convolution::coarsen) and its input's
//! gradient [`refine`](Convolution::refine); of a transposed convolution it is the other way
//! round. A fully connected layer is a convolution between maps of one pixel.

use crate::activation::Activation;
use crate::contraction::{Contraction, Term, Terms};
use crate::geometry::Geometry;
use crate::transpose::Transpose;

/// A kernel between two maps and the sizes of everything around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Convolution {
    /// Which pixel meets which.
    pub geometry: Geometry,
    /// Channels of the finer map.
    pub fine_channels: usize,
    /// Channels of the coarser map.
    pub coarse_channels: usize,
    /// Samples.
    pub batch: usize,
}

/// What comes after the sums of a layer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Finish<'a> {
    /// A number for each channel of the result, added at all of its pixels.
    pub bias: Option<&'a [f32]>,
    /// What is applied then.
    pub activation: Activation,
}

/// Below so many channels, the taps of a kernel are better rows of a tile than the channels are.
const FEW_CHANNELS: usize = 8;
/// Partial sums over the pixels where there is one product only to compute.
const PARTS: usize = 16;

impl Convolution {
    /// The coarser map that the finer one is convolved to.
    ///
    /// # Panics
    /// If a slice has another length than its shape says.
    pub(crate) fn coarsen(&self, fine: &[f32], weights: &[f32], finish: Finish<'_>) -> Vec<f32> {
        let (rows, depth) = (self.coarse_channels, self.fine_channels);
        self.check(weights, (fine, self.fine_length()));
        let terms = self.geometry.terms_of_coarse(depth * rows, depth * self.batch);
        let product = self.contraction(&terms, depth, rows, finish);
        product.run(&self.weights_by_fine_channel(weights), fine)
    }

    /// The finer map that the coarser one is convolved to by the transposed convolution.
    ///
    /// # Panics
    /// If a slice has another length than its shape says.
    pub(crate) fn refine(&self, coarse: &[f32], weights: &[f32], finish: Finish<'_>) -> Vec<f32> {
        let (rows, depth) = (self.fine_channels, self.coarse_channels);
        self.check(weights, (coarse, self.coarse_length()));
        let terms = self.geometry.terms_of_fine(depth * rows, depth * self.batch);
        let product = self.contraction(&terms, depth, rows, finish);
        match self.geometry.taps() {
            1 => product.run(weights, coarse),
            taps => {
                let channels = self.coarse_channels * self.fine_channels;
                let by_tap = Transpose::dense(channels, taps);
                product.run(&by_tap.run(weights, weights.len(), 1, |_| (0, 0)), coarse)
            }
        }
    }

    /// The gradient of the weights, given one map and the gradient of the other.
    ///
    /// # Panics
    /// If a slice has another length than its shape says.
    pub(crate) fn weight_gradient(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        assert_eq!(fine.len(), self.fine_length(), "numbers of the finer map");
        assert_eq!(coarse.len(), self.coarse_length(), "numbers of the coarser map");
        if self.fine_channels < FEW_CHANNELS && self.geometry.taps() > 1 {
            return self.weight_gradient_by_columns(fine, coarse);
        }
        if self.coarse_channels < FEW_CHANNELS && self.fine_channels > self.coarse_channels {
            return self.weight_gradient_of_few(fine, coarse);
        }
        let (rows, lanes) = (self.fine_channels, self.coarse_channels);
        let (fine, fine_stride) = self.samples_outside(fine, rows, self.geometry.fine_pixels());
        let (coarse, coarse_stride) =
            self.samples_outside(coarse, lanes, self.geometry.coarse_pixels());
        let terms =
            self.geometry.terms_of_taps(self.batch * fine_stride, self.batch * coarse_stride);
        let product = self.over_batch(&terms, (rows, fine_stride), (lanes, coarse_stride));
        // [tap][fine channel][coarse channel] to [coarse channel][fine channel][tap].
        let taps = self.geometry.taps();
        let back = Transpose {
            rows: taps,
            columns: lanes,
            from_stride: rows * lanes,
            to_stride: rows * taps,
        };
        let at = |channel: usize| (channel * lanes, channel * taps);
        back.run(&product.run(&fine, &coarse), taps * rows * lanes, rows, at)
    }

    /// The same with the channels of the finer map as lanes, for they are more.
    fn weight_gradient_of_few(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        let (rows, lanes) = (self.coarse_channels, self.fine_channels);
        let (fine, fine_stride) = self.samples_outside(fine, lanes, self.geometry.fine_pixels());
        let (coarse, coarse_stride) =
            self.samples_outside(coarse, rows, self.geometry.coarse_pixels());
        let mut terms = Terms::default();
        let by_tap =
            self.geometry.terms_of_taps(self.batch * fine_stride, self.batch * coarse_stride);
        for tap in 0..self.geometry.taps() {
            let swap = |term: &Term| Term { weight: term.input, input: term.weight };
            terms.push(by_tap.of(tap).iter().map(swap));
        }
        let product = self.over_batch(&terms, (rows, coarse_stride), (lanes, fine_stride));
        let by_channel = Transpose::dense(self.geometry.taps(), rows * lanes);
        let product = product.run(&coarse, &fine);
        by_channel.run(&product, product.len(), 1, |_| (0, 0))
    }

    /// The same with each pair of a tap and a channel of the finer map as a row: those channels are
    /// few, and what they meet fits into a matrix not much larger than the map.
    fn weight_gradient_by_columns(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        let (channels, taps, lanes) =
            (self.fine_channels, self.geometry.taps(), self.coarse_channels);
        let pixels = self.geometry.coarse_pixels();
        let rows = channels * taps;
        let columns = self.columns(fine);
        let (columns, column_stride) = self.samples_outside(&columns, rows, pixels);
        let (coarse, coarse_stride) = self.samples_outside(coarse, lanes, pixels);
        let (column_step, coarse_step) = (self.batch * column_stride, self.batch * coarse_stride);
        let parts = PARTS.min(pixels);
        let mut terms = Terms::default();
        for part in 0..parts {
            let pixels = part * pixels / parts..(part + 1) * pixels / parts;
            terms.push(
                pixels
                    .map(|pixel| Term { weight: pixel * column_step, input: pixel * coarse_step }),
            );
        }
        let product = self.over_batch(&terms, (rows, column_stride), (lanes, coarse_stride));
        let mut sums = product.run(&columns, &coarse);
        let (total, parts) = sums.split_at_mut(rows * lanes);
        for part in parts.chunks_exact(rows * lanes) {
            total.iter_mut().zip(part).for_each(|(total, part)| *total += part);
        }
        // [fine channel][tap][coarse channel] to [coarse channel][fine channel][tap].
        Transpose::dense(rows, lanes).run(total, rows * lanes, 1, |_| (0, 0))
    }

    /// For each pixel of the coarser map what its taps meet, `[pixels][fine channels][taps][batch]`,
    /// zero where that is outside the finer map.
    fn columns(&self, fine: &[f32]) -> Vec<f32> {
        let (taps, batch) = (self.geometry.taps(), self.batch);
        let step = self.fine_channels * taps * batch;
        let mut columns = vec![0.0; self.geometry.coarse_pixels() * step];
        let terms = self.geometry.terms_of_coarse(1, self.fine_channels * batch);
        for (pixel, columns) in columns.chunks_exact_mut(step).enumerate() {
            for &Term { weight: tap, input } in terms.of(pixel) {
                for channel in 0..self.fine_channels {
                    let from = input + channel * batch;
                    let to = (channel * taps + tap) * batch;
                    columns[to..to + batch].copy_from_slice(&fine[from..from + batch]);
                }
            }
        }
        columns
    }

    /// `[tap][fine channel][coarse channel]`.
    pub(crate) fn weights_by_fine_channel(&self, weights: &[f32]) -> Vec<f32> {
        let (rows, columns) = (self.coarse_channels, self.geometry.taps());
        let channels = self.fine_channels;
        let (from_stride, to_stride) = (channels * columns, channels * rows);
        let by_tap = Transpose { rows, columns, from_stride, to_stride };
        let at = |channel: usize| (channel * columns, channel * rows);
        by_tap.run(weights, weights.len(), channels, at)
    }

    /// `[pixels][batch][channels]` of a map, and the numbers from one sample to the next: an odd
    /// number of cache lines, so that they do not all fall into the same few sets of the cache.
    pub(crate) fn samples_outside(
        &self,
        map: &[f32],
        channels: usize,
        pixels: usize,
    ) -> (Vec<f32>, usize) {
        let stride = if channels <= 16 { channels } else { channels.next_multiple_of(16) | 16 };
        let (rows, columns) = (channels, self.batch);
        let each = Transpose { rows, columns, from_stride: columns, to_stride: stride };
        let at = |pixel: usize| (pixel * rows * columns, pixel * columns * stride);
        (each.run(map, pixels * columns * stride, pixels, at), stride)
    }

    fn contraction<'a>(
        &self,
        terms: &'a Terms,
        depth: usize,
        rows: usize,
        finish: Finish<'a>,
    ) -> Contraction<'a> {
        Contraction {
            terms,
            depth,
            rows,
            lanes: self.batch,
            weight_stride: rows,
            input_stride: self.batch,
            bias: finish.bias,
            activation: finish.activation,
        }
    }

    fn over_batch<'a>(
        &self,
        terms: &'a Terms,
        (rows, weight_stride): (usize, usize),
        (lanes, input_stride): (usize, usize),
    ) -> Contraction<'a> {
        let activation = Activation::Identity;
        let (depth, bias) = (self.batch, None);
        Contraction { terms, depth, rows, lanes, weight_stride, input_stride, bias, activation }
    }

    fn fine_length(&self) -> usize {
        self.geometry.fine_pixels() * self.fine_channels * self.batch
    }

    fn coarse_length(&self) -> usize {
        self.geometry.coarse_pixels() * self.coarse_channels * self.batch
    }

    fn check(&self, weights: &[f32], (map, length): (&[f32], usize)) {
        let channels = self.coarse_channels * self.fine_channels;
        assert_eq!(weights.len(), channels * self.geometry.taps(), "numbers of the weights");
        assert_eq!(map.len(), length, "numbers of the map");
    }
}

#[cfg(test)]
mod tests;
