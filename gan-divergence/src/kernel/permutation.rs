//! A permutation test: the p-value of an MMD² under the hypothesis of one distribution.

use std::ops::Range;

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::error::{DivergenceError, ensure_at_least};
use crate::estimate::Estimate;
use crate::kernel::Kernel;
use crate::matrix::dot;
use crate::pairwise::{Packed, Visitor, visit_pairs};
use crate::points::{Points, ensure_same_space};
use crate::random::permutation;

/// How many relabelings [`permutation_p_value`] tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermutationTest {
    /// Random relabelings beside the observed one. Default 199.
    pub permutations: usize,
    /// Their seed.
    pub seed: u64,
}

impl Default for PermutationTest {
    fn default() -> Self {
        Self { permutations: 199, seed: 0 }
    }
}

/// Permutation p-value of the biased MMD², a probability.
///
/// The share of labelings, the observed one among them, whose MMD² is at least the observed one. Under
/// `P = Q` it is at most `α` with probability at most `α`, at any sample size. In
/// `[1/(permutations + 1), 1]`.
///
/// # Shapes
/// Any numbers of points of the same dimension. Time `O((n + m)²·(d + permutations))`, memory
/// `O((n + m)·(d + permutations))`.
///
/// # Errors
/// [`DivergenceError::DimensionMismatch`], [`DivergenceError::OutOfRange`] for the kernel,
/// [`DivergenceError::TooFew`] without permutations.
///
/// # Numerics
/// All labelings are scored in one pass over the blocks of the kernel. The standard error is the
/// binomial one of the random relabelings.
///
/// # Source
/// Phipson and Smyth (2010), doi:10.2202/1544-6115.1585.
///
/// # Example
/// ```
/// use gan_divergence::Points;
/// use gan_divergence::kernel::{Kernel, PermutationTest, permutation_p_value};
/// let p: Vec<f64> = (0..20).map(f64::from).collect();
/// let q: Vec<f64> = (100..120).map(f64::from).collect();
/// let (p, q) = (Points::new(&p, 1)?, Points::new(&q, 1)?);
/// let test = permutation_p_value(&Kernel::rbf(10.0), p, q, PermutationTest::default())?;
/// assert_eq!(test.value, 1.0 / 200.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn permutation_p_value(
    kernel: &Kernel,
    p: Points<'_>,
    q: Points<'_>,
    options: PermutationTest,
) -> Result<Estimate, DivergenceError> {
    ensure_same_space(p, q)?;
    kernel.check()?;
    ensure_at_least("the set of permutations", 1, options.permutations)?;
    let pool = [p.data(), q.data()].concat();
    let pool = Points::trusted(&pool, p.dim());
    let weight = |i: usize| {
        if i < p.len() { 1.0 / p.len() as f64 } else { -1.0 / q.len() as f64 }
    };
    let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
    let mut labelings: Vec<Vec<f64>> = vec![(0..pool.len()).map(weight).collect()];
    for _ in 0..options.permutations {
        labelings.push(permutation(pool.len(), &mut rng).into_iter().map(weight).collect());
    }
    let visitor = QuadraticForms { kernel, dim: p.dim(), labelings: &labelings };
    let pieces = visit_pairs(pool, &Packed::new(pool), kernel.form(), &visitor);
    let scores: Vec<f64> =
        (0..labelings.len()).map(|b| pieces.iter().map(|(piece, _)| piece[b]).sum()).collect();
    let total = labelings.len() as f64;
    let value = reached(&scores) / total;
    let name = format!("permutation p-value of biased MMD², {} permutations", options.permutations);
    let error = (value * (1.0 - value) / total).sqrt();
    Ok(Estimate::new(value, p.len(), q.len(), name).with_error(error))
}

/// How many scores are at least the first. Labelings equal up to rounding count as equal, which can
/// only raise the p-value.
fn reached(scores: &[f64]) -> f64 {
    let bar = scores[0] - 1e-12 * scores[0].abs();
    scores.iter().filter(|&&score| score >= bar).count() as f64
}

/// `sᵀ·K·s` for every labeling `s`.
struct QuadraticForms<'a> {
    kernel: &'a Kernel,
    dim: usize,
    labelings: &'a [Vec<f64>],
}

impl Visitor for QuadraticForms<'_> {
    type State = (Vec<f64>, Vec<f64>);

    fn start(&self, _rows: Range<usize>) -> Self::State {
        (vec![0.0; self.labelings.len()], Vec::new())
    }

    fn visit(&self, state: &mut Self::State, row: usize, first: usize, values: &mut [f64]) {
        self.kernel.apply(self.dim, values, &mut state.1);
        for (score, labels) in state.0.iter_mut().zip(self.labelings) {
            *score += labels[row] * dot(&labels[first..first + values.len()], values);
        }
    }
}
