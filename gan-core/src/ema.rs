//! EMA: an exponential moving average of the generator's weights, steadier than the generator.

use std::any::Any;
use std::collections::HashMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::GanError;
use crate::progress::{Progress, Span};

/// The EMA of a generator's weights, as a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmaConfig {
    /// The time after which a weight of the past counts half, at least 1 step.
    pub half_life: Span,
}

impl EmaConfig {
    /// Whether its half-life is in its range; `key` states where it stands in the configuration.
    pub(crate) fn validate(self, key: &str) -> Result<(), GanError> {
        if self.half_life.steps(1) == 0 {
            let (name, expected) = (format!("{key}.half_life"), "at least 1 step");
            return Err(GanError::OutOfRange { name, expected, found: 0.0 });
        }
        Ok(())
    }
}

/// An exponential moving average of a generator, running statistics of batch normalization
/// included: `average ← decay·average + (1 − decay)·generator` after every generator step, with
/// `decay = ½^(1/half_life)`.
///
/// It never plays; it only makes samples. Its statistics are averaged like the weights, because
/// statistics of today do not fit weights of yesterday.
///
/// # Source
/// Yazıcı et al. (2019), arXiv:1806.04498; given as a half-life in Karras et al. (2020),
/// arXiv:1912.04958.
#[derive(Clone, Debug)]
#[doc(alias = "Average")]
#[doc(alias = "exponential moving average")]
#[doc(alias = "Polyak averaging")]
pub struct Ema<G> {
    /// The average, ready for inference: off the autodiff side.
    pub module: G,
    /// The time after which a weight of the past counts half.
    pub half_life: Span,
}

impl<G: Module> Ema<G> {
    /// An average that begins as the generator itself.
    pub fn new(generator: &G, half_life: Span) -> Self {
        Self { module: generator.valid(), half_life }
    }

    /// Why this average cannot follow `generator`, if it cannot: their parameters are others.
    pub(crate) fn misfit(&self, generator: &G) -> Option<String> {
        let shapes = |module: &G| {
            let mut shapes = Shapes::default();
            module.visit(&mut shapes);
            shapes.0
        };
        let (mine, its) = (shapes(&self.module), shapes(&generator.valid()));
        let differs = mine.iter().find(|(id, shape)| its.get(id) != Some(shape))?;
        let (id, shape) = differs;
        Some(match its.get(id) {
            Some(other) => {
                format!("a parameter of shape {shape:?} has the shape {other:?} in the generator")
            }
            None => format!("the generator has no such parameter of the shape {shape:?}"),
        })
    }

    /// The average after one more step of the generator.
    ///
    /// # Errors
    /// [`GanError::Ema`] if it is the average of another module.
    pub fn follow(self, generator: &G, progress: Progress) -> Result<Self, GanError> {
        let half_life = self.half_life.steps(progress.steps_per_epoch).max(1) as f64;
        let mut newest = Collect::default();
        // `valid` also settles the running statistics, which lag behind by one pass.
        generator.valid().visit(&mut newest);
        let decay = 0.5_f64.powf(1.0 / half_life);
        let mut blend = Blend { newest: newest.0, decay, misfit: None };
        let module = self.module.map(&mut blend);
        match blend.misfit {
            None => Ok(Self { module, half_life: self.half_life }),
            Some(why) => Err(GanError::Ema { why }),
        }
    }
}

/// The shape of every float tensor of a module by the id of its parameter.
#[derive(Default)]
struct Shapes(HashMap<ParamId, Vec<usize>>);

impl ModuleVisitor for Shapes {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.insert(param.id, param.base().dims().to_vec());
    }
}

/// Every float tensor of a module by the id of its parameter, whatever its rank.
#[derive(Default)]
struct Collect(HashMap<ParamId, Box<dyn Any>>);

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.insert(param.id, Box::new(param.base()));
    }
}

struct Blend {
    newest: HashMap<ParamId, Box<dyn Any>>,
    decay: f64,
    misfit: Option<String>,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let newest = self.newest.remove(&param.id);
        let newest = newest.and_then(|tensor| tensor.downcast::<Tensor<D>>().ok());
        let newest = newest.filter(|newest| newest.dims() == param.base().dims());
        let Some(newest) = newest else {
            let shape = param.base().dims();
            self.misfit = Some(format!("the generator lacks a parameter of the shape {shape:?}"));
            return param;
        };
        param.map(|average| average * self.decay + *newest * (1.0 - self.decay))
    }
}

#[cfg(test)]
mod tests {
    use burn::nn::{BatchNorm, BatchNormConfig, Linear, LinearConfig};
    use burn::tensor::Device;

    use super::*;

    const PROGRESS: Progress = Progress { step: 1, steps_per_epoch: 10 };

    #[derive(Module, Debug)]
    struct Net {
        layer: Linear,
        norm: BatchNorm,
    }

    impl Net {
        fn new() -> Self {
            let device = Device::flex().autodiff();
            Self {
                layer: LinearConfig::new(2, 2).init(&device),
                norm: BatchNormConfig::new(2).init(&device),
            }
        }

        /// A pass in training mode over a batch that is `value` everywhere.
        fn normalize(&self, value: f64) {
            let device = Device::flex().autodiff();
            let _ = self.norm.forward(Tensor::<2>::full([4, 2], value, &device));
        }
    }

    struct Fill(f64);
    impl ModuleMapper for Fill {
        fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
            param.map(|tensor| tensor.zeros_like().detach() + self.0)
        }
    }

    fn first(tensor: Tensor<2>) -> f64 {
        tensor.into_data().iter::<f64>().next().unwrap()
    }

    #[test]
    fn after_one_half_life_the_past_counts_half() {
        let zero = Net::new().map(&mut Fill(0.0));
        let mut average = Ema::new(&zero, Span::Steps(8));
        let one = zero.map(&mut Fill(1.0));
        for _ in 0..8 {
            average = average.follow(&one, PROGRESS).unwrap();
        }
        let half = first(average.module.layer.weight.val());
        assert!((half - 0.5).abs() < 1e-6, "{half}");
    }

    /// One pass over constant 10s moves the running mean from 0 to 1; a half-life of one step
    /// halves that in the average, and leaves the generator's own alone.
    #[test]
    fn running_statistics_are_averaged_and_the_generators_are_left_alone() {
        let net = Net::new();
        let average = Ema::new(&net, Span::Steps(1));
        net.normalize(10.0);
        let average = average.follow(&net, PROGRESS).unwrap();
        let mean = |net: &Net| {
            let settled = net.norm.valid();
            settled.running_mean.value().into_data().iter::<f64>().next().unwrap()
        };
        assert!((mean(&average.module) - 0.5).abs() < 1e-6, "{}", mean(&average.module));
        assert!((mean(&net) - 1.0).abs() < 1e-6, "{}", mean(&net));
        net.normalize(10.0);
        assert!((mean(&average.module) - 0.5).abs() < 1e-6, "the average must be independent");
    }
}
