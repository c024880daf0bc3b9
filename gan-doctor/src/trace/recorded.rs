//! One series in bounded memory: thinned evenly as it grows.

/// The most points of a series that are kept: rules look at tenths of a run, which then have 100 to
/// 200 points each, and one examination takes milliseconds however long the run is.
pub const CAPACITY: usize = 2048;

/// The first value that is not finite, and how many there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NonFinite {
    /// The step of the first.
    pub step: u64,
    /// The first.
    pub value: f64,
    /// How many there are.
    pub count: u64,
}

/// One series: at most [`CAPACITY`] of its points, evenly chosen, with the newest.
///
/// Which points are kept follows from the order of the values alone, so that a run that is watched
/// and the same run read from a file have the same points.
#[derive(Clone, Debug, PartialEq)]
pub struct Recorded {
    /// Those whose index is a multiple of `stride`, then the newest if it is none of them.
    points: Vec<(u64, f64)>,
    count: u64,
    stride: u64,
    non_finite: Option<NonFinite>,
}

impl Default for Recorded {
    fn default() -> Self {
        Self { points: Vec::new(), count: 0, stride: 1, non_finite: None }
    }
}

impl Recorded {
    /// Adds a point behind all others; the caller has checked its step.
    pub(super) fn push(&mut self, step: u64, value: f64) {
        if !self.newest_is_on_grid() {
            self.points.pop();
        }
        self.points.push((step, value));
        self.count += 1;
        if !value.is_finite() {
            let first = self.non_finite.unwrap_or(NonFinite { step, value, count: 0 });
            self.non_finite = Some(NonFinite { count: first.count + 1, ..first });
        }
        if self.points.len() > CAPACITY {
            self.thin();
        }
    }

    fn newest_is_on_grid(&self) -> bool {
        self.count == 0 || (self.count - 1).is_multiple_of(self.stride)
    }

    /// Keeps every second point, and the newest.
    fn thin(&mut self) {
        let newest = self.points.len() - 1;
        let mut index = 0;
        self.points.retain(|_| {
            let kept = index % 2 == 0 || index == newest;
            index += 1;
            kept
        });
        self.stride *= 2;
    }

    /// The points that are kept, by step.
    #[must_use]
    pub fn points(&self) -> &[(u64, f64)] {
        &self.points
    }

    /// How many points there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The newest point.
    #[must_use]
    pub fn last(&self) -> Option<(u64, f64)> {
        self.points.last().copied()
    }

    /// What was not finite, among all points there were.
    #[must_use]
    pub fn non_finite(&self) -> Option<NonFinite> {
        self.non_finite
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_series_keeps_evenly_spaced_points_and_the_newest() {
        let mut recorded = Recorded::default();
        for step in 0..100_000_u64 {
            recorded.push(step, step as f64);
            let points = recorded.points();
            assert!(points.len() <= CAPACITY);
            assert_eq!(recorded.last(), Some((step, step as f64)));
            assert_eq!(points[0].0, 0);
        }
        let steps: Vec<u64> = recorded.points().iter().map(|(step, _)| *step).collect();
        let gaps: Vec<u64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps[..gaps.len() - 1].iter().all(|gap| *gap == 64), "{gaps:?}");
        assert_eq!(recorded.count(), 100_000);
    }

    #[test]
    fn what_is_not_finite_is_counted_even_where_its_point_is_dropped() {
        let mut recorded = Recorded::default();
        for step in 0..10_000 {
            recorded.push(step, if step == 4_321 { f64::NAN } else { 1.0 });
        }
        let found = recorded.non_finite().unwrap();
        assert_eq!((found.step, found.count), (4_321, 1));
    }
}
