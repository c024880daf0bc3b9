//! The two inner loops of the assignment solver.

use crate::lanes::{LANES, fold_pairs};

widest! {
    /// The two smallest `costⱼ − priceⱼ` with their indices, for at least two entries.
    fn two_smallest(cost: &[f64], price: &[f64]) -> (f64, usize, f64, usize) = two_smallest_body
}

widest! {
    /// Shortens tentative distances along one row, and returns the nearest column not yet closed.
    ///
    /// `closed` is 0 for open columns and `∞` for closed ones.
    fn relax(step: Relaxation<'_>, distances: &mut [f64], previous: &mut [u64], closed: &[f64])
        -> usize = relax_body
}

/// One row of a shortest-path search: paths through it cost `base + costⱼ − priceⱼ`.
#[derive(Clone, Copy)]
pub(crate) struct Relaxation<'a> {
    pub(crate) costs: &'a [f64],
    pub(crate) prices: &'a [f64],
    pub(crate) base: f64,
    pub(crate) row: u64,
}

#[inline(always)]
fn two_smallest_body(cost: &[f64], price: &[f64]) -> (f64, usize, f64, usize) {
    let mut first = [f64::INFINITY; LANES];
    let mut second = [f64::INFINITY; LANES];
    let (mut first_at, mut second_at) = ([0u64; LANES], [0u64; LANES]);
    let mut offer = |lane: usize, value: f64, at: u64| {
        let wins = value < first[lane];
        let (loser, loser_at) = if wins {
            (first[lane], first_at[lane])
        } else {
            (value, at)
        };
        let places = loser < second[lane];
        second[lane] = if places { loser } else { second[lane] };
        second_at[lane] = if places { loser_at } else { second_at[lane] };
        first[lane] = if wins { value } else { first[lane] };
        first_at[lane] = if wins { at } else { first_at[lane] };
    };
    let whole = cost.len() / LANES * LANES;
    for (block, (c, v)) in cost
        .chunks_exact(LANES)
        .zip(price.chunks_exact(LANES))
        .enumerate()
    {
        for lane in 0..LANES {
            offer(lane, c[lane] - v[lane], (block * LANES + lane) as u64);
        }
    }
    for j in whole..cost.len() {
        offer(j - whole, cost[j] - price[j], j as u64);
    }
    let candidates = first
        .into_iter()
        .zip(first_at)
        .chain(second.into_iter().zip(second_at));
    best_two(candidates)
}

fn best_two(candidates: impl Iterator<Item = (f64, u64)>) -> (f64, usize, f64, usize) {
    let mut best = [(f64::INFINITY, 0u64); 2];
    for (value, at) in candidates {
        if value < best[0].0 {
            best = [(value, at), best[0]];
        } else if value < best[1].0 {
            best[1] = (value, at);
        }
    }
    (best[0].0, best[0].1 as usize, best[1].0, best[1].1 as usize)
}

#[inline(always)]
fn relax_body(
    step: Relaxation<'_>,
    distances: &mut [f64],
    previous: &mut [u64],
    closed: &[f64],
) -> usize {
    let n = distances.len();
    let (costs, prices) = (&step.costs[..n], &step.prices[..n]);
    let (previous, closed) = (&mut previous[..n], &closed[..n]);
    for j in 0..n {
        let through = step.base + (costs[j] - prices[j]);
        let shorter = (through < distances[j]) & (closed[j] == 0.0);
        distances[j] = if shorter { through } else { distances[j] };
        previous[j] = if shorter { step.row } else { previous[j] };
    }
    let nearest = fold_pairs(
        distances,
        closed,
        f64::INFINITY,
        |d, c| d + c,
        |x, y| {
            if x < y { x } else { y }
        },
    );
    let open = |&j: &usize| closed[j] == 0.0 && distances[j] <= nearest;
    (0..n).find(open).unwrap_or(0)
}
