//! Two axes: their ranges, their ticks, and where between their ends a value is.

use crate::ticks::{Tick, linear, logarithmic};

/// The vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum YScale {
    /// From the smallest to the largest value.
    Linear,
    /// Powers of ten at equal distances; a value that is not positive leaves a gap.
    Log,
    /// From 0 to 1; what is beyond is drawn at the border.
    Unit,
}

impl YScale {
    /// The height of a value on the axis, if it has one there.
    pub(crate) fn height(self, y: f64) -> Option<f64> {
        match self {
            Self::Linear => Some(y),
            Self::Unit => Some(y.clamp(0.0, 1.0)),
            Self::Log => (y > 0.0).then(|| y.log10()),
        }
    }
}

/// The ranges of both axes and their ticks.
pub(crate) struct Axes {
    /// The ends of the horizontal axis.
    pub(crate) x: (f64, f64),
    /// The ends of the vertical axis; base-10 logarithms on a logarithmic one.
    pub(crate) y: (f64, f64),
    /// The marks of the horizontal axis.
    pub(crate) x_ticks: Vec<Tick>,
    /// The marks of the vertical axis.
    pub(crate) y_ticks: Vec<Tick>,
}

impl Axes {
    /// Axes that enclose finite `places`, with about `wanted` ticks on the horizontal one.
    ///
    /// On a logarithmic axis the places carry base-10 logarithms.
    pub(crate) fn around(places: &[(f64, f64)], y_scale: YScale, wanted: usize) -> Self {
        let steps = range(places.iter().map(|place| place.0)).unwrap_or((0.0, 1.0));
        let heights = range(places.iter().map(|place| place.1));
        let x = from_zero(widened(steps));
        let y = match y_scale {
            YScale::Linear => with_margin(widened(heights.unwrap_or((0.0, 1.0)))),
            YScale::Unit => (0.0, 1.0),
            YScale::Log => with_margin(at_least_a_fifth(heights.unwrap_or((-1.0, 1.0)))),
        };
        let y_ticks = match y_scale {
            YScale::Linear => linear(y.0, y.1, 6),
            YScale::Unit => linear(y.0, y.1, 5),
            YScale::Log => logarithmic(y.0, y.1),
        };
        Self { x, y, x_ticks: linear(x.0, x.1, wanted), y_ticks }
    }

    /// How far `x` is along the horizontal axis: 0 at its left end, 1 at its right one.
    pub(crate) fn share_x(&self, x: f64) -> f64 {
        (x - self.x.0) / (self.x.1 - self.x.0)
    }

    /// How far `y` is up the vertical axis.
    pub(crate) fn share_y(&self, y: f64) -> f64 {
        (y - self.y.0) / (self.y.1 - self.y.0)
    }
}

/// The smallest and the largest of some finite values.
fn range(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |ends, value| {
        let (low, high) = ends.unwrap_or((value, value));
        Some((value.min(low), value.max(high)))
    })
}

/// A range that is at least as wide as its numbers can resolve.
fn widened((low, high): (f64, f64)) -> (f64, f64) {
    let least = 1e-9 * low.abs().max(high.abs());
    if high - low > least {
        return (low, high);
    }
    let half = if low == 0.0 { 0.5 } else { 0.5 * low.abs() };
    (low - half, high + half)
}

/// The same for logarithms: at least a fifth of a decade.
fn at_least_a_fifth((low, high): (f64, f64)) -> (f64, f64) {
    let missing = (0.2 - (high - low)).max(0.0);
    (low - missing / 2.0, high + missing / 2.0)
}

/// Steps are counted from 1 or reported at intervals: an axis that nearly reaches 0 does reach it.
fn from_zero((low, high): (f64, f64)) -> (f64, f64) {
    if low > 0.0 && low <= 0.05 * high { (0.0, high) } else { (low, high) }
}

/// Room between the curves and the ends of the axis.
fn with_margin((low, high): (f64, f64)) -> (f64, f64) {
    let margin = 0.04 * (high - low);
    (low - margin, high + margin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_encloses_its_values() {
        let axes = Axes::around(&[(1.0, -3.0), (900.0, 5.0)], YScale::Linear, 8);
        assert_eq!(axes.x, (0.0, 900.0));
        assert!(axes.y.0 < -3.0 && axes.y.1 > 5.0);
        let unit = Axes::around(&[(400.0, 0.4), (900.0, 0.5)], YScale::Unit, 8);
        assert_eq!((unit.x, unit.y), ((400.0, 900.0), (0.0, 1.0)));
    }

    #[test]
    fn a_single_value_gets_an_axis_with_some_width() {
        for y_scale in [YScale::Linear, YScale::Log] {
            for place in [(0.0, 0.0), (5.0, -2.0), (1e15, 1e15)] {
                let axes = Axes::around(&[place], y_scale, 8);
                assert!(axes.x.0 < axes.x.1 && axes.y.0 < axes.y.1, "{place:?}");
            }
        }
    }
}
