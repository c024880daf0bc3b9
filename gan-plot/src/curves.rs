//! Training curves: values over the steps of a run.

use crate::axes::YScale;
use crate::bins::{Bin, binned, extremes, medians, outlines};
use crate::frame::{Frame, HEIGHT, INK, LEFT, RIGHT, SOFT_INK, WIDTH};
use crate::svg::{self, Anchor, Lettering, Stroke, Svg};

/// Baseline of the headline; the legend's rows follow below it.
const HEADLINE: f64 = 30.0;
const LEGEND_ROW: f64 = 20.0;

/// A longer series is drawn in at most this many stretches.
const MOST_BINS: usize = 200;

/// Okabe and Ito's palette without its yellow, which is too faint for a line on white.
const COLORS: [&str; 7] =
    ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"];

/// One curve.
#[derive(Clone, Debug)]
pub struct Series {
    /// As the legend shows it.
    pub name: String,
    /// In ascending order of the first number.
    pub points: Vec<(f64, f64)>,
}

/// An SVG of 900 × 420 pixels with a curve for each series and a legend above them.
///
/// A series of more than 200 points is drawn in at most 200 stretches of equally many points: a line
/// through the median of each, in a faint band from its lowest to its highest value. A value that is
/// NaN, infinite or larger than 1e100 leaves a gap. Without a value to draw the chart reads "no data".
pub fn curves(title: &str, x_label: &str, y_scale: YScale, series: &[Series]) -> String {
    let curves: Vec<Vec<Bin>> = series.iter().map(|one| binned(&one.points, MOST_BINS)).collect();
    let mut svg = Svg::page(WIDTH, HEIGHT, title);
    let headline = Lettering::regular(17, INK, Anchor::Start).bold();
    svg.text(title, (LEFT, HEADLINE), headline);
    let top = render_legend(&mut svg, series) + 16.0;

    let known: Vec<(f64, f64)> = curves.iter().flat_map(|bins| extremes(bins, y_scale)).collect();
    let frame = Frame::around(&known, y_scale, top);
    frame.render_axes(&mut svg, x_label);
    if known.is_empty() {
        let faint = Lettering::regular(15, SOFT_INK, Anchor::Middle);
        svg.text("no data", frame.middle(), faint);
    }
    render_lines(&mut svg, &frame, &curves, y_scale);
    svg.finish()
}

/// Charts of [`curves`] below each other, as one SVG.
pub fn stacked(charts: &[String]) -> String {
    svg::stacked(charts, WIDTH, HEIGHT)
}

/// Every band comes before any line, which it would otherwise veil.
fn render_lines(svg: &mut Svg, frame: &Frame, curves: &[Vec<Bin>], y_scale: YScale) {
    let colored = || curves.iter().zip(COLORS.into_iter().cycle());
    for (bins, color) in colored() {
        svg.area(&frame.placed(&outlines(bins, y_scale, frame.lower_end())), color, 0.22);
    }
    for (bins, color) in colored() {
        svg.path(&frame.placed(&medians(bins, y_scale)), Stroke::new(color, 1.8, 1.0));
    }
}

/// Draws the names in rows below the headline; returns the baseline of the last row.
fn render_legend(svg: &mut Svg, series: &[Series]) -> f64 {
    const SAMPLE: f64 = 22.0;
    let width = |name: &str| SAMPLE + 7.0 + name.chars().map(letter_width).sum::<f64>() + 22.0;

    let (mut x, mut y) = (LEFT, HEADLINE + LEGEND_ROW + 4.0);
    for (series, color) in series.iter().zip(COLORS.into_iter().cycle()) {
        if x > LEFT && x + width(&series.name) > RIGHT {
            (x, y) = (LEFT, y + LEGEND_ROW);
        }
        let stroke = Stroke::new(color, 3.0, 1.0);
        svg.segment((x + 1.5, y - 4.5), (x + SAMPLE - 1.5, y - 4.5), stroke);
        svg.text(&series.name, (x + SAMPLE + 7.0, y), Lettering::regular(14, INK, Anchor::Start));
        x += width(&series.name);
    }
    y
}

