//! Exact transport between weighted points, by the network simplex method.

use crate::error::{DivergenceError, ensure_finite, ensure_len};
use crate::lanes::min_of_differences;
use crate::pmf::Pmf;
use crate::sum::sum;

/// A cheapest way to move one distribution onto another.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportPlan {
    /// `(from, to, mass)` for every positive flow; at most `n + m − 1` of them.
    pub flows: Vec<(usize, usize, f64)>,
    /// The total cost of the flows.
    pub total: f64,
    /// Whether optimality was proved; false only if the cap on pivots was hit.
    pub converged: bool,
}

/// Stands for "no parent".
const NONE: usize = usize::MAX;

/// A cheapest transport plan between two mass functions, in the unit of the costs.
///
/// `min Σ c[i, j]·x[i, j]` over `x ≥ 0` with row sums `p` and column sums `q`. POT's `emd`, but for
/// masses checked by [`Pmf`].
///
/// # Shapes
/// `n × m` costs, row after row, for `n` masses of `p` and `m` of `q`.
///
/// # Errors
/// [`DivergenceError::LengthMismatch`], [`DivergenceError::NotFinite`].
///
/// # Numerics
/// A spanning tree is kept strongly feasible, which excludes cycling. Entering arcs are priced a row
/// at a time and must gain more than the rounding of the node potentials; the total is within that,
/// about `(n + m)·1e-15` of the largest cost, of the optimum.
///
/// # Source
/// Cunningham (1976), doi:10.1007/BF01580379.
///
/// # Example
/// ```
/// use gan_divergence::Pmf;
/// use gan_divergence::transport::transport_plan;
/// let (p, q) = (Pmf::new(vec![0.75, 0.25])?, Pmf::new(vec![0.5, 0.5])?);
/// let plan = transport_plan(&[0.0, 1.0, 1.0, 0.0], &p, &q)?;
/// assert_eq!(plan.total, 0.25);
/// # Ok::<(), gan_divergence::DivergenceError>(())
/// ```
pub fn transport_plan(costs: &[f64], p: &Pmf, q: &Pmf) -> Result<TransportPlan, DivergenceError> {
    ensure_len("the cost matrix", p.len() * q.len(), costs.len())?;
    ensure_finite("the costs", costs)?;
    let positive =
        |m: &Pmf| -> Vec<usize> { (0..m.len()).filter(|&i| m.masses()[i] > 0.0).collect() };
    let (rows, columns) = (positive(p), positive(q));
    let inner = |&i: &usize| columns.iter().map(move |&j| (i, j));
    let kept: Vec<f64> = rows.iter().flat_map(inner).map(|(i, j)| costs[i * q.len() + j]).collect();
    let masses = |m: &Pmf, kept: &[usize]| kept.iter().map(|&i| m.masses()[i]).collect::<Vec<_>>();
    let mut tree = Tree::new(&kept, &masses(p, &rows), &masses(q, &columns));
    let converged = tree.optimize();
    let flows: Vec<(usize, usize, f64)> =
        tree.flows().map(|(i, j, flow)| (rows[i], columns[j], flow)).collect();
    let total = sum(flows.iter().map(|&(i, j, flow)| flow * costs[i * q.len() + j]));
    Ok(TransportPlan { flows, total, converged })
}

/// A spanning tree over rows, columns and an artificial root, hung from the root.
struct Tree<'a> {
    costs: &'a [f64],
    n: usize,
    m: usize,
    parent: Vec<usize>,
    children: Vec<Vec<usize>>,
    depth: Vec<u32>,
    /// Flow on the arc between a node and its parent.
    flow: Vec<f64>,
    /// Whether that arc leads from the node up to its parent.
    upward: Vec<bool>,
    /// Tree arcs from `a` to `b` have `potential[b] = potential[a] + cost`.
    potential: Vec<f64>,
    tolerance: f64,
}

impl<'a> Tree<'a> {
    /// Every node hangs from the root by an arc too expensive to stay in use.
    fn new(costs: &'a [f64], supplies: &[f64], demands: &[f64]) -> Self {
        let (n, m) = (supplies.len(), demands.len());
        let root = n + m;
        let largest = costs.iter().fold(0.0f64, |c, v| c.max(v.abs()));
        let artificial = (largest * (root + 1) as f64).max(f64::MIN_POSITIVE);
        let level = |node: usize| if node < n { -artificial } else { artificial };
        let mut potential: Vec<f64> = (0..root).map(level).collect();
        potential.push(0.0);
        let mut children = vec![Vec::new(); root + 1];
        children[root] = (0..root).collect();
        let mut tree = Self {
            costs,
            n,
            m,
            parent: vec![root; root + 1],
            children,
            depth: vec![1; root + 1],
            flow: supplies.iter().chain(demands).copied().collect(),
            upward: (0..root).map(|node| node < n).collect(),
            potential,
            tolerance: 8.0 * f64::EPSILON * artificial,
        };
        (tree.parent[root], tree.depth[root]) = (NONE, 0);
        tree
    }

