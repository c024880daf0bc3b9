//! `samples/step-*.png`: what the same latents become over time; and the latent walk.

use std::fs;
use std::path::Path;

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
        let number = |at: usize| {
            bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes)
        };
        match (number(16), number(20)) {
            (Some(width), Some(height)) if bytes.ends_with(END) && width > 0 && height > 0 => {
                Ok(Self { step, size: [width, height], bytes })
            }
            _ => Err("it is cut off"),
        }
    }
}

/// The pictures of a run in the order of their steps, and its latent walk if there is one.
pub(super) fn read(run: &Path, notes: &mut Vec<Note>) -> (Vec<Picture>, Option<(String, Picture)>) {
    let entries = fs::read_dir(run.join(FOLDER)).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    let (mut pictures, mut walk) = (Vec::new(), None);
    for name in names.iter().filter(|name| name.ends_with(".png")) {
        let step = name.strip_prefix("step-").and_then(|rest| rest.strip_suffix(".png"));
        let step = step.and_then(|digits| digits.parse().ok());
        if step.is_none() && !name.starts_with("walk") {
            continue;
        }
        match one(&run.join(FOLDER).join(name), step.unwrap_or(0)) {
            Ok(picture) if step.is_some() => pictures.push(picture),
            // `walk.anim.png` comes before `walk.png` and says more.
            Ok(picture) => walk = walk.or(Some((name.clone(), picture))),
            Err(why) => notes.push(Note::Unreadable { file: format!("{FOLDER}/{name}"), why }),
        }
    }
    pictures.sort_by_key(|picture: &Picture| picture.step);
    if pictures.is_empty() {
        notes.push(Note::NoPictures);
    }
    (pictures, walk)
}

/// The picture in a file, or why there is none.
pub(super) fn one(path: &Path, step: u64) -> Result<Picture, String> {
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    Picture::of(step, bytes).map_err(str::to_owned)
}
