//! f-divergences as one family: exact on mass functions, bounded from below by a critic.
//!
//! `D_f(P ‖ Q) = E_Q[f(p/q)]` for a convex `f`. For any critic `T`, `D_f ≥ E_P[T] − E_Q[f*(T)]`, with
//! equality at `T = f′(p/q)`; a GAN's critic climbs that bound.

mod bound;
mod generalized;
mod hellinger;
mod jeffreys;
mod jensen_shannon;
mod kullback_leibler;
mod on_pmf;
mod pearson_neyman;
mod score_map;
mod total_variation;

pub use bound::variational_bound;
pub use generalized::WeightedJensenShannon;
pub use hellinger::SquaredHellinger;
pub use jeffreys::Jeffreys;
pub use jensen_shannon::{Gan, JensenShannon};
pub use kullback_leibler::{KullbackLeibler, ReverseKullbackLeibler};
pub use on_pmf::f_divergence;
pub use pearson_neyman::{NeymanChiSquared, PearsonChiSquared};
pub use score_map::{Elementary, ScoreMap, Term};
pub use total_variation::TotalVariation;

use crate::discrete::rel_entr;

/// An f-divergence: a convex function, its conjugate, and the stable forms a GAN trains with.
///
/// Every row keeps `f(1) = 0` but [`Gan`], and every row fulfills
/// `conjugate_of_activation(v) = conjugate(activation(v))`, in a form that neither overflows nor
/// cancels early.
///
/// # Source
/// Nowozin, Cseke and Tomioka (2016), arXiv:1606.00709, tables 1, 2 and 6. Where the table here
/// differs, the row states it.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::discrete::js_divergence;
/// use gan_divergence::f_divergence::{FDivergence, JensenShannon, f_divergence};
/// let p = Pmf::new(vec![0.36, 0.48, 0.16])?;
/// let q = Pmf::uniform(3)?;
/// let twice_js = f_divergence(&JensenShannon, &p, &q)?;
/// assert!((twice_js - 2.0 * js_divergence(&p, &q)?).abs() < 1e-15);
/// assert_eq!(JensenShannon.threshold(), 0.0);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub trait FDivergence {
    /// The name of the row, as the catalog spells it.
    fn name(&self) -> &'static str;

    /// `q·f(p/q)` for masses or densities `p, q ≥ 0`, without forming the quotient: it neither overflows
    /// nor loses digits for close arguments. At `q = 0` it is `p·lim f(u)/u`, at `p = 0` it is `q·f(0)`.
    fn term(&self, p: f64, q: f64) -> f64;

    /// `f(u)` for a density ratio `u ≥ 0`; convex.
    fn f(&self, ratio: f64) -> f64 {
        self.term(ratio, 1.0)
    }

    /// `f′(u)`, the best critic output at density ratio `u > 0`.
    fn derivative(&self, ratio: f64) -> f64;

    /// `f*(t) = sup_u (u·t − f(u))`, the convex conjugate; `∞` outside of [`domain`](Self::domain).
    fn conjugate(&self, t: f64) -> f64;

    /// The largest open or half-open interval on which the conjugate is finite.
    fn domain(&self) -> Domain;

    /// `g_f`, a smooth increasing map from any score into the domain of the conjugate.
    fn activation_map(&self) -> ScoreMap;

    /// `f*∘g_f`, without the conjugate's infinities.
    fn composite_map(&self) -> ScoreMap;

    /// `g_f(v)`: [`activation_map`](Self::activation_map) at a score.
    fn activation(&self, score: f64) -> f64 {
        self.activation_map().value(score)
    }

    /// `f*(g_f(v))` in one stable step: [`composite_map`](Self::composite_map) at a score.
    fn conjugate_of_activation(&self, score: f64) -> f64 {
        self.composite_map().value(score)
    }

    /// `f′(1)`: a critic output above it calls the sample real.
    fn threshold(&self) -> f64 {
        self.derivative(1.0)
    }
}

/// Where a conjugate is finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Domain {
    /// Every real number.
    Everywhere,
    /// Everything below the bound, without it.
    Below(f64),
    /// Everything up to the bound and with it.
    UpTo(f64),
    /// From the first bound to the second, both included.
    Between(f64, f64),
}

impl Domain {
    /// Whether the conjugate is finite at `t`.
    ///
    /// # Example
    /// ```
    /// use gan_divergence::f_divergence::Domain;
    /// assert!(Domain::Below(0.0).contains(-1.0));
    /// assert!(!Domain::Below(0.0).contains(0.0));
    /// ```
    #[must_use]
    pub fn contains(self, t: f64) -> bool {
        match self {
            Self::Everywhere => t.is_finite(),
            Self::Below(bound) => t < bound,
            Self::UpTo(bound) => t <= bound,
            Self::Between(low, high) => (low..=high).contains(&t),
        }
    }
}

/// The nine rows of the table, with the Jeffreys row among them, and one weighted row.
///
/// # Example
/// ```
/// let names = gan_divergence::f_divergence::f_divergence_rows().map(|row| row.name());
/// assert_eq!(names[0], "kl");
/// ```
#[must_use]
pub fn f_divergence_rows() -> [&'static dyn FDivergence; 10] {
    [
        &KullbackLeibler,
        &ReverseKullbackLeibler,
        &PearsonChiSquared,
        &NeymanChiSquared,
        &SquaredHellinger,
        &JensenShannon,
        &Gan,
        &TotalVariation,
        &Jeffreys,
        &WeightedJensenShannon::ONE_THIRD,
    ]
}

/// `ln(1 + eˣ)` without overflow.
pub(crate) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// `w·p·ln(p/m) + (1 − w)·q·ln(q/m)` with `m = w·p + (1 − w)·q`.
fn mixture_term(weight: f64, p: f64, q: f64) -> f64 {
    let middle = weight * p + (1.0 - weight) * q;
    // The middle of two subnormal masses can be rounded to 0, where both parts are negligible.
    if p == q || middle == 0.0 {
        return 0.0;
    }
    weight * rel_entr(p, middle) + (1.0 - weight) * rel_entr(q, middle)
}

#[cfg(test)]
mod tests;
