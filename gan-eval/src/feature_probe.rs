//! A probe that compares samples with real ones in the space of an extractor.

use std::cell::OnceCell;
use std::rc::Rc;

use burn::tensor::Tensor;
use gan_core::exchange::{Alone, Exchange};
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::Sampler;

use crate::generated::{beside, each_generated};
use crate::observed::{Observed, Pass};
use crate::quantities::{Card, LIVE_FRECHET, of_live, quantities};
use crate::seen::Seen;
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
    /// Whether the live weights of an averaged generator are measured as well.
    live: bool,
    of_real: OnceCell<Vec<Measurement>>,
    ranks: Rc<dyn Exchange>,
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
        let (of_real, ranks) = (OnceCell::new(), Rc::new(Alone));
        Self { extractor, reference, samples, card, live: false, of_real, ranks }
    }

    /// The samples of a generator made and looked at by all ranks: the others have a
    /// [`FeatureAssistant`](crate::FeatureAssistant).
    #[must_use]
    pub fn with_ranks(self, ranks: Rc<dyn Exchange>) -> Self {
        Self { ranks, ..self }
    }

    /// What is known already: the numbers of held-out samples, as [`FeatureProbe::of_real`] gave them for the same
    /// reference, number of samples and card.
    #[must_use]
    pub fn knowing(self, of_real: Vec<Measurement>) -> Self {
        Self { of_real: OnceCell::from(of_real), ..self }
    }

    /// Beside all that of a generator's EMA, the Fréchet distance of its live weights ([`LIVE_FRECHET`]), from the
    /// same latents: whether the EMA lags behind. For a game whose rules keep one.
    ///
    /// # Cost
    /// Once more the samples, and their features.
    #[must_use]
    pub fn beside_live_weights(self) -> Self {
        Self { live: true, ..self }
    }

    /// What is measured.
    pub fn quantities(&self) -> Vec<Quantity> {
        let mut all = quantities(self.card, self.reference.real().found());
        all.extend(self.live.then_some(LIVE_FRECHET));
        all
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
        let look = |chunk, labels: Option<&[usize]>| Seen::of(&self.extractor, chunk, labels);
        each_generated(sampler, self.samples, &*self.ranks, look, |chunk| pass.take(chunk))?;
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

    fn is_shared(&self) -> bool {
        self.ranks.ranks() > 1
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let mut measured = self.evaluate_generator(&game.sampler(LATENTS))?;
        if self.live && game.players().ema.is_some() {
            let samples = self.look_at(&game.live_sampler(LATENTS))?;
            measured.push(of_live(&self.reference, &samples)?);
        }
        Ok(measured)
    }
}

#[cfg(test)]
mod tests;
