//! Values over the steps of a run.

use crate::picture::svg::{Anchor, Lettering, Stroke, Svg};
use crate::picture::thin::{Place, extremes, moving_average};
use crate::picture::ticks::{Tick, linear, logarithmic};

const WIDTH: f64 = 900.0;
const HEIGHT: f64 = 420.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = WIDTH - 24.0;
const BOTTOM: f64 = HEIGHT - 54.0;
/// Baseline of the headline; the legend's rows follow below it.
const HEADLINE: f64 = 30.0;
const LEGEND_ROW: f64 = 20.0;

/// Places of a drawn line.
const BUDGET: usize = 2_000;
/// A series with more points than this gets a moving average.
const LONG: usize = 200;
/// Of a series, within one window of its moving average.
const WINDOW: f64 = 0.02;
/// Beyond this, differences of two numbers could overflow.
const LARGEST: f64 = 1e100;

/// Okabe and Ito's palette without its yellow, which is too faint for a line on white.
const COLORS: [&str; 7] = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
];
const INK: &str = "#222222";
const SOFT_INK: &str = "#555555";
const GRID: &str = "#e4e4e4";

/// One curve.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// As the legend shows it.
    pub(crate) name: String,
    /// In ascending order of the first number.
    pub(crate) points: Vec<(f64, f64)>,
}

/// The vertical axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum YScale {
    /// From the smallest to the largest value.
    Linear,
    /// Powers of ten at equal distances; a value that is not positive leaves a gap.
    Log,
    /// From 0 to 1; what lies beyond is drawn at the border.
    Unit,
}

/// An SVG of 900 × 420 pixels with a curve for each series and a legend above them.
///
/// A series of more than 200 points is drawn faintly, under its moving average over 2 % of its
/// points (on a logarithmic axis that is a geometric mean). A line has at most 2,000 places; long
/// series are thinned so that the lowest and the highest value of each stretch stay. A value that is
/// NaN, infinite or larger than 1e100 leaves a gap. Without a value to draw the chart says "no data".
pub(crate) fn curves(title: &str, x_label: &str, y_scale: YScale, series: &[Series]) -> String {
    let curves: Vec<Curve> = series
        .iter()
        .map(|series| Curve::new(series, y_scale))
        .collect();
    let mut svg = Svg::page(WIDTH, HEIGHT, title);
    svg.text(
        title,
        (LEFT, HEADLINE),
        lettering(17, INK, Anchor::Start).bold(),
    );
    let top = draw_legend(&mut svg, series) + 16.0;

    let frame = Frame::around(&curves, y_scale, top);
    frame.draw(&mut svg, x_label);
    if curves.iter().all(Curve::is_empty) {
        let middle = ((LEFT + RIGHT) / 2.0, (top + BOTTOM) / 2.0);
        svg.text("no data", middle, lettering(15, SOFT_INK, Anchor::Middle));
    }
    // Every faint line comes before any strong one, which it would otherwise veil.
    for (curve, color) in curves.iter().zip(COLORS.into_iter().cycle()) {
        let (width, opacity) = if curve.smooth.is_some() {
            (1.0, 0.25)
        } else {
            (1.8, 1.0)
        };
        svg.path(
            &frame.runs(&curve.raw),
            Stroke {
                color,
                width,
                opacity,
            },
        );
    }
    for (curve, color) in curves.iter().zip(COLORS.into_iter().cycle()) {
        if let Some(smooth) = &curve.smooth {
            svg.path(
                &frame.runs(smooth),
                Stroke {
                    color,
                    width: 2.2,
                    opacity: 1.0,
                },
            );
        }
    }
    svg.finish()
}

/// A series on the scale of the vertical axis, thinned.
struct Curve {
    raw: Vec<Place>,
    smooth: Option<Vec<Place>>,
}

impl Curve {
    fn new(series: &Series, y_scale: YScale) -> Self {
        let usable = |value: f64| value.is_finite() && value.abs() <= LARGEST;
        let height = |y: f64| match y_scale {
            YScale::Linear => Some(y),
            YScale::Unit => Some(y.clamp(0.0, 1.0)),
            YScale::Log => (y > 0.0).then(|| y.log10()),
        };
        let placed = series.points.iter().filter(|(x, _)| usable(*x));
        let places: Vec<Place> = placed
            .map(|&(x, y)| (x, Some(y).filter(|y| usable(*y)).and_then(height)))
            .collect();

        let reach = (places.len() as f64 * WINDOW / 2.0).round() as usize;
        let smooth = (places.len() > LONG).then(|| moving_average(&places, reach, BUDGET));
        Self {
            raw: extremes(&places, BUDGET),
            smooth,
        }
    }

    fn known(&self) -> impl Iterator<Item = (f64, f64)> {
        self.raw.iter().filter_map(|&(x, y)| Some((x, y?)))
    }

