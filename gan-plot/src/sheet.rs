//! Image grids: samples side by side on one sheet.

use crate::SheetError;
use crate::image::{levels, render_image};
use crate::lettering::Face;
use crate::raster::{Pixels, encode};

/// Longest side of a sheet that was enlarged by itself, in pixels.
const LONGEST_SIDE: usize = 900;
/// What the gaps and the unused cells look like.
const PAPER: u8 = 255;
const INK: [u8; 3] = [0x22; 3];
/// A row of a group is broken after this many images, or at this many pixels if that is earlier.
const MOST_COLUMNS: usize = 64;
const WIDEST: usize = 4_096;
/// More pixels are no picture that a viewer opens; they take 300 MB while it is drawn.
const MOST_PIXELS: u128 = 100_000_000;
/// The widest border, and the most pixels that one becomes.
const MOST_ENLARGED: usize = 65_536;
/// The longest name beside a row, in pixels, and the room to both of its sides.
const LONGEST_NAME: usize = 200;
const MARGIN: usize = 6;

/// How large images are drawn and what is between them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Pixels of the picture for one of an image, in each direction; as many as fit if not given.
    pub scale: Option<usize>,
    /// Pixels between neighbors and around the sheet.
    pub border: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self { scale: None, border: 2 }
    }
}

/// Which images stand beside which.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrangement {
    /// This many, in about as many rows as columns.
    Square(usize),
    /// Groups of `n` images, each of which begins a row; long rows are broken.
    Groups {
        /// How many groups.
        groups: usize,
        /// Images in each.
        n: usize,
        /// What stands to the left of the groups, from the first on; none at all leaves no room.
        names: Vec<String>,
    },
}

/// A sheet that images are put on one after the other, in reading order.
///
/// Without a scale every image is enlarged by the same whole factor, nearest neighbor, as far as the
/// sheet's longer side stays within 900 pixels (never below the images' own size). A value is
/// clamped to `[-1, 1]`, then −1 is black and 1 is full intensity. One channel gives 8-bit gray,
/// three give RGB.
///
/// A value that is NaN or infinite makes its pixel magenta; a gray sheet becomes RGB for that.
///
/// # Shapes
/// `[channels, height, width]` with 1 or 3 channels and no side of 0. Without any image the sheet is
/// one empty cell.
pub struct Sheet {
    layout: Layout,
    pixels: Pixels,
    is_colored: bool,
    /// Images that are on the sheet.
    n_rendered: usize,
}

impl Sheet {
    /// An empty sheet for images of this shape.
    ///
    /// # Errors
    /// [`SheetError`]: the look or the size is out of range.
    ///
    /// # Panics
    /// An image has neither 1 nor 3 channels, or a side of 0 pixels.
    pub fn new(
        [channels, height, width]: [usize; 3],
        arrangement: &Arrangement,
        look: Look,
    ) -> Result<Self, SheetError> {
        assert!(channels == 1 || channels == 3, "an image has 1 or 3 channels, not {channels}");
        assert!(height > 0 && width > 0, "an image has pixels in both directions");
        let layout = Layout::new([height, width], arrangement, look);
        layout.check()?;
        let mut pixels = Pixels::filled(layout.width(), layout.height(), [PAPER; 3]);
        layout.write_names(&mut pixels);
        Ok(Self { layout, pixels, is_colored: channels == 3, n_rendered: 0 })
    }

    /// Whether a sheet of such images could be drawn.
    ///
    /// # Errors
    /// [`SheetError`], as [`Sheet::new`].
    pub fn check(
        [_, height, width]: [usize; 3],
        arrangement: &Arrangement,
        look: Look,
    ) -> Result<(), SheetError> {
        Layout::new([height, width], arrangement, look).check()
    }

    /// Draw the next image, `[channels, height, width]`, flattened.
    pub fn add(&mut self, image: &[f32]) {
        let corner = self.layout.corner(self.n_rendered);
        render_image(&mut self.pixels, image, self.layout.image, corner, self.layout.scale);
        self.is_colored |= image.iter().any(|value| !value.is_finite());
        self.n_rendered += 1;
    }

    /// The bytes of a PNG.
    pub fn to_png(&self) -> Vec<u8> {
        let pixels = &self.pixels;
        if self.is_colored {
            return pixels.to_png();
        }
        encode(pixels.width(), pixels.height(), png::ColorType::Grayscale, &levels(pixels))
    }
}

