//! Pictures of several runs side by side, at the same step of each.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::Compared;
use crate::language::Words;
use crate::note::Note;
use crate::page::samples::{encoded, evenly, image, slider};
use crate::page::script_data::ScriptData;
use crate::page::when;
use crate::run::Picture;

/// One picture of each run.
struct Moment<'a> {
    /// That of all of them; none of the last pictures where these are of different steps.
    step: Option<u64>,
    pictures: Vec<&'a Picture>,
}

impl Moment<'_> {
    fn size(&self) -> usize {
        self.pictures.iter().map(|picture| encoded(picture)).sum()
    }
}

/// The runs that have pictures, with a slider over the steps that all of these have; and what was left
/// out.
pub(super) fn of_runs(
    compared: &[Compared],
    words: &Words,
    room: usize,
    data: &mut ScriptData,
) -> (Markup, Vec<Note>) {
    let with_pictures: Vec<&Compared> =
        compared.iter().filter(|each| !each.run.pictures.is_empty()).collect();
    let Some((first, _)) = with_pictures.split_first() else { return (html! {}, Vec::new()) };
    let (runs, mut notes) = fitting(&with_pictures, room);
    let all = moments(&runs);
    let sizes = |chosen: &[&Moment]| chosen.iter().map(|moment| moment.size()).sum::<usize>();
    let n = (2..=all.len()).rev().find(|n| sizes(&evenly(&all, *n)) <= room).unwrap_or(1);
    let shown = evenly(&all, n);
    if shown.len() < all.len() {
        notes.push(Note::Thinned { shown: shown.len(), of: all.len() });
    }
    let label = |moment: &Moment| match moment.step {
        Some(step) => when(first.run, words, step),
        None => words.final_samples.to_owned(),
    };
    let newest = runs.iter().map(|each| each.run.last_step()).max().unwrap_or(0);
    data.take_moments(shown.iter().map(|moment| (moment.step.unwrap_or(newest), label(moment))));
    let last = shown.len() - 1;
    let markup = html! {
        section #samples {
            h2 { @if last == 0 { (words.final_samples) } @else { (words.samples) } }
            (slider(words, last, &label(shown[last])))
            @if last > 0 { p.hint.needs-script { (words.same_step) } }
            div.sheets {
                @for (index, each) in runs.iter().enumerate() { (of_run(each, index, words, &shown)) }
            }
        }
    };
    (markup, notes)
}

/// All pictures of one run.
fn of_run(each: &Compared, index: usize, words: &Words, shown: &[&Moment]) -> Markup {
    let last = shown.len() - 1;
    html! {
        figure {
            @for (number, moment) in shown.iter().enumerate() {
                @let picture = moment.pictures[index];
                @let step = when(each.run, words, picture.step);
                div.picture.current[number == last].printed[number == last] data-moment=(number) {
                    (image(picture, &(words.samples_at)(&format!("{}, {step}", each.run.name))))
                    @if moment.step.is_none() { small { (step) } }
                }
            }
            figcaption { span class={ "swatch " (each.class) } {} " " b { (each.run.name) } }
        }
    }
}

/// As many runs as there is room for the last pictures of.
fn fitting<'a>(runs: &[&'a Compared<'a>], room: usize) -> (Vec<&'a Compared<'a>>, Vec<Note>) {
    let mut taken = 0;
    let fits = |each: &&&Compared| {
        taken += each.run.pictures.last().map_or(0, encoded);
        taken <= room
    };
    let n = runs.iter().take_while(fits).count().max(1);
    let note = (n < runs.len()).then_some(Note::Thinned { shown: n, of: runs.len() });
    (runs[..n].to_vec(), note.into_iter().collect())
}

/// The steps that all runs have a picture of; after them the last pictures, if these are of others.
fn moments<'a>(runs: &[&'a Compared<'a>]) -> Vec<Moment<'a>> {
    let steps = |each: &Compared| -> BTreeSet<u64> {
        each.run.pictures.iter().map(|picture| picture.step).collect()
    };
    let common = runs.iter().map(|each| steps(each)).reduce(|one, other| &one & &other);
    let at = |each: &&'a Compared<'a>, step: u64| {
        each.run.pictures.iter().find(|picture| picture.step == step)
    };
    let mut moments: Vec<Moment> = common
        .unwrap_or_default()
        .into_iter()
        .map(|step| {
            let pictures = runs.iter().filter_map(|each| at(each, step)).collect();
            Moment { step: Some(step), pictures }
        })
        .collect();
    let last: Vec<&Picture> = runs.iter().filter_map(|each| each.run.pictures.last()).collect();
    let is_common = |moment: &Moment| last.iter().all(|picture| Some(picture.step) == moment.step);
    if !moments.last().is_some_and(is_common) {
        moments.push(Moment { step: None, pictures: last });
    }
    moments
}
