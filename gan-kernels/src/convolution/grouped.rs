//! Convolutions in groups: each group of channels of one map meets one group of the other.
//!
//! The channels of a group are contiguous at each pixel, so every pair of a pixel and a group is an
//! output of one contraction, and no map is cut apart. Products are in `f32`.

use super::{Convolution, Finish};
use crate::activation::Activation;
use crate::contraction::{Contraction, Term, Terms};
use crate::transpose::Transpose;

/// A convolution whose channels are in groups; the weights are Burn's own,
/// `[coarse channels][fine channels of a group][kernel height][kernel width]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct GroupedConvolution {
    /// The sizes, channels of all groups counted.
    pub whole: Convolution,
    /// Groups, which divide the channels of both maps.
    pub groups: usize,
}

impl GroupedConvolution {
    /// The coarser map that the finer one is convolved to.
    ///
    /// # Panics
    /// If the length of a slice differs from that of its shape.
    pub(crate) fn coarsen(&self, fine: &[f32], weights: &[f32], finish: Finish<'_>) -> Vec<f32> {
        let [of_coarse, of_fine] = self.channels();
        self.whole.check_map((fine, self.whole.fine_length()));
        let step = [of_fine * of_coarse, self.whole.fine_channels * self.whole.batch];
        let terms = self.whole.geometry.terms_of_coarse(step[0], step[1]);
        let terms = self.in_groups(&terms, self.whole.geometry.coarse_pixels(), of_fine);
        // [group][tap][fine channel][coarse channel].
        let by_group = self
            .weights(weights, |[coarse, fine, tap]| (tap * of_fine + fine) * of_coarse + coarse);
        self.whole.contraction(&terms, of_fine, of_coarse, finish).run(&by_group, fine)
    }

    /// The finer map that the coarser one is convolved to by the transposed convolution.
    ///
    /// # Panics
    /// If the length of a slice differs from that of its shape.
    pub(crate) fn refine(&self, coarse: &[f32], weights: &[f32], finish: Finish<'_>) -> Vec<f32> {
        let [of_coarse, of_fine] = self.channels();
        self.whole.check_map((coarse, self.whole.coarse_length()));
        let step = [of_fine * of_coarse, self.whole.coarse_channels * self.whole.batch];
        let terms = self.whole.geometry.terms_of_fine(step[0], step[1]);
        let terms = self.in_groups(&terms, self.whole.geometry.fine_pixels(), of_coarse);
        // [group][tap][coarse channel][fine channel].
        let by_group = self
            .weights(weights, |[coarse, fine, tap]| (tap * of_coarse + coarse) * of_fine + fine);
        self.whole.contraction(&terms, of_coarse, of_fine, finish).run(&by_group, coarse)
    }

    /// The gradient of the weights, given one map and the gradient of the other.
    ///
    /// # Panics
    /// If the length of a slice differs from that of its shape.
    pub(crate) fn weight_gradient(&self, fine: &[f32], coarse: &[f32]) -> Vec<f32> {
        let Convolution { geometry, fine_channels, coarse_channels, batch, .. } = self.whole;
        let [of_coarse, of_fine] = self.channels();
        self.whole.check_map((fine, self.whole.fine_length()));
        self.whole.check_map((coarse, self.whole.coarse_length()));
        let outside = Transpose::dense(coarse_channels, batch);
        let pixel = coarse_channels * batch;
        let at = |place: usize| (place * pixel, place * pixel);
        let coarse = outside.run(coarse, coarse.len(), geometry.coarse_pixels(), at);
        let by_tap = geometry.terms_of_taps(fine_channels * batch, pixel);
        let mut terms = Terms::default();
        for tap in 0..geometry.taps() {
            for group in 0..self.groups {
                let (weight, input) = (group * of_fine * batch, group * of_coarse);
                let moved =
                    |term: &Term| Term { weight: term.weight + weight, input: term.input + input };
                terms.push(by_tap.of(tap).iter().map(moved));
            }
        }
        let product = Contraction {
            terms: &terms,
            depth: batch,
            rows: of_fine,
            lanes: of_coarse,
            weight_stride: 1,
            row_stride: batch,
            input_stride: coarse_channels,
            bias: None,
            activation: Activation::Identity,
        };
        let sums = product.run(fine, &coarse);
        // [tap][group][fine channel][coarse channel] to the order of the weights.
        let mut gradient = vec![0.0; sums.len()];
        let size = of_fine * of_coarse;
        self.for_each_weight(|place, group, [coarse, fine, tap]| {
            gradient[place] = sums[(tap * self.groups + group) * size + fine * of_coarse + coarse];
        });
        gradient
    }

    /// Channels of a group, of the coarser map and of the finer one.
    fn channels(&self) -> [usize; 2] {
        [self.whole.coarse_channels, self.whole.fine_channels].map(|channels| {
            assert_eq!(channels % self.groups, 0, "groups of equally many channels");
            channels / self.groups
        })
    }

    /// The terms of each pixel, once for every group: `depth` channels of the input on, and the
    /// weights of a group on.
    fn in_groups(&self, terms: &Terms, pixels: usize, depth: usize) -> Terms {
        let [of_coarse, of_fine] = self.channels();
        let weights = self.whole.geometry.taps() * of_fine * of_coarse;
        let mut all = Terms::default();
        for pixel in 0..pixels {
            for group in 0..self.groups {
                let (weight, input) = (group * weights, group * depth * self.whole.batch);
                let moved =
                    |term: &Term| Term { weight: term.weight + weight, input: term.input + input };
                all.push(terms.of(pixel).iter().map(moved));
            }
        }
        all
    }

    /// The weights, group by group, each in the order of `place([coarse channel, fine channel, tap])`.
    fn weights(&self, weights: &[f32], place: impl Fn([usize; 3]) -> usize) -> Vec<f32> {
        let [of_coarse, of_fine] = self.channels();
        let size = of_coarse * of_fine * self.whole.geometry.taps();
        assert_eq!(weights.len(), self.groups * size, "numbers of the weights");
        let mut ordered = vec![0.0; weights.len()];
        self.for_each_weight(|from, group, indices| {
            ordered[group * size + place(indices)] = weights[from];
        });
        ordered
    }

    /// Calls `visit(place, group, [coarse channel of the group, fine channel of the group, tap])` for
    /// each of the weights.
    fn for_each_weight(&self, mut visit: impl FnMut(usize, usize, [usize; 3])) {
        let [of_coarse, of_fine] = self.channels();
        let taps = self.whole.geometry.taps();
        let mut place = 0;
        for channel in 0..self.whole.coarse_channels {
            for fine in 0..of_fine {
                for tap in 0..taps {
                    visit(place, channel / of_coarse, [channel % of_coarse, fine, tap]);
                    place += 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests;
