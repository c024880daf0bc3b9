//! What a generator's samples depend on: its noise, its label, the ends of its range.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `generator/noise_sensitivity` | median distance between two samples of one label, over that between two real samples of one class | near 0, the noise is ignored |
//! | `generator/label_sensitivity` | root mean square change of a sample when its label changes, over that when its noise does | near 0, the label is ignored |
//! | `generator/saturated_outputs` | share of an image's values within 0.001 of −1 or 1, beside that of real images | near 1, `tanh` passes no gradient |
//!
//! Always the same latents of the seed's stream `sensitivity`: 64 without labels, 16 under each of up to ten labels.

use burn::tensor::Tensor;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::Sampler;

/// How far samples depend on their noise.
pub const NOISE_SENSITIVITY: Quantity =
    Quantity::new("generator/noise_sensitivity", "of the data's");
/// How far samples depend on their label.
pub const LABEL_SENSITIVITY: Quantity =
    Quantity::new("generator/label_sensitivity", "of the noise's");
/// How many values are at an end of the range.
pub const SATURATED_OUTPUTS: Quantity = Quantity::new("generator/saturated_outputs", "share");

/// The stream that the latents come from.
pub const LATENTS: &str = "sensitivity";

/// Latents without labels, and under each label.
const UNLABELED: u64 = 64;
const OF_EACH: u64 = 16;
/// The most labels that are looked at.
const LABELS: usize = 10;
/// How near to an end of the range a value is at it.
const AT_END: f32 = 0.001;

/// What the samples are compared with.
#[derive(Clone, Copy, Debug, PartialEq)]
struct OfReal {
    /// The median distance between two samples of one class.
    distance: f64,
    /// The share of values at −1 or 1.
    saturated: f64,
}

/// Measures what a generator's samples depend on.
#[derive(Clone, Copy, Debug)]
pub struct SensitivityProbe {
    real: OfReal,
    are_images: bool,
    classes: usize,
}

impl SensitivityProbe {
    /// Compare with pairs of real samples, both of one class where there are any.
    ///
    /// `first` and `second` hold the values of one sample of each pair, row by row of `n_values`; there has to be a
    /// pair. `classes` are those that the generator takes, 0 for none.
    ///
    /// # Panics
    /// If there is no pair, or the two are not of one length.
    pub fn new(
        first: &[f32],
        second: &[f32],
        n_values: usize,
        are_images: bool,
        classes: usize,
    ) -> Self {
        assert!(!first.is_empty() && first.len() == second.len(), "two samples in every pair");
        let pairs = first.chunks_exact(n_values).zip(second.chunks_exact(n_values));
        let distances = pairs.map(|(a, b)| squared_distance(a, b).sqrt()).collect();
        let real = OfReal { distance: median(distances), saturated: saturated(first) };
        Self { real, are_images, classes }
    }

    /// The samples of each label that is looked at, row by row; one list without labels.
    fn samples<G: Generator<D>, const D: usize>(&self, sampler: &Sampler<G>) -> Vec<Vec<f32>> {
        let latents = |n: u64| (0..n).map(|index| sampler.latent::<D>(index)).collect::<Vec<_>>();
        let values = |of: Tensor<D>| of.into_data().iter::<f32>().collect();
        if self.classes == 0 {
            return vec![values(sampler.at(&latents(UNLABELED), None))];
        }
        let latents = latents(OF_EACH);
        let labels = 0..self.classes.min(LABELS);
        labels.map(|label| values(sampler.at(&latents, Some(label)))).collect()
    }

    fn measured(&self, samples: &[Vec<f32>]) -> Vec<Measurement> {
        let n = if self.classes == 0 { UNLABELED } else { OF_EACH } as usize;
        let rows = |of: &'_ [f32]| of.chunks_exact(of.len() / n).map(<[f32]>::to_vec).collect();
        let labels: Vec<Vec<Vec<f32>>> = samples.iter().map(|of| rows(of)).collect();
        let by_noise: Vec<f64> = labels.iter().flat_map(|of| neighbors(of)).collect();
        let mut measured =
            vec![NOISE_SENSITIVITY.measured(median(by_noise.clone()) / self.real.distance)];
        if labels.len() > 1 {
            let between = labels
                .windows(2)
                .flat_map(|pair| pair[0].iter().zip(&pair[1]).map(|(a, b)| squared_distance(a, b)));
            let squares = by_noise.iter().map(|distance| distance * distance);
            let ratio = (mean(between) / mean(squares)).sqrt();
            measured.push(LABEL_SENSITIVITY.measured(ratio));
        }
        if self.are_images {
            let share = mean(samples.iter().map(|of| saturated(of)));
            measured.push(SATURATED_OUTPUTS.measured(share).of_real(self.real.saturated));
        }
        measured
    }
}

/// The distances from each row to the next.
fn neighbors(rows: &[Vec<f32>]) -> impl Iterator<Item = f64> {
    rows.windows(2).map(|pair| squared_distance(&pair[0], &pair[1]).sqrt())
}

fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a - b).powi(2)).sum()
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    sum / f64::from(n)
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn saturated(values: &[f32]) -> f64 {
    let at_end = values.iter().filter(|value| value.abs() >= 1.0 - AT_END).count();
    at_end as f64 / values.len() as f64
}

impl<G: Generator<D>, C, const D: usize> Probe<G, C, D> for SensitivityProbe {
    fn name(&self) -> &str {
        "sensitivity"
    }

    fn quantities(&self) -> Vec<Quantity> {
        let of_labels = (self.classes > 1).then_some(LABEL_SENSITIVITY);
        let of_images = self.are_images.then_some(SATURATED_OUTPUTS);
        [NOISE_SENSITIVITY].into_iter().chain(of_labels).chain(of_images).collect()
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        Ok(self.measured(&self.samples(&game.sampler(LATENTS))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn probe(classes: usize) -> SensitivityProbe {
        // Pairs at distances of 2, 2 and 4.
        SensitivityProbe::new(&[0.0, 1.0, 0.5], &[2.0, -1.0, 4.5], 1, true, classes)
    }

    #[test]
    fn noise_that_moves_a_sample_as_far_as_data_differ_has_sensitivity_1() {
        let there_and_back = (0..64).map(|i| if i % 2 == 0 { -0.5 } else { 1.5 }).collect();
        let measured = probe(0).measured(&[there_and_back]);
        let values: Vec<f64> = measured.iter().map(|each| each.value).collect();
        // 1.5 is beyond the range, as a sample of an unbounded generator may be.
        assert_eq!(values, [1.0, 0.5]);
        assert_eq!(measured[1].of_real, Some(1.0 / 3.0));
        assert_eq!(probe(0).measured(&[vec![0.3; 64]])[0].value, 0.0);
    }

    #[test]
    fn a_label_that_changes_nothing_has_sensitivity_0_and_noise_that_does_infinite() {
        let by_noise: Vec<f32> = (0..16).map(|i| i as f32).collect();
        assert_eq!(probe(2).measured(&[by_noise.clone(), by_noise])[1].value, 0.0);
        let [one, other] = [vec![0.0; 16], vec![1.0; 16]];
        assert_eq!(probe(2).measured(&[one, other])[1].value, f64::INFINITY);
    }
}
