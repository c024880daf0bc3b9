//! Spectral normalization of weights, by a power iteration whose vectors are part of the critic.

use std::collections::HashMap;

use burn::module::{
    Module, ModuleMapper, ModuleVisitor, Param, ParamId, Reparameterization, Reparameterizer,
};
use burn::tensor::{Tensor, TensorData};
use gan_kernels::{matmul, sum};
use rand_distr::{Distribution, StandardNormal};

use super::replaced;
use crate::seed::Stream;
use crate::weight_matrix::{as_matrix, output_axis};

/// Power iterations on a new critic: as many as PyTorch makes.
const FIRST_ITERATIONS: u64 = 15;
/// The least that lengths and `σ` are divided by: a weight that is all 0 stays so.
const SMALLEST: f64 = 1e-12;

/// `W/σ` with `σ = uᵀWv`.
///
/// The vectors are parameters without gradient: optimizers pass them by, and records, devices and
/// inference copies take them along.
#[derive(Module, Debug)]
pub(super) struct SpectralNorm {
    /// `u`, one entry an output.
    pub(super) left: Param<Tensor<1>>,
    /// `v`, one entry for each of the rest.
    pub(super) right: Param<Tensor<1>>,
    /// Where the weight has its outputs.
    output_axis: usize,
}

impl Reparameterization for SpectralNorm {
    const NAME: &'static str = "spectral_norm";

    fn apply<const D: usize>(&self, base: Tensor<D>) -> Tensor<D> {
        let matrix = as_matrix(base.clone(), self.output_axis);
        let right = self.right.val().unsqueeze_dim::<2>(1);
        let image = matmul(matrix, right) * self.left.val().unsqueeze_dim::<2>(1);
        let scale = sum(image).clamp_min(SMALLEST).recip().reshape([1, 1]);
        // As a product, whose gradient is summed in one order.
        let (shape, numbers) = (base.dims(), base.shape().num_elements());
        matmul(base.reshape([numbers, 1]), scale).reshape(shape)
    }
}

/// A spectral norm on every weight that has one, each with vectors from a draw of its own.
pub(super) fn attach<M: Module>(critic: M, stream: &Stream) -> M {
    let mut find = FindWeights { path: Vec::new(), found: HashMap::new() };
    critic.visit(&mut find);
    let attach = Attach { stream, output_axes: find.found, attached: 0 };
    advance(critic.apply_reparameterization(attach), FIRST_ITERATIONS)
}

/// Burn passes a reparameterizer the fields' names but not the layers', hence this earlier pass.
struct FindWeights {
    path: Vec<(String, String)>,
    found: HashMap<ParamId, usize>,
}

impl ModuleVisitor for FindWeights {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.push((name.to_owned(), container.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let axis = self.path.last().and_then(|(field, layer)| output_axis(field, layer));
        if let Some(axis) = axis {
            self.found.insert(param.id, axis);
        }
    }
}

struct Attach<'a> {
    stream: &'a Stream,
    output_axes: HashMap<ParamId, usize>,
    attached: u64,
}

impl Reparameterizer for Attach<'_> {
    type Reparam = SpectralNorm;

    fn reparameterize<const D: usize>(
        &mut self,
        _path: &str,
        param: Param<Tensor<D>>,
    ) -> (Param<Tensor<D>>, Option<SpectralNorm>) {
        let Some(&output_axis) = self.output_axes.get(&param.id) else {
            return (param, None);
        };
        let [outputs, inputs] = as_matrix(param.base().inner(), output_axis).dims();
        let mut rng = self.stream.draw(self.attached);
        self.attached += 1;
        let drawn = (0..outputs).map(|_| StandardNormal.sample(&mut rng)).collect();
        let device = param.lazy_device();
        let vector = |values: Vec<f32>| {
            let shape = [values.len()];
            let values = Tensor::from_data(TensorData::new(values, shape), &device);
            // Not `from_tensor`, which would make it a weight to train.
            Param::initialized(ParamId::new(), values)
        };
        let (left, right) = (vector(drawn), vector(vec![0.0; inputs]));
        (param, Some(SpectralNorm { left, right, output_axis }))
    }
}

/// `v ← Wᵀu/‖Wᵀu‖`, `u ← Wv/‖Wv‖`, so often, for every weight with a spectral norm.
pub(super) fn advance<M: Module>(critic: M, iterations: u64) -> M {
    critic.map(&mut Advance { iterations, path: Vec::new(), matrix: None, right: None })
}

/// Burn visits a weight first and the vectors of its reparameterization next, in the order of
/// their declaration.
struct Advance {
    iterations: u64,
    path: Vec<(String, String)>,
    /// The weight visited last, off the graph.
    matrix: Option<Tensor<2>>,
    /// What its `right` becomes.
    right: Option<Tensor<2>>,
}

impl ModuleMapper for Advance {
    fn enter_module(&mut self, name: &str, container: &str) {
        self.path.push((name.to_owned(), container.to_owned()));
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (field, layer) = self.path.last().map_or(("", ""), |(f, l)| (f.as_str(), l.as_str()));
        let vector = match (field, layer) {
            ("left", "Struct:SpectralNorm") => self.matrix.take().map(|matrix| {
                let left = param.base().inner();
                let entries = left.dims()[0];
                let (left, right) =
                    power_iteration(matrix, left.reshape([entries, 1]), self.iterations);
                self.right = Some(right);
                left
            }),
            ("right", "Struct:SpectralNorm") => self.right.take(),
            _ => {
                let axis = output_axis(field, layer);
                self.matrix = axis.map(|axis| as_matrix(param.base().inner(), axis));
                None
            }
        };
        match vector {
            Some(vector) => param.map(|old| replaced(&old, vector.reshape(old.dims()))),
            None => param,
        }
    }
}

/// Columns `(u, v)` after this many power iterations from `u`.
fn power_iteration(matrix: Tensor<2>, left: Tensor<2>, iterations: u64) -> (Tensor<2>, Tensor<2>) {
    let transposed = matrix.clone().transpose();
    let step = |left: Tensor<2>| {
        let right = unit(matmul(transposed.clone(), left));
        (unit(matmul(matrix.clone(), right.clone())), right)
    };
    (1..iterations).fold(step(left), |(left, _), _| step(left))
}

fn unit(column: Tensor<2>) -> Tensor<2> {
    let length = sum(column.clone().square()).sqrt().reshape([1, 1]);
    column / length.clamp_min(SMALLEST)
}
