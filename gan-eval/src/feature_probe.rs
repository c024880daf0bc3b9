//! A probe that compares samples with real ones in the space of an extractor.

use std::cell::OnceCell;

use burn::tensor::Tensor;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::Sampler;

use crate::generated::{beside, each_generated};
use crate::observed::{Observed, Pass};
use crate::quantities::{Card, quantities};
use crate::{EvalError, FeatureExtractor, Reference};

/// The stream that the generator's latents come from.
pub const LATENTS: &str = "evaluation";

/// Measures the [`quantities`](crate::quantities) of a generator, each beside that of held-out real samples.
#[doc(alias = "FID")]
#[doc(alias = "KID")]
#[doc(alias = "PRDC")]
pub struct FeatureProbe<E> {
    extractor: E,
    reference: Reference,
    samples: usize,
    card: Card,
    of_real: OnceCell<Vec<Measurement>>,
}

impl<E> FeatureProbe<E> {
    /// Compare with `real`, and each number with that of `held_out` real samples, of which there
    /// should be as many.
    ///
    /// As many samples are drawn of a generator as were held out, for [`Card::Brief`].
    ///
    /// # Errors
    /// [`EvalError::FeatureRows`] if the extractor has not one row for each sample, and what
    /// [`FeatureExtractor::check`] says of their shape.
    pub fn new<const D: usize>(
        extractor: E,
        real: Tensor<D>,
        held_out: Tensor<D>,
    ) -> Result<Self, EvalError>
    where
        E: FeatureExtractor<D>,
    {
        let n = held_out.dims()[0];
        let look = |samples: Tensor<D>| {
            let mut pass = Pass::new(&extractor);
            pass.add(samples, None)?;
            Ok::<Observed, EvalError>(pass.finish())
        };
        let reference = Reference::new(look(real)?, look(held_out)?)?;
        let probe = Self::with(extractor, reference, n, Card::Brief);
        probe.of_real()?;
        Ok(probe)
    }

    /// Compare `samples` samples with a reference that the same extractor has looked at.
    pub fn with(extractor: E, reference: Reference, samples: usize, card: Card) -> Self {
        Self { extractor, reference, samples, card, of_real: OnceCell::new() }
    }

    /// What is known already: the numbers of held-out samples, as [`FeatureProbe::of_real`] gave them for the same
    /// reference, number of samples and card.
    #[must_use]
    pub fn knowing(self, of_real: Vec<Measurement>) -> Self {
        Self { of_real: OnceCell::from(of_real), ..self }
    }

    /// What is measured.
    pub fn quantities(&self) -> Vec<Quantity> {
        quantities(self.card, self.reference.real().found())
    }

    /// The numbers of as many held-out samples: what a perfect generator scores.
    ///
    /// # Errors
    /// As [`Reference::measure`].
    pub fn of_real(&self) -> Result<&[Measurement], EvalError> {
        if let Some(measured) = self.of_real.get() {
            return Ok(measured);
        }
        let measured = self.reference.measure_held_out(self.samples, self.card)?;
        Ok(self.of_real.get_or_init(|| measured))
    }

    /// The numbers of any samples, each beside that of the held-out real ones.
    ///
    /// # Errors
    /// As [`FeatureProbe::new`] and [`Reference::measure`].
    pub fn evaluate<const D: usize>(
        &self,
        samples: Tensor<D>,
    ) -> Result<Vec<Measurement>, EvalError>
    where
        E: FeatureExtractor<D>,
    {
        let mut pass = Pass::new(&self.extractor);
        pass.add(samples, None)?;
        self.measure(&pass.finish())
    }

    /// The numbers of samples that were looked at, each beside that of the held-out real ones.
    ///
    /// # Errors
    /// As [`Reference::measure`].
    pub fn measure(&self, samples: &Observed) -> Result<Vec<Measurement>, EvalError> {
        let measured = self.reference.measure(samples, self.card)?;
        Ok(beside(measured, self.of_real()?))
    }

    /// Samples of a generator, looked at; of a conditional one, equally many of each class.
    ///
    /// # Errors
    /// As [`FeatureProbe::new`].
    pub fn look_at<G: Generator<D>, const D: usize>(
        &self,
        sampler: &Sampler<G>,
    ) -> Result<Observed, EvalError>
    where
        E: FeatureExtractor<D>,
    {
        let mut pass = Pass::new(&self.extractor);
        each_generated(sampler, self.samples, |chunk, labels| pass.add(chunk, labels))?;
        Ok(pass.finish())
    }

    /// The numbers of a generator.
    ///
    /// # Errors
    /// As [`FeatureProbe::new`] and [`Reference::measure`].
    pub fn evaluate_generator<G: Generator<D>, const D: usize>(
        &self,
        sampler: &Sampler<G>,
    ) -> Result<Vec<Measurement>, EvalError>
    where
        E: FeatureExtractor<D>,
    {
        self.measure(&self.look_at(sampler)?)
    }

    /// The extractor.
    pub fn extractor(&self) -> &E {
        &self.extractor
    }

    /// The real samples.
    pub fn reference(&self) -> &Reference {
        &self.reference
    }
}

impl<E, G, C, const D: usize> Probe<G, C, D> for FeatureProbe<E>
where
    E: FeatureExtractor<D>,
    G: Generator<D>,
{
    fn name(&self) -> &str {
        "features"
    }

    fn quantities(&self) -> Vec<Quantity> {
        self.quantities()
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        Ok(self.evaluate_generator(&game.sampler(LATENTS))?)
    }
}

#[cfg(test)]
mod tests;
