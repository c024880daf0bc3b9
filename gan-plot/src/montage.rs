//! Finished pictures side by side, each under its label.

use crate::lettering::Face;
use crate::raster::Pixels;

const GAP: usize = 12;
const PAPER: [u8; 3] = [255; 3];
const INK: [u8; 3] = [0x22; 3];
const SOFT_INK: [u8; 3] = [0x55; 3];

/// A picture with what stands above it: a line of text, and more lines in a softer ink.
pub struct Tile {
    /// What stands above the picture, one line or several.
    pub label: String,
    /// The picture, in its own size.
    pub picture: Pixels,
}

/// A PNG with the tiles in rows of `columns`, in reading order, under a headline.
///
/// Every picture is reduced, by averaging, until its longer side is at most `side` pixels; a smaller
/// one stays as it is. Text that does not fit is shortened with dots.
pub fn montage(title: &str, tiles: &[Tile], columns: usize, side: usize) -> Vec<u8> {
    let columns = columns.clamp(1, tiles.len().max(1));
    let pictures: Vec<Pixels> = tiles.iter().map(|tile| reduced(&tile.picture, side)).collect();
    let width = pictures.iter().map(Pixels::width).max().unwrap_or(side);
    let height = pictures.iter().map(Pixels::height).max().unwrap_or(side);
    let lines = tiles.iter().map(|tile| tile.label.lines().count()).max().unwrap_or(0);
    let text = lines * Face::Body.height();
    let headline = if title.is_empty() { 0 } else { Face::Title.height() + GAP };

    let rows = tiles.len().div_ceil(columns);
    let (pitch_x, pitch_y) = (width + GAP, text + height + GAP);
    let mut page = Pixels::filled(GAP + columns * pitch_x, GAP + headline + rows * pitch_y, PAPER);
    let title = Face::Title.fit(title, columns * pitch_x - GAP);
    Face::Title.write(&mut page, &title, [GAP, GAP], INK);
    for (idx, (tile, picture)) in tiles.iter().zip(&pictures).enumerate() {
        let left = GAP + idx % columns * pitch_x;
        let top = GAP + headline + idx / columns * pitch_y;
        for (number, line) in tile.label.lines().enumerate() {
            let ink = if number == 0 { INK } else { SOFT_INK };
            let corner = [left, top + number * Face::Body.height()];
            Face::Body.write(&mut page, &Face::Body.fit(line, width), corner, ink);
        }
        page.paste(picture, [left, top + text]);
    }
    page.to_png()
}

/// The picture with its longer side at most `side`, each pixel the mean of those that it covers.
fn reduced(picture: &Pixels, side: usize) -> Pixels {
    let longest = picture.width().max(picture.height());
    if longest <= side {
        return Pixels::from_rows(picture.width(), picture.bytes().to_vec());
    }
    let scaled = |length: usize| (length * side / longest).max(1);
    let (width, height) = (scaled(picture.width()), scaled(picture.height()));
    let (columns, rows) = (covers(picture.width(), width), covers(picture.height(), height));
    let mut bytes = Vec::with_capacity(3 * width * height);
    for row in &rows {
        for column in &columns {
            let mut sum = [0.0; 3];
            for &(y, high) in row {
                for &(x, wide) in column {
                    let start = 3 * (y * picture.width() + x);
                    for (total, &byte) in sum.iter_mut().zip(&picture.bytes()[start..start + 3]) {
                        *total += high * wide * f64::from(byte);
                    }
                }
            }
            bytes.extend(sum.map(|total| total.round() as u8));
        }
    }
    Pixels::from_rows(width, bytes)
}

/// For each of `to` pixels which of `from` pixels it covers, with shares that sum to 1.
fn covers(from: usize, to: usize) -> Vec<Vec<(usize, f64)>> {
    let scale = from as f64 / to as f64;
    let cover = |idx: usize| {
        let (low, high) = (idx as f64 * scale, (idx + 1) as f64 * scale);
        let last = (high.ceil() as usize).min(from);
        let share = |at: usize| (high.min(at as f64 + 1.0) - low.max(at as f64)) / scale;
        (low as usize..last).map(|at| (at, share(at))).filter(|(_, share)| *share > 0.0).collect()
    };
    (0..to).map(cover).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::raster::tests::decode;

    fn tile(label: &str, side: usize, color: [u8; 3]) -> Tile {
        Tile { label: label.to_owned(), picture: Pixels::filled(side, side, color) }
    }

    #[test]
    fn shares_sum_to_one_and_follow_the_pixels() {
        for (from, to) in [(900, 320), (7, 3), (5, 5), (3, 1)] {
            let covers = covers(from, to);
            assert_eq!(covers.len(), to);
            for cover in &covers {
                assert!((cover.iter().map(|(_, share)| share).sum::<f64>() - 1.0).abs() < 1e-9);
            }
            assert_eq!(covers[0][0].0, 0);
            assert_eq!(covers[to - 1].last().unwrap().0, from - 1);
        }
    }

    #[test]
    fn a_reduced_picture_keeps_its_mean() {
        let mut picture = Pixels::filled(90, 60, [0; 3]);
        picture.fill([0, 0], [45, 60], [200, 100, 50]);
        let small = reduced(&picture, 30);
        assert_eq!((small.width(), small.height()), (30, 20));
        assert_eq!(small.bytes()[..3], [200, 100, 50]);
        assert_eq!(small.bytes()[small.bytes().len() - 3..], [0; 3]);
    }

    #[test]
    fn tiles_stand_in_reading_order_under_their_labels() {
        let tiles = [tile("a\nb", 40, [9; 3]), tile("c", 80, [99; 3]), tile("", 10, [0, 0, 1])];
        let (width, height, _, bytes) = decode(&montage("", &tiles, 2, 40));
        let text = 2 * Face::Body.height();
        assert_eq!((width, height), (3 * GAP + 80, 3 * GAP + 2 * (text + 40)));
        let at = |x: usize, y: usize| &bytes[3 * (y * width + x)..][..3];
        assert_eq!(at(GAP + 5, GAP + text + 5), [9; 3]);
        assert_eq!(at(2 * GAP + 45, GAP + text + 5), [99; 3]);
        assert_eq!(at(GAP + 5, 2 * GAP + 2 * text + 45), [0, 0, 1]);
    }

    #[test]
    fn nothing_at_all_still_makes_a_page() {
        let (width, height, ..) = decode(&montage("title", &[], 4, 100));
        assert!(width > 100 && height > Face::Title.height());
    }
}
