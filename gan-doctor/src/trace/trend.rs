//! Where a series goes: Kendall's tau, and the slope of Theil and Sen.

use super::statistics::median;

/// Blocks that a long series is brought to, by their medians, before its pairs are compared: at
/// most 2016 pairs, and less noise in each.
const BLOCKS: usize = 64;

/// The direction of a series and how far it went.
///
/// # Source
/// Mann (1945), doi:10.2307/1907187; Sen (1968), doi:10.1080/01621459.1968.10480934.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// Kendall's tau between values and steps, in `[−1, 1]`: 1 for a series that only rises.
    pub tau: f64,
    /// The median slope of all pairs times the length of the series: how far it went, in its own
    /// unit.
    pub change: f64,
    /// The tau that one in ten of series as long exceeds by chance, in random order.
    pub chance: f64,
}

/// The quantile of the normal distribution that one in ten exceeds.
const ONE_IN_TEN: f64 = 1.2816;

impl Trend {
    /// Of values and the steps that they were measured at; 0 of fewer than two.
    pub(super) fn of(points: &[(u64, f64)]) -> Self {
        let blocks = blocks(points);
        let (Some(first), Some(last)) = (points.first(), points.last()) else {
            return Self::NONE;
        };
        let span = (last.0 - first.0) as f64;
        let (mut slopes, mut signs) = (Vec::new(), 0.0);
        for (index, earlier) in blocks.iter().enumerate() {
            for later in &blocks[index + 1..] {
                let rise = later.1 - earlier.1;
                signs += if rise == 0.0 { 0.0 } else { rise.signum() };
                slopes.push(rise * (span / (later.0 - earlier.0)));
            }
        }
        if slopes.is_empty() {
            return Self::NONE;
        }
        let chance = ONE_IN_TEN * deviation_of_tau(blocks.len());
        Self { tau: signs / slopes.len() as f64, change: median(&slopes), chance }
    }

    /// That of no series.
    const NONE: Self = Self { tau: 0.0, change: 0.0, chance: 1.0 };

    /// Whether the series rises: at least `tau` of its pairs, net.
    #[must_use]
    pub fn rises(&self, tau: f64) -> bool {
        self.tau >= tau
    }

    /// Whether the series falls: at least `tau` of its pairs, net.
    #[must_use]
    pub fn falls(&self, tau: f64) -> bool {
        self.tau <= -tau
    }
}

/// The standard deviation of tau over all orders of `n` values (Kendall 1938, doi:10.2307/2332226).
fn deviation_of_tau(n: usize) -> f64 {
    let n = n as f64;
    (2.0 * (2.0 * n + 5.0) / (9.0 * n * (n - 1.0))).sqrt()
}

/// At most [`BLOCKS`] medians, each at the mean step of its points.
fn blocks(points: &[(u64, f64)]) -> Vec<(f64, f64)> {
    let n = points.len().div_ceil(BLOCKS).max(1);
    let block = |block: &[(u64, f64)]| {
        let steps: f64 = block.iter().map(|(step, _)| *step as f64).sum();
        let values: Vec<f64> = block.iter().map(|(_, value)| *value).collect();
        (steps / block.len() as f64, median(&values))
    };
    points.chunks(n).map(block).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_its_own_rise_whatever_the_cadence() {
        let line: Vec<(u64, f64)> =
            [0_u64, 1, 5, 40, 41, 100].map(|step| (step, 3.0 * step as f64)).to_vec();
        let trend = Trend::of(&line);
        assert_eq!(trend.tau, 1.0);
        assert!((trend.change - 300.0).abs() < 1e-9);
    }

    #[test]
    fn one_outlier_changes_little() {
        let mut line: Vec<(u64, f64)> = (0..50).map(|step| (step, step as f64)).collect();
        line[25].1 = 1e9;
        assert!((Trend::of(&line).change - 49.0).abs() < 2.0);
    }

    #[test]
    fn too_few_points_have_no_trend() {
        assert_eq!(Trend::of(&[]), Trend::NONE);
        assert_eq!(Trend::of(&[(3, 1.0)]), Trend::NONE);
    }

    #[test]
    fn one_in_ten_random_orders_has_the_tau_of_chance() {
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 11) as f64
        };
        for n in [5, 8, 20] {
            let above = (0..2_000)
                .filter(|_| {
                    let points: Vec<(u64, f64)> = (0..n).map(|step| (step, next())).collect();
                    let trend = Trend::of(&points);
                    trend.tau > trend.chance
                })
                .count();
            assert!((120..280).contains(&above), "{above} of 2000 with {n} points");
        }
    }
}
