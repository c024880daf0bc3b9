//! Fewer points with the same look: for curves with more points than a picture has columns.

/// A place on a curve; `None` leaves a gap.
pub(crate) type Place = (f64, Option<f64>);

/// At most about `budget` places that trace the same envelope, in the same order.
///
/// The places are cut into buckets of equal count; of each the lowest and the highest stay, so that
/// a spike of a single place stays visible, and the first gap if there is one.
pub(crate) fn extremes(places: &[Place], budget: usize) -> Vec<Place> {
    const KEPT_PER_BUCKET: usize = 3;
    if places.len() <= budget {
        return places.to_vec();
    }
    let bucket = places.len().div_ceil((budget / KEPT_PER_BUCKET).max(1));
    places.chunks(bucket).flat_map(bucket_extremes).collect()
}

fn bucket_extremes(places: &[Place]) -> Vec<Place> {
    let known = || {
        places
            .iter()
            .enumerate()
            .filter_map(|(idx, place)| Some((idx, place.1?)))
    };
    let lowest = known()
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(idx, _)| idx);
    let highest = known()
        .max_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(idx, _)| idx);
    let gap = places.iter().position(|place| place.1.is_none());

    let mut kept: Vec<usize> = [lowest, highest, gap].into_iter().flatten().collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|idx| places[idx]).collect()
}

/// The mean over a window of `2·reach + 1` places, shorter at both ends, for at most `budget` places
/// spread evenly over the curve.
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
    chosen
        .map(|(idx, &(x, y))| (x, y.map(|_| mean(idx))))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wave(n: usize) -> Vec<Place> {
        (0..n)
            .map(|idx| (idx as f64, Some((idx as f64 * 0.37).sin())))
            .collect()
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
    fn thinning_keeps_a_gap_of_one_place() {
        let mut places = wave(50_000);
        places[31_000].1 = None;
        assert_eq!(
            extremes(&places, 2_000)
                .iter()
                .filter(|place| place.1.is_none())
                .count(),
            1
        );
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
        assert_eq!(
            moving_average(&[(1.0, Some(2.0))], 4, 99),
            [(1.0, Some(2.0))]
        );
    }

    #[test]
    fn the_average_looks_both_ways() {
        let places: Vec<Place> = (0..9)
            .map(|idx| (f64::from(idx), Some(f64::from(idx))))
            .collect();
        let smooth = moving_average(&places, 1, 99);
        assert_eq!(smooth[4].1, Some(4.0));
        assert_eq!(smooth[0].1, Some(0.5));
        assert_eq!(
            moving_average(&places, 1, 3),
            [smooth[0], smooth[3], smooth[6]]
        );
    }
}
