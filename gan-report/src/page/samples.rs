//! Pictures of the same latents over time, with a slider; and a walk through the latents.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, html};

use super::when;
use crate::language::Words;
use crate::note::Note;
use crate::run::{Picture, Run};

/// Of the room for pictures, the most that a walk may take.
const SHARE_OF_WALK: f64 = 0.3;
/// Pictures that are printed.
const ON_PAPER: usize = 8;
/// What a picture takes elsewhere: its element, its caption, its dot on the timeline, in bytes.
const ELEMENT: usize = 600;

/// The pictures that fit on the page.
pub(super) struct Shown<'a> {
    pub(super) pictures: Vec<&'a Picture>,
    pub(super) walk: [Option<&'a Picture>; 2],
    /// What was left out.
    pub(super) notes: Vec<Note>,
}

impl<'a> Shown<'a> {
    /// The pictures of a run that take at most `room` bytes, evenly chosen; the first and the last
    /// in any case. A walk has its share of the room: where both of its pictures are too large, the
    /// animation is left out.
    pub(super) fn of(run: &'a Run, room: usize) -> Self {
        let mut notes = Vec::new();
        let mut for_walk = (room as f64 * SHARE_OF_WALK) as usize;
        let mut fitting = |of_walk: &'a Option<(String, Picture)>| {
            let (file, picture) = of_walk.as_ref()?;
            let bytes = encoded(picture);
            if bytes > for_walk {
                notes.push(Note::LargeWalk { file: file.clone(), bytes: picture.bytes.len() });
                return None;
            }
            for_walk -= bytes;
            Some(picture)
        };
        let walk = [fitting(&run.walk.still), fitting(&run.walk.moving)];
        let room = room.saturating_sub(walk.iter().flatten().map(|picture| encoded(picture)).sum());
        let all: Vec<&Picture> = run.pictures.iter().collect();
        let sizes = |chosen: &[&&Picture]| chosen.iter().map(|each| encoded(each)).sum::<usize>();
        let n = (3..=all.len()).rev().find(|n| sizes(&evenly(&all, *n)) <= room);
        let pictures = evenly(&all, n.unwrap_or(all.len().min(2)));
        let pictures: Vec<&Picture> = pictures.into_iter().copied().collect();
        if pictures.len() < all.len() {
            notes.push(Note::Thinned { shown: pictures.len(), of: all.len() });
        }
        if run.has_known_density() && pictures.last().is_some_and(|last| last.contours().is_none())
        {
            notes.push(Note::NoContours);
        }
        Self { pictures, walk, notes }
    }
}

/// `n` of all, the first and the last among them.
pub(super) fn evenly<T>(all: &[T], n: usize) -> Vec<&T> {
    match (all, n) {
        ([], _) | (_, 0) => Vec::new(),
        ([.., last], 1) => vec![last],
        _ => (0..n).map(|idx| &all[idx * (all.len() - 1) / (n - 1)]).collect(),
    }
}

/// What a picture takes on a page, in bytes.
pub(super) fn encoded(picture: &Picture) -> usize {
    picture.bytes.len().div_ceil(3) * 4 + ELEMENT
}

/// A picture's bytes as an address.
pub(super) fn address(picture: &Picture) -> String {
    format!("data:image/png;base64,{}", STANDARD.encode(&picture.bytes))
}

/// A narrower picture is shown enlarged, with its pixels as squares.
const NARROW: u32 = 420;

/// An image element.
pub(super) fn image(picture: &Picture, name: &str) -> Markup {
    let [width, height] = picture.size;
    html! {
        img.pixels[width < NARROW] src=(address(picture)) width=(width) height=(height) alt=(name) decoding="async";
    }
}

/// The slider over the pictures. Without a script it is a strip of all of them.
pub(super) fn viewer(run: &Run, words: &Words, shown: &Shown) -> Markup {
    let last = shown.pictures.len().saturating_sub(1);
    let rows = run.rows();
    let printed: Vec<u64> =
        evenly(&shown.pictures, ON_PAPER.min(last + 1)).into_iter().map(|each| each.step).collect();
    html! {
        section #samples aria-label=(words.samples) {
            h2.small { (words.samples) }
            @if shown.pictures.is_empty() {
                p.none { (words.no_pictures) }
            } @else {
                div.stage {
                    @for (index, picture) in shown.pictures.iter().enumerate() {
                        figure.picture.current[index == last].printed[printed.contains(&picture.step)]
                            data-moment=(index)
                        {
                            (image(picture, &(words.samples_at)(&when(run, words, picture.step))))
                            figcaption { (when(run, words, picture.step)) }
                        }
                    }
                }
                (slider(words, last, &when(run, words, shown.pictures[last].step)))
                @if !rows.is_empty() { p.hint { ((words.class_rows)(&rows.join(", "))) } }
                @if let Some(shares) = shown.pictures[last].contours() {
                    p.hint { ((words.contours)(&shares)) }
                }
                p.hint { (words.same_latents) " " span.needs-script hidden[last == 0] { (words.slider_hint) } }
            }
        }
    }
}

/// The slider over moments, of which the last one is shown at first.
pub(super) fn slider(words: &Words, last: usize, label: &str) -> Markup {
    html! {
        div.slider hidden[last == 0] {
            label for="step" { (words.slider) }
            input #step type="range" min="0" max=(last) value=(last) step="1" aria-valuetext=(label);
            output.moment-label for="step" { (label) }
        }
    }
}

/// The walk through the latents. What moves does so only when it is opened, unless it is all there is.
pub(super) fn walk(words: &Words, [still, moving]: [Option<&Picture>; 2]) -> Markup {
    html! {
        @if still.or(moving).is_some() {
            section #walk {
                h2 { (words.walk) }
                p { (words.walk_hint) }
                @if let Some(picture) = still { figure.walk { (image(picture, words.walk)) } }
                @if let Some(picture) = moving {
                    details open[still.is_none()] {
                        summary { (words.walk_animated) }
                        figure.walk.moving { (image(picture, words.walk)) }
                    }
                }
            }
        }
    }
}
