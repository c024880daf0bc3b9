//! Entropic optimal transport (Sinkhorn iterations) in the log domain.

use crate::error::{DivergenceError, ensure_finite, ensure_len, ensure_range};
use crate::lanes::{exp_in_place, max_of_sums, sum_exp};
use crate::matrix::dot;
use crate::parallel::map_chunks;
use crate::pmf::Pmf;
use crate::sum::sum;
use crate::transport::scaling::Scaling;

/// How the Sinkhorn iterations run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sinkhorn {
    /// The strength of the entropy, in the unit of the costs. Default 0.1, positive.
    pub epsilon: f64,
    /// Stop once the row sums of the plan miss the masses by no more than this in total.
    /// Default 1e-9.
    pub tolerance: f64,
    /// Stop after this many iterations in any case. Default 10,000.
    pub max_iterations: usize,
}

impl Default for Sinkhorn {
    fn default() -> Self {
        Self { epsilon: 0.1, tolerance: 1e-9, max_iterations: 10_000 }
    }
}

/// What the iterations reached.
#[derive(Clone, Debug, PartialEq)]
pub struct SinkhornSolution {
    /// `⟨P, C⟩`, the transport cost of the entropic plan.
    pub sharp: f64,
    /// `⟨P, C⟩ + ε·KL(P ‖ p⊗q)`, the value that the iterations minimize.
    pub regularized: f64,
    /// Dual potentials of the rows; 0 where `p` is 0.
    pub row_potentials: Vec<f64>,
    /// Dual potentials of the columns; 0 where `q` is 0.
    pub column_potentials: Vec<f64>,
    /// How far the row sums of the plan are from `p` in total.
    pub violation: f64,
    /// The iterations that were needed.
    pub iterations: usize,
    /// Whether the violation came below the tolerance.
    pub converged: bool,
}

/// Entropic optimal transport between two mass functions, in the unit of the costs.
///
/// `min ⟨P, C⟩ + ε·KL(P ‖ p⊗q)` over plans `P` between `p` and `q`. Not being converged is a field of the
/// result, not an error.
///
/// # Shapes
/// `n × m` costs, row after row, for `n` masses of `p` and `m` of `q`. Memory `O(n·m)`.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`], [`DivergenceError::NotFinite`],
/// [`DivergenceError::OutOfRange`] for an `epsilon` that is not positive.
///
/// # Numerics
/// Half steps are log-sum-exp; the products in between go back to them before they can underflow. So a
/// small `epsilon` yields no NaN, it takes longer. If it is below a fiftieth of the largest cost, it is approached by halving. Outcomes
/// without mass are left out. POT regularizes by `ε·Σ P·ln P`, which has the same plan and another
/// value.
///
/// # Source
/// Cuturi (2013), arXiv:1306.0895; Peyré and Cuturi (2019), arXiv:1803.00567, §4.4.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::transport::{Sinkhorn, sinkhorn};
/// let half = Pmf::uniform(2)?;
/// let options = Sinkhorn { epsilon: 1.0, ..Sinkhorn::default() };
/// let solution = sinkhorn(&[0.0, 1.0, 1.0, 0.0], &half, &half, options)?;
/// let off_diagonal = 0.134_470_710_684_997_55;
/// assert!(solution.converged && (solution.sharp - 2.0 * off_diagonal).abs() < 1e-12);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn sinkhorn(
    costs: &[f64],
    p: &Pmf,
    q: &Pmf,
    options: Sinkhorn,
) -> Result<SinkhornSolution, DivergenceError> {
    ensure_len("the cost matrix", p.len() * q.len(), costs.len())?;
    ensure_finite("the costs", costs)?;
    let valid = options.epsilon > 0.0 && options.epsilon.is_finite();
    ensure_range(valid, "epsilon", "a positive number", options.epsilon)?;
    let largest = costs.iter().fold(0.0f64, |c, v| c.max(v.abs()));
    let mut state = Potentials { rows: vec![0.0; p.len()], columns: vec![0.0; q.len()] };
    let mut epsilon = largest / 50.0;
    while epsilon > options.epsilon {
        let warm_up = Sinkhorn { epsilon, tolerance: 1e-2, max_iterations: 20 };
        Kernel::new(costs, p, q, epsilon).iterate(&mut state, warm_up);
        epsilon *= 0.5;
    }
    let kernel = Kernel::new(costs, p, q, options.epsilon);
    let (violation, iterations) = kernel.iterate(&mut state, options);
    let dual = |potentials: &[f64], masses: &Pmf| {
        sum(potentials.iter().zip(masses.masses()).map(|(f, m)| f * m))
    };
    Ok(SinkhornSolution {
        sharp: kernel.sharp_cost(costs, &state),
        regularized: dual(&state.rows, p) + dual(&state.columns, q),
        row_potentials: state.rows,
        column_potentials: state.columns,
        violation,
        iterations,
        converged: violation <= options.tolerance,
    })
}

