//! Charts for a page: their width and their colors are those of the page.

use std::fmt::Write;

use crate::axes::{Axes, YScale};
use crate::bins::{Bin, extremes, medians, outlines};
use crate::svg::escaped;

/// About how many numbers stand at the horizontal axis: as many as fit on the screen of a phone.
const TICKS: usize = 4;
/// The side of the square that the curves are drawn in before the page stretches it.
const SIDE: f64 = 1000.0;

/// One curve of a [`Figure`].
#[derive(Clone, Debug)]
pub struct Line {
    /// The classes of its elements, for the page's style sheet.
    pub class: String,
    /// From left to right, of [`binned`](crate::binned).
    pub bins: Vec<Bin>,
}

/// A chart inside of a page: a band from the lowest to the highest value of each bin, and in it a
/// line through the medians.
///
/// The same axes and ticks as of [`curves`](crate::curves), but the page decides on all that is a
/// matter of looks: the chart fills the width and the height that it is given, while letters and
/// lines keep their size, and elements have classes where [`curves`](crate::curves) has colors:
/// `grid`, `ticks-x`, `ticks-y`, `plot`, `band`, `line`, `mark`. Numbers of the axes stand outside
/// of the chart's own box, so that it needs a margin and `overflow: visible`.
///
/// What a script needs to know is in `data-x` and `data-y`, the ends of the axes (logarithms on a
/// logarithmic one), and `data-scale`.
///
/// # Example
/// ```
/// use gan_plot::{Figure, Line, YScale, binned};
///
/// let loss = Line { class: "critic".into(), bins: binned(&[(0.0, 1.39), (100.0, 0.7)], 400) };
/// let figure = Figure { name: "loss", y_scale: YScale::Linear, lines: &[loss], x: None, marks: &[] };
/// assert!(figure.to_svg().contains(r#"class="line critic""#));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// What screen readers say.
    pub name: &'a str,
    /// The vertical axis.
    pub y_scale: YScale,
    /// In the order in which they are painted.
    pub lines: &'a [Line],
    /// The ends of the horizontal axis; those of the lines if not given.
    pub x: Option<(f64, f64)>,
    /// Places of the horizontal axis that have a vertical line.
    pub marks: &'a [f64],
}

impl Figure<'_> {
    /// The chart as an `svg` element.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let axes = self.axes();
        let scale = match self.y_scale {
            YScale::Linear => "linear",
            YScale::Unit => "unit",
            YScale::Log => "log",
        };
        let ((x0, x1), (y0, y1)) = (axes.x, axes.y);
        let mut svg = format!(
            "<svg class=\"figure\" role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"100%\" \
             data-scale=\"{scale}\" data-x=\"{x0} {x1}\" data-y=\"{y0} {y1}\">",
            escaped(self.name).replace('"', "&quot;"),
        );
        svg += &ticks(&axes);
        svg += PLOT;
        for mark in self.marks {
            let x = SIDE * axes.share_x(*mark);
            // Formatting into a `String` has no way to fail.
            let _ = write!(svg, "<path class=\"mark\" d=\"M{x:.1} 0V{SIDE}\"/>");
        }
        self.lines.iter().for_each(|line| svg += &band(line, &axes, self.y_scale));
        self.lines.iter().for_each(|line| svg += &median(line, &axes, self.y_scale));
        svg + "</svg></svg>"
    }

    fn axes(&self) -> Axes {
        let all = self.lines.iter().flat_map(|line| extremes(&line.bins, self.y_scale));
        let mut places: Vec<(f64, f64)> = all.collect();
        if let (Some((first, last)), Some(&(_, y))) = (self.x, places.first()) {
            places.extend([(first, y), (last, y)]);
        }
        Axes::around(&places, self.y_scale, TICKS)
    }
}

/// A curve without axes, as small as a word: between the lowest and the highest of its values and
/// `level`, which is drawn as a horizontal line of the class `floor`.
///
/// Its classes are those of a [`Figure`].
#[must_use]
pub fn sparkline(
    bins: &[Bin],
    level: Option<f64>,
    y_scale: YScale,
    x: Option<(f64, f64)>,
) -> String {
    let floor = level.zip(bins.first()).zip(bins.last()).map(|((level, first), last)| {
        let ends = x.unwrap_or((first.x, last.x));
        let bin = |x| Bin { x, low: level, median: level, high: level, ends: false };
        Line { class: "floor".to_owned(), bins: vec![bin(ends.0), bin(ends.1)] }
    });
    let line = Line { class: "c0".to_owned(), bins: bins.to_vec() };
    let lines: Vec<Line> = floor.into_iter().chain([line]).collect();
    let axes = Figure { name: "", y_scale, lines: &lines, x, marks: &[] }.axes();
    let ((x0, x1), (y0, y1)) = (axes.x, axes.y);
    let mut svg = format!(
        "<svg class=\"sparkline\" aria-hidden=\"true\" data-x=\"{x0} {x1}\" data-y=\"{y0} {y1}\" \
         viewBox=\"0 0 {SIDE} {SIDE}\" preserveAspectRatio=\"none\">"
    );
    lines.iter().for_each(|line| svg += &median(line, &axes, y_scale));
    svg + "</svg>"
}

/// What the curves are in: stretched to whatever room there is, and cut off at its edges.
const PLOT: &str = "<svg class=\"plot\" width=\"100%\" height=\"100%\" viewBox=\"0 0 1000 1000\" \
                    preserveAspectRatio=\"none\">";