    fn is_empty(&self) -> bool {
        self.known().next().is_none()
    }
}

/// The area inside the axes: its ranges and its ticks.
struct Frame {
    x: (f64, f64),
    y: (f64, f64),
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    top: f64,
}

impl Frame {
    fn around(curves: &[Curve], y_scale: YScale, top: f64) -> Self {
        let known = || curves.iter().flat_map(Curve::known);
        let x = widened(range(known().map(|(x, _)| x)).unwrap_or((0.0, 1.0)));
        let heights = range(known().map(|(_, y)| y));
        let (y, y_ticks) = match y_scale {
            YScale::Linear => {
                let (low, high) = widened(heights.unwrap_or((0.0, 1.0)));
                let margin = 0.04 * (high - low);
                let y = (low - margin, high + margin);
                (y, linear(y.0, y.1, 6))
            }
            YScale::Unit => ((0.0, 1.0), linear(0.0, 1.0, 5)),
            YScale::Log => {
                let (low, high) = heights.unwrap_or((-1.0, 1.0));
                let ticks = logarithmic(low, high);
                let ends = range(ticks.iter().map(|tick| tick.value));
                (ends.unwrap_or((low, high)), ticks)
            }
        };
        Self {
            x,
            y,
            x_ticks: linear(x.0, x.1, 8),
            y_ticks,
            top,
        }
    }

    fn place_x(&self, x: f64) -> f64 {
        LEFT + (RIGHT - LEFT) * (x - self.x.0) / (self.x.1 - self.x.0)
    }

    fn place_y(&self, y: f64) -> f64 {
        BOTTOM - (BOTTOM - self.top) * (y - self.y.0) / (self.y.1 - self.y.0)
    }

    /// The places between gaps, in pixels.
    fn runs(&self, places: &[Place]) -> Vec<Vec<(f64, f64)>> {
        let runs = places
            .split(|place| place.1.is_none())
            .filter(|run| !run.is_empty());
        runs.map(|run| {
            let known = run.iter().filter_map(|&(x, y)| Some((x, y?)));
            known
                .map(|(x, y)| (self.place_x(x), self.place_y(y)))
                .collect()
        })
        .collect()
    }

    fn draw(&self, svg: &mut Svg, x_label: &str) {
        let line = |color| Stroke {
            color,
            width: 1.0,
            opacity: 1.0,
        };
        for tick in &self.y_ticks {
            let y = self.place_y(tick.value);
            svg.segment((LEFT, y), (RIGHT, y), line(GRID));
            let label = tick.label.replace('-', "\u{2212}");
            svg.text(
                &label,
                (LEFT - 9.0, y + 4.5),
                lettering(13, SOFT_INK, Anchor::End),
            );
        }
        for tick in &self.x_ticks {
            let x = self.place_x(tick.value);
            svg.segment((x, BOTTOM), (x, BOTTOM + 5.0), line(SOFT_INK));
            let label = tick.label.replace('-', "\u{2212}");
            svg.text(
                &label,
                (x, BOTTOM + 20.0),
                lettering(13, SOFT_INK, Anchor::Middle),
            );
        }
        svg.segment((LEFT, BOTTOM), (RIGHT, BOTTOM), line(SOFT_INK));
        let below = ((LEFT + RIGHT) / 2.0, HEIGHT - 12.0);
        svg.text(x_label, below, lettering(14, INK, Anchor::Middle));
    }
}

/// Draws the names in rows below the headline; returns the baseline of the last row.
fn draw_legend(svg: &mut Svg, series: &[Series]) -> f64 {
    const SAMPLE: f64 = 22.0;
    // Without font metrics, widths are a guess on the wide side.
    let width = |name: &str| SAMPLE + 7.6 * name.chars().count() as f64 + 30.0;

    let (mut x, mut y) = (LEFT, HEADLINE + LEGEND_ROW + 4.0);
    for (series, color) in series.iter().zip(COLORS.into_iter().cycle()) {
        if x > LEFT && x + width(&series.name) > RIGHT {
            (x, y) = (LEFT, y + LEGEND_ROW);
        }
        let stroke = Stroke {
            color,
            width: 3.0,
            opacity: 1.0,
        };
        svg.segment((x + 1.5, y - 4.5), (x + SAMPLE - 1.5, y - 4.5), stroke);
        svg.text(
            &series.name,
            (x + SAMPLE + 7.0, y),
            lettering(14, INK, Anchor::Start),
        );
        x += width(&series.name);
    }
    y
}

fn lettering(size: usize, color: &'static str, anchor: Anchor) -> Lettering {
    Lettering {
        size,
        weight: 400,
        color,
        anchor,
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

#[cfg(test)]
mod tests;
