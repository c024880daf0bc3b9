//! Sinkhorn iterations on scaling vectors, outside of the log domain, while these stay in range.

use crate::lanes::scale_row;
use crate::parallel::map_chunks;
use crate::pmf::Pmf;
use crate::sum::sum;
use crate::transport::Sinkhorn;

/// Factors beyond this, or its inverse, are absorbed into the plan.
const WILD: f64 = 1e12;

/// Sums of a row or column of the plan below this are taken for underflow.
const LOST: f64 = 1e-200;

/// A plan with factors for its rows and columns.
pub(super) struct Scaling<'a> {
    plan: Vec<f64>,
    p: &'a Pmf,
    q: &'a Pmf,
    pub(super) rows: Vec<f64>,
    pub(super) columns: Vec<f64>,
}

/// What one pass over some rows of the plan gives.
struct Pass {
    row_sums: Vec<f64>,
    column_sums: Vec<f64>,
}

impl<'a> Scaling<'a> {
    pub(super) fn new(plan: Vec<f64>, p: &'a Pmf, q: &'a Pmf) -> Self {
        Self { plan, p, q, rows: vec![1.0; p.len()], columns: vec![1.0; q.len()] }
    }

    /// Scales rows and columns in turn. Ends with the violation that is left, or with `None` when the
    /// factors have to be absorbed first.
    pub(super) fn iterate(&mut self, round: &mut usize, options: Sinkhorn) -> Option<f64> {
        loop {
            let passes = self.pass();
            let row_sums = passes.iter().flat_map(|pass| &pass.row_sums);
            let misses = self.rows.iter().zip(row_sums).zip(self.p.masses());
            let violation = sum(misses.map(|((u, s), mass)| (u * s - mass).abs()));
            if violation <= options.tolerance || *round >= options.max_iterations {
                return Some(violation);
            }
            let row_sums = passes.iter().flat_map(|pass| &pass.row_sums).copied();
            let rows = factors(self.p, row_sums);
            let column_sums =
                (0..self.q.len()).map(|j| sum(passes.iter().map(|pass| pass.column_sums[j])));
            let columns = factors(self.q, column_sums);
            let (Some(rows), Some(columns)) = (rows, columns) else {
                return None;
            };
            (self.rows, self.columns) = (rows, columns);
            *round += 1;
        }
    }

    /// Row sums under the column factors, and column sums under the row factors that follow from them.
    fn pass(&self) -> Vec<Pass> {
        let width = self.q.len();
        map_chunks(self.p.len(), 64, |range| {
            let mut pass = Pass { row_sums: Vec::new(), column_sums: vec![0.0; width] };
            let rows = self.plan[range.start * width..range.end * width].chunks_exact(width);
            for (row, mass) in rows.zip(&self.p.masses()[range]) {
                pass.row_sums.push(scale_row(row, &self.columns, *mass, &mut pass.column_sums));
            }
            pass
        })
    }
}

/// `mass/sum`, or `None` if one of them is wild. Outcomes without mass keep the factor 1.
fn factors(masses: &Pmf, sums: impl Iterator<Item = f64>) -> Option<Vec<f64>> {
    let factor = |(&mass, sum): (&f64, f64)| {
        let factor = mass / sum;
        let tame = sum > LOST && (1.0 / WILD..WILD).contains(&factor);
        if mass == 0.0 { Some(1.0) } else { tame.then_some(factor) }
    };
    masses.masses().iter().zip(sums).map(factor).collect()
}
