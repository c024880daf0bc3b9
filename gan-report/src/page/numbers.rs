//! The numbers that say most, at the moment of the slider, at their best, and of real samples.

use gan_plot::{YScale, binned, sparkline};
use maud::{Markup, PreEscaped, html};

use super::curves::points;
use super::script_data::ScriptData;
use super::when;
use crate::groups::{self, Section};
use crate::language::Words;
use crate::number::short;
use crate::quality::{self, Better};
use crate::run::Run;

/// Rows of the table.
const MOST: usize = 8;

/// The table of a run.
pub(super) fn of_run(run: &Run, words: &Words, data: &mut ScriptData) -> Markup {
    let names = quality::telling(&run.metrics, MOST);
    if names.is_empty() {
        return html! {};
    }
    for name in &names {
        data.take_series(name, &points(&run.metrics, name));
    }
    html! {
        section #numbers {
            h2.small { (words.numbers) }
            table.numbers {
                thead {
                    tr {
                        th scope="col" { (words.quantity_heading) }
                        th.number scope="col" { span.moment-label { (when(run, words, run.last_step())) } }
                        th.number scope="col" { (words.best) }
                        th.number scope="col" { (words.real_samples) }
                        th.spark scope="col" { span.unseen { (words.course) } }
                    }
                }
                tbody { @for name in names { (row(run, words, name)) } }
            }
        }
    }
}

fn row(run: &Run, words: &Words, name: &str) -> Markup {
    let real = run.metrics.of_real(name);
    let direction = match quality::better(name) {
        Some(Better::Lower) => Some(("↓", words.lower_is_better)),
        Some(Better::Higher) => Some(("↑", words.higher_is_better)),
        Some(Better::LikeReal) => Some(("≈", words.like_real_is_better)),
        None => None,
    };
    html! {
        tr data-series=(name) {
            th scope="row" title=(name) {
                (words.quantity(name))
                @if let Some((arrow, hint)) = direction {
                    " " span.direction role="img" aria-label=(hint) title=(hint) { (arrow) }
                }
            }
            td.number.now { (run.metrics.last(name).map_or_else(String::new, short)) }
            td.number {
                @if let Some((step, value)) = quality::best(&run.metrics, name) {
                    button.moment type="button" data-step=(step) title=(when(run, words, step)) {
                        (short(value))
                    }
                } @else { span.none { "–" } }
            }
            td.number { @if let Some(real) = real { (short(real)) } @else { span.none { "–" } } }
            td.spark { (PreEscaped(spark(run, name, real))) }
        }
    }
}

fn spark(run: &Run, name: &str, real: Option<f64>) -> String {
    let bins = binned(&points(&run.metrics, name), 80);
    let values = bins.iter().flat_map(|bin| [bin.low, bin.high]).chain(real);
    let (key, quantities) = (String::new(), vec![name.to_owned()]);
    let group = groups::Group { key, section: Section::Samples, quantities };
    // A share beside others of its kind would be a flat line: only its own range is shown.
    let y_scale = match groups::scales(&group, values) {
        (YScale::Log, _) => YScale::Log,
        _ => YScale::Linear,
    };
    let x = run.metrics.steps().map(|(first, last)| (first as f64, last as f64));
    sparkline(&bins, real, y_scale, x)
}
