//! Tables of a comparison: results, their spread over seeds, and what configurations differ in.

use std::collections::BTreeSet;

use maud::{Markup, html};

use super::groups_of_seeds::Groups;
use super::{Compared, steps};
use crate::language::Words;
use crate::number::short;
use crate::page::verdict_in_short;
use crate::quality::{self, Better};

/// Quantities in a row.
const MOST: usize = 7;

/// The quantities that say most and that any of the runs has.
fn telling<'a>(compared: &[Compared]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for each in compared {
        for name in quality::telling(&each.run.metrics, MOST) {
            if quality::better(name).is_some() && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.truncate(MOST);
    names
}

/// Verdict and last numbers of each run.
pub(super) fn results(compared: &[Compared], words: &Words) -> Markup {
    let names = telling(compared);
    let best: Vec<Option<f64>> = names.iter().map(|name| best_of(compared, name)).collect();
    html! {
        section #results {
            h2 { (words.results) }
            div.wide {
                table.results {
                    thead { tr {
                        th scope="col" { (words.run) }
                        th scope="col" { (words.verdict) }
                        @for name in &names { th.number scope="col" title=(name) { (words.quantity(name)) (arrow(name)) } }
                        th.number scope="col" { (words.steps_heading) }
                        th.number scope="col" { (words.seed_heading) }
                    } }
                    tbody {
                        @for each in compared { (row(each, words, &names, &best)) }
                        (real_samples(compared, words, &names))
                    }
                }
            }
            p.hint { (words.results_hint) }
        }
    }
}

fn row(each: &Compared, words: &Words, names: &[&str], best: &[Option<f64>]) -> Markup {
    let (class, statement) = verdict_in_short(words, &each.diagnoses);
    html! {
        tr {
            th scope="row" { span class={ "swatch " (each.class) } {} " " (each.run.name) }
            td class={ "verdict-cell " (class) } {
                (statement)
                @if let Some(finding) = each.diagnoses.fault() {
                    @if finding.since > 0 {
                        small { " " (words.since) " " (super::when(each.run, words, finding.since)) }
                    }
                }
            }
            @for (name, best) in names.iter().zip(best) {
                @let value = each.run.metrics.last(name);
                td.number.best[value.is_some() && value == *best] {
                    (value.map_or_else(|| "–".to_owned(), short))
                }
            }
            td.number { (steps(each.run)) }
            td.number { (each.run.seed().unwrap_or_default()) }
        }
    }
}

/// The same quantities of real samples.
fn real_samples(compared: &[Compared], words: &Words, names: &[&str]) -> Markup {
    let real = |name: &&str| compared.iter().find_map(|each| each.run.metrics.of_real(name));
    html! {
        @if names.iter().any(|name| real(name).is_some()) {
            tr.real {
                th scope="row" colspan="2" { (words.real_samples) }
                @for name in names { td.number { (real(name).map_or_else(|| "–".to_owned(), short)) } }
                td colspan="2" {}
            }
        }
    }
}

fn arrow(name: &str) -> &'static str {
    match quality::better(name) {
        Some(Better::Lower) => " ↓",
        Some(Better::Higher) => " ↑",
        Some(Better::LikeReal) => " ≈",
        None => "",
    }
}

/// The best of the last values.
fn best_of(compared: &[Compared], name: &str) -> Option<f64> {
    let last = |each: &Compared| each.run.metrics.last(name).filter(|value| value.is_finite());
    let real = compared.iter().find_map(|each| each.run.metrics.of_real(name));
    let badness = |value: f64| match quality::better(name) {
        Some(Better::Higher) => -value,
        Some(Better::LikeReal) => real.map_or(0.0, |real| (value - real).abs()),
        Some(Better::Lower) | None => value,
    };
    compared.iter().filter_map(last).min_by(|one, other| badness(*one).total_cmp(&badness(*other)))
}

