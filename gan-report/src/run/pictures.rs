//! `samples/step-*.png`: what the same latents become over time; and the latent walk.

use std::fs;
use std::path::Path;

use gan_run::picture_step;

use crate::note::Note;

/// The folder of pictures.
const FOLDER: &str = "samples";
/// What a PNG begins with: its signature, and a chunk that states its size.
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
/// The last chunk of a PNG.
const END: &[u8] = b"IEND\xaeB`\x82";

/// A picture in a PNG file.
#[derive(Clone, Debug)]
pub(crate) struct Picture {
    /// The step that it was made at; 0 for a walk.
    pub(crate) step: u64,
    /// Width and height in pixels.
    pub(crate) size: [u32; 2],
    /// The file's bytes.
    pub(crate) bytes: Vec<u8>,
}

impl Picture {
    /// A picture of a file's bytes, if they are a whole PNG.
    fn of(step: u64, bytes: Vec<u8>) -> Result<Self, &'static str> {
        if !bytes.starts_with(SIGNATURE) {
            return Err("it is no PNG file");
        }
        match (number(&bytes, 16), number(&bytes, 20)) {
            (Some(width), Some(height)) if bytes.ends_with(END) && width > 0 && height > 0 => {
                Ok(Self { step, size: [width, height], bytes })
            }
            _ => Err("it is cut off"),
        }
    }

    /// Whether it moves.
    pub(crate) fn is_animated(&self) -> bool {
        self.chunk(b"acTL").is_some()
    }

    /// Of a scatter plot over the contours of a density: which shares of the mass these enclose, in
    /// percent.
    pub(crate) fn contours(&self) -> Option<Vec<String>> {
        let shares = self.chunk(b"tEXt")?.strip_prefix(b"Contours\0")?;
        let shares = str::from_utf8(shares).ok()?;
        Some(shares.split_whitespace().map(str::to_owned).collect())
    }

    /// What is in the first chunk of a kind, if it stands before the pixels.
    fn chunk(&self, kind: &[u8; 4]) -> Option<&[u8]> {
        let mut at = 8;
        loop {
            let (length, found) =
                (number(&self.bytes, at)? as usize, self.bytes.get(at + 4..at + 8)?);
            if found == kind {
                return self.bytes.get(at + 8..at + 8 + length);
            }
            if found == b"IDAT" {
                return None;
            }
            at += length + 12;
        }
    }
}

/// The number in four bytes of a file.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}

/// A walk through the latents, with the names of its files.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    /// Its rows, or its curve.
    pub(crate) still: Option<(String, Picture)>,
    /// One sample after the other.
    pub(crate) moving: Option<(String, Picture)>,
}

impl Walk {
    /// Takes a picture of a walk, in place of an earlier one.
    pub(crate) fn take(&mut self, file: String, picture: Picture) {
        let place = if picture.is_animated() { &mut self.moving } else { &mut self.still };
        *place = Some((file, picture));
    }
}

/// The pictures of a run in the order of their steps, and its latent walk if there is one.
pub(super) fn read(run: &Path, notes: &mut Vec<Note>) -> (Vec<Picture>, Walk) {
    let entries = fs::read_dir(run.join(FOLDER)).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.filter(|name| name.ends_with(".png")).collect();
    names.sort();
    let (mut pictures, mut walk) = (Vec::new(), Walk::default());
    let of_walk = names.iter().filter(|name| is_of_walk(name)).cloned().collect::<Vec<_>>();
    // The newest of those that were made by hand; then that of the training itself.
    let of_walk = walks_in_order(of_walk);
    let of_training = names.iter().filter_map(|name| Some((name, picture_step(name)?)));
    let mut opened = |name: &str, step: u64| match one(&run.join(FOLDER).join(name), step) {
        Ok(picture) => Some(picture),
        Err(why) => {
            notes.push(Note::Unreadable { file: format!("{FOLDER}/{name}"), why });
            None
        }
    };
    for (name, step) in of_training {
        pictures.extend(opened(name, step));
    }
    for name in of_walk {
        if let Some(picture) = opened(&name, 0) {
            walk.take(name, picture);
        }
    }
    pictures.sort_by_key(|picture: &Picture| picture.step);
    if pictures.is_empty() {
        notes.push(Note::NoPictures);
    }
    (pictures, walk)
}

fn is_of_walk(name: &str) -> bool {
    ["walk", "interpolate-step"].iter().any(|prefix| name.starts_with(prefix))
}

/// Files of walks, from the one that says least: by the steps of their generators, and those that the
/// training itself has made at its end.
fn walks_in_order(mut names: Vec<String>) -> Vec<String> {
    let step = |name: &String| {
        let Some(rest) = name.strip_prefix("interpolate-step") else { return u64::MAX };
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().unwrap_or(0)
    };
    names.sort_by_key(step);
    names
}

/// The picture in a file, or why there is none.
pub(super) fn one(path: &Path, step: u64) -> Result<Picture, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    Picture::of(step, bytes).map_err(str::to_owned)
}
