//! The two inner loops of the assignment solver.

use crate::lanes::LANES;

widest! {
    /// The two smallest `costⱼ − priceⱼ` with their indices, for at least two entries.
    fn two_smallest(cost: &[f64], price: &[f64]) -> (f64, usize, f64, usize) = two_smallest_body
}

widest! {
    /// Shortens tentative distances along one row; returns the smallest of them and its column.
    ///
    /// Paths through the row cost `base + costⱼ − priceⱼ`. Closed columns have a price of `−∞`, which
    /// keeps their distance at `∞`.
    fn relax(base: f64, costs: &[f64], prices: &[f64], distances: &mut [f64]) -> (f64, usize)
        = relax_body
}

#[inline(always)]
fn two_smallest_body(cost: &[f64], price: &[f64]) -> (f64, usize, f64, usize) {
    let mut first = [f64::INFINITY; LANES];
    let mut second = [f64::INFINITY; LANES];
    let (mut first_at, mut second_at) = ([0u64; LANES], [0u64; LANES]);
    let mut offer = |lane: usize, value: f64, at: u64| {
        let wins = value < first[lane];
        let (loser, loser_at) = if wins { (first[lane], first_at[lane]) } else { (value, at) };
        let places = loser < second[lane];
        second[lane] = if places { loser } else { second[lane] };
        second_at[lane] = if places { loser_at } else { second_at[lane] };
        first[lane] = if wins { value } else { first[lane] };
        first_at[lane] = if wins { at } else { first_at[lane] };
    };
    let whole = cost.len() / LANES * LANES;
    for (block, (c, v)) in cost.chunks_exact(LANES).zip(price.chunks_exact(LANES)).enumerate() {
        for lane in 0..LANES {
            offer(lane, c[lane] - v[lane], (block * LANES + lane) as u64);
        }
    }
    for j in whole..cost.len() {
        offer(j - whole, cost[j] - price[j], j as u64);
    }
    let candidates = first.into_iter().zip(first_at).chain(second.into_iter().zip(second_at));
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
fn relax_body(base: f64, costs: &[f64], prices: &[f64], distances: &mut [f64]) -> (f64, usize) {
    let (mut least, mut least_at) = ([f64::INFINITY; LANES], [0.0; LANES]);
    let whole = distances.len() / LANES * LANES;
    let blocks = costs.chunks_exact(LANES).zip(prices.chunks_exact(LANES));
    let mut block = 0.0;
    for ((c, v), d) in blocks.zip(distances.chunks_exact_mut(LANES)) {
        for lane in 0..LANES {
            let through = base + (c[lane] - v[lane]);
            let shorter = if through < d[lane] { through } else { d[lane] };
            d[lane] = shorter;
            let wins = shorter < least[lane];
            least[lane] = if wins { shorter } else { least[lane] };
            least_at[lane] = if wins { block } else { least_at[lane] };
        }
        block += 1.0;
    }
    let mut best = (f64::INFINITY, 0);
    for lane in 0..LANES {
        if least[lane] < best.0 {
            best = (least[lane], least_at[lane] as usize * LANES + lane);
        }
    }
    for j in whole..distances.len() {
        distances[j] = distances[j].min(base + (costs[j] - prices[j]));
        if distances[j] < best.0 {
            best = (distances[j], j);
        }
    }
    best
}
