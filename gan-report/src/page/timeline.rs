//! What the doctor said during the training, over the steps.

use gan_run::Change;
use maud::{Markup, html};

use super::{moment, severity_class};
use crate::language::Words;
use crate::number::grouped;
use crate::run::{History, Picture, Run};

/// A fault from its opening to its closing.
struct Span<'a> {
    rule: &'a str,
    severity: &'a str,
    since: u64,
    /// When it was said to be there, and to have become worse.
    said: Vec<u64>,
    closed: Option<u64>,
}

/// The timeline of a run.
pub(super) fn of_run(run: &Run, words: &Words, history: &History, pictures: &[&Picture]) -> Markup {
    let last = run.last_step();
    let spans = spans(&history.changes);
    let mut rules: Vec<&str> = Vec::new();
    for span in &spans {
        if !rules.contains(&span.rule) {
            rules.push(span.rule);
        }
    }
    let share = |step: u64| 100.0 * step.min(last) as f64 / last.max(1) as f64;
    html! {
        section #timeline {
            h2.small { (words.timeline) }
            @if run.metrics.steps().is_none() || last == 0 {
                p.none { (words.nothing_to_examine) }
            } @else {
                @if history.is_replayed { p.hint { (words.replayed) } }
                @if rules.is_empty() { p { (words.quiet) } }
                div.timeline data-last=(last) {
                    @for rule in &rules {
                        (row(run, words, rule, &spans, last, &share))
                    }
                    div.row.axis {
                        span.name { (words.pictures_row) }
                        div.track {
                            @for picture in pictures {
                                span.dot style=(format!("left:{:.2}%", share(picture.step))) {}
                            }
                            @for step in (0..=last).step_by(interval(last)) {
                                span.tick style=(format!("left:{:.2}%", share(step))) { (grouped(step)) }
                            }
                            span.cursor {}
                        }
                    }
                }
                @if !history.changes.is_empty() { (as_text(run, words, &history.changes)) }
            }
        }
    }
}

/// 1, 2 or 5 times a power of ten, about a quarter of the run.
fn interval(last: u64) -> usize {
    let mut interval = 1_usize;
    for factor in [2, 5, 10].into_iter().cycle() {
        if interval as u64 * 5 >= last {
            break;
        }
        let decade = 10_usize.pow(interval.ilog10());
        interval = decade * factor;
    }
    interval
}

fn spans(events: &[Change]) -> Vec<Span<'_>> {
    let mut spans: Vec<Span> = Vec::new();
    for event in events {
        let open =
            spans.iter_mut().rev().find(|span| span.rule == event.rule() && span.closed.is_none());
        match (event, open) {
            (Change::Closed { step, .. }, Some(span)) => span.closed = Some(*step),
            (Change::Closed { .. }, None) => {}
            (
                Change::Opened { step, diagnosis } | Change::Worsened { step, diagnosis },
                Some(span),
            ) => {
                span.said.push(*step);
                span.severity = &diagnosis.severity;
            }
            (Change::Opened { step, diagnosis } | Change::Worsened { step, diagnosis }, None) => {
                spans.push(Span {
                    rule: &diagnosis.rule,
                    severity: &diagnosis.severity,
                    since: diagnosis.since.min(*step),
                    said: vec![*step],
                    closed: None,
                });
            }
        }
    }
    spans
}

/// All times at which a fault was there.
fn row(
    run: &Run,
    words: &Words,
    rule: &str,
    spans: &[Span],
    last: u64,
    share: &dyn Fn(u64) -> f64,
) -> Markup {
    let of_rule = || spans.iter().filter(|span| span.rule == rule);
    let bar = |from: u64, to: u64| {
        format!("left:{:.2}%;width:{:.2}%", share(from), share(to) - share(from))
    };
    let mark = |step: u64, what: &str, symbol: &str| {
        let label = format!("{what}: {}, {}", super::when(run, words, step), words.statement(rule));
        html! {
            button.event type="button" data-step=(step) style=(format!("left:{:.2}%", share(step)))
                aria-label=(label) title=(label) { (symbol) }
        }
    };
    html! {
        div class={ "row " (of_rule().next_back().map_or("note", |span| severity_class(span.severity))) } {
            span.name { (words.statement(rule)) }
            div.track {
                @for span in of_rule() {
                    @let first = span.said.first().copied().unwrap_or(span.since);
                    span.bar.early style=(bar(span.since, first)) {}
                    span.bar style=(bar(first, span.closed.unwrap_or(last))) {}
                    @for (index, step) in span.said.iter().enumerate() {
                        @if index == 0 { (mark(*step, words.opened, "●")) }
                        @else { (mark(*step, words.worsened, "▲")) }
                    }
                    @if let Some(step) = span.closed { (mark(step, words.closed, "○")) }
                }
                span.cursor {}
            }
        }
    }
}

/// The same as a list.
fn as_text(run: &Run, words: &Words, events: &[Change]) -> Markup {
    html! {
        details {
            summary { (words.as_list) }
            ol.events {
                @for event in events {
                    li {
                        (moment(run, words, event.step())) " "
                        @match event {
                            Change::Opened { diagnosis, .. } => {
                                b { (words.opened) } ": " (words.statement(&diagnosis.rule)) " "
                                small { (words.severity(&diagnosis.severity)) }
                            }
                            Change::Worsened { diagnosis, .. } => {
                                b { (words.worsened) } ": " (words.statement(&diagnosis.rule)) " "
                                small { (words.severity(&diagnosis.severity)) }
                            }
                            Change::Closed { rule, .. } => {
                                b { (words.closed) } ": " (words.statement(rule))
                            }
                        }
                    }
                }
            }
        }
    }
}
