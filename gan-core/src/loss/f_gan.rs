//! One loss for each f-divergence: the variational bound of `gan-divergence`'s table, on tensors.

use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use gan_divergence::f_divergence::{
    Elementary, FDivergence, Gan, Jeffreys, JensenShannon, KullbackLeibler, NeymanChiSquared,
    PearsonChiSquared, ReverseKullbackLeibler, ScoreMap, SquaredHellinger, TotalVariation,
    WeightedJensenShannon,
};
use gan_kernels::softplus;
use serde::{Deserialize, Serialize};

use crate::loss::config::RegisteredLoss;
use crate::loss::{AdversarialLoss, Scores};

/// The f-GAN of one row, in nats for the logarithmic rows.
///
/// Critic: `−E[g_f(s_real)] + E[f*(g_f(s_fake))]`, with the activation `g_f` and the conjugate `f*` of
/// the row; at best `−D_f(p ‖ q)`, above it for every other critic. What the row's
/// [`activation_map`](FDivergence::activation_map) and [`composite_map`](FDivergence::composite_map)
/// define is evaluated as it stands: there is no second table.
/// Generator: as [`FGanGenerator`] states; unless stated otherwise `−E[g_f(s_fake)]`.
/// The row of the original game, [`Gan`], is [`NonSaturating`](crate::loss::NonSaturating).
///
/// # Shapes
/// Scores `[batch, 1]`; results `[1]`, the mean over the batch.
///
/// # Numerics
/// The rows of Kullback–Leibler (both), Neyman, squared Hellinger and Jeffreys have exponentials of the
/// score, which leave `f32` above 88. Their `g_f` and `f*∘g_f` are continued along their tangents
/// below scores of −[`TANGENT_BEYOND`](Self::TANGENT_BEYOND) and above scores of `TANGENT_BEYOND`: still
/// increasing, still once differentiable, and with the composite still convex in the activation.
/// In exact terms the loss is then that of `f` restricted to the density ratios that scores between the
/// bounds stand for, which reach from e⁻¹⁵ to e¹⁵ at least (to 3·10⁶, the least being Neyman's).
///
/// # Source
/// Nowozin, Cseke and Tomioka (2016), arXiv:1606.00709, eqs. 4 and 6, §3.2.
///
/// # Example
/// ```
/// use burn::tensor::{Device, Tensor};
/// use gan_core::loss::{AdversarialLoss, FGan, FGanGenerator, Scores};
/// let undecided = Scores::new(Tensor::<2>::zeros([8, 1], &Device::default()));
/// let loss = FGan::new(&gan_divergence::f_divergence::Jeffreys, FGanGenerator::NonSaturating);
/// assert_eq!(loss.critic(&undecided, &undecided).into_scalar::<f32>(), 0.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FGan {
    activation: ScoreMap,
    composite: ScoreMap,
    /// Whether both maps continue along their tangents.
    continued: bool,
    generator: FGanGenerator,
}

impl FGan {
    /// The score beyond which exponentials continue as straight lines: `e³⁰ ≈ 1.07·10¹³`, whose square is
    /// far inside of `f32`.
    pub const TANGENT_BEYOND: f64 = 30.0;

    /// The loss of a row.
    pub fn new(row: &dyn FDivergence, generator: FGanGenerator) -> Self {
        let (activation, composite) = (row.activation_map(), row.composite_map());
        let continued = activation.is_exponential() || composite.is_exponential();
        Self { activation, composite, continued, generator }
    }

    /// The mean of a map over the scores.
    fn mean(&self, map: &ScoreMap, scores: &Scores) -> Tensor<1> {
        if !self.continued {
            return evaluate(map, scores.raw()).mean();
        }
        let bound = Self::TANGENT_BEYOND;
        let within = evaluate(map, scores.raw().clamp(-bound, bound));
        let above = relu(scores.raw() - bound) * map.derivative(bound);
        let below = relu(-scores.raw() - bound) * map.derivative(-bound);
        (within + above - below).mean()
    }
}

impl AdversarialLoss for FGan {
    fn critic(&self, real: &Scores, fake: &Scores) -> Tensor<1> {
        self.mean(&self.composite, fake) - self.mean(&self.activation, real)
    }

    fn generator(&self, _real: &dyn Fn() -> Scores, fake: &Scores) -> Tensor<1> {
        match self.generator {
            FGanGenerator::NonSaturating => -self.mean(&self.activation, fake),
            FGanGenerator::Saturating => -self.mean(&self.composite, fake),
        }
    }
}

