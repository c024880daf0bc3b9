//! A probe that counts the modes of a generator of stacked digits.

use std::rc::Rc;

use burn::tensor::Tensor;
use gan_core::exchange::{Alone, Exchange};
use gan_core::measurement::{Direction, Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::Sampler;

use super::{DIGITS, ModeErrors, StackedLooked, StackedPass, look};
use crate::generated::{beside, each_generated};
use crate::quantities::{LABEL_AGREEMENT, share};
use crate::{EvalError, FeatureExtractor};

/// The stream that the generator's latents come from.
pub const LATENTS: &str = "evaluation";

/// Modes with at least one sample.
pub const MODES_FOUND: Quantity =
    Quantity::new("samples/modes", "of 1000").better(Direction::Higher);
/// Modes with at least one sample that the classifier is sure of.
pub const CONFIDENT_MODES: Quantity =
    Quantity::new("samples/confident_modes", "of 1000").better(Direction::Higher);
/// `KL(p̂ ‖ uniform)` of the modes' frequencies.
pub const MODES_KL: Quantity = Quantity::new("samples/modes_kl", "nats").better(Direction::Lower);
/// The share of samples whose three digits are all clear.
pub const CONFIDENT: Quantity = crate::quantities::CONFIDENT;

/// What may be measured of stacked digits.
pub fn quantities() -> Vec<Quantity> {
    vec![MODES_FOUND, CONFIDENT_MODES, MODES_KL, CONFIDENT, LABEL_AGREEMENT]
}

/// Measures a generator of stacked digits by the [protocol](super): its modes, and how evenly they are generated.
///
/// Samples are looked at as they are made, 256 at a time, so that memory does not grow with their number.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor, TensorData};
/// use gan_batch::Seed;
/// use gan_data::{Mnist, MnistSize, MnistSplit, SampleSet, StackedMnist};
/// use gan_eval::{StackedProbe, digits};
///
/// let device = Device::default();
/// let test = Mnist::shipped(MnistSplit::Test, MnistSize::Original28)?;
/// let real = StackedMnist::new(test, 20, Seed(1))?;
///
/// let probe = StackedProbe::new(digits::classifier(&device), 20)?;
/// let mut pass = probe.pass();
/// for part in [0..10, 10..20] {
///     let indices: Vec<usize> = part.collect();
///     let data = TensorData::new(real.values(&indices), [10, 3, 28, 28]);
///     pass.add(Tensor::<4>::from_data(data, &device), None)?;
/// }
/// let of_real = probe.measure(&pass.finish())?;
/// assert_eq!((of_real[0].quantity.name, of_real[0].value), ("samples/modes", 20.0));
/// let _probe = probe.knowing(of_real);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[doc(alias = "PacGAN")]
#[doc(alias = "VEEGAN")]
#[doc(alias = "mode collapse")]
pub struct StackedProbe<E> {
    classifier: E,
    samples: usize,
    of_real: Vec<Measurement>,
    ranks: Rc<dyn Exchange>,
}

impl<E: FeatureExtractor<4>> StackedProbe<E> {
    /// Look at `samples` samples, [`PROTOCOL_SAMPLES`](super::PROTOCOL_SAMPLES) for published numbers, by a classifier
    /// of gray digits.
    ///
    /// # Errors
    /// [`EvalError::StackedClasses`]: the classifier does not tell ten classes apart.
    pub fn new(classifier: E, samples: usize) -> Result<Self, EvalError> {
        let found = classifier.classes();
        if found != DIGITS {
            return Err(EvalError::StackedClasses { id: classifier.id(), found });
        }
        Ok(Self { classifier, samples, of_real: Vec::new(), ranks: Rc::new(Alone) })
    }

    /// The samples of a generator made and looked at by all ranks: the others have a
    /// [`StackedAssistant`](crate::StackedAssistant).
    #[must_use]
    pub fn with_ranks(self, ranks: Rc<dyn Exchange>) -> Self {
        Self { ranks, ..self }
    }

    /// The same, each number beside that of as many real samples.
    #[must_use]
    pub fn knowing(self, of_real: Vec<Measurement>) -> Self {
        Self { of_real, ..self }
    }

    /// The numbers of real samples, if they are known.
    pub fn of_real(&self) -> &[Measurement] {
        &self.of_real
    }

    /// Looks at samples that are given chunk by chunk.
    pub fn pass(&self) -> StackedPass<'_, E> {
        StackedPass::new(&self.classifier)
    }

    /// The numbers of samples that were looked at; `samples/label_agreement` only where they have labels.
    ///
    /// # Errors
    /// As [`stacked_modes`](super::stacked_modes).
    pub fn measure(&self, looked: &StackedLooked) -> Result<Vec<Measurement>, EvalError> {
        let (found, n) = (looked.modes()?, looked.len());
        let error = |of: fn(ModeErrors) -> f64| found.errors.map(of);
        let mut measured = vec![
            MODES_FOUND.measured(found.modes as f64).standard_error(error(|errors| errors.modes)),
            CONFIDENT_MODES
                .measured(found.confident_modes as f64)
                .standard_error(error(|errors| errors.confident_modes)),
            MODES_KL.measured(found.kl).standard_error(error(|errors| errors.kl)),
            share(CONFIDENT, found.confident, n),
        ];
        measured.extend(looked.agreement().map(|value| share(LABEL_AGREEMENT, value, n)));
        Ok(beside(measured, &self.of_real))
    }

    /// Samples of a generator, looked at; of a conditional one, equally many of each class.
    ///
    /// # Errors
    /// As [`StackedPass::add`].
    pub fn look_at<G: Generator<D>, const D: usize>(
        &self,
        sampler: &Sampler<G>,
    ) -> Result<StackedLooked, EvalError> {
        let mut pass = self.pass();
        let look =
            |chunk: Tensor<D>, labels: Option<&[usize]>| look(&self.classifier, chunk, labels);
        each_generated(sampler, self.samples, &*self.ranks, look, |chunk| pass.take(chunk))?;
        Ok(pass.finish())
    }

    /// The numbers of a generator.
    ///
    /// # Errors
    /// As [`StackedProbe::look_at`] and [`StackedProbe::measure`].
    pub fn evaluate_generator<G: Generator<D>, const D: usize>(
        &self,
        sampler: &Sampler<G>,
    ) -> Result<Vec<Measurement>, EvalError> {
        self.measure(&self.look_at(sampler)?)
    }
}

impl<E, G, C, const D: usize> Probe<G, C, D> for StackedProbe<E>
where
    E: FeatureExtractor<4>,
    G: Generator<D>,
{
    fn name(&self) -> &str {
        "stacked"
    }

    fn quantities(&self) -> Vec<Quantity> {
        quantities()
    }

    fn is_shared(&self) -> bool {
        self.ranks.ranks() > 1
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        Ok(self.evaluate_generator(&game.sampler(LATENTS))?)
    }
}
