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
    pub(super) walk: Option<&'a Picture>,
    /// What was left out.
    pub(super) notes: Vec<Note>,
}

impl<'a> Shown<'a> {
    /// The pictures of a run that take at most `room` bytes, evenly chosen; the first and the last
    /// in any case.
    pub(super) fn of(run: &'a Run, room: usize) -> Self {
        let mut notes = Vec::new();
        let for_walk = (room as f64 * SHARE_OF_WALK) as usize;
        let walk = run.walk.as_ref().filter(|(file, picture)| {
            let fits = encoded(picture) <= for_walk;
            if !fits {
                notes.push(Note::LargeWalk { file: file.clone(), bytes: picture.bytes.len() });
            }
            fits
        });
        let walk = walk.map(|(_, picture)| picture);
        let room = room.saturating_sub(walk.map_or(0, encoded));
        let all = &run.pictures;
        let sizes =
            |chosen: &[&Picture]| chosen.iter().map(|picture| encoded(picture)).sum::<usize>();
        let mut n = all.len();
        let mut pictures = evenly(all, n);
        while n > 2 && sizes(&pictures) > room {
            n -= 1;
            pictures = evenly(all, n);
        }
        if pictures.len() < all.len() {
            notes.push(Note::Thinned { shown: pictures.len(), of: all.len() });
        }
        Self { pictures, walk, notes }
    }
}

/// `n` of all, the first and the last among them.
fn evenly<T>(all: &[T], n: usize) -> Vec<&T> {
    match (all, n) {
        ([], _) | (_, 0) => Vec::new(),
        ([.., last], 1) => vec![last],
        _ => (0..n).map(|idx| &all[idx * (all.len() - 1) / (n - 1)]).collect(),
    }
}

fn encoded(picture: &Picture) -> usize {
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
                            data-step=(picture.step)
                        {
                            (image(picture, &(words.samples_at)(&when(run, words, picture.step))))
                            figcaption { (when(run, words, picture.step)) }
                        }
                    }
                }
                div.slider hidden[last == 0] {
                    label for="step" { (words.slider) }
                    input #step type="range" min="0" max=(last) value=(last) step="1"
                        aria-valuetext=(when(run, words, shown.pictures[last].step));
                    output.moment-label for="step" { (when(run, words, shown.pictures[last].step)) }
                }
                @if !rows.is_empty() { p.hint { ((words.class_rows)(&rows.join(", "))) } }
                p.hint { (words.same_latents) " " span.needs-script hidden[last == 0] { (words.slider_hint) } }
            }
        }
    }
}

/// The walk through the latents.
pub(super) fn walk(words: &Words, walk: Option<&Picture>) -> Markup {
    html! {
        @if let Some(picture) = walk {
            section #walk {
                h2 { (words.walk) }
                p { (words.walk_hint) }
                figure.walk { (image(picture, words.walk)) }
            }
        }
    }
}
