//! Units that no gradient reaches.
//!
//! | Quantity | Measures | Read as |
//! |---|---|---|
//! | `generator/dead_units`, `critic/dead_units` | largest share, over layers with weights, of units or maps whose weights get no gradient from any sample of a batch | a unit that is off for every input stays off; above a half, the layer is lost (Lu et al. (2019), arXiv:1903.06733) |
//!
//! Gradients are those of a sum of outputs with random signs and sizes, so that they say nothing of the
//! other player. The critic is asked about real samples and fakes.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};
use gan_core::batch::{Batch, MicroBatch};
use gan_core::critic_preprocessing::{CriticPreprocessing, Side};
use gan_core::measurement::{Measurement, Quantity};
use gan_core::player::{Critic, Generator};
use gan_core::probe::{Probe, ProbeError, Snapshot};
use gan_core::seed::Stream;
use gan_core::weight_matrix::{as_matrix, output_axis};
use rand_distr::{Distribution as _, StandardNormal};

use super::copies;

/// The share of the generator's units that are off.
pub const GENERATOR_DEAD_UNITS: Quantity = Quantity::new("generator/dead_units", "share");
/// The share of the critic's units that are off.
pub const CRITIC_DEAD_UNITS: Quantity = Quantity::new("critic/dead_units", "share");

/// Counts units without a gradient.
///
/// # Cost
/// A forward and a backward pass of the generator over one batch, and of the critic over two.
#[derive(Clone, Debug)]
pub struct DeadUnitProbe<const D: usize> {
    preprocessing: CriticPreprocessing,
    real: Batch<D>,
}

impl<const D: usize> DeadUnitProbe<D> {
    /// Batches as large as that of these `real` samples.
    pub fn new(preprocessing: CriticPreprocessing, real: Batch<D>) -> Self {
        Self { preprocessing, real }
    }
}

impl<G: Generator<D>, C: Critic<D>, const D: usize> Probe<G, C, D> for DeadUnitProbe<D> {
    fn name(&self) -> &str {
        "dead units"
    }

    fn quantities(&self) -> Vec<Quantity> {
        vec![GENERATOR_DEAD_UNITS, CRITIC_DEAD_UNITS]
    }

    fn measure(&self, game: &Snapshot<'_, G, C, D>) -> Result<Vec<Measurement>, ProbeError> {
        let generator = copies::training(&game.players().generator.module);
        let critic = copies::training(&game.players().critic.module);
        let MicroBatch { real, fake, key } =
            copies::micro_batch(game, &generator, &self.real, "dead units");
        let weighing = game.seed().stream("dead units/weights");
        let judged = |batch, side| {
            critic.score(self.preprocessing.apply(batch, side, game.progress(), &key)).raw()
        };
        let judged = vec![judged(real, Side::Real), judged(fake.clone().detach(), Side::Fake)];
        let judged = Tensor::cat(judged, 0);
        let of_generator = largest_dead_share(&generator, fake.samples, &weighing);
        let of_critic = largest_dead_share(&critic, judged, &weighing);
        Ok(vec![GENERATOR_DEAD_UNITS.measured(of_generator), CRITIC_DEAD_UNITS.measured(of_critic)])
    }
}

/// The largest share of a layer's units without a gradient by the randomly weighted sum of `outputs`.
fn largest_dead_share<M: Module, const R: usize>(
    network: &M,
    outputs: Tensor<R>,
    weighing: &Stream,
) -> f64 {
    let mut rng = weighing.draw(0);
    let n = outputs.shape().num_elements();
    let weights: Vec<f32> = (0..n).map(|_| StandardNormal.sample(&mut rng)).collect();
    let weights = TensorData::new(weights, outputs.shape());
    let weights = Tensor::from_data(weights, &outputs.device());
    let gradients = GradientsParams::from_grads((outputs * weights).sum().backward(), network);
    let mut units = Units { gradients: &gradients, place: Vec::new(), largest: 0.0 };
    network.visit(&mut units);
    units.largest
}

/// Counts units whose weights have no gradient, layer by layer.
struct Units<'a> {
    gradients: &'a GradientsParams,
    place: Vec<(String, String)>,
    largest: f64,
}

impl ModuleVisitor for Units<'_> {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.place.push((name.to_owned(), container.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.place.pop();
    }

    fn visit_float<const R: usize>(&mut self, param: &Param<Tensor<R>>) {
        let Some((field, layer)) = self.place.last() else { return };
        // A batch need not ask for every class of an embedding.
        let axis = output_axis(field, layer).filter(|_| layer != "Struct:Embedding");
        let (Some(axis), Some(gradient)) = (axis, self.gradients.get::<R>(param.id)) else {
            return;
        };
        let sizes = as_matrix(gradient, axis).abs().sum_dim(1).into_data();
        let (dead, n) = sizes
            .iter::<f32>()
            .fold((0_u32, 0_u32), |(dead, n), size| (dead + u32::from(size == 0.0), n + 1));
        self.largest = self.largest.max(f64::from(dead) / f64::from(n.max(1)));
    }
}
