//! A k-d tree for few dimensions.

use crate::neighbors::k_smallest::KSmallest;
use crate::pairwise::squared_distance;
use crate::points::Points;

/// Points in a leaf, at most.
const LEAF: usize = 12;

/// Points cut in half along their widest coordinate, again and again.
pub(super) struct KdTree {
    /// Points in the order of the leaves, and their original positions.
    data: Vec<f64>,
    order: Vec<usize>,
    dim: usize,
    nodes: Vec<Node>,
}

enum Node {
    Leaf { start: usize, end: usize },
    Split { axis: usize, at: f64, low: usize, high: usize },
}

impl KdTree {
    pub(super) fn new(points: Points<'_>) -> Self {
        let mut order: Vec<usize> = (0..points.len()).collect();
        let mut nodes = Vec::new();
        split(points, &mut order, 0, &mut nodes);
        let data = crate::points::gather(points, &order);
        Self { data, order, dim: points.dim(), nodes }
    }

    /// Offers the nearest points to a query; `skipped` is left out by its original position.
    pub(super) fn search(&self, query: &[f64], skipped: Option<usize>, best: &mut KSmallest) {
        self.descend(self.nodes.len() - 1, query, skipped, best);
    }

    fn descend(&self, node: usize, query: &[f64], skipped: Option<usize>, best: &mut KSmallest) {
        match self.nodes[node] {
            Node::Leaf { start, end } => {
                let rows = self.data[start * self.dim..end * self.dim].chunks_exact(self.dim);
                for (row, &position) in rows.zip(&self.order[start..end]) {
                    if Some(position) != skipped {
                        best.offer(squared_distance(query, row));
                    }
                }
            }
            Node::Split { axis, at, low, high } => {
                let gap = query[axis] - at;
                let (near, far) = if gap < 0.0 { (low, high) } else { (high, low) };
                self.descend(near, query, skipped, best);
                if gap * gap < best.worst() {
                    self.descend(far, query, skipped, best);
                }
            }
        }
    }
}

/// Adds the nodes of a stretch of points; its root comes last. Returns that root.
fn split(points: Points<'_>, order: &mut [usize], start: usize, nodes: &mut Vec<Node>) -> usize {
    let axis = widest_axis(points, order);
    if order.len() <= LEAF || axis.is_none() {
        nodes.push(Node::Leaf { start, end: start + order.len() });
        return nodes.len() - 1;
    }
    let axis = axis.unwrap_or(0);
    let middle = order.len() / 2;
    let key = |i: &usize| points.row(*i)[axis];
    let (_, &mut median, _) =
        order.select_nth_unstable_by(middle, |a, b| key(a).total_cmp(&key(b)));
    let at = key(&median);
    let (low_half, high_half) = order.split_at_mut(middle);
    let low = split(points, low_half, start, nodes);
    let high = split(points, high_half, start + middle, nodes);
    nodes.push(Node::Split { axis, at, low, high });
    nodes.len() - 1
}

/// The coordinate with the largest extent; `None` if all points are the same.
fn widest_axis(points: Points<'_>, order: &[usize]) -> Option<usize> {
    let extent = |axis: usize| {
        let values = order.iter().map(|&i| points.row(i)[axis]);
        let (low, high) = values
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        high - low
    };
    let widest = (0..points.dim()).map(|axis| (axis, extent(axis)));
    let widest = widest.max_by(|a, b| a.1.total_cmp(&b.1))?;
    (widest.1 > 0.0).then_some(widest.0)
}
