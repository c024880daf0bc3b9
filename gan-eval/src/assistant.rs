//! Probes of the ranks that do not measure: they make and look at their share of the samples that rank 0
//! measures.
//!
//! Several processes that train one game ([`gan_core::exchange`]) evaluate it together: sample by sample a generator
//! and a feature extractor are functions of the weights, which all ranks have. Rank 0 has the probe, with its
//! reference; every other rank has the probe's assistant, at the same cadence. What is measured is to the bit what one
//! process measures.

use std::rc::Rc;

use burn::tensor::Tensor;
use gan_core::exchange::Exchange;
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::Generator;
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::sampler::Sampler;

use crate::generated::each_generated;
use crate::seen::Seen;
use crate::{EvalError, FeatureExtractor, feature_probe, stacked};

/// Assists a [`FeatureProbe`](crate::FeatureProbe) of the same extractor and as many samples.
pub struct FeatureAssistant<E> {
    extractor: E,
    samples: usize,
    live: bool,
    ranks: Rc<dyn Exchange>,
}

impl<E> FeatureAssistant<E> {
    /// Looks at this rank's share of `samples` samples.
    pub fn new(extractor: E, samples: usize, ranks: Rc<dyn Exchange>) -> Self {
        Self { extractor, samples, live: false, ranks }
    }

    /// The assistant of [`FeatureProbe::beside_live_weights`](crate::FeatureProbe::beside_live_weights).
    #[must_use]
    pub fn beside_live_weights(self) -> Self {
        Self { live: true, ..self }
    }

    fn look_at<G: Generator<D>, const D: usize>(
        &self,
        sampler: &Sampler<G>,
    ) -> Result<(), EvalError>
    where
        E: FeatureExtractor<D>,
    {
        let look = |chunk, labels: Option<&[usize]>| Seen::of(&self.extractor, chunk, labels);
        each_generated(sampler, self.samples, &*self.ranks, look, drop)
    }
}

impl<E, G, C, const D: usize> Probe<G, C, D> for FeatureAssistant<E>
where
    E: FeatureExtractor<D>,
    G: Generator<D>,
{
    fn name(&self) -> &str {
        "features"
    }

    fn quantities(&self) -> Vec<Quantity> {
        Vec::new()
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        self.look_at(&game.sampler(feature_probe::LATENTS))?;
        if self.live && game.players().ema.is_some() {
            self.look_at(&game.live_sampler(feature_probe::LATENTS))?;
        }
        Ok(Vec::new())
    }
}

/// Assists a [`StackedProbe`](crate::StackedProbe) of the same classifier and as many samples.
pub struct StackedAssistant<E> {
    classifier: E,
    samples: usize,
    ranks: Rc<dyn Exchange>,
}

impl<E> StackedAssistant<E> {
    /// Looks at this rank's share of `samples` samples.
    pub fn new(classifier: E, samples: usize, ranks: Rc<dyn Exchange>) -> Self {
        Self { classifier, samples, ranks }
    }
}

impl<E, G, C, const D: usize> Probe<G, C, D> for StackedAssistant<E>
where
    E: FeatureExtractor<4>,
    G: Generator<D>,
{
    fn name(&self) -> &str {
        "stacked"
    }

    fn quantities(&self) -> Vec<Quantity> {
        Vec::new()
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let look = |chunk: Tensor<D>, labels: Option<&[usize]>| {
            stacked::look(&self.classifier, chunk, labels)
        };
        let sampler = game.sampler(stacked::LATENTS);
        each_generated(&sampler, self.samples, &*self.ranks, look, drop)?;
        Ok(Vec::new())
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use burn::module::Module;
    use burn::tensor::Device;
    use gan_core::exchange::Threads;
    use gan_core::latent::{LatentPrior, Latents};
    use gan_core::sampler::Selection;
    use gan_core::seed::Seed;

    use super::*;
    use crate::{Card, FeatureProbe, Observed, Pass, Pixels, Reference};

    /// Noise of two coordinates, moved by its label.
    #[derive(Module, Debug)]
    struct Moved {
        classes: usize,
    }

    impl Generator<2> for Moved {
        fn latent_dim(&self) -> usize {
            2
        }

        fn classes(&self) -> usize {
            self.classes
        }

        fn forward(&self, latents: Latents) -> Tensor<2> {
            match latents.labels {
                Some(labels) => latents.noise + labels.float().unsqueeze_dim(1),
                None => latents.noise,
            }
        }
    }

    fn sampler(classes: usize) -> Sampler<Moved> {
        let stream = Seed(3).stream("evaluation");
        Sampler::new(Moved { classes }, LatentPrior::Normal, stream, &Device::flex())
    }

    fn probe(samples: usize, ranks: Rc<dyn Exchange>) -> FeatureProbe<Pixels> {
        let real: Tensor<2> = sampler(0).draw(&Selection::Unlabeled(200));
        let look = |samples: Tensor<2>| {
            let mut pass = Pass::new(&Pixels);
            pass.add(samples, None).unwrap();
            pass.finish()
        };
        let reference = Reference::new(look(real.clone()), look(real + 0.1)).unwrap();
        FeatureProbe::with(Pixels, reference, samples, Card::Brief).with_ranks(ranks)
    }

    /// What rank 0 of `ranks` has after all have looked.
    fn looked(ranks: usize, samples: usize, classes: usize) -> Observed {
        thread::scope(|scope| {
            let mut threads = Threads::all(ranks).into_iter();
            let first = threads.next().unwrap();
            for threads in threads {
                scope.spawn(move || {
                    let assistant = FeatureAssistant::new(Pixels, samples, Rc::new(threads));
                    assistant.look_at(&sampler(classes)).unwrap();
                });
            }
            probe(samples, Rc::new(first)).look_at(&sampler(classes)).unwrap()
        })
    }

    #[test]
    fn several_ranks_find_what_one_finds() {
        // Eleven chunks, of which the last is short; three, fewer than ranks; twenty-two.
        for (samples, classes, n) in [(501, 0, 501), (130, 3, 129), (1_000, 11, 990)] {
            let alone = looked(1, samples, classes);
            assert_eq!(alone.len(), n);
            for ranks in [2, 4, 8] {
                assert!(looked(ranks, samples, classes) == alone, "{samples} on {ranks} ranks");
            }
        }
    }
}
