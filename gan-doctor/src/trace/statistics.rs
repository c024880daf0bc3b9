//! Robust statistics of finite numbers. Orders are total, sums have one order: the same input has
//! the same output on every machine.

/// The median; of an even number of values the mean of the two in the middle. 0 of none.
pub(crate) fn median(values: &[f64]) -> f64 {
    quantile(values, 0.5)
}

/// The quantile with linear interpolation, as NumPy's default. 0 of none.
pub(crate) fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let place = q.clamp(0.0, 1.0) * last as f64;
    let (below, share) = (place.floor() as usize, place.fract());
    let above = (below + 1).min(last);
    // Not `a + (b − a)·share`: the difference of two finite numbers may be infinite.
    if share == 0.0 { sorted[below] } else { sorted[below] * (1.0 - share) + sorted[above] * share }
}

/// The median absolute deviation from the median, in units of the deviation of a normal
/// distribution: times 1.4826.
pub(crate) fn deviation(values: &[f64]) -> f64 {
    const NORMAL: f64 = 1.4826;
    let middle = median(values);
    let distances: Vec<f64> = values.iter().map(|value| (value - middle).abs()).collect();
    NORMAL * median(&distances)
}

/// Spearman's rank correlation of pairs, in `[−1, 1]`; 0 where one side is constant.
pub(crate) fn rank_correlation(pairs: &[(f64, f64)]) -> f64 {
    let left = ranks(pairs.iter().map(|pair| pair.0));
    let right = ranks(pairs.iter().map(|pair| pair.1));
    let mean = (pairs.len() as f64 - 1.0) / 2.0;
    let sum = |one: &[f64], other: &[f64]| -> f64 {
        one.iter().zip(other).map(|(a, b)| (a - mean) * (b - mean)).sum()
    };
    let scale = (sum(&left, &left) * sum(&right, &right)).sqrt();
    if scale > 0.0 { sum(&left, &right) / scale } else { 0.0 }
}

/// Ranks from 0 up; equal values share the mean of theirs.
fn ranks(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let values: Vec<f64> = values.collect();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut first = 0;
    while first < order.len() {
        let equal = order[first..].iter().take_while(|i| values[**i] == values[order[first]]);
        let n = equal.count().max(1);
        for index in &order[first..first + n] {
            ranks[*index] = first as f64 + (n as f64 - 1.0) / 2.0;
        }
        first += n;
    }
    ranks
}

/// The second peak of a cycle is at least this share of its first: of a sine, with three periods,
/// it is half.
const AGAIN: f64 = 0.4;

/// The period of a cycle, in points, and its strength: the height of the first peak of the
/// autocorrelation after it was below zero, if there are three whole periods and it has a peak
/// after two of them as well.
///
/// Values have no trend; noise alone has peaks of about `2/√n`, and slow noise larger ones, but not
/// at twice the lag again.
pub(crate) fn cycle(values: &[f64]) -> Option<(usize, f64)> {
    let n = values.len();
    let middle = median(values);
    let centered: Vec<f64> = values.iter().map(|value| value - middle).collect();
    let power: f64 = centered.iter().map(|value| value * value).sum();
    if !(power.is_finite() && power > 0.0) {
        return None;
    }
    let correlation = |lag: usize| -> f64 {
        let products = centered.iter().zip(&centered[lag..]).map(|(a, b)| a * b);
        products.sum::<f64>() / power
    };
    let correlations: Vec<f64> = (0..=n / 3).map(&correlation).collect();
    let below = correlations.iter().position(|value| *value < 0.0)?;
    let (lag, peak) = correlations
        .iter()
        .enumerate()
        .skip(below)
        .max_by(|a, b| a.1.total_cmp(b.1))
        .map(|(lag, peak)| (lag, *peak))?;
    let second = (2 * lag).saturating_sub(1)..=(2 * lag + 1).min(n - 1);
    let is_repeated = second.map(correlation).any(|value| value > AGAIN * peak);
    (peak > 0.0 && is_repeated).then_some((lag, peak))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_numpys() {
        assert_eq!(median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(quantile(&[0.0, 10.0], 0.25), 2.5);
        assert_eq!(median(&[]), 0.0);
        assert!(median(&[f64::MIN, f64::MAX]).is_finite());
        assert!((deviation(&[1.0, 2.0, 3.0, 4.0, 5.0]) - 1.4826).abs() < 1e-12);
    }

    #[test]
    fn rank_correlation_is_spearmans() {
        let rising: Vec<_> = (0..10).map(|i| (f64::from(i), f64::from(i).exp())).collect();
        assert!((rank_correlation(&rising) - 1.0).abs() < 1e-12);
        assert!((rank_correlation(&[(1.0, 2.0), (2.0, 1.0)]) + 1.0).abs() < 1e-12);
        assert_eq!(rank_correlation(&[(1.0, 2.0), (1.0, 1.0)]), 0.0);
        // scipy.stats.spearmanr([1, 2, 3, 4], [1, 3, 2, 2])
        let tied = rank_correlation(&[(1.0, 1.0), (2.0, 3.0), (3.0, 2.0), (4.0, 2.0)]);
        assert!((tied - 0.316_227_766).abs() < 1e-9, "{tied}");
    }

    #[test]
    fn slow_noise_is_no_cycle() {
        // An autoregression of 0.8, of what looks random.
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut found = 0;
        for _ in 0..200 {
            let mut level = 0.0;
            let series: Vec<f64> = (0..60)
                .map(|_| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    level = 0.8 * level + (state >> 11) as f64 / (1_u64 << 53) as f64 - 0.5;
                    level
                })
                .collect();
            found += usize::from(cycle(&series).is_some_and(|(_, strength)| strength > 0.5));
        }
        assert!(found <= 2, "{found} of 200");
    }

    #[test]
    fn a_sine_is_a_cycle_and_a_line_is_none() {
        let sine: Vec<f64> = (0..120).map(|i| (f64::from(i) * 0.314_159).sin()).collect();
        let (period, strength) = cycle(&sine).unwrap();
        assert_eq!(period, 20);
        assert!(strength > 0.7);
        let line: Vec<f64> = (0..120).map(f64::from).collect();
        assert!(cycle(&line).is_none_or(|(_, strength)| strength < 0.2));
        assert_eq!(cycle(&[1.0; 9]), None);
    }
}
