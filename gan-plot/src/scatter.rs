//! Scatter plots: generated points over real ones, and over the contours of their density.

use crate::contour::{Contours, Level};
use crate::count::grouped;
use crate::lettering::Face;
use crate::raster::Pixels;
use crate::ticks::{Tick, linear};

const SIDE: usize = 800;
/// Left and upper edge of the square that the points lie in, and the length of its sides.
const LEFT: usize = 64;
const TOP: usize = 84;
const SQUARE: usize = 680;

/// Of the real points' extent, added on each side.
const MARGIN: f64 = 0.25;

const REAL: [u8; 3] = [74, 111, 152];
const FAKE: [u8; 3] = [230, 132, 0];
const PAPER: [u8; 3] = [255; 3];
const INK: [u8; 3] = [34; 3];
const SOFT_INK: [u8; 3] = [85; 3];
const GRID: [u8; 3] = [232; 3];
/// Of contours, from the innermost outwards.
const CONTOURS: [[u8; 3]; 3] = [[20, 62, 50], [58, 122, 104], [124, 178, 163]];
/// Half of the width of a contour, in pixels.
const HALF_STROKE: f32 = 0.7;

/// A PNG of 800 × 800 pixels with real points in gray-blue under generated ones in orange: a
/// [`Scatter`] without contours.
pub fn scatter(real: &[[f32; 2]], fake: &[[f32; 2]], title: &str) -> Vec<u8> {
    Scatter { real, fake, contours: None, title }.to_png()
}

/// A plot of 800 × 800 pixels with real points in gray-blue under generated ones in orange.
///
/// One unit has the same length on both axes. The axes enclose the *real* points with a margin of
/// a quarter of their extent on each side, so that a bad generator looks bad, and so that all
/// pictures of a run have the same axes; the legend states how many points there are of each kind
/// and how many generated ones lie outside (or are not finite). Without a finite real point the
/// axes enclose the generated ones. Letters beyond ASCII become `?`.
#[derive(Clone, Copy, Debug)]
pub struct Scatter<'a> {
    /// Points of the data.
    pub real: &'a [[f32; 2]],
    /// Points of the generator.
    pub fake: &'a [[f32; 2]],
    /// Lines of equal density over the real points, found on the same ones. The PNG says so in a text
    /// chunk `Contours`, with the shares of the mass that they hold in percent.
    pub contours: Option<&'a Contours>,
    /// What stands above it.
    pub title: &'a str,
}

impl Scatter<'_> {
    /// The plot as a PNG.
    #[must_use]
    pub fn to_png(&self) -> Vec<u8> {
        let Self { real, fake, contours, title } = *self;
        let axes = Axes::around(real)
            .or_else(|| Axes::around(fake))
            .unwrap_or(Axes { low: [0.0; 2], extent: 1.0 });
        let mut pixels = Pixels::filled(SIDE, SIDE, PAPER);
        let title = Face::Title.fit(title, SQUARE);
        Face::Title.write(&mut pixels, &title, [LEFT, 18], INK);

        axes.render_grid(&mut pixels);
        render_points(&mut pixels, &axes, real, REAL);
        let levels = contours.map_or(&[][..], |contours| &contours.levels);
        render_contours(&mut pixels, &axes, levels);
        let n_rendered = render_points(&mut pixels, &axes, fake, FAKE);
        render_border(&mut pixels);
        render_legend(&mut pixels, &self.entries(fake.len() - n_rendered));
        match levels {
            [] => pixels.to_png(),
            levels => pixels.to_png_with_text("Contours", &shares(levels)),
        }
    }

    /// Colors and words of the legend.
    fn entries(&self, n_outside: usize) -> Vec<([u8; 3], String)> {
        let outside = match n_outside {
            0 => String::new(),
            n => format!(" ({} outside)", grouped(n as u64)),
        };
        let mut entries = vec![
            (REAL, format!("real {}", grouped(self.real.len() as u64))),
            (FAKE, format!("generated {}{outside}", grouped(self.fake.len() as u64))),
        ];
        let contours = self.contours.filter(|contours| !contours.levels.is_empty());
        entries.extend(
            contours
                .map(|contours| (CONTOURS[0], format!("density {} %", shares(&contours.levels)))),
        );
        entries
    }
}

/// The shares of the mass in percent, one after the other.
fn shares(levels: &[Level]) -> String {
    let percent = levels.iter().map(|level| (100.0 * level.share).to_string());
    percent.collect::<Vec<_>>().join(" ")
}

/// The visible square of the plane.
pub(crate) struct Axes {
    pub(crate) low: [f64; 2],
    pub(crate) extent: f64,
}

