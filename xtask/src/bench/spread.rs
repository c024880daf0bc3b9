//! The median of several measurements and their spread.

use std::fmt;

/// Median, lowest and highest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spread {
    /// The median; of an even number of measurements the mean of the middle two.
    pub(crate) median: f64,
    /// The lowest.
    pub(crate) min: f64,
    /// The highest.
    pub(crate) max: f64,
}

impl Spread {
    /// Of no measurements there is none.
    pub(crate) fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        let (min, max) = (*values.first()?, *values.last()?);
        let middle = values.len() / 2;
        let median = match values.len() % 2 {
            0 => f64::midpoint(values[middle - 1], values[middle]),
            _ => values[middle],
        };
        Some(Self { median, min, max })
    }

    /// Of `theirs / ours`, round by round; rounds that lack one of them are left out.
    pub(crate) fn of_ratios(theirs: &[Option<f64>], ours: &[Option<f64>]) -> Option<Self> {
        let rounds = theirs.iter().zip(ours);
        Self::of(rounds.filter_map(|(theirs, ours)| Some((*theirs)? / (*ours)?)))
    }

    /// Every number times `factor`, which is above 0.
    pub(crate) fn scaled(self, factor: f64) -> Self {
        let Self { median, min, max } = self;
        Self { median: median * factor, min: min * factor, max: max * factor }
    }
}

impl fmt::Display for Spread {
    /// `MEDIAN (MIN … MAX)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { median, min, max } = *self;
        write!(f, "{} ({} … {})", short(median), short(min), short(max))
    }
}

/// A number with three digits that count; whole thousands have as many as they need.
pub(crate) fn short(value: f64) -> String {
    // Rounded to three digits first: 0.9996 has two decimals, as 1 has.
    let rounded: f64 = format!("{value:.2e}").parse().unwrap_or(value);
    let magnitude = if rounded == 0.0 { 0.0 } else { rounded.abs().log10().floor() };
    let decimals = (2.0 - magnitude).clamp(0.0, 6.0) as usize;
    format!("{value:.decimals$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_middle_two() {
        assert_eq!(Spread::of([]), None);
        let odd = Spread::of([3.0, 1.0, 2.0]).unwrap();
        assert_eq!(odd, Spread { median: 2.0, min: 1.0, max: 3.0 });
        assert_eq!(Spread::of([4.0, 1.0, 2.0, 3.0]).unwrap().median, 2.5);
    }

    #[test]
    fn ratios_are_taken_round_by_round() {
        let ours = [Some(1.0), Some(2.0), None, Some(4.0)];
        let theirs = [Some(2.0), Some(2.0), Some(9.0), None];
        let ratios = Spread::of_ratios(&theirs, &ours).unwrap();
        assert_eq!(ratios, Spread { median: 1.5, min: 1.0, max: 2.0 });
        assert_eq!(Spread::of_ratios(&[None], &[Some(1.0)]), None);
    }

    #[test]
    fn numbers_have_three_digits_that_count() {
        for (value, text) in
            [(0.0, "0.00"), (0.15312, "0.153"), (0.9999, "1.00"), (34.56, "34.6"), (1234.4, "1234")]
        {
            assert_eq!(short(value), text);
        }
        let spread = Spread { median: 2.0, min: 1.0, max: 30.0 };
        assert_eq!(spread.scaled(0.5).to_string(), "1.00 (0.500 … 15.0)");
    }
}
