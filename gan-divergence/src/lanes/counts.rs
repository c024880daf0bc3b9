//! The inner loops that count neighbors along a row of distances.

use crate::lanes::LANES;

widest! {
    /// Adds 1 to the counts of the columns whose value is below `bound`; returns how many there are.
    fn count_below(values: &[f64], bound: f64, counts: &mut [u64]) -> u64 = count_below_body
}

widest! {
    /// Adds 1 to the first counts of the columns whose value is below `bound`, and to the second counts of those
    /// whose value is below their own bound; returns how many of the latter there are.
    fn compare_row(values: &[f64], bound: f64, bounds: &[f64], counts: [&mut [u64]; 2]) -> u64
        = compare_row_body
}

#[inline(always)]
fn count_below_body(values: &[f64], bound: f64, counts: &mut [u64]) -> u64 {
    let mut total = [0u64; LANES];
    for (values, counts) in values.chunks(LANES).zip(counts.chunks_mut(LANES)) {
        for ((value, count), total) in values.iter().zip(counts).zip(&mut total) {
            let below = u64::from(*value < bound);
            *count += below;
            *total += below;
        }
    }
    total.iter().sum()
}

#[inline(always)]
fn compare_row_body(values: &[f64], bound: f64, bounds: &[f64], counts: [&mut [u64]; 2]) -> u64 {
    let [first, second] = counts;
    let mut total = [0u64; LANES];
    let mut see = |lane: usize, value: f64, own: f64, counts: [&mut u64; 2]| {
        let below_own = u64::from(value < own);
        *counts[0] += u64::from(value < bound);
        *counts[1] += below_own;
        total[lane] += below_own;
    };
    let whole = values.len() / LANES * LANES;
    let blocks = values.chunks_exact(LANES).zip(bounds.chunks_exact(LANES));
    let counted = first.chunks_exact_mut(LANES).zip(second.chunks_exact_mut(LANES));
    for ((v, b), (c, d)) in blocks.zip(counted) {
        for lane in 0..LANES {
            see(lane, v[lane], b[lane], [&mut c[lane], &mut d[lane]]);
        }
    }
    for j in whole..values.len() {
        see(j - whole, values[j], bounds[j], [&mut first[j], &mut second[j]]);
    }
    total.iter().sum()
}
