//! Convolutions between a finer and a coarser map, and their gradients, batch innermost.
//!
//! A map is `[height][width][channels][batch]`, weights are Burn's own
//! `[coarse channels][fine channels][kernel height][kernel width]`, for convolutions and for
//! transposed ones alike. A convolution is [`coarsen`](Convolution::coarsen) and its input's
//! gradient [`refine`](Convolution::refine); of a transposed convolution it is the other way
//! round. A fully connected layer is a convolution between maps of one pixel.

pub(crate) mod grouped;

use std::borrow::Cow;

use crate::activation::Activation;
use crate::contraction::{Contraction, Product, Term, Terms};
use crate::geometry::Geometry;
use crate::operand::Bf16x2;
use crate::precision::Precision;
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
    /// What is multiplied.
    pub precision: Precision,
}

/// What comes after the sums of a layer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Finish<'a> {
    /// A number for each channel of the result, added at all of its pixels.
    pub bias: Option<&'a [f32]>,
    /// What is applied then.
    pub activation: Activation,
}

/// Below this many channels, the taps of a kernel are better rows of a tile than the channels are.
const FEW_CHANNELS: usize = 8;
/// Partial sums over the pixels where there is one product only to compute.
const PARTS: usize = 16;

impl Convolution {
    /// The coarser map that the finer one is convolved to.
    ///
    /// # Panics
    /// If the length of a slice differs from that of its shape.
    pub(crate) fn coarsen(&self, fine: &[f32], weights: &[f32], finish: Finish<'_>) -> Vec<f32> {
        match self.precision {
            Precision::F32 => self.coarsen_by::<f32>(fine, weights, finish),
            Precision::Bf16 => self.coarsen_by::<Bf16x2>(fine, weights, finish),
        }
    }

    fn coarsen_by<F: Product>(
        &self,
        fine: &[f32],
        weights: &[f32],
        finish: Finish<'_>,
    ) -> Vec<f32> {
        let (rows, depth) = (self.coarse_channels, self.fine_channels);
        self.check(weights, (fine, self.fine_length()));
        let operands = F::of(depth);
        let terms = self.geometry.terms_of_coarse(operands * rows, operands * self.batch);
        let product = self.contraction(&terms, operands, rows, finish);
        let fine = F::of_rows(fine, depth, self.batch);
        if self.geometry.taps() == 1 {
            // The weights of a row are contiguous already.
            let product = Contraction { weight_stride: 1, row_stride: operands, ..product };
            return product.run(&F::of_columns(weights, depth), &fine);
        }
        if F::by_row() {
            let product = Contraction { weight_stride: 1, row_stride: operands, ..product };
            return product.run(&F::of_columns(&self.weights_by_tap(weights), depth), &fine);
        }
        let weights = self.weights_by_fine_channel(weights);
        product.run(&F::of_rows(&weights, depth, rows), &fine)
    }

    /// The finer map that the coarser one is convolved to by the transposed convolution.
    ///
    /// # Panics
    /// If the length of a slice differs from that of its shape.
    pub(crate) fn refine(&self, coarse: &[f32], weights: &[f32], finish: Finish<'_>) -> Vec<f32> {
        match self.precision {
            Precision::F32 => self.refine_by::<f32>(coarse, weights, finish),
            Precision::Bf16 => self.refine_by::<Bf16x2>(coarse, weights, finish),
        }
    }

    fn refine_by<F: Product>(
        &self,
        coarse: &[f32],
        weights: &[f32],
        finish: Finish<'_>,
    ) -> Vec<f32> {
        let (rows, depth) = (self.fine_channels, self.coarse_channels);
        self.check(weights, (coarse, self.coarse_length()));
        let operands = F::of(depth);
        let terms = self.geometry.terms_of_fine(operands * rows, operands * self.batch);
        let product = self.contraction(&terms, operands, rows, finish);
        let coarse = F::of_rows(coarse, depth, self.batch);
        if F::by_row() {
            let product = Contraction { weight_stride: 1, row_stride: operands, ..product };
            let weights = self.weights_by_fine_channel(weights);
            return product.run(&F::of_columns(&weights, depth), &coarse);
        }
        match self.geometry.taps() {
            1 => product.run(&F::of_rows(weights, depth, rows), &coarse),
            _ => product.run(&F::of_rows(&self.weights_by_tap(weights), depth, rows), &coarse),
        }
    }