    /// Pivots until no arc gains anything; false if the cap was hit.
    fn optimize(&mut self) -> bool {
        let cap = 2000 * (self.n + self.m) + 10_000;
        let (mut pivots, mut unchanged, mut i) = (0, 0, 0);
        while unchanged < self.n {
            let row = &self.costs[i * self.m..][..self.m];
            let sinks = &self.potential[self.n..self.n + self.m];
            let least = min_of_differences(row, sinks);
            let gain = least + self.potential[i];
            if gain < -self.tolerance {
                let best = row.iter().zip(sinks).position(|(c, s)| c - s == least);
                self.pivot(i, self.n + best.unwrap_or(0), gain);
                unchanged = 0;
                pivots += 1;
                if pivots > cap {
                    return false;
                }
            } else {
                unchanged += 1;
            }
            i = (i + 1) % self.n;
        }
        true
    }

    /// Brings the arc from row `u` to column `v` into the tree.
    fn pivot(&mut self, u: usize, v: usize, reduced: f64) {
        let apex = self.apex(u, v);
        let (mut amount, mut leaving, mut on_row_side) = (f64::INFINITY, NONE, true);
        // Ties go to the blocking arc that comes last on the cycle from the apex through `u`, `v`.
        let mut node = u;
        while node != apex {
            if self.upward[node] && self.flow[node] < amount {
                (amount, leaving) = (self.flow[node], node);
            }
            node = self.parent[node];
        }
        let mut node = v;
        while node != apex {
            if !self.upward[node] && self.flow[node] <= amount {
                (amount, leaving, on_row_side) = (self.flow[node], node, false);
            }
            node = self.parent[node];
        }
        self.push(u, apex, amount, true);
        self.push(v, apex, amount, false);
        let (inside, outside) = if on_row_side { (u, v) } else { (v, u) };
        self.rehang(leaving, inside, outside, amount, on_row_side);
        self.shift(inside, if on_row_side { -reduced } else { reduced });
    }

    fn apex(&self, mut a: usize, mut b: usize) -> usize {
        while a != b {
            if self.depth[a] >= self.depth[b] {
                a = self.parent[a];
            } else {
                b = self.parent[b];
            }
        }
        a
    }

    /// Adds flow along the cycle between a node and the apex.
    fn push(&mut self, mut node: usize, apex: usize, amount: f64, row_side: bool) {
        while node != apex {
            let against = self.upward[node] == row_side;
            self.flow[node] += if against { -amount } else { amount };
            node = self.parent[node];
        }
    }

    /// Cuts the subtree of `leaving` off and hangs it from `outside` by its node `inside`.
    fn rehang(&mut self, leaving: usize, inside: usize, outside: usize, amount: f64, upward: bool) {
        let (mut node, mut above) = (inside, outside);
        let (mut flow, mut direction) = (amount, upward);
        loop {
            let old_parent = self.parent[node];
            let siblings = &mut self.children[old_parent];
            if let Some(place) = siblings.iter().position(|&c| c == node) {
                siblings.swap_remove(place);
            }
            self.children[above].push(node);
            self.parent[node] = above;
            std::mem::swap(&mut self.flow[node], &mut flow);
            std::mem::swap(&mut self.upward[node], &mut direction);
            direction = !direction;
            if node == leaving {
                return;
            }
            (above, node) = (node, old_parent);
        }
    }

    /// Moves the potentials of a subtree and sets its depths again.
    fn shift(&mut self, top: usize, amount: f64) {
        let mut open = vec![top];
        while let Some(node) = open.pop() {
            self.potential[node] += amount;
            self.depth[node] = self.depth[self.parent[node]] + 1;
            open.extend_from_slice(&self.children[node]);
        }
    }

    /// Positive flows between rows and columns.
    fn flows(&self) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
        let root = self.n + self.m;
        (0..root).filter(move |&node| self.parent[node] != root && self.flow[node] > 0.0).map(
            move |node| {
                let (from, to) = if node < self.n {
                    (node, self.parent[node])
                } else {
                    (self.parent[node], node)
                };
                (from, to - self.n, self.flow[node])
            },
        )
    }
}
