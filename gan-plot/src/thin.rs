//! Downsampling of curves without a visible change: for those with more points than a picture has columns.

use std::cmp::Ordering::Equal;

/// A place on a curve; `None` leaves a gap.
pub(crate) type Place = (f64, Option<f64>);

/// At most `budget` places (but no fewer than 5) that trace the same envelope, in the same order.
///
/// The first and the last place stay. Those between are cut into buckets of equal count; of each
/// the lowest and the highest stay, so that a spike of a single place remains visible, and the
/// first gap if there is one.
pub(crate) fn extremes(places: &[Place], budget: usize) -> Vec<Place> {
    const KEPT_PER_BUCKET: usize = 3;
    let [first, between @ .., last] = places else {
        return places.to_vec();
    };
    if places.len() <= budget {
        return places.to_vec();
    }
    let n_buckets = (budget.saturating_sub(2) / KEPT_PER_BUCKET).max(1);
    let bucket = between.len().div_ceil(n_buckets).max(1);
    let kept = between.chunks(bucket).flat_map(bucket_extremes);
    [*first].into_iter().chain(kept).chain([*last]).collect()
}

fn bucket_extremes(places: &[Place]) -> Vec<Place> {
    let height = |idx: &usize| places[*idx].1;
    let by_height = |a: &usize, b: &usize| height(a).partial_cmp(&height(b)).unwrap_or(Equal);
    let (known, gaps): (Vec<usize>, Vec<usize>) =
        (0..places.len()).partition(|idx| height(idx).is_some());
    let lowest = known.iter().copied().min_by(by_height);
    let highest = known.iter().copied().max_by(by_height);

    let mut kept: Vec<usize> =
        [lowest, highest, gaps.first().copied()].into_iter().flatten().collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|idx| places[idx]).collect()
}

/// The mean over a window of `2·reach + 1` places, shorter at both ends, for at most `budget`
/// places spread evenly over the curve.
///
/// Gaps stay gaps and take no part in their neighbors' means.
pub(crate) fn moving_average(places: &[Place], reach: usize, budget: usize) -> Vec<Place> {
    let mean = |idx: usize| {
        let window = &places[idx.saturating_sub(reach)..(idx + reach + 1).min(places.len())];
        let (sum, n) = window
            .iter()
            .filter_map(|place| place.1)
            .fold((0.0, 0.0), |(sum, n), y| (sum + y, n + 1.0));
        sum / n
    };
    let stride = places.len().div_ceil(budget.max(1)).max(1);
    let chosen = places.iter().enumerate().step_by(stride);
    chosen.map(|(idx, &(x, y))| (x, y.map(|_| mean(idx)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize) -> Vec<Place> {
        (0..n).map(|idx| (idx as f64, Some((idx as f64 * 0.37).sin()))).collect()
    }

    #[test]
    fn thinning_keeps_spikes_order_and_budget() {
        let mut places = wave(100_000);
        places[77_777].1 = Some(50.0);
        places[12_345].1 = Some(-50.0);
        let thin = extremes(&places, 2_000);
        assert!(thin.len() <= 2_000);
        assert!(thin.contains(&(77_777.0, Some(50.0))) && thin.contains(&(12_345.0, Some(-50.0))));
        assert!(thin.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn thinning_keeps_both_ends() {
        let thin = extremes(&wave(12_345), 100);
        assert_eq!((thin[0].0, thin[thin.len() - 1].0), (0.0, 12_344.0));
    }

    #[test]
    fn thinning_keeps_a_gap_of_one_place() {
        let mut places = wave(50_000);
        places[31_000].1 = None;
        assert_eq!(extremes(&places, 2_000).iter().filter(|place| place.1.is_none()).count(), 1);
    }

    #[test]
    fn a_short_curve_stays_as_it_is() {
        assert_eq!(extremes(&wave(2_000), 2_000), wave(2_000));
        assert_eq!(extremes(&[], 2_000), []);
    }

    #[test]
    fn the_average_of_a_line_is_the_line_and_gaps_stay() {
        let mut places: Vec<Place> = (0..50).map(|idx| (f64::from(idx), Some(3.0))).collect();
        places[20].1 = None;
        assert_eq!(moving_average(&places, 4, 99), places);
        assert_eq!(moving_average(&[(1.0, Some(2.0))], 4, 99), [(1.0, Some(2.0))]);
    }

    #[test]
    fn the_average_looks_both_ways() {
        let places: Vec<Place> = (0..9).map(|idx| (f64::from(idx), Some(f64::from(idx)))).collect();
        let smooth = moving_average(&places, 1, 99);
        assert_eq!(smooth[4].1, Some(4.0));
        assert_eq!(smooth[0].1, Some(0.5));
        assert_eq!(moving_average(&places, 1, 3), [smooth[0], smooth[3], smooth[6]]);
    }
}