    /// `[tap][coarse channel][fine channel]`.
    fn weights_by_tap(&self, weights: &[f32]) -> Vec<f32> {
        let by_tap =
            Transpose::dense(self.coarse_channels * self.fine_channels, self.geometry.taps());
        by_tap.run(weights, weights.len(), 1, |_| (0, 0))
    }

    /// The gradient of the weights, given one map and the gradient of the other.
    ///
    /// # Panics
    /// If the length of a slice differs from that of its shape.
    pub(crate) fn weight_gradient(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        assert_eq!(fine.len(), self.fine_length(), "numbers of the finer map");
        assert_eq!(coarse.len(), self.coarse_length(), "numbers of the coarser map");
        match self.precision {
            Precision::F32 => self.weight_gradient_by::<f32>(fine, coarse),
            Precision::Bf16 => self.weight_gradient_by::<Bf16x2>(fine, coarse),
        }
    }

    fn weight_gradient_by<F: Product>(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        if self.fine_channels < FEW_CHANNELS && self.geometry.taps() > 1 {
            return self.weight_gradient_by_columns::<F>(fine, coarse);
        }
        let few = self.coarse_channels < FEW_CHANNELS && self.fine_channels > self.coarse_channels;
        if few || (self.geometry.taps() == 1 && self.fine_channels >= FEW_CHANNELS) {
            return self.weight_gradient_by_fine_lanes::<F>(fine, coarse);
        }
        let (rows, lanes) = (self.fine_channels, self.coarse_channels);
        let fine = self.rows_of_samples::<F>(fine, rows);
        let coarse = self.samples_outside::<F>(coarse, lanes);
        let terms = self.geometry.terms_of_taps(fine.pixel, coarse.pixel);
        // [tap][fine channel][coarse channel] to [coarse channel][fine channel][tap].
        let taps = self.geometry.taps();
        let back = Transpose {
            rows: taps,
            columns: lanes,
            from_stride: rows * lanes,
            to_stride: rows * taps,
        };
        let at = |channel: usize| (channel * lanes, channel * taps);
        let product = over_batch(&terms, &fine, (&coarse, lanes));
        back.run(&product, taps * rows * lanes, rows, at)
    }

    /// The same with the channels of the finer map as lanes: where they are more, and where there is
    /// one tap only, so that the sums have the layout of the weights.
    fn weight_gradient_by_fine_lanes<F: Product>(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        let (rows, lanes) = (self.coarse_channels, self.fine_channels);
        let fine = self.samples_outside::<F>(fine, lanes);
        let coarse = self.rows_of_samples::<F>(coarse, rows);
        let mut terms = Terms::default();
        let by_tap = self.geometry.terms_of_taps(fine.pixel, coarse.pixel);
        for tap in 0..self.geometry.taps() {
            let swap = |term: &Term| Term { weight: term.input, input: term.weight };
            terms.push(by_tap.of(tap).iter().map(swap));
        }
        let product = over_batch(&terms, &coarse, (&fine, lanes));
        match self.geometry.taps() {
            1 => product,
            taps => {
                let by_channel = Transpose::dense(taps, rows * lanes);
                by_channel.run(&product, product.len(), 1, |_| (0, 0))
            }
        }
    }

