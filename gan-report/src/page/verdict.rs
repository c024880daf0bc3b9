//! What the doctor says: the most urgent finding, since when, why, and its cure as a command.

use gan_run::{Evidence, Finding, Remedy};
use maud::{Markup, html};

use super::{moment, severity_class, verdict_in_short};
use crate::language::Words;
use crate::number::short;
use crate::run::{Diagnoses, Origin, Run};
use crate::shell;

/// The verdict on a run.
pub(super) fn of_run(run: &Run, words: &Words, diagnoses: &Diagnoses) -> Markup {
    let (class, statement) = verdict_in_short(words, diagnoses);
    let others = || {
        let first = diagnoses.fault().map(|finding| &finding.rule);
        diagnoses.findings.iter().filter(move |finding| Some(&finding.rule) != first)
    };
    html! {
        section #verdict class={ "verdict " (class) } aria-label=(words.verdict) {
            @if let Some(finding) = diagnoses.fault() {
                (kicker(run, words, finding))
                h2 { (statement) }
                (reasons(words, finding))
                (cures(run, words, finding))
            } @else {
                p.kicker { (words.verdict) }
                h2 { (statement) }
                p { (sentence_on_quality(run, words)) }
            }
            @if others().next().is_some() {
                details {
                    summary { (words.other_findings) " (" (others().count()) ")" }
                    @for finding in others() { (other(run, words, finding)) }
                }
            }
            p.origin { (origin(words, diagnoses)) }
        }
    }
}

fn kicker(run: &Run, words: &Words, finding: &Finding) -> Markup {
    html! {
        p.kicker {
            strong { (words.severity(&finding.severity)) }
            " · " (words.certainty(&finding.certainty)) " · "
            @if finding.since == 0 { (words.from_the_start) }
            @else { (words.since) " " (moment(run, words, finding.since)) }
            " · " code { (finding.rule) }
        }
    }
}

/// Why, and on which numbers.
fn reasons(words: &Words, finding: &Finding) -> Markup {
    html! {
        @if let Some(meaning) = words.meaning(&finding.rule) { p.meaning { (meaning) } }
        @if !finding.cause.is_empty() {
            @let (cause, language) = words.cause(&finding.rule, &finding.cause);
            p.cause { (words.in_this_run) " " span lang=(language) { (cause) (full_stop(&cause, language)) } }
        }
        @if !finding.evidence.is_empty() {
            ul.evidence { @for evidence in &finding.evidence { li { (inequality(words, evidence)) } } }
        }
        @if !finding.symptoms.is_empty() {
            p.symptoms {
                (words.explains) " "
                @for (index, symptom) in finding.symptoms.iter().enumerate() {
                    @if index > 0 { (words.comma) }
                    span title=(symptom.rule) { (words.statement_within(&symptom.rule)) }
                }
            }
        }
    }
}

fn inequality(words: &Words, evidence: &Evidence) -> Markup {
    let sign = match evidence.relation.as_str() {
        "below" => "<",
        "above" => ">",
        _ => "=",
    };
    let of = words.statistic(&evidence.statistic, &words.quantity(&evidence.series));
    html! {
        span title=(evidence.series) { (of) } " "
        b { (short(evidence.value.0)) } " " (sign) " " (short(evidence.threshold.0))
        @if let Some(window) = evidence.window {
            small { " " ((words.window)(window.from, window.to, window.points)) }
        }
    }
}

fn cures(run: &Run, words: &Words, finding: &Finding) -> Markup {
    let Some(first) = finding.remedies.first() else { return html! {} };
    let rest = &finding.remedies[1..];
    html! {
        div.cure {
            h3 { (words.cure) }
            (remedy(run, words, first))
            @if !rest.is_empty() {
                details {
                    summary { (words.other_cures) " (" (rest.len()) ")" }
                    @for each in rest { (remedy(run, words, each)) }
                }
            }
        }
    }
}

