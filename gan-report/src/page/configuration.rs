//! The configuration, what differs from the recipe first.

use maud::{Markup, html};

use crate::language::Words;
use crate::run::{Config, Difference, Run};

/// The configuration of a run.
pub(super) fn of_run(run: &Run, words: &Words) -> Markup {
    let recipe = run.recipe().unwrap_or_default();
    let deviations = run.manifest.list("/deviations");
    html! {
        section #configuration {
            h2 { (words.configuration) }
            @match run.differences.as_deref() {
                Some([]) => p { ((words.as_recipe)(&recipe)) },
                Some(rows) => (differences(words, &recipe, rows)),
                None => {}
            }
            @if !deviations.is_empty() {
                details {
                    summary { (words.deviations) " (" (deviations.len()) ")" }
                    ul lang="en" { @for each in &deviations { li { (each) } } }
                }
            }
            @if run.config.is_empty() { p.none { (words.no_configuration) } } @else {
                details {
                    summary { (words.all_keys) " (" (run.config.len()) ")" }
                    (keys(&run.config))
                }
            }
        }
    }
}

fn differences(words: &Words, recipe: &str, rows: &[Difference]) -> Markup {
    let value =
        |text: &str| html! { @if text.is_empty() { span.none { "–" } } @else { code { (text) } } };
    html! {
        p { ((words.differs)(recipe, rows.len())) }
        div.wide {
            table.keys {
                thead { tr {
                    th scope="col" { (words.key) }
                    th scope="col" { (words.recipe) }
                    th scope="col" { (words.this_run) }
                } }
                tbody {
                    @for Difference { key, recipe, run } in rows {
                        tr {
                            th scope="row" { code { (key) } }
                            td { (value(recipe)) }
                            td.differs { (value(run)) }
                        }
                    }
                }
            }
        }
    }
}

fn keys(config: &Config) -> Markup {
    html! {
        dl.keys {
            @for (key, value) in config {
                div { dt { code { (key) } } dd { code { (value) } } }
            }
        }
    }
}