impl Axes {
    /// None if no point is finite.
    pub(crate) fn around(points: &[[f32; 2]]) -> Option<Self> {
        let finite = || points.iter().filter(|point| is_finite(**point));
        finite().next()?;
        let end = |axis: usize, pick: fn(f32, f32) -> f32, start: f32| {
            f64::from(finite().map(|point| point[axis]).fold(start, pick))
        };
        let low = [0, 1].map(|axis| end(axis, f32::min, f32::INFINITY));
        let high = [0, 1].map(|axis| end(axis, f32::max, f32::NEG_INFINITY));

        let widest = (high[0] - low[0]).max(high[1] - low[1]);
        let largest = low.iter().chain(&high).fold(0.0, |largest: f64, end| largest.max(end.abs()));
        let extent = match (1.0 + 2.0 * MARGIN) * widest {
            wide if wide > 1e-6 * largest => wide,
            _ if largest > 0.0 => largest,
            _ => 1.0,
        };
        let low = [0, 1].map(|axis| (low[axis] + high[axis] - extent) / 2.0);
        Some(Self { low, extent })
    }

    /// A point in pixels, if the square contains it.
    fn place(&self, point: [f32; 2]) -> Option<[f32; 2]> {
        let point = point.map(f64::from);
        let is_inside =
            |axis: usize| (0.0..=1.0).contains(&((point[axis] - self.low[axis]) / self.extent));
        (is_inside(0) && is_inside(1)).then(|| self.pixel(point))
    }

    /// A point of the plane in pixels, inside the square or not.
    fn pixel(&self, point: [f64; 2]) -> [f32; 2] {
        let share = [0, 1].map(|axis| (point[axis] - self.low[axis]) / self.extent);
        let length = SQUARE as f64;
        let x = LEFT as f64 + length * share[0];
        let y = TOP as f64 + length * (1.0 - share[1]);
        [x as f32, y as f32]
    }

    fn render_grid(&self, pixels: &mut Pixels) {
        let face = Face::Body;
        let bottom = TOP + SQUARE;
        let (across, along) = (self.ticks(0), self.ticks(1));
        for (offset, tick) in &across {
            let x = LEFT + offset;
            pixels.fill([x, TOP], [1, SQUARE], GRID);
            pixels.fill([x, bottom], [1, 6], SOFT_INK);
            let left = x.saturating_sub(face.width(&tick.label) / 2);
            face.write(pixels, &tick.label, [left, bottom + 10], SOFT_INK);
        }
        for (offset, tick) in &along {
            let y = bottom - offset;
            pixels.fill([LEFT, y], [SQUARE, 1], GRID);
            pixels.fill([LEFT - 5, y], [5, 1], SOFT_INK);
            let left = (LEFT - 9).saturating_sub(face.width(&tick.label));
            face.write(pixels, &tick.label, [left, y - face.height() / 2], SOFT_INK);
        }
    }

    /// The ticks of an axis with their distance from its lower end in pixels.
    fn ticks(&self, axis: usize) -> Vec<(usize, Tick)> {
        let low = self.low[axis];
        let offset = |value: f64| (SQUARE as f64 * (value - low) / self.extent).round() as usize;
        let ticks = linear(low, low + self.extent, 6);
        ticks.into_iter().map(|tick| (offset(tick.value), tick)).collect()
    }
}

/// Draws the points inside the square; returns how many those are.
fn render_points(pixels: &mut Pixels, axes: &Axes, points: &[[f32; 2]], color: [u8; 3]) -> usize {
    // Fewer points can be larger and more opaque.
    let (radius, opacity) = match points.len() {
        0..=300 => (4.0, 0.75),
        301..=3_000 => (3.0, 0.55),
        _ => (2.0, 0.4),
    };
    let mut n_rendered = 0;
    for center in points.iter().filter_map(|point| axes.place(*point)) {
        pixels.disc(center, radius, color, opacity);
        n_rendered += 1;
    }
    n_rendered
}

/// Draws the lines, the outermost first.
fn render_contours(pixels: &mut Pixels, axes: &Axes, levels: &[Level]) {
    for (idx, level) in levels.iter().enumerate().rev() {
        let color = CONTOURS[idx.min(CONTOURS.len() - 1)];
        for [from, to] in &level.strokes {
            pixels.stroke(axes.pixel(*from), axes.pixel(*to), HALF_STROKE, color);
        }
    }
}

fn render_border(pixels: &mut Pixels) {
    for end in [0, SQUARE] {
        pixels.fill([LEFT + end, TOP], [1, SQUARE + 1], SOFT_INK);
        pixels.fill([LEFT, TOP + end], [SQUARE + 1, 1], SOFT_INK);
    }
}

