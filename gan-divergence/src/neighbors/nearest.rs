//! Squared distances to the k-th nearest neighbor.

use std::ops::Range;

use crate::neighbors::k_smallest::KSmallest;
use crate::neighbors::kd_tree::KdTree;
use crate::pairwise::{Limits, NearVisitor, Visitor, visit_near_pairs};
use crate::parallel::map_chunks;
use crate::points::Points;

/// Up to this dimension a tree beats looking at every pair.
const TREE_DIM: usize = 5;

/// For every query, the squared distance to its `k`-th nearest point of `points`.
///
/// With `same`, both are one set and a point is not its own neighbor: by position, not by distance.
pub(crate) fn kth_squared_distances(
    queries: Points<'_>,
    points: Points<'_>,
    k: usize,
    same: bool,
) -> Vec<f64> {
    kth(&nearest_squared_distances(queries, points, k, same), k)
}

/// The same of all `k` nearest points: `k` numbers for every query, ascending.
pub(super) fn nearest_squared_distances(
    queries: Points<'_>,
    points: Points<'_>,
    k: usize,
    same: bool,
) -> Vec<f64> {
    if points.dim() <= TREE_DIM {
        by_tree(queries, points, k, same)
    } else {
        by_blocks(queries, points, k, same)
    }
}

/// The last of every `k` numbers.
pub(super) fn kth(squares: &[f64], k: usize) -> Vec<f64> {
    squares.chunks_exact(k).map(|nearest| nearest[k - 1]).collect()
}

pub(super) fn by_tree(queries: Points<'_>, points: Points<'_>, k: usize, same: bool) -> Vec<f64> {
    let tree = KdTree::new(points);
    let chunks = map_chunks(queries.len(), 256, |range| {
        let mut found = Vec::with_capacity(range.len() * k);
        for i in range {
            let mut best = KSmallest::new(k);
            tree.search(queries.row(i), same.then_some(i), &mut best);
            found.extend_from_slice(best.values());
        }
        found
    });
    chunks.concat()
}

pub(super) fn by_blocks(queries: Points<'_>, points: Points<'_>, k: usize, same: bool) -> Vec<f64> {
    let visitor = Searches { k, same };
    let states = visit_near_pairs(queries, points, &visitor);
    let found = states.iter().flat_map(|(_, all)| all);
    found.flat_map(|best| best.values().iter().copied()).collect()
}

struct Searches {
    k: usize,
    same: bool,
}

impl Visitor for Searches {
    type State = (usize, Vec<KSmallest>);

    fn start(&self, rows: Range<usize>) -> Self::State {
        (rows.start, rows.map(|_| KSmallest::new(self.k)).collect())
    }

    fn visit(&self, state: &mut Self::State, row: usize, first: usize, values: &mut [f64]) {
        if self.same && (first..first + values.len()).contains(&row) {
            values[row - first] = f64::INFINITY;
        }
        let best = &mut state.1[row - state.0];
        for block in values.chunks(16) {
            let least = block.iter().fold(f64::INFINITY, |m, &v| if v < m { v } else { m });
            if least < best.worst() {
                block.iter().for_each(|&value| best.offer(value));
            }
        }
    }
}

impl NearVisitor for Searches {
    fn limits<'a>(&'a self, state: &Self::State, row: usize, _: Range<usize>) -> Limits<'a> {
        Limits { row: state.1[row - state.0].worst(), columns: &[] }
    }
}