/// A guess, in pixels, because only the viewer knows the font.
fn letter_width(letter: char) -> f64 {
    match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'r' | 'I' | ' ' | '.' | ',' | ':' | '(' | ')' | '/' => 5.0,
        'm' | 'w' | 'M' | 'W' => 12.5,
        'A'..='Z' => 9.8,
        _ => 8.3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::BOTTOM;

    fn one(points: Vec<(f64, f64)>) -> [Series; 1] {
        [Series { name: "critic".to_owned(), points }]
    }

    /// The places of every drawn line (not of the axes), in pixels.
    fn lines(svg: &str) -> Vec<Vec<(f64, f64)>> {
        places(svg, "stroke")
    }

    /// The places of the outline of every drawn band.
    fn areas(svg: &str) -> Vec<Vec<(f64, f64)>> {
        places(svg, "fill")
    }

    /// The places of paths whose `paint` is that of a curve.
    fn places(svg: &str, paint: &str) -> Vec<Vec<(f64, f64)>> {
        let document = roxmltree::Document::parse(svg).unwrap();
        let paths = document.descendants().filter(|node| {
            let legend = node.attribute("stroke-width") == Some("3");
            let is_path = node.has_tag_name("path");
            is_path && !legend && node.attribute(paint).is_some_and(|color| COLORS.contains(&color))
        });
        let place = |text: &str| {
            let (x, y) = text.split_once(' ').unwrap();
            (x.parse().unwrap(), y.parse().unwrap())
        };
        paths
            .flat_map(|path| path.attribute("d").unwrap().split('M').skip(1))
            .map(|run| run.trim_end_matches('Z').split('L').map(place).collect())
            .collect()
    }

    #[test]
    fn a_curve_spans_the_frame() {
        let svg =
            curves("t", "step", YScale::Unit, &one(vec![(0.0, 0.0), (5.0, 0.5), (10.0, 1.0)]));
        let lines = lines(&svg);
        assert_eq!(lines.len(), 1);
        assert_eq!((lines[0][0], lines[0][2].0), ((LEFT, BOTTOM), RIGHT));
    }

    #[test]
    fn a_long_series_is_a_median_in_a_band_that_has_its_spike() {
        let mut points: Vec<(f64, f64)> = (0..50_000).map(|x| (f64::from(x), 0.1)).collect();
        points[30_001].1 = 0.9;
        let svg = curves("t", "step", YScale::Unit, &one(points));
        let [line] = &lines(&svg)[..] else { panic!("one line") };
        assert_eq!(line.len(), MOST_BINS);
        let top = |places: &[(f64, f64)]| places.iter().map(|place| place.1).fold(BOTTOM, f64::min);
        let [band] = &areas(&svg)[..] else { panic!("one band") };
        assert_eq!(band.len(), 2 * MOST_BINS);
        assert!(top(band) < top(line) - 100.0);
    }

    #[test]
    fn a_short_series_has_no_band() {
        let points: Vec<(f64, f64)> = (0..200).map(|x| (f64::from(x), f64::from(x % 7))).collect();
        let svg = curves("t", "step", YScale::Linear, &one(points));
        assert_eq!((lines(&svg)[0].len(), areas(&svg).len()), (200, 0));
    }

    #[test]
    fn what_has_no_place_on_the_axis_leaves_a_gap() {
        let heights = [1.0, 2.0, f64::NAN, 3.0, 4.0, f64::INFINITY, 5.0, 6.0, -1.0, 0.0, 7.0, 8.0];
        let points: Vec<(f64, f64)> = (0..).map(f64::from).zip(heights).collect();
        let n_lines = |y_scale| lines(&curves("t", "step", y_scale, &one(points.clone()))).len();
        assert_eq!(n_lines(YScale::Linear), 3);
        assert_eq!(n_lines(YScale::Log), 4);
    }

    #[test]
    fn names_and_labels_are_text() {
        let svg =
            curves("D(x) & D(G(z))", "step", YScale::Linear, &one(vec![(0.0, -2.0), (1.0, 2.0)]));
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts: Vec<_> = document
            .descendants()
            .filter(|node| node.has_tag_name("text"))
            .filter_map(|node| node.text())
            .collect();
        for expected in ["D(x) & D(G(z))", "step", "critic", "\u{2212}1", "0"] {
            assert!(texts.contains(&expected), "{expected} is not in {texts:?}");
        }
    }

    #[test]
    fn any_input_gives_a_chart_and_always_the_same() {
        let nothing = f64::NAN;
        let inputs: [&[(f64, f64)]; 8] = [
            &[],
            &[(0.0, 0.7)],
            &[(5.0, 0.0), (5.0, 0.0)],
            &[(0.0, 3.0), (1.0, 3.0)],
            &[(nothing, 1.0), (1.0, nothing)],
            &[(0.0, 1e99), (1.0, -1e99), (2.0, 1e300)],
            &[(0.0, 1e-300), (1.0, 1e99)],
            &[(1e15, 1.0), (1e15 + 1.0, 1.0 + 1e-15)],
        ];
        for points in inputs {
            for y_scale in [YScale::Linear, YScale::Log, YScale::Unit] {
                let svg = curves("t", "step", y_scale, &one(points.to_vec()));
                assert_eq!(svg, curves("t", "step", y_scale, &one(points.to_vec())));
                assert!(roxmltree::Document::parse(&svg).is_ok());
                assert!(!svg.contains("NaN") && !svg.contains("inf"), "{points:?}: {svg}");
                let known = points.iter().any(|(x, y)| x.is_finite() && y.is_finite());
                let empty = !known || (y_scale == YScale::Log && points.iter().all(|p| p.1 <= 0.0));
                assert_eq!(svg.contains("no data"), empty, "{points:?}");
            }
        }
        assert!(curves("t", "step", YScale::Log, &[]).contains("no data"));
    }
}
