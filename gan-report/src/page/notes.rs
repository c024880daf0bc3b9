//! What is missing, and what was left out.

use maud::{Markup, html};

use crate::language::Words;
use crate::note::Note;
use crate::number::{bytes, grouped};

/// Lines that are named before the rest is counted.
const NAMED: usize = 5;

/// A list of what a page was not made of; nothing where all is there.
pub(super) fn list(words: &Words, notes: &[Note]) -> Markup {
    html! {
        @if !notes.is_empty() {
            section #notes {
                h2 { (words.notes) }
                ul { @for note in notes { li { (sentence(words, note)) } } }
            }
        }
    }
}

/// A note in words.
pub(super) fn sentence(words: &Words, note: &Note) -> String {
    match note {
        Note::Missing(file) => (words.note_missing)(file),
        Note::Unfinished => words.note_unfinished.to_owned(),
        Note::Unreadable { file, why } => (words.note_unreadable)(file, why),
        Note::Torn { file, line } => (words.note_torn)(file, *line),
        Note::Damaged { file, lines } => {
            let named: Vec<String> = lines.iter().take(NAMED).map(ToString::to_string).collect();
            let dots = if lines.len() > NAMED { ", …" } else { "" };
            (words.note_damaged)(file, lines.len(), &(named.join(", ") + dots))
        }
        Note::GoesBack { file, lines, first } => (words.note_goes_back)(file, *lines, *first),
        Note::NoPictures => words.note_no_pictures.to_owned(),
        Note::NoContours => words.note_no_contours.to_owned(),
        Note::Thinned { shown, of } => {
            (words.note_thinned)(&grouped(*shown as u64), &grouped(*of as u64))
        }
        Note::LargeWalk { file, bytes: size } => {
            (words.note_large_walk)(file, &bytes(*size as u64))
        }
    }
}
