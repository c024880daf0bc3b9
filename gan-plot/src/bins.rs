//! Stretches of a long curve: the lowest, the middle and the highest value of each.

/// Values of one stretch of a curve that follow each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// The horizontal place: that of the middle one of its points.
    pub x: f64,
    /// The lowest finite value.
    pub low: f64,
    /// The median of the finite values; of an even number of them the lower one of the middle two, so
    /// that it is a value that was measured.
    pub median: f64,
    /// The highest finite value.
    pub high: f64,
    /// Whether a line ends here, because a value that is not finite follows or is among these.
    pub ends: bool,
}

/// A curve as at most `most` bins of equally many points, in ascending order of the first number.
///
/// A curve of no more points than that has a bin for each. A value that is NaN, infinite or larger
/// than 1e100 is left out and ends the line before it; a place that is not finite is left out.
///
/// # Example
/// ```
/// use gan_plot::binned;
///
/// let points: Vec<(f64, f64)> = (0..1000).map(|x| (f64::from(x), f64::from(x % 10))).collect();
/// let bins = binned(&points, 100);
/// assert_eq!((bins.len(), bins[0].low, bins[0].median, bins[0].high), (100, 0.0, 4.0, 9.0));
/// ```
pub fn binned(points: &[(f64, f64)], most: usize) -> Vec<Bin> {
    let size = points.len().div_ceil(most.max(1)).max(1);
    let mut bins: Vec<Bin> = Vec::new();
    for stretch in points.chunks(size) {
        let usable = |value: f64| value.is_finite() && value.abs() <= LARGEST;
        let mut known: Vec<(f64, f64)> =
            stretch.iter().copied().filter(|(x, y)| usable(*x) && usable(*y)).collect();
        if known.is_empty() {
            if let Some(last) = bins.last_mut() {
                last.ends = true;
            }
            continue;
        }
        let x = known[(known.len() - 1) / 2].0;
        let ends = known.len() < stretch.len();
        known.sort_by(|one, other| one.1.total_cmp(&other.1));
        let (low, high) = (known[0].1, known[known.len() - 1].1);
        bins.push(Bin { x, low, median: known[(known.len() - 1) / 2].1, high, ends });
    }
    bins
}

/// Beyond this, differences of two numbers could overflow.
const LARGEST: f64 = 1e100;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_curve_has_a_bin_for_each_point() {
        let bins = binned(&[(0.0, 3.0), (1.0, f64::NAN), (2.0, 5.0)], 400);
        assert_eq!(bins.iter().map(|bin| bin.x).collect::<Vec<_>>(), [0.0, 2.0]);
        assert!(bins.iter().all(|bin| bin.low == bin.high && bin.low == bin.median));
        assert_eq!((bins[0].ends, bins[1].ends), (true, false));
    }

    #[test]
    fn an_outlier_is_in_the_band_and_not_in_the_line() {
        let mut points: Vec<(f64, f64)> = (0..100_000).map(|x| (f64::from(x), 1.0)).collect();
        points[70_007].1 = 1e6;
        let bins = binned(&points, 400);
        assert_eq!(bins.len(), 400);
        assert!(bins.iter().all(|bin| bin.median == 1.0));
        assert_eq!(bins.iter().filter(|bin| bin.high == 1e6).count(), 1);
    }

    #[test]
    fn a_value_that_is_not_finite_ends_the_line_of_its_bin() {
        let mut points: Vec<(f64, f64)> = (0..1000).map(|x| (f64::from(x), 1.0)).collect();
        points[505].1 = f64::INFINITY;
        let ends = binned(&points, 100).iter().position(|bin| bin.ends);
        assert_eq!(ends, Some(50));
        assert!(binned(&[(0.0, f64::NAN)], 10).is_empty());
        assert!(binned(&[], 10).is_empty());
    }
}
