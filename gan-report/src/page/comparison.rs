//! Several runs: their results beside each other, and what their configurations differ in.

mod groups_of_seeds;
mod sheets;
mod tables;

use std::collections::BTreeSet;

use gan_plot::binned;
use maud::{Markup, html};

use super::curves::{self, Axis, Curve, MOST_BINS, points};
use super::script_data::ScriptData;
use super::{notes, theme_button, when};
use crate::groups;
use crate::language::Words;
use crate::note::Note;
use crate::number::grouped;
use crate::run::{Diagnoses, Metrics, Run};

use groups_of_seeds::Groups;

/// A run as it is compared.
struct Compared<'a> {
    run: &'a Run,
    diagnoses: Diagnoses,
    /// The class that gives it its color everywhere on the page.
    class: String,
}

/// The body of the page.
pub(super) fn of_runs(runs: &[Run], words: &Words, limit: usize, data: &mut ScriptData) -> Markup {
    let groups = Groups::of(runs);
    let compared: Vec<Compared> = runs
        .iter()
        .enumerate()
        .map(|(index, run)| Compared {
            run,
            diagnoses: run.diagnoses(),
            class: format!("c{}", groups.color(index) % 7),
        })
        .collect();
    let charts = charts(&compared, words, data);
    let differences = tables::differences(&compared, words);
    let taken = charts.0.len() + differences.0.len() + data.size() + super::frame_size();
    let (sheets, left_out) = sheets::of_runs(&compared, words, limit.saturating_sub(taken), data);
    html! {
        header.top {
            div {
                h1 { ((words.n_runs)(runs.len())) }
                p.facts { (recipes(runs)) @if groups.have_seeds() { " · " ((words.n_groups)(groups.len())) } }
            }
            (theme_button(words))
        }
        main {
            (tables::results(&compared, words))
            (tables::over_seeds(&compared, &groups, words))
            (sheets)
            (charts)
            (differences)
            (notes_of(&compared, words, &left_out))
        }
    }
}

fn recipes(runs: &[Run]) -> String {
    let named = |run: &Run| {
        let parts = [run.recipe(), run.setting("data.kind").map(str::to_owned)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    };
    let recipes: BTreeSet<String> = runs.iter().map(named).collect();
    recipes.into_iter().collect::<Vec<_>>().join(" · ")
}

/// A chart for each quantity, with a curve for each run.
fn charts(compared: &[Compared], words: &Words, data: &mut ScriptData) -> Markup {
    let names: BTreeSet<&str> = compared.iter().flat_map(|each| each.run.metrics.names()).collect();
    let nothing = Metrics::default();
    let first = compared.first().map_or(&nothing, |each| &each.run.metrics);
    let ends = compared.iter().filter_map(|each| each.run.metrics.steps());
    let ends = ends.reduce(|(first, last), (from, to)| (first.min(from), last.max(to)));
    let axis = Axis { x: ends.map(|(first, last)| (first as f64, last as f64)), marks: Vec::new() };
    let longest = compared.iter().flat_map(|each| each.run.metrics.lengths()).max().unwrap_or(0);
    // Many long curves are drawn in fewer stretches, so that the page stays small.
    let most_bins = (8 * MOST_BINS / compared.len().max(8)).max(40);
    let groups = groups::of_runs(names, first);
    let charts = groups.iter().map(|group| {
        let curves = overlaid(compared, words, &group.key, most_bins);
        for (curve, points) in &curves {
            data.take_series(&curve.key, points);
        }
        let curves: Vec<Curve> = curves.into_iter().map(|(curve, _)| curve).collect();
        (group.section, curves::chart(words, group, &curves, &axis))
    });
    let charts: Vec<_> = charts.collect();
    curves::section(words, &charts, [longest, data.most_places()], "")
}

/// The curves of one quantity, with their points.
fn overlaid(
    compared: &[Compared],
    words: &Words,
    name: &str,
    most_bins: usize,
) -> Vec<(Curve, Vec<(f64, f64)>)> {
    let mut curves = Vec::new();
    for (index, each) in compared.iter().enumerate() {
        let points = points(&each.run.metrics, name);
        let bins = binned(&points, most_bins);
        if bins.is_empty() {
            continue;
        }
        let (key, class) = (format!("{index}:{name}"), each.class.clone());
        curves.push((Curve { key, name: each.run.name.clone(), class, bins }, points));
    }
    // Real samples are the same in runs on the same data: the longest curve stands for all.
    let of_real = format!("{name}/of_real");
    let longest = compared.iter().max_by_key(|each| each.run.metrics.series(&of_real).len());
    let floor = longest.map(|each| points(&each.run.metrics, &of_real)).unwrap_or_default();
    let bins = binned(&floor, most_bins);
    if !bins.is_empty() {
        let (name, class) = (words.real_samples.to_owned(), "floor".to_owned());
        curves.push((Curve { key: of_real, name, class, bins }, floor));
    }
    curves
}

/// What is missing, by run.
fn notes_of(compared: &[Compared], words: &Words, left_out: &[Note]) -> Markup {
    let with_notes = || compared.iter().filter(|each| !each.run.notes.is_empty());
    html! {
        @if with_notes().next().is_some() || !left_out.is_empty() {
            section #notes {
                h2 { (words.notes) }
                ul {
                    @for note in left_out { li { (notes::sentence(words, note)) } }
                    @for each in with_notes() {
                        @for note in &each.run.notes {
                            li { b { (each.run.name) } ": " (notes::sentence(words, note)) }
                        }
                    }
                }
            }
        }
    }
}

/// The last step of a run, for a table.
fn steps(run: &Run) -> String {
    grouped(run.last_step())
}
