//! Text on a raster picture.

use noto_sans_mono_bitmap::{FontWeight, RasterHeight, get_raster, get_raster_width};

use crate::raster::Pixels;

/// The two kinds of text on a picture.
#[derive(Clone, Copy)]
pub(crate) enum Face {
    /// Numbers at the axes and the legend.
    Body,
    /// The headline.
    Title,
}

impl Face {
    /// Height of a line, in pixels.
    pub(crate) fn height(self) -> usize {
        self.font().1.val()
    }

    /// Width of `text`, in pixels.
    pub(crate) fn width(self, text: &str) -> usize {
        text.chars().count() * self.advance()
    }

    /// `text`, shortened with dots at its end if it is wider than `width` pixels.
    pub(crate) fn fit(self, text: &str, width: usize) -> String {
        const DOTS: &str = "...";
        if self.width(text) <= width {
            return text.to_owned();
        }
        let room = (width / self.advance()).saturating_sub(DOTS.len());
        text.chars().take(room).chain(DOTS.chars()).collect()
    }

    /// Writes `text` with the upper left corner of its line at `corner`.
    ///
    /// The font has the Latin letters with and without accents; any other character is written as a question mark.
    pub(crate) fn write(self, pixels: &mut Pixels, text: &str, corner: [usize; 2], ink: [u8; 3]) {
        let (weight, height) = self.font();
        for (idx, letter) in text.chars().enumerate() {
            let raster =
                get_raster(letter, weight, height).or_else(|| get_raster('?', weight, height));
            let Some(raster) = raster else { continue };
            let left = corner[0] + idx * self.advance();
            for (y, row) in raster.rows().enumerate() {
                for (x, &level) in row.iter().enumerate() {
                    pixels.blend(left + x, corner[1] + y, ink, f32::from(level) / 255.0);
                }
            }
        }
    }

    fn advance(self) -> usize {
        let (weight, height) = self.font();
        get_raster_width(weight, height)
    }

    fn font(self) -> (FontWeight, RasterHeight) {
        match self {
            Self::Body => (FontWeight::Regular, RasterHeight::Size16),
            Self::Title => (FontWeight::Bold, RasterHeight::Size20),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_leave_ink_within_their_box() {
        let mut pixels = Pixels::filled(60, 40, [255; 3]);
        Face::Body.write(&mut pixels, "Ag", [10, 10], [0; 3]);
        let inked: Vec<usize> = (0..60 * 40).filter(|at| pixels.bytes()[3 * at] < 128).collect();
        assert!(inked.len() > 20);
        let right = 10 + Face::Body.width("Ag");
        assert!(inked.iter().all(|at| (10..right).contains(&(at % 60))));
        assert!(inked.iter().all(|at| (10..10 + Face::Body.height()).contains(&(at / 60))));
    }

    #[test]
    fn long_text_is_shortened_to_the_room_it_has() {
        assert_eq!(Face::Title.fit("moons", 500), "moons");
        let short = Face::Title.fit(&"moons ".repeat(50), 200);
        assert!(short.ends_with("...") && Face::Title.width(&short) <= 200);
    }

    #[test]
    fn accents_are_written() {
        let [mut accented, mut mark] = [0, 1].map(|_| Pixels::filled(80, 20, [255; 3]));
        Face::Body.write(&mut accented, "éäçő", [0, 0], [0; 3]);
        Face::Body.write(&mut mark, "????", [0, 0], [0; 3]);
        assert_ne!(accented.bytes(), mark.bytes());
    }

    #[test]
    fn an_unknown_letter_becomes_a_question_mark() {
        let [mut unknown, mut mark] = [0, 1].map(|_| Pixels::filled(20, 20, [255; 3]));
        Face::Body.write(&mut unknown, "語", [0, 0], [0; 3]);
        Face::Body.write(&mut mark, "?", [0, 0], [0; 3]);
        assert_eq!(unknown.bytes(), mark.bytes());
    }
}