/// A map at each of the scores.
fn evaluate(map: &ScoreMap, scores: Tensor<2>) -> Tensor<2> {
    let value = |term: gan_divergence::f_divergence::Term| {
        elementary(term.function, scores.clone() * term.slope) * term.weight
    };
    let sum = map.terms().map(value).reduce(|sum, term| sum + term);
    sum.unwrap_or_else(|| scores.zeros_like()) + map.constant()
}

fn elementary(function: Elementary, x: Tensor<2>) -> Tensor<2> {
    match function {
        Elementary::Identity => x,
        Elementary::Square => x.square(),
        Elementary::Softplus => softplus(x),
        Elementary::Exponential => x.exp(),
        Elementary::ExponentialMinusOne => exp_m1(x),
        Elementary::HyperbolicTangent => x.tanh(),
    }
}

/// `eˣ − 1`, which Burn does not have: near 0 as `tanh(x/2)·(eˣ + 1)`, which does not cancel there.
fn exp_m1(x: Tensor<2>) -> Tensor<2> {
    let near = x.clone().abs().lower_equal_elem(0.5);
    let exponential = x.clone().exp();
    let close_to_zero = (x * 0.5).tanh() * (exponential.clone() + 1.0);
    (exponential - 1.0).mask_where(near, close_to_zero)
}

/// An [`FGan`] of a row of the table, as configurations say it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FGanConfig {
    /// The row of the table of f-divergences.
    pub divergence: FGanDivergence,
    /// What the generator minimizes.
    pub generator: FGanGenerator,
}

impl RegisteredLoss for FGanConfig {
    const NAME: &'static str = "f-gan";
    const SUMMARY: &'static str = "the variational bound of an f-divergence";
    const SOURCE: &'static str = "Nowozin et al. (2016), arXiv:1606.00709";
    const DEFAULT: Self =
        Self { divergence: FGanDivergence::Gan, generator: FGanGenerator::NonSaturating };

    fn build(self) -> Box<dyn AdversarialLoss> {
        Box::new(FGan::new(self.divergence.row(), self.generator))
    }
}

/// What the generator of an [`FGan`] minimizes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FGanGenerator {
    /// `−E[g_f(s_fake)]`, the alternative of the paper's §3.2: it keeps its gradient while the critic is
    /// winning, and is no longer the divergence itself.
    #[default]
    NonSaturating,
    /// `−E[f*(g_f(s_fake))]`, the saddle point of the bound: against the best critic this is descent on
    /// the divergence. The row of the original game is then [`Minimax`](crate::loss::Minimax).
    Saturating,
}

/// The rows of `gan-divergence`'s table, by the names that its catalog uses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FGanDivergence {
    /// [`KullbackLeibler`].
    Kl,
    /// [`ReverseKullbackLeibler`].
    ReverseKl,
    /// [`PearsonChiSquared`].
    Pearson,
    /// [`NeymanChiSquared`].
    Neyman,
    /// [`SquaredHellinger`].
    SquaredHellinger,
    /// [`JensenShannon`].
    JensenShannon,
    /// [`Gan`].
    #[default]
    Gan,
    /// [`TotalVariation`].
    TotalVariation,
    /// [`Jeffreys`].
    Jeffreys,
    /// [`WeightedJensenShannon::ONE_THIRD`].
    WeightedJensenShannon,
}

impl FGanDivergence {
    /// Every row, in the order of the table.
    pub const ALL: [Self; 10] = [
        Self::Kl,
        Self::ReverseKl,
        Self::Pearson,
        Self::Neyman,
        Self::SquaredHellinger,
        Self::JensenShannon,
        Self::Gan,
        Self::TotalVariation,
        Self::Jeffreys,
        Self::WeightedJensenShannon,
    ];

    /// The row of the table.
    pub fn row(self) -> &'static dyn FDivergence {
        match self {
            Self::Kl => &KullbackLeibler,
            Self::ReverseKl => &ReverseKullbackLeibler,
            Self::Pearson => &PearsonChiSquared,
            Self::Neyman => &NeymanChiSquared,
            Self::SquaredHellinger => &SquaredHellinger,
            Self::JensenShannon => &JensenShannon,
            Self::Gan => &Gan,
            Self::TotalVariation => &TotalVariation,
            Self::Jeffreys => &Jeffreys,
            Self::WeightedJensenShannon => &WeightedJensenShannon::ONE_THIRD,
        }
    }

    /// The name in configurations.
    pub fn name(self) -> &'static str {
        self.row().name()
    }
}
