//! Charts of everything that was measured.

use gan_doctor::find_series;
use gan_plot::{Bin, Figure, Line, YScale, binned};
use maud::{Markup, PreEscaped, html};

use super::script_data::ScriptData;
use crate::groups::{self, Group, Section};
use crate::language::Words;
use crate::number::{grouped, short};
use crate::run::{Diagnoses, Metrics, Run};

/// A longer curve is drawn in this many stretches.
pub(super) const MOST_BINS: usize = 240;

/// One curve of a chart.
pub(super) struct Curve {
    /// The name of its values in the script's data.
    pub(super) key: String,
    /// As the legend shows it.
    pub(super) name: String,
    /// The class that gives it its color.
    pub(super) class: String,
    pub(super) bins: Vec<Bin>,
}

/// What charts of one page have in common.
pub(super) struct Axis {
    /// The ends of the horizontal axis.
    pub(super) x: Option<(f64, f64)>,
    /// Steps with a vertical line.
    pub(super) marks: Vec<f64>,
}

/// The points of a series on the horizontal axis of steps.
pub(super) fn points(metrics: &Metrics, name: &str) -> Vec<(f64, f64)> {
    metrics.series(name).iter().map(|(step, value)| (*step as f64, *value)).collect()
}

/// The charts of a run.
pub(super) fn of_run(
    run: &Run,
    words: &Words,
    diagnoses: &Diagnoses,
    data: &mut ScriptData,
) -> Markup {
    let groups = groups::of_run(&run.metrics);
    let longest = run.metrics.lengths().into_iter().max();
    let axis = Axis {
        x: run.metrics.steps().map(|(first, last)| (first as f64, last as f64)),
        marks: diagnoses.fault().map(|finding| finding.since as f64).into_iter().collect(),
    };
    let axis = Axis { marks: axis.marks.into_iter().filter(|step| *step > 0.0).collect(), ..axis };
    let charts = groups.iter().map(|group| {
        let curves = curves_of(run, words, group, data);
        (group.section, chart(words, group, &curves, &axis))
    });
    let charts: Vec<(Section, Markup)> = charts.collect();
    let hint = if axis.marks.is_empty() { "" } else { words.mark_hint };
    section(words, &charts, [longest.unwrap_or(0), data.most_places()], hint)
}

/// The charts of a page under their headings; those that are not needed at first are folded away.
pub(super) fn section(
    words: &Words,
    charts: &[(Section, Markup)],
    [longest, most_places]: [usize; 2],
    hint: &str,
) -> Markup {
    let of = |section: Section| {
        charts.iter().filter(move |(found, _)| *found == section).map(|(_, chart)| chart)
    };
    let folded =
        [(Section::Samples, words.curves_of_samples), (Section::Players, words.curves_of_players)];
    html! {
        section #curves {
            h2 { (words.curves) }
            @if charts.is_empty() { p.none { (words.nothing_measured) } } @else {
                p.hint {
                    (words.curves_hint) " " (hint)
                    @if longest > MOST_BINS { " " ((words.binned)(&grouped(longest as u64), MOST_BINS, most_places)) }
                    " " span.needs-script { (words.zoom_hint) }
                }
                (tools(words))
                div.charts { @for chart in of(Section::First) { (chart) } }
                @for (section, title) in folded {
                    @if of(section).next().is_some() {
                        details.more {
                            summary { (title) " (" (of(section).count()) ")" }
                            div.charts { @for chart in of(section) { (chart) } }
                        }
                    }
                }
            }
        }
    }
}

/// What acts on all charts at once; a script shows it.
fn tools(words: &Words) -> Markup {
    html! {
        div.tools hidden {
            label {
                span { (words.line_through) } " "
                select #robust {
                    option value="0" { (words.what_was_measured) }
                    @for (share, percent) in [("0.02", "2 %"), ("0.05", "5 %"), ("0.1", "10 %")] {
                        option value=(share) { ((words.running_median)(percent)) }
                    }
                }
            }
            button.closer type="button" aria-label=(words.zoom_in) title=(words.zoom_in) { "+" }
            button.wider type="button" disabled aria-label=(words.zoom_out) title=(words.zoom_out) { "−" }
            button.reset type="button" disabled { (words.whole_range) }
        }
    }
}

/// The curves of a chart of one run, and those of real samples as floors.
fn curves_of(run: &Run, words: &Words, group: &Group, data: &mut ScriptData) -> Vec<Curve> {
    let mut curves = Vec::new();
    for (index, name) in group.quantities.iter().enumerate() {
        let bins = binned(&points(&run.metrics, name), MOST_BINS);
        let legend = match group.section {
            Section::Samples => words.generated.to_owned(),
            _ if group.key == *name
                && !run.metrics.series(&format!("{name}/of_real")).is_empty() =>
            {
                words.generated.to_owned()
            }
            _ => words.in_legend(name),
        };
        curves.push(Curve {
            key: name.clone(),
            name: legend,
            class: format!("c{}", index % 7),
            bins,
        });
        let of_real = format!("{name}/of_real");
        let floor = binned(&points(&run.metrics, &of_real), MOST_BINS);
        if !floor.is_empty() {
            let (name, class) = (words.real_samples.to_owned(), format!("floor f{}", index % 7));
            curves.push(Curve { key: of_real, name, class, bins: floor });
        }
    }
    for curve in &curves {
        data.take_series(&curve.key, &points(&run.metrics, &curve.key));
    }
    curves
}

/// A chart with its title, its legend and the button for the other axis.
pub(super) fn chart(words: &Words, group: &Group, curves: &[Curve], axis: &Axis) -> Markup {
    let lines: Vec<Line> = curves
        .iter()
        .map(|curve| Line { class: curve.class.clone(), bins: curve.bins.clone() })
        .collect();
    let values = lines.iter().flat_map(|line| &line.bins).flat_map(|bin| [bin.low, bin.high]);
    let (scale, other) = groups::scales(group, values);
    let title = words.chart(&group.key);
    let Axis { x, marks } = axis;
    let svg = Figure { name: &title, y_scale: scale, lines: &lines, x: *x, marks }.to_svg();
    let svg = PreEscaped(svg);
    html! {
        figure.chart {
            figcaption {
                span.title { (title) }
                @if group.key != title { code.key title=[meaning(words, group)] { (group.key) } }
                @if let Some(other) = other {
                    button.scale type="button" hidden aria-pressed="false" data-scale=(scale_key(other)) { (scale_name(words, other)) }
                }
            }
            div.canvas tabindex="0" role="group" aria-label=(title) {
                div.view { (svg) }
            }
            ul.legend {
                @for curve in curves {
                    li class=(curve.class) data-series=(curve.key) {
                        i {} span { (curve.name) } " "
                        span.value { (curve.bins.last().map_or_else(String::new, |bin| short(bin.median))) }
                    }
                }
            }
        }
    }
}

/// What the quantity of a chart is, where it has only one; the doctor says it in English.
fn meaning(words: &Words, group: &Group) -> Option<&'static str> {
    let [name] = &group.quantities[..] else { return None };
    find_series(name).filter(|_| words.code == "en").map(|series| series.meaning)
}

/// A scale by the script's name.
fn scale_key(scale: YScale) -> &'static str {
    match scale {
        YScale::Log => "log",
        YScale::Linear | YScale::Unit => "linear",
    }
}

fn scale_name(words: &Words, scale: YScale) -> &'static str {
    match scale {
        YScale::Linear => words.linear,
        YScale::Log => words.logarithmic,
        YScale::Unit => words.from_0_to_1,
    }
}