struct Potentials {
    rows: Vec<f64>,
    columns: Vec<f64>,
}

/// `−C/ε` both ways around, and the log masses.
struct Kernel<'a> {
    by_rows: Vec<f64>,
    by_columns: Vec<f64>,
    p: &'a Pmf,
    q: &'a Pmf,
    epsilon: f64,
}

impl<'a> Kernel<'a> {
    fn new(costs: &[f64], p: &'a Pmf, q: &'a Pmf, epsilon: f64) -> Self {
        let by_rows: Vec<f64> = costs.iter().map(|c| -c / epsilon).collect();
        let (n, m) = (p.len(), q.len());
        let by_columns = (0..n * m).map(|c| by_rows[c % n * m + c / n]).collect();
        Self { by_rows, by_columns, p, q, epsilon }
    }

    /// Alternates the half steps; returns the violation that is left and the number of rounds.
    ///
    /// A round in the log domain makes a plan whose scalings are then followed by plain products, until
    /// they grow large or something underflows; then they go into the potentials and it starts over.
    fn iterate(&self, state: &mut Potentials, options: Sinkhorn) -> (f64, usize) {
        let mut round = 0;
        loop {
            state.rows = self.half_step(&self.by_rows, self.p, self.q, &state.columns);
            state.columns = self.half_step(&self.by_columns, self.q, self.p, &state.rows);
            round += 1;
            let mut scaling = Scaling::new(self.plan(state), self.p, self.q);
            let ended = scaling.iterate(&mut round, options);
            for (potentials, factors) in
                [(&mut state.rows, &scaling.rows), (&mut state.columns, &scaling.columns)]
            {
                potentials.iter_mut().zip(factors).for_each(|(f, u)| *f += self.epsilon * u.ln());
            }
            if let Some(violation) = ended {
                return (violation, round);
            }
        }
    }

    /// `p·q·exp((f + g − c)/ε)` for every pair; 0 without mass.
    fn plan(&self, state: &Potentials) -> Vec<f64> {
        let width = self.q.len();
        let logs = |potentials: &[f64], masses: &Pmf| -> Vec<f64> {
            let pairs = potentials.iter().zip(masses.masses());
            pairs.map(|(f, mass)| f / self.epsilon + mass.ln()).collect()
        };
        let (row_logs, column_logs) = (logs(&state.rows, self.p), logs(&state.columns, self.q));
        let pieces = map_chunks(self.p.len(), 32, |range| {
            let mut piece = self.by_rows[range.start * width..range.end * width].to_vec();
            for (row, log) in piece.chunks_exact_mut(width).zip(&row_logs[range]) {
                row.iter_mut().zip(&column_logs).for_each(|(k, g)| *k += g + log);
            }
            exp_in_place(&mut piece);
            piece
        });
        pieces.into_iter().flatten().collect()
    }

    /// `−ε·ln Σⱼ exp(ln massⱼ + (otherⱼ − cᵢⱼ)/ε)` for every row.
    fn half_step(&self, kernel: &[f64], own: &Pmf, other: &Pmf, potentials: &[f64]) -> Vec<f64> {
        let width = other.len();
        let pairs = potentials.iter().zip(other.masses());
        let weights: Vec<f64> = pairs.map(|(g, m)| g / self.epsilon + m.ln()).collect();
        let rows = map_chunks(own.len(), 32, |range| {
            let potential = |i: usize| {
                if own.masses()[i] == 0.0 {
                    return 0.0;
                }
                let row = &kernel[i * width..(i + 1) * width];
                let largest = max_of_sums(row, &weights);
                -self.epsilon * (largest + sum_exp(row, &weights, largest).ln())
            };
            range.map(potential).collect::<Vec<_>>()
        });
        rows.into_iter().flatten().collect()
    }

    /// `Σ P·C`.
    fn sharp_cost(&self, costs: &[f64], state: &Potentials) -> f64 {
        let width = self.q.len();
        let plan = self.plan(state);
        sum(plan.chunks_exact(width).zip(costs.chunks_exact(width)).map(|(x, c)| dot(x, c)))
    }
}