/// Mean and spread of the last values of runs that differ in their seed alone.
pub(super) fn over_seeds(compared: &[Compared], groups: &Groups, words: &Words) -> Markup {
    let names = telling(compared);
    html! {
        @if groups.have_seeds() && !names.is_empty() {
            section #seeds {
                h2 { (words.over_seeds) }
                div.wide {
                    table.results {
                        thead { tr {
                            th scope="col" { (words.runs_heading) }
                            th.number scope="col" { (words.seeds_heading) }
                            @for name in &names { th.number scope="col" title=(name) { (words.quantity(name)) (arrow(name)) } }
                        } }
                        tbody {
                            @for group in groups.with_seeds() {
                                @let of_group = || group.iter().filter_map(|index| compared.get(*index));
                                tr {
                                    th scope="row" {
                                        @for each in of_group() { span class={ "swatch " (each.class) } {} }
                                        " " (common_name(&of_group().map(|each| each.run.name.as_str()).collect::<Vec<_>>()))
                                    }
                                    td.number { (group.len()) }
                                    @for name in &names {
                                        td.number {
                                            (spread(of_group().filter_map(|each| each.run.metrics.last(name))))
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
                p.hint { (words.over_seeds_hint) }
            }
        }
    }
}

/// Mean and standard deviation.
fn spread(values: impl Iterator<Item = f64>) -> String {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    match values.len() {
        0 => "–".to_owned(),
        1 => short(mean),
        _ => {
            let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
            format!("{} ± {}", short(mean), short((squares / (n - 1.0)).sqrt()))
        }
    }
}

/// What the names of runs begin with, up to where the seed stands.
fn common_name(names: &[&str]) -> String {
    let Some((first, rest)) = names.split_first() else { return String::new() };
    let is_common = |end: usize| rest.iter().all(|name| name.starts_with(&first[..end]));
    let ends = first.char_indices().map(|(at, letter)| at + letter.len_utf8());
    let common = ends.take_while(|end| is_common(*end)).last().unwrap_or(0);
    let common = first[..common].trim_end_matches(['-', '_', '.', ' ']);
    let common =
        common.strip_suffix("seed").unwrap_or(common).trim_end_matches(['-', '_', '.', ' ']);
    if common.is_empty() { names.join(", ") } else { common.to_owned() }
}

/// The keys that not all configurations have the same value of.
pub(super) fn differences(compared: &[Compared], words: &Words) -> Markup {
    let keys: BTreeSet<&str> =
        compared.iter().flat_map(|each| &each.run.config).map(|(key, _)| key.as_str()).collect();
    let differs = |key: &&str| {
        let values: BTreeSet<_> = compared.iter().map(|each| each.run.setting(key)).collect();
        values.len() > 1
    };
    let keys: Vec<&str> = keys.into_iter().filter(differs).collect();
    html! {
        section #configuration {
            h2 { (words.configuration) }
            @if keys.is_empty() { p { (words.same_configuration) } } @else {
                p { ((words.differing_keys)(keys.len())) }
                div.wide {
                    table.keys {
                        thead { tr {
                            th scope="col" { (words.key) }
                            @for each in compared {
                                th scope="col" { span class={ "swatch " (each.class) } {} " " (each.run.name) }
                            }
                        } }
                        tbody {
                            @for key in keys {
                                tr {
                                    th scope="row" { code { (key) } }
                                    @for each in compared {
                                        td {
                                            @match each.run.setting(key) {
                                                Some(value) => code { (value) },
                                                None => span.none { "–" },
                                            }
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_is_the_sample_standard_deviation() {
        assert_eq!(spread([1.0, 3.0].into_iter()), "2 ± 1.41");
        assert_eq!(spread([5.0].into_iter()), "5");
        assert_eq!(spread(std::iter::empty()), "–");
    }

    #[test]
    fn seeds_leave_the_name_of_a_group() {
        assert_eq!(common_name(&["dcgan-seed0", "dcgan-seed3"]), "dcgan");
        assert_eq!(common_name(&["a", "b"]), "a, b");
        assert_eq!(common_name(&["größe-1", "größe-2"]), "größe");
    }
}
