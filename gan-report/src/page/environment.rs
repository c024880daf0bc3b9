//! What a run was made with, how to make it again, and what to cite.

use maud::{Markup, html};

use crate::citation::bibtex;
use crate::language::Words;
use crate::number::{bytes, duration, grouped, moment, short};
use crate::run::Run;
use crate::shell;

/// Environment, commands and citation of a run.
pub(super) fn of_run(run: &Run, words: &Words) -> Markup {
    let facts = facts(run, words);
    html! {
        section #environment {
            h2 { (words.environment) }
            @if facts.is_empty() { p.none { (words.no_manifest) } } @else {
                dl.facts {
                    @for (name, value) in &facts { div { dt { (name) } dd { (value) } } }
                }
            }
        }
        (reproduce(run, words))
        (cite(run, words))
    }
}

fn facts(run: &Run, words: &Words) -> Vec<(&'static str, String)> {
    let (manifest, summary) = (&run.manifest, &run.summary);
    let joined = |parts: [Option<String>; 2], with: &str| {
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(with))
    };
    let version = |name: &str, path: &str| manifest.text(path).map(|text| format!("{name} {text}"));
    let commit = manifest.text("/git_commit").map(|hash| hash.chars().take(12).collect());
    let shape = manifest.list("/data/shape").join(" × ");
    let samples = manifest.count("/data/samples").map(|n| (words.n_samples)(&grouped(n), &shape));
    let short_hash = |path: &str| manifest.text(path).map(|hash| hash.chars().take(16).collect());
    let hash = short_hash("/data/sha256").map(|hash: String| format!("SHA-256 {hash}…"));
    let branched = manifest.text("/branched_from/run").zip(manifest.count("/branched_from/step"));
    let speed = summary.number("/steps_per_second").map(|n| (words.per_second)(&short(n)));
    let time = summary.number("/wall_seconds").map(duration);
    let rows = [
        (words.programs, joined([version("gan", "/gan"), version("Burn", "/burn")], ", ")),
        (words.commit, commit),
        (words.device, joined([manifest.text("/device"), manifest.text("/kernels")], ", ")),
        (words.precision, manifest.text("/precision/used")),
        (words.data, joined([samples, hash], "; ")),
        (words.samples_from, manifest.text("/samples_from")),
        (words.features, manifest.text("/evaluation/features")),
        (words.compared, manifest.count("/evaluation/samples").map(grouped)),
        (words.branched, branched.map(|(from, step)| (words.branched_from)(&from, &grouped(step)))),
        (words.started, manifest.count("/started_unix_seconds").map(moment)),
        (words.took, joined([time, speed], ", ")),
        (words.memory, summary.count("/peak_memory_bytes").map(bytes)),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn reproduce(run: &Run, words: &Words) -> Markup {
    let command = run.manifest.list("/command");
    let folder = run.folder.display().to_string();
    let folder = folder.trim_end_matches(['/', '\\']);
    let config = shell::quoted(&format!("{folder}/config.toml"));
    let again = format!("gan train {config} --out {}", shell::quoted(&format!("{folder}-again")));
    html! {
        section #reproduce {
            h2 { (words.reproduce) }
            @if !command.is_empty() {
                p { (words.made_with) }
                pre.command tabindex="0" { code { (shell::broken(&command)) } }
            }
            @if !run.config.is_empty() {
                p { (words.same_again) }
                pre.command tabindex="0" { code { (again) } }
            }
            p { (words.ask_the_doctor) }
            pre.command tabindex="0" { code { "gan doctor " (shell::quoted(folder)) } }
        }
    }
}

fn cite(run: &Run, words: &Words) -> Markup {
    html! {
        @if let Some(entry) = bibtex(&run.manifest) {
            section #citation {
                h2 { (words.citation) }
                pre.command tabindex="0" { code { (entry) } }
            }
        }
    }
}