    /// The same with each pair of a tap and a channel of the finer map as a row: those channels are
    /// few, and what they meet fits into a matrix not much larger than the map.
    fn weight_gradient_by_columns<F: Product>(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        let (channels, taps, lanes) =
            (self.fine_channels, self.geometry.taps(), self.coarse_channels);
        let pixels = self.geometry.coarse_pixels();
        let rows = channels * taps;
        let columns = self.columns(fine);
        let columns = self.rows_of_samples::<F>(&columns, rows);
        let coarse = self.samples_outside::<F>(coarse, lanes);
        let parts = PARTS.min(pixels);
        let mut terms = Terms::default();
        for part in 0..parts {
            let pixels = part * pixels / parts..(part + 1) * pixels / parts;
            terms.push(
                pixels.map(|at| Term { weight: at * columns.pixel, input: at * coarse.pixel }),
            );
        }
        let mut sums = over_batch(&terms, &columns, (&coarse, lanes));
        let (total, parts) = sums.split_at_mut(rows * lanes);
        for part in parts.chunks_exact(rows * lanes) {
            total.iter_mut().zip(part).for_each(|(total, part)| *total += part);
        }
        // [fine channel][tap][coarse channel] to [coarse channel][fine channel][tap].
        Transpose::dense(rows, lanes).run(&*total, rows * lanes, 1, |_| (0, 0))
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

    /// A map of `rows` channels in its memory layout, for sums over samples.
    fn rows_of_samples<'a, F: Product>(&self, map: &'a [f32], rows: usize) -> RowsOfSamples<'a, F> {
        let samples = F::of(self.batch);
        RowsOfSamples {
            operands: F::of_columns(map, self.batch),
            samples,
            rows,
            pixel: rows * samples,
        }
    }

    /// A map of this many channels with its samples outermost.
    fn samples_outside<F: Product>(&self, map: &[f32], channels: usize) -> SamplesOutside<F> {
        let samples = F::of(self.batch);
        // An odd number of cache lines, so that samples do not all fall into the same few sets of
        // the cache.
        let stride = if channels <= 16 { channels } else { channels.next_multiple_of(16) | 16 };
        let each =
            Transpose { rows: channels, columns: samples, from_stride: samples, to_stride: stride };
        let (from, pixel) = (channels * samples, samples * stride);
        let pixels = map.len() / (channels * self.batch);
        let operands = F::of_columns(map, self.batch);
        let at = |place: usize| (place * from, place * pixel);
        let operands = each.run(&operands, pixels * pixel, pixels, at);
        SamplesOutside { operands, stride, pixel }
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
            row_stride: 1,
            input_stride: self.batch,
            bias: finish.bias,
            activation: finish.activation,
        }
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
        self.check_map((map, length));
    }

    fn check_map(&self, (map, length): (&[f32], usize)) {
        assert_eq!(map.len(), length, "numbers of the map");
    }
}

/// A map as `[pixels][channels][samples]`.
struct RowsOfSamples<'a, F: Product> {
    operands: Cow<'a, [F]>,
    /// Factors that the samples of one number make.
    samples: usize,
    /// Channels.
    rows: usize,
    /// From one pixel to the next.
    pixel: usize,
}

/// A map as `[pixels][samples][channels]`.
struct SamplesOutside<F> {
    operands: Vec<F>,
    /// From one sample to the next.
    stride: usize,
    /// From one pixel to the next.
    pixel: usize,
}

/// The sums over pixels and samples of the products of two maps, the second with this many lanes.
fn over_batch<F: Product>(
    terms: &Terms,
    weights: &RowsOfSamples<'_, F>,
    (input, lanes): (&SamplesOutside<F>, usize),
) -> Vec<f32> {
    let product = Contraction {
        terms,
        depth: weights.samples,
        rows: weights.rows,
        lanes,
        weight_stride: 1,
        row_stride: weights.samples,
        input_stride: input.stride,
        bias: None,
        activation: Activation::Identity,
    };
    product.run(&weights.operands, &input.operands)
}

#[cfg(test)]
mod tests;