fn remedy(run: &Run, words: &Words, remedy: &Remedy) -> Markup {
    let (why, language) = words.advice(&remedy.why);
    let why = if language == "en" {
        sentence(&why)
    } else {
        format!("{why}{}", full_stop(&why, language))
    };
    html! {
        p lang=(language) { (why) }
        @if !remedy.settings.is_empty() { pre.command tabindex="0" { code { (command(run, remedy)) } } }
    }
}

/// The command that trains anew with a remedy.
fn command(run: &Run, remedy: &Remedy) -> String {
    let folder = run.folder.display().to_string();
    let folder = folder.trim_end_matches(['/', '\\']);
    let is_branch = gan_doctor::keep_networks(remedy.settings.iter().map(|each| each.key.as_str()));
    let begin = match run.good.filter(|_| is_branch) {
        Some(step) => format!("gan train --branch {} --from-step {step}", shell::quoted(folder)),
        None => format!("gan train {}", shell::quoted(&format!("{folder}/config.toml"))),
    };
    let mut lines = vec![begin];
    let settings = remedy.settings.iter().map(|each| format!("{}={}", each.key, each.value));
    lines.extend(settings.map(|setting| format!("--set {}", shell::quoted(&setting))));
    lines.push(format!("--out {}", shell::quoted(&format!("{folder}-cured"))));
    lines.join(" \\\n  ")
}

fn other(run: &Run, words: &Words, finding: &Finding) -> Markup {
    html! {
        article class={ "other " (severity_class(&finding.severity)) } {
            (kicker(run, words, finding))
            h3 { (words.statement(&finding.rule)) }
            (reasons(words, finding))
            (cures(run, words, finding))
        }
    }
}

/// How far samples are from data, beside real ones.
fn sentence_on_quality(run: &Run, words: &Words) -> String {
    let telling = crate::quality::telling(&run.metrics, 3);
    let found = telling.first().filter(|name| crate::quality::better(name).is_some());
    let Some(name) = found else { return words.quality_unknown.to_owned() };
    let (Some(value), real) = (run.metrics.last(name), run.metrics.of_real(name)) else {
        return words.quality_unknown.to_owned();
    };
    let quantity = words.quantity(name);
    match real {
        Some(real) => (words.quality_beside_real)(&quantity, &short(value), &short(real)),
        None => (words.quality)(&quantity, &short(value)),
    }
}

fn origin(words: &Words, diagnoses: &Diagnoses) -> String {
    let origin = match diagnoses.origin {
        Origin::Examined => words.examined,
        Origin::Recorded if diagnoses.findings.is_empty() => words.recorded_quiet,
        Origin::Recorded => words.recorded,
        Origin::MeasurementsAlone => words.measurements_alone,
        Origin::Nothing => words.nothing_to_examine,
    };
    let counts = diagnoses.counts.filter(|_| diagnoses.origin != Origin::Nothing);
    match counts {
        Some((healthy, unchecked)) => {
            format!("{origin} {}", (words.rules_checked)(healthy, unchecked))
        }
        None => origin.to_owned(),
    }
}

/// What ends a clause that has no end.
fn full_stop(clause: &str, language: &str) -> &'static str {
    match language {
        _ if clause.is_empty() || clause.ends_with(['.', '!', '。']) => "",
        "en" if clause.ends_with(')') => "",
        "en" => ".",
        _ => "。",
    }
}

/// A clause as a sentence.
fn sentence(clause: &str) -> String {
    let mut letters = clause.chars();
    let Some(first) = letters.next() else { return String::new() };
    let end = full_stop(clause, "en");
    // Names of quantities stay as they are.
    let is_word =
        clause.split(' ').next().is_some_and(|word| word.chars().all(char::is_alphabetic));
    let first = if is_word { first.to_uppercase().to_string() } else { first.to_string() };
    format!("{first}{}{end}", letters.as_str())
}