/// Grid lines, and the numbers at both axes.
fn ticks(axes: &Axes) -> String {
    let percent = |share: f64| format!("{:.2}%", 100.0 * share);
    let (mut grid, mut beside, mut below) = (String::new(), String::new(), String::new());
    for tick in &axes.y_ticks {
        let y = percent(1.0 - axes.share_y(tick.value));
        let label = tick.label.replace('-', "\u{2212}");
        grid += &format!("<line x1=\"0\" x2=\"100%\" y1=\"{y}\" y2=\"{y}\"/>");
        beside += &format!("<text x=\"0\" y=\"{y}\" dx=\"-8\" dy=\"0.32em\">{label}</text>");
    }
    for tick in &axes.x_ticks {
        let (x, label) = (percent(axes.share_x(tick.value)), &tick.label);
        below += &format!("<text x=\"{x}\" y=\"100%\" dy=\"1.5em\">{label}</text>");
    }
    format!(
        "<g class=\"grid\">{grid}</g><g class=\"ticks-y\" text-anchor=\"end\">{beside}</g>\
         <g class=\"ticks-x\" text-anchor=\"middle\">{below}</g>"
    )
}

fn median(line: &Line, axes: &Axes, y_scale: YScale) -> String {
    let mut path = String::new();
    for run in medians(&line.bins, y_scale) {
        path += &drawn(&run, axes);
        // A line of no length is a dot where its ends are round.
        if run.len() == 1 {
            path += "h0";
        }
    }
    format!("<path class=\"line {}\" d=\"{path}\"/>", line.class)
}

fn band(line: &Line, axes: &Axes, y_scale: YScale) -> String {
    let outlines = outlines(&line.bins, y_scale, axes.y.0);
    if outlines.is_empty() {
        return String::new();
    }
    let path: String = outlines.iter().map(|outline| drawn(outline, axes) + "Z").collect();
    format!("<path class=\"band {}\" d=\"{path}\"/>", line.class)
}

/// Places joined by lines.
fn drawn(places: &[(f64, f64)], axes: &Axes) -> String {
    let mut path = String::new();
    for (idx, (x, y)) in places.iter().enumerate() {
        let command = if idx == 0 { 'M' } else { 'L' };
        let (x, y) = (SIDE * axes.share_x(*x), SIDE * (1.0 - axes.share_y(*y)));
        path += &format!("{command}{x:.1} {y:.1}");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bins::binned;

    fn line(points: &[(f64, f64)], most: usize) -> [Line; 1] {
        [Line { class: "c0".to_owned(), bins: binned(points, most) }]
    }

    fn chart(points: &[(f64, f64)], most: usize, y_scale: YScale) -> String {
        let lines = line(points, most);
        Figure { name: "D(x) < \"1\"", y_scale, lines: &lines, x: None, marks: &[1.0] }.to_svg()
    }

    /// The data of the only path of this class.
    fn path(svg: &str, class: &str) -> Option<String> {
        let document = roxmltree::Document::parse(svg).unwrap();
        let mut found = document.descendants().filter(|node| {
            node.attribute("class").is_some_and(|classes| classes.starts_with(class))
        });
        found.next().and_then(|node| node.attribute("d")).map(str::to_owned)
    }

    #[test]
    fn a_line_goes_from_edge_to_edge() {
        let svg = chart(&[(0.0, 0.0), (5.0, 0.5), (10.0, 1.0)], 400, YScale::Unit);
        assert_eq!(path(&svg, "line").unwrap(), "M0.0 1000.0L500.0 500.0L1000.0 0.0");
        assert_eq!(path(&svg, "band"), None);
        assert_eq!(path(&svg, "mark").unwrap(), "M100.0 0V1000");
        assert!(svg.contains("data-x=\"0 10\" data-y=\"0 1\""));
    }

    #[test]
    fn a_spike_is_in_the_band_alone() {
        let mut points: Vec<(f64, f64)> = (0..50_000).map(|x| (f64::from(x), 0.1)).collect();
        points[30_001].1 = 0.9;
        let svg = chart(&points, 400, YScale::Unit);
        assert!(path(&svg, "band").unwrap().contains(" 100.0"));
        let line = path(&svg, "line").unwrap();
        assert!(!line.contains(" 100.0") && line.matches(" 900.0").count() == 400);
    }

    #[test]
    fn a_lone_value_is_a_dot_and_gaps_split() {
        let nothing = f64::NAN;
        let points = [(0.0, 0.0), (1.0, nothing), (2.0, 1.0), (3.0, 1.0), (4.0, nothing)];
        let line = path(&chart(&points, 400, YScale::Unit), "line").unwrap();
        assert_eq!((line.matches('M').count(), line.matches("h0").count()), (2, 1));
    }

    #[test]
    fn any_input_gives_a_chart_and_always_the_same() {
        let inputs: [&[(f64, f64)]; 6] = [
            &[],
            &[(0.0, 0.7)],
            &[(f64::NAN, 1.0), (1.0, f64::NAN)],
            &[(0.0, 1e99), (1.0, -1e99), (2.0, 1e300)],
            &[(0.0, -1.0), (1.0, 0.0), (2.0, 5.0)],
            &[(1e15, 1.0), (1e15 + 1.0, 1.0 + 1e-15)],
        ];
        for points in inputs {
            for y_scale in [YScale::Linear, YScale::Log, YScale::Unit] {
                let svg = chart(points, 2, y_scale);
                assert_eq!(svg, chart(points, 2, y_scale));
                assert!(roxmltree::Document::parse(&svg).is_ok(), "{svg}");
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{points:?}: {svg}");
                let spark = sparkline(&binned(points, 9), Some(1.0), y_scale, Some((0.0, 9.0)));
                assert!(roxmltree::Document::parse(&spark).is_ok() && !spark.contains("NaN"));
            }
        }
    }
}
