//! The axes around curves, and the position of a value on the page.

use crate::axes::{Axes, YScale};
use crate::svg::{Anchor, Lettering, Stroke, Svg};
use crate::ticks::Tick;

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
/// About how many numbers stand at the horizontal axis.
const TICKS: usize = 8;

/// The area inside the axes, and the axes.
pub(crate) struct Frame {
    axes: Axes,
    top: f64,
}

impl Frame {
    /// A frame whose axes enclose finite `places`; `top` is its upper edge on the page.
    ///
    /// On a logarithmic axis the places carry base-10 logarithms.
    pub(crate) fn around(places: &[(f64, f64)], y_scale: YScale, top: f64) -> Self {
        Self { axes: Axes::around(places, y_scale, TICKS), top }
    }

    /// The middle of the area, in pixels.
    pub(crate) fn middle(&self) -> (f64, f64) {
        ((LEFT + RIGHT) / 2.0, (self.top + BOTTOM) / 2.0)
    }

    fn place_x(&self, x: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * self.axes.share_x(x)
    }

    fn place_y(&self, y: f64) -> f64 {
        BOTTOM - (BOTTOM - self.top) * self.axes.share_y(y)
    }

    /// The lower end of the vertical axis.
    pub(crate) fn lower_end(&self) -> f64 {
        self.axes.y.0
    }

    /// Runs of places, in pixels.
    pub(crate) fn placed(&self, runs: &[Vec<(f64, f64)>]) -> Vec<Vec<(f64, f64)>> {
        let place = |&(x, y): &(f64, f64)| (self.place_x(x), self.place_y(y));
        runs.iter().map(|run| run.iter().map(place).collect()).collect()
    }

    /// Draws grid lines, ticks, numbers and the name of the horizontal axis.
    pub(crate) fn render_axes(&self, svg: &mut Svg, x_label: &str) {
        let number = |svg: &mut Svg, tick: &Tick, position, anchor| {
            let minus_signs = tick.label.replace('-', "\u{2212}");
            svg.text(&minus_signs, position, Lettering::regular(13, SOFT_INK, anchor));
        };
        for tick in &self.axes.y_ticks {
            let y = self.place_y(tick.value);
            svg.segment((LEFT, y), (RIGHT, y), Stroke::new(GRID, 1.0, 1.0));
            number(svg, tick, (LEFT - 9.0, y + 4.5), Anchor::End);
        }
        let axis = Stroke::new(SOFT_INK, 1.0, 1.0);
        for tick in &self.axes.x_ticks {
            let x = self.place_x(tick.value);
            svg.segment((x, BOTTOM), (x, BOTTOM + 5.0), axis);
            number(svg, tick, (x, BOTTOM + 20.0), Anchor::Middle);
        }
        svg.segment((LEFT, BOTTOM), (RIGHT, BOTTOM), axis);
        let below = ((LEFT + RIGHT) / 2.0, HEIGHT - 12.0);
        svg.text(x_label, below, Lettering::regular(14, INK, Anchor::Middle));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_within_the_frame() {
        let frame = Frame::around(&[(0.0, 0.0), (4.0, 1.0)], YScale::Unit, 60.0);
        let placed = frame.placed(&[vec![(0.0, 0.0)], vec![(2.0, 1.0), (4.0, 0.0)]]);
        assert_eq!(placed[0], [(LEFT, BOTTOM)]);
        assert_eq!(placed[1], [((LEFT + RIGHT) / 2.0, 60.0), (RIGHT, BOTTOM)]);
    }
}
