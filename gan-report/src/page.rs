//! The page: its frame, and what is on it.

mod comparison;
mod configuration;
mod curves;
mod environment;
mod notes;
mod numbers;
mod samples;
mod script_data;
mod timeline;
mod verdict;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::language::Words;
use crate::note::Note;
use crate::number::grouped;
use crate::report::Connection;
use crate::run::{Diagnoses, Picture, Run};

use samples::Shown;
use script_data::ScriptData;

const STYLE: &str = include_str!("page/style.css");
/// In a function, so that a page that renews itself can begin anew.
const SCRIPT: &str = concat!(
    "\"use strict\";\n(() => {\n",
    include_str!("page/script/values.js"),
    include_str!("page/script/charts.js"),
    include_str!("page/script/slider.js"),
    "})();\n"
);
const LIVE: &str = include_str!("page/live.js");
/// Nothing is loaded from anywhere: pictures, styles and the script are inside.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
                      script-src 'unsafe-inline'";

/// What a served page may do besides: ask the program that serves it.
const SERVED_POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \
                             script-src 'unsafe-inline'; connect-src 'self'";

/// The page about one run.
pub(crate) fn of_run(run: &Run, words: &Words, limit: usize, connection: Connection) -> String {
    let (diagnoses, history) = (run.diagnoses(), run.history());
    let mut data = ScriptData::new(words, &run.metrics.lengths(), limit);
    let verdict = verdict::of_run(run, words, &diagnoses);
    let numbers = numbers::of_run(run, words, &mut data);
    let curves = curves::of_run(run, words, &diagnoses, &mut data);
    let configuration = configuration::of_run(run, words);
    let environment = environment::of_run(run, words);
    let timeline = |pictures: &[&Picture]| timeline::of_run(run, words, &history, pictures);
    let parts = [&verdict, &numbers, &curves, &configuration, &environment, &timeline(&[])];
    let taken = parts.iter().map(|part| part.0.len()).sum::<usize>() + data.size() + frame_size();
    let shown = Shown::of(run, limit.saturating_sub(taken));
    let notes: Vec<Note> = run.notes.iter().chain(&shown.notes).cloned().collect();
    let moments =
        shown.pictures.iter().map(|picture| (picture.step, when(run, words, picture.step)));
    data.take_moments(moments);
    let body = html! {
        (header(run, words))
        main {
            div.first {
                div.says { (verdict) (timeline(&shown.pictures)) (numbers) }
                (samples::viewer(run, words, &shown))
            }
            (curves)
            (samples::walk(words, shown.walk))
            (configuration)
            (environment)
            (notes::list(words, &notes))
        }
    };
    document((&run.name, connection), words, &body, &data)
}

/// The page about several runs.
pub(crate) fn of_runs(runs: &[Run], words: &Words, limit: usize, connection: Connection) -> String {
    let lengths: Vec<usize> = runs.iter().flat_map(|run| run.metrics.lengths()).collect();
    let mut data = ScriptData::new(words, &lengths, limit);
    let body = comparison::of_runs(runs, words, limit, &mut data);
    document((&(words.n_runs)(runs.len()), connection), words, &body, &data)
}

/// The doctor's rule for a run of which nothing can be said.
const TOO_SHORT: &str = "run-too-short";

/// What the frame, the style sheet, the script, the heading and the notes take, in bytes.
fn frame_size() -> usize {
    STYLE.len() + SCRIPT.len() + 30_000
}

fn document(
    (title, connection): (&str, Connection),
    words: &Words,
    body: &Markup,
    data: &ScriptData,
) -> String {
    let (policy, live) = match connection {
        Connection::None => (POLICY, None),
        Connection::Served => (SERVED_POLICY, Some(LIVE)),
    };
    let page = html! {
        (DOCTYPE)
        html lang=(words.code) {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="generator" content=(concat!("gan-report ", env!("CARGO_PKG_VERSION")));
                title { (title) " · " (words.report) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (body)
                script id="data" type="application/json" { (PreEscaped(data.to_json())) }
                script { (PreEscaped(SCRIPT)) }
                @if let Some(live) = live { script { (PreEscaped(live)) } }
            }
        }
    };
    let mut page = page.into_string();
    // No other control character belongs into HTML.
    page.retain(|letter| !letter.is_control() || letter == '\n');
    page
}

fn header(run: &Run, words: &Words) -> Markup {
    let last = run.last_step();
    let steps = match run.metrics.epoch(last).filter(|epoch| *epoch > 0) {
        Some(epoch) => format!("{} ({})", (words.n_steps)(&grouped(last)), (words.n_epochs)(epoch)),
        None => (words.n_steps)(&grouped(last)),
    };
    let seed = run.seed().map(|seed| format!("{} {seed}", words.seed));
    let data = run.setting("data.kind").map(str::to_owned);
    let facts = [run.recipe(), data, seed, Some(steps)];
    html! {
        header.top {
            div {
                h1 { (run.name) }
                p.facts { (facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")) }
            }
            (theme_button(words))
        }
    }
}

/// Switches between light and dark; a script shows it.
fn theme_button(words: &Words) -> Markup {
    html! {
        button.theme type="button" hidden aria-label=(words.theme) title=(words.theme) { "◐" }
    }
}

/// A step with its epoch, as a button that moves the slider there.
fn moment(run: &Run, words: &Words, step: u64) -> Markup {
    html! { button.moment type="button" data-step=(step) { (when(run, words, step)) } }
}

/// A step with its epoch, as text.
fn when(run: &Run, words: &Words, step: u64) -> String {
    match run.metrics.epoch(step).filter(|epoch| *epoch > 0) {
        Some(epoch) => (words.step_and_epoch)(&grouped(step), epoch),
        None => (words.step)(&grouped(step)),
    }
}

/// The class of a severity, which gives it its color.
fn severity_class(severity: &str) -> &'static str {
    match severity {
        "fatal" => "fatal",
        "severe" => "severe",
        "warning" => "warning",
        "note" => "note",
        _ => "healthy",
    }
}

/// The most urgent finding, where there is one that is more than a note.
fn verdict_in_short(words: &Words, diagnoses: &Diagnoses) -> (&'static str, String) {
    match diagnoses.fault() {
        Some(finding) => (severity_class(&finding.severity), words.statement(&finding.rule)),
        None if diagnoses.origin == crate::run::Origin::Nothing => {
            ("note", words.nothing_measured.to_owned())
        }
        None if diagnoses.know_little() => ("note", words.little_known.to_owned()),
        // Nothing was found because nothing can be said yet.
        None if diagnoses.findings.iter().any(|finding| finding.rule == TOO_SHORT) => {
            ("note", words.statement(TOO_SHORT))
        }
        None => ("healthy", words.no_fault.to_owned()),
    }
}