fn render_legend(pixels: &mut Pixels, entries: &[([u8; 3], String)]) {
    const LINE: usize = 52;
    let mut x = LEFT;
    for (color, text) in entries {
        let middle = (LINE + Face::Body.height() / 2) as f32;
        pixels.disc([x as f32 + 6.0, middle], 6.0, *color, 0.9);
        Face::Body.write(pixels, text, [x + 19, LINE], INK);
        x += 19 + Face::Body.width(text) + 28;
    }
}

fn is_finite(point: [f32; 2]) -> bool {
    point.iter().all(|value| value.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::tests::decode;

    const SQUARE_CORNERS: [[f32; 2]; 2] = [[-1.0, -1.0], [1.0, 1.0]];

    fn pixel(file: &[u8], point: [f32; 2]) -> [u8; 3] {
        let axes = Axes::around(&SQUARE_CORNERS).unwrap();
        let [x, y] = axes.place(point).unwrap().map(|place| place.round() as usize);
        let start = 3 * (y * SIDE + x);
        decode(file).3[start..start + 3].try_into().unwrap()
    }

    #[test]
    fn points_have_the_color_of_their_kind() {
        let file = scatter(&SQUARE_CORNERS, &[[0.53, -0.37]], "points");
        let (width, height, ..) = decode(&file);
        assert_eq!((width, height), (SIDE, SIDE));
        let [red, _, blue] = pixel(&file, [0.53, -0.37]).map(i32::from);
        assert!(red > blue + 100, "orange: {red} {blue}");
        let [red, _, blue] = pixel(&file, [1.0, 1.0]).map(i32::from);
        assert!(blue > red + 40, "blue: {red} {blue}");
        assert_eq!(pixel(&file, [-0.53, 0.37]), PAPER);
    }

    #[test]
    fn the_axes_follow_the_real_points_with_a_quarter_around() {
        let axes = Axes::around(&[[0.0, 5.0], [4.0, 6.0], [f32::NAN, 900.0]]).unwrap();
        assert_eq!((axes.low, axes.extent), ([-1.0, 2.5], 6.0));
        let [left, top] = [LEFT as f32, TOP as f32];
        assert_eq!(axes.place([-1.0, 8.5]), Some([left, top]));
        assert_eq!(axes.place([5.01, 5.0]), None);
        assert_eq!(axes.place([f32::INFINITY, 5.0]), None);
        assert_eq!(axes.place([f32::NAN, 5.0]), None);
    }

    #[test]
    fn fakes_outside_change_the_legend_and_not_the_axes() {
        let inside = scatter(&SQUARE_CORNERS, &[], "points");
        let outside = scatter(&SQUARE_CORNERS, &[[50.0, 0.0], [f32::NAN; 2]], "points");
        let (inside, outside) = (decode(&inside).3, decode(&outside).3);
        let first_row = 3 * TOP * SIDE;
        assert_ne!(inside[..first_row], outside[..first_row]);
        assert_eq!(inside[first_row..], outside[first_row..]);
    }

    #[test]
    fn contours_are_drawn_between_real_and_generated_points_and_named() {
        let round = Contours::of(&SQUARE_CORNERS, &[0.5], |[x, y]| -4.0 * (x * x + y * y));
        let plot = |fake: &[[f32; 2]]| {
            let contours = Some(&round);
            Scatter { real: &SQUARE_CORNERS, fake, contours, title: "points" }.to_png()
        };
        // Half of the mass lies within √(ln 2 / 4).
        let on_line = [(2_f32.ln() / 4.0).sqrt(), 0.0];
        let [red, green, _] = pixel(&plot(&[]), on_line).map(i32::from);
        assert!(green > red + 20, "{red} {green}");
        let [red, _, blue] = pixel(&plot(&[on_line]), on_line).map(i32::from);
        assert!(red > blue + 60, "{red} {blue}");
        let file = plot(&[]);
        let chunk = b"tEXtContours\x0050";
        assert!(file.windows(chunk.len()).any(|bytes| bytes == chunk));
        assert!(!scatter(&SQUARE_CORNERS, &[], "").windows(4).any(|bytes| bytes == b"tEXt"));
    }

    #[test]
    fn any_input_gives_a_picture_and_always_the_same() {
        let huge = [[f32::MAX, f32::MIN], [f32::MIN, f32::MAX]];
        let inputs: [&[[f32; 2]]; 5] =
            [&[], &[[3.0, 3.0]], &[[0.0; 2]; 2], &[[f32::NAN; 2]], &huge];
        for real in inputs {
            for fake in inputs {
                assert_eq!(scatter(real, fake, "é"), scatter(real, fake, "é"));
            }
        }
    }
}
