//! What the formats of images share, and folders of them.

use std::io::Cursor;
use std::path::Path;

use gan_data::{Color, ImageFolder};
use image::{DynamicImage, ImageFormat, RgbImage};

use super::{Format, of_set};
use crate::draw::Draw;
use crate::input::{Entry, Input};
use crate::oracle::Reading;
use crate::{mutate, text};

/// Folders, nested and not, with other files among the images.
pub(super) const FOLDER: Format =
    Format { name: "image-folder", seeds, mutate: damage, respell, read };

/// The side that images are brought to.
const SIDE: usize = 8;

/// A picture that is not the same anywhere.
pub(super) fn picture(width: u32, height: u32) -> DynamicImage {
    let level = |x: u32, factor: u32| (x * factor % 256) as u8;
    let pixel = |x, y| image::Rgb([level(x, 9), level(y, 11), level(x + y, 5)]);
    DynamicImage::ImageRgb8(RgbImage::from_fn(width, height, pixel))
}

/// The picture in a format; empty where it has no such colors.
pub(super) fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    match picture.write_to(&mut bytes, format) {
        Ok(()) => bytes.into_inner(),
        Err(_) => Vec::new(),
    }
}

/// The pictures of several sizes and kinds of color that a format can hold, a file each.
pub(super) fn pictures(name: &str, format: ImageFormat) -> Vec<Input> {
    let small = picture(9, 7);
    let all = [
        picture(1, 1),
        picture(16, 16),
        DynamicImage::ImageLuma8(small.to_luma8()),
        DynamicImage::ImageRgba8(small.to_rgba8()),
        DynamicImage::ImageLuma16(small.to_luma16()),
        DynamicImage::ImageRgb16(small.to_rgb16()),
    ];
    let files = all.iter().map(|picture| encoded(picture, format));
    files.filter(|bytes| !bytes.is_empty()).map(|bytes| Input::file(name, bytes)).collect()
}

/// All images below the folder.
pub(super) fn read(folder: &Path) -> anyhow::Result<Reading> {
    let gray = ImageFolder::open(folder, SIDE, Color::Gray);
    let set = ImageFolder::open(folder, SIDE, Color::Rgb)?;
    let mut reading = of_set(&set);
    if let Err(error) = gray {
        reading.faults.push(format!("as gray images it is refused: {error}"));
    }
    Ok(reading)
}

fn seeds() -> Vec<Input> {
    let png = |side| encoded(&picture(side, side), ImageFormat::Png);
    let jpeg = |side| encoded(&picture(side, side), ImageFormat::Jpeg);
    let flat = Input::default().with("a.png", png(8)).with("b.JPG", jpeg(9)).with("notes.txt", "x");
    let classes = Input::default()
        .with("cats/1.png", png(7))
        .with("cats/10.png", png(8))
        .with("dogs/2.jpeg", jpeg(8))
        .with("dogs/.hidden.png", "no picture");
    vec![flat, classes]
}

/// Change names and kinds of entries rather than contents.
fn damage(input: &mut Input, draw: &mut Draw) {
    let names: Vec<String> = input.entries.keys().cloned().collect();
    if names.is_empty() {
        return;
    }
    let name = draw.pick(&names).clone();
    let other = draw.pick(&names).clone();
    let new = new_name(&name, draw);
    match draw.below(8) {
        0 => drop(input.entries.remove(&name)),
        1 => {
            if let Some(entry) = input.entries.remove(&name) {
                input.entries.insert(new, entry);
            }
        }
        2 => {
            let entry = input.entries[&other].clone();
            input.entries.insert(new, entry);
        }
        3 => drop(input.entries.insert(new, link(&other, draw))),
        4 => drop(input.entries.insert(name, link(&other, draw))),
        5 => drop(input.entries.insert(name, Entry::Folder)),
        6 => drop(input.entries.insert(name, Entry::File(Vec::new()))),
        _ => {
            let index = draw.below(input.n_files());
            if let Some(bytes) = input.bytes_mut(index) {
                mutate::bytes(bytes, &[], draw);
            }
        }
    }
}

fn new_name(name: &str, draw: &mut Draw) -> String {
    let hostile: String =
        text::hostile(draw).replace(['\0', '/'], "").chars().take(1 + draw.below(250)).collect();
    let ending = *draw.pick(&[".png", ".PNG", ".jpg", ".webp", ".txt", "", ".gz", ".png.png"]);
    match draw.below(5) {
        0 => format!("{hostile}{ending}"),
        1 => format!("{hostile}/{name}"),
        2 => format!("{name}/{hostile}{ending}"),
        3 => format!("{}{name}", "d/".repeat(draw.below(60))),
        _ => name.split('/').next_back().unwrap_or(name).to_owned(),
    }
}

fn link(to: &str, draw: &mut Draw) -> Entry {
    let targets = [to, ".", "..", "missing.png", "cats", "/dev/null", "../input"];
    Entry::Link((*draw.pick(&targets)).to_owned())
}

/// A hidden file more means nothing.
fn respell(input: &Input, draw: &mut Draw) -> Option<Input> {
    let name = format!(".hidden-{}.png", draw.below(1000));
    Some(input.clone().with(&name, draw.bytes(20)))
}
