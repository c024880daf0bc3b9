//! Stretches of a long curve: the lowest, the middle and the highest value of each.

use crate::axes::YScale;

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

/// A line through the medians, as the places between its gaps; heights are those of the axis.
///
/// A value that has no place on the axis leaves a gap.
pub(crate) fn medians(bins: &[Bin], y_scale: YScale) -> Vec<Vec<(f64, f64)>> {
    let mut runs = Vec::new();
    for run in runs_of(bins) {
        let places = run.iter().map(|bin| Some((bin.x, y_scale.height(bin.median)?)));
        let places: Vec<Option<(f64, f64)>> = places.collect();
        let known = places.split(Option::is_none).filter(|run| !run.is_empty());
        runs.extend(known.map(|run| run.iter().flatten().copied().collect::<Vec<_>>()));
    }
    runs
}

/// The outline of the band from the lowest to the highest values, one for each run of bins that has
/// any width. What lies below a logarithmic axis is drawn at its lower end.
pub(crate) fn outlines(bins: &[Bin], y_scale: YScale, lower_end: f64) -> Vec<Vec<(f64, f64)>> {
    let has_width = |run: &&[Bin]| run.iter().any(|bin| bin.low < bin.high);
    let outline = |run: &[Bin]| {
        let upper = run.iter().map(|bin| (bin.x, bin.high));
        let lower = run.iter().rev().map(|bin| (bin.x, bin.low));
        let places = upper.chain(lower);
        places.map(|(x, y)| (x, y_scale.height(y).unwrap_or(lower_end))).collect()
    };
    runs_of(bins).filter(has_width).map(outline).collect()
}

/// All places that have a height on the axis: what the axis has to enclose.
pub(crate) fn extremes(bins: &[Bin], y_scale: YScale) -> impl Iterator<Item = (f64, f64)> {
    bins.iter().flat_map(move |bin| {
        let heights = [bin.low, bin.high].map(|y| y_scale.height(y));
        heights.into_iter().flatten().map(|y| (bin.x, y))
    })
}

/// The bins between the ends of a line.
fn runs_of(bins: &[Bin]) -> impl Iterator<Item = &[Bin]> {
    bins.split_inclusive(|bin| bin.ends)
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
