//! The axes around curves, and the position of a value on the page.

use crate::svg::{Anchor, Lettering, Stroke, Svg};
use crate::thin::Place;
use crate::ticks::{Tick, linear, logarithmic};

/// Of the page, in pixels, as all of these.
pub(crate) const WIDTH: f64 = 900.0;
/// Of the page.
pub(crate) const HEIGHT: f64 = 420.0;
/// Left edge of the area that the curves are in.
pub(crate) const LEFT: f64 = 70.0;
/// Right edge of that area.
pub(crate) const RIGHT: f64 = WIDTH - 24.0;
/// Lower edge of that area.
pub(crate) const BOTTOM: f64 = HEIGHT - 54.0;

/// Of words.
pub(crate) const INK: &str = "#222222";
/// Of numbers and axes.
pub(crate) const SOFT_INK: &str = "#555555";
const GRID: &str = "#e4e4e4";

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

/// The area inside the axes: its ranges and its ticks.
pub(crate) struct Frame {
    x: (f64, f64),
    y: (f64, f64),
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    top: f64,
}

impl Frame {
    /// A frame whose axes enclose finite `places`; `top` is its upper edge on the page.
    ///
    /// On a logarithmic axis the places carry base-10 logarithms.
    pub(crate) fn around(places: &[(f64, f64)], y_scale: YScale, top: f64) -> Self {
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
        let x_ticks = linear(x.0, x.1, 8);
        Self { x, y, x_ticks, y_ticks, top }
    }

    /// The middle of the area, in pixels.
    pub(crate) fn middle(&self) -> (f64, f64) {
        ((LEFT + RIGHT) / 2.0, (self.top + BOTTOM) / 2.0)
    }

    fn place_x(&self, x: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * (x - self.x.0) / (self.x.1 - self.x.0)
    }

    fn place_y(&self, y: f64) -> f64 {
        BOTTOM - (BOTTOM - self.top) * (y - self.y.0) / (self.y.1 - self.y.0)
    }

    /// The places between gaps, in pixels.
    pub(crate) fn runs(&self, places: &[Place]) -> Vec<Vec<(f64, f64)>> {
        let runs = places.split(|place| place.1.is_none()).filter(|run| !run.is_empty());
        runs.map(|run| {
            let known = run.iter().filter_map(|&(x, y)| Some((x, y?)));
            known.map(|(x, y)| (self.place_x(x), self.place_y(y))).collect()
        })
        .collect()
    }

    /// Draws grid lines, ticks, numbers and the name of the horizontal axis.
    pub(crate) fn render_axes(&self, svg: &mut Svg, x_label: &str) {
        let number = |svg: &mut Svg, tick: &Tick, position, anchor| {
            let minus_signs = tick.label.replace('-', "\u{2212}");
            svg.text(&minus_signs, position, Lettering::regular(13, SOFT_INK, anchor));
        };
        for tick in &self.y_ticks {
            let y = self.place_y(tick.value);
            svg.segment((LEFT, y), (RIGHT, y), Stroke::new(GRID, 1.0, 1.0));
            number(svg, tick, (LEFT - 9.0, y + 4.5), Anchor::End);
        }
        let axis = Stroke::new(SOFT_INK, 1.0, 1.0);
        for tick in &self.x_ticks {
            let x = self.place_x(tick.value);
            svg.segment((x, BOTTOM), (x, BOTTOM + 5.0), axis);
            number(svg, tick, (x, BOTTOM + 20.0), Anchor::Middle);
        }
        svg.segment((LEFT, BOTTOM), (RIGHT, BOTTOM), axis);
        let below = ((LEFT + RIGHT) / 2.0, HEIGHT - 12.0);
        svg.text(x_label, below, Lettering::regular(14, INK, Anchor::Middle));
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
        let frame = Frame::around(&[(1.0, -3.0), (900.0, 5.0)], YScale::Linear, 60.0);
        assert_eq!(frame.x, (0.0, 900.0));
        assert!(frame.y.0 < -3.0 && frame.y.1 > 5.0);
        let unit = Frame::around(&[(400.0, 0.4), (900.0, 0.5)], YScale::Unit, 60.0);
        assert_eq!((unit.x, unit.y), ((400.0, 900.0), (0.0, 1.0)));
    }

    #[test]
    fn a_single_value_gets_an_axis_with_some_width() {
        for y_scale in [YScale::Linear, YScale::Log] {
            for place in [(0.0, 0.0), (5.0, -2.0), (1e15, 1e15)] {
                let frame = Frame::around(&[place], y_scale, 60.0);
                assert!(frame.x.0 < frame.x.1 && frame.y.0 < frame.y.1, "{place:?}");
            }
        }
    }

    #[test]
    fn gaps_split_a_line() {
        let frame = Frame::around(&[(0.0, 0.0), (4.0, 1.0)], YScale::Unit, 60.0);
        let places =
            [(0.0, Some(0.0)), (1.0, None), (2.0, Some(1.0)), (4.0, Some(0.0)), (5.0, None)];
        let runs = frame.runs(&places);
        assert_eq!(runs.len(), 2);
        assert_eq!(runs[0], [(LEFT, BOTTOM)]);
        assert_eq!(runs[1], [((LEFT + RIGHT) / 2.0, 60.0), (RIGHT, BOTTOM)]);
    }
}