/// The positions of the cells.
struct Layout {
    n_images: usize,
    groups: usize,
    images_of_group: usize,
    names: Vec<String>,
    columns: usize,
    /// Rows of one group.
    rows: usize,
    /// Height and width.
    image: [usize; 2],
    scale: usize,
    border: usize,
}

impl Layout {
    fn new(image: [usize; 2], arrangement: &Arrangement, look: Look) -> Self {
        let border = look.border;
        let (groups, n, columns, names) = match arrangement {
            Arrangement::Square(n) => {
                let side = (*n as f64).sqrt().ceil() as usize;
                (1, *n, side.clamp(1, (*n).max(1)), Vec::new())
            }
            Arrangement::Groups { groups, n, names } => {
                let cell = image[1].saturating_mul(look.scale.unwrap_or(1)).saturating_add(border);
                let widest = (WIDEST.saturating_sub(border) / cell.max(1)).clamp(1, MOST_COLUMNS);
                // Of equal length as far as possible: 33 and 32 rather than 64 and 1.
                let rows = n.div_ceil(widest).max(1);
                (*groups, *n, n.div_ceil(rows).max(1), names.clone())
            }
        };
        let rows = n.div_ceil(columns).max(1);
        let fitting = |cells: usize, side: usize| {
            let gaps = cells.saturating_add(1).saturating_mul(border);
            LONGEST_SIDE.saturating_sub(gaps) / cells.saturating_mul(side)
        };
        let fits = fitting(groups.max(1).saturating_mul(rows), image[0]);
        let fits = fits.min(fitting(columns, image[1])).max(1);
        let (scale, n_images) = (look.scale.unwrap_or(fits), groups.saturating_mul(n));
        Self { n_images, groups, images_of_group: n, names, columns, rows, image, scale, border }
    }

    fn check(&self) -> Result<(), SheetError> {
        let (border, scale, most) = (self.border, self.scale, MOST_ENLARGED);
        if border > most || scale > most {
            return Err(SheetError::Look { border, scale, most });
        }
        let (n_images, width, height) = (self.n_images, self.width(), self.height());
        if width as u128 * height as u128 > MOST_PIXELS {
            return Err(SheetError::TooLarge { n_images, width, height, most: MOST_PIXELS });
        }
        Ok(())
    }

    fn width(&self) -> usize {
        let cells = self.columns.saturating_mul(self.pitch(1));
        self.gutter().saturating_add(self.border).saturating_add(cells)
    }

    fn height(&self) -> usize {
        let groups = self.groups.max(1).saturating_mul(self.group_pitch());
        self.border.saturating_add(groups).saturating_sub(self.space_between_groups())
    }

    /// The upper left pixel of an image.
    fn corner(&self, idx: usize) -> [usize; 2] {
        let (group, within) = (idx / self.images_of_group, idx % self.images_of_group);
        let (row, column) = (within / self.columns, within % self.columns);
        let left = self.gutter() + self.border + column * self.pitch(1);
        [left, self.border + group * self.group_pitch() + row * self.pitch(0)]
    }

    /// From an image to its neighbor.
    fn pitch(&self, axis: usize) -> usize {
        self.image[axis].saturating_mul(self.scale).saturating_add(self.border)
    }

    /// From the first row of a group to that of the next; a name needs a line of text.
    fn group_pitch(&self) -> usize {
        let rows = self.rows.saturating_mul(self.pitch(0));
        let line = if self.names.is_empty() { 0 } else { Face::Body.height() };
        rows.max(line).saturating_add(self.space_between_groups())
    }

    /// Where rows are broken, it is seen which belong together.
    fn space_between_groups(&self) -> usize {
        if self.rows > 1 && self.groups > 1 { self.border.saturating_mul(3) } else { 0 }
    }

    /// The width of the names.
    fn gutter(&self) -> usize {
        let widths = self.names.iter().map(|name| Face::Body.width(name).min(LONGEST_NAME));
        widths.max().map_or(0, |width| width + 2 * MARGIN)
    }

    /// Each name to the left of the first row of its group, in its middle.
    fn write_names(&self, pixels: &mut Pixels) {
        let below = (self.image[0] * self.scale).saturating_sub(Face::Body.height()) / 2;
        for (group, name) in self.names.iter().enumerate().take(self.groups) {
            let top = self.border + group * self.group_pitch() + below;
            let name = Face::Body.fit(name, LONGEST_NAME);
            Face::Body.write(pixels, &name, [MARGIN, top], INK);
        }
    }
}

#[cfg(test)]
mod tests;
